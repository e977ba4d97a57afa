use alloc::boxed::Box;
use serde::Deserialize;

use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector};
use crate::vocabulary::VocabularyBuilder;
use super::lines::{Quantified, Which};
use super::{Condition, Document};

/// Some, all or none of the lines are as is asked, or the cheapest or the dearest of them is.
///
/// "Nothing but books": `{ "type": "lines_are", "which": "every", "are": { "categories": ["books"] } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LinesAre {
    /// Which of the lines: `any`, `every` (and there is one), `none`, or by the price of a unit `cheapest`, `dearest`.
    pub which: Which,
    /// Which lines are looked at; all when absent.
    pub lines: Option<LineSelector>,
    /// What they must be.
    pub are: LineSelector,
}

impl Document for LinesAre {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, _: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let of = selector::compile(&self.lines, vocabulary);
        let fit = selector::compile_both(&self.lines, &Some(self.are.clone()), vocabulary);
        Ok(Condition::Lines(Quantified { which: self.which, of, fit }))
    }
}
