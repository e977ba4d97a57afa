//! Numbers with twelve decimals.

use crate::money::Rounding;

/// Decimals of every number.
const PLACES: u32 = 12;
/// Parts of one.
const ONE: i128 = 1_000_000_000_000;

/// Why there is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undefined {
    /// Nothing can be divided by zero.
    DividedByZero,
    /// The cart does not tell it.
    Unknown,
    /// It is too large.
    Overflow,
}

/// A number with twelve decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(i128);

type Outcome = Result<Decimal, Undefined>;

fn fitting(number: Option<i128>) -> Outcome {
    number.map(Decimal).ok_or(Undefined::Overflow)
}

fn power_of_ten(places: i64) -> Option<i128> {
    10_i128.checked_pow(u32::try_from(places).ok()?)
}

impl From<i64> for Decimal {
    fn from(whole: i64) -> Decimal {
        // 64 bits and 40 are fewer than 127
        Decimal(i128::from(whole).wrapping_mul(ONE))
    }
}

impl Decimal {
    pub const ZERO: Decimal = Decimal(0);

    pub fn truth(holds: bool) -> Decimal {
        Decimal::from(i64::from(holds))
    }

    /// So many parts, with so many decimals.
    pub fn of_parts(parts: i64, places: u8) -> Outcome {
        let scale = i64::from(PLACES).checked_sub(i64::from(places)).and_then(power_of_ten);
        fitting(scale.and_then(|scale| i128::from(parts).checked_mul(scale)))
    }

    pub fn add(self, other: Decimal) -> Outcome {
        fitting(self.0.checked_add(other.0))
    }

    pub fn subtract(self, other: Decimal) -> Outcome {
        fitting(self.0.checked_sub(other.0))
    }

    /// Whole parts and decimals are multiplied apart, so that only a product that is too large overflows.
    pub fn multiply(self, other: Decimal) -> Outcome {
        let split = |number: i128| Some((number.checked_div(ONE)?, number.checked_rem(ONE)?));
        let product = || {
            let ((a, b), (c, d)) = (split(self.0)?, split(other.0)?);
            let of_whole = a.checked_mul(other.0)?;
            let of_decimals = b.checked_mul(c)?.checked_add(b.checked_mul(d)?.checked_div(ONE)?)?;
            of_whole.checked_add(of_decimals)
        };
        fitting(product())
    }

    /// Digit by digit, as on paper.
    pub fn divide(self, other: Decimal) -> Outcome {
        if other == Decimal::ZERO {
            return Err(Undefined::DividedByZero);
        }
        let quotient = || {
            let mut quotient = self.0.checked_div(other.0)?;
            let mut rest = self.0.checked_rem(other.0)?;
            for _ in 0..PLACES {
                rest = rest.checked_mul(10)?;
                quotient = quotient.checked_mul(10)?.checked_add(rest.checked_div(other.0)?)?;
                rest = rest.checked_rem(other.0)?;
            }
            Some(quotient)
        };
        fitting(quotient())
    }

    pub fn remainder(self, other: Decimal) -> Outcome {
        match other {
            Decimal::ZERO => Err(Undefined::DividedByZero),
            _ => fitting(self.0.checked_rem(other.0)),
        }
    }

    /// To a whole power from 0 to 32.
    pub fn power(self, exponent: Decimal) -> Outcome {
        let times = exponent.0.checked_div(ONE).unwrap_or(-1);
        if !(0..=32).contains(&times) || exponent.0.checked_rem(ONE) != Some(0) {
            return Err(Undefined::Overflow);
        }
        (0..times).try_fold(Decimal(ONE), |power, _| power.multiply(self))
    }

    /// To the next multiple of so many decimals: the lower one, with what is above it.
    fn at(self, places: i64) -> Option<(i128, i128, i128)> {
        let unit = power_of_ten(i64::from(PLACES).checked_sub(places)?)?;
        let above = self.0.checked_rem_euclid(unit)?;
        Some((self.0.checked_sub(above)?, above, unit))
    }

    /// With all decimals there are, rounding changes nothing.
    fn rounded(self, places: i64, goes_up: impl Fn(i128, i128) -> bool) -> Outcome {
        if places >= i64::from(PLACES) {
            return Ok(self);
        }
        let rounded = self.at(places).and_then(|(lower, above, unit)| match goes_up(above, unit) {
            true => lower.checked_add(unit),
            false => Some(lower),
        });
        fitting(rounded)
    }

    pub fn floor(self, places: i64) -> Outcome {
        self.rounded(places, |_, _| false)
    }

    pub fn ceil(self, places: i64) -> Outcome {
        self.rounded(places, |above, _| above > 0)
    }

    /// Halves away from zero.
    pub fn round(self, places: i64) -> Outcome {
        let is_negative = self.0 < 0;
        self.rounded(places, |above, unit| {
            let below = unit.saturating_sub(above);
            if is_negative {
                above > below
            } else {
                above >= below && above > 0
            }
        })
    }

    /// The number in minor units of so many decimals; nothing below zero.
    pub fn parts(self, places: u32, rounding: Rounding) -> i64 {
        let unit = power_of_ten(i64::from(PLACES.saturating_sub(places))).unwrap_or(1);
        i64::try_from(rounding.divide(self.0.max(0), unit)).unwrap_or(i64::MAX)
    }

    /// The same as a whole number.
    pub fn whole(self, rounding: Rounding) -> i64 {
        self.parts(0, rounding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Decimal {
        let parts = |text| crate::digits::decimal(text, 9).unwrap();
        let parts = text.strip_prefix('-').map_or_else(|| parts(text), |rest| parts(rest).wrapping_neg());
        Decimal::of_parts(parts, 9).unwrap()
    }

    #[test]
    fn rounds_as_recorded() {
        let (low, high) = (of("74.44"), of("75.55"));
        for (places, rounded, floor, ceil) in
            [(1, "75.6", "75.5", "74.5"), (0, "76", "75", "75"), (-1, "80", "70", "80")]
        {
            assert_eq!(high.round(places), Ok(of(rounded)));
            assert_eq!(high.floor(places), Ok(of(floor)));
            assert_eq!(low.ceil(places), Ok(of(ceil)));
        }
    }

    #[test]
    fn rounds_around_the_half_on_both_sides_of_zero() {
        for (number, rounded) in
            [("0.4", "0"), ("0.5", "1"), ("0.6", "1"), ("-0.4", "0"), ("-0.5", "-1"), ("-0.6", "-1"), ("2", "2")]
        {
            assert_eq!(of(number).round(0), Ok(of(rounded)), "{number}");
        }
        assert_eq!(of("-0.1").floor(0), Ok(of("-1")));
        assert_eq!(of("-0.1").ceil(0), Ok(of("0")));
        assert_eq!(of("1.23").round(12), Ok(of("1.23")));
        assert_eq!(of("1.23").round(99), Ok(of("1.23")));
        assert_eq!(of("1.23").round(-99), Err(Undefined::Overflow));
    }

    #[test]
    fn multiplies_and_divides_exactly_to_the_last_decimal() {
        assert_eq!(of("1.25").multiply(of("-0.8")), Ok(of("-1")));
        assert_eq!(of("1").divide(of("3")), Ok(Decimal(333_333_333_333)));
        assert_eq!(of("-1").divide(of("3")), Ok(Decimal(-333_333_333_333)));
        assert_eq!(of("10").divide(of("4")), Ok(of("2.5")));
        assert_eq!(of("7").remainder(of("2.5")), Ok(of("2")));
        assert_eq!(of("1").divide(of("0")), Err(Undefined::DividedByZero));
        assert_eq!(of("1").remainder(of("0")), Err(Undefined::DividedByZero));
        let largest = Decimal::from(crate::money::MAX_AMOUNT);
        assert_eq!(largest.multiply(of("1")), Ok(largest));
        assert_eq!(largest.divide(of("1")), Ok(largest));
        assert_eq!(largest.multiply(largest), Err(Undefined::Overflow));
    }

    #[test]
    fn powers_are_whole_and_bounded() {
        assert_eq!(of("2").power(of("10")), Ok(of("1024")));
        assert_eq!(of("2").power(of("0")), Ok(of("1")));
        assert_eq!(of("1.1").power(of("2")), Ok(of("1.21")));
        for exponent in ["0.5", "33", "-1"] {
            assert_eq!(of("2").power(of(exponent)), Err(Undefined::Overflow), "{exponent}");
        }
        assert_eq!(Decimal::from(1_000_000).power(of("9")), Err(Undefined::Overflow));
    }

    #[test]
    fn becomes_minor_units_as_the_campaign_rounds() {
        assert_eq!(of("2.5").whole(Rounding::HalfUp), 3);
        assert_eq!(of("2.5").whole(Rounding::HalfEven), 2);
        assert_eq!(of("2.9").whole(Rounding::Down), 2);
        assert_eq!(of("-2.9").whole(Rounding::HalfUp), 0);
        assert_eq!(of("12.3456789").parts(7, Rounding::Down), 123_456_789);
    }
}
