use alloc::boxed::Box;
use serde::Deserialize;

use super::number::{Compared, Number};
use super::{Condition, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::VocabularyBuilder;

/// How many orders the customer placed before this one.
///
/// "First order": `{ "type": "order_count", "atMost": 0 }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrderCount {
    /// This many or more.
    pub at_least: Option<i64>,
    /// This many or fewer.
    pub at_most: Option<i64>,
}

impl Document for OrderCount {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        if (self.at_least, self.at_most) == (None, None) {
            return Err(reading::invalid("the condition asks nothing", "say `atLeast` or `atMost`", at));
        }
        let fact = vocabulary.fact("customer.orders.count");
        Ok(Condition::Number(Compared::between(Number::Orders, self.at_least, self.at_most, fact)))
    }
}
