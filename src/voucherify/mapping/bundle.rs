//! Bundles as sets of a discount, `perBundle`, and back.

use alloc::string::ToString;
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::super::fields::{list, row, set, text, whole, Row};
use super::{discount, Report};

/// The most parts of a set.
const MOST_PARTS: usize = 8;

/// What a set consists of.
pub(super) fn to_document(rules: &Value, report: &mut Report) -> Option<Value> {
    let parts: Vec<Value> = rules
        .as_object()?
        .values()
        .filter(|rule| rule.is_object())
        .map(|rule| {
            let inner = rule["rules"].as_object().and_then(|inner| inner.values().find(|inner| inner.is_object()));
            let conditions = inner.and_then(|inner| inner["conditions"].as_object());
            let units = conditions.and_then(|conditions| conditions.values().flat_map(list).find_map(whole));
            let entries = list(&rule["conditions"]["$is"]);
            let lines = discount::selector(&entries, &[], report);
            let mut part = row(&json!({ "quantity": units.unwrap_or(1).max(1) }));
            if let Some(lines) = lines {
                set(&mut part, "lines", lines);
            }
            part.into()
        })
        .collect();
    if parts.is_empty() || parts.len() > MOST_PARTS {
        report.rule_lost("bundle_rules", "a set has one to eight parts");
        return None;
    }
    Some(json!({ "of": parts, "atMost": whole(&rules["limit"]).unwrap_or(1) }))
}

/// Gives the discounts once for each set.
pub(super) fn give(bundle: Value, discounts: &mut [Value], report: &mut Report) {
    const TAKES: &[&str] = &["percent_off", "amount_off", "fixed_unit_price", "formula_off"];
    for discount in discounts {
        if text(&discount["type"]).is_some_and(|kind| TAKES.contains(&kind)) {
            discount["perBundle"] = bundle.clone();
        } else {
            report.rule_lost("bundle_rules", "gifts and new prices of an order are not given by sets");
        }
    }
}

/// The rules of a bundle that discounts are given by.
pub(super) fn to_rules(discounts: &[&Value]) -> Option<Value> {
    let sets = discounts.iter().map(|discount| &discount["perBundle"]).find(|sets| sets.is_object())?;
    let mut rules = Row::new();
    let mut logic = Vec::new();
    for (index, part) in list(&sets["of"]).into_iter().enumerate() {
        let number = index.saturating_add(1).to_string();
        let units = whole(&part["quantity"]).unwrap_or(1);
        let is: Vec<Value> = discount::entries(&part["lines"])
            .into_iter()
            .map(|mut entry| {
                let is_collection = entry.get("object").and_then(text) == Some("products_collection");
                set(&mut entry, "type", if is_collection { "products_collection" } else { "product_or_sku" });
                entry.into()
            })
            .collect();
        let inner = json!({ "1": { "name": "order.items.aggregated_quantity", "conditions": { "$is": [units] } }, "logic": "1" });
        set(&mut rules, &number, json!({ "name": "order.items.any", "conditions": { "$is": is }, "rules": inner }));
        logic.push(number);
    }
    set(&mut rules, "logic", logic.join(" and "));
    set(&mut rules, "limit", whole(&sets["atMost"]).unwrap_or(100));
    Some(rules.into())
}
