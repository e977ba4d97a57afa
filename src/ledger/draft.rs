//! A decision while it is made: the rows as they would be, and the events so far. A refusal throws all of it away.

use alloc::string::String;
use alloc::vec::Vec;

use super::answer::Balance;
use super::calendar::{Every, Expiry, Zone};
use super::event::Event;
use super::programme::{LevelBy, Programme, Scheme};
use super::refusal::{Code, Refusal};
use super::state::State;
use crate::time::Timestamp;

pub(super) struct Draft<'a> {
    pub programme: &'a Programme,
    pub state: State,
    pub now: Timestamp,
    pub events: Vec<Event>,
}

impl<'a> Draft<'a> {
    /// Nothing is decided yet. First answers play no part in a decision.
    pub fn new(programme: &'a Programme, state: &State, now: Timestamp) -> Draft<'a> {
        let state = State {
            version: state.version,
            answers: alloc::collections::BTreeMap::new(),
            counters: state.counters.clone(),
            reservations: state.reservations.clone(),
            accounts: state.accounts.clone(),
            leases: state.leases.clone(),
            blocks: state.blocks.clone(),
            referrals: state.referrals.clone(),
            invitations: state.invitations.clone(),
        };
        Draft { programme, state, now, events: Vec::new() }
    }

    /// It happens.
    pub fn emit(&mut self, event: Event) -> Result<(), Refusal> {
        self.state.apply(&event)?;
        self.events.push(event);
        Ok(())
    }

    /// The scheme of an account that is there.
    pub fn scheme_of(&self, account: &str) -> Result<&'a Scheme, Refusal> {
        match self.state.accounts.get(account) {
            Some(row) => self.programme.scheme(&row.scheme),
            None => Err(Refusal::new(Code::AccountUnknown, &[("account", account.into())]).at("/account")),
        }
    }

    /// An account in short.
    pub fn balance(&self, account: &str) -> Option<Balance> {
        let row = self.state.accounts.get(account)?;
        Some(Balance {
            account: account.into(),
            unit: row.unit.clone(),
            available: row.available(),
            pending: row.pending(),
            held: row.held(),
            owed: row.owed,
            level: row.level.as_ref().map(|level| level.id.clone()),
        })
    }

    /// The calendar of schemes.
    pub fn zone(&self) -> Result<Zone, Refusal> {
        self.programme.zone(None)
    }

    /// The first day of the period at `at`, where the scheme's levels count what is earned in periods.
    pub fn period(&self, scheme: &Scheme, at: Timestamp) -> Result<Option<String>, Refusal> {
        match &scheme.levels {
            Some(levels) if levels.by == LevelBy::PointsInPeriod => self.first_day(levels.every, at).map(Some),
            _ => Ok(None),
        }
    }

    /// The first day of a stretch, as periods are named.
    pub fn first_day(&self, every: Every, at: Timestamp) -> Result<String, Refusal> {
        let day = self.zone()?.date_at(at);
        Ok(super::calendar::text(every.first_day(day, self.programme.week_start)))
    }

    /// When a lot expires that is active from `active` on.
    pub fn expires_at(&self, expiry: &Expiry, active: Timestamp) -> Result<Option<Timestamp>, Refusal> {
        Ok(expiry.of(active, &self.zone()?))
    }
}
