use alloc::boxed::Box;
use serde::{Deserialize, Serialize};

use crate::packed::packed;
use super::{Check, Document};
use crate::error::{Diagnostic, FixBy};
use crate::facts::Facts;
use crate::pointer::Pointer;
use crate::reason::{Reason, ReasonKind};
use crate::time::CivilDate;
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

static NOT_NOW: ReasonKind = ReasonKind {
    code: "birthday_not_now",
    message: "this campaign is for the days around the customer's birthday",
    help: "come back around your birthday",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

static UNKNOWN: ReasonKind = ReasonKind {
    code: "birthday_unknown",
    message: "the customer's birthday is not known",
    help: "sign in, or pass `customer.birthday` with the request",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

pub(super) const REASONS: &[&ReasonKind] = &[&NOT_NOW, &UNKNOWN];

packed! {
    /// The compiled form.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compiled {
        days_before: u16,
        days_after: u16,
    }
}

impl Document for Birthday {
    type Compiled = Compiled;

    fn compile(&self, _: &mut VocabularyBuilder, _: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        Ok(Compiled { days_before: self.days_before, days_after: self.days_after })
    }
}

/// Whether `today` is from `before` days before until `after` days after a yearly day. The day of last year and
/// of next year are looked at too, for windows across New Year.
pub(super) fn is_around(today: CivilDate, yearly: CivilDate, before: u16, after: u16) -> Option<CivilDate> {
    let year = today.year();
    [year.saturating_sub(1), year, year.saturating_add(1)].into_iter().map(|year| yearly.in_year(year)).find(|day| {
        let from = day.days().saturating_sub(i64::from(before));
        let until = day.days().saturating_add(i64::from(after));
        (from..=until).contains(&today.days())
    })
}

impl Check for Compiled {
    fn holds(&self, facts: &Facts<'_>) -> bool {
        let born = facts.cart.birthday;
        born.is_some_and(|born| is_around(facts.today(), born, self.days_before, self.days_after).is_some())
    }

    fn refusal(&self, facts: &Facts<'_>) -> Reason {
        let kind = if facts.cart.birthday.is_none() { &UNKNOWN } else { &NOT_NOW };
        Reason::new(kind, [0; 3])
    }
}
