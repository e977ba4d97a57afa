//! The names of a request: what its quote gives back, and what tells its lines apart.

use crate::cart::MAX_LINES;
use crate::json::text::Text;
use alloc::vec;
use alloc::vec::Vec;

/// The names that a quote gives back to its caller, as they stand in the request.
#[derive(Debug, Default)]
pub struct Names<'a> {
    /// Ids of the lines, as they stand in their JSON strings.
    pub lines: Vec<Text<'a>>,
    /// Ids of the shipping charges.
    pub shipping: Vec<Text<'a>>,
    /// The codes as typed.
    pub codes: Vec<Text<'a>>,
    /// Ids of the payments.
    pub payments: Vec<Option<Text<'a>>>,
    /// By line: price, sku or product, and the line before it that has the same ones.
    products: Vec<(i64, Option<Text<'a>>, Option<usize>)>,
    ids: Table,
    twins: Table,
}

impl<'a> Names<'a> {
    /// Forgets the names, and makes room for those of a body of this length.
    pub(super) fn clear(&mut self, length: usize) {
        self.lines.clear();
        self.shipping.clear();
        self.codes.clear();
        self.payments.clear();
        self.products.clear();
        self.ids.clear();
        self.twins.clear();
        // few lines are shorter, and growing takes longer than reading
        let lines = (length / 100).min(MAX_LINES);
        self.lines.reserve(lines);
        self.products.reserve(lines);
    }

    /// Adds the id of the next line.
    ///
    /// # Errors
    /// The line that has it already.
    pub(super) fn line(&mut self, id: Text<'a>) -> Result<(), usize> {
        let lines = &self.lines;
        let same = |other: usize| lines.get(other).is_some_and(|other| id.is_same(*other));
        match self.ids.put(hash(id, 0), lines.len(), same) {
            Some(earlier) => Err(earlier),
            None => {
                self.lines.push(id);
                Ok(())
            }
        }
    }

    /// Adds the id of the next shipping charge.
    ///
    /// # Errors
    /// The charge that has it already.
    pub(super) fn charge(&mut self, id: Text<'a>) -> Result<(), usize> {
        let earlier = self.shipping.iter().position(|other| id.is_same(*other));
        self.shipping.push(id);
        earlier.map_or(Ok(()), Err)
    }

    /// Adds the product of the next line. Returns the earlier lines of the same one at the same price, the last one first.
    pub(super) fn product(&mut self, price: i64, product: Option<Text<'a>>) -> impl Iterator<Item = usize> + '_ {
        let before = product.and_then(|name| {
            let products = &self.products;
            let same = |other: usize| match products.get(other) {
                Some((other, Some(known), _)) => *other == price && name.is_same(*known),
                _ => false,
            };
            self.twins.put(hash(name, price), products.len(), same)
        });
        self.products.push((price, product, before));
        core::iter::successors(before, |line| self.products.get(*line)?.2)
    }
}

const PLACES: usize = 1024;

/// A hash table of lines, twice as large as there can be any.
#[derive(Debug, Default)]
struct Table {
    lines: Vec<u16>,
}

impl Table {
    fn clear(&mut self) {
        self.lines.clear();
    }

    /// Puts a line in the place of the one that is the same, and returns that one.
    fn put(&mut self, hash: usize, line: usize, same: impl Fn(usize) -> bool) -> Option<usize> {
        if self.lines.is_empty() {
            self.lines = vec![0; PLACES];
        }
        let own = u16::try_from(line.saturating_add(1)).unwrap_or(u16::MAX);
        let mut at = hash;
        loop {
            at %= PLACES;
            let place = self.lines.get_mut(at)?;
            let taken = usize::from(*place).checked_sub(1);
            if taken.is_none_or(&same) {
                *place = own;
                return taken;
            }
            at = at.wrapping_add(1);
        }
    }
}

#[inline]
fn hash(text: Text<'_>, seed: i64) -> usize {
    match text.has_escapes {
        false => hash_of(text.raw.as_bytes(), seed),
        true => hash_of(text.unescaped().as_bytes(), seed),
    }
}

/// Ids of one shop often differ in a few bytes at either end.
#[inline(never)]
fn hash_of(bytes: &[u8], seed: i64) -> usize {
    let (first, last) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
    };
    let mixed = first ^ last.rotate_left(29) ^ seed.cast_unsigned().rotate_left(13);
    let spread = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54;
    usize::try_from(spread).unwrap_or(0)
}
