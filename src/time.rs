//! Time as values: UTC milliseconds, half-open intervals, and civil dates for what depends on a customer's
//! calendar (birthdays, "three months after the last order").
//!
//! There is no "now" here and no time-zone database: zones are expanded into UTC intervals when a snapshot is
//! published, and customer-relative dates use the offset that comes with the request.

use alloc::string::String;
use serde::Serialize;

use crate::digits;
use crate::packed::packed;

const DAY: i64 = 86_400_000;
const MINUTE: i64 = 60_000;

/// A moment in UTC milliseconds since 1970-01-01.
pub type Timestamp = i64;

packed! {
    /// A stretch of time, `from` included, `until` not. UTC milliseconds.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
    pub struct Interval {
        /// The first moment inside.
        pub from: Timestamp,
        /// The first moment after it.
        pub until: Timestamp,
    }
}

impl Interval {
    /// All of time.
    pub const ALWAYS: Interval = Interval { from: i64::MIN, until: i64::MAX };

    /// Whether `now` is inside.
    #[inline]
    pub fn contains(&self, now: Timestamp) -> bool {
        self.from <= now && now < self.until
    }
}

/// A day of the Gregorian calendar.
///
/// ```
/// use counterfoil::time::CivilDate;
/// let leap_day = CivilDate::parse("2024-02-29").unwrap();
/// // a birthday on 29 February is kept on 28 February in other years
/// assert_eq!(leap_day.in_year(2026), CivilDate::parse("2026-02-28").unwrap());
/// assert_eq!(leap_day.plus_months(12), CivilDate::parse("2025-02-28").unwrap());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CivilDate {
    year: i32,
    month: u8,
    day: u8,
}

impl CivilDate {
    /// A date that exists; `None` otherwise. Years 1 to 9999.
    pub fn new(year: i32, month: u8, day: u8) -> Option<CivilDate> {
        let sound = (1..=9999).contains(&year) && (1..=12).contains(&month) && day >= 1 && day <= length(year, month);
        sound.then_some(CivilDate { year, month, day })
    }

    /// Reads `2026-03-01`, or `--03-01` for a day of any year (which is read in a leap year, so that
    /// `--02-29` exists).
    pub fn parse(text: &str) -> Option<CivilDate> {
        let (year, rest) = match text.strip_prefix("--") {
            Some(rest) => (2000, rest),
            None => {
                let (year, rest) = text.split_once('-')?;
                (digits(year, 4)?, rest)
            }
        };
        let (month, day) = rest.split_once('-')?;
        CivilDate::new(year, u8::try_from(digits(month, 2)?).ok()?, u8::try_from(digits(day, 2)?).ok()?)
    }

    /// The civil date at `now` for someone whose clocks are `offset_minutes` ahead of UTC.
    pub fn at(now: Timestamp, offset_minutes: i32) -> CivilDate {
        let local = now.saturating_add(i64::from(offset_minutes).saturating_mul(MINUTE));
        CivilDate::from_days(local.div_euclid(DAY))
    }

    /// Days since 1970-01-01. Howard Hinnant's `days_from_civil`.
    pub fn days(&self) -> i64 {
        let (year, month, day) = (i64::from(self.year), i64::from(self.month), i64::from(self.day));
        let shifted = year.saturating_sub(i64::from(month <= 2));
        let era = shifted.div_euclid(400);
        let of_era = shifted.rem_euclid(400);
        let from_march = month.saturating_add(9).rem_euclid(12);
        let of_year =
            from_march.saturating_mul(153).saturating_add(2).div_euclid(5).saturating_add(day).saturating_sub(1);
        let days = of_era
            .saturating_mul(365)
            .saturating_add(of_era.div_euclid(4))
            .saturating_sub(of_era.div_euclid(100))
            .saturating_add(of_year);
        era.saturating_mul(146_097).saturating_add(days).saturating_sub(719_468)
    }

    /// The date `days` after 1970-01-01. Howard Hinnant's `civil_from_days`.
    pub fn from_days(days: i64) -> CivilDate {
        let shifted = days.saturating_add(719_468);
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let years = of_era
            .saturating_sub(of_era.div_euclid(1_460))
            .saturating_add(of_era.div_euclid(36_524))
            .saturating_sub(of_era.div_euclid(146_096))
            .div_euclid(365);
        let before =
            years.saturating_mul(365).saturating_add(years.div_euclid(4)).saturating_sub(years.div_euclid(100));
        let of_year = of_era.saturating_sub(before);
        let from_march = of_year.saturating_mul(5).saturating_add(2).div_euclid(153);
        let to_month = from_march.saturating_mul(153).saturating_add(2).div_euclid(5);
        let day = of_year.saturating_sub(to_month).saturating_add(1);
        let month = if from_march < 10 { from_march.saturating_add(3) } else { from_march.saturating_sub(9) };
        let year = era.saturating_mul(400).saturating_add(years).saturating_add(i64::from(month <= 2));
        CivilDate {
            year: i32::try_from(year).unwrap_or(i32::MAX),
            month: u8::try_from(month).unwrap_or(1),
            day: u8::try_from(day).unwrap_or(1),
        }
    }

    /// The same day of the year in `year`; 29 February falls on the 28th where there is none.
    pub fn in_year(&self, year: i32) -> CivilDate {
        CivilDate { year, month: self.month, day: self.day.min(length(year, self.month)) }
    }

    /// `months` later; the day is cut to the length of the month it lands in (31 January + 1 = 28 February).
    pub fn plus_months(&self, months: i32) -> CivilDate {
        let total = i64::from(self.year)
            .saturating_mul(12)
            .saturating_add(i64::from(self.month))
            .saturating_sub(1)
            .saturating_add(i64::from(months));
        let year = i32::try_from(total.div_euclid(12)).unwrap_or(i32::MAX);
        let month = u8::try_from(total.rem_euclid(12).saturating_add(1)).unwrap_or(1);
        CivilDate { year, month, day: self.day.min(length(year, month)) }
    }

    /// The year.
    pub fn year(&self) -> i32 {
        self.year
    }

    /// The month, 1 to 12.
    pub fn month(&self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    pub fn day(&self) -> u8 {
        self.day
    }
}

/// Writes a moment in UTC to the minute: `2026-03-01 09:30 UTC`.
pub fn write_utc(moment: Timestamp, out: &mut String) {
    let date = CivilDate::at(moment, 0);
    let minutes = moment.rem_euclid(DAY).div_euclid(MINUTE);
    let (hour, minute) = (minutes.div_euclid(60), minutes.rem_euclid(60));
    let part = |out: &mut String, number: i64, places| digits::push_padded(out, number.unsigned_abs(), places);
    part(out, i64::from(date.year), 4);
    out.push('-');
    part(out, i64::from(date.month), 2);
    out.push('-');
    part(out, i64::from(date.day), 2);
    out.push(' ');
    part(out, hour, 2);
    out.push(':');
    part(out, minute, 2);
    out.push_str(" UTC");
}

fn digits(text: &str, count: usize) -> Option<i32> {
    (text.len() == count && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn length(year: i32, month: u8) -> u8 {
    let leap = year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0);
    match month {
        2 => 28_u8.saturating_add(u8::from(leap)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree_over_four_centuries() {
        let first = CivilDate::parse("1900-01-01").unwrap().days();
        for days in first..first + 150_000 {
            let date = CivilDate::from_days(days);
            assert_eq!(date.days(), days);
            assert_eq!(CivilDate::new(date.year, date.month, date.day), Some(date));
        }
        assert_eq!(CivilDate::from_days(0), CivilDate::parse("1970-01-01").unwrap());
    }

    #[test]
    fn the_offset_decides_the_day() {
        let eleven_pm_utc = 1_772_319_600_000; // 2026-02-28T23:00:00Z
        assert_eq!(CivilDate::at(eleven_pm_utc, 0), CivilDate::parse("2026-02-28").unwrap());
        assert_eq!(CivilDate::at(eleven_pm_utc, 59), CivilDate::parse("2026-02-28").unwrap());
        assert_eq!(CivilDate::at(eleven_pm_utc, 60), CivilDate::parse("2026-03-01").unwrap());
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "26-01-01", "2026-01-01T00", ""] {
            assert_eq!(CivilDate::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_interval_holds_its_first_moment_and_not_its_last() {
        let interval = Interval { from: 10, until: 20 };
        assert_eq!([9, 10, 19, 20].map(|now| interval.contains(now)), [false, true, true, false]);
    }
}
