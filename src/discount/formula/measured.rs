//! What formulas of earning rules ask of an order: only what of it earns. Gift cards are no lines of theirs, and what is paid
//! with points is in none of the sums.

use super::decimal::Decimal;
use super::Fact;
use crate::balance::Balances;
use crate::facts::Facts;
use crate::selector::Selector;

/// An order as an earning rule sees it.
pub(crate) struct Measured<'a> {
    /// What can be asked besides.
    pub facts: Facts<'a>,
    /// What the rule calls the lines.
    pub lines: Selector,
    /// What it calls the order.
    pub order: Selector,
    /// What is left of each line after discounts.
    pub left: &'a Balances,
    /// What each line costs before.
    pub before: &'a Balances,
    /// The units of each line.
    pub units: &'a [i64],
}

impl Measured<'_> {
    pub(super) fn fact(&self, fact: Fact) -> Option<Decimal> {
        let number = match fact {
            Fact::Subtotal => self.sum(self.lines, |index| self.before.left(index).minor()),
            Fact::Left => self.sum(self.lines, |index| self.left.left(index).minor()),
            Fact::Units => self.sum(self.lines, |index| self.units_of(index)),
            Fact::Lines => self.sum(self.lines, |index| self.units_of(index).min(1)),
            Fact::CheapestPrice => self.prices().min()?,
            Fact::DearestPrice => self.prices().max()?,
            Fact::OrderSubtotal => self.sum(self.order, |index| self.before.left(index).minor()),
            Fact::OrderLeft => self.sum(self.order, |index| self.left.left(index).minor()),
            Fact::OrderUnits => self.sum(self.order, |index| self.units_of(index)),
            Fact::OrderLines => self.sum(self.order, |index| self.units_of(index).min(1)),
            Fact::Shipping => self.facts.cart.shipping.iter().fold(0, |sum, charge| charge.price.saturating_add(sum)),
            Fact::Orders => Some(self.facts.cart.order_count).filter(|count| *count >= 0)?,
            // lines together have none
            Fact::UnitPrice | Fact::LineSubtotal | Fact::LineLeft | Fact::LineUnits => return None,
        };
        Some(number.into())
    }

    fn units_of(&self, line: usize) -> i64 {
        self.units.get(line).copied().unwrap_or(0)
    }

    fn sum(&self, lines: Selector, of: impl Fn(usize) -> i64) -> i64 {
        let mut sum = 0_i64;
        self.facts.each_line(lines, |index, _| sum = sum.saturating_add(of(index)));
        sum
    }

    /// The prices of a unit of the selected lines of which any earns.
    fn prices(&self) -> impl Iterator<Item = i64> {
        let mut prices = alloc::vec::Vec::new();
        self.facts.each_line(self.lines, |index, line| {
            if self.units_of(index) > 0 {
                prices.push(self.facts.cart.fraction(index).map_or(line.price, |piece| piece.unit_price));
            }
        });
        prices.into_iter()
    }
}
