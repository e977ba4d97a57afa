//! What is taken off: an amount or a rate, once, of each line or of each unit.

use alloc::boxed::Box;
use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::facts::Facts;
use crate::money::{Amount, Rate};
use crate::packed::packed;
use crate::pointer::Pointer;
use crate::vocabulary::{AmountRow, Amounts, VocabularyBuilder};

packed! {
    /// What is taken off.
    #[derive(Clone, Copy, Debug, PartialEq, Serialize)]
    pub enum Worth {
        /// A rate of what they are measured on.
        Rate(Rate),
        /// An amount, once, spread over the lines in proportion to what is left of them.
        Amount(AmountRow),
        /// An amount off each line.
        AmountPerLine(AmountRow),
        /// An amount off each unit.
        AmountPerUnit(AmountRow),
        /// Each unit comes down to a price.
        UnitPrice(AmountRow),
        /// Each line comes down to a price for each of its units.
        UnitPriceOfLine(AmountRow),
        /// An amount, once, spread over the lines in proportion to their units.
        AmountByQuantity(AmountRow),
        /// The lines together come down to a price.
        Price(AmountRow),
        /// Each line comes down to a price.
        PriceOfLine(AmountRow),
        /// An amount, once, spread over the lines evenly.
        AmountByLine(AmountRow),
    }

    /// What a share is measured on.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    #[serde(rename_all = "snake_case")]
    pub enum Base {
        /// What earlier discounts have left; the default.
        #[default]
        Running,
        /// The original price, as far as it is still there.
        Original,
    }
}

/// What is taken off, in the cart's currency.
#[derive(Clone, Copy)]
pub(super) enum Off {
    Rate(Rate),
    Amount(Amount),
    AmountPerLine(Amount),
    AmountPerUnit(Amount),
    UnitPrice(Amount),
    UnitPriceOfLine(Amount),
    AmountByQuantity(Amount),
    AmountByLine(Amount),
    Price(Amount),
    PriceOfLine(Amount),
}

impl Worth {
    /// `None` when the currency is not covered.
    pub(super) fn off(self, facts: &Facts<'_>) -> Option<Off> {
        Some(match self {
            Worth::Rate(rate) => Off::Rate(rate),
            Worth::Amount(row) => Off::Amount(facts.amount(row)?),
            Worth::AmountPerLine(row) => Off::AmountPerLine(facts.amount(row)?),
            Worth::AmountPerUnit(row) => Off::AmountPerUnit(facts.amount(row)?),
            Worth::UnitPrice(row) => Off::UnitPrice(facts.amount(row)?),
            Worth::UnitPriceOfLine(row) => Off::UnitPriceOfLine(facts.amount(row)?),
            Worth::AmountByQuantity(row) => Off::AmountByQuantity(facts.amount(row)?),
            Worth::AmountByLine(row) => Off::AmountByLine(facts.amount(row)?),
            Worth::Price(row) => Off::Price(facts.amount(row)?),
            Worth::PriceOfLine(row) => Off::PriceOfLine(facts.amount(row)?),
        })
    }
}

impl Off {
    /// So many times as much. Prices stay what they are, and so does what is off each unit: more units get it.
    pub(super) fn times(self, times: i64) -> Off {
        match self {
            Off::Rate(rate) => Off::Rate(rate.times(times)),
            Off::Amount(amount) => Off::Amount(amount.times(times)),
            Off::AmountPerLine(amount) => Off::AmountPerLine(amount.times(times)),
            Off::AmountByQuantity(amount) => Off::AmountByQuantity(amount.times(times)),
            Off::AmountByLine(amount) => Off::AmountByLine(amount.times(times)),
            Off::AmountPerUnit(_)
            | Off::UnitPrice(_)
            | Off::UnitPriceOfLine(_)
            | Off::Price(_)
            | Off::PriceOfLine(_) => self,
        }
    }

    /// The same for a unit of a line: of a piece, as much as it is.
    #[inline]
    pub(super) fn per_unit(self, facts: &Facts<'_>, line: usize) -> Off {
        let of = |amount: Amount| facts.cart.per_unit(line, amount);
        match self {
            Off::AmountPerUnit(amount) => Off::AmountPerUnit(of(amount)),
            Off::UnitPrice(price) => Off::UnitPrice(of(price)),
            Off::UnitPriceOfLine(price) => Off::UnitPriceOfLine(of(price)),
            other => other,
        }
    }
}

impl Worth {
    /// Whether its amount is given in the cart's currency.
    pub(super) fn is_covered(self, facts: &Facts<'_>) -> bool {
        self.off(facts).is_some()
    }
}

/// Reads the `amount` off each unit, or the `percent`; everything when there is neither.
pub(super) fn worth_of_unit(
    amount: &Option<Amounts>,
    percent: &Option<String>,
    vocabulary: &mut VocabularyBuilder,
    at: &Pointer,
) -> Result<Worth, Box<Diagnostic>> {
    match (amount, percent) {
        (Some(amount), None) => reading::amounts(amount, vocabulary, &at.key("amount")).map(Worth::AmountPerUnit),
        (None, percent) => reading::percent(percent.as_deref().unwrap_or("100"), &at.key("percent")).map(Worth::Rate),
        (Some(_), Some(_)) => Err(reading::invalid("one thing is taken off", "say `amount` or `percent`", at)),
    }
}
