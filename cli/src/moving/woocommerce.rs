//! WooCommerce's coupons, as its exporters write them: one row a coupon, amounts in major units.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{json, Map, Value};

use super::{minor, rows, yes, Carrier};
use crate::fault::Fault;

type Cells = BTreeMap<String, String>;

/// Reads tables of coupons; each becomes a document with its code.
///
/// # Errors
/// `file_unavailable`, `file_malformed`.
pub fn import(files: &[PathBuf], currency: &str, carrier: &mut Carrier) -> Result<(), Fault> {
    for file in files {
        rows(file, |cells| coupon(&cells, currency, carrier))?;
    }
    Ok(())
}

fn coupon(cells: &Cells, currency: &str, carrier: &mut Carrier) -> Result<(), Fault> {
    let cell = |names: &[&str]| names.iter().find_map(|name| cells.get(*name));
    let Some(code) = cell(&["post_title", "code", "coupon_code", "name"]) else {
        return carrier.lost("coupon", "", "code", "a coupon without a code");
    };
    let mut is_safe = true;
    let mut lost = |carrier: &mut Carrier, member: &str, why: &str, is_rule: bool| {
        is_safe &= !is_rule;
        carrier.lost("coupon", code, member, why)
    };
    let amount = cell(&["coupon_amount", "amount"]).map_or("0", String::as_str);
    let lines = selector(cells);
    let kind = cell(&["discount_type", "type"]).map_or("fixed_cart", String::as_str);
    let mut discount = match kind {
        "percent" | "percent_product" => json!({ "type": "percent_off", "percent": amount }),
        _ => {
            let Some(amount) = minor(amount) else {
                return lost(carrier, "coupon_amount", "the amount has more decimals than the currency", true);
            };
            let per = if kind == "fixed_product" { "unit" } else { "order" };
            if !["fixed_product", "fixed_cart"].contains(&kind) {
                lost(carrier, "discount_type", "this kind of coupon comes from an extension", true)?;
            }
            json!({ "type": "amount_off", "amount": { currency: amount }, "per": per })
        }
    };
    if !lines.is_empty() && kind != "fixed_cart" {
        discount["lines"] = lines.clone().into();
    }
    if let Some(limit) = whole(cell(&["limit_usage_to_x_items"])) {
        if kind == "fixed_cart" {
            lost(carrier, "limit_usage_to_x_items", "an amount off the order is not limited to units", true)?;
        } else {
            discount["maxUnits"] = limit.into();
        }
    }
    let is_nothing = discount["percent"] == "0" || discount["amount"][currency] == 0;
    let mut discounts = if is_nothing { Vec::new() } else { vec![discount] };
    if yes(cell(&["free_shipping"])) {
        discounts.push(json!({ "type": "free_shipping" }));
    }
    let mut conditions = Vec::new();
    let mut bounds = Map::new();
    for (names, member) in
        [(&["minimum_amount", "minimum_spend"][..], "atLeast"), (&["maximum_amount", "maximum_spend"], "atMost")]
    {
        if let Some(amount) = cell(names).and_then(|text| minor(text)).filter(|amount| *amount > 0) {
            bounds.insert(member.into(), json!({ currency: amount }));
        }
    }
    if !bounds.is_empty() {
        let mut subtotal = json!({ "type": "subtotal", "base": "original" });
        bounds.into_iter().for_each(|(member, bound)| subtotal[member.as_str()] = bound);
        conditions.push(subtotal);
    }
    // a coupon for the cart asks for its products, one for products is off them
    if kind == "fixed_cart" && !lines.is_empty() {
        conditions.push(json!({ "type": "contains", "lines": lines }));
    }
    if let Some(emails) = cell(&["customer_email", "email_restrictions"]) {
        let domains: Option<Vec<&str>> = emails.split([',', '|']).map(|email| email.trim().strip_prefix('*')).collect();
        match domains {
            Some(domains) => conditions.push(json!({ "type": "email", "endsWith": domains })),
            None => lost(carrier, "customer_email", "a document names no single customers; make them a segment", true)?,
        }
    }
    let mut document = json!({ "codes": [code], "discounts": discounts });
    match conditions.len() {
        0 => {}
        1 => document["when"] = conditions.remove(0),
        _ => document["when"] = json!({ "all": conditions }),
    }
    let mut limits = Map::new();
    for (name, member) in [("usage_limit", "total"), ("usage_limit_per_user", "perCustomer")] {
        if let Some(limit) = whole(cell(&[name])).filter(|limit| *limit > 0) {
            limits.insert(member.into(), limit.into());
        }
    }
    if !limits.is_empty() {
        document["limits"] = limits.into();
    }
    if yes(cell(&["individual_use"])) {
        document["stacking"] = json!({ "exclusive": true });
    }
    if let Some(date) = cell(&["date_expires", "expiry_date"]) {
        match day(date) {
            Some(until) => document["schedule"] = json!({ "until": until }),
            None => lost(carrier, "date_expires", "the date cannot be read", true)?,
        }
    }
    if whole(cell(&["usage_count"])).is_some_and(|used| used > 0) {
        lost(carrier, "usage_count", "uses so far are told to the ledger, not to a document", false)?;
    }
    if discounts_of(&document).is_empty() {
        return lost(carrier, "coupon_amount", "a coupon that gives nothing", false);
    }
    if !is_safe || cell(&["post_status", "status"]).is_some_and(|status| status != "publish") {
        document["status"] = "paused".into();
    }
    carrier.document(code, document);
    Ok(())
}

fn discounts_of(document: &Value) -> &[Value] {
    document["discounts"].as_array().map_or(&[], Vec::as_slice)
}

fn selector(cells: &Cells) -> Map<String, Value> {
    let ids = |name: &str| -> Vec<String> {
        let cell = cells.get(name).map_or("", String::as_str);
        cell.split([',', '|']).map(|id| id.trim().to_string()).filter(|id| !id.is_empty()).collect()
    };
    let mut lines = Map::new();
    let mut except = Map::new();
    for (name, member) in [("product_ids", "products"), ("product_categories", "categories")] {
        if !ids(name).is_empty() {
            lines.insert(member.into(), ids(name).into());
        }
    }
    for (name, member) in [("exclude_product_ids", "products"), ("exclude_product_categories", "categories")] {
        if !ids(name).is_empty() {
            except.insert(member.into(), ids(name).into());
        }
    }
    if !except.is_empty() {
        lines.insert("except".into(), except.into());
    }
    if yes(cells.get("exclude_sale_items")) {
        lines.insert("onSale".into(), false.into());
    }
    lines
}

fn whole(cell: Option<&String>) -> Option<i64> {
    cell?.parse().ok()
}

/// The first moment of a day, or of a moment in seconds.
fn day(text: &str) -> Option<String> {
    if let Ok(seconds) = text.parse::<i64>() {
        let moment = jiff::Timestamp::from_second(seconds).ok()?;
        return Some(moment.strftime("%Y-%m-%dT%H:%M:%S").to_string());
    }
    let date: jiff::civil::Date = text.get(..10)?.parse().ok()?;
    Some(format!("{date}T00:00"))
}
