//! What of a request makes no sense, before anything is decided about it.

use serde_json::{json, Value};

use super::call::Call;
use super::fault::Fault;
use super::fields::{list, text, whole};
use super::{moment, schema, Reply};

mod offer;
mod rules;
mod stacking;

/// Refuses a request that contradicts itself, or says what cannot be.
pub(super) fn check(call: &Call) -> Result<(), Fault> {
    let body = &call.body;
    customer(call, &body["customer"])?;
    if call.client_side {
        // the amount of a page's query is a text
        let amount = &call.query["amount"];
        if !amount.is_null() && whole(amount).is_none_or(|amount| amount < 0) {
            let details = "amount should be a whole number of minor units";
            return Err(Fault::new(400, "invalid_amount", "Invalid amount", details));
        }
    }
    let items = &body["order"]["items"];
    if !items.is_null() && !items.is_array() {
        let details = "Property .order.items should be array";
        return Err(Fault::new(400, "invalid_order", "Invalid order", details));
    }
    order(&body["order"], ".order")?;
    match call.endpoint.as_str() {
        "vouchers/create" | "vouchers/update" => {
            expiration(call, body)?;
            known_rules(call, body)?;
            offer::voucher(call, body, "", call.endpoint == "vouchers/create")
        }
        "campaigns/create" | "campaigns/update" => {
            expiration(call, body)?;
            known_rules(call, body)?;
            campaign(call, body)
        }
        "vouchers/validate" | "vouchers/redeem" if call.named("code").is_empty() => {
            Err(Fault::invalid("should have required property 'code'"))
        }
        "campaigns/add-vouchers" => offer::voucher(call, body, "", false),
        "orders/create" | "orders/update" => order(body, ""),
        "qualifications" => options(&body["options"]),
        _ => Ok(()),
    }
}

/// Rules that are named are there: an offer without them would be open to everybody.
fn known_rules(call: &Call, offer: &Value) -> Result<(), Fault> {
    let named = [&offer["validation_rules"], &offer["validation_rule"], &offer["voucher"]["validation_rules"]];
    let ids = named.into_iter().flat_map(list).chain([&offer["validation_rule_id"]]).filter_map(text);
    let unknown = ids.filter(|id| call.project.row("validation_rule", id).is_none());
    unknown.take(1).try_for_each(|id| Err(Fault::not_found("validation rule", id)))
}

/// An order is in a state that there is.
fn order(order: &Value, place: &str) -> Result<(), Fault> {
    let states = ["CREATED", "PAID", "CANCELED", "FULFILLED"];
    offer::one_of(&order["status"], &alloc::format!("{place}.status"), &states)
}

fn options(options: &Value) -> Result<(), Fault> {
    let sorted = ["DEFAULT", "BEST_DEAL", "LEAST_DEAL"];
    offer::one_of(&options["sorting_rule"], ".options.sorting_rule", &sorted)?;
    let limit = &options["limit"];
    if !limit.is_null() && !whole(limit).is_some_and(|limit| (1..=50).contains(&limit)) {
        return Err(Fault::invalid("Property .options.limit should be from 1 to 50"));
    }
    Ok(())
}

/// A campaign, what its vouchers have, and its tiers.
fn campaign(call: &Call, body: &Value) -> Result<(), Fault> {
    let kinds = ["DISCOUNT_COUPONS", "GIFT_VOUCHERS", "LOYALTY_PROGRAM", "REFERRAL_PROGRAM", "PROMOTION"];
    offer::one_of(&body["campaign_type"], ".campaign_type", &kinds)?;
    offer::one_of(&body["type"], ".type", &["STATIC", "AUTO_UPDATE", "STANDALONE"])?;
    offer::times(call, body, "")?;
    let is_new = call.endpoint == "campaigns/create";
    if is_new && body["validity_timeframe"].is_object() && body["start_date"].is_null() {
        return Err(Fault::invalid("should have required property 'start_date'"));
    }
    offer::voucher(call, &body["voucher"], ".voucher", false)?;
    for (index, tier) in list(&body["promotion"]["tiers"]).into_iter().enumerate() {
        offer::discount(&tier["action"]["discount"], &alloc::format!(".promotion.tiers[{index}].action.discount"))?;
    }
    Ok(())
}

/// Whoever names a customer names one: not two, and by an object or an id.
fn customer(call: &Call, customer: &Value) -> Result<(), Fault> {
    if !(customer.is_null() || customer.is_object() || customer.is_string()) {
        let details = "Property .customer should be object";
        return Err(Fault::new(400, "invalid_customer", "Invalid customer", details));
    }
    if !call.client_side {
        return Ok(());
    }
    let tracked = text(&call.query["tracking_id"]).or_else(|| text(&call.body["tracking_id"]));
    // an answer's tracking id is of a source id, and not to be compared with one
    let tracked = tracked.filter(|tracked| !tracked.is_empty() && !tracked.starts_with("track_"));
    match (tracked, text(&customer["source_id"])) {
        (Some(tracked), Some(source)) if tracked != source => {
            let details = "tracking_id and customer.source_id name different customers";
            Err(Fault::new(400, "ambiguous_tracking_id", "Ambiguous tracking id", details))
        }
        _ => Ok(()),
    }
}

/// A date that something ends on is one, and after the one that it begins on.
fn expiration(call: &Call, row: &Value) -> Result<(), Fault> {
    let Some(ends) = text(&row["expiration_date"]) else { return Ok(()) };
    let zone = moment::zone(text(&call.project.settings()["timezone"]));
    let begins = text(&row["start_date"]).and_then(|date| moment::parse(date, &zone));
    let details = match moment::parse(ends, &zone) {
        None => "Property .expiration_date should be a date",
        Some(ends) if begins.is_some_and(|begins| begins > ends) => "expiration_date is before start_date",
        Some(_) => return Ok(()),
    };
    Err(Fault::new(400, "invalid_expiration_date", "Invalid expiration date", details))
}

/// `{ object, row }`: whether a row that is kept as it comes may be kept.
pub(super) fn kept(call: &Call) -> Result<Reply, Fault> {
    let object = text(&call.body["object"]).unwrap_or_default();
    let row = &call.body["row"];
    schema::of(call, object, &row["metadata"])?;
    match object {
        "product" => priced(row, "invalid_product", "Invalid product")?,
        "sku" => priced(row, "invalid_sku", "Invalid SKU")?,
        "validation_rules" => rules::check(row)?,
        "stacking_rules" => stacking::check(row)?,
        "promotion_tier" => {
            expiration(call, row)?;
            offer::discount(&row["action"]["discount"], ".action.discount")?;
            offer::times(call, row, "")?;
        }
        "earning_rule" => {
            expiration(call, row)?;
            offer::earning_rule(call, row)?;
        }
        "reward" => offer::one_of(&row["type"], ".type", &["CAMPAIGN", "COIN", "MATERIAL"])?,
        _ => {}
    }
    Ok(Reply::ok(json!({})))
}

fn priced(row: &Value, key: &'static str, message: &str) -> Result<(), Fault> {
    let price = &row["price"];
    if !price.is_null() && whole(price).is_none_or(|price| price < 0) {
        return Err(Fault::new(400, key, message, "Property .price should be a whole number of minor units"));
    }
    Ok(())
}

/// `{ object, id, row }`: whether a row may be deleted. What is protected, or is asked for by a rule, stays.
pub(super) fn deleted(call: &Call) -> Result<Reply, Fault> {
    let (object, id) = (text(&call.body["object"]).unwrap_or_default(), text(&call.body["id"]).unwrap_or_default());
    if call.body["row"]["protected"] == true {
        let details = alloc::format!("{} with id {id} is protected", object.replace('_', " "));
        return Err(Fault::new(400, "resource_protected", "Resource protected", details));
    }
    let asks = |row: &Value| names(&row["rules"], id) || names(&row["applicable_to"], id) || names(&row["segment"], id);
    let used = ["validation_rule", "earning_rule"]
        .into_iter()
        .flat_map(|kind| call.project.all(kind))
        .find(|(_, row)| asks(row));
    match used {
        Some((by, _)) => {
            let details = alloc::format!("{} with id {id} is used by {by}", object.replace('_', " "));
            Err(Fault::new(400, "resource_in_use", "Resource in use", details))
        }
        None => Ok(Reply::ok(json!({}))),
    }
}

/// Whether a value is, or holds, this text.
fn names(value: &Value, id: &str) -> bool {
    match value {
        Value::String(text) => text == id,
        Value::Array(_) => list(value).into_iter().any(|value| names(value, id)),
        Value::Object(members) => members.values().any(|value| names(value, id)),
        _ => false,
    }
}
