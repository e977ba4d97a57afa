use alloc::boxed::Box;
use serde::{Deserialize, Serialize};

use crate::packed::packed;
use super::{Check, Document};
use crate::campaign::reading;
use crate::cart;
use crate::error::{Diagnostic, FixBy};
use crate::facts::Facts;
use crate::pointer::Pointer;
use crate::reason::{ParamKind, Reason, ReasonKind};
use crate::time::{CivilDate, Timestamp};
use crate::vocabulary::VocabularyBuilder;

/// How long ago the customer's last order was, in days or months of the customer's own calendar. A customer
/// who never ordered has no last order, so the condition does not hold.
///
/// "No order for more than three months": `{ "type": "last_order", "longerAgoThan": { "months": 3 } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LastOrder {
    /// More than this ago: the last order's date plus the span is before today.
    pub longer_ago_than: Option<Span>,
    /// Within this span: today is not after the last order's date plus the span.
    pub within: Option<Span>,
}

packed! {
    /// A span of days, or of calendar months (31 January + 1 month = 28 or 29 February).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    pub enum Span {
        /// Days.
        Days(u32),
        /// Calendar months.
        Months(u32),
    }
}

impl Span {
    fn after(self, date: CivilDate) -> CivilDate {
        match self {
            Span::Days(days) => CivilDate::from_days(date.days().saturating_add(i64::from(days))),
            Span::Months(months) => date.plus_months(i32::try_from(months).unwrap_or(i32::MAX)),
        }
    }
}

static TOO_RECENT: ReasonKind = ReasonKind {
    code: "last_order_too_recent",
    message: "the customer's last order is too recent for this campaign",
    help: "it becomes available when the last order is longer ago",
    fix_by: FixBy::Shopper,
    params: &[("lastAt", ParamKind::Time)],
    waits_for_cart: false,
};

static TOO_OLD: ReasonKind = ReasonKind {
    code: "last_order_too_old",
    message: "the customer's last order is too long ago for this campaign",
    help: "it is meant for customers who ordered recently",
    fix_by: FixBy::Shopper,
    params: &[("lastAt", ParamKind::Time)],
    waits_for_cart: false,
};

static NO_ORDER: ReasonKind = ReasonKind {
    code: "no_earlier_order",
    message: "no earlier order of the customer is known",
    help: "sign in, or pass `customer.orders.lastAt` with the request",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

pub(super) const REASONS: &[&ReasonKind] = &[&TOO_RECENT, &TOO_OLD, &NO_ORDER];

packed! {
    /// The compiled form.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compiled {
        longer_ago_than: Option<Span>,
        within: Option<Span>,
    }
}

impl Document for LastOrder {
    type Compiled = Compiled;

    fn compile(&self, _: &mut VocabularyBuilder, at: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        match (self.longer_ago_than, self.within) {
            (None, None) => {
                Err(reading::invalid("the condition asks nothing", "say `longerAgoThan` or `within`", at))
            }
            (longer_ago_than, within) => Ok(Compiled { longer_ago_than, within }),
        }
    }
}

impl Compiled {
    fn long_enough_ago(&self, facts: &Facts<'_>, last: Timestamp) -> bool {
        self.longer_ago_than.is_none_or(|span| facts.today() > span.after(facts.civil_date(last)))
    }

    fn recent_enough(&self, facts: &Facts<'_>, last: Timestamp) -> bool {
        self.within.is_none_or(|span| facts.today() <= span.after(facts.civil_date(last)))
    }
}

impl Check for Compiled {
    fn holds(&self, facts: &Facts<'_>) -> bool {
        let last = facts.cart.last_order_at;
        last != cart::MISSING && self.long_enough_ago(facts, last) && self.recent_enough(facts, last)
    }

    fn refusal(&self, facts: &Facts<'_>) -> Reason {
        let last = facts.cart.last_order_at;
        match last {
            cart::MISSING => Reason::new(&NO_ORDER, [0; 3]),
            _ if !self.long_enough_ago(facts, last) => Reason::new(&TOO_RECENT, [last, 0, 0]),
            _ => Reason::new(&TOO_OLD, [last, 0, 0]),
        }
    }
}
