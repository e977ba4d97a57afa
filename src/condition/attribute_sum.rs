use alloc::boxed::Box;
use alloc::string::String;
use serde::Deserialize;

use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector};
use crate::vocabulary::VocabularyBuilder;
use super::number::{Compared, Number};
use super::bounds::counts;
use super::{Condition, Document};

/// An attribute of the selected lines, each times its units, adds up to a number within bounds. Every one of them must have it.
///
/// "Up to 10 kg": `{ "type": "attribute_sum", "key": "grams", "atMost": 10000 }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttributeSum {
    /// This many or more.
    pub at_least: Option<i64>,
    /// More than this.
    pub more_than: Option<i64>,
    /// This many or fewer.
    pub at_most: Option<i64>,
    /// Fewer than this.
    pub less_than: Option<i64>,
    /// Which attribute of the lines; its values are whole numbers.
    pub key: String,
    /// Which lines count; all when absent.
    pub lines: Option<LineSelector>,
}

impl Document for AttributeSum {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let [at_least, at_most] = counts(self.at_least, self.more_than, self.at_most, self.less_than, false, at)?;
        let of = Number::Sum((selector::compile(&self.lines, vocabulary), vocabulary.line_number(&self.key)));
        let fact = vocabulary.fact(&["lines.attributes.", &self.key].concat());
        Ok(Condition::Number(Compared { of, at_least, at_most, every: 0, fact }))
    }
}
