//! Whole numbers in words for people: messages, pointers, prices. What is written often, the numbers of an answer, has a
//! faster way of its own in [`json::write`](crate::json::write); the library's formatting would cost a storefront more
//! than both.

use alloc::string::String;

/// Writes a whole number.
#[inline(never)]
pub fn push(out: &mut String, number: i64) {
    if number < 0 {
        out.push('-');
    }
    push_padded(out, number.unsigned_abs(), 1);
}

/// Writes a number with so many digits at least, zeros in front.
#[inline(never)]
pub fn push_padded(out: &mut String, number: u64, places: u32) {
    let mut digit = 10_u64.saturating_pow(places.saturating_sub(1));
    while number.checked_div(digit).unwrap_or(0) > 9 {
        digit = digit.saturating_mul(10);
    }
    let mut rest = number;
    while digit > 0 {
        let value = rest.checked_div(digit).unwrap_or(0);
        out.push(char::from(b'0'.saturating_add(u8::try_from(value).unwrap_or(0))));
        rest = rest.checked_rem(digit).unwrap_or(0);
        digit = digit.checked_div(10).unwrap_or(0);
    }
}

/// A decimal text as so many parts of one: `"1.25"` in hundredths is 125. Nothing when it is no plain decimal number, or
/// has more decimals, or is beyond all amounts.
pub fn decimal(text: &str, places: u32) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let decimals = u32::try_from(fraction.len()).ok()?;
    if whole.is_empty() || text.ends_with('.') || decimals > places || whole.len() > 16 {
        return None;
    }
    let mut number = 0_i64;
    for byte in whole.bytes().chain(fraction.bytes()) {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(i64::from(byte & 15))?;
    }
    number.checked_mul(10_i64.checked_pow(places.wrapping_sub(decimals))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn writes_what_the_library_writes() {
        for number in [0, 1, -1, 9, 10, 11, 99, 100, 101, 12_345, i64::MAX, i64::MIN] {
            let mut out = String::new();
            push(&mut out, number);
            assert_eq!(out, format!("{number}"));
        }
        for number in [0, 7, 10, 123, u64::MAX] {
            let mut out = String::new();
            push_padded(&mut out, number, 3);
            assert_eq!(out, format!("{number:03}"));
        }
    }

    #[test]
    fn decimals_are_read_in_parts_of_one() {
        assert_eq!(decimal("1.25", 4), Some(12_500));
        assert_eq!(decimal("0.0001", 4), Some(1));
        assert_eq!(decimal("3", 4), Some(30_000));
        assert_eq!(decimal("3", 0), Some(3));
        assert_eq!(decimal("3.0", 0), None);
        assert_eq!(decimal("007.5", 1), Some(75));
        for text in ["", ".", "1.", ".5", "1.00000", "-1", "+1", "1e3", "1,5", " 1", "1.2.3", "99999999999999999"] {
            assert_eq!(decimal(text, 4), None, "{text}");
        }
    }
}
