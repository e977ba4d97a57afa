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

/// The cart is in one of the sales channels, or in none of them.
///
/// "In the app only": `{ "type": "channel", "in": ["app"] }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Channel {
    /// Names of channels, compared exactly with the request's `channel`.
    pub r#in: Option<Vec<String>>,
    /// None of these, of one that is known.
    pub not_in: Option<Vec<String>>,
    /// Whether it is known.
    pub present: Option<bool>,
}

impl Document for Channel {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let Self { r#in, not_in, present } = self;
        let told = Told::Channel;
        Texts { of: Subject::Channel, told, any_of: r#in, none_of: not_in, present: *present }.compile(vocabulary, at)
    }
}
