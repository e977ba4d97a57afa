//! Civil days in a declared zone: where a day, a week, a month or a quarter begins, and when a lot expires.

use alloc::format;
use alloc::string::String;

use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

use crate::time::{CivilDate, Timestamp};

const SECOND: i64 = 1_000;
const DAY: i64 = 86_400_000;

/// The most months that a time may have.
pub const MAX_MONTHS: u32 = 1_200;

/// The last moment that commands may speak of, the start of the year 9000.
pub const LAST_MOMENT: Timestamp = 221_845_392_000_000;

/// A time zone: a name of the IANA database or a fixed offset.
///
/// ```
/// use counterfoil::ledger::calendar::Zone;
/// let (berlin, chicago) = (Zone::parse("Europe/Berlin").unwrap(), Zone::parse("-06:00").unwrap());
/// let late = 1_772_319_600_000; // 2026-02-28T23:00:00Z
/// assert_eq!(berlin.date_at(late).day(), 1);
/// assert_eq!(chicago.date_at(late).day(), 28);
/// // 29 March 2026 has 23 hours in Berlin
/// let day = |text| berlin.start_of(counterfoil::time::CivilDate::parse(text).unwrap());
/// assert_eq!(day("2026-03-30") - day("2026-03-29"), 23 * 3_600_000);
/// ```
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

impl Default for Zone {
    /// UTC.
    fn default() -> Zone {
        Zone(TimeZone::UTC)
    }
}

impl Zone {
    /// `UTC`, `+02:00`, `-05:30` or a name such as `Europe/Berlin`.
    pub fn parse(name: &str) -> Option<Zone> {
        match name.as_bytes() {
            [sign @ (b'+' | b'-'), clock @ ..] => {
                let (hours, minutes) = core::str::from_utf8(clock).ok()?.split_once(':')?;
                let part = |text: &str, most: i32| {
                    let two = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
                    two.then(|| text.parse::<i32>().ok()).flatten().filter(|number| *number <= most)
                };
                let seconds =
                    part(hours, 18)?.saturating_mul(3_600).saturating_add(part(minutes, 59)?.saturating_mul(60));
                let seconds = if *sign == b'-' { seconds.saturating_neg() } else { seconds };
                Some(Zone(TimeZone::fixed(Offset::from_seconds(seconds).ok()?)))
            }
            _ => TimeZone::get(name).ok().map(Zone),
        }
    }

    /// The day at a moment.
    pub fn date_at(&self, moment: Timestamp) -> CivilDate {
        let offset = jiff::Timestamp::from_millisecond(moment).map_or(0, |moment| self.0.to_offset(moment).seconds());
        CivilDate::from_days(moment.saturating_add(i64::from(offset).saturating_mul(SECOND)).div_euclid(DAY))
    }

    /// The first moment of a day. Where clocks jump over midnight, the first moment after the jump.
    pub fn start_of(&self, date: CivilDate) -> Timestamp {
        let civil = i16::try_from(date.year())
            .ok()
            .zip(i8::try_from(date.month()).ok().zip(i8::try_from(date.day()).ok()))
            .and_then(|(year, (month, day))| jiff::civil::Date::new(year, month, day).ok());
        let moment = civil.and_then(|day| self.0.to_ambiguous_timestamp(day.at(0, 0, 0, 0)).compatible().ok());
        moment.map_or_else(|| date.days().saturating_mul(DAY), |moment| moment.as_millisecond())
    }
}

/// A stretch of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "CalendarStretch"))]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// A civil day.
    Day,
    /// Seven days from the programme's first day of the week.
    Week,
    /// A calendar month.
    Month,
    /// Three months from January, April, July or October.
    Quarter,
    /// Six months from January or July.
    HalfYear,
    /// A calendar year.
    Year,
}

/// On which day a week begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WeekStart {
    /// ISO weeks.
    #[default]
    Monday,
    /// As in North America.
    Sunday,
    /// As in parts of the Arab world.
    Saturday,
}

impl Every {
    /// The word used in JSON and in the names of counters.
    pub fn name(self) -> &'static str {
        match self {
            Every::Day => "day",
            Every::Week => "week",
            Every::Month => "month",
            Every::Quarter => "quarter",
            Every::HalfYear => "half_year",
            Every::Year => "year",
        }
    }

    /// The first day of the stretch that `date` is in.
    pub fn first_day(self, date: CivilDate, week: WeekStart) -> CivilDate {
        match self.months() {
            Some(months) => {
                let into = date.month().saturating_sub(1).checked_rem(months).unwrap_or(0);
                first_of_month(date.plus_months(i32::from(into).saturating_neg()))
            }
            None if self == Every::Day => date,
            None => {
                // day 0 was a Thursday
                let shift = match week {
                    WeekStart::Monday => 3_i64,
                    WeekStart::Sunday => 4,
                    WeekStart::Saturday => 5,
                };
                let days = date.days();
                CivilDate::from_days(days.saturating_sub(days.saturating_add(shift).rem_euclid(7)))
            }
        }
    }

    /// The first day of the stretch after the one that begins on `first`.
    pub fn next(self, first: CivilDate) -> CivilDate {
        match self.months() {
            Some(months) => first.plus_months(i32::from(months)),
            None => plus_days(first, if self == Every::Day { 1 } else { 7 }),
        }
    }

    fn months(self) -> Option<u8> {
        match self {
            Every::Day | Every::Week => None,
            Every::Month => Some(1),
            Every::Quarter => Some(3),
            Every::HalfYear => Some(6),
            Every::Year => Some(12),
        }
    }
}

/// `2026-03-01`, as names of counters and periods have it. Such texts sort as the days do.
pub fn text(date: CivilDate) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

fn first_of_month(date: CivilDate) -> CivilDate {
    CivilDate::new(date.year(), date.month(), 1).unwrap_or(date)
}

pub(super) fn plus_days(date: CivilDate, days: i64) -> CivilDate {
    CivilDate::from_days(date.days().saturating_add(days))
}

/// `days` civil days after a moment, at the start of that day.
pub fn days_after(moment: Timestamp, days: u32, zone: &Zone) -> Timestamp {
    zone.start_of(plus_days(zone.date_at(moment), i64::from(days)))
}

/// When a lot expires. The last day counts in full: a lot is gone at the first moment of the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Expiry {
    /// It does not.
    #[default]
    Never,
    /// So many days after it became active; 0 is the same day.
    AfterDays {
        /// How many; at most 36,500.
        days: u32,
    },
    /// So many months after it became active (31 January and one month is the last day of February), rounded up to
    /// the end of a stretch if so declared.
    AfterMonths {
        /// How many; at most 1,200.
        months: u32,
        /// To the end of what.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        round_to: Option<RoundTo>,
    },
    /// On the next such day of a year, the day itself included. 29 February falls on the 28th where there is none.
    FixedDay {
        /// 1 to 12.
        month: u8,
        /// From 1.
        day: u8,
    },
    /// From this moment on.
    At {
        /// UTC milliseconds.
        moment: Timestamp,
    },
}

/// To the end of what an expiry is rounded up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RoundTo {
    /// The month.
    Month,
    /// The quarter.
    Quarter,
    /// The half-year.
    HalfYear,
    /// The year.
    Year,
    /// The next end of this month, 1 to 12: `{ "monthOfYear": 1 }`.
    #[serde(rename = "monthOfYear")]
    MonthOfYear(u8),
}

impl Expiry {
    /// Whether its numbers can be.
    pub fn is_sound(&self) -> bool {
        match *self {
            Expiry::Never => true,
            Expiry::AfterDays { days } => days <= 36_500,
            Expiry::AfterMonths { months, round_to } => months <= MAX_MONTHS && round_to.is_none_or(RoundTo::is_sound),
            Expiry::FixedDay { month, day } => CivilDate::new(2000, month, day).is_some(),
            Expiry::At { moment } => (0..=LAST_MOMENT).contains(&moment),
        }
    }

    /// The first moment at which a lot that became active at `active` cannot be spent any more.
    ///
    /// ```
    /// use counterfoil::ledger::calendar::{Expiry, RoundTo, Zone};
    /// use counterfoil::time::CivilDate;
    /// let utc = Zone::parse("UTC").unwrap();
    /// let start = |text| utc.start_of(CivilDate::parse(text).unwrap());
    /// let rule = Expiry::AfterMonths { months: 2, round_to: Some(RoundTo::MonthOfYear(1)) };
    /// // earned on 7 March 2025: 7 May, and 31 January 2026 is the last day
    /// assert_eq!(rule.of(start("2025-03-07"), &utc), Some(start("2026-02-01")));
    /// ```
    pub fn of(&self, active: Timestamp, zone: &Zone) -> Option<Timestamp> {
        let day = zone.date_at(active);
        let last = match *self {
            Expiry::Never => return None,
            Expiry::At { moment } => return Some(moment),
            Expiry::AfterDays { days } => plus_days(day, i64::from(days)),
            Expiry::AfterMonths { months, round_to } => {
                let day = day.plus_months(i32::try_from(months).unwrap_or(i32::MAX));
                round_to.map_or(day, |round_to| round_to.last_day(day))
            }
            Expiry::FixedDay { month, day: of_month } => {
                let fixed = CivilDate::new(2000, month, of_month)?;
                let this_year = fixed.in_year(day.year());
                if this_year >= day {
                    this_year
                } else {
                    fixed.in_year(day.year().saturating_add(1))
                }
            }
        };
        Some(zone.start_of(plus_days(last, 1)))
    }
}

impl RoundTo {
    /// Whether its month can be.
    pub(super) fn is_sound(self) -> bool {
        !matches!(self, RoundTo::MonthOfYear(month) if !(1..=12).contains(&month))
    }

    /// The last day of the stretch that `date` is in.
    pub(super) fn last_day(self, date: CivilDate) -> CivilDate {
        let every = match self {
            RoundTo::Month => Every::Month,
            RoundTo::Quarter => Every::Quarter,
            RoundTo::HalfYear => Every::HalfYear,
            RoundTo::Year => Every::Year,
            RoundTo::MonthOfYear(month) => {
                let ahead = i32::from(month).saturating_sub(i32::from(date.month())).rem_euclid(12);
                return RoundTo::Month.last_day(date.plus_months(ahead));
            }
        };
        plus_days(every.next(every.first_day(date, WeekStart::Monday)), -1)
    }
}
