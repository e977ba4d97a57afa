//! What points buy, as a member sees it beside the cart: what is missing, how many are left, and what comes unasked with
//! the order.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;
use serde_json::Value as Json;

use super::account::{attribute, Account};
use super::outlook::Outlook;
use super::Quoted;
use crate::ledger::ceilings::Ceilings;
use crate::loyalty::{Automatic, Gives, Programme, Reward};
use crate::time::Timestamp;

/// A reward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// Which.
    pub reward: String,
    /// What one costs this member.
    pub points: i64,
    /// What is missing now; nothing when it can be had. Of one that comes with a milestone, what is missing to that.
    pub missing: i64,
    /// How many this member may still have, as far as the account tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<i64>,
    /// Whether it is for members of another level.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub is_for_others: bool,
    /// When one may be had again, where the last one was too short a time ago.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again: Option<Timestamp>,
    /// Whether a claim of one would be granted now, as far as the account tells.
    pub claimable: bool,
    /// When it comes unasked; such a reward cannot be claimed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automatic: Option<Automatic>,
    /// How many of it come with this order.
    #[serde(skip_serializing_if = "is_zero")]
    pub comes: i64,
    /// What it is for this customer.
    pub gives: Gives,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// The rewards of a programme: those that can be claimed, the cheapest first, then those that come unasked, in their order.
pub(super) fn offers(
    programme: &Programme,
    own: &Account,
    outlook: &Outlook,
    customer: &Json,
    quoted: Quoted<'_>,
) -> Vec<Offer> {
    let now = quoted.cart.now;
    let mut coming = Coming::new(own, outlook, now);
    let bought = programme.rewards.iter().map(|reward| coming.bought(reward, quoted)).collect::<Vec<_>>();
    coming.free = coming.free.saturating_add(outlook.at_once);
    let of = |(reward, bought): (&Reward, i64)| {
        let (cost, is_for) = reward.terms(own.level());
        let milestone = match reward.automatic {
            Some(Automatic::Earned(points)) => points.saturating_sub(own.earned_in_all()),
            _ => 0,
        };
        let missing = cost.saturating_sub(own.available).max(milestone).max(0);
        let left = own.left_of(&reward.id);
        let again = own.again_of(reward, cost, now);
        let waits = again.is_some() || own.suspended.is_some();
        let is_free = missing == 0 && left != Some(0) && (cost == 0 || cost <= own.spendable(now));
        Offer {
            reward: reward.id.clone(),
            points: cost,
            missing,
            left,
            is_for_others: !is_for,
            again,
            claimable: is_for && is_free && !waits && reward.automatic.is_none(),
            automatic: reward.automatic.clone(),
            comes: bought.saturating_add(coming.unasked(reward)),
            gives: reward.gives.for_customer(|name| attribute(customer, name)),
        }
    };
    let mut offers: Vec<Offer> = programme.rewards.iter().zip(bought).map(of).collect();
    let price = |offer: &Offer| match offer.automatic {
        None => (0, offer.points, offer.reward.clone()),
        Some(_) => (1, 0, String::new()),
    };
    offers.sort_by_cached_key(price);
    offers
}

/// An account while an order is carried out.
struct Coming<'a> {
    own: &'a Account,
    level: Option<&'a str>,
    /// What can be spent.
    free: i64,
    /// What was earned in all.
    earned: i64,
    /// What limits of spending leave of that.
    spending: Ceilings,
    now: Timestamp,
}

impl<'a> Coming<'a> {
    fn new(own: &'a Account, outlook: &'a Outlook, now: Timestamp) -> Coming<'a> {
        let all = outlook.earned.iter().fold(own.earned_in_all(), |sum, one| sum.saturating_add(one.points));
        let level = outlook.after.as_ref().and_then(|after| after.level.as_deref());
        let mut spending = Ceilings::new(own.spending.clone(), now);
        spending.take(None, outlook.drawn);
        Coming { own, level, free: own.available.saturating_sub(outlook.drawn), earned: all, spending, now }
    }

    /// What a campaign that applies has the points buy, before new ones come.
    fn bought(&mut self, reward: &Reward, quoted: Quoted<'_>) -> i64 {
        let (cost, is_for) = reward.terms(self.own.level());
        let is_bought = reward.is_bought(quoted)
            && is_for
            && cost <= self.allowed(reward, cost)
            && self.own.left_of(&reward.id) != Some(0);
        if is_bought {
            self.pay(cost);
        }
        i64::from(is_bought)
    }

    /// What comes for what there is then.
    fn unasked(&mut self, reward: &Reward) -> i64 {
        let left = self.own.left_of(&reward.id);
        let (cost, _) = reward.terms(self.level);
        // a milestone that was reached before has brought its reward, unless there were too few points to pay for it
        if let Some(Automatic::Earned(points)) = &reward.automatic {
            if self.own.earned_in_all() >= *points && (cost == 0 || left.is_none()) {
                return 0;
            }
        }
        let free = self.allowed(reward, cost);
        let units = reward.unasked(self.level, free, self.earned).min(left.unwrap_or(i64::MAX));
        self.pay(cost.saturating_mul(units));
        units
    }

    /// How much may be paid for a reward; less than nothing where none may be had.
    fn allowed(&self, reward: &Reward, cost: i64) -> i64 {
        if self.own.suspended.is_some() || self.own.again_of(reward, 0, self.now).is_some() {
            return -1;
        }
        if cost == 0 {
            self.free
        } else {
            self.free.min(self.spending.room(None))
        }
    }

    fn pay(&mut self, amount: i64) {
        self.spending.take(None, amount);
        self.free = self.free.saturating_sub(amount);
    }
}

impl Account {
    /// When a reward may be had again that costs so much, where something keeps it waiting.
    pub(super) fn again_of(&self, reward: &Reward, cost: i64, now: Timestamp) -> Option<Timestamp> {
        let own = self.rewards.iter().filter(|left| left.allowance == reward.id).filter_map(|left| left.again);
        let spending = Ceilings::new(self.spending.clone(), now).again(None).filter(|_| cost > 0);
        own.filter(|again| now < *again).chain(spending).max()
    }
}

impl Reward {
    /// Whether a campaign that applies to the order has points buy it.
    pub(super) fn is_bought(&self, quoted: Quoted<'_>) -> bool {
        let Some(Automatic::Campaign(campaign)) = &self.automatic else { return false };
        let mut applied = quoted.answer.applied.iter().filter_map(|one| quoted.catalog.promotion(one.promotion));
        applied.any(|promotion| promotion.record.id == *campaign)
    }
}
