//! Ladders: the more units or money, the more is taken off. Steps of a discount off lines.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::amount_off::Per;
use super::lines::{Grade, OffLines};
use super::worth::{Base, Off, Worth};
use crate::campaign::reading;
use crate::cart::Line;
use crate::condition::{Measure, Shortfall};
use crate::error::Diagnostic;
use crate::facts::Facts;
use crate::money::{Amount, Rate};
use crate::packed::packed;
use crate::pointer::Pointer;
use crate::selector::{LineSelector, Selector};
use crate::vocabulary::{AmountRow, Amounts, VocabularyBuilder};

packed! {
    /// Steps, each for what reaches it.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Ladder {
        /// By rising threshold.
        pub(super) steps: Vec<(Threshold, Worth)>,
        /// What must reach a step.
        pub(super) measured: Measured,
        /// Which lines count, when not those that are discounted.
        pub(super) counts: Option<Selector>,
    }

    /// What reaches a step.
    #[derive(Clone, Copy, Debug, PartialEq, Serialize)]
    pub enum Threshold {
        /// So many units.
        Quantity(i64),
        /// So much money, at original prices.
        Spend(AmountRow),
    }

    /// What must reach a step of a ladder.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    #[serde(rename_all = "snake_case")]
    pub enum Measured {
        /// The selected lines together; the default.
        #[default]
        Together,
        /// Each line by itself, which then has its own step.
        Line,
    }
}

impl Threshold {
    fn measure(self, facts: &Facts<'_>, lines: Selector, line: Option<&Line>) -> i64 {
        match (self, line) {
            (Threshold::Quantity(_), None) => facts.quantity(lines),
            (Threshold::Quantity(_), Some(line)) => line.quantity,
            (Threshold::Spend(_), None) => facts.subtotal(lines).minor(),
            (Threshold::Spend(_), Some(line)) => line.subtotal(),
        }
    }

    /// What must be there; `None` when the currency is not covered.
    pub(super) fn required(self, facts: &Facts<'_>) -> Option<i64> {
        match self {
            Threshold::Quantity(units) => Some(units),
            Threshold::Spend(row) => facts.amount(row).map(Amount::minor),
        }
    }
}

impl Ladder {
    /// What the highest step takes off that the lines, or the line, have reached.
    pub(super) fn reached(&self, facts: &Facts<'_>, lines: Selector, line: Option<&Line>) -> Option<Off> {
        let (first, _) = self.steps.first()?;
        let measured = first.measure(facts, self.counts.unwrap_or(lines), line);
        let is_reached = |from: Threshold| from.required(facts).is_some_and(|from| from <= measured);
        let (_, worth) = self.steps.iter().rev().find(|(from, _)| is_reached(*from))?;
        worth.off(facts)
    }

    /// What is missing for the next step, of the lines together or of one of them.
    pub(super) fn next_step(&self, facts: &Facts<'_>, lines: Selector, line: Option<usize>) -> Option<Shortfall> {
        let lines = self.counts.unwrap_or(lines);
        let (first, _) = self.steps.first()?;
        let actual = first.measure(facts, lines, line.and_then(|line| facts.cart.lines.get(line)));
        let mut thresholds = self.steps.iter().filter_map(|(from, _)| from.required(facts));
        let required = thresholds.find(|from| *from > actual)?;
        let measure = match first {
            Threshold::Quantity(_) => Measure::Quantity,
            Threshold::Spend(_) => Measure::Amount,
        };
        Some(Shortfall { lines, line, measure, required, actual })
    }
}

/// What the ladders of documents say besides their steps.
pub(super) struct LadderTerms<'a> {
    pub(super) measured: Measured,
    pub(super) base: Base,
    pub(super) lines: &'a Option<LineSelector>,
    pub(super) counts: &'a Option<LineSelector>,
    pub(super) cap: &'a Option<Amounts>,
}

/// A discount by steps.
pub(super) fn ladder(
    steps: Vec<(Threshold, Worth)>,
    terms: &LadderTerms<'_>,
    vocabulary: &mut VocabularyBuilder,
    at: &Pointer,
) -> Result<OffLines, Box<Diagnostic>> {
    let measured = terms.measured;
    if measured == Measured::Line && terms.counts.is_some() {
        let help = "leave `counts` or `measured` out";
        return Err(reading::invalid("a line by itself is all that counts for it", help, &at.key("counts")));
    }
    let counts = terms.counts.as_ref().map(|lines| lines.compile(vocabulary));
    let mut off = OffLines::of(terms.lines, Worth::Rate(Rate::ONE), vocabulary);
    off.worth = Grade::Ladder(Ladder { steps, measured, counts });
    off.base = terms.base;
    off.cap = terms.cap.as_ref().map(|cap| reading::amounts(cap, vocabulary, &at.key("cap"))).transpose()?;
    Ok(off)
}

/// Reads the `amount` or the `percent` of a step.
pub(super) fn step_worth(
    (amount, percent): (&Option<Amounts>, &Option<String>),
    per: Per,
    vocabulary: &mut VocabularyBuilder,
    at: &Pointer,
) -> Result<Worth, Box<Diagnostic>> {
    match (amount, percent) {
        (Some(amount), None) => {
            let amount = reading::amounts(amount, vocabulary, &at.key("amount"))?;
            Ok(match per {
                Per::Order => Worth::Amount(amount),
                Per::Line => Worth::AmountPerLine(amount),
                Per::Unit => Worth::AmountPerUnit(amount),
            })
        }
        (None, Some(percent)) => reading::percent(percent, &at.key("percent")).map(Worth::Rate),
        _ => Err(reading::invalid("a step takes one thing", "say `amount` or `percent`", at)),
    }
}
