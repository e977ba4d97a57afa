use alloc::boxed::Box;
use serde::Deserialize;

use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector};
use crate::vocabulary::VocabularyBuilder;
use super::number::{Compared, Number};
use super::{Condition, Document};

/// No earlier campaign took anything of the selected lines. Its opposite, under `not`, is that one did.
///
/// "Only for an order without other discounts": `{ "type": "undiscounted" }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Undiscounted {
    /// Which lines count; all when absent.
    pub lines: Option<LineSelector>,
}

impl Document for Undiscounted {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, _at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let of = Number::Taken(selector::compile(&self.lines, vocabulary));
        Ok(Condition::Number(Compared::between(of, None, Some(0), vocabulary.fact("discount"))))
    }
}
