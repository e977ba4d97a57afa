use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Subject, VocabularyBuilder};
use super::texts::Texts;
use super::words::Told;
use super::{Condition, Document};

/// The shopper uses one of some kinds of device, or none of them.
///
/// "On the phone": `{ "type": "device", "in": ["mobile"] }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Device {
    /// One of these, compared exactly.
    pub r#in: Option<Vec<String>>,
    /// None of these, of one that is known.
    pub not_in: Option<Vec<String>>,
    /// Whether it is known.
    pub present: Option<bool>,
}

impl Document for Device {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let Self { r#in, not_in, present } = self;
        let told = Told::Fact;
        Texts { of: Subject::Device, told, any_of: r#in, none_of: not_in, present: *present }.compile(vocabulary, at)
    }
}
