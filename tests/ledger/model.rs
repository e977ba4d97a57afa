//! Two ledgers for comparison, written to be obvious: uses are found by looking through all reservations ever made,
//! and every point is a coin of its own.

use std::collections::BTreeMap;

use counterfoil::ledger::command::{Action, Command, Earn, Part, Share};
use counterfoil::ledger::programme::{Allowance, Limit, Per, Programme, WhenSpent};
use jiff::civil::Date;
use jiff::tz::TimeZone;

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
    expires: Option<i64>,
    coins: Vec<Coin>,
    order: Option<String>,
    lines: Vec<(String, i64, i64)>,
    returned: BTreeMap<String, i64>,
    asked: i64,
    earned: i64,
}

#[derive(Clone, Debug, Default)]
struct Purse {
    lots: Vec<Lot>,
    owed: i64,
}

#[derive(Clone)]
pub struct Model {
    programme: Programme,
    records: BTreeMap<String, Record>,
    purses: BTreeMap<String, Purse>,
}

impl Model {
    pub fn new(programme: &Programme) -> Model {
        Model { programme: programme.clone(), records: BTreeMap::new(), purses: BTreeMap::new() }
    }

    /// Whether a command that comes for the first time is accepted.
    pub fn step(&mut self, command: &Command) -> bool {
        let before = self.clone();
        let done = self.carry_out(command).is_some();
        if !done {
            *self = before;
        }
        done
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

    fn carry_out(&mut self, command: &Command) -> Option<()> {
        let now = command.now;
        match &command.action {
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
            Action::Rollback(it) => self.end(&it.reservation, Fate::Confirmed)?,
            Action::Confirm(it) => {
                self.keep(&it.reservation, Fate::Held, &it.parts, |all, share| share.unwrap_or(all))?;
                self.records.get_mut(&it.reservation)?.fate = Fate::Confirmed;
            }
            Action::Refund(it) => {
                self.keep(&it.reservation, Fate::Confirmed, &it.parts, |all, share| all - share.unwrap_or(0))?;
            }
            Action::Refill(it) => self.add(&it.account, &it.lot, now, it.amount, 0, None)?,
            Action::Earn(it) => {
                self.add(&it.account, &it.lot, now, it.amount, it.pending_days.unwrap_or(0), Some(it))?
            }
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
                        let pending = row.coins.iter().find(|coin| matches!(coin, Coin::Pending(_))).cloned();
                        let fresh = pending.unwrap_or(Coin::Free);
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

    // uses

    fn hold(&mut self, id: &str, customer: Option<&str>, parts: &[Part], now: i64, until: i64) -> Option<()> {
        if self.records.contains_key(id) {
            return None;
        }
        self.lapse(now);
        let customer = customer.map(str::to_owned);
        let record = Record { fate: Fate::Held, at: now, until, customer, uses: Vec::new() };
        self.records.insert(id.to_owned(), record);
        for (index, part) in parts.iter().enumerate() {
            let used = match part {
                Part::Use { allowance, uses, amount, up_to, .. } => {
                    let wanted = Used { allowance: allowance.clone(), uses: *uses, amount: amount.unwrap_or(0) };
                    Some(self.fit(id, wanted, *up_to, now)?)
                }
                Part::Draw { account, amount, up_to } => {
                    self.settle(account, now);
                    let free = self.purse(account, now)?[0];
                    let amount = if *up_to { (*amount).min(free.max(1)) } else { *amount };
                    self.take(account, amount, &Coin::Taken(id.to_owned(), index, 0))?;
                    None
                }
            };
            self.records.get_mut(id)?.uses.push(used);
        }
        Some(())
    }

    /// Cuts uses and money one by one until they fit, or refuses.
    fn fit(&self, id: &str, mut used: Used, up_to: bool, now: i64) -> Option<Used> {
        let rules = self.programme.allowances.get(&used.allowance)?;
        let customer = self.records[id].customer.clone();
        let room = |of: fn(&Limit) -> Option<i64>, what: fn(&Used) -> i64| -> Option<i64> {
            let mut room = i64::MAX;
            for limit in rules.limits.iter().filter(|limit| of(limit).is_some()) {
                let whose = match limit.per {
                    Per::All => None,
                    Per::Customer => Some(customer.clone()?),
                };
                room = room.min(of(limit)? - self.sum(&used.allowance, rules, limit, whose, now, what));
            }
            Some(room)
        };
        if rules.limits.iter().any(|limit| limit.per == Per::Customer) {
            customer.as_ref()?;
        }
        let uses_left = room(|limit| limit.uses, |used| used.uses)?;
        let money_left = room(|limit| limit.budget, |used| used.amount)?;
        while up_to && used.uses > 1 && used.uses > uses_left {
            used.uses -= 1;
        }
        while up_to && used.amount > 1 && used.amount > money_left {
            used.amount -= 1;
        }
        (used.uses <= uses_left && used.amount <= money_left).then_some(used)
    }

    fn sum(
        &self,
        allowance: &str,
        rules: &Allowance,
        limit: &Limit,
        whose: Option<String>,
        now: i64,
        what: fn(&Used) -> i64,
    ) -> i64 {
        let zone = rules.zone.as_ref().or(self.programme.zone.as_ref()).map_or("UTC", String::as_str);
        let zone = TimeZone::get(zone).unwrap();
        let day = |at: i64| zone.to_datetime(jiff::Timestamp::from_millisecond(at).unwrap()).date();
        let records = self.records.values().filter(|record| record.fate != Fate::Over);
        let records = records.filter(|record| whose.is_none() || record.customer == whose);
        let records = records.filter(|record| match limit.every.map(|every| every.name()) {
            None => true,
            Some("day") => day(record.at) == day(now),
            Some("week") => {
                day(record.at).iso_week_date().week() == day(now).iso_week_date().week()
                    && day(record.at).iso_week_date().year() == day(now).iso_week_date().year()
            }
            Some("month") => (day(record.at).year(), day(record.at).month()) == (day(now).year(), day(now).month()),
            Some(other) => panic!("the model has no {other}"),
        });
        records
            .flat_map(|record| record.uses.iter().flatten())
            .filter(|used| used.allowance == allowance)
            .map(what)
            .sum()
    }

    fn lapse(&mut self, now: i64) {
        let due: Vec<String> = self
            .records
            .iter()
            .filter(|(_, record)| record.fate == Fate::Held && record.until <= now)
            .map(|(id, _)| id.clone())
            .collect();
        for id in due {
            self.end(&id, Fate::Held);
        }
    }

    fn end(&mut self, id: &str, from: Fate) -> Option<()> {
        let record = self.records.get_mut(id).filter(|record| record.fate == from)?;
        record.fate = Fate::Over;
        for coin in self.purses.values_mut().flat_map(|purse| &mut purse.lots).flat_map(|lot| &mut lot.coins) {
            if matches!(coin, Coin::Taken(taker, ..) if taker == id) {
                *coin = Coin::Free;
            }
        }
        Some(())
    }

    fn keep(&mut self, id: &str, from: Fate, shares: &[Share], keep: fn(i64, Option<i64>) -> i64) -> Option<()> {
        let record = self.records.get_mut(id).filter(|record| record.fate == from)?;
        for (index, used) in record.uses.iter_mut().enumerate() {
            let share = shares.iter().find(|share| share.part == index);
            let (uses, amount) = (share.and_then(|share| share.uses), share.and_then(|share| share.amount));
            let mut coins: Vec<&mut Coin> = self
                .purses
                .values_mut()
                .flat_map(|purse| &mut purse.lots)
                .flat_map(|lot| &mut lot.coins)
                .filter(|coin| matches!(coin, Coin::Taken(taker, part, _) if taker == id && *part == index))
                .collect();
            coins.sort_by_key(|coin| match coin {
                Coin::Taken(_, _, nth) => *nth,
                _ => 0,
            });
            let (had_uses, had_amount) = used.as_ref().map_or((0, coins.len() as i64), |used| (used.uses, used.amount));
            if uses.is_some_and(|uses| uses > had_uses) || amount.is_some_and(|amount| amount > had_amount) {
                return None;
            }
            let (kept_uses, kept_amount) = (keep(had_uses, uses), keep(had_amount, amount));
            match used {
                Some(used) => (used.uses, used.amount) = (kept_uses, kept_amount),
                None => coins.into_iter().skip(kept_amount as usize).for_each(|coin| *coin = Coin::Free),
            }
        }
        let known = record.uses.len();
        shares.iter().all(|share| share.part < known).then_some(())
    }

    // coins

    fn lot_is_there(&self, account: &str, lot: &str) -> bool {
        self.purses.get(account).is_some_and(|purse| purse.lots.iter().any(|row| row.id == lot))
    }

    fn add(&mut self, account: &str, id: &str, now: i64, amount: i64, days: u32, earn: Option<&Earn>) -> Option<()> {
        if self.lot_is_there(account, id) {
            return None;
        }
        self.settle(account, now);
        let day = date(now);
        let active = (days > 0).then(|| start(day.checked_add(jiff::Span::new().days(i64::from(days))).unwrap()));
        let coin = active.map_or(Coin::Free, Coin::Pending);
        let lines =
            earn.map(|earn| earn.lines.iter().map(|line| (line.line.clone(), line.units, line.amount)).collect());
        self.purses.entry(account.to_owned()).or_default().lots.push(Lot {
            id: id.to_owned(),
            at: now,
            expires: if active.is_some() { None } else { Some(expiry(now)) },
            coins: vec![coin; amount as usize],
            order: earn.and_then(|earn| earn.order.clone()),
            lines: lines.unwrap_or_default(),
            returned: BTreeMap::new(),
            asked: 0,
            earned: amount,
        });
        self.pay(account);
        Some(())
    }

    /// Free coins become another thing: first-expiring first.
    fn take(&mut self, account: &str, amount: i64, into: &Coin) -> Option<()> {
        let purse = self.purses.get_mut(account)?;
        purse.lots.sort_by_key(|lot| (lot.expires.unwrap_or(i64::MAX), lot.at, lot.id.clone()));
        let free: Vec<&mut Coin> =
            purse.lots.iter_mut().flat_map(|lot| &mut lot.coins).filter(|coin| **coin == Coin::Free).collect();
        if (free.len() as i64) < amount {
            return None;
        }
        for (nth, coin) in free.into_iter().take(amount as usize).enumerate() {
            *coin = match into {
                Coin::Taken(reservation, part, _) => Coin::Taken(reservation.clone(), *part, nth),
                other => other.clone(),
            };
        }
        Some(())
    }

    fn pay(&mut self, account: &str) {
        while self.purses[account].owed > 0 && self.take(account, 1, &Coin::Gone).is_some() {
            self.purses.get_mut(account).unwrap().owed -= 1;
        }
    }

    fn activate(&mut self, account: &str, id: &str, at: i64) -> Option<()> {
        let lot = self.purses.get_mut(account)?.lots.iter_mut().find(|lot| lot.id == id)?;
        if lot.expires.is_some() {
            return None;
        }
        lot.expires = Some(expiry(at));
        for coin in lot.coins.iter_mut().filter(|coin| matches!(coin, Coin::Pending(_))) {
            *coin = Coin::Free;
        }
        self.pay(account);
        Some(())
    }

    /// Day by day: what becomes active, then what expires.
    fn settle(&mut self, account: &str, now: i64) {
        let Some(purse) = self.purses.get(account) else { return };
        let mut moments: Vec<i64> = purse
            .lots
            .iter()
            .flat_map(|lot| {
                let pending = lot.coins.iter().find_map(|coin| match coin {
                    Coin::Pending(at) => Some(*at),
                    _ => None,
                });
                // a pending lot expires a month after it becomes active
                [lot.expires, pending, pending.map(expiry)]
            })
            .flatten()
            .filter(|at| *at <= now)
            .collect();
        moments.sort_unstable();
        moments.dedup();
        for moment in moments {
            let due: Vec<String> = self.purses[account]
                .lots
                .iter()
                .filter(|lot| lot.coins.contains(&Coin::Pending(moment)))
                .map(|lot| lot.id.clone())
                .collect();
            for lot in due {
                self.activate(account, &lot, moment);
            }
            for lot in self.purses.get_mut(account).unwrap().lots.iter_mut() {
                if lot.expires.is_some_and(|at| at <= moment) {
                    lot.coins.iter_mut().filter(|coin| **coin == Coin::Free).for_each(|coin| *coin = Coin::Expired);
                }
            }
        }
        self.pay(account);
    }

    fn take_back(&mut self, account: &str, order: &str, lines: Option<&[(String, i64)]>) -> Option<()> {
        let rule = self.programme.schemes["stars"].when_spent;
        let purse = self.purses.get_mut(account)?;
        let mut spent = 0;
        for lot in purse.lots.iter_mut().filter(|lot| lot.order.as_deref() == Some(order)) {
            let mut due = 0;
            let mut any = false;
            for (line, units, points) in &lot.lines {
                let back = lot.returned.entry(line.clone()).or_default();
                let more = match lines {
                    None => units - *back,
                    Some(lines) => lines.iter().filter(|(name, _)| name == line).map(|(_, units)| units).sum(),
                };
                any |= more > 0;
                for _ in 0..more {
                    if *back >= *units {
                        return None;
                    }
                    // each unit's own points: the steps of a stair that ends at all of them
                    due += points * (*back + 1) / units - points * *back / units;
                    *back += 1;
                }
            }
            let all = lot.lines.iter().all(|(line, units, _)| lot.returned.get(line) == Some(units));
            let open = lot.earned - lot.asked;
            if lines.is_none() || (all && any) {
                due = open;
            }
            let due = due.min(open);
            lot.asked += due;
            let left = lot.coins.iter().filter(|coin| matches!(coin, Coin::Free | Coin::Pending(_))).count() as i64;
            let expired = lot.coins.iter().filter(|coin| **coin == Coin::Expired).count() as i64;
            let mut here = due.min(left);
            spent += (due - here).min((open - expired - left).max(0));
            for coin in lot.coins.iter_mut().filter(|coin| matches!(coin, Coin::Free | Coin::Pending(_))) {
                if here > 0 {
                    *coin = Coin::Gone;
                    here -= 1;
                }
            }
        }
        for _ in 0..spent {
            let paid = rule != WhenSpent::Forgive && self.take(account, 1, &Coin::Gone).is_some();
            if !paid && rule == WhenSpent::Owe {
                self.purses.get_mut(account)?.owed += 1;
            }
        }
        Some(())
    }
}

fn date(moment: i64) -> Date {
    TimeZone::UTC.to_datetime(jiff::Timestamp::from_millisecond(moment).unwrap()).date()
}

fn start(day: Date) -> i64 {
    day.to_zoned(TimeZone::UTC).unwrap().timestamp().as_millisecond()
}

/// A month later, to the end of that month; the next day it is gone.
fn expiry(from: i64) -> i64 {
    let later = date(from).checked_add(jiff::Span::new().months(1)).unwrap();
    start(later.last_of_month().tomorrow().unwrap())
}
