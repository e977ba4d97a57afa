//! WooCommerce's coupons: tables as its exporters write them, one row a coupon, or the objects of its REST interface as JSON.
//!
//! What a coupon takes off is what `WC_Discounts` does. A percentage is rounded once, half cents down. A coupon for products
//! is off the lines that are of its products *or* of its categories, and is refused where either has none in the cart. One
//! for the cart is off all lines, and refused where a line is excluded.

use std::collections::BTreeMap;
use std::path::PathBuf;

use counterfoil::code::normalise;
use counterfoil::voucherify::mapping::Shop;
use serde_json::{json, Map, Value};

use super::draft::Draft;
use super::record::Record;
use super::{elements, minor_of, rows, Carrier, Code, Receiver};
use crate::fault::Fault;

/// Reads coupons; each becomes a document with its code.
///
/// # Errors
/// `file_unavailable`, `file_malformed`, `too_many_campaigns`.
pub fn import(files: &[PathBuf], shop: &Shop<'_>, carrier: &mut Carrier) -> Result<(), Fault> {
    let mut twins = Twins::default();
    for file in files {
        if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) {
            rows(file, |cells| {
                let said = cells.into_iter().map(|(name, text)| (name, Value::from(text))).collect();
                coupon(Record::of(said), shop, &mut twins, carrier)
            })?;
        } else {
            elements::read(file, &[], &mut |_, element| match element {
                Value::Object(said) => coupon(Record::of(said), shop, &mut twins, carrier),
                other => carrier.lost("coupon", "", "", &format!("no coupon: {other}")),
            })?;
        }
    }
    Ok(())
}

/// The documents that have a code, by the code as shoppers may type it: case, spaces and hyphens make no other one. In the bin, and
/// among drafts, a shop may have several of the same.
#[derive(Default)]
struct Twins {
    /// The document, the code as it is written, and whether it runs.
    by_code: BTreeMap<String, (String, String, bool)>,
}

impl Twins {
    /// Adds a document under its code. Of several the one that runs is kept, the first of those that are alike.
    fn add(&mut self, code: &str, document: Value, carrier: &mut Carrier) -> Result<(), Fault> {
        let runs = document["status"] != "paused";
        let typed = normalise(code);
        let lost = match self.by_code.get(&typed) {
            Some((_, kept, kept_runs)) if *kept_runs || !runs => Some((code.to_string(), kept.clone())),
            Some((id, other, _)) => {
                carrier.documents().remove(id);
                Some((other.clone(), code.to_string()))
            }
            None => None,
        };
        let is_kept = lost.as_ref().is_none_or(|(lost, _)| lost != code);
        if let Some((lost, kept)) = lost {
            let why = format!("`{kept}` is the same code: case, spaces and hyphens make no other one");
            carrier.lost("coupon", &lost, "code", &why)?;
        }
        if is_kept {
            let id = carrier.documents().campaign(code, document);
            self.by_code.insert(typed, (id, code.to_string(), runs));
        }
        Ok(())
    }
}

/// What the shop and its plug-ins give a coupon besides; nothing that is taken off goes by it.
const BOOKKEEPING: [&str; 20] = [
    "id",
    "post_author",
    "post_name",
    "post_parent",
    "post_date_gmt",
    "menu_order",
    "date_created_gmt",
    "date_modified",
    "date_modified_gmt",
    "_links",
    "nominal_amount",
    "product_skus",
    "exclude_product_skus",
    "validity_suffix",
    "auto_generate_coupon",
    "coupon_title_prefix",
    "coupon_title_suffix",
    "sc_is_visible_storewide",
    "is_pick_price_of_product",
    "currency",
];

fn coupon(mut said: Record, shop: &Shop<'_>, twins: &mut Twins, carrier: &mut Carrier) -> Result<(), Fault> {
    let currency = shop.currency;
    let Some(code) = said.text(&["post_title", "code", "coupon_code", "name"]) else {
        return carrier.lost("coupon", "", "code", "a coupon without a code");
    };
    let mut draft = Draft::of("coupon", &code);
    if let Some(name) = said.text(&["post_excerpt", "description"]) {
        draft.set("name", name);
    }
    let kind = said.text(&["discount_type", "type"]).unwrap_or_else(|| "fixed_cart".into());
    let amount = said.text(&["coupon_amount", "amount"]).unwrap_or_else(|| "0".into());
    let is_credit = ["smart_coupon", "store_credit"].contains(&kind.as_str());
    let is_for_products = ["percent", "percent_product", "fixed_product"].contains(&kind.as_str());
    let named = Named::of(&mut said, carrier);
    let mut discounts: Vec<Value> = Vec::new();
    let taken = match kind.as_str() {
        "percent" | "percent_product" => {
            // its total is rounded once, half cents down
            draft.set("rounding", json!({ "mode": "half_down", "level": "order" }));
            let mut taken = json!({ "type": "percent_off", "percent": amount });
            if let Some(most) = money(&mut said, &["wc_sc_max_discount"], currency, &mut draft) {
                taken["cap"] = json!({ currency: most });
            }
            Some(taken)
        }
        _ if is_credit => Some(json!({ "type": "percent_off", "percent": "100" })),
        "fixed_cart" | "fixed_product" => match minor_of(&amount, currency) {
            Some(0) => None,
            Some(off) => {
                let per = if is_for_products { "unit" } else { "order" };
                Some(json!({ "type": "amount_off", "amount": { currency: off }, "per": per }))
            }
            None => {
                draft.rule_lost("coupon_amount", "the amount is none of this currency");
                None
            }
        },
        _ => {
            draft.rule_lost("discount_type", "this kind of coupon comes from an extension; what it gives is not known");
            None
        }
    };
    if let Some(taken) = taken.filter(|taken| taken["percent"].as_str().is_none_or(|percent| !is_zero(percent))) {
        discounts = named.give(&taken, is_for_products, &mut draft);
        limited_units(&mut said, &mut discounts, is_for_products, &mut draft);
    }
    named.ask(is_for_products, &mut draft);
    if said.yes(&["free_shipping"]) {
        discounts.push(json!({ "type": "free_shipping" }));
        draft.lost(
            "free_shipping",
            "there a method of shipping for free is offered; here what was chosen costs nothing",
        );
    }
    spent(&mut said, currency, &mut draft);
    emails(&said.list(&["customer_email", "email_restrictions"]), &mut draft);
    let priority = match kind.as_str() {
        "fixed_product" => 1,
        "percent" | "percent_product" => 2,
        _ => 3,
    };
    draft.stack("priority", priority);
    if said.yes(&["individual_use"]) {
        draft.stack("exclusive", true);
    }
    times(&mut said, shop, &mut draft);
    uses(&mut said, &mut draft);
    said.pass_over(&BOOKKEEPING);
    for member in said.unread() {
        draft.rule_lost(member, "it comes from an extension, or from the shop itself; look whether it is a rule");
    }
    if discounts.is_empty() {
        draft.lost("coupon_amount", "a coupon that gives nothing");
        return draft.finish(carrier).map(|_| ());
    }
    draft.set("discounts", discounts);
    let balance = minor_of(&amount, currency);
    let mut document = draft.finish(carrier)?;
    if is_credit {
        // cards that say the same are of one campaign
        document.as_object_mut().and_then(|document| document.remove("name"));
        let list = carrier.listed("store-credit", document, Some(currency))?;
        let row = Code {
            code,
            campaign: list.clone(),
            list,
            kind: "gift_card".into(),
            state: "active".into(),
            balance,
            issued: balance,
            ..Code::default()
        };
        return carrier.code(&row, 0);
    }
    document["codes"] = json!([code]);
    twins.add(&code, document, carrier)
}

/// The products and categories that a coupon names.
struct Named {
    products: Vec<String>,
    categories: Vec<String>,
    except: Map<String, Value>,
    not_on_sale: bool,
}

impl Named {
    fn of(said: &mut Record, carrier: &mut Carrier) -> Named {
        let products = said.list(&["product_ids"]);
        let categories = said.list(&["product_categories"]);
        let mut except = Map::new();
        for (names, member) in [
            (&["exclude_product_ids", "excluded_product_ids"], "products"),
            (&["exclude_product_categories", "excluded_product_categories"], "categories"),
        ] {
            let listed = said.list(names);
            if !listed.is_empty() {
                except.insert(member.into(), listed.into());
            }
        }
        if !categories.is_empty() || except.contains_key("categories") {
            let why = "a category is for those within it too: `categories` of the document says how they lie";
            carrier.lost_everywhere("coupon", "product_categories", why);
        }
        Named { products, categories, except, not_on_sale: said.yes(&["exclude_sale_items"]) }
    }

    /// The lines that it is off, in parts that have no line in common.
    fn lines(&self) -> Vec<Map<String, Value>> {
        let mut narrowed = Map::new();
        if !self.except.is_empty() {
            narrowed.insert("except".into(), self.except.clone().into());
        }
        if self.not_on_sale {
            narrowed.insert("onSale".into(), false.into());
        }
        let mut parts = Vec::new();
        if !self.products.is_empty() {
            let mut part = narrowed.clone();
            part.insert("products".into(), self.products.clone().into());
            parts.push(part);
        }
        if !self.categories.is_empty() {
            let mut part = narrowed.clone();
            part.insert("categories".into(), self.categories.clone().into());
            if !self.products.is_empty() {
                let except = part.entry("except").or_insert_with(|| json!({}));
                let mut listed = except["products"].as_array().cloned().unwrap_or_default();
                listed.extend(self.products.iter().map(|id| id.as_str().into()));
                except["products"] = listed.into();
            }
            parts.push(part);
        }
        if parts.is_empty() {
            parts.push(narrowed);
        }
        parts
    }

    /// What is taken off, of its lines or of all.
    fn give(&self, taken: &Value, is_for_products: bool, draft: &mut Draft) -> Vec<Value> {
        if !is_for_products {
            return vec![taken.clone()];
        }
        let parts = self.lines();
        if parts.len() > 1 && taken["type"] == "percent_off" {
            draft.lost("product_categories", "products and categories are two discounts, each rounded by itself");
            if !taken["cap"].is_null() {
                draft.rule_lost("wc_sc_max_discount", "products and categories would each have the most by themselves");
            }
        }
        let of_part = |lines: Map<String, Value>| {
            let mut discount = taken.clone();
            if !lines.is_empty() {
                discount["lines"] = lines.into();
            }
            discount
        };
        parts.into_iter().map(of_part).collect()
    }

    /// What has to be in the cart, and what must not be.
    fn ask(&self, is_for_products: bool, draft: &mut Draft) {
        for (named, member) in [(&self.products, "products"), (&self.categories, "categories")] {
            if !named.is_empty() {
                draft.ask(json!({ "type": "contains", "lines": { member: named } }));
            }
        }
        if is_for_products {
            if !self.except.is_empty() || self.not_on_sale {
                let mut any: Vec<Value> =
                    self.lines().into_iter().map(|lines| json!({ "type": "contains", "lines": lines })).collect();
                draft.ask(if any.len() == 1 { any.remove(0) } else { json!({ "any": any }) });
            }
            return;
        }
        for (member, listed) in &self.except {
            draft.ask(json!({ "not": { "type": "contains", "lines": { member: listed } } }));
        }
        if self.not_on_sale {
            draft.ask(json!({ "not": { "type": "contains", "lines": { "onSale": true } } }));
        }
    }
}

/// A number that is nothing.
fn is_zero(number: &str) -> bool {
    number.bytes().all(|digit| digit == b'0' || digit == b'.')
}

/// An amount; told where it cannot be read.
fn money(said: &mut Record, names: &[&str], currency: &str, draft: &mut Draft) -> Option<i64> {
    let text = said.text(names)?;
    let amount = minor_of(&text, currency);
    if amount.is_none() {
        draft.rule_lost(names.first().unwrap_or(&""), "the amount is none of this currency");
    }
    amount.filter(|amount| *amount > 0)
}

fn limited_units(said: &mut Record, discounts: &mut [Value], is_for_products: bool, draft: &mut Draft) {
    let member = "limit_usage_to_x_items";
    let Some(most) = said.whole(&[member]).filter(|most| *most > 0) else { return };
    match discounts {
        [only] if is_for_products => {
            only["maxUnits"] = most.into();
            only["pick"] = "dearest".into();
            draft.lost(
                member,
                "the dearest units come first; there those of the line with the most to pay for many units",
            );
        }
        _ => draft.rule_lost(member, "units are limited of one discount on lines"),
    }
}

/// What has to be spent, and what must not be.
fn spent(said: &mut Record, currency: &str, draft: &mut Draft) {
    let mut asked = json!({ "type": "subtotal", "base": "original" });
    for (names, member) in
        [(&["minimum_amount", "minimum_spend"], "atLeast"), (&["maximum_amount", "maximum_spend"], "atMost")]
    {
        if let Some(amount) = money(said, names, currency, draft) {
            asked[member] = json!({ currency: amount });
        }
    }
    if asked.as_object().is_some_and(|asked| asked.len() > 2) {
        draft.ask(asked);
    }
}

fn emails(emails: &[String], draft: &mut Draft) {
    if emails.is_empty() {
        return;
    }
    // only whole ends can be asked for: `*@example.com`
    let ends: Option<Vec<String>> = emails
        .iter()
        .map(|email| email.strip_prefix('*').filter(|end| end.starts_with('@') && !end.contains('*')))
        .map(|end| end.map(str::to_lowercase))
        .collect();
    match ends {
        Some(ends) => draft.ask(json!({ "type": "email", "endsWith": ends })),
        None => draft.rule_lost("customer_email", "a document names no single customers; make them a segment"),
    }
}

/// From when on, where it is published later, and the midnight with which its last day begins.
fn times(said: &mut Record, shop: &Shop<'_>, draft: &mut Draft) {
    let status = said.text(&["post_status", "status"]).unwrap_or_else(|| "publish".into());
    let created = said.text(&["post_date", "date_created"]);
    let from = created.filter(|_| status == "future");
    if !["publish", "future"].contains(&status.as_str()) {
        draft.pause();
    }
    let in_seconds = |text: String| match text.parse::<i64>() {
        Ok(seconds) => jiff::Timestamp::from_second(seconds).map_or(text, |moment| moment.to_string()),
        Err(_) => text,
    };
    let own = said.text(&["date_expires", "expiry_date"]);
    let utc = said.text(&["date_expires_gmt"]).map(|moment| format!("{moment}Z"));
    draft.valid(("post_date", from), ("date_expires", utc.or(own.map(in_seconds))), shop);
}

/// How often it may still be used.
fn uses(said: &mut Record, draft: &mut Draft) {
    let used = said.whole(&["usage_count"]).unwrap_or(0).max(0);
    let who = said.list(&["used_by", "_used_by"]);
    if let Some(most) = said.whole(&["usage_limit"]).filter(|most| *most > 0) {
        match most.saturating_sub(used) {
            left if left > 0 => draft.limit("total", left),
            _ => draft.pause(),
        }
    } else if used > 0 {
        draft.lost("usage_count", "how often it was used is told to the ledger, not to a document");
    }
    if let Some(most) = said.whole(&["usage_limit_per_user"]).filter(|most| *most > 0) {
        draft.limit("perCustomer", most);
        if used > 0 || !who.is_empty() {
            draft.lost("used_by", "who used it counts anew");
        }
    } else if !who.is_empty() {
        draft.lost("used_by", "who used it is told to the ledger, not to a document");
    }
}
