//! Off lines: which units of which lines, what they are measured on, and what is taken off. Every kind of discount on
//! lines is a document form of this one.

use alloc::vec::Vec;

use serde::Serialize;

use super::bundles::Bundle;
use super::formula::{Formula, Takes};
use super::groups::Groups;
use super::ladder::{Ladder, Measured};
use super::units::{Chosen, Picked, Quota};
use super::worth::{Base, Off, Worth};
use super::{Offer, Pricing};
use crate::balance::{Bearing, Manner, Pick};
use crate::condition::Shortfall;
use crate::facts::Facts;
use crate::money::{Amount, PriceMode, RoundingLevel};
use crate::packed::packed;
use crate::selector::{self, LineSelector, Selector};
use crate::vocabulary::{AmountRow, VocabularyBuilder};

packed! {
    /// A discount on lines, compiled.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct OffLines {
        /// Which lines.
        pub(super) lines: Selector,
        /// Which units of them.
        pub(super) units: Units,
        /// What is taken off.
        pub(super) worth: Grade,
        /// What a rate is measured on.
        pub(super) base: Base,
        /// Where a rate is rounded when the campaign does not say; each line where it is on certain ones.
        pub(super) level: RoundingLevel,
        /// The most it takes off in all.
        pub(super) cap: Option<AmountRow>,
        /// Whether the cap is told without tax or with it.
        pub(super) cap_tax: Option<PriceMode>,
        /// The most it takes off each line, told like the cap.
        pub(super) line_cap: Option<AmountRow>,
        /// Whether lines take their whole in the order of picking until the cap is used up.
        pub(super) cap_in_turn: bool,
        /// Whether it is only for lines that an earlier discount took something of, or only for the others.
        pub(super) discounted: Option<bool>,
        /// How many times it is given, when not once.
        pub(super) times: Option<Bundle>,
        /// Whether shipping charges are discounted like lines.
        pub(super) with_shipping: bool,
    }

    /// Which units of the lines.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub enum Units {
        /// All of them.
        All,
        /// So many.
        Quota(Quota),
        /// Those that are got for bought ones.
        Groups(Groups),
    }

    /// What is taken off, or what it depends on.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub enum Grade {
        /// Always the same.
        Flat(Worth),
        /// By steps.
        Ladder(Ladder),
        /// What a formula works out.
        Formula(Formula),
    }

}

impl OffLines {
    /// Everything off the lines alike, with nothing else said.
    pub(super) fn new(lines: Selector, worth: Worth) -> OffLines {
        let level = if lines == Selector::All { RoundingLevel::Order } else { RoundingLevel::Line };
        OffLines {
            lines,
            units: Units::All,
            worth: Grade::Flat(worth),
            base: Base::Running,
            level,
            cap: None,
            cap_tax: None,
            line_cap: None,
            cap_in_turn: false,
            discounted: None,
            times: None,
            with_shipping: false,
        }
    }

    /// The same of a document: where it names lines, be it all of them, each is rounded by itself.
    pub(super) fn of(lines: &Option<LineSelector>, worth: Worth, vocabulary: &mut VocabularyBuilder) -> OffLines {
        let mut off = OffLines::new(selector::compile(lines, vocabulary), worth);
        if lines.is_some() {
            off.level = RoundingLevel::Line;
        }
        off
    }

    /// Whether the amounts it needs are given in the cart's currency.
    pub(super) fn covers(&self, facts: &Facts<'_>) -> bool {
        let covered = match &self.worth {
            Grade::Flat(worth) => worth.off(facts).is_some(),
            Grade::Ladder(ladder) => {
                ladder.steps.iter().any(|(from, worth)| from.required(facts).is_some() && worth.off(facts).is_some())
            }
            Grade::Formula(formula) => formula.covers(facts),
        };
        covered && self.cap.into_iter().chain(self.line_cap).all(|cap| facts.amount(cap).is_some())
    }

    /// Offers what it would take from the balances as they are.
    pub(super) fn offer(&self, pricing: &Pricing<'_>, offer: &mut Offer) {
        let facts = &pricing.facts;
        let amount = |row: Option<AmountRow>| row.and_then(|row| facts.amount(row));
        let (cap, line_cap) = (amount(self.cap), amount(self.line_cap));
        // a cap that does not cover the currency must not turn into "no cap"
        if cap.is_some() != self.cap.is_some() || line_cap.is_some() != self.line_cap.is_some() {
            return;
        }
        let by_line = match &self.worth {
            Grade::Flat(_) => false,
            Grade::Ladder(ladder) => ladder.measured == Measured::Line,
            Grade::Formula(formula) => formula.by_line,
        };
        let together = if by_line { None } else { self.reached(pricing, None, offer) };
        // lines that have steps of their own have no sum that could be rounded once
        let is_by_line = by_line || line_cap.is_some() || self.cap_in_turn;
        let level = if is_by_line { RoundingLevel::Line } else { pricing.level.unwrap_or(self.level) };
        let times = self.times.as_ref().map_or(1, |bundle| bundle.count(facts));
        if times == 0 {
            return;
        }
        let together = if times == 1 { together } else { together.map(|off| off.times(times)) };
        let mut measured_in_all = Amount::ZERO;
        let most_units = Some(pricing.units).filter(|units| *units < i64::MAX);
        let give: &mut dyn FnMut(Picked) = &mut |picked: Picked| {
            let off = if by_line { self.reached(pricing, Some(picked.line), offer) } else { together };
            let Some(off) = off.map(|off| off.per_unit(facts, picked.line)) else { return };
            let left = picked.left_in_all(pricing);
            // what no unit may bear
            let floor = Amount::new(facts.cart.floor(picked.line, pricing.margin));
            let each = |of: &dyn Fn(Amount) -> Amount| -> Amount {
                let bears = |(count, left): &(i64, i64)| {
                    let left = Amount::new(*left);
                    of(left).at_most((left - floor).or_zero()).times(*count)
                };
                picked.left(pricing).iter().map(bears).sum()
            };
            let is_every = picked.units == Pick::Every;
            // the floors of whole lines are seen to when the offer is settled
            let bears = if is_every || !floor.is_positive() { left } else { each(&|left| left) };
            let of_some = !is_every && (facts.cart.has_floors || pricing.margin.is_some());
            let (share, bearing) = match off {
                Off::Rate(rate) => {
                    let measured = match self.base {
                        Base::Running => left,
                        Base::Original => picked.price_in_all(),
                    };
                    measured_in_all += measured;
                    // a share of original prices may be more than its units have left; its line bears the rest
                    let most = match self.base {
                        Base::Running => bears,
                        Base::Original => pricing.balances.left(picked.line),
                    };
                    let share = match level {
                        RoundingLevel::Line => pricing.watch.round(rate, measured, pricing.rounding).at_most(most),
                        RoundingLevel::Unit => {
                            let of_unit =
                                |unit: Amount, count| pricing.watch.round(rate, unit, pricing.rounding).times(count);
                            let share: Amount = match self.base {
                                Base::Running => picked
                                    .left(pricing)
                                    .iter()
                                    .map(|(count, left)| of_unit(Amount::new(*left), *count))
                                    .sum(),
                                Base::Original => of_unit(Amount::new(picked.price), picked.count),
                            };
                            share.at_most(most)
                        }
                        RoundingLevel::Order => left,
                    };
                    (share, Bearing::InProportion)
                }
                Off::Amount(amount) if by_line => (amount.at_most(left), Bearing::InProportion),
                Off::Amount(_) => {
                    if of_some && left.is_positive() {
                        offer.limits.push(bears.minor());
                    }
                    (left, Bearing::InProportion)
                }
                Off::AmountByQuantity(_) => {
                    offer.limits.push(bears.minor());
                    (Amount::new(picked.count), Bearing::InProportion)
                }
                Off::AmountByLine(_) => {
                    offer.limits.push(bears.minor());
                    (Amount::new(1), Bearing::InProportion)
                }
                Off::Price(_) => {
                    measured_in_all += left;
                    (left, Bearing::InProportion)
                }
                Off::PriceOfLine(price) => (left - price, Bearing::InProportion),
                Off::AmountPerLine(amount) => (amount.at_most(left), Bearing::InProportion),
                Off::AmountPerUnit(amount) => (each(&|left| amount.at_most(left)), Bearing::Each(amount.minor())),
                Off::UnitPrice(price) => (each(&|left| (left - price).or_zero()), Bearing::DownTo(price.minor())),
                Off::UnitPriceOfLine(price) => (left - price.times(picked.count), Bearing::InProportion),
            };
            if share.is_positive() {
                offer.units = offer.units.saturating_add(picked.count);
            }
            offer.share_in(Manner::of(picked.units, bearing), picked.line, share);
        };
        match &self.units {
            Units::All if pricing.units < i64::MAX => {
                Quota { most: Some(pricing.units), ..Quota::default() }.pick(pricing, self.chosen(), give);
            }
            // by far the most common, and all units of a line are quickly told
            Units::All
                if self.base == Base::Running
                    && self.discounted.is_none()
                    && level != RoundingLevel::Unit
                    && matches!(together, Some(Off::Rate(_) | Off::Amount(_))) =>
            {
                let rate = match together {
                    Some(Off::Rate(rate)) if level == RoundingLevel::Line => Some(rate),
                    _ => None,
                };
                facts.each_line(self.lines, |index, _| {
                    let left = pricing.balances.left(index);
                    let share =
                        rate.map_or(left, |rate| pricing.watch.round(rate, left, pricing.rounding).at_most(left));
                    offer.share(index, share);
                });
                // where it is rounded in all, the shares are all that is left
                if level == RoundingLevel::Order {
                    measured_in_all = offer.total();
                }
            }
            Units::All => self.chosen().each(pricing, &mut |index, line| give(Picked::every(index, line))),
            Units::Quota(quota) => {
                let quota = quota.times(times);
                let most = quota.most.into_iter().chain(most_units).min();
                Quota { most, ..quota }.pick(pricing, self.chosen(), give);
            }
            Units::Groups(groups) => {
                let max_units = groups.max_units.into_iter().chain(most_units).min();
                offer.used = Groups { max_units, ..groups.clone() }.pick(pricing, self.chosen(), give);
            }
        }
        if self.with_shipping {
            for (index, (charge, left)) in facts.cart.shipping.iter().zip(pricing.shipping).enumerate() {
                let left = Amount::new(*left);
                let measured = if self.base == Base::Original { Amount::new(charge.price) } else { left };
                measured_in_all += measured;
                let share = match together {
                    Some(Off::Rate(rate)) if level != RoundingLevel::Order => {
                        pricing.watch.round(rate, measured, pricing.rounding)
                    }
                    _ => left,
                };
                offer.shipping.push((index, share.at_most(left)));
            }
        }
        let once = match together {
            Some(Off::Amount(amount) | Off::AmountByQuantity(amount) | Off::AmountByLine(amount)) => Some(amount),
            Some(Off::Price(price)) => Some((measured_in_all - price).or_zero()),
            Some(Off::Rate(rate)) if level == RoundingLevel::Order => {
                Some(pricing.watch.round(rate, measured_in_all, pricing.rounding))
            }
            _ => None,
        };
        if let Some(most) = line_cap {
            let in_mode = |line: u32, share: i64| self.own_cap(facts, line as usize, share, most);
            let shares = offer.shares.iter().zip(&mut offer.amounts);
            shares.for_each(|((line, _), share)| *share = in_mode(*line, *share).minor());
        }
        if let (Some(cap), true) = (cap, self.cap_in_turn) {
            return self.cut_in_turn(pricing, cap, offer);
        }
        let cap = cap.map(|cap| self.cap_at_own_prices(facts, cap, once, offer));
        offer.spread = match (once, cap) {
            (Some(once), Some(cap)) => Some(pricing.watch.at_most(once, cap)),
            (None, Some(cap)) => {
                let total = offer.total();
                pricing.watch.cut(total, cap);
                Some(cap).filter(|cap| total > *cap)
            }
            (once, None) => once,
        };
    }

    /// Whether it is known which units it is taken off.
    pub(super) fn counts_units(&self) -> bool {
        let of_units = |worth: &Worth| matches!(worth, Worth::Rate(_) | Worth::AmountPerUnit(_) | Worth::UnitPrice(_));
        !self.with_shipping
            && match &self.worth {
                Grade::Flat(worth) => of_units(worth),
                Grade::Ladder(ladder) => ladder.steps.iter().all(|(_, worth)| of_units(worth)),
                Grade::Formula(formula) => formula.takes.is_of_units(),
            }
    }

    /// Whether it is one amount that is spread over the lines.
    pub(super) fn is_spread(&self) -> bool {
        match &self.worth {
            Grade::Flat(worth) => {
                matches!(
                    worth,
                    Worth::Amount(_) | Worth::AmountByQuantity(_) | Worth::AmountByLine(_) | Worth::Price(_)
                )
            }
            Grade::Ladder(_) => false,
            Grade::Formula(formula) => matches!(formula.takes, Takes::Amount | Takes::Price),
        }
    }

    /// What is taken off the lines together, or off one of them.
    fn reached(&self, pricing: &Pricing<'_>, line: Option<usize>, offer: &mut Offer) -> Option<Off> {
        let facts = &pricing.facts;
        match &self.worth {
            Grade::Flat(worth) => worth.off(facts),
            Grade::Ladder(ladder) => {
                ladder.reached(facts, self.lines, line.and_then(|line| facts.cart.lines.get(line)))
            }
            Grade::Formula(formula) => match formula.off(pricing, self.lines, line) {
                Ok(off) => Some(off),
                Err(reason) => {
                    offer.fault = Some(reason);
                    None
                }
            },
        }
    }

    /// Whether it takes no more when others have taken something before. Not so when what they took makes it look for
    /// dearer units.
    pub(crate) fn shrinks_with_the_cart(&self) -> bool {
        let uses_up = matches!(&self.units, Units::Groups(groups) if groups.uses_up);
        !uses_up && self.discounted.is_none() && !matches!(self.worth, Grade::Formula(_))
    }

    /// Whether it is on certain lines or units.
    pub(super) fn is_of_lines(&self) -> bool {
        self.level == RoundingLevel::Line || self.units != Units::All
    }

    fn chosen(&self) -> Chosen {
        Chosen { lines: self.lines, discounted: self.discounted }
    }

    /// The next thresholds: a further step, of each line where each has its own; a further free unit; a further group.
    pub(super) fn wants(&self, facts: &Facts<'_>) -> Vec<Shortfall> {
        let lines = self.lines;
        let mut wants = Vec::new();
        match (&self.worth, &self.units) {
            (Grade::Ladder(ladder), _) => match ladder.measured {
                Measured::Together => wants.extend(ladder.next_step(facts, lines, None)),
                Measured::Line => {
                    facts.each_line(lines, |index, _| wants.extend(ladder.next_step(facts, lines, Some(index))));
                }
            },
            (_, Units::Groups(groups)) => wants.extend(groups.next_step(facts, lines)),
            (_, Units::Quota(quota)) => wants.extend(quota.next_group(facts, lines)),
            (_, Units::All) => {}
        }
        wants.extend(self.times.iter().flat_map(|bundle| bundle.next_set(facts)));
        wants
    }
}
