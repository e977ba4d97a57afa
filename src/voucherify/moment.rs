//! Moments, dates and spans as Voucherify writes them: ISO 8601.

use alloc::string::{String, ToString};

use jiff::tz::TimeZone;
use jiff::{civil, Span, Timestamp as Instant, Zoned};

use crate::time::Timestamp;

/// A moment as dates are written.
pub(super) fn iso(moment: Timestamp) -> String {
    Instant::from_millisecond(moment)
        .map_or_else(|_| String::new(), |at| at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
}

/// A project's time zone; UTC where it names none that is known.
pub(super) fn zone(name: Option<&str>) -> TimeZone {
    name.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
}

/// The moment that a text names: with an offset, or a civil date (and time) in the zone.
pub(super) fn parse(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Ok(instant) = text.parse::<Instant>() {
        return Some(instant.as_millisecond());
    }
    let civil =
        text.parse::<civil::DateTime>().ok().or_else(|| Some(text.parse::<civil::Date>().ok()?.at(0, 0, 0, 0)))?;
    Some(civil.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

/// The clock at a moment in a zone.
pub(super) fn clock(moment: Timestamp, zone: &TimeZone) -> Option<Zoned> {
    Some(Instant::from_millisecond(moment).ok()?.to_zoned(zone.clone()))
}

/// A span: `P1D`, `PT1H30M`.
pub(super) fn span(text: &str) -> Option<Span> {
    text.parse().ok()
}

/// A moment and so many spans.
pub(super) fn after(moment: &Zoned, span: Span, times: i64) -> Option<Zoned> {
    moment.checked_add(span.checked_mul(times).ok()?).ok()
}
