//! Points, one by one.

use std::collections::BTreeSet;

use counterfoil::ledger::command::Earn;
use counterfoil::ledger::programme::WhenSpent;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Coin, Lot, Model, Unit};

impl Model {
    pub(super) fn lot_is_there(&self, account: &str, lot: &str) -> bool {
        self.purses.get(account).is_some_and(|purse| purse.lots.iter().any(|row| row.id == lot))
    }

    pub(super) fn add(
        &mut self,
        account: &str,
        id: &str,
        now: i64,
        amount: i64,
        days: u32,
        earn: Option<&Earn>,
    ) -> Option<()> {
        if self.lot_is_there(account, id) {
            return None;
        }
        self.settle(account, now);
        let zone = self.zone.clone();
        let day = date(&zone, now);
        let active =
            (days > 0).then(|| start(&zone, day.checked_add(jiff::Span::new().days(i64::from(days))).unwrap()));
        let coin = active.map_or(Coin::Free, Coin::Pending);
        let lines = earn.map_or(&[][..], |earn| &earn.lines);
        let purse = self.purses.entry(account.to_owned()).or_default();
        let mut unasked = Vec::new();
        for line in lines {
            if let Some(order) = earn.and_then(|earn| earn.order.clone()) {
                let known = purse.orders.entry(order).or_default().entry(line.line.clone()).or_default();
                known.1.extend(known.0 + 1..=line.units);
                known.0 = known.0.max(line.units);
            }
            // each unit's own points are the steps of a stair that ends at all of them
            let own = line.amount.min(amount - unasked.len() as i64);
            for unit in 1..=line.units {
                let step = own * unit / line.units - own * (unit - 1) / line.units;
                unasked.extend(vec![Some((line.line.clone(), unit)); step as usize]);
            }
        }
        unasked.resize(amount as usize, None);
        purse.lots.push(Lot {
            id: id.to_owned(),
            at: now,
            active,
            expires: if active.is_some() { None } else { Some(expiry(&zone, now)) },
            coins: vec![coin; amount as usize],
            order: earn.and_then(|earn| earn.order.clone()),
            lines: lines.iter().map(|line| line.line.clone()).collect(),
            unasked,
            counted: earn.filter(|_| active.is_none()).map(|_| (day, amount)),
        });
        self.pay(account);
        Some(())
    }

    /// Free coins become another thing: first-expiring first.
    pub(super) fn take(&mut self, account: &str, amount: i64, into: &Coin) -> Option<()> {
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

    pub(super) fn pay(&mut self, account: &str) {
        while self.purses[account].owed > 0 && self.take(account, 1, &Coin::Gone).is_some() {
            self.purses.get_mut(account).unwrap().owed -= 1;
        }
    }

    pub(super) fn activate(&mut self, account: &str, id: &str, at: i64) -> Option<()> {
        let zone = self.zone.clone();
        let lot = self.purses.get_mut(account)?.lots.iter_mut().find(|lot| lot.id == id)?;
        lot.active.take()?;
        lot.expires = Some(expiry(&zone, at));
        let mut counts = 0;
        for coin in lot.coins.iter_mut().filter(|coin| matches!(coin, Coin::Pending(_))) {
            *coin = Coin::Free;
            counts += 1;
        }
        lot.counted = Some((date(&zone, at), counts));
        self.pay(account);
        Some(())
    }

    /// Day by day: what becomes active, then what expires.
    pub fn settle(&mut self, account: &str, now: i64) {
        let zone = self.zone.clone();
        let Some(purse) = self.purses.get(account) else { return };
        let mut moments: Vec<i64> = purse
            .lots
            .iter()
            .flat_map(|lot| {
                // a pending lot expires a month after it becomes active
                [lot.expires, lot.active, lot.active.map(|at| expiry(&zone, at))]
            })
            .flatten()
            .filter(|at| *at <= now)
            .collect();
        // where there are levels, every day begins
        let mut days = Vec::new();
        let seen = purse.seen.unwrap_or(now);
        let mut day = date(&zone, seen);
        while day < date(&zone, now) {
            day = day.tomorrow().unwrap();
            days.push(start(&zone, day));
        }
        moments.extend(days);
        self.purses.get_mut(account).unwrap().seen = Some(seen.max(now));
        moments.sort_unstable();
        moments.dedup();
        for moment in moments {
            let due: Vec<String> = self.purses[account]
                .lots
                .iter()
                .filter(|lot| lot.active == Some(moment))
                .map(|lot| lot.id.clone())
                .collect();
            let is_any = !due.is_empty();
            for lot in due {
                self.activate(account, &lot, moment);
            }
            if is_any {
                self.look(account, moment);
            }
            if moment > seen {
                self.begin_day(account, date(&zone, moment));
            }
            for lot in self.purses.get_mut(account).unwrap().lots.iter_mut() {
                if lot.expires.is_some_and(|at| at <= moment) {
                    lot.coins.iter_mut().filter(|coin| **coin == Coin::Free).for_each(|coin| *coin = Coin::Expired);
                }
            }
            if moment > seen {
                self.look(account, moment);
            }
        }
        self.pay(account);
    }

    pub(super) fn take_back(&mut self, account: &str, order: &str, lines: Option<&[(String, i64)]>) -> Option<()> {
        let rule = self.programme.schemes["stars"].when_spent;
        let purse = self.purses.get_mut(account)?;
        let units = purse.orders.entry(order.to_owned()).or_default();
        // the units go from hand to hand, the first one first
        let mut back: BTreeSet<Unit> = BTreeSet::new();
        match lines {
            None => units.iter_mut().for_each(|(line, (_, kept))| {
                back.extend(std::mem::take(kept).into_iter().map(|unit| (line.clone(), unit)));
            }),
            Some(lines) => {
                for (line, many) in lines {
                    let Some((_, kept)) = units.get_mut(line) else { continue };
                    for _ in 0..*many {
                        back.insert((line.clone(), kept.pop_first()?));
                    }
                }
            }
        }
        let has_any = |line: &String| units.get(line).is_some_and(|(_, kept)| !kept.is_empty());
        let all_lines: Vec<String> = units.keys().cloned().collect();
        let mut spent = 0;
        for lot in purse.lots.iter_mut().filter(|lot| lot.order.as_deref() == Some(order)) {
            let open = lot.unasked.len() as i64;
            let own = if lot.lines.is_empty() { &all_lines } else { &lot.lines };
            let is_over = lines.is_none() || (!back.is_empty() && !own.iter().any(has_any));
            lot.unasked.retain(|unit| !is_over && unit.as_ref().is_none_or(|unit| !back.contains(unit)));
            let due = open - lot.unasked.len() as i64;
            lot.counted = lot.counted.map(|(on, counts)| (on, counts - due.min(counts)));
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

pub(super) fn date(zone: &TimeZone, moment: i64) -> Date {
    zone.to_datetime(jiff::Timestamp::from_millisecond(moment).unwrap()).date()
}

pub(super) fn start(zone: &TimeZone, day: Date) -> i64 {
    day.to_zoned(zone.clone()).unwrap().timestamp().as_millisecond()
}

/// A month later, to the end of that month; the next day it is gone.
fn expiry(zone: &TimeZone, from: i64) -> i64 {
    let later = date(zone, from).checked_add(jiff::Span::new().months(1)).unwrap();
    start(zone, later.last_of_month().tomorrow().unwrap())
}
