use alloc::boxed::Box;
use serde::Deserialize;

use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::VocabularyBuilder;
use super::moment::{Ago, Moment, Span};
use super::{Condition, Document};

/// How long ago the customer signed up.
///
/// "In the first 30 days": `{ "type": "signed_up", "within": { "days": 30 } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignedUp {
    /// More than this ago.
    pub longer_ago_than: Option<Span>,
    /// Within this span.
    pub within: Option<Span>,
}

impl Document for SignedUp {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let (longer_ago_than, within) = (self.longer_ago_than, self.within);
        if (longer_ago_than, within) == (None, None) {
            return Err(reading::invalid("the condition asks nothing", "say `longerAgoThan` or `within`", at));
        }
        let of = Moment::SignedUp;
        let fact = vocabulary.fact("customer.signedUpAt");
        Ok(Condition::Moment(Ago { of, longer_ago_than, within, fact }))
    }
}
