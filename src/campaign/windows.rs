//! Windows of time in which a schedule recurs: on days of the week, in hours of the day, at intervals.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Zoned};
use serde::{Deserialize, Serialize};

use super::reading;
use super::schedule::{civil, clock, utc, Day, Hours, MAX_INTERVALS};
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::time::{Interval, Timestamp};

/// Hours on days of the week.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Window {
    /// Only on these days of the week.
    pub weekdays: Option<Vec<Day>>,
    /// Only in these hours of the day; a window across midnight belongs to the day it begins on.
    pub hours: Option<Hours>,
}

/// Windows at intervals, on the clocks of the schedule's zone. The first begins at `from`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Repeats {
    /// From the beginning of one window to that of the next, as ISO 8601 has it: `P7D`, `P1M`, `PT36H`.
    pub every: String,
    /// How long each of them is: `PT2H`.
    #[serde(rename = "for")]
    pub lasts: String,
}

/// What windows are asked of: a zone, the whole stretch of a schedule, and the part of it that matters.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) zone: &'a TimeZone,
    pub(super) stretch: Interval,
    pub(super) first: Timestamp,
    pub(super) last: Timestamp,
}

type Found = Result<Vec<Interval>, Box<Diagnostic>>;

impl Asked<'_> {
    /// Adds a window, joined to the one before where they touch.
    fn push(&self, window: Interval, found: &mut Vec<Interval>, at: &Pointer) -> Result<(), Box<Diagnostic>> {
        let piece = Interval { from: window.from.max(self.stretch.from), until: window.until.min(self.stretch.until) };
        if piece.from < piece.until && piece.until > self.first {
            match found.last_mut() {
                Some(before) if before.until >= piece.from => before.until = before.until.max(piece.until),
                _ => found.push(piece),
            }
        }
        if found.len() > MAX_INTERVALS {
            let help = "publish snapshots that live shorter, or give the schedule an earlier end";
            let message = "the schedule recurs too often in the life of one snapshot";
            return Err(reading::diagnostic("schedule_too_long", message, help, at));
        }
        Ok(())
    }
}

/// Hours of the day on days of the week; the whole day without hours.
pub(super) fn of_days(weekdays: Option<&[Day]>, hours: Option<&Hours>, asked: &Asked<'_>, at: &Pointer) -> Found {
    let (open, close) = window(hours, at)?;
    let mut found = Vec::new();
    // the day before may reach into the first day when the window passes midnight
    let Some(mut day) = civil(asked.first, asked.zone).and_then(|moment| moment.date().yesterday().ok()) else {
        return Ok(found);
    };
    while let Some(from) = utc(day.to_datetime(open), asked.zone).filter(|from| *from < asked.last) {
        let wanted = weekdays.is_none_or(|days| days.iter().any(|d| d.is(day.weekday())));
        let until = closing(day, open, close).and_then(|moment| utc(moment, asked.zone));
        if let (true, Some(until)) = (wanted, until) {
            asked.push(Interval { from, until }, &mut found, at)?;
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    Ok(found)
}

/// Any of several windows.
pub(super) fn of_any(windows: &[Window], asked: &Asked<'_>, at: &Pointer) -> Found {
    let mut all = Vec::new();
    for (index, Window { weekdays, hours }) in windows.iter().enumerate() {
        all.extend(of_days(weekdays.as_deref(), hours.as_ref(), asked, &at.index(index))?);
    }
    all.sort_unstable_by_key(|interval| (interval.from, interval.until));
    let mut found = Vec::new();
    for interval in all {
        asked.push(interval, &mut found, at)?;
    }
    Ok(found)
}

/// Windows at intervals.
pub(super) fn at_intervals(repeats: &Repeats, asked: &Asked<'_>, at: &Pointer) -> Found {
    let every = span(&repeats.every, &at.key("every"))?;
    let lasts = span(&repeats.lasts, &at.key("for"))?;
    let zoned = |moment: Timestamp| {
        let moment = jiff::Timestamp::from_millisecond(moment).ok()?;
        Some(moment.to_zoned(asked.zone.clone()))
    };
    let Some(start) = zoned(asked.stretch.from).filter(|_| asked.stretch.from != i64::MIN) else {
        let help = "write when the first window begins as `from`";
        return Err(reading::diagnostic("field_missing", "windows at intervals begin at `from`", help, at));
    };
    let begins = |times: i64| start.checked_add(every.checked_mul(times).ok()?).ok();
    let millisecond = |moment: &Zoned| moment.timestamp().as_millisecond();
    let length = begins(1).map_or(0, |next| millisecond(&next).saturating_sub(asked.stretch.from));
    if length <= 0 {
        let help = "write a span that leads to a later moment, such as `P7D`";
        return Err(reading::invalid("this is no interval", help, &at.key("every")));
    }
    // months differ in length, so the count is near and a step or two lead there
    let mut times = asked.first.saturating_sub(asked.stretch.from).max(0).checked_div(length).unwrap_or(0);
    while times > 0 && begins(times).is_none_or(|moment| millisecond(&moment) > asked.first) {
        times = times.saturating_sub(1);
    }
    let mut found = Vec::new();
    while let Some(from) = begins(times).filter(|moment| millisecond(moment) < asked.last) {
        let until = from.checked_add(lasts).map_or(i64::MAX, |until| millisecond(&until));
        asked.push(Interval { from: millisecond(&from), until }, &mut found, at)?;
        times = times.saturating_add(1);
    }
    Ok(found)
}

fn span(text: &str, at: &Pointer) -> Result<Span, Box<Diagnostic>> {
    let span = text.parse::<Span>().ok().filter(|span| span.is_positive());
    span.ok_or_else(|| reading::invalid(format!("`{text}` is no span"), "write it as ISO 8601 does, such as `P7D`", at))
}

/// What is in both; both are sorted and disjoint.
pub(super) fn both(left: &[Interval], right: &[Interval]) -> Vec<Interval> {
    let mut found = Vec::new();
    for a in left {
        let meets = right.iter().map(|b| Interval { from: a.from.max(b.from), until: a.until.min(b.until) });
        found.extend(meets.filter(|piece| piece.from < piece.until));
    }
    found
}

fn window(hours: Option<&Hours>, at: &Pointer) -> Result<(Time, Option<Time>), Box<Diagnostic>> {
    let Some(hours) = hours else { return Ok((Time::midnight(), None)) };
    let at = at.key("hours");
    let open = clock(&hours.from, &at.key("from"))?;
    if hours.until == "24:00" {
        return Ok((open, None));
    }
    let close = clock(&hours.until, &at.key("until"))?;
    if open == close {
        let help = "let `hours.until` differ from `hours.from`, or leave `hours` out for the whole day";
        return Err(reading::diagnostic("schedule_empty", "the hours are empty", help, &at));
    }
    Ok((open, Some(close)))
}

/// When the window that opens on `day` closes: on the same day, or on the next when it passes midnight.
fn closing(day: Date, open: Time, close: Option<Time>) -> Option<DateTime> {
    match close {
        Some(close) if close > open => Some(day.to_datetime(close)),
        Some(close) => Some(day.tomorrow().ok()?.to_datetime(close)),
        None => Some(day.tomorrow().ok()?.to_datetime(Time::midnight())),
    }
}
