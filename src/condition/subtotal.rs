use alloc::boxed::Box;
use serde::Deserialize;

use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector};
use crate::vocabulary::{Amounts, VocabularyBuilder};
use super::number::{Base, Compared, Number};
use super::bounds::money;
use super::{Condition, Document};

/// What the selected lines are worth is within bounds; `base` as for `min_subtotal`.
///
/// "Carts above 250.00": `{ "type": "subtotal", "moreThan": { "EUR": 25000 } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Subtotal {
    /// This much or more, per currency, minor units.
    pub at_least: Option<Amounts>,
    /// More than this.
    pub more_than: Option<Amounts>,
    /// This much or less.
    pub at_most: Option<Amounts>,
    /// Less than this.
    pub less_than: Option<Amounts>,
    /// Which lines count; all when absent.
    pub lines: Option<LineSelector>,
    /// What of them counts; their original prices when absent.
    #[serde(default)]
    pub base: Base,
}

impl Document for Subtotal {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let [at_least, at_most] =
            money(&self.at_least, &self.more_than, &self.at_most, &self.less_than, vocabulary, at)?;
        let of = Number::Subtotal((selector::compile(&self.lines, vocabulary), self.base));
        let fact = vocabulary.fact("subtotal");
        Ok(Condition::Number(Compared { of, at_least, at_most, every: 0, fact }))
    }
}
