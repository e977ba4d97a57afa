//! What time does to an account: pending lots become active, levels are looked at again, lots expire. It is done in the
//! order of the moments at which it was due, before anything else is decided on the account, so that nothing depends
//! on how late an alarm rings.

use alloc::string::String;

use super::account::{Account, LevelStanding, Lot};
use super::calendar;
use super::draft::Draft;
use super::event::Event;
use super::programme::{LevelBy, Levels, Starts};
use super::refusal::{Code, Refusal};
use crate::time::{CivilDate, Timestamp};

/// What is due, in the order in which it is done at one moment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Activate(String),
    LevelEnds,
    LevelStarts,
    Expire(String),
}

impl Account {
    /// The next moment at which time does something to the account.
    ///
    /// ```
    /// use counterfoil::ledger::account::{Account, Lot};
    /// let mut account = Account::default();
    /// assert_eq!(account.next_due(), None);
    /// account.lots.insert("a".into(), Lot { left: 5, expires_at: Some(2_000), ..Lot::default() });
    /// account.lots.insert("b".into(), Lot { left: 5, active_at: Some(1_000), ..Lot::default() });
    /// assert_eq!(account.next_due(), Some(1_000));
    /// ```
    pub fn next_due(&self) -> Option<Timestamp> {
        self.due().map(|(at, _)| at)
    }

    fn due(&self) -> Option<(Timestamp, Due)> {
        let lots = self.lots.iter().filter_map(|(id, lot)| match (lot.active_at, lot.expires_at) {
            (Some(at), _) => Some((at, Due::Activate(id.clone()))),
            (None, Some(at)) if lot.left > 0 => Some((lot.gone_at(at), Due::Expire(id.clone()))),
            _ => None,
        });
        let level = self.level.as_ref().and_then(|level| level.until);
        let starts = self.awaited.as_ref().map(|awaited| (awaited.at, Due::LevelStarts));
        lots.chain(level.map(|at| (at, Due::LevelEnds))).chain(starts).min()
    }

    /// The next moment at which a lot changes.
    fn next_lot_due(&self) -> Option<Timestamp> {
        let lots = self.lots.values();
        lots.filter_map(|lot| {
            lot.active_at.or_else(|| lot.expires_at.filter(|_| lot.left > 0).map(|at| lot.gone_at(at)))
        })
        .min()
    }
}

impl Lot {
    /// When what is left is gone: of what came back after its last day, when it came back.
    fn gone_at(&self, expires_at: Timestamp) -> Timestamp {
        expires_at.max(self.touched)
    }
}

impl Draft<'_> {
    /// Does all that is due on an account. Whatever is free then pays what is owed.
    pub fn settle(&mut self, account: &str) -> Result<(), Refusal> {
        loop {
            let due = self.state.accounts.get(account).and_then(Account::due).filter(|(at, _)| *at <= self.now);
            let Some((at, due)) = due else { return self.pay_owed(account, self.now) };
            match due {
                Due::Activate(lot) => {
                    self.activate_lot(account, &lot, at)?;
                    self.rank_after_last(account, at, |due| matches!(due, Due::Activate(_)))?;
                }
                Due::LevelEnds => self.end_level(account, at)?,
                Due::LevelStarts => {
                    self.start_level(account, at)?;
                    // points that became active at this very moment count in the period that begins
                    self.rank(account, at)?;
                }
                Due::Expire(lot) => {
                    self.expire_lot(account, &lot, at)?;
                    self.rank_after_last(account, at, |due| matches!(due, Due::Expire(_)))?;
                }
            }
        }
    }

    /// What comes or goes at one moment does so together: levels are looked at after the last of it.
    fn rank_after_last(&mut self, account: &str, at: Timestamp, is_same: fn(&Due) -> bool) -> Result<(), Refusal> {
        let next = self.state.accounts.get(account).and_then(Account::due);
        match next.is_some_and(|(next, due)| next <= at && is_same(&due)) {
            true => Ok(()),
            false => self.rank(account, at),
        }
    }

    /// A pending lot becomes active, and pays what is owed. Its dates and its period count from now on.
    pub fn activate_lot(&mut self, account: &str, lot: &str, at: Timestamp) -> Result<(), Refusal> {
        let scheme = self.scheme_of(account)?;
        let row = self.state.accounts.get(account).and_then(|account| account.lots.get(lot));
        let expiry = row.and_then(|row| row.expiry).unwrap_or(scheme.expiry);
        let (expires_at, period) = (self.expires_at(&expiry, at)?, self.period(scheme, at)?);
        self.emit(Event::Activated { at, account: account.into(), lot: lot.into(), expires_at, period })?;
        self.pay(account, at).map(drop)
    }

    /// What is left of a lot is gone.
    pub fn expire_lot(&mut self, account: &str, lot: &str, at: Timestamp) -> Result<i64, Refusal> {
        let row = self.state.accounts.get(account).and_then(|account| account.lots.get(lot));
        let unknown = || Refusal::new(Code::LotUnknown, &[("account", account.into()), ("lot", lot.into())]);
        let amount = row.ok_or_else(|| unknown().at("/lot"))?.left;
        self.emit(Event::Expired { at, account: account.into(), lot: lot.into(), amount })?;
        Ok(amount)
    }

    /// What is owed is paid by what is there.
    pub fn pay_owed(&mut self, account: &str, at: Timestamp) -> Result<(), Refusal> {
        match self.pay(account, at)? {
            true => self.rank(account, at),
            false => Ok(()),
        }
    }

    /// Whether anything was paid.
    fn pay(&mut self, account: &str, at: Timestamp) -> Result<bool, Refusal> {
        let Some(row) = self.state.accounts.get(account).filter(|row| row.owed > 0) else { return Ok(false) };
        let lots = row.take(row.owed);
        if lots.is_empty() {
            return Ok(false);
        }
        self.emit(Event::OwedPaid { at, account: account.into(), lots })?;
        Ok(true)
    }

    /// The level's time is over: the period that decides says which one follows.
    fn end_level(&mut self, account: &str, at: Timestamp) -> Result<(), Refusal> {
        let scheme = self.scheme_of(account)?;
        let row = self.state.accounts.get(account);
        let Some((row, level)) = row.and_then(|row| Some((row, row.level.clone()?))) else { return Ok(()) };
        let Some(levels) = &scheme.levels else {
            // the programme has no levels any more
            return self.change_level(account, at, Some(&level), None);
        };
        let decided_by = level.decided_by.clone().unwrap_or_default();
        if levels.by == LevelBy::PointsInPeriod {
            let standing = self.best_since(levels, row, &decided_by, at)?;
            return self.change_level(account, at, Some(&level), standing);
        }
        // a balance decides for every period in which nothing happens to it
        let quiet_until = row.next_lot_due().unwrap_or(self.now).clamp(at, self.now.max(at));
        let zone = self.zone()?;
        let standing = match levels.reached(row.balance()) {
            None => None,
            Some(follows) => {
                let mut standing = self.standing(levels, follows, zone.date_at(at), at)?;
                while let Some(until) = standing.until.filter(|until| *until < quiet_until) {
                    standing = self.standing(levels, follows, zone.date_at(until), at)?;
                }
                Some(standing)
            }
        };
        self.change_level(account, at, Some(&level), standing)
    }

    /// The best level that the points of the period that decides have reached, or those of one since, while the level
    /// outlived it.
    fn best_since(
        &self,
        levels: &Levels,
        row: &Account,
        decided_by: &str,
        at: Timestamp,
    ) -> Result<Option<LevelStanding>, Refusal> {
        let today = self.zone()?.date_at(at);
        let mut first = CivilDate::parse(decided_by).unwrap_or(today);
        let mut best: Option<LevelStanding> = None;
        loop {
            let begins = if levels.starts == Starts::NextPeriod { levels.every.next(first) } else { first };
            if begins > today {
                return Ok(best);
            }
            let points = row.periods.get(&calendar::text(first)).copied().unwrap_or(0);
            if let Some(level) = levels.reached(points) {
                let standing = self.standing(levels, level, begins, at)?;
                let worth = |standing: &LevelStanding| (levels.rank(Some(&standing.id)), standing.until);
                let lasts = standing.until.is_none_or(|until| until > at);
                if lasts && best.as_ref().is_none_or(|best| worth(&standing) > worth(best)) {
                    best = Some(standing);
                }
            }
            first = levels.every.next(first);
        }
    }
}
