//! Bundles: how often a cart holds the products that a rule asks for together, and what is missing for one more.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::call::Call;
use super::fields::{list, row, set, text, whole};
use super::order::Order;
use super::redeemable::Redeemable;
use super::target::{means, Named};

/// What was found of the bundles of a rule.
#[derive(Clone, Debug)]
pub(super) struct Bundle {
    /// How many there are.
    pub(super) quantity: i64,
    limit: i64,
    multiplies: bool,
    identified: Vec<Value>,
    missing: Vec<Value>,
}

impl Bundle {
    /// How often the discount is given.
    pub(super) fn times(&self) -> i64 {
        if self.multiplies {
            self.quantity
        } else {
            self.quantity.min(1)
        }
    }

    /// Limits of units are for each bundle.
    pub(super) fn scale_limits(&self, named: &mut Named) {
        for entry in &mut named.included {
            let mut scaled = row(entry);
            for member in ["quantity_limit", "aggregated_quantity_limit"] {
                if let Some(limit) = whole(&entry[member]) {
                    set(&mut scaled, member, limit.saturating_mul(self.times()));
                }
            }
            *entry = scaled.into();
        }
    }

    /// As answers tell it.
    pub(super) fn told(&self) -> Value {
        json!({ "quantity": self.quantity, "limit": self.limit, "identified": self.identified, "missing": self.missing })
    }
}

struct Wanted<'a> {
    entries: Vec<&'a Value>,
    quantity: i64,
}

/// The bundles that the rules of a redeemable ask for; nothing where they ask for none.
pub(super) fn found(call: &Call, redeemable: &Redeemable, order: &Order) -> Option<Bundle> {
    let rules = redeemable.rules.iter().map(|rule| &rule["bundle_rules"]);
    let rules = rules.chain([&redeemable.row["bundle_rules"]]).find(|rules| rules.is_object())?;
    let mut wanted: Vec<Wanted<'_>> = rules
        .as_object()?
        .iter()
        .filter(|(_, rule)| rule.is_object())
        .map(|(_, rule)| {
            let inner = rule["rules"].as_object().and_then(|inner| inner.values().find(|inner| inner.is_object()));
            let conditions = inner.map_or(&Value::Null, |inner| &inner["conditions"]);
            let at_least =
                conditions.as_object().and_then(|conditions| conditions.values().flat_map(list).find_map(whole));
            Wanted { entries: list(&rule["conditions"]["$is"]), quantity: at_least.unwrap_or(1).max(1) }
        })
        .collect();
    // variants before products before collections
    wanted.sort_by_key(|wanted| wanted.entries.iter().map(|entry| rank(entry)).max());
    let limit = whole(&rules["limit"]).unwrap_or(1).clamp(1, 100);
    let mut left: Vec<i64> = order.lines.iter().map(|line| line.quantity).collect();
    let mut quantity = 0_i64;
    let mut identified: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    let mut missing = Vec::new();
    while quantity < limit {
        let mut tried = left.clone();
        let mut of_bundle: BTreeMap<(usize, usize), i64> = BTreeMap::new();
        missing.clear();
        for (index, wanted) in wanted.iter().enumerate() {
            let mut open = wanted.quantity;
            for (place, line) in order.lines.iter().enumerate() {
                let Some(units) =
                    tried.get_mut(place).filter(|_| wanted.entries.iter().any(|entry| means(call, entry, line)))
                else {
                    continue;
                };
                let taken = open.min(*units);
                if taken > 0 {
                    (*units, open) = (units.saturating_sub(taken), open.saturating_sub(taken));
                    of_bundle.insert((index, place), taken);
                }
            }
            if open > 0 {
                let entry = wanted.entries.first().copied().unwrap_or(&Value::Null);
                missing.push(json!({ "id": entry["id"], "object": entry["object"], "item_quantity": open }));
            }
        }
        if !missing.is_empty() || of_bundle.is_empty() {
            if quantity == 0 {
                // what is there of the first one shows how near it is
                identified = of_bundle;
            }
            break;
        }
        quantity = quantity.saturating_add(1);
        left = tried;
        for (key, units) in of_bundle {
            let sum = identified.entry(key).or_default();
            *sum = sum.saturating_add(units);
        }
    }
    if quantity > 0 {
        missing.clear();
    }
    let identified = identified.into_iter().map(|((index, place), units)| {
        let entry = wanted.get(index).and_then(|wanted| wanted.entries.first().copied()).unwrap_or(&Value::Null);
        // of a collection the product that is there is told
        let line = order.lines.get(place).filter(|_| rank(entry) > 1);
        let (id, object): (Value, Value) = match line.map(|line| (&line.product, &line.sku)) {
            Some((product, _)) if product.id.is_some() || product.source.is_some() => {
                (product.id.clone().or_else(|| product.source.clone()).into(), "product".into())
            }
            Some((_, sku)) => (sku.id.clone().or_else(|| sku.source.clone()).into(), "sku".into()),
            None => (entry["id"].clone(), entry["object"].clone()),
        };
        json!({ "id": id, "object": object, "item_index": place, "item_quantity": units })
    });
    let scaling = text(&rules["scaling"]).or_else(|| text(&redeemable.row["discount"]["scaling"]));
    let multiplies = scaling.is_none_or(|scaling| scaling.eq_ignore_ascii_case("MULTIPLY"));
    Some(Bundle { quantity, limit, multiplies, identified: identified.collect(), missing })
}

fn rank(entry: &Value) -> u8 {
    match text(&entry["object"]).or_else(|| text(&entry["type"])) {
        Some("sku") => 0,
        Some("product") => 1,
        Some("products_collection" | "product_collection") => 2,
        _ => u8::from(!text(&entry["id"]).is_some_and(|id| id.starts_with("sku_"))),
    }
}
