use alloc::boxed::Box;
use serde::Deserialize;

use super::moment::{Day, Yearly};
use super::{Condition, Document};
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::VocabularyBuilder;

/// Today, on the customer's calendar, is around the yearly return of the day the customer signed up.
///
/// "One year after sign-up, on the day and the six days after":
/// `{ "type": "anniversary", "of": "signed_up", "years": 1, "daysAfter": 6 }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Anniversary {
    /// The anniversary of what.
    pub of: Event,
    /// Which anniversary; every one when absent.
    pub years: Option<u16>,
    /// Days before the anniversary that count; default 0.
    #[serde(default)]
    pub days_before: u16,
    /// Days after the anniversary that count; default 0.
    #[serde(default)]
    pub days_after: u16,
}

/// What can have an anniversary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The customer signed up: `customer.signedUpAt`.
    SignedUp,
}

impl Document for Anniversary {
    fn compile(&self, _: &mut VocabularyBuilder, _: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let Anniversary { of: Event::SignedUp, years, days_before, days_after } = *self;
        Ok(Condition::Yearly(Yearly { of: Day::SignedUp, years, days_before, days_after }))
    }
}
