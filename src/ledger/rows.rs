//! Which rows a command needs, and which its events touch: what a worker loads and stores.

use alloc::collections::BTreeSet;
use alloc::string::String;

use serde::{Deserialize, Serialize};

use super::command::{Action, Command, Part};
use super::event::{Event, Hold};
use super::limits::Counted;
use super::programme::{Allowance, Limit, Per, Programme};
use super::spending::spending_of;
use super::state::State;
use super::statement::stocks;
use crate::code::normalise;
use crate::time::Timestamp;

/// Rows by kind and key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Rows {
    /// First answers, by the key of their command.
    pub answers: BTreeSet<String>,
    /// Counters by name.
    pub counters: BTreeSet<String>,
    /// Reservations by id.
    pub reservations: BTreeSet<String>,
    /// Accounts by id.
    pub accounts: BTreeSet<String>,
    /// Leases by id.
    pub leases: BTreeSet<String>,
    /// Blocks by the id of their lease.
    pub blocks: BTreeSet<String>,
    /// Invitations by friend.
    pub referrals: BTreeSet<String>,
    /// Referral codes, normalised.
    pub invitations: BTreeSet<String>,
    /// Also every reservation that is held and whose `until` is at this moment or before, at most 100, the oldest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lapsed_by: Option<Timestamp>,
}

/// The rows that a command needs, as far as it can be seen from those that are loaded: load them, ask again, and go on
/// until the answer does not grow. A row that does not exist is simply not there.
///
/// ```
/// use counterfoil::ledger::{command::Command, programme::Programme, rows, state::State};
/// let programme = Programme::read(r#"{ "allowances": { "spring": { "limits": [
///     { "per": "customer", "every": "day", "uses": 1 }] } } }"#).unwrap();
/// let redeem: Command = serde_json::from_str(r#"{ "key": "k1", "now": 1772359200000, "type": "redeem",
///     "reservation": "r1", "customer": "c1", "parts": [{ "type": "use", "allowance": "spring" }] }"#).unwrap();
/// let needed = rows::needed(&programme, &State::default(), &redeem);
/// let counters: Vec<&str> = needed.counters.iter().map(String::as_str).collect();
/// assert_eq!(counters, ["spring", "spring|customer|c1", "spring|customer|c1|day|2026-03-01"]);
/// ```
pub fn needed(programme: &Programme, state: &State, command: &Command) -> Rows {
    let mut rows = Rows::default();
    rows.answers.insert(command.key.clone());
    let now = command.now;
    match &command.action {
        Action::Reserve(it) => {
            rows.lapsing(state, now);
            rows.reservation(state, &it.reservation);
            rows.parts(programme, state, &it.parts, it.customer.as_deref(), it.customer_zone.as_deref(), now);
        }
        Action::Redeem(it) => {
            rows.lapsing(state, now);
            rows.reservation(state, &it.reservation);
            rows.parts(programme, state, &it.parts, it.customer.as_deref(), it.customer_zone.as_deref(), now);
        }
        Action::Spend(it) => {
            rows.lapsing(state, now);
            rows.reservation(state, &it.reservation);
            rows.spending(programme, state, &it.account, now);
        }
        Action::Claim(it) => {
            rows.lapsing(state, now);
            rows.reservation(state, &it.reservation);
            rows.spending(programme, state, &it.account, now);
            if let Some(stock) = programme.rewards.get(&it.reward).and_then(|reward| reward.stock.as_ref()) {
                rows.uses(programme, stock, Some(it.account.as_str()), None, now, false);
            }
        }
        Action::Lapse(_) => rows.lapsing(state, now),
        Action::Confirm(it) => rows.reservation(state, &it.reservation),
        Action::Refund(it) => rows.reservation(state, &it.reservation),
        Action::Release(it) => rows.reservation(state, &it.reservation),
        Action::Rollback(it) => rows.reservation(state, &it.reservation),
        Action::Lease(it) => {
            rows.leases.insert(it.lease.clone());
            if let Some((name, rules)) = programme.allowances.get_key_value(&it.allowance) {
                let limits: alloc::vec::Vec<Limit> =
                    rules.limits.iter().filter(|limit| limit.per == Per::All).copied().collect();
                let shared = Allowance { limits, ..rules.clone() };
                rows.counted(Counted::of(programme, (name, &shared), None, None, now).ok(), false);
            }
        }
        Action::ReturnLease(it) => {
            rows.leases.insert(it.lease.clone());
            if let Some(row) = state.leases.get(&it.lease) {
                rows.counters.extend(row.counters.iter().cloned());
            }
        }
        Action::AcceptLease(it) => rows.block(&it.lease),
        Action::GiveBack(it) => rows.block(&it.lease),
        Action::Refill(it) => rows.account(&it.account),
        Action::Earn(it) => {
            rows.account(&it.account);
            rows.ceilings(programme, &it.scheme, &it.account, it.rule.as_deref(), now);
        }
        Action::Activate(it) => rows.account(&it.account),
        Action::Expire(it) => rows.account(&it.account),
        Action::Adjust(it) => rows.account(&it.account),
        Action::TakeBack(it) => rows.account(&it.account),
        Action::Transfer(it) => {
            rows.account(&it.from);
            rows.account(&it.to);
        }
        Action::Grant(it) => rows.account(&it.account),
        Action::Revoke(it) => rows.account(&it.account),
        Action::Suspend(it) => rows.account(&it.account),
        Action::Resume(it) => rows.account(&it.account),
        Action::Invite(it) => {
            rows.invitations.insert(normalise(&it.code));
        }
        Action::Refer(it) => {
            rows.referrals.insert(it.friend.clone());
            rows.invitations.extend(it.code.as_deref().map(normalise));
            if let Some(referrer) = state.referrer_of(it) {
                state.top_of(referrer, |person| {
                    rows.referrals.insert(person.into());
                });
            }
        }
        Action::Convert(it) => {
            rows.referrals.insert(it.friend.clone());
            if let (Some(row), Ok(zone)) = (state.referrals.get(&it.friend), programme.zone(None)) {
                rows.counted(
                    Some(Counted {
                        name: "referrals",
                        limits: &programme.referrals.limits,
                        customer: Some(&row.referrer),
                        now,
                        today: zone.date_at(now),
                        week: programme.week_start,
                    }),
                    false,
                );
            }
        }
        Action::Forget(_) => {}
    }
    rows
}

/// The rows that a statement needs, as far as the loaded ones show: the account, and what its rules have earned so far.
pub fn of_statement(programme: &Programme, state: &State, account: &str, now: Timestamp) -> Rows {
    let mut rows = Rows::default();
    rows.accounts.insert(account.into());
    let named = programme.scheme_named(account).map(|(name, _)| name);
    let Some(scheme) = state.accounts.get(account).map(|row| row.scheme.as_str()).or(named) else { return rows };
    let rules = programme.schemes.get(scheme).into_iter().flat_map(|scheme| scheme.ceilings.keys());
    for rule in rules.map(|rule| Some(rule.as_str())).chain([None]) {
        rows.ceilings(programme, scheme, account, rule, now);
    }
    rows.spending(programme, state, account, now);
    for (_, counted) in stocks(programme, scheme, account, now) {
        rows.counted(counted.ok(), false);
    }
    rows
}

/// The rows that events change, seen from the state before them. Store these rows of the state after them, and delete
/// those that it has no more.
pub fn touched(state: &State, events: &[Event]) -> Rows {
    let mut rows = Rows::default();
    for event in events {
        match event {
            Event::Reserved { reservation, parts, .. }
            | Event::Confirmed { reservation, parts, .. }
            | Event::Refunded { reservation, parts, .. } => {
                rows.reservations.insert(reservation.clone());
                rows.holds(parts);
            }
            Event::Ended { reservation, .. } => rows.reservation(state, reservation),
            Event::Leased { lease, counters, .. } => {
                rows.leases.insert(lease.clone());
                rows.counters.extend(counters.iter().cloned());
            }
            Event::LeaseReturned { lease, .. } => {
                rows.leases.insert(lease.clone());
                let counters = state.leases.get(lease).map(|row| row.counters.iter().cloned());
                rows.counters.extend(counters.into_iter().flatten());
            }
            Event::LeaseAccepted { lease, .. } | Event::GivenBack { lease, .. } => rows.block(lease),
            Event::LotAdded { account, ceilings, .. } => {
                rows.account(account);
                rows.counters.extend(ceilings.iter().cloned());
            }
            Event::Transferred { from, to, .. } => {
                rows.account(from);
                rows.account(to);
            }
            Event::Activated { account, .. }
            | Event::Expired { account, .. }
            | Event::Adjusted { account, .. }
            | Event::TakenBack { account, .. }
            | Event::OwedPaid { account, .. }
            | Event::LevelChanged { account, .. }
            | Event::LevelEndSet { account, .. }
            | Event::LevelAwaited { account, .. }
            | Event::Granted { account, .. }
            | Event::Revoked { account, .. }
            | Event::Suspended { account, .. }
            | Event::Resumed { account, .. } => rows.account(account),
            Event::Invited { code, .. } => {
                rows.invitations.insert(code.clone());
            }
            Event::Referred { friend, .. } => {
                rows.referrals.insert(friend.clone());
            }
            Event::Converted { friend, counters, .. } => {
                rows.referrals.insert(friend.clone());
                rows.counters.extend(counters.iter().cloned());
            }
            Event::Answered { key, .. } => {
                rows.answers.insert(key.clone());
            }
            // every row that was loaded may be another one, or gone
            Event::Forgotten { .. } => {
                rows.accounts.extend(state.accounts.keys().cloned());
                rows.answers.extend(state.answers.keys().cloned());
                rows.reservations.extend(state.reservations.keys().cloned());
            }
        }
    }
    rows
}

impl Rows {
    fn account(&mut self, account: &str) {
        self.accounts.insert(account.into());
    }

    fn block(&mut self, lease: &str) {
        self.blocks.insert(lease.into());
    }

    /// A reservation, and all that it holds or has used.
    fn reservation(&mut self, state: &State, reservation: &str) {
        self.reservations.insert(reservation.into());
        if let Some(row) = state.reservations.get(reservation) {
            self.holds(&row.parts);
            self.accounts.extend(row.grantee.iter().cloned());
        }
    }

    fn lapsing(&mut self, state: &State, now: Timestamp) {
        self.lapsed_by = Some(now);
        for (id, _) in state.reservations.iter().filter(|(_, row)| row.is_due(now)) {
            self.reservation(state, id);
        }
    }

    fn holds(&mut self, parts: &[Hold]) {
        for part in parts {
            match part {
                Hold::Use { counters, lease, .. } => {
                    self.counters.extend(counters.iter().cloned());
                    self.blocks.extend(lease.iter().cloned());
                }
                Hold::Draw { account, counters, .. } => {
                    self.counters.extend(counters.iter().cloned());
                    self.account(account);
                }
            }
        }
    }

    fn parts(
        &mut self,
        programme: &Programme,
        state: &State,
        parts: &[Part],
        customer: Option<&str>,
        zone: Option<&str>,
        now: Timestamp,
    ) {
        for part in parts {
            match part {
                Part::Use { allowance, lease, .. } => {
                    self.blocks.extend(lease.iter().cloned());
                    self.uses(programme, allowance, customer, zone, now, lease.is_some());
                }
                Part::Draw { account, .. } => self.spending(programme, state, account, now),
            }
        }
    }

    fn uses(
        &mut self,
        programme: &Programme,
        allowance: &str,
        customer: Option<&str>,
        zone: Option<&str>,
        now: Timestamp,
        leased: bool,
    ) {
        if let Some((name, rules)) = programme.allowances.get_key_value(allowance) {
            self.counted(Counted::of(programme, (name, rules), customer, zone, now).ok(), leased);
        }
    }

    /// The counters of the ceilings of what a rule earns an account.
    fn ceilings(&mut self, programme: &Programme, scheme: &str, account: &str, rule: Option<&str>, now: Timestamp) {
        let (Some(rules), Ok(zone)) = (programme.schemes.get(scheme), programme.zone(None)) else { return };
        let (customer, today, week) = (Some(account), zone.date_at(now), programme.week_start);
        for (name, limits) in rules.ceilings_of(scheme, rule) {
            self.counted(Some(Counted { name: &name, limits, customer, now, today, week }), false);
        }
    }

    /// An account that is spent from, and the counters of what may be.
    fn spending(&mut self, programme: &Programme, state: &State, account: &str, now: Timestamp) {
        self.account(account);
        let named = programme.scheme_named(account).map(|(name, _)| name);
        let Some(scheme) = state.accounts.get(account).map(|row| row.scheme.as_str()).or(named) else { return };
        let (Some(rules), Ok(zone)) = (programme.schemes.get(scheme), programme.zone(None)) else { return };
        if let Some(limits) = rules.spending_limits() {
            let (name, today, week) = (spending_of(scheme), zone.date_at(now), programme.week_start);
            self.counted(Some(Counted { name: &name, limits, customer: Some(account), now, today, week }), false);
        }
    }

    /// A use that cannot be counted is refused; then no counter is looked at.
    fn counted(&mut self, counted: Option<Counted<'_>>, leased: bool) {
        self.counters.extend(counted.and_then(|counted| counted.counters(leased).ok()).into_iter().flatten());
    }
}
