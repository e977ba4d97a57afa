//! When a campaign runs, in the civil time of a named zone, and its expansion into UTC intervals.
//!
//! The engine carries no time-zone database: whoever compiles a snapshot expands the schedule for the
//! snapshot's own life, and the engine only asks which interval `now` is in.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use jiff::civil::{DateTime, Time, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::ToSpan;
use serde::{Deserialize, Serialize};

use super::reading;
use super::windows::{self, Asked, Repeats, Window};
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::time::{Interval, Timestamp};

/// Most intervals one schedule may expand to.
pub const MAX_INTERVALS: usize = 1_000;
/// Most windows of one schedule.
const MAX_WINDOWS: usize = 32;

/// When a campaign runs. All members are optional; civil times are those of `timeZone`.
///
/// "Saturdays from nine to five in Dublin, in March":
/// `{ "from": "2026-03-01T00:00", "until": "2026-04-01T00:00", "timeZone": "Europe/Dublin",
///    "weekdays": ["saturday"], "hours": { "from": "09:00", "until": "17:00" } }`
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Schedule {
    /// The first moment, civil: `2026-03-01T00:00`.
    pub from: Option<String>,
    /// The moment after the last, civil.
    pub until: Option<String>,
    /// IANA name of the zone; default `UTC`.
    pub time_zone: Option<String>,
    /// Only on these days of the week.
    pub weekdays: Option<Vec<Day>>,
    /// Only in these hours of the day; a window across midnight belongs to the day it begins on.
    pub hours: Option<Hours>,
    /// Only in these windows, each with days and hours of its own; at most 32.
    pub windows: Option<Vec<Window>>,
    /// Only in windows at intervals, of which the first begins at `from`.
    pub repeats: Option<Repeats>,
}

/// A window of the day.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Hours {
    /// The first minute: `09:00`.
    pub from: String,
    /// The minute after the last: `17:00`, or `24:00` for midnight.
    pub until: String,
}

impl Hours {
    /// The first minute of the day, and the one after the last.
    pub(crate) fn minutes(&self, at: &Pointer) -> Result<(u16, u16), Box<Diagnostic>> {
        let minute = |text: &str, name: &str| match text {
            "24:00" if name == "until" => Ok(1_440),
            _ => clock(text, &at.key(name)).map(|time| {
                let (hour, minute) = (time.hour().unsigned_abs(), time.minute().unsigned_abs());
                u16::from(hour).saturating_mul(60).saturating_add(u16::from(minute))
            }),
        };
        let (from, until) = (minute(&self.from, "from")?, minute(&self.until, "until")?);
        if from == until {
            let help = "let `until` differ from `from`, or leave `hours` out for the whole day";
            return Err(reading::diagnostic("schedule_empty", "the hours are empty", help, at));
        }
        Ok((from, until))
    }
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Day {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Day {
    pub(super) fn is(self, weekday: Weekday) -> bool {
        let same = match self {
            Day::Monday => Weekday::Monday,
            Day::Tuesday => Weekday::Tuesday,
            Day::Wednesday => Weekday::Wednesday,
            Day::Thursday => Weekday::Thursday,
            Day::Friday => Weekday::Friday,
            Day::Saturday => Weekday::Saturday,
            Day::Sunday => Weekday::Sunday,
        };
        same == weekday
    }
}

/// A schedule in UTC: the whole stretch, and the intervals inside it where the schedule recurs. No intervals
/// means the whole stretch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expanded {
    /// From the schedule's first to its last moment.
    pub stretch: Interval,
    /// Sorted, disjoint; empty when the schedule does not recur.
    pub intervals: Vec<Interval>,
}

impl Schedule {
    /// Expands the schedule for a snapshot that lives in `life`.
    ///
    /// # Errors
    /// `field_invalid` for a time or zone that does not exist, `schedule_empty` when the schedule ends before
    /// it begins, `schedule_too_long` when it recurs more than [`MAX_INTERVALS`] times in the snapshot's life.
    pub fn expand(&self, life: Interval, at: &Pointer) -> Result<Expanded, Box<Diagnostic>> {
        let zone = self.zone(at)?;
        let from = moment(&self.from, &zone, &at.key("from"))?.unwrap_or(i64::MIN);
        let until = moment(&self.until, &zone, &at.key("until"))?.unwrap_or(i64::MAX);
        if from >= until {
            let help = "let `until` be later than `from`; `until` is the first moment after the campaign";
            return Err(reading::diagnostic("schedule_empty", "the schedule ends before it begins", help, at));
        }
        let stretch = Interval { from, until };
        let recurs = self.weekdays.is_some() || self.hours.is_some() || self.windows.is_some();
        if !recurs && self.repeats.is_none() {
            return Ok(Expanded { stretch, intervals: Vec::new() });
        }
        let intervals = self.recur(life, stretch, &zone, at)?;
        Ok(Expanded { stretch, intervals })
    }

    fn zone(&self, at: &Pointer) -> Result<TimeZone, Box<Diagnostic>> {
        let name = self.time_zone.as_deref().unwrap_or("UTC");
        TimeZone::get(name).map_err(|_| {
            let help = "use a name of the IANA time zone database, such as `Europe/Dublin`";
            reading::invalid(format!("there is no time zone `{name}`"), help, &at.key("timeZone"))
        })
    }

    /// What every member that narrows the schedule leaves of it.
    fn recur(
        &self,
        life: Interval,
        stretch: Interval,
        zone: &TimeZone,
        at: &Pointer,
    ) -> Result<Vec<Interval>, Box<Diagnostic>> {
        let asked = Asked { zone, stretch, first: stretch.from.max(life.from), last: stretch.until.min(life.until) };
        let mut found: Option<Vec<Interval>> = None;
        let mut narrow = |to: Vec<Interval>| {
            found = Some(found.take().map_or_else(|| to.clone(), |before| windows::both(&before, &to)));
        };
        if self.weekdays.is_some() || self.hours.is_some() {
            narrow(windows::of_days(self.weekdays.as_deref(), self.hours.as_ref(), &asked, at)?);
        }
        if let Some(several) = &self.windows {
            let at = at.key("windows");
            if several.is_empty() || several.len() > MAX_WINDOWS {
                let help = format!("write one to {MAX_WINDOWS} windows, or leave `windows` out");
                return Err(reading::invalid("these are too few or too many windows", help, &at));
            }
            narrow(windows::of_any(several, &asked, &at)?);
        }
        if let Some(repeats) = &self.repeats {
            narrow(windows::at_intervals(repeats, &asked, &at.key("repeats"))?);
        }
        let mut intervals = found.unwrap_or_default();
        if intervals.is_empty() {
            // never inside: an interval that holds nothing keeps "recurs, but not now" apart from "always"
            intervals.push(Interval { from: i64::MIN, until: i64::MIN });
        }
        Ok(intervals)
    }
}

pub(super) fn clock(text: &str, at: &Pointer) -> Result<Time, Box<Diagnostic>> {
    let time = Time::strptime("%H:%M", text);
    time.map_err(|_| reading::invalid(format!("`{text}` is no time of day"), "write it as `09:00`", at))
}

fn moment(text: &Option<String>, zone: &TimeZone, at: &Pointer) -> Result<Option<Timestamp>, Box<Diagnostic>> {
    let Some(text) = text else { return Ok(None) };
    let civil: Result<DateTime, _> = text.parse();
    let moment = civil.ok().and_then(|civil| utc(civil, zone));
    let help = "write a civil date and time without a zone, such as `2026-03-01T00:00`";
    moment.map(Some).ok_or_else(|| reading::invalid(format!("`{text}` is no date and time"), help, at))
}

/// The UTC moment of a civil one. In a gap (clocks put forward) the moment at which they are, in a fold (clocks put
/// back) the first of the two.
pub(super) fn utc(civil: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(civil);
    let moment = match ambiguous.offset() {
        AmbiguousOffset::Gap { .. } => zone.following(ambiguous.earlier().ok()?).next()?.timestamp(),
        _ => ambiguous.compatible().ok()?,
    };
    Some(moment.as_millisecond())
}

pub(super) fn civil(moment: Timestamp, zone: &TimeZone) -> Option<DateTime> {
    let clamped = moment.clamp(jiff::Timestamp::MIN.as_millisecond(), jiff::Timestamp::MAX.as_millisecond());
    let moment = jiff::Timestamp::from_millisecond(clamped).ok()?;
    // one day of room, so that "yesterday" exists at the edge of the calendar
    let moment = moment.max(jiff::Timestamp::MIN.saturating_add(48.hours()).ok()?);
    Some(zone.to_datetime(moment))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
    }

    fn expand(json: &str, from: &str, until: &str) -> Expanded {
        let schedule: Schedule = serde_json::from_str(json).unwrap();
        schedule.expand(Interval { from: ms(from), until: ms(until) }, &Pointer::root()).unwrap()
    }

    #[test]
    fn a_civil_day_in_a_zone_is_a_utc_interval() {
        let day = expand(
            r#"{ "from": "2026-03-17T00:00", "until": "2026-03-18T00:00", "timeZone": "Europe/Dublin" }"#,
            "2026-03-01T00:00:00Z",
            "2026-04-01T00:00:00Z",
        );
        assert_eq!(day.stretch, Interval { from: ms("2026-03-17T00:00:00Z"), until: ms("2026-03-18T00:00:00Z") });
        assert!(day.intervals.is_empty());
    }

    #[test]
    fn hours_follow_the_clocks_over_a_change_to_summer_time() {
        let hours = expand(
            r#"{ "timeZone": "Europe/Berlin", "hours": { "from": "09:00", "until": "10:00" } }"#,
            "2026-03-28T00:00:00Z",
            "2026-03-30T00:00:00Z",
        );
        let expected =
            [("2026-03-28T08:00:00Z", "2026-03-28T09:00:00Z"), ("2026-03-29T07:00:00Z", "2026-03-29T08:00:00Z")];
        assert_eq!(hours.intervals, expected.map(|(from, until)| Interval { from: ms(from), until: ms(until) }));
    }

    #[test]
    fn whole_days_in_a_row_become_one_interval() {
        let weekend =
            expand(r#"{ "weekdays": ["saturday", "sunday"] }"#, "2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z");
        let both = Interval { from: ms("2026-03-07T00:00:00Z"), until: ms("2026-03-09T00:00:00Z") };
        assert_eq!(weekend.intervals, [both]);
    }

    #[test]
    fn a_window_across_midnight_belongs_to_the_day_it_begins_on() {
        let night = expand(
            r#"{ "weekdays": ["friday"], "hours": { "from": "22:00", "until": "02:00" } }"#,
            "2026-03-07T00:30:00Z",
            "2026-03-08T00:00:00Z",
        );
        let friday = Interval { from: ms("2026-03-06T22:00:00Z"), until: ms("2026-03-07T02:00:00Z") };
        assert_eq!(night.intervals, [friday]);
    }

    fn intervals(found: &Expanded) -> Vec<(String, String)> {
        let text = |at: i64| format!("{}", jiff::Timestamp::from_millisecond(at).unwrap());
        found.intervals.iter().map(|interval| (text(interval.from), text(interval.until))).collect()
    }

    #[test]
    fn windows_have_days_and_hours_of_their_own() {
        let found = expand(
            r#"{ "windows": [{ "weekdays": ["monday"], "hours": { "from": "09:00", "until": "11:00" } },
                 { "weekdays": ["monday", "tuesday"], "hours": { "from": "10:00", "until": "12:00" } }] }"#,
            "2026-03-02T00:00:00Z",
            "2026-03-04T00:00:00Z",
        );
        let expected =
            [("2026-03-02T09:00:00Z", "2026-03-02T12:00:00Z"), ("2026-03-03T10:00:00Z", "2026-03-03T12:00:00Z")];
        assert_eq!(intervals(&found), expected.map(|(from, until)| (from.into(), until.into())));
    }

    #[test]
    fn windows_at_intervals_begin_with_the_schedule_and_follow_the_clocks() {
        // from the first of a month on for a day and a half; in Berlin the clocks change on 29 March
        let found = expand(
            r#"{ "from": "2026-01-01T06:00", "timeZone": "Europe/Berlin", "repeats": { "every": "P1M", "for": "PT36H" } }"#,
            "2026-03-02T00:00:00Z",
            "2026-05-01T00:00:00Z",
        );
        let expected =
            [("2026-03-01T05:00:00Z", "2026-03-02T17:00:00Z"), ("2026-04-01T04:00:00Z", "2026-04-02T16:00:00Z")];
        assert_eq!(intervals(&found), expected.map(|(from, until)| (from.into(), until.into())));
        let every_day = expand(
            r#"{ "from": "2026-03-27T10:00", "timeZone": "Europe/Berlin", "weekdays": ["sunday"],
                 "repeats": { "every": "P1D", "for": "PT1H" } }"#,
            "2026-03-27T00:00:00Z",
            "2026-04-02T00:00:00Z",
        );
        let sunday = ("2026-03-29T08:00:00Z".into(), "2026-03-29T09:00:00Z".into());
        assert_eq!(intervals(&every_day), [sunday], "both narrow it");
    }

    #[test]
    fn windows_that_make_no_sense_are_refused() {
        let life = Interval { from: ms("2026-03-01T00:00:00Z"), until: ms("2026-04-01T00:00:00Z") };
        for (json, code, at) in [
            (r#"{ "windows": [] }"#, "field_invalid", "/windows"),
            (r#"{ "repeats": { "every": "P1D", "for": "PT1H" } }"#, "field_missing", "/repeats"),
            (
                r#"{ "from": "2026-01-01T00:00", "repeats": { "every": "-P1D", "for": "PT1H" } }"#,
                "field_invalid",
                "/repeats/every",
            ),
            (
                r#"{ "from": "2026-01-01T00:00", "repeats": { "every": "P1D", "for": "soon" } }"#,
                "field_invalid",
                "/repeats/for",
            ),
            (
                r#"{ "from": "2026-01-01T00:00", "repeats": { "every": "PT1M", "for": "PT1S" } }"#,
                "schedule_too_long",
                "/repeats",
            ),
        ] {
            let schedule: Schedule = serde_json::from_str(json).unwrap();
            let fault = schedule.expand(life, &Pointer::root()).unwrap_err();
            assert_eq!((fault.code, fault.at.unwrap().pointer.as_str()), (code, at), "{json}");
        }
    }

    #[test]
    fn a_schedule_that_never_recurs_in_this_life_is_not_always() {
        let never = expand(r#"{ "weekdays": ["monday"] }"#, "2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z");
        assert_eq!(never.intervals.len(), 1);
        assert!(!never.intervals[0].contains(ms("2026-03-03T12:00:00Z")));
    }
}
