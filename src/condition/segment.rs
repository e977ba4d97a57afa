use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

use super::words::{Named, Told};
use super::{Condition, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Subject, VocabularyBuilder};

/// The customer is in at least one of the segments.
///
/// "For members": `{ "type": "segment", "anyOf": ["members"] }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Segment {
    /// Names of segments, as the request's `customer.segments` has them.
    pub any_of: Vec<String>,
}

impl Document for Segment {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        reading::some(&self.any_of, &at.key("anyOf"))?;
        let dimension = vocabulary.dimension(Subject::Segment.dimension());
        let any_of = vocabulary.texts(Subject::Segment, &self.any_of);
        Ok(Condition::Words(Named::one_of(Told::Segment, dimension, any_of)))
    }
}
