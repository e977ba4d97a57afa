//! What a member is entitled to for a time, and whether the account is open.

use alloc::string::String;
use alloc::vec::Vec;

use super::account::Grant;
use super::answer::Accepted;
use super::calendar::Expiry;
use super::command::{Grant as Granting, Resume, Revoke, Suspend};
use super::draft::Draft;
use super::event::Event;
use super::programme::Entitlement;
use super::refusal::{Code, Refusal};
use crate::time::Timestamp;

impl Draft<'_> {
    /// Refuses where the account is suspended.
    pub fn open(&self, account: &str) -> Result<(), Refusal> {
        match self.state.accounts.get(account).is_some_and(|row| row.suspended.is_some()) {
            true => Err(Refusal::new(Code::AccountSuspended, &[("account", account.into())]).at("/account")),
            false => Ok(()),
        }
    }

    pub fn suspend(&mut self, command: &Suspend) -> Result<Accepted, Refusal> {
        let Suspend { account, scheme: name, reason } = command;
        let unit = self.ready(account, name, None)?.unit.clone();
        let (at, account, scheme, reason) = (self.now, account.clone(), name.clone(), reason.clone());
        self.emit(Event::Suspended { at, account, scheme, unit, reason })?;
        self.rank(&command.account, self.now)?;
        self.account_answer(&command.account, None)
    }

    pub fn resume(&mut self, command: &Resume) -> Result<Accepted, Refusal> {
        self.scheme_of(&command.account)?;
        self.settle(&command.account)?;
        self.emit(Event::Resumed { at: self.now, account: command.account.clone() })?;
        self.account_answer(&command.account, None)
    }

    pub fn grant(&mut self, command: &Granting) -> Result<Accepted, Refusal> {
        let Granting { account, scheme, grant, entitlement, months } = command;
        self.open(account)?;
        self.ready(account, scheme, None)?;
        if self.state.accounts.get(account).is_some_and(|row| row.grants.contains_key(grant)) {
            let params = [("kind", "grant".into()), ("id", grant.as_str().into())];
            return Err(Refusal::new(Code::IdTaken, &params).at("/grant"));
        }
        let entitled = Entitlement { entitlement: entitlement.clone(), months: *months };
        let granted = self.give_grant((account, scheme), grant, &entitled, 1)?;
        self.rank(account, self.now)?;
        let accepted = self.account_answer(account, None)?;
        Ok(Accepted { granted: Some(granted), ..accepted })
    }

    pub fn revoke(&mut self, command: &Revoke) -> Result<Accepted, Refusal> {
        let Revoke { account, grant } = command;
        self.scheme_of(account)?;
        self.settle(account)?;
        if !self.take_grant(account, grant)? {
            let params = [("account", account.as_str().into()), ("grant", grant.as_str().into())];
            return Err(Refusal::new(Code::GrantUnknown, &params).at("/grant"));
        }
        self.account_answer(account, None)
    }

    /// Grants an entitlement, so many times: from now on, or from the end of those of its kind that are granted already.
    pub fn give_grant(
        &mut self,
        (account, scheme): (&str, &str),
        grant: &str,
        entitled: &Entitlement,
        units: i64,
    ) -> Result<Grant, Refusal> {
        let months = entitled.months.map(|months| {
            let all = i64::from(months).saturating_mul(units);
            u32::try_from(all).unwrap_or(u32::MAX).min(super::calendar::MAX_MONTHS)
        });
        let from = self.free_from(account, &entitled.entitlement, |_| true);
        let granted =
            Grant { entitlement: entitled.entitlement.clone(), from, until: self.granted_until(from, months)?, months };
        self.date_grant((account, scheme), grant, granted.clone())?;
        Ok(granted)
    }

    /// Takes a grant back; those of its kind that were to follow move up. Whether it was there.
    pub fn take_grant(&mut self, account: &str, grant: &str) -> Result<bool, Refusal> {
        let Some(row) = self.state.accounts.get(account) else { return Ok(false) };
        let Some(entitlement) = row.grants.get(grant).map(|grant| grant.entitlement.clone()) else { return Ok(false) };
        let scheme = row.scheme.clone();
        self.emit(Event::Revoked { at: self.now, account: account.into(), grant: grant.into() })?;
        let row = self.state.accounts.get(account);
        let grants = row.into_iter().flat_map(|row| &row.grants);
        let to_come = grants.filter(|(_, one)| one.entitlement == entitlement && one.from > self.now);
        let mut to_come: Vec<(Timestamp, String)> = to_come.map(|(id, one)| (one.from, id.clone())).collect();
        to_come.sort();
        for (place, (_, id)) in to_come.iter().enumerate() {
            let later = |other: &str| to_come.iter().skip(place).any(|(_, id)| id == other);
            let from = self.free_from(account, &entitlement, |other| !later(other));
            let row = self.state.accounts.get(account).and_then(|row| row.grants.get(id)).cloned();
            let Some(was) = row else { continue };
            let until = self.granted_until(from, was.months)?;
            if from != was.from {
                self.date_grant((account, &scheme), id, Grant { from, until, ..was })?;
            }
        }
        Ok(true)
    }

    fn date_grant(&mut self, (account, scheme): (&str, &str), grant: &str, granted: Grant) -> Result<(), Refusal> {
        let unit = self.programme.scheme(scheme)?.unit.clone();
        let (account, scheme, grant) = (account.into(), scheme.into(), grant.into());
        self.emit(Event::Granted { at: self.now, account, scheme, unit, grant, granted })
    }

    /// When the grants of a kind end that count, or now.
    fn free_from(&self, account: &str, entitlement: &str, counts: impl Fn(&str) -> bool) -> Timestamp {
        let row = self.state.accounts.get(account);
        let grants = row.into_iter().flat_map(|row| &row.grants);
        let own = grants.filter(|(id, one)| one.entitlement == entitlement && counts(id));
        own.filter_map(|(_, one)| one.until).fold(self.now, Timestamp::max)
    }

    /// The last day counts in full, as that of points.
    fn granted_until(&self, from: Timestamp, months: Option<u32>) -> Result<Option<Timestamp>, Refusal> {
        match months {
            Some(months) => self.expires_at(&Expiry::AfterMonths { months, round_to: None }, from),
            None => Ok(None),
        }
    }
}
