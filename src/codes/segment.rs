//! A table of codes: quotiented, sorted fingerprints and columns beside them, read in place.
//!
//! ```text
//! head        format u8 = 1, directory bits u8, columns' widths 6 x u8, count u32, sequence u32, epoch u32,
//!             campaigns u16, then per campaign a length u8 and the id; then 6 x u64, the values that are the same for all
//! directory   u32[2^bits + 1]: where the fingerprints with these first bits begin
//! remainders  count x r bytes, r = 8 - bits / 8: the lowest bits, sorted within their place of the directory
//! columns     in the order of the head, each count x width bits, padded to a byte
//! ```
//!
//! All numbers are little-endian. The directory has as many bits as leave about sixteen codes to a place, at most sixteen; a
//! place and a remainder make the whole fingerprint, so that segments can be merged without the codes.

use alloc::vec::Vec;
use core::str;

use super::column::{self, Column};
use super::fingerprint::Fingerprint;
use super::{MAX_CAMPAIGNS, MAX_CODES, MAX_ID_BYTES};
use crate::error::{Diagnostic, Document, Error};

/// The number of this format.
pub(super) const FORMAT: u8 = 1;
/// Most bits of a directory.
pub(super) const MAX_DIRECTORY_BITS: u8 = 16;
/// Codes to a place of the directory, on average.
pub(super) const PER_PLACE: usize = 16;

/// An opened segment.
#[derive(Clone, Debug)]
pub struct Segment<'a> {
    directory_bits: u8,
    /// Bytes of a remainder.
    width: usize,
    widths: [u8; Column::COUNT],
    count: usize,
    sequence: u32,
    epoch: u32,
    campaigns: Vec<&'a str>,
    constants: [u64; Column::COUNT],
    directory: &'a [u8],
    remainders: &'a [u8],
    columns: [&'a [u8]; Column::COUNT],
}

/// What a segment knows of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The campaign that it belongs to.
    pub campaign: &'a str,
    /// What is left on it, minor units of its campaign's currency. An estimate: the ledger counts.
    pub balance: u64,
    /// A keyed hash of the customer whom it is for; zero is anyone.
    pub holder: u64,
    /// How often it may be used; zero is what the campaign says.
    pub uses: u16,
    /// The last day on which it is good, days since 1970 UTC; zero is what the campaign says.
    pub expires: u16,
    /// What has become of it, as in [`state`](super::state). An estimate: the ledger counts.
    pub state: u8,
}

/// Takes bytes from the front.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self, length: usize) -> Option<u64> {
        let bytes = self.take(length)?;
        Some(little_endian(bytes))
    }
}

/// Up to eight bytes as a number.
#[inline]
fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn malformed(what: &str) -> Error {
    Diagnostic::new("codes_malformed", what, "publish the codes again with a matching version of counterfoil")
        .at(Document::Snapshot, "/sections/codes")
        .into()
}

impl<'a> Segment<'a> {
    /// Opens the bytes of a verified section.
    ///
    /// # Errors
    /// `codes_malformed`, `format_unsupported`.
    pub fn open(bytes: &'a [u8]) -> Result<Segment<'a>, Error> {
        let format = *bytes.first().ok_or_else(|| malformed("the segment of codes is empty"))?;
        if format != FORMAT {
            let help = "update counterfoil where the snapshot is opened, or publish with the older version";
            return Err(Diagnostic::new("format_unsupported", "the codes are of another format", help)
                .number("format", i64::from(format))
                .number("supported", i64::from(FORMAT))
                .at(Document::Snapshot, "/sections/codes/format")
                .into());
        }
        let segment = Segment::read(bytes).ok_or_else(|| malformed("the segment of codes cannot be read"))?;
        match segment.is_in_order() {
            true => Ok(segment),
            false => Err(malformed("the directory of the codes is out of order")),
        }
    }

    fn read(bytes: &'a [u8]) -> Option<Segment<'a>> {
        let mut cursor = Cursor(bytes.get(1..)?);
        let directory_bits = u8::try_from(cursor.number(1)?).ok()?;
        let mut widths = [0; Column::COUNT];
        for (width, column) in widths.iter_mut().zip(Column::ALL) {
            *width = u8::try_from(cursor.number(1)?).ok()?;
            if !column.widths().contains(width) {
                return None;
            }
        }
        let count = usize::try_from(cursor.number(4)?).ok()?;
        let sequence = u32::try_from(cursor.number(4)?).ok()?;
        let epoch = u32::try_from(cursor.number(4)?).ok()?;
        let campaign_count = usize::try_from(cursor.number(2)?).ok()?;
        if count > MAX_CODES || campaign_count > MAX_CAMPAIGNS || directory_bits > MAX_DIRECTORY_BITS {
            return None;
        }
        let mut campaigns = Vec::with_capacity(campaign_count);
        for _ in 0..campaign_count {
            let length = usize::try_from(cursor.number(1)?).ok()?;
            if length == 0 || length > MAX_ID_BYTES {
                return None;
            }
            campaigns.push(str::from_utf8(cursor.take(length)?).ok()?);
        }
        let mut constants = [0; Column::COUNT];
        for constant in &mut constants {
            *constant = cursor.number(8)?;
        }
        let width = remainder_bytes(directory_bits);
        let places = 1_usize.checked_shl(u32::from(directory_bits))?;
        let directory = cursor.take(places.checked_add(1)?.checked_mul(4)?)?;
        let remainders = cursor.take(count.checked_mul(width)?)?;
        let mut columns: [&[u8]; Column::COUNT] = [&[]; Column::COUNT];
        for (column, width) in columns.iter_mut().zip(widths) {
            *column = cursor.take(column::bytes(count, width))?;
        }
        cursor.0.is_empty().then_some(Segment {
            directory_bits,
            width,
            widths,
            count,
            sequence,
            epoch,
            campaigns,
            constants,
            directory,
            remainders,
            columns,
        })
    }

    /// Whether places follow one another from nothing to all codes.
    fn is_in_order(&self) -> bool {
        let mut last = 0;
        let mut rises = true;
        for start in self.directory.chunks_exact(4).map(little_endian) {
            rises &= last <= start;
            last = start;
        }
        rises && little_endian(self.directory.get(..4).unwrap_or(&[])) == 0 && usize::try_from(last) == Ok(self.count)
    }

    /// How many codes it has.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Its place among the segments of a shop: what a later one says holds.
    pub fn sequence(&self) -> u32 {
        self.sequence
    }

    /// The epoch of the pepper under which its fingerprints are.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// The ids of its campaigns.
    pub fn campaigns(&self) -> &[&'a str] {
        &self.campaigns
    }

    /// What is known of a code; `None` when it is not here.
    #[inline]
    pub fn find(&self, fingerprint: Fingerprint) -> Option<Entry<'a>> {
        self.rank(fingerprint).map(|rank| self.entry(rank))
    }

    fn rank(&self, Fingerprint(bits): Fingerprint) -> Option<usize> {
        let place = usize::try_from(place_of(bits, self.directory_bits)).ok()?;
        let bounds = self.directory.get(place.checked_mul(4)?..place.checked_mul(4)?.checked_add(8)?)?;
        let (from, until) = bounds.split_at_checked(4)?;
        let (from, until) = (usize::try_from(little_endian(from)).ok()?, usize::try_from(little_endian(until)).ok()?);
        let of_place = self.remainders.get(from.checked_mul(self.width)?..until.checked_mul(self.width)?)?;
        let wanted = remainder_of(bits, self.width);
        let mut remainders = of_place.chunks_exact(self.width).map(little_endian);
        let found = remainders.position(|remainder| remainder >= wanted)?;
        let rank = from.checked_add(found)?;
        (self.remainder(rank) == wanted).then_some(rank)
    }

    fn remainder(&self, rank: usize) -> u64 {
        let from = rank.saturating_mul(self.width);
        self.remainders.get(from..from.saturating_add(self.width)).map_or(u64::MAX, little_endian)
    }

    fn value(&self, column: Column, rank: usize) -> u64 {
        let place = column.place();
        let at = |list: &[u64; Column::COUNT]| list.get(place).copied().unwrap_or(0);
        match (self.widths.get(place), self.columns.get(place)) {
            (Some(width), Some(values)) if *width > 0 => column::get(values, *width, rank),
            _ => at(&self.constants),
        }
    }

    fn entry(&self, rank: usize) -> Entry<'a> {
        let small = |column: Column| u16::try_from(self.value(column, rank)).unwrap_or(u16::MAX);
        let campaign = usize::from(small(Column::Campaign));
        Entry {
            campaign: self.campaigns.get(campaign).copied().unwrap_or_default(),
            balance: self.value(Column::Balance, rank),
            holder: self.value(Column::Holder, rank),
            uses: small(Column::Uses),
            expires: small(Column::Expires),
            state: u8::try_from(self.value(Column::State, rank)).unwrap_or(super::state::REVOKED),
        }
    }

    /// All codes with what is known of them, by rising fingerprint.
    pub(super) fn each(&self, mut visit: impl FnMut(Fingerprint, Entry<'a>)) {
        let starts = self.directory.chunks_exact(4).map(little_endian);
        let ends = self.directory.chunks_exact(4).skip(1).map(little_endian);
        for (place, (from, until)) in (0_u64..).zip(starts.zip(ends)) {
            let first = match self.directory_bits {
                0 => 0,
                bits => place << 64_u8.saturating_sub(bits),
            };
            for rank in from..until {
                let rank = usize::try_from(rank).unwrap_or(usize::MAX);
                visit(Fingerprint(first | self.remainder(rank)), self.entry(rank));
            }
        }
    }
}

/// The place of a fingerprint in a directory: its first bits.
#[inline]
pub(super) fn place_of(bits: u64, directory_bits: u8) -> u64 {
    match directory_bits {
        0 => 0,
        directory_bits => bits >> 64_u8.saturating_sub(directory_bits),
    }
}

/// How many bytes are kept beside a place, so that both make the whole fingerprint.
#[inline]
pub(super) fn remainder_bytes(directory_bits: u8) -> usize {
    8_usize.saturating_sub(usize::from(directory_bits >> 3))
}

/// What is kept of a fingerprint beside its place: its last bytes.
#[inline]
pub(super) fn remainder_of(bits: u64, bytes: usize) -> u64 {
    let dropped = 64_usize.saturating_sub(bytes << 3);
    bits << dropped >> dropped
}

/// The directory for so many codes.
pub(super) fn directory_bits(count: usize) -> u8 {
    let places = count.div_ceil(PER_PLACE).max(1).next_power_of_two();
    u8::try_from(places.trailing_zeros()).unwrap_or(MAX_DIRECTORY_BITS).min(MAX_DIRECTORY_BITS)
}
