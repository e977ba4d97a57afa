//! What becomes of fractions of a minor unit, and where.

use crate::packed::packed;
use serde::{Deserialize, Serialize};

packed! {
    /// What becomes of a fraction of a minor unit.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    #[serde(rename_all = "snake_case")]
    pub enum Rounding {
        /// Halves away from zero; the default.
        #[default]
        HalfUp,
        /// Halves towards zero.
        HalfDown,
        /// Halves to the even neighbour.
        HalfEven,
        /// Any fraction to the next unit.
        Up,
        /// Fractions dropped.
        Down,
    }
}

impl Rounding {
    /// The word used in documents.
    pub fn name(self) -> &'static str {
        match self {
            Rounding::HalfUp => "half_up",
            Rounding::HalfDown => "half_down",
            Rounding::HalfEven => "half_even",
            Rounding::Up => "up",
            Rounding::Down => "down",
        }
    }

    /// `numerator / denominator` as a whole number. Both are non-negative, the denominator is positive.
    #[inline]
    pub(crate) fn divide(self, numerator: i128, denominator: i128) -> i128 {
        let quotient = numerator.checked_div(denominator).unwrap_or(0);
        let remainder = numerator.checked_rem(denominator).unwrap_or(0);
        let twice = remainder.saturating_mul(2);
        let up = match self {
            Rounding::HalfUp => twice >= denominator,
            Rounding::HalfDown => twice > denominator,
            Rounding::HalfEven => twice > denominator || (twice == denominator && quotient & 1 == 1),
            Rounding::Up => remainder > 0,
            Rounding::Down => false,
        };
        quotient.saturating_add(i128::from(up))
    }

    /// The same in 64 bits, for the hot path; wasm has no 128-bit division of its own.
    #[inline]
    pub(crate) fn divide_narrow(self, numerator: i64, denominator: i64) -> i64 {
        let quotient = numerator.checked_div(denominator).unwrap_or(0);
        let remainder = numerator.wrapping_sub(quotient.wrapping_mul(denominator));
        let rest = denominator.wrapping_sub(remainder);
        let up = match self {
            Rounding::HalfUp => remainder >= rest,
            Rounding::HalfDown => remainder > rest,
            Rounding::HalfEven => remainder > rest || (remainder == rest && quotient & 1 == 1),
            Rounding::Up => remainder > 0,
            Rounding::Down => false,
        };
        quotient.wrapping_add(i64::from(up))
    }
}

packed! {
    /// Where a percentage is rounded.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    #[serde(rename_all = "snake_case")]
    pub enum RoundingLevel {
        /// On each line.
        Line,
        /// Once on the sum, which is then spread over the lines.
        Order,
        /// On each unit.
        Unit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_and_wide_division_agree() {
        for mode in [Rounding::HalfUp, Rounding::HalfDown, Rounding::HalfEven, Rounding::Up, Rounding::Down] {
            for numerator in 0..200_i64 {
                for denominator in 1..20_i64 {
                    let wide = mode.divide(i128::from(numerator), i128::from(denominator));
                    assert_eq!(i128::from(mode.divide_narrow(numerator, denominator)), wide);
                }
            }
        }
    }
}
