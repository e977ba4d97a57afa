//! What points buy, as a member sees it beside the cart: what is missing, how many are left, and what comes unasked with
//! the order.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;
use serde_json::Value as Json;

use super::account::{attribute, Account};
use super::outlook::Outlook;
use super::purse::Purse;
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
/// `place` is the programme's among the outlooks.
pub(super) fn offers(
    programme: &Programme,
    own: &Account,
    (outlooks, place): (&[Outlook], usize),
    customer: &Json,
    quoted: Quoted<'_>,
) -> Vec<Offer> {
    let now = quoted.cart.now;
    let coming = coming(programme, own, (outlooks, place), quoted);
    let of = |(reward, comes): (&Reward, i64)| {
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
            comes,
            gives: reward.gives.for_customer(|name| attribute(customer, name)),
        }
    };
    let mut offers: Vec<Offer> = programme.rewards.iter().zip(coming).map(of).collect();
    let price = |offer: &Offer| match offer.automatic {
        None => (0, offer.points, offer.reward.clone()),
        Some(_) => (1, 0, String::new()),
    };
    offers.sort_by_cached_key(price);
    offers
}

/// How many of each reward come with the order: what campaigns have the points buy, and after each posting of points what they
/// are enough for then. An order that brings no points anywhere is one that the ledger hears nothing of.
fn coming(
    programme: &Programme,
    own: &Account,
    (outlooks, place): (&[Outlook], usize),
    quoted: Quoted<'_>,
) -> Vec<i64> {
    let mut purse = Purse::new(own, quoted.cart.now);
    purse.pay(outlooks.get(place).map_or(0, |outlook| outlook.drawn));
    let mut coming: Vec<i64> = programme.rewards.iter().map(|reward| i64::from(purse.bought(reward, quoted))).collect();
    for (at, outlook) in outlooks.iter().enumerate() {
        for posting in &outlook.postings {
            if at == place {
                purse.free = purse.free.saturating_add(posting.at_once);
                purse.earned = purse.earned.saturating_add(posting.points);
                purse.level = posting.level.as_deref();
            }
            let rewards = programme.rewards.iter().zip(&mut coming);
            for (reward, comes) in rewards.filter(|(reward, _)| !own.has_had(reward)) {
                *comes = comes.saturating_add(purse.unasked(reward));
            }
        }
    }
    coming
}

impl Account {
    /// Whether a milestone has brought its reward: it was reached, and nothing is told of what is left of it.
    fn has_had(&self, reward: &Reward) -> bool {
        let is_reached = |points| self.earned_in_all() >= points && self.left_of(&reward.id).is_none();
        matches!(reward.automatic, Some(Automatic::Earned(points)) if is_reached(points))
    }

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
