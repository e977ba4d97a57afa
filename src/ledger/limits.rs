//! Limits: which counters count a use, and what each limit has left. All limits of an allowance are asked in one
//! decision, on the counters as they are after the parts before it.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::answer::Remaining;
use super::calendar::{self, WeekStart, Zone, LAST_MOMENT};
use super::programme::{Allowance, Limit, Per, Programme, CUSTOMER_ZONE};
use super::refusal::{Code, Refusal};
use super::state::{Counter, State};
use crate::threshold::left;
use crate::time::{CivilDate, Timestamp};

/// What is counted: an allowance, an earning rule's ceiling, rewarded conversions.
pub(super) struct Counted<'a> {
    /// The name in counters and refusals.
    pub name: &'a str,
    pub limits: &'a [Limit],
    pub customer: Option<&'a str>,
    pub now: Timestamp,
    /// The day it is.
    pub today: CivilDate,
    pub week: WeekStart,
}

/// What can still be used.
#[derive(Clone, Copy)]
pub(super) struct Room {
    pub uses: i64,
    pub amount: i64,
}

/// What the limits for everybody have left of an allowance, of the counters that are loaded: a stock, as statements of
/// accounts show it whose rewards are kept elsewhere.
///
/// ```
/// use counterfoil::ledger::{limits::remaining, programme::Programme, state::State};
/// let programme = Programme::read(r#"{ "allowances": { "mugs": { "limits": [{ "uses": 50 }, { "per": "customer", "uses": 1 }] } } }"#).unwrap();
/// let state = State::read(r#"{ "version": 1, "counters": { "mugs": { "uses": 8, "heldUses": 2 } } }"#).unwrap();
/// let left = remaining(&programme, &state, "mugs", 1772359200000).unwrap();
/// assert_eq!((left.len(), left[0].uses), (1, Some(40)));
/// ```
///
/// # Errors
/// `allowance_unknown`, and faults of the programme.
pub fn remaining(
    programme: &Programme,
    state: &State,
    allowance: &str,
    now: Timestamp,
) -> Result<Vec<Remaining>, Refusal> {
    let unknown = || Refusal::new(Code::AllowanceUnknown, &[("allowance", allowance.into())]).at("/allowance");
    let (name, rules) = programme.allowances.get_key_value(allowance).ok_or_else(unknown)?;
    let limits: Vec<Limit> = rules.limits.iter().filter(|limit| limit.per == Per::All).copied().collect();
    let shared = Allowance { limits, ..rules.clone() };
    Counted::of(programme, (name, &shared), None, None, now.clamp(0, LAST_MOMENT))?.remaining(state, false)
}

impl<'a> Counted<'a> {
    /// The uses of an allowance at a moment.
    pub fn of(
        programme: &'a Programme,
        (name, allowance): (&'a str, &'a Allowance),
        customer: Option<&'a str>,
        customer_zone: Option<&str>,
        now: Timestamp,
    ) -> Result<Counted<'a>, Refusal> {
        let zone = match allowance.zone.as_deref() {
            Some(CUSTOMER_ZONE) => {
                let missing = || Refusal::new(Code::CustomerZoneMissing, &[("allowance", name.into())]);
                let zone = customer_zone.ok_or_else(|| missing().at("/customerZone"))?;
                let unknown = || Refusal::new(Code::ZoneUnknown, &[("zone", zone.into())]).at("/customerZone");
                Zone::parse(zone).ok_or_else(unknown)?
            }
            own => programme.zone(own)?,
        };
        let (limits, week) = (allowance.limits.as_slice(), programme.week_start);
        Ok(Counted { name, limits, customer, now, today: zone.date_at(now), week })
    }

    /// The counter of a limit.
    fn counter(&self, per: Per, every: Option<calendar::Every>) -> Result<String, Refusal> {
        let mut name = String::from(self.name);
        if per == Per::Customer {
            let missing = || Refusal::new(Code::CustomerMissing, &[("allowance", self.name.into())]);
            name.push_str("|customer|");
            name.push_str(self.customer.ok_or_else(|| missing().at("/customer"))?);
        }
        if let Some(every) = every {
            let first = calendar::text(every.first_day(self.today, self.week));
            name.push_str(&format!("|{}|{first}", every.name()));
        }
        Ok(name)
    }

    /// The counters that count a use: always the total and the customer's, and those of the limits. On a shard the
    /// lease counts what all customers share.
    pub fn counters(&self, leased: bool) -> Result<Vec<String>, Refusal> {
        let mut names = Vec::new();
        if !leased {
            names.push(self.counter(Per::All, None)?);
        }
        if self.customer.is_some() {
            names.push(self.counter(Per::Customer, None)?);
        }
        for limit in self.limits.iter().filter(|limit| !leased || limit.per == Per::Customer) {
            names.push(self.counter(limit.per, limit.every)?);
        }
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// What every limit has left.
    pub fn remaining(&self, state: &State, leased: bool) -> Result<Vec<Remaining>, Refusal> {
        let mut all = Vec::new();
        for limit in self.limits.iter().filter(|limit| !leased || limit.per == Per::Customer) {
            let counter = self.read(state, limit)?;
            all.push(Remaining {
                allowance: self.name.into(),
                per: limit.per,
                every: limit.every,
                uses: limit.uses.map(|most| left(most, counter.taken_uses())),
                budget: limit.budget.map(|most| left(most, counter.taken_amount())),
                apart_minutes: limit.apart_minutes,
                again: self.runs(limit, &counter),
            });
        }
        Ok(all)
    }

    /// The least of what the limits have left.
    pub fn room(&self, state: &State, leased: bool) -> Result<Room, Refusal> {
        let least =
            |all: &[Remaining], of: fn(&Remaining) -> Option<i64>| all.iter().filter_map(of).min().unwrap_or(i64::MAX);
        let all = self.remaining(state, leased)?;
        let uses = if all.iter().any(|one| one.again.is_some()) { 0 } else { least(&all, |one| one.uses) };
        Ok(Room { uses, amount: least(&all, |one| one.budget) })
    }

    /// Refuses what some limit has no room for, and names the first such limit.
    pub fn refuse_beyond(&self, state: &State, leased: bool, uses: i64, amount: i64) -> Result<(), Refusal> {
        for limit in self.limits.iter().filter(|limit| !leased || limit.per == Per::Customer) {
            let counter = self.read(state, limit)?;
            if let Some(again) = self.runs(limit, &counter) {
                let minutes = limit.apart_minutes.unwrap_or(0);
                let params = [("allowance", self.name.into()), ("minutes", minutes.into()), ("again", again.into())];
                return Err(Refusal::new(Code::CooldownRunning, &params));
            }
            let checks = [
                (Code::UsesLimitReached, limit.uses, counter.taken_uses(), uses),
                (Code::BudgetLimitReached, limit.budget, counter.taken_amount(), amount),
            ];
            for (code, most, taken, wanted) in checks {
                let Some(most) = most else { continue };
                let left = left(most, taken);
                if wanted > left {
                    let mut refusal = Refusal::new(
                        code,
                        &[("allowance", self.name.into()), ("limit", most.into()), ("left", left.into())],
                    );
                    let per = if limit.per == Per::Customer { "customer" } else { "all" };
                    refusal.params.insert("per".into(), per.into());
                    if let Some(every) = limit.every {
                        refusal.params.insert("every".into(), every.name().into());
                    }
                    return Err(refusal);
                }
            }
        }
        Ok(())
    }

    /// Until when uses that lie apart keep another one waiting.
    fn runs(&self, limit: &Limit, counter: &Counter) -> Option<Timestamp> {
        limit.again(counter.last).filter(|again| self.now < *again)
    }

    fn read(&self, state: &State, limit: &Limit) -> Result<Counter, Refusal> {
        let name = self.counter(limit.per, limit.every)?;
        Ok(state.counters.get(&name).copied().unwrap_or_default())
    }
}
