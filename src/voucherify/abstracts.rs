//! Questions that no request of Voucherify's interface asks by itself: what a formula comes to, when points expire, how a
//! discount is scaled by bundles, what budgets of units leave.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::apply::Around;
use super::call::Call;
use super::customer::Customer;
use super::definition::{Definition, Effect, Kind};
use super::fault::Fault;
use super::fields::{count, list, row, set, text, whole, Row};
use super::formula::{self, Scope};
use super::order::Order;
use super::till::{self, Off, Part};
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

/// `{ sequence: { limit, orders: [{ customer, units }] } }`: how many units of each order are discounted.
pub(super) fn unit_budgets(call: &Call) -> Reply {
    let sequence = &call.body["sequence"];
    let limits = row(&sequence["limit"]);
    let mut used: alloc::collections::BTreeMap<String, i64> = alloc::collections::BTreeMap::new();
    let mut discounted = Vec::new();
    for order in list(&sequence["orders"]) {
        let mut of_product = |product: &str, asked: i64| {
            let name = |limit: &str| {
                let who = if limit.contains("customer") { text(&order["customer"]).unwrap_or_default() } else { "" };
                let what = if limit.contains("in_collection") { product } else { "" };
                [limit, who, what].join("|").to_string()
            };
            let left = |(limit, most): (&String, &Value)| {
                count(most).saturating_sub(used.get(&name(limit)).copied().unwrap_or(0)).max(0)
            };
            let units = limits.iter().map(left).fold(asked, i64::min);
            for limit in limits.keys() {
                let sum = used.entry(name(limit)).or_default();
                *sum = sum.saturating_add(units);
            }
            units
        };
        discounted.push(match order["units"].as_object() {
            Some(products) => {
                let told = products.iter().map(|(name, units)| (name.clone(), of_product(name, count(units)).into()));
                Value::Object(told.collect())
            }
            None => of_product("", count(&order["units"])).into(),
        });
    }
    Reply::ok(json!({ "discounted_units": discounted }))
}

/// `{ bundle_case: { bundles_in_cart, discount, scaling, targets?, quantity_limit?, … } }`: the discount for so many bundles.
pub(super) fn bundles(call: &Call) -> Result<Reply, Fault> {
    let case = &call.body["bundle_case"];
    let found = whole(&case["bundles_in_cart"]).or_else(|| whole(&case["bundles"])).unwrap_or(1);
    let limit = whole(&case["limit"]).or_else(|| whole(&case["bundle_limit"])).unwrap_or(i64::MAX);
    let multiplies = text(&case["scaling"]).is_none_or(|scaling| scaling.eq_ignore_ascii_case("MULTIPLY"));
    let bundles = found.min(limit);
    let times = if multiplies { bundles } else { bundles.min(1) };
    let definition = Definition::read(&case["discount"], true).ok_or_else(|| Fault::invalid("no discount"))?;
    let scaled = definition.times(times);
    let defined = &scaled.defined;
    let mut told = row(&json!({ "bundles": bundles, "quantity": bundles }));
    for (member, name) in [
        ("percent_off", "effective_percent_off"),
        ("amount_off", "effective_amount_off"),
        ("fixed_amount", "effective_fixed_amount"),
        ("unit_off", "effective_unit_off"),
    ] {
        if !defined[member].is_null() {
            set(&mut told, name, defined[member].clone());
        }
    }
    if scaled.kind == Kind::Unit {
        set(&mut told, "free_units", count(&defined["unit_off"]));
        set(&mut told, "units", count(&defined["unit_off"]));
        set(&mut told, "discounted_units", count(&defined["unit_off"]));
    }
    let amount = count(&defined["amount_off"]);
    let targets: Vec<&Value> = list(&case["targets"]);
    let quantities: Vec<i64> = targets.iter().map(|target| whole(&target["quantity"]).unwrap_or(1)).collect();
    // what a target is worth is only said where it matters
    let worth = |target: &Value| {
        let of_units = |price: i64| price.saturating_mul(whole(&target["quantity"]).unwrap_or(1));
        whole(&target["amount"])
            .or_else(|| whole(&target["subtotal"]))
            .or_else(|| whole(&target["price"]).map(of_units))
    };
    let left = |target: &&&Value| worth(target).unwrap_or(i64::MAX >> 24);
    let units = |target: &Value, quantity: i64| {
        let limit = whole(&target["quantity_limit"]).or_else(|| whole(&case["quantity_limit"]));
        quantity.min(limit.map_or(i64::MAX, |limit| limit.saturating_mul(times)))
    };
    let of_targets = || targets.iter().zip(&quantities).map(|(target, quantity)| units(target, *quantity));
    let taken: Vec<i64> = match (scaled.kind, scaled.effect) {
        (Kind::Amount, Effect::ByAmount | Effect::ByQuantity) => {
            let parts: Vec<(i64, i64)> =
                targets.iter().zip(&quantities).map(|(target, units)| (left(&target), *units)).collect();
            till::spread(amount, &parts, scaled.effect == Effect::ByQuantity)
        }
        (Kind::Amount, Effect::Units) => {
            set(&mut told, "discounted_units", of_targets().fold(0, i64::saturating_add));
            of_targets().map(|units| amount.saturating_mul(units)).collect()
        }
        (Kind::Amount, Effect::Items) => {
            let parts: Vec<Part> =
                targets.iter().map(|target| Part::piece(left(&target), Off::Amount(amount))).collect();
            till::take(&parts, &[])
        }
        (Kind::Amount, _) => {
            let order = whole(&case["order_amount"]).or_else(|| whole(&call.body["order"]["amount"]));
            alloc::vec![order.map_or(amount, |order| amount.min(order))]
        }
        (Kind::Fixed, Effect::Order) => {
            set(&mut told, "total_amount", count(&defined["fixed_amount"]));
            Vec::new()
        }
        (Kind::Fixed, _) => {
            set(&mut told, "discounted_units", of_targets().fold(0, i64::saturating_add));
            let price = count(&defined["fixed_amount"]);
            let parts: Vec<Part> = targets
                .iter()
                .zip(&quantities)
                .map(|(target, quantity)| {
                    let each = whole(&target["price"]).unwrap_or(price);
                    let most = each.saturating_mul(*quantity);
                    Part {
                        price: each,
                        quantity: units(target, *quantity),
                        off: Off::UnitPrice(price),
                        most,
                        shared: None,
                    }
                })
                .collect();
            till::take(&parts, &[])
        }
        _ => Vec::new(),
    };
    if !taken.is_empty() {
        set(&mut told, "total_discount_amount", taken.iter().fold(0_i64, |sum, amount| sum.saturating_add(*amount)));
        set(&mut told, "targets", taken);
    }
    for side in ["source", "target"] {
        if let Some(units) = whole(&case[side]["quantity"]) {
            set(&mut told, side, json!({ "quantity": units.saturating_mul(times) }));
        }
    }
    Ok(Reply::ok(told))
}

/// `{ buckets: [{ points, expires_at? }], spend }`: what is left of each, the one that expires first spent first.
pub(super) fn buckets(call: &Call) -> Reply {
    let buckets: Vec<&Value> = list(&call.body["buckets"]);
    let date = |bucket: &Value| {
        ["expires_at", "expiration_date", "expires"]
            .into_iter()
            .find_map(|member| text(&bucket[member]))
            .map(String::from)
    };
    let mut order: Vec<usize> = (0..buckets.len()).collect();
    order.sort_by_key(|index| {
        let expires = buckets.get(*index).and_then(|bucket| date(bucket));
        (expires.is_none(), expires)
    });
    let named = ["spend", "redeem", "points", "points_used"];
    let mut open = named.into_iter().find_map(|member| whole(&call.body[member])).unwrap_or(0);
    let points = |bucket: &Value| whole(&bucket["points"]).or_else(|| whole(&bucket["total_points"])).unwrap_or(0);
    let mut left: Vec<i64> = buckets.iter().map(|bucket| points(bucket)).collect();
    for index in order {
        if let Some(bucket) = left.get_mut(index) {
            let taken = open.min(*bucket);
            (*bucket, open) = (bucket.saturating_sub(taken), open.saturating_sub(taken));
        }
    }
    let told: Vec<Row> = buckets
        .iter()
        .zip(&left)
        .map(|(bucket, left)| {
            let mut told = row(bucket);
            set(&mut told, "left", *left);
            told
        })
        .collect();
    Reply::ok(json!({ "buckets": told, "left": left, "missing": open }))
}
