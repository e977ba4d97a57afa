//! Applying: each campaign of the plan takes what its discounts offer from the running balances.

use super::allocate::Allocation;
use super::answer::{Answer, Applied};
use crate::balance::{Balances, Share};
use crate::cart::Cart;
use crate::catalog::Promotion;
use crate::discount::{Offer, Pricing};
use crate::facts::Facts;
use crate::order;
use alloc::vec::Vec;

/// The balances while campaigns apply, and the scratch space for it.
#[derive(Debug, Default)]
pub(super) struct Till {
    pub(super) balances: Balances,
    pub(super) shipping: Vec<i64>,
    pub(super) allocation: Allocation,
    offer: Offer,
}

impl Till {
    pub(super) fn open(&mut self, facts: &Facts<'_>) {
        self.balances.start(facts.cart);
        self.shipping.clear();
        self.shipping.extend(facts.cart.shipping.iter().map(|charge| charge.price));
    }

    /// Lets a campaign take its discounts, one after the other; `None` when they take nothing.
    pub(super) fn take(
        &mut self,
        index: u32,
        promotion: &Promotion,
        facts: &Facts<'_>,
        answer: &mut Answer,
    ) -> Option<Applied> {
        let journal_from = self.balances.journal().len();
        let shipping_from = answer.shipping_shares.len();
        let record = &promotion.record;
        let mut amount = 0_i64;
        for discount in &record.discounts {
            self.offer.clear();
            let (rounding, level) = (record.rounding, record.level);
            let pricing =
                Pricing { facts: *facts, balances: &self.balances, shipping: &self.shipping, rounding, level };
            discount.offer(&pricing, &mut self.offer);
            if facts.cart.has_floors {
                self.limit_to_floors(facts.cart);
            }
            amount = amount.saturating_add(self.settle(index, answer));
        }
        if amount == 0 {
            return None;
        }
        let shares_from = answer.shares.len();
        let shares = self.balances.journal().get(journal_from..).unwrap_or(&[]);
        answer.shares.extend(shares.iter().map(|share| (share.line, share.amount)));
        if record.discounts.len() > 1 {
            sum_up(&mut answer.shares, shares_from);
            sum_up(&mut answer.shipping_shares, shipping_from);
        }
        let index32 = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        Some(Applied {
            promotion: index,
            code: None,
            amount,
            shares_from: index32(shares_from),
            shares_until: index32(answer.shares.len()),
            shipping_from: index32(shipping_from),
            shipping_until: index32(answer.shipping_shares.len()),
        })
    }

    /// Cuts an offer to what lines have above their floors; of one that is spread, the shares it may become.
    #[cold]
    fn limit_to_floors(&mut self, cart: &Cart) {
        let Offer { shares, amounts, spread, limits, .. } = &mut self.offer;
        if limits.is_empty() {
            limits.extend_from_slice(amounts);
        }
        for ((line, _), limit) in shares.iter().zip(limits.iter_mut()) {
            let line = *line as usize;
            let floor = cart.lines.get(line).map_or(0, |line| line.floor.saturating_mul(line.quantity));
            *limit = (*limit).min(self.balances.left(line).minor().saturating_sub(floor));
        }
        if spread.is_none() {
            amounts.clone_from(limits);
        }
    }

    /// Allocates an offer and takes it.
    fn settle(&mut self, promotion: u32, answer: &mut Answer) -> i64 {
        let before = self.balances.total();
        if let Some(total) = self.offer.spread {
            if self.offer.limits.is_empty() {
                self.allocation.split(total.minor(), &mut self.offer.amounts);
            } else {
                self.allocation.fill(total.minor(), &mut self.offer.amounts, &self.offer.limits);
            }
        }
        let kept = self.balances.keep_manners(&self.offer.manners);
        for ((line, manner), amount) in self.offer.shares.iter().zip(&self.offer.amounts) {
            let manner = if *manner == 0 { 0 } else { kept.saturating_add(*manner) };
            self.balances.take(Share { promotion, line: *line, amount: *amount, manner });
        }
        let mut taken = (before - self.balances.total()).minor();
        if taken > 0 {
            self.balances.use_up(&self.offer.used);
        }
        for (charge, share) in &self.offer.shipping {
            if let Some(left) = self.shipping.get_mut(*charge) {
                let share = share.minor().min(*left);
                *left = left.saturating_sub(share);
                taken = taken.saturating_add(share);
                answer.shipping_shares.push((u32::try_from(*charge).unwrap_or(u32::MAX), share));
            }
        }
        taken
    }
}

/// Sums up several shares of the same line from `from` on.
fn sum_up(shares: &mut Vec<(u32, i64)>, from: usize) {
    if let Some(fresh) = shares.get_mut(from..) {
        order::sort(fresh, |a, b| a.0 < b.0);
    }
    let mut fresh = shares.split_off(from.min(shares.len()));
    fresh.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 = kept.1.saturating_add(next.1);
        }
        same
    });
    shares.append(&mut fresh);
}
