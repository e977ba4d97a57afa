//! Mixed sets: so many units of each of several kinds of lines. How many sets a cart holds, and which units they take.
//!
//! A unit may fit several parts of a set. The count is exact all the same: so many sets can be formed as long as every
//! choice of parts finds units enough among the lines that fit one of them. Units are taken from one end of what is left
//! of them; one is passed over only where the sets could not be completed with it.

use alloc::boxed::Box;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::units::{self, Order};
use super::worth::Worth;
use super::{Offer, Pricing};
use crate::balance::{Bearing, Manner};
use crate::campaign::reading;
use crate::condition::{Measure, Shortfall};
use crate::error::Diagnostic;
use crate::facts::Facts;
use crate::money::{Amount, RoundingLevel};
use crate::order;
use crate::packed::packed;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector, Selector};
use crate::vocabulary::VocabularyBuilder;

/// Most parts of a set.
const MAX_PARTS: usize = 8;

packed! {
    /// What a set consists of.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Bundle {
        /// So many units of such lines each.
        pub(super) parts: Vec<(Selector, i64)>,
        /// How many sets at most.
        pub(super) at_most: Option<i64>,
    }

    /// A discount on the units of sets.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Bundles {
        pub(super) bundle: Bundle,
        /// A rate of the sets, or an amount off or a price of each.
        pub(super) worth: Worth,
        pub(super) pick: Order,
    }
}

/// A part of a set, as documents spell it.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BundlePart {
    /// Units of a set; default 1.
    pub quantity: Option<i64>,
    /// Of which lines; all when absent.
    pub lines: Option<LineSelector>,
}

/// Sets that make a discount larger: it is given once for each that the cart holds.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PerBundle {
    /// What a set consists of; at most eight parts.
    pub of: Vec<BundlePart>,
    /// How many sets count at most; all when absent.
    pub at_most: Option<i64>,
}

impl PerBundle {
    pub(super) fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Bundle, Box<Diagnostic>> {
        Bundle::compile(&self.of, self.at_most, vocabulary, at)
    }
}

/// The units of one line that have the same left: line, parts that it fits as bits, how many, what is left of each.
type Run = (usize, usize, i64, i64);

/// Units taken from one line: how many, and what is left of them together.
type Taken = (usize, i64, Amount);

impl Bundle {
    pub(super) fn compile(
        of: &[BundlePart],
        at_most: Option<i64>,
        vocabulary: &mut VocabularyBuilder,
        at: &Pointer,
    ) -> Result<Bundle, Box<Diagnostic>> {
        let of_parts = at.key("of");
        reading::some(of, &of_parts)?;
        if of.len() > MAX_PARTS {
            return Err(reading::invalid("a set has more than 8 parts", "name at most eight", &of_parts));
        }
        let mut parts = Vec::new();
        for (index, part) in of.iter().enumerate() {
            let units = reading::count(part.quantity.unwrap_or(1), &of_parts.index(index).key("quantity"))?;
            parts.push((selector::compile(&part.lines, vocabulary), units));
        }
        let at_most = at_most.map(|sets| reading::count(sets, &at.key("atMost"))).transpose()?;
        Ok(Bundle { parts, at_most })
    }

    /// By line: which parts it fits, a bit for each.
    fn fits(&self, facts: &Facts<'_>) -> Vec<usize> {
        let mut fits: Vec<usize> = facts.cart.lines.iter().map(|_| 0).collect();
        for (bit, (lines, _)) in self.parts.iter().enumerate() {
            facts.each_line(*lines, |line, _| {
                if let Some(fits) = fits.get_mut(line) {
                    *fits |= 1 << bit;
                }
            });
        }
        fits
    }

    /// By choice of parts, its bits as the place: how many units a set needs for them. The empty choice needs none.
    fn needs(&self) -> Vec<i64> {
        let choices = 0..1_usize << self.parts.len().min(MAX_PARTS);
        let of = |choice: usize| {
            let chosen = self.parts.iter().enumerate().filter(|(bit, _)| choice >> bit & 1 == 1);
            chosen.fold(0_i64, |sum, (_, (_, units))| sum.saturating_add(*units))
        };
        choices.map(of).collect()
    }

    /// How many sets the cart holds.
    pub(super) fn count(&self, facts: &Facts<'_>) -> i64 {
        let fits = self.fits(facts);
        let mut count = self.at_most.unwrap_or(i64::MAX);
        for (choice, needed) in self.needs().into_iter().enumerate().skip(1) {
            let fitting = facts.cart.lines.iter().zip(&fits).filter(|(_, fits)| **fits & choice != 0);
            let there = fitting.fold(0_i64, |sum, (line, _)| sum.saturating_add(line.quantity));
            count = count.min(there.checked_div(needed).unwrap_or(0));
        }
        count
    }

    /// The units that are missing for one set more: of each of the parts that together have too few.
    pub(super) fn next_set(&self, facts: &Facts<'_>) -> Vec<Shortfall> {
        let sets = self.count(facts).saturating_add(1);
        if self.at_most.is_some_and(|most| sets > most) {
            return Vec::new();
        }
        let fits = self.fits(facts);
        let (mut missing, mut short) = (0, 0);
        for (choice, needed) in self.needs().into_iter().enumerate().skip(1) {
            let fitting = facts.cart.lines.iter().zip(&fits).filter(|(_, fits)| **fits & choice != 0);
            let there = fitting.fold(0_i64, |sum, (line, _)| sum.saturating_add(line.quantity));
            let of_choice = needed.saturating_mul(sets).saturating_sub(there);
            if of_choice > missing {
                (missing, short) = (of_choice, choice);
            }
        }
        let parts = self.parts.iter().enumerate().filter(|(bit, _)| short >> bit & 1 == 1);
        let want = |(_, (lines, _)): (usize, &(Selector, i64))| {
            let actual = facts.quantity(*lines);
            let required = actual.saturating_add(missing);
            Shortfall { lines: *lines, line: None, measure: Measure::Quantity, required, actual }
        };
        parts.map(want).collect()
    }

    /// The units that sets may take, in the order in which they are picked: by what is left of them, ties in the
    /// cart's order.
    fn runs(&self, pricing: &Pricing<'_>, pick: Order) -> Vec<Run> {
        let mut runs = Vec::new();
        for ((line, given), fits) in pricing.facts.cart.lines.iter().enumerate().zip(self.fits(&pricing.facts)) {
            if fits != 0 {
                let left = units::left_of(pricing, line, given.quantity, pick);
                runs.extend(left.into_iter().map(|(count, left)| (line, fits, count, left)));
            }
        }
        order::sort(&mut runs, |a: &Run, b| match pick {
            Order::Dearest => (b.3, a.0) < (a.3, b.0),
            Order::Cheapest => (a.3, a.0) < (b.3, b.0),
            Order::Listed => a.0 < b.0,
        });
        runs
    }

    /// Takes the units of so many sets, which the cart must hold: of all ways to form them the one that is worth most, or
    /// least, as the runs go.
    fn take(&self, runs: &[Run], sets: i64) -> Vec<Taken> {
        let mut room: Vec<i64> = self.needs().iter().map(|needed| needed.saturating_mul(sets)).collect();
        let mut taken = Vec::new();
        for (line, fits, count, left) in runs {
            // units that fit these parts alone can fill no others
            let bounds = |choice: usize| fits & !choice == 0;
            let rooms = room.iter().enumerate().filter(|(choice, _)| bounds(*choice));
            let open = rooms.fold(*count, |open, (_, room)| open.min(*room));
            if open > 0 {
                let rooms = room.iter_mut().enumerate().filter(|(choice, _)| bounds(*choice));
                rooms.for_each(|(_, room)| *room = room.saturating_sub(open));
                taken.push((*line, open, Amount::new(*left).times(open)));
            }
        }
        taken
    }
}

fn worth_of(taken: &[Taken]) -> Amount {
    taken.iter().map(|(_, _, worth)| *worth).sum()
}

impl Bundles {
    /// Whether its amount is given in the cart's currency.
    pub(super) fn covers(&self, facts: &Facts<'_>) -> bool {
        self.worth.is_covered(facts)
    }

    /// What one set more needs.
    pub(super) fn wants(&self, facts: &Facts<'_>) -> Vec<Shortfall> {
        self.bundle.next_set(facts)
    }

    /// Offers what the sets save, spread over their units.
    pub(super) fn offer(&self, pricing: &Pricing<'_>, offer: &mut Offer) {
        let facts = &pricing.facts;
        let most = self.bundle.count(facts);
        if most == 0 || !self.covers(facts) {
            return;
        }
        let runs = self.bundle.runs(pricing, self.pick);
        let mut sets = most;
        if let (Worth::Price(price), Order::Dearest) = (self.worth, self.pick) {
            // each further set is worth less: as many as save something
            let price = facts.amount(price).unwrap_or(Amount::ZERO);
            let saves = |sets: i64| worth_of(&self.bundle.take(&runs, sets)) - price.times(sets);
            sets = 0;
            let mut beyond = most;
            while sets < beyond {
                let middle = sets.saturating_add(beyond.saturating_sub(sets) / 2);
                match saves(middle.saturating_add(1)) > saves(middle) {
                    true => sets = middle.saturating_add(1),
                    false => beyond = middle,
                }
            }
        }
        let mut taken = self.bundle.take(&runs, sets);
        let worth = worth_of(&taken);
        let amount = |row| facts.amount(row).unwrap_or(Amount::ZERO).times(sets);
        let by_line = pricing.level.is_some_and(|level| level != RoundingLevel::Order);
        let (rate, spread) = match self.worth {
            Worth::Rate(rate) if by_line => (Some(rate), None),
            Worth::Rate(rate) => (None, Some(pricing.watch.round(rate, worth, pricing.rounding))),
            Worth::Amount(row) => (None, Some(amount(row))),
            Worth::Price(row) => (None, Some((worth - amount(row)).or_zero())),
            _ => return,
        };
        order::sort(&mut taken, |a, b| a.0 < b.0);
        for members in taken.chunk_by(|a, b| a.0 == b.0) {
            let Some((line, _, _)) = members.first() else { continue };
            let count = members.iter().fold(0_i64, |sum, (_, units, _)| sum.saturating_add(*units));
            let worth = worth_of(members);
            let manner = Manner::of(self.pick.of(count), Bearing::InProportion);
            offer.share_in(
                manner,
                *line,
                rate.map_or(worth, |rate| pricing.watch.round(rate, worth, pricing.rounding)),
            );
        }
        offer.spread = spread;
    }
}
