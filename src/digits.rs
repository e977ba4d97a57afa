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
}
