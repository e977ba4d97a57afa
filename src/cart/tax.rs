//! Tax of lines and shipping charges.

use super::Cart;
use crate::money::{Amount, PriceMode, Rate, Rounding};

impl Cart {
    /// The tax of a line, in millionths.
    #[inline]
    pub fn tax_of_line(&self, line: usize) -> i64 {
        self.line_taxes.get(line).copied().unwrap_or(0)
    }

    /// The tax of a shipping charge, in millionths.
    pub fn tax_of_charge(&self, charge: usize) -> i64 {
        self.shipping_taxes.get(charge).copied().unwrap_or(0)
    }

    /// The tax on an amount of the cart's prices, or in it, halves up.
    pub fn tax(&self, rate: i64, amount: Amount) -> Amount {
        Rate::tax(rate, self.prices).map_or(Amount::ZERO, |share| share.of(amount, Rounding::HalfUp))
    }

    /// An amount of the cart's prices as one without tax, or with it, in millionths of a minor unit.
    pub fn millionths(&self, mode: PriceMode, rate: i64, amount: Amount) -> i128 {
        let amount = i128::from(amount.minor());
        let with_tax = i128::from(rate).saturating_add(1_000_000);
        match (self.prices, mode) {
            (PriceMode::Net, PriceMode::Gross) => amount.saturating_mul(with_tax),
            (PriceMode::Gross, PriceMode::Net) => {
                amount.saturating_mul(1_000_000_000_000).checked_div(with_tax).unwrap_or(0)
            }
            _ => amount.saturating_mul(1_000_000),
        }
    }

    /// An amount of the cart's prices as one without tax, or with it.
    pub fn in_mode(&self, mode: PriceMode, rate: i64, amount: Amount) -> Amount {
        match (self.prices, mode) {
            (PriceMode::Net, PriceMode::Gross) => amount + self.tax(rate, amount),
            (PriceMode::Gross, PriceMode::Net) => amount - self.tax(rate, amount),
            _ => amount,
        }
    }
}
