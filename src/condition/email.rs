use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Spelling, Subject, VocabularyBuilder};
use super::texts::patterns;
use super::{Condition, Document};

/// The customer's e-mail address is known, or is one that ends so. Letters' case matters.
///
/// "Colleagues": `{ "type": "email", "endsWith": ["@example.com"] }`. "Some address": `{ "type": "email" }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Email {
    /// It ends with one of these; any address when absent.
    pub ends_with: Option<Vec<String>>,
}

impl Document for Email {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        patterns(Subject::Email, &self.ends_with, &at.key("endsWith"), Spelling::EndsWith, vocabulary)
    }
}
