use alloc::boxed::Box;
use serde::Deserialize;

use super::number::{Compared, Number};
use super::{Condition, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector};
use crate::vocabulary::VocabularyBuilder;

/// The selected lines have at least `quantity` units, in all or on one of them.
///
/// "From three shirts": `{ "type": "min_quantity", "quantity": 3, "lines": { "categories": ["shirts"] } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MinQuantity {
    /// How many units, at least 1.
    pub quantity: i64,
    /// Which lines count; all when absent.
    pub lines: Option<LineSelector>,
    /// What must have so many; the selected lines together when absent.
    #[serde(default)]
    pub measured: Measured,
}

/// What must have so many units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    /// The selected lines together; the default.
    #[default]
    Together,
    /// Some one of them: units of one product at one price are one line, wherever they stand.
    Line,
}

impl Document for MinQuantity {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let quantity = reading::count(self.quantity, &at.key("quantity"))?;
        let lines = selector::compile(&self.lines, vocabulary);
        let of = match self.measured {
            Measured::Together => Number::Units(lines),
            Measured::Line => Number::UnitsOfOneLine(lines),
        };
        let fact = vocabulary.fact("quantity");
        Ok(Condition::Number(Compared::between(of, Some(quantity), None, fact)))
    }
}
