//! Reservations, found by looking through all of them.

use std::collections::BTreeSet;

use counterfoil::ledger::command::{Part, Share};
use counterfoil::ledger::programme::{Allowance, Limit, Per};
use jiff::tz::TimeZone;

use super::coins::date;
use super::friends::same;
use super::{Coin, Fate, Model, Record, Used};

impl Model {
    pub(super) fn hold(
        &mut self,
        id: &str,
        customer: Option<&str>,
        parts: &[Part],
        now: i64,
        until: i64,
    ) -> Option<()> {
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
                    let free = free.min(self.may_spend(id, account, now)?);
                    let amount = if *up_to { (*amount).min(free.max(1)) } else { *amount };
                    if amount > free {
                        return None;
                    }
                    self.take(account, amount, &Coin::Taken(id.to_owned(), index, 0))?;
                    None
                }
            };
            self.records.get_mut(id)?.uses.push(used);
        }
        Some(())
    }

    /// How much may be spent of an account by looking at every coin that is taken; nothing where it is too soon
    /// or too often.
    fn may_spend(&self, id: &str, account: &str, now: i64) -> Option<i64> {
        let mut most = i64::MAX;
        let purse = &self.purses[account];
        if purse.is_suspended {
            return None;
        }
        let scheme = self.programme.schemes.get("stars").or_else(|| self.programme.schemes.get("card"))?;
        let taken: Vec<(&str, usize)> = purse
            .lots
            .iter()
            .flat_map(|lot| &lot.coins)
            .filter_map(|coin| match coin {
                Coin::Taken(taker, part, _) => Some((taker.as_str(), *part)),
                _ => None,
            })
            .collect();
        for limit in &scheme.spending {
            let counts = |(taker, _): &&(&str, usize)| {
                same(limit, date(&self.zone, self.records[*taker].at), date(&self.zone, now))
            };
            let times: BTreeSet<&(&str, usize)> = taken.iter().filter(counts).collect();
            if limit.uses.is_some_and(|uses| times.len() as i64 >= uses) {
                return None;
            }
            if let Some(budget) = limit.budget {
                most = most.min(budget - taken.iter().filter(counts).count() as i64);
            }
            let apart = limit.apart_minutes.unwrap_or(0) * 60_000;
            let is_too_soon = |(taker, _): &(&str, usize)| *taker != id && now - self.records[*taker].at < apart;
            if taken.iter().any(is_too_soon) {
                return None;
            }
        }
        Some(most)
    }

    /// Cuts uses and money one by one until they fit, or refuses.
    pub(super) fn fit(&self, id: &str, mut used: Used, up_to: bool, now: i64) -> Option<Used> {
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
        for limit in rules.limits.iter() {
            let Some(minutes) = limit.apart_minutes else { continue };
            let others = self.records.iter().filter(|(other, record)| *other != id && record.fate != Fate::Over);
            let others = others.filter(|(_, record)| limit.per == Per::All || record.customer == customer);
            let is_too_soon = |record: &Record| {
                let stands = |other: &Used| other.allowance == used.allowance && (other.uses, other.amount) != (0, 0);
                record.uses.iter().flatten().any(stands) && now - record.at < minutes * 60_000
            };
            if others.into_iter().any(|(_, record)| is_too_soon(record)) {
                return None;
            }
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

    pub(super) fn sum(
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

    pub(super) fn lapse(&mut self, now: i64) {
        let due: Vec<String> = self
            .records
            .iter()
            .filter(|(_, record)| record.fate == Fate::Held && record.until <= now)
            .map(|(id, _)| id.clone())
            .collect();
        for id in due {
            self.end(&id, Fate::Held);
            for account in self.purses.keys().cloned().collect::<Vec<_>>() {
                self.settle(&account, now);
                self.look(&account, now);
            }
        }
    }

    pub(super) fn end(&mut self, id: &str, from: Fate) -> Option<()> {
        let record = self.records.get_mut(id).filter(|record| record.fate == from)?;
        record.fate = Fate::Over;
        for coin in self.purses.values_mut().flat_map(|purse| &mut purse.lots).flat_map(|lot| &mut lot.coins) {
            if matches!(coin, Coin::Taken(taker, ..) if taker == id) {
                *coin = Coin::Free;
            }
        }
        Some(())
    }

    pub(super) fn keep(
        &mut self,
        id: &str,
        from: Fate,
        shares: &[Share],
        keep: fn(i64, Option<i64>) -> i64,
    ) -> Option<()> {
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
}
