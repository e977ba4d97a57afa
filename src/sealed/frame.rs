//! The section of boxes: fixed fields, little-endian, read in place.
//!
//! | part | form |
//! |---|---|
//! | format | u8: 1 |
//! | memory | u32, KiB |
//! | passes | u8 |
//! | salt | 16 bytes |
//! | count n | u32 |
//! | directory | n × (id: 16 bytes, blocks: u16), by rising id |
//! | boxes | in the same order, each blocks × 128 bytes; the section ends with the last |

use alloc::vec::Vec;

use super::{Cost, BLOCK, MAX_BOXES, MAX_COST};

const FORMAT: u8 = 1;
/// Bytes of an entry.
const ENTRY: usize = 18;

/// A section whose parts fit together.
pub(super) struct Frame<'a> {
    pub(super) cost: Cost,
    pub(super) salt: &'a [u8; 16],
    directory: &'a [[u8; ENTRY]],
    boxes: &'a [u8],
}

/// Writes a section of boxes, which are in order and each some blocks long.
pub(super) fn write(cost: Cost, salt: &[u8; 16], boxes: &[([u8; 16], Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.push(FORMAT);
    bytes.extend_from_slice(&cost.memory.to_le_bytes());
    bytes.push(cost.passes);
    bytes.extend_from_slice(salt);
    bytes.extend_from_slice(&u32::try_from(boxes.len()).unwrap_or(u32::MAX).to_le_bytes());
    for (id, bytes_of) in boxes {
        bytes.extend_from_slice(id);
        let blocks = u16::try_from(bytes_of.len().div_euclid(BLOCK)).unwrap_or(u16::MAX);
        bytes.extend_from_slice(&blocks.to_le_bytes());
    }
    boxes.iter().for_each(|(_, bytes_of)| bytes.extend_from_slice(bytes_of));
    bytes
}

impl<'a> Frame<'a> {
    /// Reads a section; `None` for anything that [`write`] does not write.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Frame<'a>> {
        let (format, rest) = bytes.split_first()?;
        let (memory, rest) = rest.split_first_chunk::<4>()?;
        let (passes, rest) = rest.split_first()?;
        let (salt, rest) = rest.split_first_chunk::<16>()?;
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let count = usize::try_from(u32::from_le_bytes(*count)).ok()?;
        let cost = Cost { memory: u32::from_le_bytes(*memory), passes: *passes };
        let is_within = (8..=MAX_COST.memory).contains(&cost.memory) && (1..=MAX_COST.passes).contains(&cost.passes);
        if *format != FORMAT || !is_within || count > MAX_BOXES || !count.is_power_of_two() {
            return None;
        }
        let (directory, boxes) = rest.split_at_checked(count.checked_mul(ENTRY)?)?;
        let (directory, _) = directory.as_chunks::<ENTRY>();
        let rises = directory.is_sorted_by(|one, next| id(one) < id(next));
        let length =
            directory.iter().fold(0_usize, |sum, entry| sum.saturating_add(blocks(entry))).checked_mul(BLOCK)?;
        let is_whole = directory.iter().all(|entry| blocks(entry) > 0) && length == boxes.len();
        (rises && is_whole).then_some(Frame { cost, salt, directory, boxes })
    }

    /// The box of an id.
    pub(super) fn find(&self, wanted: &[u8; 16]) -> Option<&'a [u8]> {
        let at = self.directory.binary_search_by(|entry| id(entry).cmp(wanted)).ok()?;
        let before = self.directory.get(..at)?.iter().fold(0_usize, |sum, entry| sum.saturating_add(blocks(entry)));
        let from = before.checked_mul(BLOCK)?;
        self.boxes.get(from..from.checked_add(blocks(self.directory.get(at)?).checked_mul(BLOCK)?)?)
    }
}

fn id(entry: &[u8; ENTRY]) -> &[u8] {
    entry.get(..16).unwrap_or_default()
}

fn blocks(entry: &[u8; ENTRY]) -> usize {
    entry.last_chunk::<2>().map_or(0, |blocks| usize::from(u16::from_le_bytes(*blocks)))
}
