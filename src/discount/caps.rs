//! Caps of discounts on lines: of all lines together, of each, or used up by one after the other.

use alloc::vec::Vec;

use super::lines::{OffLines, Units};
use super::{units, Offer, Pricing};
use crate::facts::Facts;
use crate::money::Amount;

impl OffLines {
    /// Lets shares be taken whole in the order of picking, until they come to a cap.
    pub(super) fn cut_in_turn(&self, pricing: &Pricing<'_>, cap: Amount, offer: &mut Offer) {
        let cart = pricing.facts.cart;
        let mut open = cap.minor();
        let price = |line: u32| cart.lines.get(line as usize).map_or(0, |line| line.price);
        // what a line cannot bear uses none of the cap up
        let room = |line: usize| {
            let lowest = Amount::new(cart.floor(line, pricing.margin));
            let quantity = cart.lines.get(line).map_or(0, |line| line.quantity);
            (pricing.balances.left(line) - lowest.times(quantity)).or_zero().minor()
        };
        let shares = offer.shares.iter().enumerate();
        let mut turns: Vec<(usize, i64, i64)> = shares.map(|(at, (line, _))| (at, price(*line), 0)).collect();
        if let Units::Quota(quota) = &self.units {
            units::put_in_order(&mut turns, quota.pick);
        }
        for (at, ..) in turns {
            let bearable = offer.shares.get(at).map_or(0, |(line, _)| room(*line as usize));
            if let Some(share) = offer.amounts.get_mut(at) {
                *share = open.min(*share).min(bearable);
                open = open.saturating_sub(*share);
            }
        }
    }

    /// A share of a line, at most the cap.
    pub(super) fn own_cap(&self, facts: &Facts<'_>, line: usize, share: i64, cap: Amount) -> Amount {
        let share = Amount::new(share);
        let cart = facts.cart;
        let Some(mode) = self.cap_tax else { return share.at_most(cap) };
        part_of(cap, share, cart.millionths(mode, cart.tax_of_line(line), share)).at_most(share)
    }

    /// A cap that is told without tax, or with it, as an amount of the cart's own prices: the same part of what is offered.
    pub(super) fn cap_at_own_prices(
        &self,
        facts: &Facts<'_>,
        cap: Amount,
        once: Option<Amount>,
        offer: &Offer,
    ) -> Amount {
        let Some(mode) = self.cap_tax else { return cap };
        let cart = facts.cart;
        let offered = offer.total();
        let lines = offer.shares.iter().zip(&offer.amounts);
        let lines = lines.map(|((line, _), share)| (cart.tax_of_line(*line as usize), Amount::new(*share)));
        let charges = offer.shipping.iter().map(|(charge, share)| (cart.tax_of_charge(*charge), *share));
        let each = lines.chain(charges).map(|(rate, share)| cart.millionths(mode, rate, share));
        // what is taken of the whole offer is so taxed like the whole
        part_of(cap, offered, each.fold(0, i128::saturating_add)).at_most(once.unwrap_or(offered))
    }
}

/// As much of an offer as comes to a cap, when all of it comes to so many millionths; fractions are dropped.
fn part_of(cap: Amount, offered: Amount, whole: i128) -> Amount {
    let scaled = i128::from(cap.minor()).checked_mul(1_000_000).and_then(|cap| cap.checked_mul(offered.minor().into()));
    let part = scaled.and_then(|scaled| scaled.checked_div(whole));
    part.and_then(|part| i64::try_from(part).ok()).map_or(offered, Amount::new)
}
