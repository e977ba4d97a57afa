use alloc::boxed::Box;
use serde::Deserialize;

use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::VocabularyBuilder;
use super::bounds::counts;
use super::number::{Compared, Number};
use super::{Condition, Document};

/// How many orders the customer placed before this one, or whether this one is every n-th.
///
/// "First order": `{ "type": "order_count", "atMost": 0 }`. "Every tenth": `{ "type": "order_count", "every": 10 }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrderCount {
    /// This many or more.
    pub at_least: Option<i64>,
    /// More than this.
    pub more_than: Option<i64>,
    /// This many or fewer.
    pub at_most: Option<i64>,
    /// Fewer than this.
    pub less_than: Option<i64>,
    /// This order, counted with those before it, is one of every so many: the 10th, the 20th.
    pub every: Option<i64>,
}

impl Document for OrderCount {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let asks_more = self.every.is_some();
        let [at_least, at_most] = counts(self.at_least, self.more_than, self.at_most, self.less_than, asks_more, at)?;
        let every = self.every.map(|every| reading::count(every, &at.key("every"))).transpose()?.unwrap_or(0);
        let fact = vocabulary.fact("customer.orders.count");
        Ok(Condition::Number(Compared { of: Number::Orders, at_least, at_most, every, fact }))
    }
}
