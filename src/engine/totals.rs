//! Totals, and the shares of merged lines back on the lines as given.

use alloc::vec::Vec;

use super::answer::Answer;
use super::apply::Till;
use crate::cart::Cart;
use crate::order;

impl Answer {
    /// Totals, line by line and in all; shares of merged lines go back to the lines as given.
    pub(super) fn sum_up(&mut self, cart: &Cart, till: &mut Till) {
        // codes are refused at three steps; shoppers see them in the order typed
        order::sort(&mut self.refused, |a, b| a.code < b.code);
        if cart.given.is_empty() {
            let left = till.balances.lines().iter();
            self.lines.extend(cart.lines.iter().zip(left).map(|(line, left)| {
                let subtotal = line.subtotal();
                // what is left is between nothing and the subtotal
                (subtotal, subtotal.wrapping_sub(*left))
            }));
        } else {
            self.split_over_given(cart, till);
        }
        self.shipping_lines.extend(
            cart.shipping
                .iter()
                .zip(&till.shipping)
                .map(|(charge, left)| (charge.price, charge.price.saturating_sub(*left))),
        );
        // a cart that was checked has no total that does not fit, and no discount is above its price
        let sum = |lines: &[(i64, i64)]| {
            lines.iter().fold((0_i64, 0_i64), |(price, discount), line| {
                (price.wrapping_add(line.0), discount.wrapping_add(line.1))
            })
        };
        let (subtotal, lines_discount) = sum(&self.lines);
        let (shipping, shipping_discount) = sum(&self.shipping_lines);
        self.subtotal = subtotal;
        self.shipping = shipping;
        self.discount = lines_discount.saturating_add(shipping_discount);
        self.total = subtotal.saturating_add(shipping).saturating_sub(self.discount);
    }

    /// Shares of a merged line are split over its given lines by what is left of each at that point, so that no
    /// given line bears more than its price.
    fn split_over_given(&mut self, cart: &Cart, till: &mut Till) {
        let mut left: Vec<i64> = Vec::with_capacity(cart.given.len());
        for (index, given) in (0_u32..).zip(&cart.given) {
            let price = cart.lines.get(given.line as usize).map_or(0, |line| line.price);
            // of a gift, which nobody else takes of, only the units that are given bear anything
            let gift = self.gift_lines.iter().find(|gift| gift.line == index);
            left.push(price.saturating_mul(gift.map_or(given.quantity, |gift| gift.given)));
            self.lines.push((price.saturating_mul(given.quantity), 0));
        }
        let mut split = Vec::with_capacity(self.shares.len());
        for applied in &mut self.applied {
            let from = split.len();
            let shares = self.shares.get(applied.shares_from as usize..applied.shares_until as usize).unwrap_or(&[]);
            for (line, amount) in shares {
                let members =
                    || (0_u32..).zip(&cart.given).filter(|(_, given)| given.line == *line).map(|(index, _)| index);
                let mut parts: Vec<i64> =
                    members().map(|index| left.get(index as usize).copied().unwrap_or(0)).collect();
                till.allocation.split(*amount, &mut parts);
                for (index, part) in members().zip(parts) {
                    if part == 0 {
                        continue;
                    }
                    if let (Some(left), Some(line)) = (left.get_mut(index as usize), self.lines.get_mut(index as usize))
                    {
                        *left = left.saturating_sub(part);
                        line.1 = line.1.saturating_add(part);
                    }
                    split.push((index, part));
                }
            }
            if let Some(fresh) = split.get_mut(from..) {
                order::sort(fresh, |a, b| a.0 < b.0);
            }
            let index32 = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
            applied.shares_from = index32(from);
            applied.shares_until = index32(split.len());
        }
        self.shares = split;
    }
}
