use alloc::boxed::Box;
use serde::{Deserialize, Serialize};

use crate::packed::packed;
use super::birthday::is_around;
use super::{Check, Document};
use crate::cart;
use crate::error::{Diagnostic, FixBy};
use crate::facts::Facts;
use crate::pointer::Pointer;
use crate::reason::{Reason, ReasonKind};
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

packed! {
    /// What can have an anniversary.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    #[serde(rename_all = "snake_case")]
    pub enum Event {
        /// The customer signed up: `customer.signedUpAt`.
        SignedUp,
    }
}

static NOT_NOW: ReasonKind = ReasonKind {
    code: "anniversary_not_now",
    message: "this campaign is for the days around an anniversary",
    help: "come back around the anniversary",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

static UNKNOWN: ReasonKind = ReasonKind {
    code: "sign_up_unknown",
    message: "when the customer signed up is not known",
    help: "sign in, or pass `customer.signedUpAt` with the request",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

pub(super) const REASONS: &[&ReasonKind] = &[&NOT_NOW, &UNKNOWN];

packed! {
    /// The compiled form.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compiled {
        of: Event,
        years: Option<u16>,
        days_before: u16,
        days_after: u16,
    }
}

impl Document for Anniversary {
    type Compiled = Compiled;

    fn compile(&self, _: &mut VocabularyBuilder, _: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        let Anniversary { of, years, days_before, days_after } = *self;
        Ok(Compiled { of, years, days_before, days_after })
    }
}

impl Compiled {
    fn moment(&self, facts: &Facts<'_>) -> Option<i64> {
        let Event::SignedUp = self.of;
        Some(facts.cart.signed_up_at).filter(|moment| *moment != cart::MISSING)
    }
}

impl Check for Compiled {
    fn holds(&self, facts: &Facts<'_>) -> bool {
        let Some(moment) = self.moment(facts) else { return false };
        let first = facts.civil_date(moment);
        let day = is_around(facts.today(), first, self.days_before, self.days_after);
        day.is_some_and(|day| {
            let years = day.year().saturating_sub(first.year());
            years > 0 && self.years.is_none_or(|asked| i32::from(asked) == years)
        })
    }

    fn refusal(&self, facts: &Facts<'_>) -> Reason {
        let kind = if self.moment(facts).is_none() { &UNKNOWN } else { &NOT_NOW };
        Reason::new(kind, [0; 3])
    }
}
