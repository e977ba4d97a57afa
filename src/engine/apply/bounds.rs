//! What bounds an offer: the floors of lines, margins, and what is left of a budget.

use super::Till;
use crate::balance::{Balances, Manner, Share};
use crate::cart::Cart;
use crate::discount::Offer;
use crate::money::{Amount, Rate};
use crate::watch::{Limit, Note, Watch};
use alloc::vec::Vec;

impl Till {
    /// Cuts the shares of lines and shipping to `most` together, in proportion.
    #[cold]
    pub(super) fn cut_to(&mut self, most: i64, cart: &Cart) {
        let Offer { shares, amounts, limits, shipping, .. } = &mut self.offer;
        amounts.truncate(shares.len());
        if !self.of_lines.1 {
            for ((line, _), amount) in shares.iter().zip(amounts.iter_mut()) {
                *amount = (*amount).min(room(&self.balances, cart, *line, self.margin)).max(0);
            }
        }
        let left = |charge: usize| self.shipping.get(charge).copied().unwrap_or(0);
        amounts.extend(shipping.iter().map(|(charge, share)| share.minor().min(left(*charge))));
        let offered = amounts.iter().fold(0_i64, |sum, amount| sum.saturating_add(*amount));
        if offered > most {
            self.watch.note(|| Note::Cut { by: Limit::Budget, line: None, from: offered, to: most });
            limits.clone_from(amounts);
            self.allocation.fill(most, amounts, limits);
        }
        let of_shipping = amounts.iter().skip(shares.len());
        shipping.iter_mut().zip(of_shipping).for_each(|((_, share), part)| *share = Amount::new(*part));
    }

    /// Takes of all lines, in proportion, what the shares of some came to beyond what they have left.
    #[cold]
    pub(super) fn take_of_others(&mut self, promotion: u32, taken: i64, cart: &Cart) {
        let offered = self.offer.shares.iter().zip(&self.offer.amounts);
        let offered = offered.fold(0_i64, |sum, (_, amount)| sum.saturating_add(*amount));
        let mut rooms: Vec<i64> =
            (0..).zip(&cart.lines).map(|(line, _)| room(&self.balances, cart, line, self.margin).max(0)).collect();
        self.allocation.split(offered.saturating_sub(taken), &mut rooms);
        for (line, amount) in (0..).zip(rooms) {
            let taken = self.balances.take(Share::new(promotion, line, amount, 0));
            let before = self.balances.left(line as usize).minor().saturating_add(taken);
            self.watch.note(|| Note::Share { line, manner: Manner::PLAIN, before, offered: amount, taken });
        }
    }

    /// Says of each share what it leaves of a unit.
    #[cold]
    pub(super) fn keep_margin(&mut self, cart: &Cart) {
        let shares = core::mem::take(&mut self.offer.shares);
        let said = shares.iter().map(|(line, manner)| Manner {
            floor: cart.floor(*line as usize, self.margin),
            ..self.offer.manner(*manner)
        });
        self.offer.manners = said.collect();
        self.offer.shares = (1..).zip(shares).map(|(place, (line, _))| (line, place)).collect();
    }
}

/// Cuts an offer to what lines have left above their floors; of one that is spread, the shares it may become.
#[cold]
pub(super) fn limit_to_floors(
    offer: &mut Offer,
    balances: &Balances,
    cart: &Cart,
    margin: Option<Rate>,
    watch: &Watch,
) {
    let Offer { shares, amounts, spread, limits, .. } = offer;
    if limits.is_empty() {
        limits.extend_from_slice(amounts);
    }
    for ((line, _), limit) in shares.iter().zip(limits.iter_mut()) {
        let (from, to) = (*limit, room(balances, cart, *line, margin));
        if to < from {
            // what a line has no more of is told with what it bears
            if watch.is_asked() && cart.floor(*line as usize, margin) > 0 {
                watch.note(|| Note::Cut { by: Limit::Floor, line: Some(*line), from, to });
            }
            *limit = to;
        }
    }
    if spread.is_none() {
        amounts.clone_from(limits);
    }
}

/// What a line has above the lowest prices of its units.
pub(super) fn room(balances: &Balances, cart: &Cart, line: u32, margin: Option<Rate>) -> i64 {
    let line = line as usize;
    let floor = cart.floor(line, margin);
    if margin.is_some() && floor > 0 {
        // other campaigns may have taken some units below it, which keeps nobody from the others
        return balances.above(cart, line, floor);
    }
    let units = cart.lines.get(line).map_or(0, |line| line.quantity);
    balances.left(line).minor().saturating_sub(floor.saturating_mul(units))
}
