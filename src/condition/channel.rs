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

/// The cart is in one of the sales channels.
///
/// "In the app only": `{ "type": "channel", "in": ["app"] }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Channel {
    /// Names of channels, compared exactly with the request's `channel`.
    pub r#in: Vec<String>,
}

impl Document for Channel {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        reading::some(&self.r#in, &at.key("in"))?;
        let dimension = vocabulary.dimension(Subject::Channel.dimension());
        let any_of = vocabulary.texts(Subject::Channel, &self.r#in);
        Ok(Condition::Words(Named::one_of(Told::Channel, dimension, any_of)))
    }
}
