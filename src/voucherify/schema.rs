//! What the project's metadata schemas ask of metadata that comes along.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::call::Call;
use super::fault::Fault;
use super::fields::{decimal, list, text};
use super::moment;

/// Refuses a call whose metadata is not as its schemas say.
pub(super) fn check(call: &Call) -> Result<(), Fault> {
    let body = &call.body;
    let own = match call.endpoint.as_str() {
        "validations"
        | "vouchers/validate"
        | "promotions/validate"
        | "tiers/validate"
        | "redemptions"
        | "vouchers/redeem"
        | "tiers/redeem"
        | "loyalties/redeem-reward" => "redemption",
        "orders/create" | "orders/update" => "order",
        "vouchers/create" | "vouchers/update" => "voucher",
        "campaigns/create" | "campaigns/update" => "campaign",
        "publications/create" => "publication",
        _ => "",
    };
    if !own.is_empty() {
        of(call, own, &body["metadata"])?;
    }
    of(call, "customer", &body["customer"]["metadata"])?;
    of(call, "order", &body["order"]["metadata"])?;
    list(&body["order"]["items"]).into_iter().try_for_each(|item| of(call, "order_item", &item["metadata"]))
}

/// The same of one object's metadata.
pub(super) fn of(call: &Call, object: &str, metadata: &Value) -> Result<(), Fault> {
    let Some(sent) = metadata.as_object().filter(|sent| !sent.is_empty()) else { return Ok(()) };
    let Some(schema) = call.project.one("metadata_schema", "related_object", object) else { return Ok(()) };
    let Some(properties) = schema["properties"].as_object() else { return Ok(()) };
    let failed =
        |details: String| Err(Fault::new(400, "metadata_validation_failed", "Metadata validation failed", details));
    for (name, property) in properties.iter().filter(|(_, property)| property["deleted"] != true) {
        match sent.get(name).filter(|value| !value.is_null()) {
            None if property["optional"] == false => return failed(format!("{name}: must be defined")),
            None => {}
            Some(value) if fits(property, value) => {}
            Some(value) => {
                let words = words(property);
                return failed(format!("{name}: {words} (actual value is '{}')", shown(value)));
            }
        }
    }
    match sent.keys().find(|name| schema["allow_defined_only"] == true && !properties.contains_key(*name)) {
        Some(name) => failed(format!("{name}: must be one of the properties of the schema")),
        None => Ok(()),
    }
}

fn shown(value: &Value) -> String {
    text(value).map_or_else(|| value.to_string(), String::from)
}

const BOUNDS: [(&str, &str); 5] = [
    ("gt", "more than"),
    ("gte", "more than or equal to"),
    ("lt", "less than"),
    ("lte", "less than or equal to"),
    ("ne", "different from"),
];

fn fits(property: &Value, value: &Value) -> bool {
    match (property["array"] == true, value) {
        (true, Value::Array(elements)) => elements.iter().all(|element| fits_alone(property, element)),
        (true, _) | (false, Value::Array(_)) => false,
        (false, alone) => fits_alone(property, alone),
    }
}

fn fits_alone(property: &Value, value: &Value) -> bool {
    let is_typed = match text(&property["type"]) {
        Some("string" | "image_url") => value.is_string(),
        // a query says numbers and flags as texts
        Some("number") => decimal(value).is_some(),
        Some("boolean") => value.is_boolean() || matches!(value.as_str(), Some("true" | "false")),
        Some("date" | "datetime") => text(value).is_some_and(|date| moment::parse(date, &moment::zone(None)).is_some()),
        _ => true,
    };
    let listed = list(&property["eq"]);
    let is_listed = listed.is_empty() || listed.iter().any(|one| shown(one) == shown(value));
    let is_bound = |(member, _): &(&str, &str)| {
        let bound = &property[*member];
        if bound.is_null() {
            return true;
        }
        if *member == "ne" {
            return list(bound).iter().all(|one| shown(one) != shown(value));
        }
        let bound = decimal(list(bound).first().copied().unwrap_or(&Value::Null));
        decimal(value).zip(bound).is_some_and(|(value, bound)| match *member {
            "gt" => value > bound,
            "gte" => value >= bound,
            "lt" => value < bound,
            _ => value <= bound,
        })
    };
    is_typed && is_listed && BOUNDS.iter().all(is_bound)
}

/// What a property asks, in Voucherify's words.
fn words(property: &Value) -> String {
    let kind = text(&property["type"]).unwrap_or("string");
    let mut words: Vec<String> = alloc::vec![format!("must be a {}", kind.replace('_', " "))];
    let joined = |values: &Value| list(values).into_iter().map(shown).collect::<Vec<_>>().join(",");
    if !list(&property["eq"]).is_empty() {
        words.push(format!("must be equal to one of {}", joined(&property["eq"])));
    }
    for (member, phrase) in BOUNDS {
        if !property[member].is_null() {
            words.push(format!("must be {phrase} {}", joined(&property[member])));
        }
    }
    let words = words.join(", ");
    if property["array"] == true {
        format!("must be an array, and every element: {words}")
    } else {
        words
    }
}
