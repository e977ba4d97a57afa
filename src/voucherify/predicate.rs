//! Conditions of rules and filters: `{ "$is": [...] }` on a value.

use alloc::string::String;

use jiff::civil::Date;
use jiff::{ToSpan, Unit};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::Decimal;
use serde_json::Value;

use super::fields::{at, decimal, list, owned, text};
use super::moment;
use super::project::Project;
use crate::time::Timestamp;

/// Every operator that conditions may have: those that [`condition`] answers.
pub(super) const OPERATORS: &[&str] = &[
    "$is",
    "$in",
    "$eq",
    "$is_not",
    "$not_in",
    "$not_intersect",
    "$not_differ",
    "$more_than",
    "$greater_than",
    "$more_than_or_equal",
    "$greater_than_or_equal",
    "$less_than",
    "$less_than_or_equal",
    "$starts_with",
    "$ends_with",
    "$contains",
    "$not_contain",
    "$count",
    "$count_more",
    "$count_less",
    "$has_value",
    "$is_unknown",
    "$after",
    "$before",
    "$more_than_ago",
    "$less_than_ago",
    "$is_days_ago",
    "$more_than_future",
    "$less_than_future",
    "$is_days_in_future",
    "$dow",
    "$timeframe",
    "$timeframe_absolute",
    "$timeframe_daily_hours",
    "$next_month",
];

/// Whether all conditions hold of a value.
pub(super) fn holds(conditions: &Value, value: &Value, now: Timestamp, project: &Project) -> bool {
    let zone = moment::zone(text(&project.settings()["timezone"]));
    let Some(conditions) = conditions.as_object() else { return true };
    conditions.iter().all(|(operator, wanted)| {
        let wanted: alloc::vec::Vec<&Value> = list(wanted);
        condition(operator, &wanted, value, &Clock { now, zone: &zone })
    })
}

struct Clock<'a> {
    now: Timestamp,
    zone: &'a jiff::tz::TimeZone,
}

impl Clock<'_> {
    fn moment(&self, value: &Value) -> Option<Timestamp> {
        text(value).and_then(|text| moment::parse(text, self.zone))
    }

    fn day(&self, value: &Value) -> Option<Date> {
        Some(moment::clock(self.moment(value)?, self.zone)?.date())
    }

    /// Whole days from today to a value; below zero before.
    fn days_ahead(&self, value: &Value) -> Option<i64> {
        let today = moment::clock(self.now, self.zone)?.date();
        Some(i64::from(today.until((Unit::Day, self.day(value)?)).ok()?.get_days()))
    }
}

fn condition(operator: &str, wanted: &[&Value], value: &Value, clock: &Clock<'_>) -> bool {
    let values = list(value);
    let any = |is: fn(&Value, &Value) -> bool| wanted.iter().any(|wanted| values.iter().any(|value| is(value, wanted)));
    let texts = |is: fn(&str, &str) -> bool| {
        let of = |value: &Value| owned(value).unwrap_or_default();
        wanted.iter().any(|wanted| values.iter().any(|value| is(&of(value), &of(wanted))))
    };
    let first = wanted.first().copied().unwrap_or(&Value::Null);
    // a date beside a number is asked how many days ago it was
    let days_ago = |value: &Value| clock.days_ahead(value).map(|ahead| Decimal::from(ahead.saturating_neg()));
    let compared = |is: fn(core::cmp::Ordering) -> bool| {
        values.iter().any(|value| match (decimal(value), decimal(first)) {
            (Some(left), Some(right)) => is(left.cmp(&right)),
            (None, Some(days)) => days_ago(value).is_some_and(|ago| is(ago.cmp(&days))),
            _ => clock.moment(value).zip(clock.moment(first)).is_some_and(|(left, right)| is(left.cmp(&right))),
        })
    };
    let counted = || Decimal::from(values.len());
    let asked = || decimal(first).unwrap_or_default();
    let days = || clock.days_ahead(value).zip(asked().to_i64());
    match operator {
        "$is" | "$in" | "$eq" => any(same),
        "$is_not" | "$not_in" | "$not_intersect" => !any(same),
        "$not_differ" => values.iter().all(|value| wanted.iter().any(|wanted| same(value, wanted))),
        "$more_than" | "$greater_than" => compared(core::cmp::Ordering::is_gt),
        "$more_than_or_equal" | "$greater_than_or_equal" => compared(core::cmp::Ordering::is_ge),
        "$less_than" => compared(core::cmp::Ordering::is_lt),
        "$less_than_or_equal" => compared(core::cmp::Ordering::is_le),
        "$starts_with" => texts(|value, wanted| value.starts_with(wanted)),
        "$ends_with" => texts(|value, wanted| value.ends_with(wanted)),
        "$contains" => any(same) || texts(|value, wanted| !wanted.is_empty() && value.contains(wanted)),
        "$not_contain" => !(any(same) || texts(|value, wanted| value.contains(wanted))),
        "$count" => counted() == asked(),
        "$count_more" => counted() > asked(),
        "$count_less" => counted() < asked(),
        "$has_value" => !value.is_null() && value != "",
        "$is_unknown" => value.is_null() || value == "",
        "$after" => clock.moment(value).zip(clock.moment(first)).is_some_and(|(left, right)| left > right),
        "$before" => clock.moment(value).zip(clock.moment(first)).is_some_and(|(left, right)| left < right),
        "$more_than_ago" => days().is_some_and(|(ahead, days)| ahead < days.saturating_neg()),
        "$less_than_ago" => days().is_some_and(|(ahead, days)| ahead <= 0 && ahead > days.saturating_neg()),
        "$is_days_ago" => days().is_some_and(|(ahead, days)| ahead == days.saturating_neg()),
        "$more_than_future" => days().is_some_and(|(ahead, days)| ahead > days),
        "$less_than_future" => days().is_some_and(|(ahead, days)| ahead >= 0 && ahead < days),
        "$is_days_in_future" => days().is_some_and(|(ahead, days)| ahead == days),
        "$dow" => clock.day(value).is_some_and(|day| {
            let weekday = day.weekday().to_sunday_zero_offset();
            wanted.iter().any(|wanted| decimal(wanted) == Some(Decimal::from(weekday)))
        }),
        "$timeframe" => within_frame(first, value, clock).unwrap_or(false),
        "$timeframe_absolute" => {
            let Some((from, until)) = text(first).and_then(|text| text.split_once(';')) else { return false };
            let at = |text: &str| moment::parse(text, clock.zone);
            clock
                .moment(value)
                .zip(at(from).zip(at(until)))
                .is_some_and(|(value, (from, until))| (from..=until).contains(&value))
        }
        "$timeframe_daily_hours" => wanted.iter().any(|hours| within_hours(hours, value, clock).unwrap_or(false)),
        "$next_month" => clock
            .day(value)
            .zip(moment::clock(clock.now, clock.zone))
            .is_some_and(|(day, now)| now.date().checked_add(1.month()).is_ok_and(|next| next.month() == day.month())),
        _ => false,
    }
}

/// Equal as they are written; numbers by what they are.
fn same(value: &Value, wanted: &Value) -> bool {
    if value == wanted {
        return true;
    }
    match (value, wanted) {
        (Value::Bool(flag), Value::String(text)) | (Value::String(text), Value::Bool(flag)) => {
            text.eq_ignore_ascii_case(if *flag { "true" } else { "false" })
        }
        (Value::Object(_), _) | (_, Value::Object(_)) => {
            let of = |value: &Value| text(&value["id"]).map(String::from).or_else(|| owned(value));
            of(value).is_some() && of(value) == of(wanted)
        }
        _ => decimal(value).zip(decimal(wanted)).is_some_and(|(left, right)| left == right),
    }
}

/// `start;interval;duration`: windows that begin at the start and after each interval.
fn within_frame(frame: &Value, value: &Value, clock: &Clock<'_>) -> Option<bool> {
    let mut parts = text(frame)?.split(';');
    let start = moment::parse(parts.next()?, clock.zone)?;
    let (interval, duration) = (moment::span(parts.next()?)?, moment::span(parts.next()?)?);
    super::validity::in_window(start, interval, duration, clock.moment(value)?, clock.zone)
}

/// `18:00;20:01;2,3`: between two times of day, on some days of the week.
fn within_hours(hours: &Value, value: &Value, clock: &Clock<'_>) -> Option<bool> {
    let mut parts = text(hours)?.split(';');
    let (from, until, days) = (parts.next()?, parts.next()?, parts.next().unwrap_or_default());
    let at = moment::clock(clock.moment(value)?, clock.zone)?;
    let weekday = alloc::format!("{}", at.weekday().to_sunday_zero_offset());
    let is_day = days.is_empty() || days.split(',').any(|day| day.trim() == weekday);
    let time: jiff::civil::Time = at.time();
    Some(is_day && time >= from.parse().ok()? && time < until.parse().ok()?)
}

/// A filter: conditions on attributes, joined by `and` or `or`.
pub(super) fn filter(filter: &Value, attributes: &Value, now: Timestamp, project: &Project) -> bool {
    let Some(members) = filter.as_object() else { return true };
    let mut asked = members
        .iter()
        .filter(|(name, wanted)| name.as_str() != "junction" && wanted.is_object())
        .map(|(name, wanted)| holds(&wanted["conditions"], at(attributes, name), now, project));
    if text(&filter["junction"]).is_some_and(|junction| junction.eq_ignore_ascii_case("or")) {
        asked.any(|holds| holds)
    } else {
        asked.all(|holds| holds)
    }
}
