//! Questions that no request of Voucherify's interface asks by itself: what a formula comes to, and when points expire.

use alloc::vec::Vec;

use serde_json::{json, Value};

use super::apply::Around;
use super::call::Call;
use super::customer::Customer;
use super::fault::Fault;
use super::fields::{list, row, set, text, whole, Row};
use super::formula::{self, Scope};
use super::order::Order;
use super::{card, moment, Reply};

/// `{ formulas: [{ formula, order?, customer?, redeemable?, metadata?, event?, item? }] }`: each with its `value`.
pub(super) fn formulas(call: &Call) -> Result<Reply, Fault> {
    let zone = moment::zone(text(&call.project.settings()["timezone"]));
    let mut told = Vec::new();
    for asked in list(&call.body["formulas"]) {
        let pick = |members: &[&str]| -> Value {
            let given = members.iter().flat_map(|member| [&asked[*member], &call.body[*member]]);
            given.into_iter().find(|value| !value.is_null()).cloned().unwrap_or_default()
        };
        let customer = Customer::read(call, &pick(&["customer"]));
        let mut sent = pick(&["order"]);
        let of_item = pick(&["item", "order_item"]);
        if of_item.is_object() && sent["items"].is_null() {
            let mut order = row(&sent);
            set(&mut order, "items", json!([of_item]));
            sent = order.into();
        }
        let order = Order::read(call, &sent)?;
        let redeemable = pick(&["redeemable", "voucher", "promotion_tier"]);
        let mut metadata = pick(&["redemption"])["metadata"].clone();
        if metadata.is_null() {
            metadata = pick(&["metadata", "redemption_metadata"]);
        }
        let around = Around { call, customer: &customer, metadata: &metadata, zone: &zone };
        let event = pick(&["event", "custom_event"]);
        let named = ["item", "item_index", "order_item", "order_item_index"];
        let line =
            named.into_iter().find_map(|member| whole(&asked[member])).and_then(|line| usize::try_from(line).ok());
        let line = line.or_else(|| (order.lines.len() == 1).then_some(0));
        let now = text(&asked["now"]).or_else(|| text(&asked["today"])).and_then(|now| moment::parse(now, &zone));
        let scope = Scope { event: &event, line, now: now.unwrap_or(call.now), ..around.scope(&order, &redeemable) };
        let text = text(&asked["formula"]).unwrap_or_default();
        let mut answered = row(asked);
        let value = formula::value(text, &scope).unwrap_or_else(|| asked["fallback"].clone());
        set(&mut answered, "value", value);
        told.push(answered);
    }
    Ok(Reply::ok(json!({ "formulas": told })))
}

/// `{ table: [{ earned, expiration_rules }] }`: each with the last day on which its points can be used, `expires_at`.
pub(super) fn expirations(call: &Call) -> Reply {
    let dated = |asked: &Value| {
        let named = ["earned", "earned_at", "activated", "activated_at", "added", "date"];
        let earned = named.into_iter().find_map(|member| card::moment_of(call, &asked[member]));
        let last = earned.and_then(|earned| card::last_day(call, &asked["expiration_rules"], earned));
        let mut answered = row(asked);
        set(&mut answered, "expires_at", last.map_or(Value::Null, Value::from));
        answered
    };
    let told: Vec<Row> = list(&call.body["table"]).into_iter().map(dated).collect();
    Reply::ok(json!({ "table": told }))
}
