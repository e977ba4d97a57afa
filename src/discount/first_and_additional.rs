use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use serde::Deserialize;

use super::lines::{OffLines, Units};
use super::worth::Worth;
use super::units::{Order, Quota};
use super::{Discount, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector};
use crate::vocabulary::{Amounts, VocabularyBuilder};

/// One amount off the first unit of each line, another off each further one.
///
/// "1.00 off, and 2.00 off each further one of the same": `{ "type": "first_and_additional", "first": { "EUR": 100 },
/// "additional": { "EUR": 200 } }`
///
/// Of units of which an earlier discount left different amounts, the first one is the one with the most left, the
/// further ones are those with the least.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FirstAndAdditional {
    /// Off the first unit, per currency, minor units.
    pub first: Amounts,
    /// Off each further one.
    pub additional: Amounts,
    /// Which lines; all when absent.
    pub lines: Option<LineSelector>,
    /// How many units of each line at most, the first one included.
    pub max_units_per_line: Option<i64>,
}

impl Document for FirstAndAdditional {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let first = reading::amounts(&self.first, vocabulary, &at.key("first"))?;
        let additional = reading::amounts(&self.additional, vocabulary, &at.key("additional"))?;
        if !self.first.0.keys().eq(self.additional.0.keys()) {
            let help = "write both amounts in the same currencies";
            return Err(reading::invalid("one amount is not known where the other is", help, &at.key("additional")));
        }
        let of_line = at.key("maxUnitsPerLine");
        let most = self.max_units_per_line.map(|most| reading::count(most, &of_line)).transpose()?;
        let lines = selector::compile(&self.lines, vocabulary);
        let off = |amount, quota| {
            let units = Units::Quota(quota);
            Discount::Lines(OffLines { units, ..OffLines::new(lines, Worth::AmountPerUnit(amount)) })
        };
        let further = most.map(|most| most.saturating_sub(1));
        // the further ones go first: what they leave of the line is a unit that they took nothing of
        Ok(vec![
            off(additional, Quota { most_per_line: further, left_out_per_line: 1, ..Quota::default() }),
            off(first, Quota { most_per_line: Some(1), pick: Order::Dearest, ..Quota::default() }),
        ])
    }
}
