//! What the lines are: the compiled form of every condition that asks which lines are there.

use serde::{Deserialize, Serialize};

use super::want::{nearest_line, times};
use super::{Check, Indexed, Measure, Shortfall, Want};
use crate::cart::Line;
use crate::error::FixBy;
use crate::facts::Facts;
use crate::packed::packed;
use crate::reason::{Reason, ReasonKind};
use crate::selector::Selector;
use crate::vocabulary::{LineBound, LineNumber};

packed! {
    /// Which of some lines must be as is asked.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Quantified {
        /// Which of them.
        pub(super) which: Which,
        /// The lines that are looked at.
        pub(super) of: Selector,
        /// Those of them that are as is asked.
        pub(super) fit: Selector,
    }

    /// Which of the lines.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    #[serde(rename_all = "snake_case")]
    pub enum Which {
        /// Some one of them.
        Any,
        /// All of them, and there is one.
        Every,
        /// None of them.
        None,
        /// The one with the lowest price of a unit; of several the first.
        Cheapest,
        /// The one with the highest.
        Dearest,
    }
}

static NO_MATCHING_LINES: ReasonKind = ReasonKind {
    code: "no_matching_lines",
    message: "the cart has none of the products of this campaign",
    help: "add one of the campaign's products",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: true,
};

static NOT_COVERED: ReasonKind = ReasonKind {
    code: "lines_not_covered",
    message: "lines of the cart keep this campaign from applying",
    help: "it is meant for carts of other products",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: true,
};

pub(super) const REASONS: &[&ReasonKind] = &[&NO_MATCHING_LINES, &NOT_COVERED];

impl Quantified {
    /// The place of the line that is meant by its price.
    fn extreme(&self, facts: &Facts<'_>) -> Option<usize> {
        let mut found: Option<(usize, i64)> = None;
        facts.each_line(self.of, |index, line| {
            let is_better = found.is_none_or(|(_, price)| match self.which {
                Which::Dearest => line.price > price,
                _ => line.price < price,
            });
            if is_better {
                found = Some((index, line.price));
            }
        });
        found.map(|(index, _)| index)
    }

    /// How many more units of a line make it one that is as is asked.
    fn missing(&self, facts: &Facts<'_>, index: usize, line: &Line) -> Option<i64> {
        let Selector::Set(set) = self.fit else { return None };
        let set = facts.vocabulary.selector_set(set)?;
        let is_meant = match self.which {
            Which::Cheapest | Which::Dearest => self.extreme(facts) == Some(index),
            _ => true,
        };
        let enough = |bound: &LineBound| {
            let least = facts.bound(bound.at_least, 0)?;
            match bound.of {
                LineNumber::Units => Some(least),
                LineNumber::Subtotal => times(least, line.price),
                _ => None,
            }
        };
        let quantity = set.bounds.iter().filter_map(enough).max()?;
        let fits = is_meant && quantity > line.quantity && facts.selects(set, index, &Line { quantity, ..*line });
        fits.then(|| quantity.saturating_sub(line.quantity))
    }

    /// How many lines a selector selects.
    fn count(facts: &Facts<'_>, lines: Selector) -> usize {
        let mut count = 0_usize;
        facts.each_line(lines, |_, _| count = count.saturating_add(1));
        count
    }
}

impl Check for Quantified {
    fn holds(&self, facts: &Facts<'_>) -> bool {
        let has_any = facts.quantity(self.fit) > 0;
        match self.which {
            Which::Any => has_any,
            Which::None => !has_any,
            Which::Every => has_any && Self::count(facts, self.of) == Self::count(facts, self.fit),
            Which::Cheapest | Which::Dearest => {
                let extreme = self.extreme(facts);
                let mut is_among = false;
                facts.each_line(self.fit, |index, _| is_among |= Some(index) == extreme);
                is_among
            }
        }
    }

    fn refusal(&self, facts: &Facts<'_>) -> Reason {
        let has_any = facts.quantity(self.fit) > 0;
        let kind = if has_any || self.which == Which::None { &NOT_COVERED } else { &NO_MATCHING_LINES };
        Reason::new(kind, [0; 3])
    }

    fn index(&self) -> Option<Indexed<'_>> {
        (self.which != Which::None).then_some(Indexed::Lines(self.fit))
    }

    fn want<'a>(&'a self, facts: &Facts<'_>) -> Option<Want<'a>> {
        if self.which == Which::None {
            return None;
        }
        let raised = nearest_line(facts, self.of, &|index, line| self.missing(facts, index, line));
        let (lines, measure) = (self.fit, Measure::Quantity);
        let one = Shortfall { lines, line: None, measure, required: 1, actual: 0 };
        // where there are none, the first one is all of them, the cheapest and the dearest
        let is_enough = self.which == Which::Any || facts.quantity(self.of) == 0;
        raised.or_else(|| is_enough.then_some(one)).map(Want::More)
    }
}
