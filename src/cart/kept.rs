//! The same cart with other quantities.

use super::{index32, Cart, Fraction, Line};
use alloc::vec::Vec;

impl Cart {
    /// Sets the quantity of a given line. Returns whether there is such a line, and it is no piece by itself.
    pub fn set_quantity(&mut self, index: usize, quantity: i64) -> bool {
        let Some(given) = self.given_line(index) else { return false };
        if self.fraction(given.line as usize).is_some() {
            return false;
        }
        let Some(line) = self.lines.get_mut(given.line as usize) else { return false };
        line.quantity = line.quantity.saturating_sub(given.quantity).saturating_add(quantity);
        if let Some(kept) = self.given.get_mut(index) {
            kept.quantity = quantity;
        }
        true
    }

    /// The cart with only so many units of each line as given; what has no unit left is gone.
    pub fn keeping(&self, kept: &[i64]) -> Cart {
        let mut cart = self.clone();
        cart.given.clear();
        cart.lines.iter_mut().for_each(|line| line.quantity = 0);
        for (index, units) in kept.iter().enumerate() {
            let line = self.given_line(index).and_then(|given| cart.lines.get_mut(given.line as usize));
            if let Some(line) = line {
                line.quantity = line.quantity.saturating_add(*units);
            }
        }
        let mut of_gifts = cart.lines.iter().skip(self.bought_count());
        cart.gifts.retain(|_| of_gifts.next().is_some_and(|line| line.quantity > 0));
        let kept: Vec<usize> =
            (0..cart.lines.len()).filter(|at| cart.lines.get(*at).is_some_and(Line::is_there)).collect();
        // what is told of lines goes with them
        let of_lines = |told: &[i64], each: usize| -> Vec<i64> {
            let of_line = |line: &usize| line.saturating_mul(each)..line.saturating_add(1).saturating_mul(each);
            kept.iter().filter_map(|line| told.get(of_line(line))).flatten().copied().collect()
        };
        cart.line_numbers = of_lines(&self.line_numbers, self.line_number_count);
        cart.line_taxes = of_lines(&self.line_taxes, 1);
        cart.line_costs = of_lines(&self.line_costs, 1);
        let place = |line: u32| kept.iter().position(|kept| *kept == line as usize).map(index32);
        let moved = |piece: &Fraction| Some(Fraction { line: place(piece.line)?, ..*piece });
        cart.fractions = self.fractions.iter().filter_map(moved).collect();
        cart.lines.retain(Line::is_there);
        cart
    }
}
