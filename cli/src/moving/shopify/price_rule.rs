//! Price rules, as the older interface tells them, told as discounts.

use counterfoil::voucherify::mapping::Shop;
use serde_json::{json, Map, Value};

use super::super::Carrier;
use super::codes::{name_of, Codes};
use super::discount;
use crate::fault::Fault;

/// What is read of a price rule.
const READ: [&str; 30] = [
    "id",
    "title",
    "code",
    "discount_codes",
    "value",
    "value_type",
    "target_type",
    "target_selection",
    "allocation_method",
    "allocation_limit",
    "customer_selection",
    "once_per_customer",
    "usage_limit",
    "starts_at",
    "ends_at",
    "status",
    "created_at",
    "updated_at",
    "admin_graphql_api_id",
    "entitled_product_ids",
    "entitled_variant_ids",
    "entitled_collection_ids",
    "prerequisite_product_ids",
    "prerequisite_variant_ids",
    "prerequisite_collection_ids",
    "prerequisite_customer_ids",
    "customer_segment_prerequisite_ids",
    "prerequisite_subtotal_range",
    "prerequisite_quantity_range",
    "prerequisite_to_entitlement_quantity_ratio",
];

/// Adds a price rule.
pub fn import(rule: &Value, shop: &Shop<'_>, codes: &mut Codes, carrier: &mut Carrier) -> Result<(), Fault> {
    let value = rule["value"].as_str().map_or_else(|| rule["value"].to_string(), String::from);
    let value = value.trim_start_matches('-');
    let off = match rule["value_type"] == "percentage" {
        true => json!({ "percent": value }),
        false => json!({ "amount": { "amount": value }, "appliesOnEachItem": rule["allocation_method"] == "each" }),
    };
    let is_entitled = rule["target_selection"] == "entitled";
    let is_shipping = rule["target_type"] == "shipping_line";
    let class = match is_entitled {
        _ if is_shipping => "SHIPPING",
        true => "PRODUCT",
        false => "ORDER",
    };
    let mut told = json!({
        "id": rule["id"], "title": rule["title"], "status": rule["status"], "startsAt": rule["starts_at"], "endsAt": rule["ends_at"],
        "usageLimit": rule["usage_limit"], "appliesOncePerCustomer": rule["once_per_customer"], "discountClass": class,
        "customerGets": { "value": off, "items": items(rule, "entitled", is_entitled) }, "is_by_code": true,
    });
    let own = rule["code"].as_str().map(|code| json!({ "code": code }));
    let listed = rule["discount_codes"].as_array().into_iter().flatten().cloned();
    told["codes"] = json!({ "nodes": own.into_iter().chain(listed).collect::<Vec<_>>() });
    let ratio = &rule["prerequisite_to_entitlement_quantity_ratio"];
    if !ratio["prerequisite_quantity"].is_null() {
        told["customerBuys"] = json!({ "value": { "quantity": ratio["prerequisite_quantity"] }, "items": items(rule, "prerequisite", true) });
        told["customerGets"]["value"] =
            json!({ "quantity": { "quantity": ratio["entitled_quantity"] }, "effect": off });
        told["usesPerOrderLimit"] = rule["allocation_limit"].clone();
    }
    let least = &rule["prerequisite_subtotal_range"]["greater_than_or_equal_to"];
    if !least.is_null() {
        told["minimumRequirement"] = json!({ "greaterThanOrEqualToSubtotal": { "amount": least } });
    }
    let units = &rule["prerequisite_quantity_range"]["greater_than_or_equal_to"];
    if !units.is_null() {
        told["minimumRequirement"] = json!({ "greaterThanOrEqualToQuantity": units });
    }
    for (member, kind) in
        [("customer_segment_prerequisite_ids", "segments"), ("prerequisite_customer_ids", "customers")]
    {
        let ids: Vec<Value> = ids(&rule[member]).into_iter().map(|id| json!({ "id": id })).collect();
        if !ids.is_empty() {
            told["customerSelection"] = json!({ kind: ids });
        }
    }
    let says = |value: &Value| match value {
        Value::Null => false,
        Value::Array(elements) => !elements.is_empty(),
        Value::Object(members) => members.values().any(|value| !value.is_null()),
        _ => true,
    };
    let members = rule.as_object().into_iter().flatten();
    let unread = members.filter(|(name, value)| says(value) && !READ.contains(&name.as_str()));
    let lost: Vec<(&str, &str)> =
        unread.map(|(name, _)| (name.as_str(), "no condition of a document asks this as it stands")).collect();
    discount::import(&told, &lost, shop, codes, carrier)
}

/// Products, variants and collections, or everything.
fn items(rule: &Value, prefix: &str, is_named: bool) -> Value {
    if !is_named {
        return json!({ "allItems": true });
    }
    let mut items = Map::new();
    for (kind, member) in [("product", "products"), ("variant", "productVariants"), ("collection", "collections")] {
        let ids = ids(&rule[format!("{prefix}_{kind}_ids")]);
        if !ids.is_empty() {
            let nodes: Vec<Value> = ids.into_iter().map(|id| json!({ "id": id })).collect();
            items.insert(member.into(), json!({ "nodes": nodes }));
        }
    }
    items.into()
}

fn ids(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(name_of).filter(|id| !id.is_empty()).collect()
}
