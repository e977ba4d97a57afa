//! What is kept of a code: 64 bits that only who has the pepper can compute.

use alloc::string::String;
use core::fmt;

use crate::code::normalise;

/// Keeps a fingerprint from being any other use of the same key.
const CONTEXT: &[u8] = b"counterfoil/code/v1\0";

/// A shop's secret for fingerprints: 32 random bytes, of one epoch. It belongs in the secret store of the host, never in a
/// file that is published.
#[derive(Clone)]
pub struct Pepper([u8; 32]);

impl Pepper {
    /// From 32 random bytes.
    pub fn new(bytes: [u8; 32]) -> Pepper {
        Pepper(bytes)
    }

    /// The fingerprint of a code as it was typed.
    ///
    /// It is compared in the one [normal form](crate::code::normalise) in which, besides, `O` counts as zero and `I` and `L`
    /// as one, so that a code that was printed is found however it is read.
    pub fn fingerprint(&self, typed: &str) -> Fingerprint {
        let mut hash = blake3::Hasher::new_keyed(&self.0);
        hash.update(CONTEXT);
        hash.update(readable(typed).as_bytes());
        let mut first = [0; 8];
        for (to, from) in first.iter_mut().zip(hash.finalize().as_bytes()) {
            *to = *from;
        }
        Fingerprint(u64::from_le_bytes(first))
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pepper(..)")
    }
}

/// A code as people read it from paper: letters that look like digits are those digits.
pub(super) fn readable(typed: &str) -> String {
    let as_digit = |symbol: char| match symbol {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    normalise(typed).chars().map(as_digit).collect()
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
    fn a_fingerprint_is_pinned() {
        // the keyed hash of the context and AB10CD20, by the reference program of BLAKE3
        let bits = Pepper::new([1; 32]).fingerprint("AB10-CD20").bits();
        assert_eq!(bits, 0xfd99_737b_85a9_3a6e);
    }
}
