use alloc::boxed::Box;
use serde::Deserialize;

use super::moment::{Ago, Moment, Span};
use super::{Condition, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::VocabularyBuilder;

/// How long ago the customer's last order was, in days or months of the customer's own calendar. A customer
/// who never ordered has no last order, so the condition does not hold.
///
/// "No order for more than three months": `{ "type": "last_order", "longerAgoThan": { "months": 3 } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LastOrder {
    /// More than this ago: the last order's date plus the span is before today.
    pub longer_ago_than: Option<Span>,
    /// Within this span: today is not after the last order's date plus the span.
    pub within: Option<Span>,
}

impl Document for LastOrder {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        if (self.longer_ago_than, self.within) == (None, None) {
            return Err(reading::invalid("the condition asks nothing", "say `longerAgoThan` or `within`", at));
        }
        let (longer_ago_than, within) = (self.longer_ago_than, self.within);
        let fact = vocabulary.fact("customer.orders.lastAt");
        Ok(Condition::Moment(Ago { of: Moment::LastOrder, longer_ago_than, within, fact }))
    }
}
