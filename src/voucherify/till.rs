//! The one place where money and points are worked out: a step of an order becomes a campaign document and a cart, the engine
//! quotes it, and what it took off each line is read from the answer; what earns becomes a programme, which the engine previews.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::Decimal;
use serde_json::{json, Value};

use super::definition::percent_text;
use crate::cart::Cart;
use crate::catalog::Catalog;
use crate::compile::{compile, Source};
use crate::engine::{Desk, Disclosure};
use crate::member::{Preview, Quoted, Rules};
use crate::money::{Amount, Rate, Rounding, MAX_AMOUNT};
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

/// What earns.
#[derive(Clone, Copy, Debug)]
pub(super) enum Gives {
    /// So many points.
    Points(i64),
    /// So many for each so much of what something is worth.
    Each {
        /// What it is worth.
        worth: Decimal,
        /// For each so much …
        every: Decimal,
        /// … so many.
        points: i64,
    },
}

/// The points that something gives; `by_tier` is what a tier makes of them, as programmes have it.
pub(super) fn points(gives: Gives, by_tier: Option<&Value>) -> i64 {
    let mut rule = json!({ "id": "rule", "on": "order" });
    let base = match gives {
        Gives::Points(points) => {
            rule["points"] = points.into();
            1
        }
        Gives::Each { worth, every, points } => {
            let Some((worth, every)) = whole_numbers(worth, every) else { return 0 };
            rule["points"] = points.into();
            rule["every"] = json!({ CURRENCY: every });
            worth
        }
    };
    if let Some(by_tier) = by_tier {
        rule["byLevel"] = json!({ "tier": by_tier });
    }
    let levels =
        json!({ "by": "balance", "every": "month", "keep": "balance_drop", "list": [{ "id": "tier", "from": 0 }] });
    let programme = json!({ "id": "card", "unit": "points", "levels": levels, "earning": [rule] });
    let document = json!({ "campaigns": [], "loyalty": { "programmes": [programme] } });
    let lines = [json!({ "id": "0", "sku": "0", "unitPrice": base, "quantity": 1 })];
    let request = json!({ "currency": CURRENCY, "now": 0, "lines": lines });
    let progress = json!({ "level": "tier", "points": 0 });
    let asked = json!({ "request": request, "accounts": [{ "scheme": "card", "progress": progress }] });
    let previewed = evaluated(document, &request, |catalog, cart, desk| {
        let asked = Preview::read(asked.to_string().as_bytes()).ok()?;
        let quoted = Quoted { catalog, cart, answer: desk.answer(), balances: desk.balances() };
        let views = Rules::read(catalog.loyalty()).ok()?.preview_at_once(&asked, quoted).ok()?;
        Some(views.first()?.points)
    });
    previewed.flatten().unwrap_or(0)
}

/// Points for money, and money for points: so many points are worth so much, minor units.
pub(super) struct Exchange {
    worth: i64,
    points: i64,
    /// By which both were multiplied to be whole numbers.
    scale: i64,
}

impl Exchange {
    /// Nothing where one of the two is not above zero.
    pub(super) fn of(worth: Decimal, points: Decimal) -> Option<Exchange> {
        let scale = scale_of(worth, points)?;
        let (worth, points) = whole_numbers(worth, points)?;
        Some(Exchange { worth, points, scale })
    }

    /// What points are worth, to the nearest minor unit.
    pub(super) fn value(&self, points: i64) -> i64 {
        Rate::ratio(self.worth, self.points).map_or(0, |rate| rate.of(Amount::new(points), Rounding::HalfUp).minor())
    }

    /// The points for an amount, in whole blocks.
    pub(super) fn cost(&self, amount: i64) -> i64 {
        let up = |rate: Option<Rate>, of: i64| rate.map_or(0, |rate| rate.of(Amount::new(of), Rounding::Up).minor());
        let blocks = up(Rate::ratio(self.scale, self.worth), amount);
        up(Rate::ratio(self.points, self.scale), blocks)
    }
}

fn scale_of(left: Decimal, right: Decimal) -> Option<i64> {
    10_i64.checked_pow(left.normalize().scale().max(right.normalize().scale()))
}

/// Two numbers above zero as whole ones that stand to each other as they do.
fn whole_numbers(left: Decimal, right: Decimal) -> Option<(i64, i64)> {
    let scale = Decimal::from(scale_of(left, right)?);
    let whole =
        |number: Decimal| number.checked_mul(scale)?.to_i64().filter(|number| (1..=MAX_AMOUNT).contains(number));
    Some((whole(left)?, whole(right)?))
}

/// What the engine takes off each line, by the number that its id begins with.
fn quote(document: Value, lines: &[Value]) -> Vec<(usize, i64)> {
    let request = json!({ "currency": CURRENCY, "now": 0, "lines": lines });
    let number = |line: &Value| line["id"].as_str()?.trim_end_matches('+').parse().ok();
    let ids = lines.iter().map(|line| number(line).unwrap_or(usize::MAX));
    evaluated(document, &request, |_, _, desk| ids.zip(&desk.answer().lines).map(|(id, (_, off))| (id, *off)).collect())
        .unwrap_or_default()
}

/// What is read of the engine's answer to a request by a document.
fn evaluated<T>(document: Value, request: &Value, read: impl FnOnce(&Catalog, &Cart, &Desk) -> T) -> Option<T> {
    let life = Interval { from: 0, until: 1 };
    let source = Source { name: String::from("step"), document };
    let compiled = compile(&[source], life).ok()?;
    let catalog = Catalog::read(&compiled.section).ok()?;
    let (mut cart, mut names, mut desk) = (Cart::default(), Names::default(), Desk::default());
    let body = request.to_string();
    request::read(body.as_bytes(), Moment::default(), &catalog, &mut cart, &mut names).ok()?;
    desk.evaluate(&catalog, &cart, Disclosure::Full);
    Some(read(&catalog, &cart, &desk))
}
