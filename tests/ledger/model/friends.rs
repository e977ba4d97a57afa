//! Ceilings of rules, rewards, and friends, found by looking through all that ever happened.

use counterfoil::ledger::calendar::Every;
use counterfoil::ledger::command::{Claim, Earn, Part};
use counterfoil::ledger::programme::{Limit, Per, Step};
use jiff::civil::Date;
use serde_json::Value;

use super::coins::date;
use super::{Coin, Model};

/// What a rule has paid.
#[derive(Clone, Debug)]
pub(super) struct Paid {
    scheme: String,
    rule: String,
    account: String,
    at: i64,
    points: i64,
}

/// A friend.
#[derive(Clone, Debug)]
pub(super) struct Friend {
    name: String,
    referrer: String,
    /// When they converted, and whether that was rewarded.
    converted: Option<(i64, bool)>,
}

impl Model {
    /// What ceilings leave of what is earned; nothing where an occasion is too many.
    pub(super) fn within_ceilings(&self, earn: &Earn, now: i64) -> Option<i64> {
        let scheme = &self.programme.schemes[&earn.scheme];
        let own = earn.rule.as_ref().and_then(|rule| scheme.ceilings.get(rule));
        let of_rule = own.into_iter().flatten().map(|limit| (limit, earn.rule.clone()));
        let mut points = earn.amount;
        for (limit, rule) in of_rule.chain(scheme.limits.iter().map(|limit| (limit, None))) {
            let counted = |paid: &&Paid| {
                paid.scheme == earn.scheme
                    && rule.as_ref().is_none_or(|rule| paid.rule == *rule)
                    && (limit.per == Per::All || paid.account == earn.account)
                    && same(limit, date(&self.zone, paid.at), date(&self.zone, now))
            };
            let paid: Vec<&Paid> = self.paid.iter().filter(counted).collect();
            if limit.uses.is_some_and(|most| paid.len() as i64 >= most) {
                return None;
            }
            let apart = limit.apart_minutes.unwrap_or(0) * 60_000;
            if paid.iter().any(|paid| now - paid.at < apart) {
                return None;
            }
            if let Some(most) = limit.budget {
                points = points.min(most - paid.iter().map(|paid| paid.points).sum::<i64>());
            }
        }
        (points > 0).then_some(points)
    }

    pub(super) fn pays(&mut self, earn: &Earn, now: i64, points: i64) {
        let (scheme, account) = (earn.scheme.clone(), earn.account.clone());
        let rule = earn.rule.clone().unwrap_or_default();
        self.paid.push(Paid { scheme, rule, account, at: now, points });
    }

    pub(super) fn claim(&mut self, claim: &Claim, now: i64) -> Option<()> {
        self.settle(&claim.account, now);
        let reward = self.programme.rewards.get(&claim.reward)?.clone();
        let purse = self.purses.get(&claim.account)?;
        let level = self.level(&claim.account);
        if !reward.levels.is_empty() && !level.as_ref().is_some_and(|level| reward.levels.contains(level)) {
            return None;
        }
        // whatever was not taken away
        let earned = purse.lots.iter().flat_map(|lot| &lot.coins).filter(|coin| **coin != Coin::Gone).count() as i64;
        if reward.earned.is_some_and(|required| earned < required) {
            return None;
        }
        let own = level.and_then(|level| reward.points_by_level.get(&level).copied());
        let amount = own.unwrap_or(reward.points) * claim.units;
        let mut parts = Vec::new();
        if amount > 0 {
            parts.push(Part::Draw { account: claim.account.clone(), amount, up_to: false });
        }
        if let Some(stock) = &reward.stock {
            let (allowance, uses) = (stock.clone(), claim.units);
            parts.push(Part::Use { allowance, uses, amount: None, currency: None, up_to: false, lease: None });
        }
        // a member is an account, whoever the claim names
        self.hold(&claim.reservation, Some(&claim.account), &parts, now, i64::MAX)
    }

    pub(super) fn refer(&mut self, friend: &str, referrer: &str) -> Option<()> {
        let by = |name: &str| self.friends.iter().find(|friend| friend.name == name);
        if friend == referrer || by(friend).is_some() {
            return None;
        }
        let mut above = by(referrer);
        while let Some(one) = above {
            if one.referrer == friend {
                return None;
            }
            above = by(&one.referrer);
        }
        let (name, referrer) = (friend.to_owned(), referrer.to_owned());
        self.friends.push(Friend { name, referrer, converted: None });
        Some(())
    }

    pub(super) fn convert(&mut self, friend: &str, now: i64) -> Option<()> {
        let place = self.friends.iter().position(|one| one.name == friend)?;
        if self.friends[place].converted.is_some() {
            return None;
        }
        let referrer = self.friends[place].referrer.clone();
        let rewarded = |limit: Option<&Limit>| {
            let counts = |one: &&Friend| {
                let own = limit.is_some_and(|limit| limit.per == Per::All) || one.referrer == referrer;
                let on_time = |at| limit.is_none_or(|limit| same(limit, date(&self.zone, at), date(&self.zone, now)));
                own && one.converted.is_some_and(|(at, rewarded)| rewarded && on_time(at))
            };
            self.friends.iter().filter(counts).count() as i64
        };
        let limits = &self.programme.referrals.limits;
        let pays = limits.iter().all(|limit| limit.uses.is_none_or(|most| rewarded(Some(limit)) < most));
        let conversions = rewarded(None) + i64::from(pays);
        // the highest step that speaks of this friend
        let mut gives = Value::Null;
        let mut highest = 0;
        for Step { from, once, gives: given } in &self.programme.referrals.ladder {
            let speaks = if *once { conversions == *from } else { conversions >= *from };
            if pays && speaks && *from > highest {
                (highest, gives) = (*from, given.clone());
            }
        }
        self.friends[place].converted = Some((now, pays));
        self.told = Some((conversions, gives));
        Some(())
    }
}

/// Whether two days are in one stretch of a limit.
pub(super) fn same(limit: &Limit, a: Date, b: Date) -> bool {
    match limit.every {
        None => true,
        Some(Every::Day) => a == b,
        Some(Every::Month) => (a.year(), a.month()) == (b.year(), b.month()),
        Some(other) => panic!("the model has no {}", other.name()),
    }
}
