//! Bytes as lower-case hexadecimal digits. Upper case is refused, so that one key has one spelling.

use alloc::string::String;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Two digits a byte.
pub(super) fn encode(bytes: &[u8]) -> String {
    let digit = |value: u8| DIGITS.get(usize::from(value)).copied().map_or('0', char::from);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Exactly `N` bytes, or nothing.
pub(super) fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    let mut bytes = [0; N];
    if pairs.len() != N {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = value(*high)? << 4 | value(*low)?;
    }
    Some(bytes)
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => digit.checked_sub(b'0'),
        b'a'..=b'f' => digit.checked_sub(b'a')?.checked_add(10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn bytes_survive_the_way_there_and_back() {
        let all: Vec<u8> = (0..=255).collect();
        let text = encode(&all);
        assert!(text.starts_with("000102") && text.ends_with("fdfeff"));
        assert_eq!(decode::<256>(&text).unwrap().as_slice(), all);
    }

    #[test]
    fn only_the_exact_length_and_lower_case_are_read() {
        assert_eq!(decode::<2>("00ff"), Some([0, 255]));
        for wrong in ["", "00", "00f", "00ff0", "00ff00", "00FF", "00fg", "0 ff", "+0ff", "é0f"] {
            assert_eq!(decode::<2>(wrong), None, "{wrong:?}");
        }
    }
}
