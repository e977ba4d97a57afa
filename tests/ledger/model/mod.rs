//! Two ledgers for comparison, written to be obvious: uses are found by looking through all reservations ever made,
//! and every point is a coin of its own.

use std::collections::{BTreeMap, BTreeSet};

use counterfoil::ledger::command::{Action, Command, Part};
use counterfoil::ledger::programme::Programme;
use friends::{Friend, Paid};
use grants::Granted;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use levels::Held;
use serde_json::Value;

mod coins;
mod friends;
mod grants;
mod levels;
mod uses;

/// What became of a reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Held,
    Confirmed,
    Over,
}

#[derive(Clone, Debug)]
struct Used {
    allowance: String,
    uses: i64,
    amount: i64,
}

#[derive(Clone, Debug)]
struct Record {
    fate: Fate,
    at: i64,
    until: i64,
    customer: Option<String>,
    uses: Vec<Option<Used>>,
}

/// What a coin is worth and when.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Coin {
    Pending(i64),
    Free,
    /// Taken by a part of a reservation, as the so-many-th of it.
    Taken(String, usize, usize),
    Expired,
    Gone,
}

#[derive(Clone, Debug)]
struct Lot {
    id: String,
    at: i64,
    /// While it is pending.
    active: Option<i64>,
    expires: Option<i64>,
    coins: Vec<Coin>,
    order: Option<String>,
    /// The lines of the order that it is for.
    lines: Vec<String>,
    /// Every point that was earned and no return has asked for: by which unit of the order, if by one.
    unasked: Vec<Option<Unit>>,
    /// On which day, and how much it counts for a level by points in a period.
    counted: Option<(Date, i64)>,
}

/// The so-manieth unit of a line.
type Unit = (String, i64);

#[derive(Clone, Debug, Default)]
struct Purse {
    lots: Vec<Lot>,
    /// By order and line: how many units were bought, and which of them the customer still has.
    orders: BTreeMap<String, BTreeMap<String, (i64, BTreeSet<i64>)>>,
    owed: i64,
    level: Option<Held>,
    /// The first day of the stretch that has reached a level which begins later.
    awaits: Option<Date>,
    /// What the member is entitled to, by the id of the grant.
    grants: BTreeMap<String, Granted>,
    is_suspended: bool,
    /// The moment up to which everything that was due is done.
    seen: Option<i64>,
}

#[derive(Clone)]
pub struct Model {
    programme: Programme,
    /// Whose days are meant.
    zone: TimeZone,
    records: BTreeMap<String, Record>,
    purses: BTreeMap<String, Purse>,
    paid: Vec<Paid>,
    friends: Vec<Friend>,
    /// Referral codes, and whose they are.
    codes: BTreeMap<String, String>,
    /// What the last conversion told: how many there are, and what the referrer gets.
    pub told: Option<(i64, Value)>,
}

impl Model {
    pub fn new(programme: &Programme) -> Model {
        Model {
            programme: programme.clone(),
            zone: TimeZone::get(programme.zone.as_deref().unwrap_or("UTC")).unwrap(),
            records: BTreeMap::new(),
            purses: BTreeMap::new(),
            paid: Vec::new(),
            friends: Vec::new(),
            codes: BTreeMap::new(),
            told: None,
        }
    }

    /// Whether a command that comes for the first time is accepted.
    pub fn step(&mut self, command: &Command) -> bool {
        let before = self.clone();
        self.told = None;
        // first of all, what is due is done
        for account in self.purses.keys().cloned().collect::<Vec<_>>() {
            self.settle(&account, command.now);
        }
        let done = self.carry_out(command).is_some();
        if !done {
            *self = before;
            self.told = None;
            return false;
        }
        for account in self.purses.keys().cloned().collect::<Vec<_>>() {
            self.settle(&account, command.now);
            self.look(&account, command.now);
        }
        true
    }

    /// Uses that are held and done, and money that is held and spent.
    pub fn counted(&self, allowance: &str) -> [i64; 4] {
        let mut sums = [0; 4];
        for record in self.records.values() {
            for used in record.uses.iter().flatten().filter(|used| used.allowance == allowance) {
                let (uses, amount) = match record.fate {
                    Fate::Held => (0, 2),
                    Fate::Confirmed => (1, 3),
                    Fate::Over => continue,
                };
                sums[uses] += used.uses;
                sums[amount] += used.amount;
            }
        }
        sums
    }

    /// Free, pending and held coins of an account at a moment, and what is owed.
    pub fn purse(&mut self, account: &str, now: i64) -> Option<[i64; 4]> {
        self.settle(account, now);
        let records = &self.records;
        let purse = self.purses.get(account)?;
        let count = |what: &dyn Fn(&Coin) -> bool| {
            purse.lots.iter().flat_map(|lot| &lot.coins).filter(|coin| what(coin)).count() as i64
        };
        let held = |coin: &Coin| match coin {
            Coin::Taken(reservation, ..) => records[reservation].fate == Fate::Held,
            _ => false,
        };
        Some([
            count(&|coin| *coin == Coin::Free),
            count(&|coin| matches!(coin, Coin::Pending(_))),
            count(&held),
            purse.owed,
        ])
    }

    /// Whether something may come onto an account and be spent from it.
    fn is_open(&self, account: &str) -> bool {
        self.purses.get(account).is_none_or(|purse| !purse.is_suspended)
    }

    fn carry_out(&mut self, command: &Command) -> Option<()> {
        let now = command.now;
        match &command.action {
            Action::Refill(it) if !self.is_open(&it.account) => return None,
            Action::Earn(it) if !self.is_open(&it.account) => return None,
            Action::Claim(it) if !self.is_open(&it.account) => return None,
            Action::Transfer(it) if !self.is_open(&it.from) || !self.is_open(&it.to) => return None,
            Action::Grant(it) => {
                let entitlement = (it.entitlement.as_str(), it.months);
                self.grant(&it.account, &it.grant, entitlement, now)?;
            }
            Action::Revoke(it) => self.revoke(&it.account, &it.grant, now)?,
            Action::Suspend(it) => self.purses.entry(it.account.clone()).or_default().is_suspended = true,
            Action::Resume(it) => self.purses.get_mut(&it.account)?.is_suspended = false,
            Action::Reserve(it) if it.until <= now => return None,
            Action::Reserve(it) => {
                self.hold(&it.reservation, it.customer.as_deref(), &it.parts, now, it.until)?;
            }
            Action::Redeem(it) => {
                self.hold(&it.reservation, it.customer.as_deref(), &it.parts, now, i64::MAX)?;
                self.records.get_mut(&it.reservation)?.fate = Fate::Confirmed;
            }
            Action::Spend(it) => {
                let part = Part::Draw { account: it.account.clone(), amount: it.amount, up_to: it.up_to };
                self.hold(&it.reservation, None, &[part], now, i64::MAX)?;
                self.records.get_mut(&it.reservation)?.fate = Fate::Confirmed;
            }
            Action::Lapse(_) => self.lapse(now),
            Action::Release(it) => self.end(&it.reservation, Fate::Held)?,
            Action::Rollback(it) => {
                self.end(&it.reservation, Fate::Confirmed)?;
                for account in self.purses.keys().cloned().collect::<Vec<_>>() {
                    self.revoke(&account, &it.reservation, now);
                }
            }
            Action::Confirm(it) => {
                self.keep(&it.reservation, Fate::Held, &it.parts, |all, share| share.unwrap_or(all))?;
                self.records.get_mut(&it.reservation)?.fate = Fate::Confirmed;
            }
            Action::Refund(it) => {
                self.keep(&it.reservation, Fate::Confirmed, &it.parts, |all, share| all - share.unwrap_or(0))?;
            }
            Action::Refill(it) => self.add(&it.account, &it.lot, now, it.amount, 0, None)?,
            Action::Earn(it) => {
                let points = self.within_ceilings(it, now)?;
                self.add(&it.account, &it.lot, now, points, it.pending_days.unwrap_or(0), Some(it))?;
                self.pays(it, now, points);
            }
            Action::Claim(it) => {
                self.claim(it, now)?;
                let entitles = self.programme.rewards[&it.reward].entitles.clone();
                if let Some(entitles) = entitles {
                    let months = entitles.months.map(|months| months * it.units as u32);
                    self.grant(&it.account, &it.reservation, (&entitles.entitlement, months), now)?;
                }
                self.records.get_mut(&it.reservation)?.fate = Fate::Confirmed;
            }
            Action::Invite(it) if self.codes.contains_key(&it.code) => return None,
            Action::Invite(it) => drop(self.codes.insert(it.code.clone(), it.holder.clone())),
            Action::Refer(it) => {
                let by_code = it.code.as_ref().map(|code| self.codes.get(code).cloned());
                let referrer = by_code.unwrap_or_else(|| it.referrer.clone())?;
                self.refer(&it.friend, &referrer)?;
            }
            Action::Convert(it) => self.convert(&it.friend, now)?,
            Action::Activate(it) => {
                self.settle(&it.account, now);
                self.purses.get(&it.account)?;
                if let Some(lot) = &it.lot {
                    self.activate(&it.account, lot, now)?;
                }
            }
            Action::Expire(it) => {
                self.settle(&it.account, now);
                let purse = self.purses.get_mut(&it.account)?;
                if let Some(lot) = &it.lot {
                    let lot = purse.lots.iter_mut().find(|row| row.id == *lot)?;
                    for coin in lot.coins.iter_mut().filter(|coin| matches!(coin, Coin::Free | Coin::Pending(_))) {
                        *coin = Coin::Expired;
                    }
                }
            }
            Action::Transfer(it) => {
                self.settle(&it.from, now);
                self.settle(&it.to, now);
                if it.from == it.to || self.lot_is_there(&it.to, &it.lot) {
                    return None;
                }
                self.take(&it.from, it.amount, &Coin::Gone)?;
                self.add(&it.to, &it.lot, now, it.amount, 0, None)?;
            }
            Action::Adjust(it) if it.amount > 0 => {
                self.settle(&it.account, now);
                let lot = it.lot.as_ref()?;
                let purse = self.purses.entry(it.account.clone()).or_default();
                match purse.lots.iter_mut().find(|row| row.id == *lot) {
                    Some(row) => {
                        let fresh = row.active.map_or(Coin::Free, Coin::Pending);
                        row.coins.extend(vec![fresh; it.amount as usize]);
                        self.pay(&it.account);
                    }
                    None => self.add(&it.account, lot, now, it.amount, 0, None)?,
                }
            }
            Action::Adjust(it) => {
                self.settle(&it.account, now);
                self.purses.get(&it.account)?;
                self.take(&it.account, -it.amount, &Coin::Gone)?;
            }
            Action::TakeBack(it) => {
                self.settle(&it.account, now);
                self.purses.get(&it.account)?;
                let lines: Option<Vec<(String, i64)>> =
                    it.lines.as_ref().map(|lines| lines.iter().map(|line| (line.line.clone(), line.units)).collect());
                self.take_back(&it.account, &it.order, lines.as_deref())?;
            }
            other => panic!("the model does not know {other:?}"),
        }
        Some(())
    }
}
