//! What the two ladders share: what a step takes off, and what reaches it.

use alloc::boxed::Box;
use alloc::string::String;
use serde::{Deserialize, Serialize};

use super::{Base, Offer, Pricing};
use crate::balance::Pick;
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::money::{Amount, Rate};
use crate::packed::packed;
use crate::pointer::Pointer;
use crate::selector::Selector;
use crate::vocabulary::{AmountRow, Amounts, VocabularyBuilder};

packed! {
    /// What must reach a step of a ladder.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Measured {
        /// The selected lines together; the default.
        #[default]
        Together,
        /// Each line by itself, which then has its own step.
        Line,
    }
}

packed! {
    /// What a step takes off.
    #[derive(Clone, Copy, Debug, PartialEq, Serialize)]
    pub enum Taken {
        /// An amount: off each line that is measured by itself, else once, spread over the lines.
        Amount(AmountRow),
        /// A rate.
        Rate(Rate),
    }
}

impl Taken {
    /// Reads the `amount` or the `percent` of a step.
    pub(super) fn compile(
        amount: &Option<Amounts>,
        percent: &Option<String>,
        vocabulary: &mut VocabularyBuilder,
        at: &Pointer,
    ) -> Result<Taken, Box<Diagnostic>> {
        match (amount, percent) {
            (Some(amount), None) => reading::amounts(amount, vocabulary, &at.key("amount")).map(Taken::Amount),
            (None, Some(percent)) => reading::percent(percent, &at.key("percent")).map(Taken::Rate),
            _ => Err(reading::invalid("a step takes one thing", "say `amount` or `percent`", at)),
        }
    }

    fn of_lines(self, lines: Selector, pricing: &Pricing<'_>, offer: &mut Offer) {
        match self {
            Taken::Rate(rate) => pricing.offer_rate(rate, lines, Base::Running, None, offer),
            Taken::Amount(row) => {
                if let Some(amount) = pricing.facts.amount(row) {
                    pricing.offer_amount(amount, lines, offer);
                }
            }
        }
    }

    fn of_line(self, line: usize, pricing: &Pricing<'_>, offer: &mut Offer) {
        let left = pricing.balances.left(line);
        let share = match self {
            Taken::Rate(rate) => rate.of(left, pricing.rounding),
            Taken::Amount(row) => pricing.facts.amount(row).unwrap_or(Amount::ZERO).at_most(left),
        };
        offer.share(line, share, Pick::Every);
    }
}

/// Offers what the reached steps take off. `reached` gives the step of a line, or of all when there is none.
pub(super) fn offer(
    measured: Measured,
    lines: Selector,
    pricing: &Pricing<'_>,
    reached: impl Fn(Option<&crate::cart::Line>) -> Option<Taken>,
    offer: &mut Offer,
) {
    match measured {
        Measured::Together => {
            if let Some(taken) = reached(None) {
                taken.of_lines(lines, pricing, offer);
            }
        }
        Measured::Line => pricing.facts.each_line(lines, |index, line| {
            if let Some(taken) = reached(Some(line)) {
                taken.of_line(index, pricing, offer);
            }
        }),
    }
}
