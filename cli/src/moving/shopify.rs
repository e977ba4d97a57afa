//! Shopify's discounts: the table of its admin, or price rules with their codes as JSON.

use std::path::{Path, PathBuf};

use serde_json::{json, Map, Value};

use super::{elements, minor, rows, Carrier, Code};
use crate::fault::Fault;

/// Reads tables and price rules.
///
/// # Errors
/// `file_unavailable`, `file_malformed`, `too_many_campaigns`.
pub fn import(files: &[PathBuf], currency: &str, carrier: &mut Carrier) -> Result<(), Fault> {
    let is_table = |file: &Path| file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    for file in files {
        if is_table(file) {
            rows(file, |cells| {
                let cells = cells.into_iter().map(|(name, text)| (name, Value::from(text))).collect();
                price_rule(&of_cells(&cells), currency, carrier)
            })?;
        } else {
            elements::read(file, &mut |member, element| match member {
                "discount_codes" => Ok(()),
                _ => price_rule(&element, currency, carrier),
            })?;
        }
    }
    // codes come after the rules they belong to
    for file in files.iter().filter(|file| !is_table(file)) {
        elements::read(file, &mut |member, element| match member {
            "discount_codes" => code(&element, carrier),
            _ => Ok(()),
        })?;
    }
    Ok(())
}

/// A row of the table as a price rule.
fn of_cells(cells: &Map<String, Value>) -> Value {
    let cell =
        |names: &[&str]| names.iter().find_map(|name| cells.get(*name)).and_then(Value::as_str).unwrap_or_default();
    let kind = cell(&["value_type", "type"]).to_ascii_lowercase();
    let value = cell(&["value"]).trim_start_matches('-').trim_end_matches('%').to_string();
    let is_free_shipping = cell(&["discount_class", "class", "type"]).to_ascii_lowercase().contains("shipping");
    json!({
        "id": cell(&["id", "name", "code", "title"]), "title": cell(&["name", "title", "code"]), "code": cell(&["name", "code"]),
        "value": value, "value_type": if kind.contains("percent") { "percentage" } else { "fixed_amount" },
        "target_type": if is_free_shipping { "shipping_line" } else { "line_item" }, "target_selection": "all",
        "allocation_method": "across", "once_per_customer": super::yes(Some(&cell(&["applies_once_per_customer", "once_per_customer"]).into())),
        "usage_limit": cell(&["usage_limit_per_code", "usage_limit"]).parse::<i64>().ok(),
        "starts_at": cell(&["start", "starts_at"]), "ends_at": cell(&["end", "ends_at"]), "status": cell(&["status"]),
        "prerequisite_subtotal_range": { "greater_than_or_equal_to": cell(&["minimum_purchase_amount", "minimum_requirement"]) },
    })
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn ids(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(text).collect()
}

fn price_rule(rule: &Value, currency: &str, carrier: &mut Carrier) -> Result<(), Fault> {
    let id = text(&rule["id"]).unwrap_or_default();
    let mut is_safe = true;
    let value = text(&rule["value"]).unwrap_or_default();
    let value = value.trim_start_matches('-').trim_end_matches(".0").to_string();
    let is_percent = rule["value_type"] == "percentage";
    let amount = if is_percent { None } else { minor(&value) };
    let mut discount = match (rule["target_type"].as_str(), is_percent, amount) {
        (Some("shipping_line"), true, _) if value.starts_with("100") => json!({ "type": "free_shipping" }),
        (Some("shipping_line"), true, _) => json!({ "type": "off_shipping", "percent": value }),
        (Some("shipping_line"), false, Some(amount)) => {
            json!({ "type": "off_shipping", "amount": { currency: amount } })
        }
        (_, true, _) => json!({ "type": "percent_off", "percent": value }),
        (_, false, Some(amount)) => {
            let per = if rule["allocation_method"] == "each" { "unit" } else { "order" };
            json!({ "type": "amount_off", "amount": { currency: amount }, "per": per })
        }
        (_, false, None) => return carrier.lost("price_rule", &id, "value", "the value is no amount"),
    };
    if rule["target_selection"] == "entitled" {
        let mut lines = Map::new();
        for (member, to) in [
            ("entitled_product_ids", "products"),
            ("entitled_variant_ids", "skus"),
            ("entitled_collection_ids", "categories"),
        ] {
            if !ids(&rule[member]).is_empty() {
                lines.insert(to.into(), ids(&rule[member]).into());
            }
        }
        if lines.len() > 1 {
            is_safe = false;
            carrier.lost(
                "price_rule",
                &id,
                "entitled_variant_ids",
                "products, variants and collections together are several campaigns",
            )?;
        }
        discount["lines"] = lines.into();
    }
    let mut conditions = Vec::new();
    let least = text(&rule["prerequisite_subtotal_range"]["greater_than_or_equal_to"]).and_then(|text| minor(&text));
    if let Some(least) = least.filter(|least| *least > 0) {
        conditions.push(json!({ "type": "subtotal", "base": "original", "atLeast": { currency: least } }));
    }
    if let Some(least) = rule["prerequisite_quantity_range"]["greater_than_or_equal_to"].as_i64() {
        conditions.push(json!({ "type": "quantity", "atLeast": least }));
    }
    let segments = ids(&rule["customer_segment_prerequisite_ids"]);
    if !segments.is_empty() {
        conditions.push(json!({ "type": "segment", "anyOf": segments }));
    }
    for member in [
        "prerequisite_customer_ids",
        "prerequisite_shipping_price_range",
        "prerequisite_to_entitlement_quantity_ratio",
        "entitled_country_ids",
        "prerequisite_product_ids",
        "prerequisite_collection_ids",
    ] {
        let asked = &rule[member];
        let is_asked = asked
            .as_array()
            .map_or(asked.as_object().is_some_and(|object| object.values().any(|value| !value.is_null())), |list| {
                !list.is_empty()
            });
        if is_asked {
            is_safe = false;
            carrier.lost("price_rule", &id, member, "no condition of a document asks this as it stands")?;
        }
    }
    let mut document = json!({ "name": rule["title"], "discounts": [discount] });
    match conditions.len() {
        0 => {}
        1 => document["when"] = conditions.remove(0),
        _ => document["when"] = json!({ "all": conditions }),
    }
    let mut limits = Map::new();
    if let Some(limit) = rule["usage_limit"].as_i64() {
        limits.insert("total".into(), limit.into());
    }
    if rule["once_per_customer"] == true {
        limits.insert("perCustomer".into(), 1.into());
    }
    if !limits.is_empty() {
        document["limits"] = limits.into();
    }
    let mut schedule = Map::new();
    for (member, to) in [("starts_at", "from"), ("ends_at", "until")] {
        let Some(date) = text(&rule[member]) else { continue };
        match moment(&date) {
            Some(moment) => {
                schedule.insert(to.into(), moment.into());
            }
            None => {
                is_safe = false;
                carrier.lost("price_rule", &id, member, "the date cannot be read")?;
            }
        }
    }
    if !schedule.is_empty() {
        document["schedule"] = schedule.into();
    }
    if !is_safe || ["Expired", "expired", "Disabled", "disabled"].contains(&rule["status"].as_str().unwrap_or_default())
    {
        document["status"] = "paused".into();
    }
    let own: Vec<String> = text(&rule["code"])
        .into_iter()
        .chain(rule["discount_codes"].as_array().into_iter().flatten().filter_map(|code| text(&code["code"])))
        .collect();
    match own.as_slice() {
        [] => carrier.listed(&id, document, None).map(|_| ()),
        [_] => {
            document["codes"] = own.into();
            carrier.document(&id, document);
            Ok(())
        }
        many => {
            let campaign = carrier.listed(&id, document, None)?;
            many.iter().try_for_each(|code| carrier.code(&listed(code, &campaign, 0), 0))
        }
    }
}

fn code(code: &Value, carrier: &mut Carrier) -> Result<(), Fault> {
    let (Some(own), Some(rule)) = (text(&code["code"]), text(&code["price_rule_id"])) else {
        return carrier.lost("discount_code", "", "price_rule_id", "a code without its price rule");
    };
    let campaign = super::slug(&rule);
    if !carrier.has(&campaign) {
        return carrier.lost("discount_code", &own, "price_rule_id", "its price rule is not in the files");
    }
    let used = code["usage_count"].as_i64().unwrap_or(0);
    carrier.code(&listed(&own, &campaign, used), 0)
}

fn listed(code: &str, campaign: &str, used: i64) -> Code {
    Code {
        code: code.into(),
        campaign: campaign.into(),
        list: campaign.into(),
        kind: "discount".into(),
        state: "active".into(),
        used,
        ..Code::default()
    }
}

fn moment(text: &str) -> Option<String> {
    let utc = |at: jiff::Timestamp| at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let spelled = text.replacen(' ', "T", 1).replace(" ", "").replace("UTC", "Z");
    let instant = spelled.parse::<jiff::Timestamp>().ok().map(utc);
    instant.or_else(|| Some(format!("{}T00:00", text.get(..10)?.parse::<jiff::civil::Date>().ok()?)))
}
