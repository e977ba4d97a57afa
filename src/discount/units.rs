//! Picking units across lines: the cheapest or the dearest first, by original unit price, ties by position.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use super::Pricing;
use crate::balance::Pick;
use crate::campaign::reading;
use crate::cart::Line;
use crate::condition::{Measure, Shortfall};
use crate::error::Diagnostic;
use crate::facts::Facts;
use crate::money::Amount;
use crate::order;
use crate::packed::packed;
use crate::pointer::Pointer;
use crate::selector::Selector;

packed! {
    /// Which units first.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    #[serde(rename_all = "snake_case")]
    pub enum Order {
        /// The cheapest; the default.
        #[default]
        Cheapest,
        /// The dearest.
        Dearest,
        /// As the cart lists its lines; of the units of a line the cheapest.
        Listed,
    }
}

impl Order {
    /// `units` units of a line, from this end.
    pub(super) fn of(self, units: i64) -> Pick {
        match self {
            Order::Cheapest | Order::Listed => Pick::Cheapest(units),
            Order::Dearest => Pick::Dearest(units),
        }
    }
}

packed! {
    /// How many units of the selected lines a discount is for, and which first.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
    pub struct Quota {
        pub(super) most: Option<i64>,
        pub(super) most_per_line: Option<i64>,
        pub(super) groups_of: Option<i64>,
        pub(super) pick: Order,
        /// How many units of each line are left out, those that would be picked last.
        pub(super) left_out_per_line: i64,
        /// How many units, or lines, are left out before any is picked.
        pub(super) skip: i64,
        /// Of those that follow, one of every so many; all when not above 1.
        pub(super) every: i64,
        /// Whether it is lines that are left out and counted off.
        pub(super) by_line: bool,
        /// How many lines at most.
        pub(super) most_lines: Option<i64>,
    }
}

/// Lines that a discount is for.
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    pub(super) lines: Selector,
    /// Only those that an earlier discount took something of, or only the others.
    pub(super) discounted: Option<bool>,
}

impl Chosen {
    /// Visits them in the cart's order.
    pub(super) fn each(self, pricing: &Pricing<'_>, visit: &mut dyn FnMut(usize, &Line)) {
        pricing.facts.each_line(self.lines, |index, line| {
            let is_meant = |discounted| discounted == (pricing.taken.left(index).minor() < line.subtotal());
            if self.discounted.is_none_or(is_meant) {
                visit(index, line);
            }
        });
    }
}

/// Units of one line that a quota picks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Picked {
    pub(super) line: usize,
    pub(super) price: i64,
    pub(super) count: i64,
    /// The same units, as a share names them.
    pub(super) units: Pick,
    order: Order,
}

impl Quota {
    /// Checks the members of a document; the first that is out of range is refused.
    pub(super) fn compile(self, at: &Pointer) -> Result<Quota, Box<Diagnostic>> {
        for (name, units) in self.members() {
            units.map(|units| reading::count(units, &at.key(name))).transpose()?;
        }
        Ok(self)
    }

    fn members(&self) -> [(&'static str, Option<i64>); 3] {
        [("maxUnits", self.most), ("maxUnitsPerLine", self.most_per_line), ("groupsOf", self.groups_of)]
    }

    /// The quota of a discount that is given so many times.
    pub(super) fn times(&self, times: i64) -> Quota {
        let all = |units: Option<i64>| units.map(|units| units.saturating_mul(times));
        Quota { most: all(self.most), most_per_line: all(self.most_per_line), ..*self }
    }

    /// The member that limits the units, if one does.
    pub(super) fn limit(&self) -> Option<&'static str> {
        self.members().iter().find(|(_, units)| units.is_some()).map(|(name, _)| *name)
    }

    /// The units that are missing for the next whole group.
    pub(super) fn next_group(&self, facts: &Facts<'_>, lines: Selector) -> Option<Shortfall> {
        let group = self.groups_of?;
        let actual = facts.quantity(lines);
        let required = actual.checked_div(group)?.saturating_add(1).saturating_mul(group);
        let is_enough = self.most.is_some_and(|most| required > most);
        (!is_enough).then_some(Shortfall { lines, line: None, measure: Measure::Quantity, required, actual })
    }

    /// How many of so many units or lines, the next ones from a place on, are counted off.
    fn counted(&self, from: i64, count: i64) -> i64 {
        let until = |place: i64| {
            let open = place.saturating_sub(self.skip).max(0);
            open.saturating_add(self.every).saturating_sub(1).checked_div(self.every).unwrap_or(open)
        };
        until(from.saturating_add(count)).saturating_sub(until(from))
    }

    /// Hands out the units, line by line in the cart's order.
    pub(super) fn pick(&self, pricing: &Pricing<'_>, lines: Chosen, give: &mut dyn FnMut(Picked)) {
        let mut counted_off = in_order(pricing, lines, self.pick);
        let (mut place, mut open_lines) = (0_i64, self.most_lines.unwrap_or(i64::MAX));
        let mut there = 0_i64;
        for (_, _, quantity) in &mut counted_off {
            let counts = if self.by_line { 1 } else { *quantity };
            let counted = self.counted(place, counts).min(open_lines);
            place = place.saturating_add(counts);
            let units = if self.by_line { quantity.saturating_mul(counted) } else { counted };
            open_lines = open_lines.saturating_sub(counted.min(1));
            let units = units.saturating_sub(self.left_out_per_line).min(self.most_per_line.unwrap_or(i64::MAX));
            *quantity = units;
            there = there.saturating_add(units);
        }
        let mut open = self.most.unwrap_or(i64::MAX);
        if let Some(group) = self.groups_of {
            open = open.min(there);
            open = open.saturating_sub(open.checked_rem(group).unwrap_or(0));
        }
        let mut picked = Vec::new();
        for (line, price, units) in counted_off {
            let count = units.min(open);
            if count > 0 {
                open = open.saturating_sub(count);
                picked.push(Picked::some(line, price, count, self.pick));
            }
        }
        hand_out(picked, give);
    }
}

/// Hands out picked units in the cart's order.
pub(super) fn hand_out(mut picked: Vec<Picked>, give: &mut dyn FnMut(Picked)) {
    order::sort(&mut picked, |a: &Picked, b| a.line < b.line);
    picked.into_iter().for_each(give);
}

impl Picked {
    /// All units of a line.
    pub(super) fn every(index: usize, line: &Line) -> Picked {
        let (price, count) = (line.price, line.quantity);
        Picked { line: index, price, count, units: Pick::Every, order: Order::Cheapest }
    }

    /// So many units of a line, from one end.
    pub(super) fn some(line: usize, price: i64, count: i64, order: Order) -> Picked {
        Picked { line, price, count, units: order.of(count), order }
    }

    /// What is left of each unit: (count, left of each).
    pub(super) fn left(&self, pricing: &Pricing<'_>) -> Vec<(i64, i64)> {
        left_of(pricing, self.line, self.count, self.order)
    }

    /// What is left of them together.
    pub(super) fn left_in_all(&self, pricing: &Pricing<'_>) -> Amount {
        match self.units {
            Pick::Every => pricing.balances.left(self.line),
            _ => self.left(pricing).iter().map(|(count, left)| Amount::new(*left).times(*count)).sum(),
        }
    }

    /// What they cost before any discount.
    pub(super) fn price_in_all(&self) -> Amount {
        Amount::new(self.price).times(self.count)
    }
}

/// The selected lines in the order in which their units are picked: (line, unit price, quantity).
pub(super) fn in_order(pricing: &Pricing<'_>, lines: Chosen, pick: Order) -> Vec<(usize, i64, i64)> {
    let mut picked = Vec::new();
    lines.each(pricing, &mut |index, line| picked.push((index, line.price, line.quantity)));
    put_in_order(&mut picked, pick);
    picked
}

/// Puts places with a price each in the order of `pick`. Those of one price stay in the cart's order.
pub(super) fn put_in_order(places: &mut [(usize, i64, i64)], pick: Order) {
    order::sort(places, |a, b| match pick {
        Order::Cheapest => (a.1, a.0) < (b.1, b.0),
        Order::Dearest => (b.1, a.0) < (a.1, b.0),
        Order::Listed => a.0 < b.0,
    });
}

/// What is left of each of `units` units of a line, from one end: (count, left of each).
pub(super) fn left_of(pricing: &Pricing<'_>, line: usize, units: i64, order: Order) -> Vec<(i64, i64)> {
    let cart = pricing.facts.cart;
    let untouched = cart.lines.get(line).filter(|given| given.subtotal() == pricing.balances.left(line).minor());
    if let Some(given) = untouched {
        return vec![(given.quantity.min(units), given.price)];
    }
    let mut runs = pricing.balances.left_by_unit(cart, line);
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
