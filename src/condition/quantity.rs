use alloc::boxed::Box;
use serde::Deserialize;

use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector};
use crate::vocabulary::VocabularyBuilder;
use super::number::{Compared, Number};
use super::bounds::counts;
use super::{Condition, Document};

/// The units of the selected lines are within bounds.
///
/// "Three to five shirts": `{ "type": "quantity", "atLeast": 3, "atMost": 5, "lines": { "categories": ["shirts"] } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Quantity {
    /// This many or more.
    pub at_least: Option<i64>,
    /// More than this.
    pub more_than: Option<i64>,
    /// This many or fewer.
    pub at_most: Option<i64>,
    /// Fewer than this.
    pub less_than: Option<i64>,
    /// Which lines count; all when absent.
    pub lines: Option<LineSelector>,
}

impl Document for Quantity {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let [at_least, at_most] = counts(self.at_least, self.more_than, self.at_most, self.less_than, false, at)?;
        let of = Number::Units(selector::compile(&self.lines, vocabulary));
        let fact = vocabulary.fact("quantity");
        Ok(Condition::Number(Compared { of, at_least, at_most, every: 0, fact }))
    }
}
