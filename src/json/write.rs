//! Writing JSON straight into bytes.

use alloc::vec::Vec;

/// Writes a piece of JSON as it is.
#[inline(never)]
pub fn raw(out: &mut Vec<u8>, json: &str) {
    out.extend_from_slice(json.as_bytes());
}

const EIGHT_DIGITS: u64 = 100_000_000;

/// Writes a whole number.
#[inline(never)]
pub fn number(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    natural(out, value.unsigned_abs());
}

fn natural(out: &mut Vec<u8>, value: u64) {
    match u32::try_from(value).ok().filter(|value| u64::from(*value) < EIGHT_DIGITS) {
        Some(small) => {
            let digits = eight_digits(small);
            // the last digit is written even if it is a zero
            let leading_zeros = (digits | 1 << 56).trailing_zeros() / 8;
            let shown = (digits | ASCII_ZEROS) >> leading_zeros.wrapping_mul(8);
            out.extend_from_slice(&shown.to_le_bytes());
            out.truncate(out.len().saturating_sub(leading_zeros as usize));
        }
        None => {
            natural(out, value / EIGHT_DIGITS);
            let rest = u32::try_from(value % EIGHT_DIGITS).unwrap_or(0);
            out.extend_from_slice(&(eight_digits(rest) | ASCII_ZEROS).to_le_bytes());
        }
    }
}

const ASCII_ZEROS: u64 = 0x3030_3030_3030_3030;

/// The eight digits of a number below 100,000,000, one in each byte, the first in the lowest. Halves are split in all
/// parts of the word at once: fours, then twos, then single digits, each divided by a multiplication and a shift that
/// is exact for numbers of that size.
#[inline]
fn eight_digits(value: u32) -> u64 {
    let fours = u64::from(value / 10_000) | u64::from(value % 10_000) << 32;
    let hundreds = (fours.wrapping_mul(10_486) >> 20) & 0x0000_007f_0000_007f;
    let twos = hundreds | fours.wrapping_sub(hundreds.wrapping_mul(100)) << 16;
    let tens = (twos.wrapping_mul(103) >> 10) & 0x000f_000f_000f_000f;
    tens | twos.wrapping_sub(tens.wrapping_mul(10)) << 8
}

/// Writes a text with its quotes.
pub fn text(out: &mut Vec<u8>, value: &str) {
    out.push(b'"');
    let mut plain_from = 0_usize;
    for (at, byte) in value.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.extend_from_slice(value.as_bytes().get(plain_from..at).unwrap_or(&[]));
        plain_from = at.saturating_add(1);
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            8 => out.extend_from_slice(b"\\b"),
            12 => out.extend_from_slice(b"\\f"),
            _ => {
                out.extend_from_slice(b"\\u00");
                let hex = |digit: u8| {
                    if digit < 10 {
                        b'0'.wrapping_add(digit)
                    } else {
                        b'a'.wrapping_add(digit.wrapping_sub(10))
                    }
                };
                out.push(hex(byte >> 4));
                out.push(hex(byte & 15));
            }
        }
    }
    out.extend_from_slice(value.as_bytes().get(plain_from..).unwrap_or(&[]));
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::{String, ToString};

    #[test]
    fn numbers_and_texts_are_written_as_a_general_writer_does() {
        let small = 0..20_000;
        let powers = (0..19).map(|power| 10_i64.pow(power));
        let around = powers.flat_map(|power| [power - 1, power, power + 1, power / 9 * 7, -power]);
        for value in small.chain(around).chain([i64::MAX, i64::MIN, 9_007_199_254_740_991]) {
            let mut out = Vec::new();
            number(&mut out, value);
            assert_eq!(out, value.to_string().into_bytes());
        }
        for value in ["", "plain", "q\"b\\s", "\n\r\t\u{8}\u{c}\u{1}\u{1f}", "é😀", "a\nb\nc"] {
            let mut out = Vec::new();
            text(&mut out, value);
            assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string(value).unwrap());
        }
    }
}
