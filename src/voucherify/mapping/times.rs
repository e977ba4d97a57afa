//! When an offer may be used, as a schedule, and back.

use alloc::string::String;
use alloc::vec::Vec;

use jiff::tz::TimeZone;
use serde_json::{json, Value};

use super::super::fields::{list, row, set, set_if, text, whole, Row};
use super::super::moment;
use super::{Report, Shop};
use crate::time::Timestamp;

const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// The members of an offer that say when it may be used.
pub const TIMES: [&str; 5] =
    ["start_date", "expiration_date", "validity_timeframe", "validity_day_of_week", "validity_hours"];

/// The schedule of an offer.
pub(super) fn schedule(offer: &Value, shop: &Shop<'_>, report: &mut Report) -> Option<Value> {
    let zone = moment::zone(Some(shop.time_zone));
    let mut schedule = Row::new();
    for (member, date) in [("from", "start_date"), ("until", "expiration_date")] {
        let Some(text) = text(&offer[date]) else { continue };
        match moment::parse(text, &zone).and_then(|moment| civil(moment, &zone)) {
            Some(civil) => set(&mut schedule, member, civil),
            None => report.rule_lost(date, "the date cannot be read, or its clock shows the hour twice"),
        }
    }
    match days(&offer["validity_day_of_week"]) {
        None => report.rule_lost("validity_day_of_week", "days are told as 0, Sunday, to 6"),
        Some(days) => set_if(&mut schedule, "weekdays", (!days.is_empty()).then_some(days)),
    }
    let daily: Option<Vec<Row>> = list(&offer["validity_hours"]["daily"]).into_iter().map(window).collect();
    match daily {
        None => report.rule_lost("validity_hours", "hours are told as `18:00`, from the first to a later one"),
        Some(mut daily) => {
            let is_alone = daily.len() == 1 && !schedule.contains_key("weekdays");
            if let Some(only) = daily.pop_if(|_| is_alone) {
                schedule.extend(only);
            } else if !daily.is_empty() {
                set(&mut schedule, "windows", json!(daily));
            }
        }
    }
    let frame = &offer["validity_timeframe"];
    if frame.is_object() {
        let spans = [&frame["interval"], &frame["duration"]].map(text);
        match spans {
            [Some(every), Some(lasts)]
                if schedule.contains_key("from") && [every, lasts].iter().all(|text| moment::span(text).is_some()) =>
            {
                set(&mut schedule, "repeats", json!({ "every": every, "for": lasts }));
            }
            _ => report.rule_lost("validity_timeframe", "windows at intervals need a start, an interval and a length"),
        }
    }
    if schedule.is_empty() {
        return None;
    }
    if shop.time_zone != "UTC" {
        set(&mut schedule, "timeZone", shop.time_zone);
    }
    Some(schedule.into())
}

/// A moment on the clocks of a zone; none where they show that time twice and it is the second.
fn civil(moment: Timestamp, zone: &TimeZone) -> Option<String> {
    let shown = moment::clock(moment, zone)?.datetime();
    let first = zone.to_ambiguous_timestamp(shown).compatible().ok()?;
    (first.as_millisecond() == moment).then(|| alloc::format!("{}", shown.strftime("%Y-%m-%dT%H:%M:%S%.f")))
}

/// The names of days; nothing where one has none.
fn days(numbers: &Value) -> Option<Vec<&'static str>> {
    list(numbers).into_iter().map(|day| DAYS.get(usize::try_from(whole(day)?).ok()?).copied()).collect()
}

/// Hours of a day, as a window has them.
fn window(hours: &Value) -> Option<Row> {
    let from = text(&hours["start_time"]).unwrap_or("00:00");
    let until = text(&hours["expiration_time"]).unwrap_or("24:00");
    let is_time = |text: &str| text.len() == 5 && text.parse::<jiff::civil::Time>().is_ok();
    if !is_time(from) || (until != "24:00" && (!is_time(until) || until <= from)) {
        return None;
    }
    let mut window = row(&json!({ "hours": { "from": from, "until": until } }));
    let days = days(&hours["days_of_week"])?;
    set_if(&mut window, "weekdays", (!days.is_empty()).then_some(days));
    Some(window)
}

/// The times of a schedule as an offer tells them.
pub(super) fn offered(schedule: &Value, offer: &mut Row, report: &mut Report) {
    let zone = moment::zone(text(&schedule["timeZone"]));
    for (member, date) in [("from", "start_date"), ("until", "expiration_date")] {
        let Some(shown) = text(&schedule[member]) else { continue };
        match moment::parse(shown, &zone) {
            Some(moment) => set(offer, date, moment::iso(moment)),
            None => report.lost(&alloc::format!("schedule.{member}"), "the moment cannot be read"),
        }
    }
    let numbers = |days: &Value| {
        let number = |day: &&Value| DAYS.iter().position(|name| day.as_str() == Some(name));
        list(days).iter().filter_map(number).collect::<Vec<_>>()
    };
    let daily = |window: &Value, days: Option<&Value>| {
        let until = text(&window["hours"]["until"]).filter(|until| *until != "24:00");
        let from = text(&window["hours"]["from"]).unwrap_or("00:00");
        let mut told = row(&json!({ "start_time": from }));
        set_if(&mut told, "expiration_time", until);
        if let Some(days) = days.filter(|days| days.is_array()) {
            set(&mut told, "days_of_week", numbers(days));
        }
        told
    };
    if schedule["windows"].is_array() {
        let each = list(&schedule["windows"]).into_iter().map(|window| daily(window, Some(&window["weekdays"])));
        set(offer, "validity_hours", json!({ "daily": each.collect::<Vec<_>>() }));
        if schedule["hours"].is_object() {
            report.lost("schedule.hours", "hours stand beside other windows of hours");
        }
    } else if schedule["hours"].is_object() {
        set(offer, "validity_hours", json!({ "daily": [daily(schedule, Some(&schedule["weekdays"]))] }));
    }
    if schedule["weekdays"].is_array() && (schedule["windows"].is_array() || !schedule["hours"].is_object()) {
        set(offer, "validity_day_of_week", numbers(&schedule["weekdays"]));
    }
    let repeats = &schedule["repeats"];
    if repeats.is_object() {
        let frame = json!({ "interval": repeats["every"], "duration": repeats["for"] });
        set(offer, "validity_timeframe", frame);
    }
}

/// The end of a code that is valid for so long after it was published, as dates are written.
pub fn end_after(published: &str, duration: &str, shop: &Shop<'_>) -> Option<String> {
    let zone = moment::zone(Some(shop.time_zone));
    let published = moment::clock(moment::parse(published, &zone)?, &zone)?;
    let end = moment::after(&published, moment::span(duration)?, 1)?;
    Some(moment::iso(end.timestamp().as_millisecond()))
}

/// The schedule that a code of its own times has, where `offer` says these and what it has of its campaign.
pub fn to_schedule(offer: &Value, shop: &Shop<'_>) -> super::Mapped {
    let mut report = Report::default();
    let value = schedule(offer, shop, &mut report).unwrap_or_default();
    super::Mapped { value, losses: report.losses, is_held_back: report.is_unsafe, ..super::Mapped::default() }
}

/// The moment that a date names, UTC milliseconds.
pub fn instant(date: &Value, shop: &Shop<'_>) -> Option<Timestamp> {
    moment::parse(text(date)?, &moment::zone(Some(shop.time_zone)))
}
