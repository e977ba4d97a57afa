//! The codes of discounts: one stands in the document, several in a list, and those of another file come after it.

use std::collections::BTreeMap;

use serde_json::{json, Value};

use super::super::{Carrier, Code, Receiver};
use crate::fault::Fault;

/// Which campaigns take codes that come later.
#[derive(Default)]
pub struct Codes {
    /// By the discount's id.
    listed: BTreeMap<String, List>,
}

/// A list of codes.
struct List {
    document: String,
    /// How often each may be used.
    quantity: Option<i64>,
    /// Whether it has none yet.
    is_empty: bool,
}

/// What codes have in common.
pub struct Shared {
    /// How often each may be used.
    pub quantity: Option<i64>,
    /// Whether codes are told beside it; else a discount without any needs none.
    pub is_by_code: bool,
}

/// The last part of an id: `gid://shopify/Product/12` is 12.
pub fn name_of(id: &Value) -> String {
    match id {
        Value::String(text) => text.rsplit('/').next().unwrap_or_default().split('?').next().unwrap_or_default().into(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

impl Codes {
    /// Adds a document with the codes that are told with it.
    pub fn give(
        &mut self,
        (id, mut document): (&str, Value),
        codes: &[Value],
        shared: &Shared,
        carrier: &mut Carrier,
    ) -> Result<(), Fault> {
        let uses = |code: &Value| (code["code"].as_str().unwrap_or_default().to_string(), used(code));
        let told: Vec<(String, i64)> = codes.iter().map(uses).filter(|(code, _)| !code.is_empty()).collect();
        match told.as_slice() {
            [] if !shared.is_by_code => {
                carrier.documents().campaign(id, document);
            }
            [(code, used)] => {
                document["codes"] = json!([code]);
                if let Some(most) = shared.quantity {
                    let left = most.saturating_sub(*used);
                    if left > 0 {
                        document["limits"]["total"] = left.into();
                    } else {
                        document["status"] = "paused".into();
                    }
                } else if *used > 0 {
                    carrier.lost("discount", id, "asyncUsageCount", "how often it was used is told to the ledger")?;
                }
                carrier.documents().campaign(id, document);
            }
            many => {
                let list = carrier.listed(id, document, None)?;
                let (document, quantity, is_empty) = (list.clone(), shared.quantity, many.is_empty());
                self.listed.insert(id.into(), List { document, quantity, is_empty });
                many.iter().try_for_each(|(code, used)| carrier.code(&row(code, &list, shared.quantity, *used), 0))?;
            }
        }
        Ok(())
    }

    /// Adds a code that is told apart from its discount.
    pub fn late(&mut self, code: &Value, discount: &Value, carrier: &mut Carrier) -> Result<(), Fault> {
        let Some(own) = code["code"].as_str() else {
            let why = "only codes are read apart from their discount; ask for products and collections within it";
            return carrier.lost("discount", &name_of(discount), &name_of(&code["id"]), why);
        };
        match self.listed.get_mut(&name_of(discount)) {
            Some(list) => {
                list.is_empty = false;
                carrier.code(&row(own, &list.document, list.quantity, used(code)), 0)
            }
            None => carrier.lost("discount_code", own, "price_rule_id", "what it belongs to is not in the files"),
        }
    }

    /// Tells of discounts by code of which no code came.
    pub fn finish(&self, carrier: &mut Carrier) -> Result<(), Fault> {
        for (id, _) in self.listed.iter().filter(|(_, list)| list.is_empty) {
            let why = "its codes are not in the files: add what `price_rules/<id>/discount_codes.json` answers, or its `codes`";
            carrier.lost("discount", id, "discount_codes", why)?;
        }
        Ok(())
    }
}

fn used(code: &Value) -> i64 {
    code["asyncUsageCount"].as_i64().or(code["usage_count"].as_i64()).unwrap_or(0).max(0)
}

fn row(code: &str, list: &str, quantity: Option<i64>, used: i64) -> Code {
    let (code, list) = (code.to_string(), list.to_string());
    let (kind, state) = ("discount".into(), "active".into());
    Code { code, campaign: list.clone(), list, kind, state, quantity, used, ..Code::default() }
}
