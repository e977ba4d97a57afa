//! What comes to a member unasked: the ledger is sent claims by it, and a preview foresees them by it.

use super::account::Account;
use super::Quoted;
use crate::ledger::ceilings::Ceilings;
use crate::loyalty::{Automatic, Reward};
use crate::time::Timestamp;

/// Most units of a reward that come with one posting of points. What is left over comes with the next.
pub(super) const MOST_AT_ONCE: i64 = 25;

/// What an account has while rewards are taken from it that nobody asked for.
pub(super) struct Purse<'a> {
    own: &'a Account,
    /// The level, as far as it has come.
    pub level: Option<&'a str>,
    /// What can be spent.
    pub free: i64,
    /// What was earned in all, less what was taken back. What is pending counts: it is earned.
    pub earned: i64,
    /// What limits of spending leave of that.
    spending: Ceilings,
    /// What rewards have left.
    rewards: Ceilings,
}

impl<'a> Purse<'a> {
    /// An account as it is told, at a moment.
    pub fn new(own: &'a Account, now: Timestamp) -> Purse<'a> {
        Purse {
            own,
            level: own.level(),
            free: own.available,
            earned: own.earned_in_all(),
            spending: Ceilings::new(own.spending.clone(), now),
            rewards: Ceilings::new(own.rewards.clone(), now),
        }
    }

    /// Pays something that is no reward.
    pub fn pay(&mut self, amount: i64) {
        self.spending.take(None, amount);
        self.free = self.free.saturating_sub(amount);
    }

    /// How many of a reward come unasked now, which are then paid for. As many as points, stock and limits leave: a claim of
    /// more would be refused as a whole.
    pub fn unasked(&mut self, reward: &Reward) -> i64 {
        let (cost, is_for) = reward.terms(self.level);
        let most = match &reward.automatic {
            Some(Automatic::Affordable) if cost > 0 => MOST_AT_ONCE,
            Some(Automatic::Earned(points)) if self.earned >= *points => 1,
            _ => 0,
        };
        if is_for {
            self.take(reward, cost, most)
        } else {
            0
        }
    }

    /// Whether a campaign that applies to the order has points buy one of a reward, which is then paid for.
    pub fn bought(&mut self, reward: &Reward, quoted: Quoted<'_>) -> bool {
        let (cost, is_for) = reward.terms(self.level);
        is_for && reward.is_bought(quoted) && self.take(reward, cost, 1) > 0
    }

    /// Takes so many of a reward, or as many as there may be.
    fn take(&mut self, reward: &Reward, cost: i64, most: i64) -> i64 {
        if self.own.suspended.is_some() || self.rewards.room(Some(&reward.id)) == 0 {
            return 0;
        }
        let means = self.free.min(self.spending.room(None)).max(0);
        let affordable = means.checked_div(cost).unwrap_or(i64::MAX);
        let units = most.min(affordable).min(self.rewards.uses_left(&reward.id).unwrap_or(i64::MAX));
        if units > 0 {
            self.rewards.use_up(&reward.id, units);
            self.pay(cost.saturating_mul(units));
        }
        units
    }
}
