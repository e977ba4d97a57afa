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

/// The order is delivered to one of the countries.
///
/// "Ireland only": `{ "type": "country", "in": ["IE"] }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Country {
    /// Two-letter codes (ISO 3166-1), compared exactly with the request's `country`.
    pub r#in: Vec<String>,
}

impl Document for Country {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        reading::some(&self.r#in, &at.key("in"))?;
        let dimension = vocabulary.dimension(Subject::Country.dimension());
        let any_of = vocabulary.texts(Subject::Country, &self.r#in);
        Ok(Condition::Words(Named::one_of(Told::Country, dimension, any_of)))
    }
}
