//! Moments: the compiled forms of every condition that asks how long ago something was, on which day of the year it
//! returns, or what the shopper's clocks show.

use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use super::number::FACT_MISSING;
use super::{want, Check, Want};
use crate::cart::MISSING;
use crate::error::FixBy;
use crate::facts::Facts;
use crate::packed::packed;
use crate::reason::{ParamKind, Reason, ReasonKind};
use crate::time::{CivilDate, Timestamp};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 3_600_000;
/// Minutes of a day.
const DAY: i64 = 1_440;

packed! {
    /// How long ago something was.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Ago {
        /// What.
        pub(super) of: Moment,
        /// More than this ago.
        pub(super) longer_ago_than: Option<Span>,
        /// Within this span.
        pub(super) within: Option<Span>,
        /// The dimension that names it in reasons.
        pub(super) fact: u16,
    }

    /// A moment of the request.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub enum Moment {
        /// When the customer ordered last.
        LastOrder,
        /// When the customer signed up.
        SignedUp,
        /// A number that only some rule asks for, by its place; of several the latest.
        Figures(Vec<u32>),
    }

    /// A span of hours, of civil days, or of calendar months (31 January + 1 month = 28 or 29 February).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    pub enum Span {
        /// Hours, to the millisecond.
        Hours(u32),
        /// Days.
        Days(u32),
        /// Calendar months.
        Months(u32),
    }

    /// Today, on the customer's calendar, is around the yearly return of a day.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Yearly {
        /// Of which day.
        pub(super) of: Day,
        /// Which return; every one when absent.
        pub(super) years: Option<u16>,
        /// Days before it that count.
        pub(super) days_before: u16,
        /// Days after it that count.
        pub(super) days_after: u16,
    }

    /// What the shopper's clocks show.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Clocks {
        /// A bit for each day of the week, Monday lowest.
        pub(super) days: u8,
        /// The first minute of the day.
        pub(super) from: u16,
        /// The minute after the last; not after the first when the hours pass midnight.
        pub(super) until: u16,
    }

    /// A day that returns.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub enum Day {
        /// The customer was born.
        Born,
        /// The customer signed up.
        SignedUp,
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

static FACT_TOO_RECENT: ReasonKind = ReasonKind {
    code: "fact_too_recent",
    message: "what this campaign asks for is too recent",
    help: "it becomes available when `{fact}` is longer ago",
    fix_by: FixBy::Shopper,
    params: &[("at", ParamKind::Time), ("fact", ParamKind::Attribute)],
    waits_for_cart: false,
};

static FACT_TOO_OLD: ReasonKind = ReasonKind {
    code: "fact_too_old",
    message: "what this campaign asks for is too long ago",
    help: "it is meant for a more recent `{fact}`",
    fix_by: FixBy::Shopper,
    params: &[("at", ParamKind::Time), ("fact", ParamKind::Attribute)],
    waits_for_cart: false,
};

static BIRTHDAY_NOT_NOW: ReasonKind = ReasonKind {
    code: "birthday_not_now",
    message: "this campaign is for the days around the customer's birthday",
    help: "come back around your birthday",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

static BIRTHDAY_UNKNOWN: ReasonKind = ReasonKind {
    code: "birthday_unknown",
    message: "the customer's birthday is not known",
    help: "sign in, or pass `customer.birthday` with the request",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

static ANNIVERSARY_NOT_NOW: ReasonKind = ReasonKind {
    code: "anniversary_not_now",
    message: "this campaign is for the days around an anniversary",
    help: "come back around the anniversary",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

static OUTSIDE_HOURS: ReasonKind = ReasonKind {
    code: "outside_hours",
    message: "this campaign is for other hours of the shopper's day",
    help: "come back at another time of the week",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

static SIGN_UP_UNKNOWN: ReasonKind = ReasonKind {
    code: "sign_up_unknown",
    message: "when the customer signed up is not known",
    help: "sign in, or pass `customer.signedUpAt` with the request",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

pub(super) const REASONS: &[&ReasonKind] = &[
    &TOO_RECENT,
    &TOO_OLD,
    &NO_ORDER,
    &FACT_TOO_RECENT,
    &FACT_TOO_OLD,
    &BIRTHDAY_NOT_NOW,
    &BIRTHDAY_UNKNOWN,
    &ANNIVERSARY_NOT_NOW,
    &SIGN_UP_UNKNOWN,
    &OUTSIDE_HOURS,
];

impl Span {
    /// From when on it may be over first, `since` that moment: a full minute, or a midnight.
    fn end(self, facts: &Facts<'_>, since: Timestamp) -> Timestamp {
        match self {
            Span::Hours(hours) => {
                let end = since.saturating_add(i64::from(hours).saturating_mul(HOUR));
                end.div_euclid(MINUTE).saturating_add(1).saturating_mul(MINUTE)
            }
            _ => want::midnight(facts),
        }
    }

    /// Whether it is over, `since` that moment.
    fn is_over(self, facts: &Facts<'_>, since: Timestamp) -> bool {
        let date = || facts.civil_date(since);
        match self {
            Span::Hours(hours) => facts.cart.now > since.saturating_add(i64::from(hours).saturating_mul(HOUR)),
            Span::Days(days) => facts.today() > CivilDate::from_days(date().days().saturating_add(i64::from(days))),
            Span::Months(months) => facts.today() > date().plus_months(i32::try_from(months).unwrap_or(i32::MAX)),
        }
    }
}

impl Ago {
    fn moment(&self, facts: &Facts<'_>) -> Option<Timestamp> {
        let cart = facts.cart;
        match &self.of {
            Moment::LastOrder => Some(cart.last_order_at),
            Moment::SignedUp => Some(cart.signed_up_at),
            Moment::Figures(places) => places.iter().filter_map(|place| facts.number(*place)).max(),
        }
        .filter(|moment| *moment != MISSING)
    }

    fn is_long_enough_ago(&self, facts: &Facts<'_>, moment: Timestamp) -> bool {
        self.longer_ago_than.is_none_or(|span| span.is_over(facts, moment))
    }
}

impl Check for Ago {
    fn holds(&self, facts: &Facts<'_>) -> bool {
        self.moment(facts).is_some_and(|moment| {
            self.is_long_enough_ago(facts, moment) && !self.within.is_some_and(|span| span.is_over(facts, moment))
        })
    }

    fn want<'a>(&'a self, facts: &Facts<'_>) -> Option<Want<'a>> {
        let from = self.longer_ago_than?.end(facts, self.moment(facts)?);
        want::first_moment(facts, from, &|facts| self.holds(facts)).map(Want::Moment)
    }

    fn refusal(&self, facts: &Facts<'_>) -> Reason {
        let fact = i64::from(self.fact);
        let is_order = self.of == Moment::LastOrder;
        match self.moment(facts) {
            None if is_order => Reason::new(&NO_ORDER, [0; 3]),
            None => Reason::new(&FACT_MISSING, [fact, 0, 0]),
            Some(moment) => {
                let kind = match (self.is_long_enough_ago(facts, moment), is_order) {
                    (false, true) => &TOO_RECENT,
                    (false, false) => &FACT_TOO_RECENT,
                    (true, true) => &TOO_OLD,
                    (true, false) => &FACT_TOO_OLD,
                };
                Reason::new(kind, [moment, fact, 0])
            }
        }
    }
}

/// Whether `today` is from `before` days before until `after` days after a yearly day. The day of last year and
/// of next year are looked at too, for windows across New Year.
fn is_around(today: CivilDate, yearly: CivilDate, before: u16, after: u16) -> Option<CivilDate> {
    let year = today.year();
    [year.saturating_sub(1), year, year.saturating_add(1)].into_iter().map(|year| yearly.in_year(year)).find(|day| {
        let from = day.days().saturating_sub(i64::from(before));
        let until = day.days().saturating_add(i64::from(after));
        (from..=until).contains(&today.days())
    })
}

impl Yearly {
    /// The first of the days.
    fn first(&self, facts: &Facts<'_>) -> Option<CivilDate> {
        match self.of {
            Day::Born => facts.cart.birthday,
            Day::SignedUp => Some(facts.cart.signed_up_at).filter(|at| *at != MISSING).map(|at| facts.civil_date(at)),
        }
    }
}

impl Check for Yearly {
    fn holds(&self, facts: &Facts<'_>) -> bool {
        let Some(first) = self.first(facts) else { return false };
        let day = is_around(facts.today(), first, self.days_before, self.days_after);
        day.is_some_and(|day| {
            let years = day.year().saturating_sub(first.year());
            // a birthday may be told without its year
            self.of == Day::Born || years > 0 && self.years.is_none_or(|asked| i32::from(asked) == years)
        })
    }

    fn want<'a>(&'a self, facts: &Facts<'_>) -> Option<Want<'a>> {
        want::first_moment(facts, want::midnight(facts), &|facts| self.holds(facts)).map(Want::Moment)
    }

    fn refusal(&self, facts: &Facts<'_>) -> Reason {
        let kind = match (self.of, self.first(facts)) {
            (Day::Born, None) => &BIRTHDAY_UNKNOWN,
            (Day::Born, Some(_)) => &BIRTHDAY_NOT_NOW,
            (Day::SignedUp, None) => &SIGN_UP_UNKNOWN,
            (Day::SignedUp, Some(_)) => &ANNIVERSARY_NOT_NOW,
        };
        Reason::new(kind, [0; 3])
    }
}

impl Check for Clocks {
    fn holds(&self, facts: &Facts<'_>) -> bool {
        let minute = facts.minute_of_week();
        let of_day = minute.rem_euclid(DAY);
        let (from, until) = (i64::from(self.from), i64::from(self.until));
        let passes_midnight = until <= from;
        let is_open = if passes_midnight { of_day >= from || of_day < until } else { (from..until).contains(&of_day) };
        // after midnight the hours still belong to the day on which they began
        let began = if passes_midnight && of_day < until { minute.saturating_sub(DAY) } else { minute };
        is_open && self.days >> began.div_euclid(DAY).rem_euclid(7) & 1 == 1
    }

    fn want<'a>(&'a self, facts: &Facts<'_>) -> Option<Want<'a>> {
        let opens = want::midnight(facts).saturating_add(i64::from(self.from).saturating_mul(MINUTE));
        want::first_moment(facts, opens, &|facts| self.holds(facts)).map(Want::Moment)
    }

    fn refusal(&self, _: &Facts<'_>) -> Reason {
        Reason::new(&OUTSIDE_HOURS, [0; 3])
    }
}
