//! The inside of JSON strings, as they stand between the quotes.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::str::Bytes;

/// The inside of a JSON string, not yet unescaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    /// The bytes between the quotes.
    pub raw: &'a str,
    /// Whether there are escapes among them.
    pub has_escapes: bool,
}

impl<'a> Text<'a> {
    /// The text of no letters.
    pub const EMPTY: Text<'static> = Text { raw: "", has_escapes: false };

    /// Whether it is this one.
    #[inline]
    pub fn is(&self, text: &str) -> bool {
        if self.has_escapes {
            self.unescaped() == text
        } else {
            self.raw == text
        }
    }

    /// Whether both are the same, however they are spelled.
    #[inline]
    pub fn is_same(&self, other: Text<'_>) -> bool {
        self.raw == other.raw || ((self.has_escapes || other.has_escapes) && self.unescaped() == other.unescaped())
    }

    /// The text itself.
    #[inline]
    pub fn unescape(&self) -> Cow<'a, str> {
        if self.has_escapes {
            Cow::Owned(self.unescaped())
        } else {
            Cow::Borrowed(self.raw)
        }
    }

    /// The text itself, where it has escapes: without them it is [`raw`](Text::raw).
    #[cold]
    #[inline(never)]
    pub fn unescaped(&self) -> String {
        let mut out = Vec::with_capacity(self.raw.len());
        let mut rest = self.raw.bytes();
        while let Some(byte) = rest.next() {
            out.push(match byte {
                b'\\' => match rest.next().unwrap_or(byte) {
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'r' => b'\r',
                    b'b' => 8,
                    b'f' => 12,
                    b'u' => {
                        out.extend_from_slice(escaped(&mut rest).encode_utf8(&mut [0; 4]).as_bytes());
                        continue;
                    }
                    itself => itself,
                },
                plain => plain,
            });
        }
        String::from_utf8(out).unwrap_or_default()
    }
}

/// The character of `\uXXXX`, joined with a second one where the first is half of a pair. A lone half becomes
/// the replacement character, as a text encoder makes of it.
fn escaped(rest: &mut Bytes<'_>) -> char {
    let mut code = hex(rest);
    let mut ahead = rest.clone();
    if code >> 10 == 0xd800 >> 10 && ahead.next() == Some(b'\\') && ahead.next() == Some(b'u') {
        let second = hex(&mut ahead);
        if second >> 10 == 0xdc00 >> 10 {
            *rest = ahead;
            code = 0x10000_u32.wrapping_add((code & 0x3ff) << 10 | second & 0x3ff);
        }
    }
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Four hexadecimal digits, which the parser has seen to be there: the low bits of a letter count from one.
#[inline(never)]
fn hex(rest: &mut Bytes<'_>) -> u32 {
    let digit = |byte: u8| u32::from((byte & 15).wrapping_add((byte >> 6).wrapping_mul(9)));
    rest.take(4).fold(0, |number, byte| number << 4 | digit(byte))
}

/// The name of a member that is known beforehand, with what stands around it, to be compared at once.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    pub(super) spelled: u128,
    pub(super) mask: u128,
    pub(super) length: usize,
}

impl Name {
    /// The name that is spelled so: `"total":`, at most sixteen bytes.
    pub const fn of(spelled: &str) -> Name {
        let mut name = Name { spelled: 0, mask: 0, length: spelled.len() };
        let mut rest = spelled.as_bytes();
        while let Some((byte, before)) = rest.split_last() {
            name.spelled = name.spelled << 8 | *byte as u128;
            name.mask = name.mask << 8 | 0xff;
            rest = before;
        }
        name
    }
}

/// How many bytes stand for themselves in a JSON string: those before the next quote, backslash or control
/// character. Eight at a time, because strings are most of a request.
#[inline]
pub(super) fn plain_length(bytes: &[u8]) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // marks bytes below `bound` by their high bit: the first mark is right, a borrow may leave wrong ones after it
    let below = |word: u64, bound: u64| word.wrapping_sub(EACH.wrapping_mul(bound)) & !word & HIGH;
    let is = |word: u64, byte: u8| below(word ^ EACH.wrapping_mul(u64::from(byte)), 1);
    let (words, rest) = bytes.as_chunks::<8>();
    let mut passed = 0_usize;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let special = below(word, 0x20) | is(word, b'"') | is(word, b'\\');
        if special != 0 {
            let byte = special.trailing_zeros() / 8;
            return passed.wrapping_add(byte as usize);
        }
        passed = passed.wrapping_add(8);
    }
    let is_plain = |byte: &&u8| **byte >= 0x20 && **byte != b'"' && **byte != b'\\';
    passed.wrapping_add(rest.iter().take_while(is_plain).count())
}
