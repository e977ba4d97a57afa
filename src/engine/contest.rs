//! Campaigns that compete for lines: each line, and each shipping charge, takes the one that takes most of it. All are
//! measured on the same balances, before any of them applies; of equal ones the first by priority, then id, wins.

use super::answer::{Answer, Applied};
use super::apply::{gives, Till};
use super::plan::{Matching, Standing};
use super::screen;
use crate::balance::{Share, Taken};
use crate::catalog::section::Record;
use crate::catalog::{Catalog, Promotion};
use crate::discount::gifts::GiftOffer;
use crate::facts::Facts;
use crate::order;
use crate::reason::{Reason, ReasonKind};
use alloc::vec::Vec;

/// What one campaign would take if it were alone.
#[derive(Debug)]
pub(super) struct Bid {
    pub(super) index: u32,
    pub(super) fate: Fate,
    pub(super) lines: Taken,
    pub(super) shipping: Vec<(u32, i64)>,
    /// The lines of which its discounts on lines take something.
    pub(super) claims: Vec<u32>,
    pub(super) gifts: Vec<GiftOffer>,
    /// What it promises, as the answer has it.
    pub(super) promise: i64,
    /// Why a formula of it has no number.
    pub(super) fault: Option<&'static ReasonKind>,
}

/// What becomes of it.
#[derive(Debug)]
pub(super) enum Fate {
    /// It competes.
    Competes,
    /// Its rule does not hold at its turn.
    Unqualified,
    /// What has applied keeps it from applying.
    Refused(Reason),
    /// Its budget has too little left.
    OverBudget(Reason),
    /// There is nothing for it to take.
    NoEffect,
}

/// What every campaign looks at.
#[derive(Clone, Copy)]
pub(super) struct Shop<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) facts: &'a Facts<'a>,
}

impl Shop<'_> {
    /// The campaigns that compete with one, itself included: they follow one another.
    pub(super) fn rivals(&self, first: u32, matching: &Matching) -> Vec<u32> {
        let of =
            |index: u32| self.catalog.promotion(index).map(|other| (other.record.manners.contest, other.record.lane));
        let later = matching.iter().skip_while(|index| *index < first);
        later.take_while(|index| of(*index) == of(first)).collect()
    }

    /// Lets campaigns compete. The till is left as it was.
    pub(super) fn compete(
        &self,
        members: &[u32],
        till: &mut Till,
        standing: &Standing,
        shares: &mut Answer,
    ) -> Vec<Bid> {
        let mut bids = Vec::with_capacity(members.len());
        for index in members {
            let Some(promotion) = self.catalog.promotion(*index) else { continue };
            bids.push(self.bid(*index, promotion, till, standing, shares));
        }
        // who wins may be kept from applying by who wins before
        loop {
            let mut then = standing.clone();
            let mut refused = None;
            for (at, bid) in bids.iter().enumerate().filter(|(at, _)| wins(&bids, *at)) {
                let Some(promotion) = self.catalog.promotion(bid.index) else { continue };
                refused = then.refusal(bid.index, &promotion.record, self.catalog).map(|reason| (at, reason));
                if refused.is_some() {
                    break;
                }
                then.applied(bid.index, &promotion.record);
            }
            match refused.and_then(|(at, reason)| Some((bids.get_mut(at)?, reason))) {
                Some((bid, reason)) => bid.fate = Fate::Refused(reason),
                None => return bids,
            }
        }
    }

    fn bid(&self, index: u32, promotion: &Promotion, till: &mut Till, standing: &Standing, shares: &mut Answer) -> Bid {
        let mut bid = till.bid(index, promotion, self.facts, shares);
        if promotion.waits_for_turn {
            let turn = till.turn(promotion.record.lane);
            if !screen::qualifies_at(promotion, self.facts, &turn) {
                bid.fate = Fate::Unqualified;
            }
        }
        if !promotion.record.discounts.is_empty() {
            if let Some(reason) = standing.refusal(index, &promotion.record, self.catalog) {
                bid.fate = Fate::Refused(reason);
            }
        }
        bid
    }
}

impl Bid {
    fn competes(&self) -> bool {
        matches!(self.fate, Fate::Competes)
    }

    /// Whether it takes nothing from anybody, and gives.
    pub(super) fn gives_only(&self) -> bool {
        self.competes() && self.lines.shares.is_empty() && self.shipping.is_empty() && gives(Some(&self.gifts))
    }

    /// What of it is won.
    pub(super) fn amount_won(&self, line: &dyn Fn(&Share) -> bool, charge: &dyn Fn(u32) -> bool) -> i64 {
        let of_lines = self.lines.shares.iter().filter(|share| line(share)).map(|share| share.amount);
        let of_charges = self.shipping.iter().filter(|(of, _)| charge(*of)).map(|(_, amount)| *amount);
        of_lines.chain(of_charges).fold(0, i64::saturating_add)
    }

    fn of_line(&self, line: u32) -> i64 {
        let shares = self.lines.shares.iter().filter(|share| share.line == line);
        shares.fold(0, |sum, share| sum.saturating_add(share.amount))
    }

    fn of_charge(&self, charge: u32) -> i64 {
        let shares = self.shipping.iter().filter(|(of, _)| *of == charge);
        shares.fold(0, |sum, (_, amount)| sum.saturating_add(*amount))
    }
}

/// Who takes most; of equal ones the first.
fn first_of_most(bids: &[Bid], of: impl Fn(&Bid) -> i64) -> Option<usize> {
    let mut most = (0_i64, None);
    for (at, bid) in bids.iter().enumerate().filter(|(_, bid)| bid.competes()) {
        let amount = of(bid);
        if amount > most.0 {
            most = (amount, Some(at));
        }
    }
    most.1
}

fn takes_line(bids: &[Bid], at: usize, line: u32) -> bool {
    first_of_most(bids, |bid| bid.of_line(line)) == Some(at)
}

fn takes_charge(bids: &[Bid], at: usize, charge: u32) -> bool {
    first_of_most(bids, |bid| bid.of_charge(charge)) == Some(at)
}

/// Who takes what a campaign bids for.
pub(super) fn takers(bids: &[Bid], bid: &Bid) -> Vec<u32> {
    let of_lines = bid.lines.shares.iter().map(|share| first_of_most(bids, |other| other.of_line(share.line)));
    let of_charges = bid.shipping.iter().map(|(charge, _)| first_of_most(bids, |other| other.of_charge(*charge)));
    let mut takers: Vec<u32> =
        of_lines.chain(of_charges).filter_map(|at| bids.get(at?)).map(|taker| taker.index).collect();
    order::sort(&mut takers, |a, b| a < b);
    takers.dedup();
    takers
}

fn wins(bids: &[Bid], at: usize) -> bool {
    bids.get(at).is_some_and(|bid| {
        bid.lines.shares.iter().any(|share| takes_line(bids, at, share.line))
            || bid.shipping.iter().any(|(charge, _)| takes_charge(bids, at, *charge))
            || bid.gives_only()
    })
}

/// Takes what a campaign has won; `None` when that is nothing.
pub(super) fn hand_out(
    bids: &[Bid],
    at: usize,
    record: &Record,
    till: &mut Till,
    answer: &mut Answer,
) -> Option<Applied> {
    let bid = bids.get(at).filter(|bid| bid.competes())?;
    let line = |share: &Share| takes_line(bids, at, share.line);
    let charge = |charge: u32| takes_charge(bids, at, charge);
    till.take_won(bid, record, &line, &charge, answer)
}
