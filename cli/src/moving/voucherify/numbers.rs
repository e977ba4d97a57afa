//! Numbers of exports: what they come to, and which of them cannot be read.

use serde_json::Value;

use super::super::{minor, scaled};

/// Ways in which a discount is told: the member of its number, and how many places of it tables have in major units.
const KINDS: [(&str, &str, u32); 4] =
    [("PERCENT", "percent_off", 6), ("AMOUNT", "amount_off", 2), ("FIXED", "fixed_amount", 2), ("UNIT", "unit_off", 0)];

/// A whole number.
pub fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// The number of a cell, in the units that JSON has it in. One that cannot be read stays as it is written, in quotes, so that nobody
/// takes it for another number.
pub fn of_cell(text: &str, kind: &str) -> Value {
    let read = match kind {
        "PERCENT" => scaled(text, 6).and_then(|_| {
            let (whole, part) = text.split_once('.').unwrap_or((text, ""));
            let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
            let whole = if whole.is_empty() { "0" } else { whole };
            let told = if part.is_empty() { whole.into() } else { format!("{whole}.{part}") };
            serde_json::from_str(&told).ok()
        }),
        "UNIT" | "" => scaled(text, 0).map(Value::from),
        _ => minor(text).map(Value::from),
    };
    read.unwrap_or_else(|| format!("\"{text}\"").into())
}

/// The kind of a discount, and the member that has its number.
pub fn kind_of_discount(discount: &Value) -> Option<(&'static str, &'static str)> {
    let by_number = || KINDS.iter().find(|(_, member, _)| !discount[*member].is_null());
    let found = match discount["type"].as_str() {
        Some(kind) => KINDS.iter().find(|(known, ..)| *known == kind),
        None => by_number(),
    };
    found.map(|(kind, member, _)| (*kind, *member))
}

/// Whether two numbers of a kind of discount are the same.
pub fn are_same(left: &Value, right: &Value, kind: &str) -> bool {
    let places = KINDS.iter().find(|(known, ..)| *known == kind).map_or(0, |(.., places)| *places);
    let read = |value: &Value| scaled(value.as_str().map_or_else(|| value.to_string(), String::from).as_str(), places);
    left == right || read(left).is_some_and(|number| read(right) == Some(number))
}

/// What is on a card: its balance, or what it was issued with.
pub fn balance_of(card: &Value) -> &Value {
    ["balance", "amount", "points"]
        .into_iter()
        .map(|member| &card[member])
        .find(|told| !told.is_null())
        .unwrap_or(&Value::Null)
}

/// The members that say how often a code may be used and what is on it, but nothing that can be read.
pub fn unreadable(voucher: &Value, kind: &str) -> Vec<&'static str> {
    let is_count = |value: &Value| whole(value).is_some_and(|number| number >= 0);
    let mut found = Vec::new();
    for (member, name) in [("quantity", "redemption.quantity"), ("redeemed_quantity", "redemption.redeemed_quantity")] {
        let told = &voucher["redemption"][member];
        if !told.is_null() && !is_count(told) {
            found.push(name);
        }
    }
    if kind == "gift_card" && !is_count(balance_of(&voucher["gift"])) {
        found.push("gift.balance");
    }
    let card = balance_of(&voucher["loyalty_card"]);
    if kind == "points" && !card.is_null() && !is_count(card) {
        found.push("loyalty_card.balance");
    }
    if !voucher["active"].is_null() && !voucher["active"].is_boolean() {
        found.push("active");
    }
    found
}
