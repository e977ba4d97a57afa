use alloc::boxed::Box;
use serde::Deserialize;

use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Subject, VocabularyBuilder};
use super::texts::flag;
use super::{Condition, Document};

/// Something has to be shipped, or nothing has.
///
/// "Downloads only": `{ "type": "needs_shipping", "is": false }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NeedsShipping {
    /// Whether something has to be shipped.
    pub is: bool,
}

impl Document for NeedsShipping {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, _: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        Ok(flag(Subject::NeedsShipping, self.is, vocabulary))
    }
}
