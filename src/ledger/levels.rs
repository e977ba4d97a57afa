//! Levels: up at once or with the next period, down at the end of a period (or when the balance falls, where the
//! programme keeps a level only as long as the balance lasts).

use alloc::string::String;

use serde::{Deserialize, Serialize};

use super::account::{Account, Awaited, LevelStanding};
use super::calendar;
use super::draft::Draft;
use super::event::{Change, Event};
use super::programme::{Keep, Level, LevelBy, Levels, Starts};
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
    /// The level that the points have reached and that begins with the next period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coming: Option<String>,
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
    pub(super) fn rank(&self, id: Option<&str>) -> usize {
        let place = self.list.iter().position(|level| Some(level.id.as_str()) == id);
        place.map_or(0, |place| place.saturating_add(1))
    }

    /// What becoming another level is.
    pub(crate) fn change(&self, was: Option<&str>, is: Option<&str>) -> Change {
        match (was, is) {
            (None, Some(_)) => Change::Joined,
            (_, None) => Change::Left,
            (Some(was), Some(is)) if was == is => Change::Prolonged,
            _ if self.rank(is) > self.rank(was) => Change::Upgraded,
            _ => Change::Downgraded,
        }
    }

    /// How far the next level is for an account in the period that begins on `period`.
    pub(super) fn progress(&self, account: &Account, period: &str) -> Progress {
        let held = account.level.as_ref();
        let (level, until) = (held.map(|level| level.id.clone()), held.and_then(|level| level.until));
        self.toward(level, until, self.points(account, period))
    }

    /// How far the next level is once so many more points count, or fewer: up and down as the ledger decides.
    #[must_use]
    pub fn with_more(&self, progress: &Progress, more: i64) -> Progress {
        let points = progress.points.saturating_add(more);
        if more != 0 && self.keep == Keep::BalanceDrop && !self.is_extended() {
            let lower = self.reached(points).map(|level| level.id.clone());
            if self.rank(lower.as_deref()) < self.rank(progress.level.as_deref()) {
                return self.toward(lower, None, points);
            }
        }
        match more {
            0 => self.toward(progress.level.clone(), progress.until, points),
            // who had too many for a level with a `to` may reach it with fewer
            _ => self.looked_at(&Progress { points, ..progress.clone() }),
        }
    }

    /// The same once the ledger looks at an account that has not been there before: a level from 0 is everybody's.
    #[must_use]
    pub fn looked_at(&self, progress: &Progress) -> Progress {
        let higher = |level: &&Level| self.rank(Some(level.id.as_str())) > self.rank(progress.level.as_deref());
        match self.reached(progress.points).filter(higher) {
            // until when is the ledger's to say, by its calendar
            Some(level) if !self.awaits(level) => self.toward(Some(level.id.clone()), None, progress.points),
            _ => self.toward(progress.level.clone(), progress.until, progress.points),
        }
    }

    fn toward(&self, level: Option<String>, until: Option<Timestamp>, points: i64) -> Progress {
        let rank = self.rank(level.as_deref());
        let next = self.list.iter().skip(rank).find(|level| level.from > points);
        let coming = self.reached(points).filter(|level| self.awaits(level));
        Progress {
            level,
            until,
            points,
            coming: coming.map(|level| level.id.clone()),
            next: next.map(|level| level.id.clone()),
            missing: next.map(|level| level.from.saturating_sub(points)),
        }
    }

    /// Whether a level that is reached begins with the next period only.
    fn awaits(&self, level: &Level) -> bool {
        self.starts == Starts::NextPeriod && level.from > 0
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
        let period = self.first_day(levels.every, at)?;
        let points = levels.points(row, &period);
        let (held, waits) = (row.level.clone(), row.awaited.is_some());
        let reached = levels.reached(points);
        if reached.is_some_and(|level| levels.awaits(level)) {
            return if waits { Ok(()) } else { self.await_level(levels, account, at, period) };
        }
        let was = levels.rank(held.as_ref().map(|level| level.id.as_str()));
        let is = levels.rank(reached.map(|level| level.id.as_str()));
        let drops = is < was && levels.keep == Keep::BalanceDrop;
        if is <= was && levels.keep == Keep::BalanceDrop && levels.is_extended() {
            return self.set_end(levels, account, at, held.as_ref(), drops);
        }
        if is <= was && !drops {
            return Ok(());
        }
        let day = self.zone()?.date_at(at);
        let standing = reached.map(|level| self.standing(levels, level, day, at)).transpose()?;
        self.change_level(account, at, held.as_ref(), standing)
    }

    /// The period whose points have reached a level is remembered until the next one begins.
    fn await_level(&mut self, levels: &Levels, account: &str, at: Timestamp, period: String) -> Result<(), Refusal> {
        let zone = self.zone()?;
        let next = levels.every.next(levels.every.first_day(zone.date_at(at), self.programme.week_start));
        let awaited = Some(Awaited { at: zone.start_of(next), period });
        self.emit(Event::LevelAwaited { at, account: account.into(), awaited })
    }

    /// The next period begins: its level is the one that the points of the period before have reached, unless a higher
    /// one is still held.
    pub fn start_level(&mut self, account: &str, at: Timestamp) -> Result<(), Refusal> {
        let scheme = self.scheme_of(account)?;
        let row = self.state.accounts.get(account);
        let Some((row, awaited)) = row.and_then(|row| Some((row, row.awaited.clone()?))) else { return Ok(()) };
        let (held, points) = (row.level.clone(), row.periods.get(&awaited.period).copied().unwrap_or(0));
        self.emit(Event::LevelAwaited { at, account: account.into(), awaited: None })?;
        let Some(levels) = &scheme.levels else { return Ok(()) };
        let Some(reached) = levels.reached(points) else { return Ok(()) };
        let standing = self.standing(levels, reached, self.zone()?.date_at(at), at)?;
        let was = levels.rank(held.as_ref().map(|level| level.id.as_str()));
        let is = levels.rank(Some(reached.id.as_str()));
        let is_longer = held.as_ref().is_some_and(|held| held.until.is_some() && standing.until > held.until);
        match is > was || (is == was && is_longer) {
            true => self.change_level(account, at, held.as_ref(), Some(standing)),
            false => Ok(()),
        }
    }

    /// The balance no longer reaches the level that is held, which ends later; or it does again.
    fn set_end(
        &mut self,
        levels: &Levels,
        account: &str,
        at: Timestamp,
        held: Option<&LevelStanding>,
        drops: bool,
    ) -> Result<(), Refusal> {
        if held.is_none_or(|held| held.until.is_some() == drops) {
            return Ok(());
        }
        let zone = self.zone()?;
        let until = drops.then(|| levels.end_of_drop(zone.date_at(at), &zone));
        self.emit(Event::LevelEndSet { at, account: account.into(), until })
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
        let first = levels.every.first_day(day, self.programme.week_start);
        let next = levels.every.next(first);
        // the last whole period of the level decides what follows; where it has none, the one after does
        let (end, decides) = match (levels.keep, levels.starts) {
            (Keep::EndOfNextPeriod, _) => (levels.every.next(next), next),
            (_, Starts::NextPeriod) => (next, first),
            (_, Starts::AtOnce) => (next, next),
        };
        standing.until = Some(levels.end_of_period(end, &self.zone()?));
        standing.decided_by = (levels.by == LevelBy::PointsInPeriod).then(|| calendar::text(decides));
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
        let Some(levels) = &self.scheme_of(account)?.levels else { return Ok(()) };
        let id = |of: &LevelStanding| of.id.clone();
        let (was, is) = (held.map(id), level.as_ref().map(id));
        let change = levels.change(was.as_deref(), is.as_deref());
        if let (Change::Prolonged, Some(was), Some(is)) = (change, held, &mut level) {
            is.since = was.since;
        }
        self.emit(Event::LevelChanged { at, account: account.into(), change, from: was, level })
    }
}
