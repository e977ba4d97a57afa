//! Shopify's discounts: the table that its admin exports, price rules of its older interface, or discounts of its Admin
//! GraphQL interface, pages or bulk operations. Price rules and rows are told as the newest of them tells a discount.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use counterfoil::voucherify::mapping::Shop;
use serde_json::{json, Value};

use super::{elements, rows, Carrier, Receiver};
use crate::fault::Fault;

mod codes;
mod discount;
mod price_rule;

use codes::Codes;

/// The objects of an answer that discounts lie within.
const WITHIN: [&str; 4] = ["data", "discountNodes", "codeDiscountNodes", "automaticDiscountNodes"];
/// Lists of codes, which are read after what they belong to.
const OF_CODES: &str = "discount_codes";

/// Reads tables, price rules and discounts.
///
/// # Errors
/// `file_unavailable`, `file_malformed`, `too_many_campaigns`.
pub fn import(files: &[PathBuf], shop: &Shop<'_>, carrier: &mut Carrier) -> Result<(), Fault> {
    let is_table = |file: &Path| file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let mut codes = Codes::default();
    for file in files {
        if is_table(file) {
            rows(file, |cells| of_cells(&cells, shop, &mut codes, carrier))?;
        } else {
            elements::read(file, &WITHIN, &mut |member, element| match member {
                OF_CODES => Ok(()),
                _ if element["__parentId"].is_string() => Ok(()),
                _ => element_of(member, &element, shop, &mut codes, carrier),
            })?;
        }
    }
    for file in files.iter().filter(|file| !is_table(file)) {
        elements::read(file, &WITHIN, &mut |member, element| match (member, element["__parentId"].as_str()) {
            (OF_CODES, _) => codes.late(&element, &element["price_rule_id"], carrier),
            (_, Some(parent)) => codes.late(&element, &parent.into(), carrier),
            _ => Ok(()),
        })?;
    }
    codes.finish(carrier)
}

fn element_of(
    member: &str,
    element: &Value,
    shop: &Shop<'_>,
    codes: &mut Codes,
    carrier: &mut Carrier,
) -> Result<(), Fault> {
    let node = if element["node"].is_object() { &element["node"] } else { element };
    let inner = ["discount", "codeDiscount", "automaticDiscount"].into_iter().find(|inner| node[*inner].is_object());
    if let Some(inner) = inner {
        let mut discount = node[inner].clone();
        discount["id"] = node["id"].clone();
        return discount::import(&discount, &[], shop, codes, carrier);
    }
    match element["value_type"].is_string() || member == "price_rules" {
        true => price_rule::import(element, shop, codes, carrier),
        false => carrier.lost(member, &codes::name_of(&element["id"]), "", "no discount, and no price rule"),
    }
}

/// A row of the table that the admin exports. It does not name the products of a discount.
fn of_cells(
    cells: &BTreeMap<String, String>,
    shop: &Shop<'_>,
    codes: &mut Codes,
    carrier: &mut Carrier,
) -> Result<(), Fault> {
    let cell = |name: &str| cells.get(name).map_or("", String::as_str);
    let yes = |name: &str| ["1", "true", "yes"].contains(&cell(name).to_ascii_lowercase().as_str());
    let name = cell("name");
    let class = cell("discount_class").to_ascii_uppercase();
    let is_shipping = class == "SHIPPING" || cell("type").eq_ignore_ascii_case("free shipping");
    let value = cell("value").trim_start_matches('-').trim_end_matches('%');
    let value = match cell("value_type") {
        _ if cell("type").eq_ignore_ascii_case("free shipping") => json!({ "percent": "100" }),
        "percentage" => json!({ "percent": value }),
        "fixed_amount" => json!({ "amount": { "amount": value } }),
        _ => return carrier.lost("discount", name, "value_type", "what an app gives is in no table"),
    };
    let kind = cell("type");
    if !kind.is_empty() && !["amount off", "free shipping"].contains(&kind.to_ascii_lowercase().as_str()) {
        return carrier.lost("discount", name, "type", "the table does not say what is bought and what is got");
    }
    let mut lost = Vec::new();
    if class == "PRODUCT" || class == "MULTIPLE" {
        lost.push(("discount_class", "the table does not say of which products; export it by the Admin interface"));
    }
    let selection = cell("customer_selection").to_ascii_lowercase();
    if !["", "all", "everyone", "all customers"].contains(&selection.as_str()) {
        lost.push(("customer_selection", "the table does not say which customers"));
    }
    let least = cell("minimum_purchase_requirements");
    let minimum = match least.parse::<f64>() {
        _ if least.is_empty() => Value::Null,
        Ok(_) => json!({ "greaterThanOrEqualToSubtotal": { "amount": least } }),
        Err(_) => {
            lost.push(("minimum_purchase_requirements", "what has to be bought is told in words"));
            Value::Null
        }
    };
    let combines = |class: &str| cells.contains_key(&format!("combines_with_{class}_discounts"));
    let has_columns = cells.keys().any(|name| name == "discount_class");
    let with = |class: &str| {
        combines(class) && !["0", "false", "no"].contains(&cell(&format!("combines_with_{class}_discounts")))
    };
    let status = cell("status").to_ascii_uppercase();
    let discount = json!({
        "id": name, "title": name, "status": status, "startsAt": moment(cell("start")), "endsAt": moment(cell("end")),
        "codes": { "nodes": [{ "code": name, "asyncUsageCount": cell("times_used_in_total").parse::<i64>().ok() }] },
        "usageLimit": cell("usage_limit_per_code").parse::<i64>().ok(),
        "appliesOncePerCustomer": yes("applies_once_per_customer"), "customerGets": { "value": value },
        "minimumRequirement": minimum, "discountClass": if is_shipping { "SHIPPING".into() } else { class },
        "combinesWith": if has_columns {
            json!({ "orderDiscounts": with("order"), "productDiscounts": with("product"), "shippingDiscounts": with("shipping") })
        } else { Value::Null },
    });
    const READ: [&str; 16] = [
        "name",
        "value",
        "value_type",
        "type",
        "discount_class",
        "minimum_purchase_requirements",
        "customer_selection",
        "combines_with_order_discounts",
        "combines_with_product_discounts",
        "combines_with_shipping_discounts",
        "times_used_in_total",
        "applies_once_per_customer",
        "usage_limit_per_code",
        "status",
        "start",
        "end",
    ];
    let unread = cells.keys().map(String::as_str).filter(|name| !READ.contains(name));
    lost.extend(
        unread
            .filter(|name| !(*name == "context" && cell(name).eq_ignore_ascii_case("all")))
            .map(|name| (name, "no member of a document says this")),
    );
    discount::import(&discount, &lost, shop, codes, carrier)
}

/// `2025-12-08 11:28:18 -0600` as other dates are written.
fn moment(text: &str) -> Value {
    match text.split(' ').collect::<Vec<_>>().as_slice() {
        [day, time, "UTC"] => format!("{day}T{time}Z").into(),
        [day, time, offset] => format!("{day}T{time}{offset}").into(),
        [""] => Value::Null,
        _ => text.into(),
    }
}
