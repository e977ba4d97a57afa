//! Rates, and the one place in which a rate meets an amount.

use super::{product, Amount, Rounding};
use crate::packed::packed;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

packed! {
    /// Whether prices contain tax.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    #[serde(rename_all = "snake_case")]
    pub enum PriceMode {
        /// Tax comes on top.
        Net,
        /// Tax is in them; the default.
        #[default]
        Gross,
    }
}

packed! {
    /// A decimal rate or factor, kept as a fraction `numerator / denominator` with a power of ten below.
    ///
    /// Documents spell it as a decimal string (`"12.5"` percent, `"1.25"` times), [`rust_decimal`] reads it.
    ///
    /// ```
    /// use counterfoil::money::{Amount, Rate, Rounding};
    /// let tenth = Rate::percent("10".parse().unwrap()).unwrap();
    /// assert_eq!(tenth.of(Amount::new(995), Rounding::HalfUp), Amount::new(100)); // 99.5 rounds up
    /// assert_eq!(tenth.of(Amount::new(995), Rounding::Down), Amount::new(99));
    /// ```
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub struct Rate {
        numerator: i64,
        denominator: i64,
    }
}

impl Rate {
    /// One: leaves what it meets as it is.
    pub const ONE: Rate = Rate { numerator: 1, denominator: 1 };

    /// A factor as it is written: `1.25` is five quarters. `None` when it is negative or has more than nine
    /// decimals.
    pub fn factor(value: Decimal) -> Option<Rate> {
        let value = value.normalize();
        if value.is_sign_negative() && !value.is_zero() || value.scale() > 9 {
            return None;
        }
        let denominator = 10_i64.checked_pow(value.scale())?;
        let numerator = value.checked_mul(Decimal::from(denominator))?.to_i64()?;
        Some(Rate { numerator, denominator })
    }

    /// A percentage: `12.5` is one eighth. `None` when it is negative or has more than seven decimals.
    pub fn percent(value: Decimal) -> Option<Rate> {
        Rate::factor(value.checked_div(Decimal::ONE_HUNDRED)?)
    }

    /// A quotient of two whole numbers, for "points per amount". `None` unless the divisor is positive and
    /// the count is not negative.
    pub fn ratio(count: i64, per: i64) -> Option<Rate> {
        (count >= 0 && per > 0).then_some(Rate { numerator: count, denominator: per })
    }

    /// A tax of so many millionths: of a net amount, or contained in a gross one. `None` unless it is positive.
    pub fn tax(millionths: i64, prices: PriceMode) -> Option<Rate> {
        let whole = match prices {
            PriceMode::Net => 1_000_000,
            PriceMode::Gross => millionths.checked_add(1_000_000)?,
        };
        if millionths > 0 {
            Rate::ratio(millionths, whole)
        } else {
            None
        }
    }

    /// The rate as a fraction.
    pub fn fraction(&self) -> (i64, i64) {
        (self.numerator, self.denominator)
    }

    /// Whether the rate gives nothing.
    pub fn is_zero(&self) -> bool {
        self.numerator == 0
    }

    /// Whether the fraction is usable: a signed snapshot may still come from a careless tool.
    pub fn is_sound(&self) -> bool {
        self.numerator >= 0 && self.denominator > 0
    }

    /// Whether the rate is above one (more than 100 %).
    pub fn exceeds_one(&self) -> bool {
        self.numerator > self.denominator
    }

    /// The share of `amount`, rounded once. Amounts are not negative here.
    #[inline]
    pub fn of(&self, amount: Amount, rounding: Rounding) -> Amount {
        match product(amount.minor(), self.numerator) {
            Some(product) => Amount(rounding.divide_narrow(product, self.denominator)),
            None => self.of_large(amount, rounding),
        }
    }

    #[cold]
    #[inline(never)]
    fn of_large(&self, amount: Amount, rounding: Rounding) -> Amount {
        let product = i128::from(amount.minor()).saturating_mul(i128::from(self.numerator));
        let share = rounding.divide(product, i128::from(self.denominator));
        Amount(i64::try_from(share).unwrap_or(i64::MAX))
    }

    /// So many times the rate, at most one: percentages that are given several times.
    pub fn times(&self, count: i64) -> Rate {
        let numerator = self.numerator.saturating_mul(count).min(self.denominator);
        Rate { numerator, denominator: self.denominator }
    }

    /// Both rates one after the other, without rounding in between. Of a product that does not fit even in lowest terms,
    /// both parts are halved until it does: what is lost is less than a minor unit of any amount.
    pub fn then(&self, next: &Rate) -> Rate {
        match (self.numerator.checked_mul(next.numerator), self.denominator.checked_mul(next.denominator)) {
            (Some(numerator), Some(denominator)) => Rate { numerator, denominator },
            _ => self.then_large(next),
        }
    }

    #[cold]
    #[inline(never)]
    fn then_large(&self, next: &Rate) -> Rate {
        // in lowest terms each way before they are multiplied
        let (above, next_below) = lowest(self.numerator, next.denominator);
        let (next_above, below) = lowest(next.numerator, self.denominator);
        let mut numerator = i128::from(above).saturating_mul(next_above.into());
        let mut denominator = i128::from(below).saturating_mul(next_below.into());
        loop {
            if let (Ok(numerator), Ok(denominator)) = (i64::try_from(numerator), i64::try_from(denominator)) {
                return Rate { numerator, denominator };
            }
            numerator >>= 1;
            denominator = (denominator >> 1).max(1);
        }
    }
}

/// Two numbers without their common divisors.
fn lowest(a: i64, b: i64) -> (i64, i64) {
    let (mut divisor, mut rest) = (a, b);
    while let Some(next) = divisor.checked_rem(rest) {
        (divisor, rest) = (rest, next);
    }
    (a.checked_div(divisor).unwrap_or(a), b.checked_div(divisor).unwrap_or(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::MAX_AMOUNT;

    fn percent(text: &str) -> Rate {
        Rate::percent(text.parse().unwrap()).unwrap()
    }

    #[test]
    fn each_mode_rounds_around_the_half() {
        let half = percent("50");
        let modes = [Rounding::HalfUp, Rounding::HalfDown, Rounding::HalfEven, Rounding::Up, Rounding::Down];
        let of = |minor| modes.map(|mode| half.of(Amount::new(minor), mode).minor());
        assert_eq!(of(1), [1, 0, 0, 1, 0]);
        assert_eq!(of(2), [1, 1, 1, 1, 1]);
        assert_eq!(of(3), [2, 1, 2, 2, 1]);
        assert_eq!(of(599), [300, 299, 300, 300, 299]);
    }

    #[test]
    fn a_product_beyond_64_bits_is_still_exact() {
        let rate = percent("33.3333333");
        assert_eq!(rate.of(Amount::new(MAX_AMOUNT), Rounding::Down).minor(), 3_002_399_748_577_930);
    }

    #[test]
    fn rates_one_after_the_other_stay_exact_as_long_as_they_fit() {
        let factor = |text: &str| Rate::factor(text.parse().unwrap()).unwrap();
        let of = |rates: &[Rate]| rates.iter().fold(Rate::ONE, |all, one| all.then(one));
        let (thousandth, thousand) = (factor("0.001"), factor("1000"));
        let back = of(&[[thousandth; 6], [thousand; 6]].concat()).then(&factor("0.07"));
        assert_eq!(back.of(Amount::new(100), Rounding::Down).minor(), 7);
        // 10^-21 of any amount is nothing
        assert_eq!(of(&[thousandth; 7]).of(Amount::new(MAX_AMOUNT), Rounding::Down).minor(), 0);
        let large = of(&[thousand; 8]);
        assert!(large.of(Amount::new(1), Rounding::Down).minor() > MAX_AMOUNT);
    }

    #[test]
    fn rates_refuse_signs_and_excess_precision() {
        assert!(Rate::percent("-1".parse().unwrap()).is_none());
        assert!(Rate::percent("0.12345678".parse().unwrap()).is_none());
        assert!(Rate::percent("0.1234567".parse().unwrap()).is_some());
        assert!(Rate::factor("0".parse().unwrap()).unwrap().is_zero());
    }
}
