//! Writing JSON straight into bytes.

use super::text::plain_length;
use alloc::vec::Vec;

/// Bytes that are being written. JSON is written in pieces of a few bytes, for which growing a vector and calling for a
/// copy cost more than the bytes, so there is room ahead and short pieces are whole words.
#[derive(Debug, Default)]
pub struct Out {
    room: Vec<u8>,
    length: usize,
}

impl Out {
    /// Without room yet.
    pub const fn new() -> Out {
        Out { room: Vec::new(), length: 0 }
    }

    /// Begins anew in the same room.
    pub fn clear(&mut self) {
        self.length = 0;
    }

    /// What has been written.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        self.room.get(..self.length).unwrap_or(&[])
    }

    /// How much that is.
    #[inline]
    pub fn length(&self) -> usize {
        self.length
    }

    /// The next bytes, which are to be written.
    #[inline]
    fn next(&mut self, count: usize) -> &mut [u8] {
        let from = self.length;
        self.length = from.saturating_add(count);
        if self.length > self.room.len() {
            self.grow();
        }
        self.room.get_mut(from..self.length).unwrap_or(&mut [])
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        self.room.resize(self.length.saturating_mul(2).max(1_024), 0);
    }

    /// Writes the first bytes of a word, the lowest one first.
    #[inline]
    fn word(&mut self, word: u64, count: usize) {
        let end = self.length.saturating_add(count);
        if let Some(place) = self.next(8).first_chunk_mut() {
            *place = word.to_le_bytes();
        }
        self.length = end;
    }

    /// Writes a piece that is written often.
    #[inline]
    pub fn piece(&mut self, piece: &Piece) {
        let end = self.length.saturating_add(piece.length);
        if let ([first, second, third], _) = self.next(24).as_chunks_mut() {
            let [a, b, c] = piece.words;
            (*first, *second, *third) = (a.to_le_bytes(), b.to_le_bytes(), c.to_le_bytes());
        }
        self.length = end;
    }

    /// Writes one byte.
    #[inline(never)]
    pub fn push(&mut self, byte: u8) {
        if let [place] = self.next(1) {
            *place = byte;
        }
    }

    /// Puts another byte in the place of one that has been written.
    pub fn replace(&mut self, at: usize, byte: u8) {
        if let Some(place) = self.room.get_mut(at) {
            *place = byte;
        }
    }
}

/// A piece of JSON of at most 24 bytes, as words: written at once, whatever its length.
#[derive(Clone, Copy, Debug, Default)]
pub struct Piece {
    words: [u64; 3],
    length: usize,
}

impl Piece {
    /// The piece that is this text.
    pub const fn of(json: &str) -> Piece {
        let mut words = [0_u64; 3];
        let mut rest = json.as_bytes();
        while let Some((byte, before)) = rest.split_last() {
            let [first, second, third] = words;
            words = [first << 8 | *byte as u64, second << 8 | first >> 56, third << 8 | second >> 56];
            rest = before;
        }
        Piece { words, length: json.len() }
    }
}

/// Writes a piece of JSON as it is.
#[inline]
pub fn raw(out: &mut Out, json: &str) {
    bytes(out, json.as_bytes());
}

/// Writes a text that has nothing to escape, or is escaped already, with its quotes.
#[inline(never)]
pub fn quoted(out: &mut Out, inside: &str) {
    if let [first, inner @ .., last] = out.next(inside.len().saturating_add(2)) {
        (*first, *last) = (b'"', b'"');
        copy(inner, inside.as_bytes());
    }
}

/// Writes bytes as they are.
#[inline(never)]
pub fn bytes(out: &mut Out, from: &[u8]) {
    copy(out.next(from.len()), from);
}

/// Copies bytes to a place of the same length.
#[inline(never)]
fn copy(to: &mut [u8], from: &[u8]) {
    match from.len() {
        // the first bytes and the last ones, which may be the same
        0..4 => {
            for at in [0, from.len() / 2, from.len().saturating_sub(1)] {
                if let (Some(to), Some(from)) = (to.get_mut(at), from.get(at)) {
                    *to = *from;
                }
            }
        }
        4..8 => ends::<4>(to, from),
        8..17 => ends::<8>(to, from),
        17..33 => ends::<16>(to, from),
        _ => to.copy_from_slice(from),
    }
}

#[inline]
fn ends<const N: usize>(to: &mut [u8], from: &[u8]) {
    if let (Some(to), Some(from)) = (to.first_chunk_mut::<N>(), from.first_chunk()) {
        *to = *from;
    }
    if let (Some(to), Some(from)) = (to.last_chunk_mut::<N>(), from.last_chunk()) {
        *to = *from;
    }
}

const EIGHT_DIGITS: u64 = 100_000_000;

/// Writes a whole number.
#[inline(never)]
pub fn number(out: &mut Out, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    natural(out, value.unsigned_abs());
}

fn natural(out: &mut Out, value: u64) {
    match u32::try_from(value).ok().filter(|value| u64::from(*value) < EIGHT_DIGITS) {
        Some(small) => {
            let digits = eight_digits(small);
            // the last digit is written even if it is a zero
            let leading_zeros = (digits | 1 << 56).trailing_zeros() / 8;
            let count = 8_u32.wrapping_sub(leading_zeros);
            out.word((digits | ASCII_ZEROS) >> leading_zeros.wrapping_mul(8), count as usize);
        }
        None => {
            natural(out, value / EIGHT_DIGITS);
            let rest = u32::try_from(value % EIGHT_DIGITS).unwrap_or(0);
            out.word(eight_digits(rest) | ASCII_ZEROS, 8);
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
#[inline(never)]
pub fn text(out: &mut Out, value: &str) {
    raw(out, "\"");
    let mut rest = value.as_bytes();
    while let Some((plain, after)) = rest.split_at_checked(plain_length(rest)) {
        bytes(out, plain);
        let Some((byte, after)) = after.split_first() else { break };
        rest = after;
        let short = match byte {
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            8 => b'b',
            12 => b'f',
            b'"' | b'\\' => *byte,
            _ => {
                let digit = |value: u8| value.wrapping_add(if value < 10 { b'0' } else { b'a'.wrapping_sub(10) });
                bytes(out, &[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
                continue;
            }
        };
        bytes(out, &[b'\\', short]);
    }
    raw(out, "\"");
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn numbers_and_texts_are_written_as_a_general_writer_does() {
        let small = 0..20_000;
        let powers = (0..19).map(|power| 10_i64.pow(power));
        let around = powers.flat_map(|power| [power - 1, power, power + 1, power / 9 * 7, -power]);
        for value in small.chain(around).chain([i64::MAX, i64::MIN, 9_007_199_254_740_991]) {
            let mut out = Out::new();
            number(&mut out, value);
            assert_eq!(out.bytes(), value.to_string().as_bytes());
        }
        for value in [
            "",
            "a",
            "ab",
            "abc",
            "plain",
            "plain text of many bytes",
            "plain text that is longer than all words together",
            "q\"b\\s",
            "\n\r\t\u{8}\u{c}\u{1}\u{1f}",
            "é😀",
            "a\nb\nc",
        ] {
            let mut out = Out::new();
            text(&mut out, value);
            assert_eq!(core::str::from_utf8(out.bytes()).unwrap(), serde_json::to_string(value).unwrap());
        }
    }
}
