//! The one place where money is worked out: a step of an order becomes a campaign document and a cart, the engine quotes it, and
//! what it took off each line is read from the answer.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use rust_decimal::Decimal;
use serde_json::{json, Value};

use super::definition::percent_text;
use crate::cart::Cart;
use crate::catalog::Catalog;
use crate::compile::{compile, Source};
use crate::engine::{Desk, Disclosure};
use crate::request::{self, Moment, Names};
use crate::time::Interval;

/// Voucherify counts every currency in hundredths, so any currency that does stands for all.
const CURRENCY: &str = "EUR";

/// What is taken off a part.
#[derive(Clone, Debug)]
pub(super) enum Off {
    /// An amount.
    Amount(i64),
    /// A percentage.
    Percent(Decimal),
    /// What is above this price of the whole.
    Price(i64),
    /// What is above this price of each unit.
    UnitPrice(i64),
    /// The price of so many units.
    Units(i64),
}

/// A line or an order, as far as it is discounted.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// What a unit costs, or the whole.
    pub(super) price: i64,
    /// How many there are.
    pub(super) quantity: i64,
    /// What is taken off.
    pub(super) off: Off,
    /// The most that is.
    pub(super) most: i64,
    /// With which other parts it shares a limit.
    pub(super) shared: Option<usize>,
}

impl Part {
    /// An amount that is left, as one piece.
    pub(super) fn piece(left: i64, off: Off) -> Part {
        Part { price: left, quantity: 1, off, most: left, shared: None }
    }
}

/// What is taken off each part. Those that share a limit use it up in their order.
pub(super) fn take(parts: &[Part], limits: &[i64]) -> Vec<i64> {
    let mut campaigns = Vec::new();
    let mut lines = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let shared_is_used_up = part.shared.is_some_and(|limit| limits.get(limit).is_some_and(|limit| *limit <= 0));
        if part.most <= 0 || part.price <= 0 || part.quantity <= 0 || shared_is_used_up {
            continue;
        }
        let sku = index.to_string();
        lines.push(json!({ "id": sku, "sku": sku, "unitPrice": part.price, "quantity": part.quantity }));
        let mut campaign_limits = json!({ "budget": { CURRENCY: part.most } });
        if let Some(shared) = part.shared.filter(|shared| limits.get(*shared).is_some()) {
            campaign_limits["sharedBudget"] = shared.to_string().into();
        }
        if let Some(discount) = discount(&part.off, &sku) {
            campaigns.push(json!({
                "id": format!("part-{index}"), "discounts": [discount], "limits": campaign_limits,
                "stacking": { "priority": index },
            }));
        }
    }
    let budgets = limits.iter().enumerate().filter(|(_, limit)| **limit > 0);
    let budgets: Vec<Value> =
        budgets.map(|(index, limit)| json!({ "id": index.to_string(), "amount": { CURRENCY: limit } })).collect();
    let document = json!({ "campaigns": campaigns, "budgets": budgets });
    let mut taken = alloc::vec![0; parts.len()];
    for (sku, amount) in quote(document, &lines) {
        if let Some(part) = taken.get_mut(sku) {
            *part = amount;
        }
    }
    taken
}

/// An amount spread over parts in proportion to what is left of them, or to their units.
pub(super) fn spread(amount: i64, parts: &[(i64, i64)], by_quantity: bool) -> Vec<i64> {
    let mut lines = Vec::new();
    for (index, (left, units)) in parts.iter().enumerate() {
        let sku = index.to_string();
        if !by_quantity {
            lines.push(json!({ "id": sku, "sku": sku, "unitPrice": left, "quantity": 1 }));
            continue;
        }
        // units of one line may be left with amounts that differ by one
        let (each, dearer) = (left.checked_div(*units).unwrap_or(0), left.checked_rem(*units).unwrap_or(0));
        for (suffix, price, quantity) in
            [("", each, units.saturating_sub(dearer)), ("+", each.saturating_add(1), dearer)]
        {
            if quantity > 0 {
                let id = format!("{index}{suffix}");
                lines.push(json!({ "id": id, "sku": id, "unitPrice": price, "quantity": quantity }));
            }
        }
    }
    let spread_by = if by_quantity { "quantity" } else { "amount" };
    let discount = json!({ "type": "amount_off", "amount": { CURRENCY: amount }, "spreadBy": spread_by });
    let mut taken = alloc::vec![0_i64; parts.len()];
    if amount > 0 {
        for (index, share) in quote(json!({ "campaigns": [{ "id": "spread", "discounts": [discount] }] }), &lines) {
            if let Some(part) = taken.get_mut(index) {
                *part = part.saturating_add(share);
            }
        }
    }
    taken
}

fn discount(off: &Off, sku: &str) -> Option<Value> {
    let lines = json!({ "skus": [sku] });
    Some(match off {
        Off::Amount(0) | Off::Units(0) => return None,
        Off::Amount(amount) => {
            json!({ "type": "amount_off", "amount": { CURRENCY: amount }, "per": "line", "lines": lines })
        }
        Off::Percent(percent) => {
            json!({ "type": "percent_off", "percent": percent_text(*percent), "lines": lines })
        }
        Off::Price(price) => {
            json!({ "type": "fixed_price", "price": { CURRENCY: price }, "per": "line", "lines": lines })
        }
        Off::UnitPrice(price) => {
            json!({ "type": "fixed_unit_price", "price": { CURRENCY: price }, "lines": lines })
        }
        Off::Units(units) => json!({ "type": "percent_off", "percent": "100", "maxUnits": units, "lines": lines }),
    })
}

/// What the engine takes off each line, by the number that its id begins with.
fn quote(document: Value, lines: &[Value]) -> Vec<(usize, i64)> {
    let life = Interval { from: 0, until: 1 };
    let source = Source { name: String::from("step"), document };
    let Ok(compiled) = compile(&[source], life) else { return Vec::new() };
    let Ok(catalog) = Catalog::read(&compiled.section) else { return Vec::new() };
    let body = json!({ "currency": CURRENCY, "now": 0, "lines": lines }).to_string();
    let (mut cart, mut names, mut desk) = (Cart::default(), Names::default(), Desk::default());
    if request::read(body.as_bytes(), Moment::default(), &catalog, &mut cart, &mut names).is_err() {
        return Vec::new();
    }
    desk.evaluate(&catalog, &cart, Disclosure::Full);
    let number = |line: &Value| line["id"].as_str()?.trim_end_matches('+').parse().ok();
    let ids = lines.iter().map(|line| number(line).unwrap_or(usize::MAX));
    ids.zip(&desk.answer().lines).map(|(id, (_, off))| (id, *off)).collect()
}
