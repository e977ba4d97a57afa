//! Money: amounts in minor units, currencies with their own exponent, rates and the one rounding.
//!
//! Nothing here knows promotions. A rate meets an amount in [`Rate::of`] and nowhere else, so that a
//! campaign's rounding mode has one place in which to be right.

mod currency;
mod rate;
mod rounding;

use crate::packed::packed;
use core::iter::Sum;
use core::ops::{Add, AddAssign, Sub, SubAssign};
use serde::Serialize;

pub use currency::{Currency, Denomination};
pub use rate::{PriceMode, Rate};
pub use rounding::{Rounding, RoundingLevel};

/// The largest amount a document, a request or a total may hold: the largest integer that JavaScript's
/// numbers hold exactly, in minor units.
pub const MAX_AMOUNT: i64 = 9_007_199_254_740_991;

packed! {
    /// An amount of money in minor units of some currency (cents for EUR, yen for JPY, fils for BHD).
    ///
    /// Sums saturate. Every amount that enters the engine is at most [`MAX_AMOUNT`] and the request's limits
    /// keep a cart's total below it, so saturation is unreachable; it is there so that a broken promise
    /// cannot wrap a price.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
    #[serde(transparent)]
    pub struct Amount(i64);
}

impl Amount {
    /// Nothing.
    pub const ZERO: Amount = Amount(0);

    /// An amount of `minor` units.
    #[inline]
    pub const fn new(minor: i64) -> Amount {
        Amount(minor)
    }

    /// The number of minor units.
    #[inline]
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// Whether there is something left to give or to take.
    #[inline]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The price of `count` units at this unit price.
    #[inline]
    pub fn times(self, count: i64) -> Amount {
        Amount(product(self.0, count).unwrap_or_else(|| self.0.saturating_mul(count)))
    }

    /// This amount, or `ceiling` if that is less.
    #[inline]
    pub fn at_most(self, ceiling: Amount) -> Amount {
        Amount(self.0.min(ceiling.0))
    }

    /// This amount, or zero if it is negative.
    #[inline]
    pub fn or_zero(self) -> Amount {
        Amount(self.0.max(0))
    }
}

/// `a * b`, if it fits. Non-negative numbers with more than 64 leading zeros between them surely do; that is nearly
/// every product of an amount, and saves the check, for which wasm would have to multiply in 128 bits.
#[inline]
pub(crate) fn product(a: i64, b: i64) -> Option<i64> {
    if a.leading_zeros().wrapping_add(b.leading_zeros()) > 64 {
        Some(a.wrapping_mul(b))
    } else {
        large_product(a, b)
    }
}

#[cold]
fn large_product(a: i64, b: i64) -> Option<i64> {
    a.checked_mul(b)
}

impl Add for Amount {
    type Output = Amount;
    #[inline]
    fn add(self, other: Amount) -> Amount {
        Amount(self.0.saturating_add(other.0))
    }
}

impl Sub for Amount {
    type Output = Amount;
    #[inline]
    fn sub(self, other: Amount) -> Amount {
        Amount(self.0.saturating_sub(other.0))
    }
}

impl AddAssign for Amount {
    #[inline]
    fn add_assign(&mut self, other: Amount) {
        *self = *self + other;
    }
}

impl SubAssign for Amount {
    #[inline]
    fn sub_assign(&mut self, other: Amount) {
        *self = *self - other;
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(amounts: I) -> Amount {
        amounts.fold(Amount::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn a_product_is_exact_or_absent() {
        let around = |power: u32| [(1_i64 << power) - 1, 1 << power, (1 << power) + 1];
        let mut numbers: Vec<i64> = (0..62).flat_map(around).chain([0, i64::MAX]).collect();
        numbers.extend(numbers.clone().iter().map(|number| -number));
        numbers.push(i64::MIN);
        for a in &numbers {
            for b in &numbers {
                assert_eq!(product(*a, *b), a.checked_mul(*b), "{a} * {b}");
            }
        }
    }
}
