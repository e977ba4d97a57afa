use alloc::boxed::Box;
use serde::Deserialize;

use super::lines::{Quantified, Which};
use super::{Condition, Document};
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::selector::{LineSelector, Selector};
use crate::vocabulary::VocabularyBuilder;

/// The cart has a line that the selector selects.
///
/// "With a bicycle in the cart": `{ "type": "contains", "lines": { "categories": ["bicycles"] } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Contains {
    /// Which lines.
    pub lines: LineSelector,
}

impl Document for Contains {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, _: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let fit = self.lines.compile(vocabulary);
        Ok(Condition::Lines(Quantified { which: Which::Any, of: Selector::All, fit }))
    }
}
