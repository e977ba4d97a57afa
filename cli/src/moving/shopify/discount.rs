//! A discount, as the Admin GraphQL interface tells it, as a document.

use counterfoil::voucherify::mapping::Shop;
use serde_json::{json, Map, Value};

use super::super::draft::Draft;
use super::super::{minor_of, scaled, Carrier};
use super::codes::{name_of, Codes, Shared};
use crate::fault::Fault;

/// What is read of a discount, or says nothing that a document could.
const READ: [&str; 35] = [
    "__typename",
    "id",
    "title",
    "status",
    "startsAt",
    "endsAt",
    "usageLimit",
    "appliesOncePerCustomer",
    "codes",
    "codesCount",
    "customerGets",
    "customerBuys",
    "usesPerOrderLimit",
    "minimumRequirement",
    "customerSelection",
    "context",
    "combinesWith",
    "discountClass",
    "discountClasses",
    "asyncUsageCount",
    "recurringCycleLimit",
    "destinationSelection",
    "maximumShippingPrice",
    "appliesOnOneTimePurchase",
    "appliesOnSubscription",
    "summary",
    "shortSummary",
    "createdAt",
    "updatedAt",
    "shareableUrls",
    "totalSales",
    "hasTimelineComment",
    "tags",
    "events",
    "is_by_code",
];

/// Adds a discount; `lost` are members of what it was told from that have no place in it, and may be rules.
pub fn import(
    discount: &Value,
    lost: &[(&str, &str)],
    shop: &Shop<'_>,
    codes: &mut Codes,
    carrier: &mut Carrier,
) -> Result<(), Fault> {
    let id = name_of(&discount["id"]);
    let mut draft = Draft::of("discount", &id);
    if !discount["title"].is_null() {
        draft.set("name", discount["title"].clone());
    }
    for (member, why) in lost {
        draft.rule_lost(member, why);
    }
    let members = discount.as_object().into_iter().flatten();
    for (member, value) in members.filter(|(member, value)| !value.is_null() && !READ.contains(&member.as_str())) {
        let is_off = *value == json!(false);
        if !is_off {
            draft.rule_lost(member, "no member of a document says this");
        }
    }
    let class = class_of(discount);
    let buys = &discount["customerBuys"];
    let discounts = match class {
        "shipping" => shipping(discount, shop.currency, &mut draft),
        _ if buys.is_object() => buy_x_get_y(discount, shop.currency, &mut draft),
        _ => off(discount, class, shop.currency, &mut draft),
    };
    if discounts.is_empty() {
        draft.lost("customerGets.value", "what it takes off cannot be told");
        return draft.finish(carrier).map(|_| ());
    }
    draft.set("discounts", discounts);
    draft.stack("group", class);
    if class == "order" {
        draft.set("rounding", json!({ "level": "order" }));
    }
    asked(discount, class, shop.currency, &mut draft);
    combines(discount, &mut draft);
    let date = |member: &str| discount[member].as_str().map(String::from);
    draft.valid(("startsAt", date("startsAt")), ("endsAt", date("endsAt")), shop);
    let status = discount["status"].as_str().unwrap_or_default().to_ascii_uppercase();
    if !["", "ACTIVE", "SCHEDULED", "ENABLED"].contains(&status.as_str()) {
        draft.pause();
    }
    let told = &discount["codes"];
    let own = nodes(told);
    let count = discount["codesCount"]["count"].as_u64().and_then(|count| usize::try_from(count).ok());
    if told["pageInfo"]["hasNextPage"] == true || count.is_some_and(|count| count > own.len() && !own.is_empty()) {
        draft.lost("codes", "further codes are on pages that are not in the file");
    }
    if discount["appliesOncePerCustomer"] == true {
        draft.limit("perCustomer", 1);
        let is_used = own.iter().any(|code| code["asyncUsageCount"].as_i64().is_some_and(|used| used > 0));
        if is_used || discount["asyncUsageCount"].as_i64().is_some_and(|used| used > 0) {
            draft.lost("appliesOncePerCustomer", "who used it counts anew");
        }
    }
    let is_by_code = discount["is_by_code"] == true
        || told.is_object()
        || discount["__typename"].as_str().is_some_and(|name| name.starts_with("DiscountCode"));
    let shared = Shared { quantity: discount["usageLimit"].as_i64(), is_by_code };
    let document = draft.finish(carrier)?;
    codes.give((&id, document), &own, &shared, carrier)
}

/// `product`, `order` or `shipping`: the groups of the preset.
fn class_of(discount: &Value) -> &'static str {
    let told = discount["discountClass"].as_str().or(discount["discountClasses"][0].as_str()).unwrap_or_default();
    let kind = discount["__typename"].as_str().unwrap_or_default();
    match told {
        "SHIPPING" => "shipping",
        "ORDER" => "order",
        "PRODUCT" | "MULTIPLE" => "product",
        _ if kind.ends_with("FreeShipping") => "shipping",
        _ if discount["customerBuys"].is_object() => "product",
        _ if !["products", "productVariants", "collections"]
            .iter()
            .any(|member| discount["customerGets"]["items"][*member].is_object()) =>
        {
            "order"
        }
        _ => "product",
    }
}

/// The elements of a list, told as nodes or as edges.
fn nodes(list: &Value) -> Vec<Value> {
    if let Some(nodes) = list["nodes"].as_array() {
        return nodes.clone();
    }
    list["edges"].as_array().into_iter().flatten().map(|edge| edge["node"].clone()).collect()
}

/// The lines of items: parts that have no line in common; one of all where everything is meant, none where it is not told.
fn lines(items: &Value) -> Option<Vec<Map<String, Value>>> {
    if items.is_null() || items["allItems"] == true {
        return Some(vec![Map::new()]);
    }
    let mut parts: Vec<Map<String, Value>> = Vec::new();
    let mut before = Map::new();
    for (kind, member) in [("products", "products"), ("productVariants", "skus"), ("collections", "categories")] {
        let ids: Vec<Value> = nodes(&items[kind]).iter().map(|node| name_of(&node["id"]).into()).collect();
        if ids.is_empty() {
            continue;
        }
        let mut part = Map::new();
        part.insert(member.into(), ids.clone().into());
        if !before.is_empty() {
            part.insert("except".into(), before.clone().into());
        }
        before.insert(member.into(), ids.into());
        parts.push(part);
    }
    (!parts.is_empty()).then_some(parts)
}

/// A fraction of one as a percentage: `0.125` is 12.5.
fn percent(value: &Value) -> Option<String> {
    if let Some(percent) = value["percent"].as_str() {
        return Some(percent.trim_end_matches(".0").into());
    }
    let fraction = match &value["percentage"] {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    let hundredths = scaled(&fraction, 4)?;
    let (whole, part) = (hundredths.checked_div(100)?, hundredths.checked_rem(100)?);
    Some(if part == 0 { whole.to_string() } else { format!("{whole}.{part:02}") })
}

fn amount(money: &Value, currency: &str) -> Option<i64> {
    if money["currencyCode"].as_str().is_some_and(|own| own != currency) {
        return None;
    }
    let text = money["amount"].as_str().map_or_else(|| money["amount"].to_string(), String::from);
    minor_of(text.trim_start_matches('-'), currency)
}

/// An amount or a percentage off products, or off the order.
fn off(discount: &Value, class: &str, currency: &str, draft: &mut Draft) -> Vec<Value> {
    let value = &discount["customerGets"]["value"];
    let is_each = value["appliesOnEachItem"] == true;
    let discount_of = |lines: Map<String, Value>| {
        let mut told = match (percent(value), amount(&value["amount"], currency)) {
            (Some(percent), _) => json!({ "type": "percent_off", "percent": percent }),
            (_, Some(amount)) => {
                json!({ "type": "amount_off", "amount": { currency: amount }, "per": if is_each { "unit" } else { "order" } })
            }
            _ => return None,
        };
        if !lines.is_empty() {
            told["lines"] = lines.into();
        }
        Some(told)
    };
    let Some(parts) = lines(&discount["customerGets"]["items"]) else {
        draft.rule_lost("customerGets.items", "of which products it is is not told");
        return discount_of(Map::new()).into_iter().collect();
    };
    if parts.len() > 1 && percent(value).is_none() && !is_each {
        draft.rule_lost("customerGets.items", "one amount off products and variants or collections together");
    }
    if discount["customerGets"]["appliesOnOneTimePurchase"] == false {
        draft.rule_lost("customerGets.appliesOnOneTimePurchase", "no condition of a document asks for subscriptions");
    }
    if class == "order" && parts.iter().any(|part| !part.is_empty()) {
        draft.rule_lost("customerGets.items", "a discount of the order is of all its lines");
    }
    parts.into_iter().filter_map(discount_of).collect()
}

/// Units for others that are bought.
fn buy_x_get_y(discount: &Value, currency: &str, draft: &mut Draft) -> Vec<Value> {
    let (buys, gets) = (&discount["customerBuys"], &discount["customerGets"]);
    let units = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
    let Some(bought) = units(&buys["value"]["quantity"]) else {
        draft.rule_lost("customerBuys.value", "units are got for units, not for an amount that is spent");
        return Vec::new();
    };
    let effect = &gets["value"]["effect"];
    let mut got = match (percent(effect), amount(&effect["amount"], currency)) {
        (Some(percent), _) => json!({ "percent": percent }),
        (_, Some(amount)) => json!({ "amount": { currency: amount } }),
        _ => return Vec::new(),
    };
    got["quantity"] = units(&gets["value"]["quantity"]["quantity"]).unwrap_or(1).into();
    let mut bought = json!({ "quantity": bought });
    for (member, told, items) in
        [("customerBuys.items", &mut bought, &buys["items"]), ("customerGets.items", &mut got, &gets["items"])]
    {
        match lines(items).as_deref() {
            // what is got of everything is named, so that it is not of what is bought alone
            Some([all]) if all.is_empty() => told["lines"] = json!({}),
            Some([only]) => told["lines"] = only.clone().into(),
            _ => draft.rule_lost(member, "products, variants and collections are one list at a time"),
        }
    }
    let mut told = json!({ "type": "buy_x_get_y", "buy": bought, "get": got });
    if let Some(most) = units(&discount["usesPerOrderLimit"]) {
        told["atMost"] = most.into();
    }
    vec![told]
}

fn shipping(discount: &Value, currency: &str, draft: &mut Draft) -> Vec<Value> {
    let value = &discount["customerGets"]["value"];
    let destination = &discount["destinationSelection"];
    if let Some(countries) = destination["countries"].as_array() {
        draft.ask(json!({ "type": "country", "in": countries }));
        if destination["includeRestOfWorld"] == true {
            draft.rule_lost("destinationSelection.includeRestOfWorld", "countries are named one by one");
        }
    }
    if let Some(most) = amount(&discount["maximumShippingPrice"], currency) {
        draft.ask(json!({ "type": "shipping_price", "atMost": { currency: most } }));
    }
    match (percent(value), amount(&value["amount"], currency)) {
        (None, None) => vec![json!({ "type": "free_shipping" })],
        (Some(percent), _) if percent == "100" => vec![json!({ "type": "free_shipping" })],
        (Some(percent), _) => vec![json!({ "type": "off_shipping", "percent": percent })],
        (None, Some(amount)) => vec![json!({ "type": "off_shipping", "amount": { currency: amount } })],
    }
}

/// What has to be bought, and by whom. Of products, only theirs counts.
fn asked(discount: &Value, class: &str, currency: &str, draft: &mut Draft) {
    let minimum = &discount["minimumRequirement"];
    let parts = if class == "product" { lines(&discount["customerGets"]["items"]) } else { Some(vec![Map::new()]) };
    let of = |mut condition: Value, draft: &mut Draft| match parts.as_deref() {
        Some([only]) => {
            if !only.is_empty() {
                condition["lines"] = only.clone().into();
            }
            draft.ask(condition);
        }
        _ => draft.rule_lost("minimumRequirement", "it counts products, variants and collections together"),
    };
    let least = &minimum["greaterThanOrEqualToSubtotal"];
    if !least.is_null() {
        match amount(least, currency) {
            Some(0) => {}
            Some(least) => {
                of(json!({ "type": "subtotal", "base": "original", "atLeast": { currency: least } }), draft);
            }
            None => draft.rule_lost("minimumRequirement", "the amount is none of this currency"),
        }
    }
    let units = &minimum["greaterThanOrEqualToQuantity"];
    if let Some(least) = units.as_i64().or_else(|| units.as_str()?.parse().ok()).filter(|least| *least > 0) {
        of(json!({ "type": "quantity", "atLeast": least }), draft);
    }
    for (member, selection) in
        [("customerSelection", &discount["customerSelection"]), ("context", &discount["context"])]
    {
        let segments: Vec<String> =
            selection["segments"].as_array().into_iter().flatten().map(|segment| name_of(&segment["id"])).collect();
        if !segments.is_empty() {
            draft.ask(json!({ "type": "segment", "anyOf": segments }));
        } else if selection["customers"].is_array() {
            draft.rule_lost(member, "a document names no single customers; make them a segment");
        }
    }
    if let Some(cycles) = discount["recurringCycleLimit"].as_i64().filter(|cycles| *cycles != 1) {
        draft.lost("recurringCycleLimit", &format!("subscriptions are billed elsewhere; there {cycles} times"));
    }
}

/// Two discounts combine where each says so of the other's class. What combines with some stands alone here.
fn combines(discount: &Value, draft: &mut Draft) {
    let with = &discount["combinesWith"];
    if !with.is_object() {
        return;
    }
    let told = ["orderDiscounts", "productDiscounts", "shippingDiscounts"].map(|class| with[class] == true);
    if told.iter().all(|combines| *combines) {
        return;
    }
    draft.stack("exclusive", true);
    if told.iter().any(|combines| *combines) {
        draft.lost("combinesWith", "with one class and not another nothing combines: here it stands alone");
    }
    draft.lost("combinesWith", "beside a discount of products what stands alone is left out, were it the better one");
}
