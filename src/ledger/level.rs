//! Levels as programmes say them: which points count, when a level begins, and until when it lasts.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::calendar::{self, Every, RoundTo, Zone};
use super::programme::counts;
use crate::time::{CivilDate, Timestamp};

/// Levels of an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyLevels"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Levels {
    /// Which points count.
    pub by: LevelBy,
    /// The stretch of the calendar in which they count, and at whose end a level may be lost.
    pub every: Every,
    /// How long a level is kept.
    #[serde(default)]
    pub keep: Keep,
    /// When a level begins that was reached.
    #[serde(default)]
    pub starts: Starts,
    /// Months by which a level outlives that.
    #[serde(default)]
    pub extend_months: u32,
    /// Days by which it does so besides.
    #[serde(default)]
    pub extend_days: u32,
    /// To the end of what its last day is then rounded up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_to: Option<RoundTo>,
    /// The levels, from the lowest.
    pub list: Vec<Level>,
}

/// Which points count for a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyLevelBy"))]
#[serde(rename_all = "snake_case")]
pub enum LevelBy {
    /// Those that are active now.
    Balance,
    /// Those that were earned in the stretch, spent or not.
    PointsInPeriod,
}

/// How long a level is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyKeep"))]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// Until the end of the stretch in which it was reached.
    #[default]
    EndOfPeriod,
    /// Until the end of the stretch after it.
    EndOfNextPeriod,
    /// Until the balance falls below, and as much longer as levels are extended.
    BalanceDrop,
}

/// When a level begins that was reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyStarts"))]
#[serde(rename_all = "snake_case")]
pub enum Starts {
    /// At once.
    #[default]
    AtOnce,
    /// With the stretch after the one in which its points were earned.
    NextPeriod,
}

/// A level.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyLevel"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Level {
    /// Its id.
    pub id: String,
    /// From so many points on. A level from 0 is everybody's and never ends.
    pub from: i64,
    /// Up to so many, these included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<i64>,
}

impl Levels {
    /// Why it cannot be meant.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let rising = self.list.windows(2).all(|pair| matches!(pair, [low, high] if low.from < high.from));
        if !rising || self.list.iter().any(|level| !counts(level.from)) {
            return Some("rise from level to level");
        }
        if matches!(self.every, Every::Day | Every::Week) {
            return Some("are counted by the month, quarter, half-year or year");
        }
        if self.extend_months > 1_200 || self.extend_days > 36_500 {
            return Some("are extended by at most 1,200 months and 36,500 days");
        }
        if self.round_to.is_some_and(|round_to| !round_to.is_sound()) {
            return Some("are rounded to a month from 1 to 12");
        }
        match (self.by, self.keep, self.starts) {
            (LevelBy::PointsInPeriod, Keep::BalanceDrop, _) => {
                Some("are kept to the end of a period when points in a period count")
            }
            (LevelBy::Balance, _, Starts::NextPeriod) => Some("start at once when the balance counts"),
            _ => None,
        }
    }

    /// Whether a level outlives its end.
    pub(super) fn is_extended(&self) -> bool {
        self.extend_months > 0 || self.extend_days > 0 || self.round_to.is_some()
    }

    /// When a level ends whose last period ends where another one begins on `next`.
    pub(super) fn end_of_period(&self, next: CivilDate, zone: &Zone) -> Timestamp {
        let extended = next.plus_months(self.months());
        self.end_of(calendar::plus_days(extended, i64::from(self.extend_days).saturating_sub(1)), zone)
    }

    /// When a level ends of which the balance fell short on `day`.
    pub(super) fn end_of_drop(&self, day: CivilDate, zone: &Zone) -> Timestamp {
        self.end_of(calendar::plus_days(day.plus_months(self.months()), i64::from(self.extend_days)), zone)
    }

    fn months(&self) -> i32 {
        i32::try_from(self.extend_months).unwrap_or(i32::MAX)
    }

    /// The moment after the last day, which is rounded up.
    fn end_of(&self, last: CivilDate, zone: &Zone) -> Timestamp {
        let last = self.round_to.map_or(last, |round_to| round_to.last_day(last));
        zone.start_of(calendar::plus_days(last, 1))
    }
}
