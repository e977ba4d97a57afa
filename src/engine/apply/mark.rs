//! Going back: where a till is, and giving back what was taken since.

use alloc::vec::Vec;

use super::Till;
use crate::balance::BalanceMark;
use crate::engine::answer::Answer;
use crate::watch::WatchMark;

/// Where a till is, so that it can go back there.
#[derive(Debug)]
pub(in crate::engine) struct Mark {
    pub(super) balances: BalanceMark,
    of_lines: Option<BalanceMark>,
    shares: usize,
    pub(super) shipping: usize,
    pub(super) gifts: usize,
    pub(super) claims: usize,
    drawn: usize,
    after_lanes: Option<(Option<i64>, Vec<i64>)>,
    watch: WatchMark,
}

impl Till {
    /// Where the till is; with what earlier lanes have left, if a campaign may ask.
    pub(in crate::engine) fn mark(&self, shares: &Answer, with_lanes: bool) -> Mark {
        Mark {
            balances: self.balances.mark(),
            of_lines: self.bases.as_ref().map(|bases| bases.lines.mark()),
            shares: shares.shares.len(),
            shipping: shares.shipping_shares.len(),
            gifts: shares.gifts.len(),
            claims: self.claims.len(),
            drawn: self.purse.mark(),
            after_lanes: with_lanes.then(|| (self.lane, self.after_lanes.clone())),
            watch: self.watch.mark(),
        }
    }

    /// Gives back what was taken since a mark.
    pub(in crate::engine) fn rewind(&mut self, mark: Mark, shares: &mut Answer) {
        self.balances.rewind(mark.balances);
        if let (Some(bases), Some(mark)) = (&mut self.bases, mark.of_lines) {
            bases.lines.rewind(mark);
        }
        self.watch.rewind(mark.watch);
        self.claims.truncate(mark.claims);
        self.purse.rewind(mark.drawn);
        shares.shares.truncate(mark.shares);
        shares.gifts.truncate(mark.gifts);
        for (charge, share) in shares.shipping_shares.drain(mark.shipping.min(shares.shipping_shares.len())..) {
            if let Some(left) = self.shipping.get_mut(charge as usize) {
                *left = left.saturating_add(share);
            }
        }
        if let Some((lane, after_lanes)) = mark.after_lanes {
            (self.lane, self.after_lanes) = (lane, after_lanes);
        }
    }
}
