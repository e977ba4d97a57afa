//! Fractions as decimals, for people.

use alloc::format;
use alloc::string::String;

/// How many places are told.
const PLACES: u32 = 6;

/// A quotient as a decimal with at most six places, the rest dropped. Neither is negative; zero over zero is zero.
pub(super) fn of(numerator: i128, denominator: i128) -> String {
    let scale = 10_i128.saturating_pow(PLACES);
    let whole = numerator.checked_div(denominator).unwrap_or(0);
    let rest = numerator.checked_rem(denominator).unwrap_or(0);
    let places = rest.saturating_mul(scale).checked_div(denominator).unwrap_or(0);
    let text = format!("{whole}.{places:06}");
    text.trim_end_matches('0').trim_end_matches('.').into()
}

#[test]
fn quotients_are_told_as_far_as_they_go() {
    assert_eq!(of(0, 0), "0");
    assert_eq!(of(999, 8), "124.875");
    assert_eq!(of(2, 3), "0.666666");
    assert_eq!(of(100, 1), "100");
    assert_eq!(of(1, 10_000_000), "0");
}
