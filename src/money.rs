//! Money: amounts in minor units, currencies with their own exponent, rates and the one rounding.
//!
//! Nothing here knows promotions. A rate meets an amount in [`Rate::of`] and nowhere else, so that a
//! campaign's rounding mode has one place in which to be right.

use alloc::string::String;
use core::iter::Sum;
use core::ops::{Add, AddAssign, Sub, SubAssign};

use crate::digits;
use crate::packed::packed;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

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

/// The codes of ISO 4217 for money in use, one after the other.
const LISTED: &str =
    "AEDAFNALLAMDANGAOAARSAUDAWGAZNBAMBBDBDTBGNBHDBIFBMDBNDBOBBOVBRLBSDBTNBWPBYNBZDCADCDFCHECHFCHWCLFCLPCNYCOPCOU\
    CRCCUPCVECZKDJFDKKDOPDZDEGPERNETBEURFJDFKPGBPGELGHSGIPGMDGNFGTQGYDHKDHNLHTGHUFIDRILSINRIQDIRRISKJMDJODJPYKES\
    KGSKHRKMFKPWKRWKWDKYDKZTLAKLBPLKRLRDLSLLYDMADMDLMGAMKDMMKMNTMOPMRUMURMVRMWKMXNMXVMYRMZNNADNGNNIONOKNPRNZDOMR\
    PABPENPGKPHPPKRPLNPYGQARRONRSDRUBRWFSARSBDSCRSDGSEKSGDSHPSLESOSSRDSSPSTNSVCSYPSZLTHBTJSTMTTNDTOPTRYTTDTWDTZS\
    UAHUGXUSDUSNUYIUYUUYWUZSVEDVESVNDVUVWSTXAFXCDXCGXOFXPFYERZARZMWZWG";

packed! {
    /// A currency by its ISO 4217 code, with the number of decimals its minor unit has.
    ///
    /// ```
    /// use counterfoil::money::Currency;
    /// assert_eq!(Currency::parse("EUR").map(|c| c.exponent()), Some(2));
    /// assert_eq!(Currency::parse("JPY").map(|c| c.exponent()), Some(0));
    /// assert_eq!(Currency::parse("KWD").map(|c| c.exponent()), Some(3));
    /// assert_eq!(Currency::parse("CLF").map(|c| c.exponent()), Some(4));
    /// assert!(Currency::parse("euro").is_none());
    /// ```
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
    #[serde(transparent)]
    pub struct Currency([u8; 3]);
}

impl Currency {
    /// ISO's code for "no currency".
    pub const NONE: Currency = Currency(*b"XXX");

    /// Reads a three-letter upper-case code. Whether the code is on ISO's list is not asked.
    pub fn parse(code: &str) -> Option<Currency> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Currency(bytes))
    }

    /// Whether ISO 4217 lists the code for money in use. Funds and metals are not; neither is [`Currency::NONE`].
    ///
    /// ```
    /// use counterfoil::money::Currency;
    /// let is_listed = |code| Currency::parse(code).is_some_and(|currency| currency.is_listed());
    /// assert!(is_listed("EUR") && is_listed("ZWG"));
    /// assert!(!is_listed("XQX") && !is_listed("XXX"));
    /// ```
    pub fn is_listed(&self) -> bool {
        LISTED.as_bytes().chunks_exact(3).any(|code| *code == self.0)
    }

    /// The code, `EUR`.
    pub fn code(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Decimals of the minor unit, after ISO 4217: 0, 3 and 4 where listed, 2 otherwise.
    pub fn exponent(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }

    /// `amount` written with the currency's decimals and code: `12.50 EUR`, `500 JPY`, `-0.05 EUR`.
    pub fn write(&self, amount: Amount, out: &mut String) {
        self.write_in(self.exponent(), amount, out);
    }

    /// The same with so many decimals.
    pub fn write_in(&self, places: u32, amount: Amount, out: &mut String) {
        let minor = amount.minor();
        if minor < 0 {
            out.push('-');
        }
        let unit = 10_u64.saturating_pow(places);
        let (whole, part) = (minor.unsigned_abs().checked_div(unit), minor.unsigned_abs().checked_rem(unit));
        digits::push_padded(out, whole.unwrap_or(0), 1);
        if places > 0 {
            out.push('.');
            digits::push_padded(out, part.unwrap_or(0), places);
        }
        out.push(' ');
        out.push_str(self.code());
    }
}

/// A currency with the decimals that its minor unit has in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denomination {
    /// The currency.
    pub currency: Currency,
    /// Its decimals.
    pub places: u32,
}

impl Default for Denomination {
    fn default() -> Denomination {
        Currency::NONE.into()
    }
}

impl From<Currency> for Denomination {
    fn from(currency: Currency) -> Denomination {
        Denomination { currency, places: currency.exponent() }
    }
}

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
            None => {
                let product = i128::from(amount.minor()).saturating_mul(i128::from(self.numerator));
                let share = rounding.divide(product, i128::from(self.denominator));
                Amount(i64::try_from(share).unwrap_or(i64::MAX))
            }
        }
    }

    /// So many times the rate, at most one: percentages that are given several times.
    pub fn times(&self, count: i64) -> Rate {
        let numerator = self.numerator.saturating_mul(count).min(self.denominator);
        Rate { numerator, denominator: self.denominator }
    }

    /// Both rates one after the other, without rounding in between. Falls back to `self` when the product
    /// does not fit, which the limits on decimals keep out of reach.
    pub fn then(&self, next: &Rate) -> Rate {
        match (self.numerator.checked_mul(next.numerator), self.denominator.checked_mul(next.denominator)) {
            (Some(numerator), Some(denominator)) => Rate { numerator, denominator },
            _ => *self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

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

    #[test]
    fn a_product_beyond_64_bits_is_still_exact() {
        let rate = percent("33.3333333");
        assert_eq!(rate.of(Amount::new(MAX_AMOUNT), Rounding::Down).minor(), 3_002_399_748_577_930);
    }

    #[test]
    fn rates_refuse_signs_and_excess_precision() {
        assert!(Rate::percent("-1".parse().unwrap()).is_none());
        assert!(Rate::percent("0.12345678".parse().unwrap()).is_none());
        assert!(Rate::percent("0.1234567".parse().unwrap()).is_some());
        assert!(Rate::factor("0".parse().unwrap()).unwrap().is_zero());
    }

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

    #[test]
    fn amounts_are_written_with_their_own_exponent() {
        let write = |code: &str, minor| {
            let mut out = String::new();
            Currency::parse(code).unwrap().write(Amount::new(minor), &mut out);
            out
        };
        assert_eq!(write("EUR", 1250), "12.50 EUR");
        assert_eq!(write("EUR", -5), "-0.05 EUR");
        assert_eq!(write("JPY", 500), "500 JPY");
        assert_eq!(write("KWD", 1), "0.001 KWD");
        assert_eq!(write("CLF", 12345), "1.2345 CLF");
    }
}
