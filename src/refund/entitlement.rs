//! What all returns so far are to be paid, as a function of the returned units alone.

use super::ledger::Ledger;
use super::RefundCampaign;
use crate::balance::{Balances, Share};
use crate::cart::Cart;
use crate::catalog::Catalog;
use crate::engine::{Desk, Disclosure};
use alloc::collections::{BTreeSet, BinaryHeap};
use alloc::vec;
use alloc::vec::Vec;

/// Most parts of a return that are evaluated.
const MAX_TRIES: u32 = 1_024;

/// An order, and the desk that evaluates what is kept of it.
pub(super) struct Entitlement<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) cart: &'a Cart,
    pub(super) ledger: &'a Ledger,
    pub(super) desk: &'a mut Desk,
    /// Whether a search reached its bound.
    pub(super) is_bounded: bool,
}

impl Entitlement<'_> {
    /// What is to be paid for these units together: what they cost, less what campaigns withhold, and at least what any
    /// part of them would be paid.
    ///
    /// Without the last clause a return in two parts could be paid more than one of the same units: the first part keeps
    /// a step of a ladder that both together fall below. Parts are tried from the one that cost most on, and the search
    /// ends with the first that cost no more than the best so far was paid. After [`MAX_TRIES`] the cost of the next one
    /// stands for all that follow. That is the same bound for whatever contains these units, so that even then more
    /// units are never paid less.
    pub(super) fn refund_of(&mut self, returned: &[i64]) -> i64 {
        let ledger = self.ledger;
        let cost = ledger.cost_of(returned);
        if ledger.is_all(returned) || !ledger.given.iter().any(|given| given.reevaluates) {
            return cost;
        }
        let mut open = BinaryHeap::from([(cost, returned.to_vec())]);
        let mut known = BTreeSet::from([returned.to_vec()]);
        let mut best = 0_i64;
        let mut tries = 0_u32;
        while let Some((cost, part)) = open.pop() {
            if cost <= best {
                break;
            }
            if tries == MAX_TRIES {
                self.is_bounded = true;
                return cost;
            }
            tries = tries.saturating_add(1);
            best = best.max(cost.saturating_sub(self.withheld(&part)));
            for (line, count) in part.iter().enumerate().filter(|(_, count)| **count > 0) {
                let mut smaller = part.clone();
                if let Some(count) = smaller.get_mut(line) {
                    *count = count.saturating_sub(1);
                }
                let cost = cost.saturating_sub(ledger.cost_of_unit(line, *count));
                if known.insert(smaller.clone()) {
                    open.push((cost, smaller));
                }
            }
        }
        best
    }

    /// What campaigns gave for the units that are kept and would not give again.
    fn withheld(&mut self, returned: &[i64]) -> i64 {
        self.evaluate_kept(returned);
        let again = || self.ledger.given.iter().filter(|given| given.reevaluates);
        let given = again().fold(0_i64, |sum, given| sum.saturating_add(self.ledger.given_to_kept(given, returned)));
        let applied = self.desk.answer().applied.iter();
        // a campaign that the order did not have, and that is to be evaluated again, stands in for those it lost
        let standing_in = applied.filter(|applied| self.reevaluates(applied.promotion));
        let reevaluated = standing_in.fold(0_i64, |sum, applied| sum.saturating_add(applied.amount));
        given.saturating_sub(reevaluated).max(0)
    }

    fn reevaluates(&self, promotion: u32) -> bool {
        self.catalog.promotion(promotion).is_some_and(|known| known.record.reevaluates)
    }

    fn kept(&self, returned: &[i64]) -> Cart {
        let counts = returned.iter().enumerate().map(|(line, count)| self.ledger.bought(line).saturating_sub(*count));
        self.cart.keeping(&counts.collect::<Vec<_>>())
    }

    fn evaluate_kept(&mut self, returned: &[i64]) {
        let kept = self.kept(returned);
        self.desk.evaluate(self.catalog, &kept, Disclosure::Full);
    }

    /// The points that the units which are kept earn: of what was paid for them, by the campaigns that gave the order
    /// its points. One that is evaluated again must still apply.
    pub(super) fn points_kept(&mut self, returned: &[i64], paid_with_points: i64) -> i64 {
        if self.ledger.is_all(returned) || self.ledger.earners.is_empty() {
            return 0;
        }
        if returned.iter().all(|count| *count == 0) {
            return self.ledger.points;
        }
        self.evaluate_kept(returned);
        let still = self.desk.earners().to_vec();
        let counts = |earner: &&u32| !self.reevaluates(**earner) || still.contains(earner);
        let earners: Vec<u32> = self.ledger.earners.iter().filter(counts).copied().collect();
        let kept = self.kept(returned);
        let mut left = vec![0_i64; self.cart.lines.len()];
        for (index, count) in returned.iter().enumerate() {
            let line = self.cart.given_line(index).and_then(|given| left.get_mut(given.line as usize));
            if let Some(line) = line {
                *line = line.saturating_add(self.ledger.left_of_kept(index, *count));
            }
        }
        let mut balances = Balances::default();
        balances.start(&kept);
        let quantity = |line: usize| {
            let counts = returned
                .iter()
                .enumerate()
                .filter(|(index, _)| self.cart.given_line(*index).is_some_and(|given| given.line as usize == line));
            counts
                .fold(0_i64, |sum, (index, count)| sum.saturating_add(self.ledger.bought(index).saturating_sub(*count)))
        };
        // lines of which nothing is kept are not in the cart any more
        let lines = left.iter().enumerate().filter(|(line, _)| quantity(*line) > 0).map(|(_, left)| *left);
        for ((index, line), left) in (0_u32..).zip(&kept.lines).zip(lines) {
            let amount = line.subtotal().saturating_sub(left);
            balances.take(Share::new(0, index, amount, 0));
        }
        self.desk.points(self.catalog, &kept, &balances, &earners, paid_with_points)
    }

    /// What becomes of the campaigns of the order.
    pub(super) fn campaigns(&mut self, returned: &[i64]) -> Vec<RefundCampaign> {
        let is_all = self.ledger.is_all(returned);
        if !is_all {
            self.evaluate_kept(returned);
        }
        let answer = self.desk.answer();
        let story = |given: &super::ledger::Given| {
            let again = || answer.applied.iter().filter(|applied| !is_all && applied.promotion == given.promotion);
            let promotion = self.catalog.promotion(given.promotion);
            RefundCampaign {
                redeemable: promotion.map(|known| known.record.id.clone()).unwrap_or_default(),
                policy: if given.reevaluates { "reevaluate" } else { "proportional" },
                qualifies: again().next().is_some(),
                given: self.ledger.given_to_kept(given, returned),
                reevaluated: again().fold(0, |sum, applied| sum.saturating_add(applied.amount)),
            }
        };
        self.ledger.given.iter().map(story).collect()
    }
}
