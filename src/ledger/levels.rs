//! Levels: up at once, down at the end of a period (or at once, where the programme keeps a level only as long as the
//! balance lasts).

use alloc::string::String;

use serde::{Deserialize, Serialize};

use super::account::{Account, LevelStanding};
use super::calendar;
use super::draft::Draft;
use super::event::{Change, Event};
use super::programme::{Keep, Level, LevelBy, Levels};
use super::refusal::Refusal;
use crate::threshold::reached;
use crate::time::{CivilDate, Timestamp};

/// How far the next level is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Progress {
    /// The level that is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The points that count now.
    pub points: i64,
    /// The next level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many points are missing to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<i64>,
}

impl Levels {
    /// The level that so many points reach.
    pub(super) fn reached(&self, points: i64) -> Option<&Level> {
        let reached = self.list.get(reached(self.list.iter().map(|level| Some(level.from)), points)?)?;
        (reached.to.is_none_or(|to| points <= to)).then_some(reached)
    }

    /// The place of a level, from 1; 0 for none and for one that the programme has no more.
    fn rank(&self, id: Option<&str>) -> usize {
        let place = self.list.iter().position(|level| Some(level.id.as_str()) == id);
        place.map_or(0, |place| place.saturating_add(1))
    }

    /// How far the next level is for an account in the period that begins on `period`.
    pub(super) fn progress(&self, account: &Account, period: &str) -> Progress {
        let held = account.level.as_ref();
        let (level, until) = (held.map(|level| level.id.clone()), held.and_then(|level| level.until));
        self.toward(level, until, self.points(account, period))
    }

    /// How far the next level is once so many more points count: up at once, as the ledger decides.
    #[must_use]
    pub fn with_more(&self, progress: &Progress, more: i64) -> Progress {
        let points = progress.points.saturating_add(more);
        let reached = self
            .reached(points)
            .filter(|level| more > 0 && self.rank(Some(level.id.as_str())) > self.rank(progress.level.as_deref()));
        match reached {
            // until when is the ledger's to say, by its calendar
            Some(level) => self.toward(Some(level.id.clone()), None, points),
            None => self.toward(progress.level.clone(), progress.until, points),
        }
    }

    fn toward(&self, level: Option<String>, until: Option<Timestamp>, points: i64) -> Progress {
        let rank = self.rank(level.as_deref());
        let next = self.list.iter().skip(rank).find(|level| level.from > points);
        Progress {
            level,
            until,
            points,
            next: next.map(|level| level.id.clone()),
            missing: next.map(|level| level.from.saturating_sub(points)),
        }
    }

    fn points(&self, account: &Account, period: &str) -> i64 {
        match self.by {
            LevelBy::Balance => account.balance(),
            LevelBy::PointsInPeriod => account.periods.get(period).copied().unwrap_or(0),
        }
    }
}

impl Draft<'_> {
    /// After points came or went: up at once; down at once only where the balance alone keeps a level.
    pub fn rank(&mut self, account: &str, at: Timestamp) -> Result<(), Refusal> {
        let scheme = self.scheme_of(account)?;
        let (Some(levels), Some(row)) = (&scheme.levels, self.state.accounts.get(account)) else { return Ok(()) };
        let points = levels.points(row, &self.first_day(levels.every, at)?);
        let held = row.level.clone();
        let reached = levels.reached(points);
        let was = levels.rank(held.as_ref().map(|level| level.id.as_str()));
        let is = levels.rank(reached.map(|level| level.id.as_str()));
        let falls = is < was && levels.keep == Keep::BalanceDrop;
        if is <= was && !falls {
            return Ok(());
        }
        let day = self.zone()?.date_at(at);
        let standing = reached.map(|level| self.standing(levels, level, day, at)).transpose()?;
        self.change_level(account, at, held.as_ref(), standing)
    }

    /// After points were drawn, or came back: only levels by balance feel it.
    pub fn rank_by_balance(&mut self, account: &str) -> Result<(), Refusal> {
        let levels = self.scheme_of(account).ok().and_then(|scheme| scheme.levels.as_ref());
        match levels.is_some_and(|levels| levels.by == LevelBy::Balance) {
            true => self.rank(account, self.now),
            false => Ok(()),
        }
    }

    /// A level that is reached by the period `day` is in, from `at` on.
    pub fn standing(
        &self,
        levels: &Levels,
        level: &Level,
        day: CivilDate,
        at: Timestamp,
    ) -> Result<LevelStanding, Refusal> {
        let mut standing = LevelStanding { id: level.id.clone(), since: at, until: None, decided_by: None };
        if level.from <= 0 || levels.keep == Keep::BalanceDrop {
            return Ok(standing);
        }
        let next = levels.every.next(levels.every.first_day(day, self.programme.week_start));
        let end = if levels.keep == Keep::EndOfPeriod { next } else { levels.every.next(next) };
        let end = end.plus_months(i32::try_from(levels.extend_months).unwrap_or(i32::MAX));
        standing.until = Some(self.zone()?.start_of(end));
        standing.decided_by = (levels.by == LevelBy::PointsInPeriod).then(|| calendar::text(next));
        Ok(standing)
    }

    /// The level is another one, or the same for longer.
    pub fn change_level(
        &mut self,
        account: &str,
        at: Timestamp,
        held: Option<&LevelStanding>,
        mut level: Option<LevelStanding>,
    ) -> Result<(), Refusal> {
        let levels = self.scheme_of(account)?.levels.as_ref();
        let rank =
            |of: Option<&LevelStanding>| levels.map_or(0, |levels| levels.rank(of.map(|level| level.id.as_str())));
        let change = match (held, &level) {
            (None, Some(_)) => Change::Joined,
            (_, None) => Change::Left,
            (Some(was), Some(is)) if was.id == is.id => Change::Prolonged,
            (was, is) if rank(is.as_ref()) > rank(was) => Change::Upgraded,
            _ => Change::Downgraded,
        };
        if let (Change::Prolonged, Some(was), Some(is)) = (change, held, &mut level) {
            is.since = was.since;
        }
        let from = held.map(|level| level.id.clone());
        self.emit(Event::LevelChanged { at, account: account.into(), change, from, level })
    }
}
