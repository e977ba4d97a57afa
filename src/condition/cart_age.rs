use alloc::boxed::Box;
use alloc::vec;
use serde::Deserialize;

use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Figure, VocabularyBuilder};
use super::moment::{Ago, Moment, Span};
use super::{Condition, Document};

/// How long ago the cart was begun: `startedAt` of the request. Spans in `hours` are exact.
///
/// "A cart older than a day": `{ "type": "cart_age", "longerAgoThan": { "hours": 24 } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CartAge {
    /// More than this ago.
    pub longer_ago_than: Option<Span>,
    /// Within this span.
    pub within: Option<Span>,
}

impl Document for CartAge {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let (longer_ago_than, within) = (self.longer_ago_than, self.within);
        if (longer_ago_than, within) == (None, None) {
            return Err(reading::invalid("the condition asks nothing", "say `longerAgoThan` or `within`", at));
        }
        let of = Moment::Figures(vec![vocabulary.number(Figure::CartBegun)]);
        let fact = vocabulary.fact("startedAt");
        Ok(Condition::Moment(Ago { of, longer_ago_than, within, fact }))
    }
}
