use alloc::boxed::Box;
use serde::Deserialize;

use super::moment::{Day, Yearly};
use super::{Condition, Document};
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::VocabularyBuilder;

/// Today, on the customer's calendar, is around the customer's birthday. Someone born on 29 February
/// celebrates on the 28th in other years.
///
/// "In the week before and after": `{ "type": "birthday", "daysBefore": 7, "daysAfter": 7 }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Birthday {
    /// Days before the birthday that count; default 0.
    #[serde(default)]
    pub days_before: u16,
    /// Days after the birthday that count; default 0.
    #[serde(default)]
    pub days_after: u16,
}

impl Document for Birthday {
    fn compile(&self, _: &mut VocabularyBuilder, _: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let Birthday { days_before, days_after } = *self;
        Ok(Condition::Yearly(Yearly { of: Day::Born, years: None, days_before, days_after }))
    }
}
