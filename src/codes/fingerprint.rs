//! What is kept of a code: 64 bits that only who has the pepper can compute.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::code::symbols;

/// Keep the uses of one key apart.
const CODE: &[u8] = b"counterfoil/code/v1\0";
const BOOK: &[u8] = b"counterfoil/code-name/v1\0";
const HOLDER: &[u8] = b"counterfoil/holder/v1\0";
const NAME: &[u8] = b"counterfoil/pepper/v1\0";

/// A shop's secret for fingerprints: 32 random bytes. It belongs in the secret store of the host, never in a
/// file that is published.
#[derive(Clone)]
pub struct Pepper([u8; 32]);

impl Pepper {
    /// From 32 random bytes.
    pub fn new(bytes: [u8; 32]) -> Pepper {
        Pepper(bytes)
    }

    /// From 64 lower-case hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Pepper> {
        let digit = |byte: &u8| char::from(*byte).to_digit(16).filter(|_| !byte.is_ascii_uppercase());
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != 32 || !rest.is_empty() {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = u8::try_from(digit(high)? << 4 | digit(low)?).ok()?;
        }
        Some(Pepper(bytes))
    }

    /// The fingerprint of a code as it was typed.
    ///
    /// It is compared in the one [normal form](crate::code::normalise) in which, besides, `O` counts as zero and `I` and `L`
    /// as one, so that a code that was printed is found however it is read.
    pub fn fingerprint(&self, typed: &str) -> Fingerprint {
        let mut said = Said::new(CODE);
        for symbol in readable(typed) {
            said.push(symbol);
        }
        Fingerprint(self.hash(&said))
    }

    /// What is kept of the customer whom a code is for; never zero, which stands for anyone.
    pub fn holder(&self, customer: &str) -> u64 {
        let mut said = Said::new(HOLDER);
        for symbol in customer.chars() {
            said.push(symbol);
        }
        self.hash(&said).max(1)
    }

    /// What tables of codes name this pepper by, so that a host knows whether it has the right one. It tells nothing else.
    pub fn id(&self) -> u32 {
        u32::try_from(self.hash(&Said::new(NAME)) & u64::from(u32::MAX)).unwrap_or(0)
    }

    fn hash(&self, said: &Said) -> u64 {
        let hash = blake3::keyed_hash(&self.0, said.bytes());
        let mut first = [0; 8];
        for (to, from) in first.iter_mut().zip(hash.as_bytes()) {
            *to = *from;
        }
        u64::from_le_bytes(first)
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pepper(..)")
    }
}

/// What is hashed: a context, and the text after it. Short ones, as nearly all are, need no memory of their own.
struct Said {
    held: [u8; 128],
    length: usize,
    /// The whole, once it is too long to be held.
    long: Vec<u8>,
}

impl Said {
    fn new(context: &[u8]) -> Said {
        let mut said = Said { held: [0; 128], length: 0, long: Vec::new() };
        said.add(context);
        said
    }

    fn push(&mut self, symbol: char) {
        let mut bytes = [0; 4];
        self.add(symbol.encode_utf8(&mut bytes).as_bytes());
    }

    #[inline]
    fn add(&mut self, bytes: &[u8]) {
        let until = self.length.saturating_add(bytes.len());
        match self.held.get_mut(self.length..until) {
            Some(place) if self.long.is_empty() => place.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from),
            _ => {
                if self.long.is_empty() {
                    self.long.extend(self.held.iter().take(self.length));
                }
                self.long.extend(bytes);
            }
        }
        self.length = until;
    }

    fn bytes(&self) -> &[u8] {
        if self.long.is_empty() {
            return self.held.get(..self.length).unwrap_or(&[]);
        }
        &self.long
    }
}

/// A code as people read it from paper: letters that look like digits are those digits.
#[inline]
pub(super) fn readable(typed: &str) -> impl Iterator<Item = char> + '_ {
    symbols(typed).map(|symbol| match symbol {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    })
}

/// What books name a code by: 32 digits, the same for every spelling of a code, and under whatever pepper it is published. Who
/// stores them keys them.
pub fn name_of(typed: &str) -> String {
    let mut said = Said::new(BOOK);
    for symbol in readable(typed) {
        said.push(symbol);
    }
    blake3::hash(said.bytes()).to_hex().chars().take(32).collect()
}

/// 64 bits of a keyed hash (BLAKE3) of a code. Two of a million codes share one with a chance of one in 36 million; that is
/// found when a segment is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub(super) u64);

impl Fingerprint {
    /// The fingerprint of these 64 bits.
    pub fn from_bits(bits: u64) -> Fingerprint {
        Fingerprint(bits)
    }

    /// The 64 bits.
    pub fn bits(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_the_same_for_every_way_to_write_a_code() {
        let pepper = Pepper::new([1; 32]);
        let one = pepper.fingerprint("AB10-CD20");
        for typed in ["ab10cd20", " AB1O CD2O ", "ABI0\u{a0}CD20", "abl0-cd-2o"] {
            assert_eq!(pepper.fingerprint(typed), one, "{typed}");
        }
        for typed in ["AB10-CD21", "BA10-CD20", "AB10-CD2", "AB10-CD200", ""] {
            assert_ne!(pepper.fingerprint(typed), one, "{typed}");
        }
        assert_ne!(Pepper::new([2; 32]).fingerprint("AB10-CD20"), one);
    }

    #[test]
    fn what_is_long_is_hashed_whole() {
        let pepper = Pepper::new([1; 32]);
        let of =
            |length: usize, last: &str| pepper.fingerprint(&(alloc::string::String::from("A").repeat(length) + last));
        for length in [0, 60, 106, 107, 108, 109, 300] {
            let reference = blake3::keyed_hash(&[1; 32], &[CODE, "A".repeat(length).as_bytes(), b"B"].concat());
            assert_eq!(of(length, "B").bits().to_le_bytes(), reference.as_bytes()[..8], "{length}");
            assert_ne!(of(length, "B"), of(length, "C"), "{length}");
        }
    }

    #[test]
    fn a_pepper_has_a_name_and_tells_customers_apart() {
        let (one, other) = (Pepper::new([1; 32]), Pepper::new([2; 32]));
        assert_eq!(one.id(), Pepper::new([1; 32]).id());
        assert_ne!(one.id(), other.id());
        assert_eq!(Pepper::from_hex(&"02".repeat(32)).unwrap().id(), other.id());
        for wrong in ["02".repeat(31), "02".repeat(33), "0".repeat(63), "0A".repeat(32), "+2".repeat(32)] {
            assert!(Pepper::from_hex(&wrong).is_none(), "{wrong}");
        }
        assert_ne!(one.holder("c-1"), one.holder("c-2"));
        assert_ne!(one.holder("c-1"), other.holder("c-1"));
        assert_ne!(one.holder("AB10"), one.fingerprint("AB10").bits());
    }

    #[test]
    fn a_fingerprint_is_pinned() {
        // the keyed hash of the context and AB10CD20, by the reference program of BLAKE3
        let bits = Pepper::new([1; 32]).fingerprint("AB10-CD20").bits();
        assert_eq!(bits, 0xfd99_737b_85a9_3a6e);
    }
}
