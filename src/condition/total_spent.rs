use alloc::boxed::Box;
use alloc::vec;
use serde::Deserialize;

use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Amounts, Figure, VocabularyBuilder};
use super::number::{Compared, Number};
use super::bounds::money;
use super::{Condition, Document};

/// What the customer spent on all earlier orders is within bounds.
///
/// "Who has spent 1,000.00": `{ "type": "total_spent", "atLeast": { "EUR": 100000 } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TotalSpent {
    /// This much or more, per currency, minor units.
    pub at_least: Option<Amounts>,
    /// More than this.
    pub more_than: Option<Amounts>,
    /// This much or less.
    pub at_most: Option<Amounts>,
    /// Less than this.
    pub less_than: Option<Amounts>,
}

impl Document for TotalSpent {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let [at_least, at_most] =
            money(&self.at_least, &self.more_than, &self.at_most, &self.less_than, vocabulary, at)?;
        let of = Number::Figures(vec![vocabulary.number(Figure::Spent)]);
        let fact = vocabulary.fact("customer.orders.spent");
        Ok(Condition::Number(Compared { of, at_least, at_most, every: 0, fact }))
    }
}
