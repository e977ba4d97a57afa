//! Writing JSON straight into bytes.

/// Writes what is JSON already.
#[inline(never)]
pub fn raw(out: &mut Vec<u8>, json: &str) {
    out.extend_from_slice(json.as_bytes());
}

/// Writes a whole number.
#[inline(never)]
pub fn number(out: &mut Vec<u8>, value: i64) {
    let mut digits = [0_u8; 20];
    let mut rest = value.unsigned_abs();
    let mut count = 0_usize;
    for slot in digits.iter_mut().rev() {
        *slot = b'0'.wrapping_add(u8::try_from(rest % 10).unwrap_or(0));
        rest /= 10;
        count = count.saturating_add(1);
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(digits.get(20_usize.saturating_sub(count)..).unwrap_or(&[]));
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

    #[test]
    fn numbers_and_texts_are_written_as_a_general_writer_does() {
        for value in [0, 7, -7, 10, 99, 100, i64::MAX, i64::MIN, 9_007_199_254_740_991] {
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
