//! Sets of units at one price, formed so that the shopper saves most.

use alloc::vec::Vec;

use serde::Serialize;

use super::units::{self, Order};
use super::{Offer, Pricing};
use crate::balance::{Bearing, Manner};
use crate::condition::{Measure, Shortfall};
use crate::facts::Facts;
use crate::money::Amount;
use crate::order;
use crate::packed::packed;
use crate::selector::Selector;
use crate::vocabulary::AmountRow;

packed! {
    /// Sets, compiled.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Sets {
        pub(super) size: i64,
        pub(super) price: AmountRow,
        pub(super) lines: Selector,
        pub(super) at_most: Option<i64>,
        pub(super) pick: Order,
        /// Whether units that earlier discounts used up are gone, and these are for later ones.
        pub(super) uses_up: bool,
    }
}

/// The set that is being filled, unit by unit in the order in which they are picked.
struct Filling {
    size: i64,
    price: Amount,
    sets_left: i64,
    open: i64,
    sum: Amount,
    saved: Amount,
    /// What is taken from which lines: committed, and part of the unfinished set.
    members: Vec<(usize, i64, Amount)>,
    pending: Vec<(usize, i64, Amount)>,
}

impl Filling {
    /// Adds units of one line that have the same left.
    fn add(&mut self, line: usize, mut count: i64, left: i64) {
        while count > 0 && self.sets_left > 0 {
            if self.open == self.size && count >= self.size {
                // whole sets of equal units at once
                let sets = count.checked_div(self.size).unwrap_or(0).min(self.sets_left);
                let units = sets.saturating_mul(self.size);
                count = count.saturating_sub(units);
                let gain = Amount::new(left).times(self.size) - self.price;
                if gain.is_positive() {
                    self.saved += gain.times(sets);
                    self.members.push((line, units, Amount::new(left).times(units)));
                    self.sets_left = self.sets_left.saturating_sub(sets);
                }
                continue;
            }
            let some = count.min(self.open);
            let worth = Amount::new(left).times(some);
            self.pending.push((line, some, worth));
            self.sum += worth;
            self.open = self.open.saturating_sub(some);
            count = count.saturating_sub(some);
            if self.open == 0 {
                self.finish();
            }
        }
    }

    /// A set is full: it is kept when it saves something.
    fn finish(&mut self) {
        let gain = self.sum - self.price;
        if gain.is_positive() {
            self.saved += gain;
            self.members.append(&mut self.pending);
            self.sets_left = self.sets_left.saturating_sub(1);
        }
        self.pending.clear();
        self.open = self.size;
        self.sum = Amount::ZERO;
    }
}

impl Sets {
    /// Whether the price is given in the cart's currency.
    pub(super) fn covers(&self, facts: &Facts<'_>) -> bool {
        facts.amount(self.price).is_some()
    }

    /// Offers what the sets save, spread over their units.
    pub(super) fn offer(&self, pricing: &Pricing<'_>, offer: &mut Offer) {
        let Some(price) = pricing.facts.amount(self.price).filter(|_| self.size > 0) else { return };
        // units that were used up are those with the least left
        let first = if self.uses_up { Order::Dearest } else { self.pick };
        let mut filling = Filling {
            size: self.size,
            price,
            sets_left: self.at_most.unwrap_or(i64::MAX),
            open: self.size,
            sum: Amount::ZERO,
            saved: Amount::ZERO,
            members: Vec::new(),
            pending: Vec::new(),
        };
        let mut runs = Vec::new();
        pricing.facts.each_line(self.lines, |line, given| {
            let gone = if self.uses_up { pricing.taken.used_up(line) } else { 0 };
            let left = units::left_of(pricing, line, given.quantity.saturating_sub(gone), first);
            runs.extend(left.into_iter().map(|(count, left)| (line, left, count)));
        });
        // by what is left, not by original price: a unit that is free already must not spoil a set
        units::put_in_order(&mut runs, self.pick);
        for (line, left, count) in runs {
            filling.add(line, count, left);
        }
        order::sort(&mut filling.members, |a, b| a.0 < b.0);
        for members in filling.members.chunk_by(|a, b| a.0 == b.0) {
            let Some((line, _, _)) = members.first() else { continue };
            let units = members.iter().fold(0_i64, |sum, (_, units, _)| sum.saturating_add(*units));
            let worth = members.iter().map(|(_, _, worth)| *worth).sum();
            let manner = Manner::of(first.of(units), Bearing::InProportion);
            offer.share_in(manner, *line, worth);
            if self.uses_up {
                offer.used.push((*line, units));
            }
        }
        offer.spread = Some(filling.saved);
    }

    /// Whether they save no more when others have taken something before. Not so where a set that saves nothing any more
    /// lets one of dearer units in.
    pub(crate) fn shrink_with_the_cart(&self) -> bool {
        self.pick == Order::Dearest || self.at_most.is_none() && !self.uses_up
    }

    /// The units that are missing for the next set.
    pub(super) fn next_step(&self, facts: &Facts<'_>) -> Option<Shortfall> {
        let actual = facts.quantity(self.lines);
        let sets = actual.checked_div(self.size)?.saturating_add(1);
        if self.at_most.is_some_and(|most| sets > most) {
            return None;
        }
        let required = sets.saturating_mul(self.size);
        Some(Shortfall { lines: self.lines, line: None, measure: Measure::Quantity, required, actual })
    }
}
