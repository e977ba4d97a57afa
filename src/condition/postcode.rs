use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

use crate::code;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Spelling, Subject, VocabularyBuilder};
use super::texts::patterns;
use super::{Condition, Document};

/// The postcode of delivery begins so. Spaces, hyphens and the case of letters do not matter.
///
/// "Dublin 1 and 2": `{ "type": "postcode", "startsWith": ["D01", "D02"] }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Postcode {
    /// It begins with one of these.
    pub starts_with: Vec<String>,
}

impl Document for Postcode {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let starts = Some(self.starts_with.iter().map(|start| code::normalise(start)).collect());
        patterns(Subject::Postcode, &starts, &at.key("startsWith"), Spelling::StartsWith, vocabulary)
    }
}
