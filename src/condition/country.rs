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

/// The order is delivered to one of the countries, or to none of them.
///
/// "Ireland only": `{ "type": "country", "in": ["IE"] }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Country {
    /// Two-letter codes (ISO 3166-1), compared exactly with the request's `country`.
    pub r#in: Option<Vec<String>>,
    /// None of these, of one that is known.
    pub not_in: Option<Vec<String>>,
    /// Whether it is known.
    pub present: Option<bool>,
}

impl Document for Country {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let Self { r#in, not_in, present } = self;
        let told = Told::Country;
        Texts { of: Subject::Country, told, any_of: r#in, none_of: not_in, present: *present }.compile(vocabulary, at)
    }
}
