//! Codes by their number: a secret order of all codes that a pattern can have. No two numbers have one code, so nothing has
//! to be remembered to keep codes apart, a list goes on where it stopped, and nobody without the key can tell the next one.

use alloc::string::String;

use super::pattern::Pattern;

/// A code has two halves of at most this many symbols.
const MAX_HALF: usize = 15;
/// Rounds of the network; four make a permutation that cannot be told from chance, the rest is distance.
const ROUNDS: u8 = 10;
/// Keeps these hashes apart from any other use of the key.
const CONTEXT: &[u8] = b"counterfoil/sequence/v1\0";

/// The codes of a pattern in the order of a key.
///
/// ```
/// use counterfoil::codes::{Pattern, Sequence};
/// let codes = Sequence::new([7; 32], Pattern::parse("TEA-####-####-####-*")?);
/// assert_eq!(codes.code(0), codes.code(0));
/// assert_ne!(codes.code(0), codes.code(1));
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
#[derive(Clone)]
pub struct Sequence {
    key: [u8; 32],
    pattern: Pattern,
}

impl Sequence {
    /// From 32 random bytes, which are as secret as the codes: who has them has all codes.
    pub fn new(key: [u8; 32], pattern: Pattern) -> Sequence {
        Sequence { key, pattern }
    }

    /// The code of a number; no other number below two to the power of [`Pattern::bits`] has it.
    pub fn code(&self, number: u64) -> String {
        let symbols = self.pattern.symbols();
        let left = symbols.div_ceil(2);
        let right = symbols.saturating_sub(left);
        // a network of two halves: each round adds to one half what a keyed hash makes of the other
        let bits = |half: usize| u32::try_from(half.saturating_mul(5)).unwrap_or(0);
        let mask = |half: usize| 1_u128.checked_shl(bits(half)).unwrap_or(0).wrapping_sub(1);
        let [mut one, mut other] = [u128::from(number) >> bits(right) & mask(left), u128::from(number) & mask(right)];
        for round in 0..ROUNDS {
            match round & 1 {
                0 => one ^= self.mix(round, other) & mask(left),
                _ => other ^= self.mix(round, one) & mask(right),
            }
        }
        let mut random = [0_u8; 2 * MAX_HALF];
        let of_halves = [(one, left), (other, right)].into_iter().flat_map(|(half, length)| {
            (0..length).map(move |at| {
                let symbol = half.checked_shr(bits(at)).unwrap_or(0) & 31;
                u8::try_from(symbol).unwrap_or(0)
            })
        });
        random.iter_mut().zip(of_halves).for_each(|(place, symbol)| *place = symbol);
        self.pattern.fill(&random).unwrap_or_default()
    }

    fn mix(&self, round: u8, half: u128) -> u128 {
        let mut said = [0_u8; CONTEXT.len() + 17];
        let parts = CONTEXT.iter().copied().chain([round]).chain(half.to_le_bytes());
        said.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
        let hash = blake3::keyed_hash(&self.key, &said);
        let mut first = [0; 16];
        first.iter_mut().zip(hash.as_bytes()).for_each(|(to, from)| *to = *from);
        u128::from_le_bytes(first)
    }
}

impl core::fmt::Debug for Sequence {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Sequence({:?}, ..)", self.pattern)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;
    use alloc::format;

    #[test]
    fn no_two_numbers_have_one_code() {
        for symbols in [12, 13, 15, 30] {
            let pattern = Pattern::parse(&format!("{}*", "#".repeat(symbols))).unwrap();
            let codes = Sequence::new([3; 32], pattern.clone());
            let many: BTreeSet<String> = (0..20_000).chain([u64::MAX >> 4, 1 << 59]).map(|n| codes.code(n)).collect();
            assert_eq!(many.len(), 20_002, "{symbols}");
            assert!(many.iter().all(|code| pattern.is_sound(code)));
        }
    }

    #[test]
    fn the_order_is_the_keys() {
        let of = |key: u8| Sequence::new([key; 32], Pattern::parse(Pattern::DEFAULT).unwrap()).code(5);
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }

    #[test]
    fn symbols_are_spread_evenly() {
        let codes = Sequence::new([9; 32], Pattern::parse("############").unwrap());
        for place in [0, 5, 6, 11] {
            let mut seen = alloc::collections::BTreeMap::new();
            (0..32_000).for_each(|n| *seen.entry(codes.code(n).as_bytes()[place]).or_insert(0_u32) += 1);
            assert!(seen.len() == 32 && seen.values().all(|count| (800..1_200).contains(count)), "{place} {seen:?}");
        }
    }
}
