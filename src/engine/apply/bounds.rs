//! What bounds an offer: the floors of lines, margins, and what is left of a budget.

use super::Till;
use crate::balance::{Balances, Manner};
use crate::cart::Cart;
use crate::discount::Offer;
use crate::money::{Amount, Rate};
use crate::watch::{Limit, Note, Watch};

impl Till {
    /// Cuts the shares of lines and shipping to `most` together, in proportion.
    #[cold]
    pub(super) fn cut_to(&mut self, most: i64, cart: &Cart) {
        let Offer { shares, amounts, limits, shipping, .. } = &mut self.offer;
        amounts.truncate(shares.len());
        for ((line, _), amount) in shares.iter().zip(amounts.iter_mut()) {
            *amount = (*amount).min(room(&self.balances, cart, *line, self.margin)).max(0);
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

/// Cuts an offer to what lines have above their floors; of one that is spread, the shares it may become.
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
            watch.note(|| Note::Cut { by: Limit::Floor, line: Some(*line), from, to });
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
