//! Picking units across lines: the cheapest or the dearest first, by original unit price, ties by position.

use serde::{Deserialize, Serialize};

use super::Pricing;
use crate::balance::Pick;
use crate::order;
use crate::selector::Selector;

/// Which units first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The cheapest; the default.
    #[default]
    Cheapest,
    /// The dearest.
    Dearest,
}

impl Order {
    /// `units` units of a line, from this end.
    pub(super) fn of(self, units: i64) -> Pick {
        match self {
            Order::Cheapest => Pick::Cheapest(units),
            Order::Dearest => Pick::Dearest(units),
        }
    }
}

/// The selected lines in the order in which their units are picked: (line, unit price, quantity).
pub(super) fn in_order(pricing: &Pricing<'_>, lines: Selector, pick: Order) -> Vec<(usize, i64, i64)> {
    let mut picked = Vec::new();
    pricing.facts.each_line(lines, |index, line| picked.push((index, line.price, line.quantity)));
    // lines of one price keep the cart's order
    order::sort(&mut picked, |a, b| match pick {
        Order::Cheapest => (a.1, a.0) < (b.1, b.0),
        Order::Dearest => (b.1, a.0) < (a.1, b.0),
    });
    picked
}

/// What is left of each of `units` units of a line, from one end: (count, left of each).
pub(super) fn left_of(pricing: &Pricing<'_>, line: usize, units: i64, order: Order) -> Vec<(i64, i64)> {
    let cart = pricing.facts.cart;
    let untouched = cart.lines.get(line).filter(|given| given.subtotal() == pricing.balances.left(line).minor());
    if let Some(given) = untouched {
        return vec![(given.quantity.min(units), given.price)];
    }
    let mut runs = pricing.balances.runs(cart, line);
    if order == Order::Dearest {
        runs.reverse();
    }
    let mut open = units;
    let mut some = Vec::new();
    for run in runs {
        let count = run.count.min(open);
        if count == 0 {
            break;
        }
        open = open.saturating_sub(count);
        some.push((count, run.left));
    }
    some
}
