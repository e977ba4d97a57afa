//! A number measured from the facts, compared with bounds: the compiled form of every condition that asks how much or
//! how many.

use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use super::want::{nearest_line, times};
use super::{Check, Indexed, Measure, Shortfall, Turn, Want};
use crate::cart::{Line, MISSING};
use crate::error::FixBy;
use crate::facts::Facts;
use crate::money::PriceMode;
use crate::packed::packed;
use crate::reason::{ParamKind, Reason, ReasonKind};
use crate::selector::Selector;
use crate::vocabulary::{AmountRow, Bound};

packed! {
    /// A number and its bounds.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compared {
        /// Which number.
        pub(super) of: Number,
        /// This or more.
        pub(super) at_least: Bound,
        /// This or less.
        pub(super) at_most: Bound,
        /// Every so many; zero when all are meant.
        pub(super) every: i64,
        /// The dimension that names it in reasons.
        pub(super) fact: u16,
    }

    /// Which number of a cart and its situation.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub enum Number {
        /// What the selected lines are worth, at these prices.
        Subtotal((Selector, Base)),
        /// The same without tax, or with it.
        TaxedSubtotal(((Selector, Base), PriceMode)),
        /// Their units.
        Units(Selector),
        /// The units of the one of them that has most.
        UnitsOfOneLine(Selector),
        /// How many of them there are: units of one product at one price are one.
        Lines(Selector),
        /// An attribute of theirs, by its place, times their units; of all of them it must be known.
        Sum((Selector, u32)),
        /// What shipping costs before discounts.
        Shipping,
        /// Orders before this one.
        Orders,
        /// Numbers that only some rule asks for, by their places; of several the sum.
        Figures(Vec<u32>),
        /// What earlier campaigns have taken of the selected lines.
        Taken(Selector),
    }

    /// At what prices a threshold is measured.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    #[serde(rename_all = "snake_case")]
    pub enum Base {
        /// Before any discount; the default.
        #[default]
        Original,
        /// What the campaigns before this one have left.
        Running,
        /// What earlier lanes have left, whatever this campaign's own lane has taken.
        Lanes,
    }
}

static SUBTOTAL_NOT_REACHED: ReasonKind = ReasonKind {
    code: "min_subtotal_not_reached",
    message: "the subtotal is below the minimum of this campaign",
    help: "add products worth {missing}",
    fix_by: FixBy::Shopper,
    params: &[("required", ParamKind::Money), ("actual", ParamKind::Money), ("missing", ParamKind::Money)],
    waits_for_cart: true,
};

static QUANTITY_NOT_REACHED: ReasonKind = ReasonKind {
    code: "min_quantity_not_reached",
    message: "the cart has fewer units than this campaign asks for",
    help: "add {missing} more",
    fix_by: FixBy::Shopper,
    params: &[("required", ParamKind::Count), ("actual", ParamKind::Count), ("missing", ParamKind::Count)],
    waits_for_cart: true,
};

static TOO_FEW_ORDERS: ReasonKind = ReasonKind {
    code: "too_few_orders",
    message: "this campaign is for customers who have ordered more often",
    help: "it becomes available after {required} orders",
    fix_by: FixBy::Shopper,
    params: &[("required", ParamKind::Count), ("actual", ParamKind::Count)],
    waits_for_cart: false,
};

static TOO_MANY_ORDERS: ReasonKind = ReasonKind {
    code: "too_many_orders",
    message: "this campaign is for customers who have ordered less often",
    help: "it is meant for customers with at most {allowed} orders",
    fix_by: FixBy::Shopper,
    params: &[("allowed", ParamKind::Count), ("actual", ParamKind::Count)],
    waits_for_cart: false,
};

static ORDERS_UNKNOWN: ReasonKind = ReasonKind {
    code: "order_history_unknown",
    message: "the customer's order history is not known",
    help: "sign in, or pass `customer.orders` with the request",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

static TOO_LOW: ReasonKind = ReasonKind {
    code: "fact_too_low",
    message: "a number that this campaign asks for is too low",
    help: "`{fact}` must be {required} or more",
    fix_by: FixBy::Shopper,
    params: &[("required", ParamKind::Count), ("actual", ParamKind::Count), ("fact", ParamKind::Attribute)],
    waits_for_cart: false,
};

static TOO_HIGH: ReasonKind = ReasonKind {
    code: "fact_too_high",
    message: "a number that this campaign asks for is too high",
    help: "`{fact}` must be {allowed} or less",
    fix_by: FixBy::Shopper,
    params: &[("allowed", ParamKind::Count), ("actual", ParamKind::Count), ("fact", ParamKind::Attribute)],
    waits_for_cart: false,
};

static NOT_THE_NTH: ReasonKind = ReasonKind {
    code: "not_the_nth",
    message: "this campaign is for every so many of something, and this is not one of them",
    help: "it comes round with every {every} of `{fact}`",
    fix_by: FixBy::Shopper,
    params: &[("every", ParamKind::Count), ("actual", ParamKind::Count), ("fact", ParamKind::Attribute)],
    waits_for_cart: false,
};

/// A fact that the request does not tell.
pub(super) static FACT_MISSING: ReasonKind = ReasonKind {
    code: "fact_missing",
    message: "what this campaign asks for is not known",
    help: "pass `{fact}` with the request",
    fix_by: FixBy::Shopper,
    params: &[("fact", ParamKind::Attribute)],
    waits_for_cart: false,
};

/// A campaign has no amount in the cart's currency.
pub(crate) static CURRENCY_NOT_COVERED: ReasonKind = ReasonKind {
    code: "currency_not_covered",
    message: "this campaign has no amount in the currency of the cart",
    help: "add the currency to the campaign's amounts",
    fix_by: FixBy::Merchant,
    params: &[],
    waits_for_cart: false,
};

pub(super) const REASONS: &[&ReasonKind] = &[
    &SUBTOTAL_NOT_REACHED,
    &QUANTITY_NOT_REACHED,
    &TOO_FEW_ORDERS,
    &TOO_MANY_ORDERS,
    &ORDERS_UNKNOWN,
    &TOO_LOW,
    &TOO_HIGH,
    &NOT_THE_NTH,
    &FACT_MISSING,
    &CURRENCY_NOT_COVERED,
];

impl Number {
    /// What it is; `None` when the request does not tell it.
    fn measure(&self, facts: &Facts<'_>) -> Option<i64> {
        match self {
            Number::Subtotal((lines, _)) => Some(facts.subtotal(*lines).minor()),
            Number::TaxedSubtotal(((lines, _), mode)) => Some(facts.taxed_sum(*lines, *mode, None).minor()),
            Number::Units(lines) => Some(facts.quantity(*lines)),
            Number::UnitsOfOneLine(lines) => {
                let mut most = 0;
                facts.each_line(*lines, |_, line| most = line.quantity.max(most));
                Some(most)
            }
            Number::Figures(places) => {
                let told = places.iter().filter_map(|place| facts.number(*place));
                told.reduce(i64::saturating_add)
            }
            Number::Lines(lines) => {
                let mut count = 0_i64;
                facts.each_line(*lines, |_, _| count = count.saturating_add(1));
                Some(count)
            }
            Number::Sum((lines, place)) => {
                let mut sum = Some(0_i64);
                facts.each_line(*lines, |index, line| {
                    let of_line =
                        facts.cart.number_of(index, *place).map(|number| number.saturating_mul(line.quantity));
                    sum = sum.zip(of_line).map(|(sum, of_line)| sum.saturating_add(of_line));
                });
                sum
            }
            Number::Shipping => {
                Some(facts.cart.shipping.iter().map(|charge| charge.price).fold(0, i64::saturating_add))
            }
            Number::Orders => Some(facts.cart.order_count).filter(|count| *count != MISSING),
            // nothing before the first turn
            Number::Taken(_) => Some(0),
        }
    }

    /// The lines that it counts, or whose money or units.
    fn lines(&self) -> Option<(Selector, Measure)> {
        match self {
            Number::Subtotal((lines, _)) | Number::TaxedSubtotal(((lines, _), _)) => Some((*lines, Measure::Amount)),
            Number::Units(lines) | Number::UnitsOfOneLine(lines) => Some((*lines, Measure::Quantity)),
            Number::Lines(lines) => Some((*lines, Measure::Lines)),
            _ => None,
        }
    }
}

impl Compared {
    /// The number between two counts.
    pub(super) fn between(of: Number, at_least: Option<i64>, at_most: Option<i64>, fact: u16) -> Compared {
        let bound = |count: Option<i64>| count.map_or(Bound::Open, Bound::Count);
        Compared { of, at_least: bound(at_least), at_most: bound(at_most), every: 0, fact }
    }

    fn fits(&self, facts: &Facts<'_>, actual: i64) -> bool {
        facts.bound(self.at_least, i64::MIN).is_some_and(|least| actual >= least)
            && facts.bound(self.at_most, i64::MAX).is_some_and(|most| actual <= most)
            && (self.every == 0 || self.is_nth(actual))
    }

    /// Which of them this is: an order is one more than those before it.
    fn nth(&self, actual: i64) -> i64 {
        actual.saturating_add(i64::from(self.of == Number::Orders))
    }

    fn is_nth(&self, actual: i64) -> bool {
        let nth = self.nth(actual);
        nth > 0 && nth.checked_rem(self.every) == Some(0)
    }

    /// What counts of the selected lines at the campaign's turn.
    fn left(&self, facts: &Facts<'_>, turn: &Turn<'_>) -> Option<i64> {
        let (lines, base, mode) = match self.of {
            Number::Subtotal((lines, base)) => (lines, base, None),
            Number::TaxedSubtotal(((lines, base), mode)) => (lines, base, Some(mode)),
            Number::Taken(lines) => {
                return Some((facts.subtotal(lines) - turn.sum(facts, lines, turn.running)).minor());
            }
            _ => return None,
        };
        let left = match base {
            Base::Original => None,
            Base::Running => Some(turn.running),
            Base::Lanes => Some(turn.after_lanes),
        };
        let left = match (mode, left) {
            (Some(mode), left) => facts.taxed_sum(lines, mode, left),
            (None, Some(left)) => turn.sum(facts, lines, left),
            (None, None) => facts.subtotal(lines),
        };
        Some(left.minor())
    }

    /// How much a number of lines is too low.
    fn shortfall(&self, facts: &Facts<'_>, actual: i64) -> Option<Shortfall> {
        let (lines, measure) = self.of.lines()?;
        let required = facts.bound(self.at_least, i64::MIN).filter(|required| actual < *required)?;
        Some(Shortfall { lines, line: None, measure, required, actual })
    }

    /// Why a number does not fit.
    fn missed(&self, facts: &Facts<'_>, actual: i64) -> Reason {
        let bounds = (facts.bound(self.at_least, i64::MIN), facts.bound(self.at_most, i64::MAX));
        let (Some(least), Some(most)) = bounds else { return Reason::new(&CURRENCY_NOT_COVERED, [0; 3]) };
        let missing = least.saturating_sub(actual);
        let fact = i64::from(self.fact);
        let (low, third) = match self.of {
            Number::Subtotal(_) | Number::TaxedSubtotal(_) => (&SUBTOTAL_NOT_REACHED, missing),
            Number::Units(_) | Number::UnitsOfOneLine(_) => (&QUANTITY_NOT_REACHED, missing),
            Number::Orders => (&TOO_FEW_ORDERS, 0),
            _ => (&TOO_LOW, fact),
        };
        let high = if self.of == Number::Orders { &TOO_MANY_ORDERS } else { &TOO_HIGH };
        match actual {
            _ if actual < least => Reason::new(low, [least, actual, third]),
            _ if actual > most => Reason::new(high, [most, actual, fact]),
            _ => Reason::new(&NOT_THE_NTH, [self.every, self.nth(actual), fact]),
        }
    }
}

impl Check for Compared {
    #[inline(never)]
    fn holds(&self, facts: &Facts<'_>) -> bool {
        // what is left at the turn may come down to an upper bound, but never up to a lower one
        let most = if self.waits_for_turn() { facts.bound(self.at_most, i64::MAX) } else { None };
        let at_best = |actual: i64| most.map_or(actual, |most| actual.min(most));
        self.of.measure(facts).is_some_and(|actual| self.fits(facts, at_best(actual)))
    }

    fn refusal(&self, facts: &Facts<'_>) -> Reason {
        match self.of.measure(facts) {
            Some(actual) => self.missed(facts, actual),
            None if self.of == Number::Orders => Reason::new(&ORDERS_UNKNOWN, [0; 3]),
            None => Reason::new(&FACT_MISSING, [i64::from(self.fact), 0, 0]),
        }
    }

    fn waits_for_turn(&self) -> bool {
        match self.of {
            Number::Subtotal((_, base)) | Number::TaxedSubtotal(((_, base), _)) => base != Base::Original,
            Number::Taken(_) => true,
            _ => false,
        }
    }

    fn refusal_at(&self, facts: &Facts<'_>, turn: &Turn<'_>) -> Option<Reason> {
        let left = self.left(facts, turn)?;
        (!self.fits(facts, left)).then(|| self.missed(facts, left))
    }

    fn index(&self) -> Option<Indexed<'_>> {
        // without a lower bound above zero none of the lines need be there
        let needs_none = matches!(self.at_least, Bound::Open | Bound::Count(..=0));
        let (lines, measure) = self.of.lines().filter(|_| !needs_none)?;
        let needs_some = measure == Measure::Quantity || lines != Selector::All;
        needs_some.then_some(Indexed::Lines(lines))
    }

    fn least_subtotal(&self) -> Option<AmountRow> {
        match (&self.of, self.at_least) {
            (Number::Subtotal(_), Bound::Money(row)) => Some(row),
            _ => None,
        }
    }

    fn want<'a>(&'a self, facts: &Facts<'_>) -> Option<Want<'a>> {
        let required = facts.bound(self.at_least, i64::MIN)?;
        let actual = self.of.measure(facts)?;
        if actual >= required {
            return None;
        }
        let more = match self.of {
            Number::UnitsOfOneLine(lines) => {
                let units = |_, line: &Line| required.checked_sub(line.quantity);
                // where there is none, one that comes in begins with nothing
                nearest_line(facts, lines, &units).or_else(|| self.shortfall(facts, 0))
            }
            Number::Sum((lines, place)) => {
                let missing = required.saturating_sub(actual);
                nearest_line(facts, lines, &|index, _| times(missing, facts.cart.number_of(index, place)?))
            }
            _ => self.shortfall(facts, actual),
        };
        more.map(Want::More)
    }

    fn shortfall_at(&self, facts: &Facts<'_>, turn: &Turn<'_>) -> Option<Shortfall> {
        self.shortfall(facts, self.left(facts, turn)?)
    }
}
