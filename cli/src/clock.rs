//! Time on the command line: the system's clock, moments and durations as people write them.

use std::time::{SystemTime, UNIX_EPOCH};

use counterfoil::time::{write_utc, Interval, Timestamp};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 86_400_000;

/// How long a snapshot lives unless someone says otherwise.
pub const DEFAULT_LIFE: Duration = Duration(30 * DAY);

/// The system's clock, UTC milliseconds.
#[expect(clippy::disallowed_methods, reason = "the command line is where time comes in")]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Reads `2026-03-01T10:00:00Z`, `2026-03-01T11:00:00+01:00` or UTC milliseconds.
///
/// # Errors
/// What to write instead.
pub fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(milliseconds) = text.parse() {
        return Ok(milliseconds);
    }
    let moment: Result<jiff::Timestamp, _> = text.parse();
    moment
        .map(|moment| moment.as_millisecond())
        .map_err(|_| "write a moment as `2026-03-01T10:00:00Z`, or as UTC milliseconds".to_owned())
}

/// A length of time in milliseconds, more than none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration(i64);

impl Duration {
    /// The time that begins at `now` and lasts this long.
    pub fn from(self, now: Timestamp) -> Interval {
        Interval { from: now, until: now.saturating_add(self.0) }
    }
}

/// Reads `30d`, `12h`, `90m` or `45s`.
///
/// # Errors
/// What to write instead.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wanted = || "write a number of days, hours, minutes or seconds: `30d`, `12h`, `90m`, `45s`".to_owned();
    let unit = match text.chars().next_back() {
        Some('d') => DAY,
        Some('h') => HOUR,
        Some('m') => MINUTE,
        Some('s') => SECOND,
        _ => return Err(wanted()),
    };
    let count: i64 = text.strip_suffix(['d', 'h', 'm', 's']).and_then(|count| count.parse().ok()).ok_or_else(wanted)?;
    count.checked_mul(unit).filter(|length| *length > 0).map(Duration).ok_or_else(wanted)
}

/// A moment for people: `2026-03-01 09:30 UTC`.
pub fn written(moment: Timestamp) -> String {
    let mut text = String::new();
    write_utc(moment, &mut text);
    text
}

/// How far away a moment is, rounded in the largest unit that fits: `in 30 days`, `2 hours ago`.
pub fn distance(moment: Timestamp, now: Timestamp) -> String {
    let away = moment.saturating_sub(now);
    let units = [(DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")];
    let fitting =
        units.iter().filter(|(length, _)| away.unsigned_abs() >= length.unsigned_abs()).find_map(|(length, unit)| {
            let half = length.unsigned_abs() / 2;
            let count = away.unsigned_abs().saturating_add(half).checked_div(length.unsigned_abs())?;
            Some(format!("{count} {unit}{}", if count == 1 { "" } else { "s" }))
        });
    let span = fitting.unwrap_or_else(|| "less than a minute".to_owned());
    if away < 0 {
        format!("{span} ago")
    } else {
        format!("in {span}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_both_spellings() {
        assert_eq!(moment("2026-03-01T10:00:00Z"), Ok(1_772_359_200_000));
        assert_eq!(moment("2026-03-01T11:00:00+01:00"), Ok(1_772_359_200_000));
        assert_eq!(moment("1772359200000"), Ok(1_772_359_200_000));
        for wrong in ["", "2026-03-01", "2026-03-01T10:00:00", "yesterday", "1.5"] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn durations_have_a_unit_and_are_more_than_none() {
        assert_eq!(duration("30d"), Ok(DEFAULT_LIFE));
        assert_eq!(duration("12h"), Ok(Duration(12 * HOUR)));
        assert_eq!(duration("1m"), Ok(Duration(MINUTE)));
        assert_eq!(duration("45s"), Ok(Duration(45 * SECOND)));
        for wrong in ["", "d", "0d", "-1d", "30", "0s", "1.5h", "30 d", "30D", "1y", "9223372036854775807d", "é"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn distances_are_told_in_the_largest_unit() {
        assert_eq!(distance(30 * DAY, 0), "in 30 days");
        assert_eq!(distance(30 * DAY - 5, 0), "in 30 days");
        assert_eq!(distance(0, HOUR), "1 hour ago");
        assert_eq!(distance(DAY - HOUR, 0), "in 23 hours");
        assert_eq!(distance(5, 0), "in less than a minute");
    }
}
