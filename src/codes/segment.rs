//! A table of codes: quotiented, sorted fingerprints and columns beside them, read in place.
//!
//! ```text
//! head        format u8 = 1, directory bits u8, columns' widths 6 x u8, count u32, sequence u32, pepper u32,
//!             campaigns u16, then per campaign a length u8 and its name; then 6 x u64, the values that are the same for all
//! directory   u32[2^bits + 1]: where the fingerprints with these first bits begin
//! remainders  count x r bytes, r = 8 - bits / 8: the lowest bits, sorted within their place of the directory
//! columns     in the order of the head, each count x width bits, padded to a byte
//! ```
//!
//! All numbers are little-endian. The directory has as many bits as leave about sixteen codes to a place, at most sixteen; a
//! place and a remainder make the whole fingerprint, so that segments can be merged without the codes.

use alloc::vec::Vec;
use core::ops::Range;
use core::str;

use super::column::{self, Column};
use super::fingerprint::Fingerprint;
use super::{MAX_CAMPAIGNS, MAX_CODES, MAX_NAME_BYTES};
use crate::error::{Diagnostic, Document, Error};

/// The number of this format.
pub(super) const FORMAT: u8 = 1;
/// Most bits of a directory.
pub(super) const MAX_DIRECTORY_BITS: u8 = 16;
/// Codes to a place of the directory, on average.
pub(super) const PER_PLACE: usize = 16;

/// Where everything stands in the bytes of a segment that has been checked.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    directory_bits: u8,
    /// Bytes of a remainder.
    width: usize,
    widths: [u8; Column::COUNT],
    count: usize,
    sequence: u32,
    pepper: u32,
    campaigns: Vec<Range<usize>>,
    constants: [u64; Column::COUNT],
    directory: Range<usize>,
    remainders: Range<usize>,
    columns: [Range<usize>; Column::COUNT],
}

/// An opened segment.
#[derive(Clone, Debug)]
pub struct Segment<'a> {
    bytes: &'a [u8],
    layout: Layout,
}

/// What a segment knows of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The campaign that it belongs to, as the batch names it.
    pub campaign: &'a str,
    /// The place of that campaign in the batch.
    pub place: u16,
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

/// Goes through bytes from the front.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    /// Where the next so many bytes stand.
    fn pass(&mut self, length: usize) -> Option<Range<usize>> {
        let from = self.at;
        self.at = from.checked_add(length).filter(|until| *until <= self.bytes.len())?;
        Some(from..self.at)
    }

    fn number(&mut self, length: usize) -> Option<u64> {
        let range = self.pass(length)?;
        self.bytes.get(range).map(little_endian)
    }
}

/// Up to eight bytes as a number.
#[inline]
fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

pub(super) fn malformed(what: &str) -> Error {
    Diagnostic::new("codes_malformed", what, "publish the codes again with a matching version of counterfoil")
        .at(Document::Snapshot, "/sections/codes")
        .into()
}

impl Layout {
    /// Reads the bytes of a verified section.
    pub(super) fn open(bytes: &[u8]) -> Result<Layout, Error> {
        let format = *bytes.first().ok_or_else(|| malformed("the segment of codes is empty"))?;
        if format != FORMAT {
            let help = "update counterfoil where the snapshot is opened, or publish with the older version";
            return Err(Diagnostic::new("format_unsupported", "the codes are of another format", help)
                .number("format", i64::from(format))
                .number("supported", i64::from(FORMAT))
                .at(Document::Snapshot, "/sections/codes/format")
                .into());
        }
        let layout = Layout::read(bytes).ok_or_else(|| malformed("the segment of codes cannot be read"))?;
        match layout.is_in_order(bytes) {
            true => Ok(layout),
            false => Err(malformed("the directory of the codes is out of order")),
        }
    }

    fn read(bytes: &[u8]) -> Option<Layout> {
        let mut cursor = Cursor { bytes, at: 1 };
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
        let pepper = u32::try_from(cursor.number(4)?).ok()?;
        let campaign_count = usize::try_from(cursor.number(2)?).ok()?;
        if count > MAX_CODES || campaign_count > MAX_CAMPAIGNS || directory_bits > MAX_DIRECTORY_BITS {
            return None;
        }
        let mut campaigns = Vec::with_capacity(campaign_count);
        for _ in 0..campaign_count {
            let length = usize::try_from(cursor.number(1)?).ok()?;
            if length == 0 || length > MAX_NAME_BYTES {
                return None;
            }
            let name = cursor.pass(length)?;
            str::from_utf8(bytes.get(name.clone())?).ok()?;
            campaigns.push(name);
        }
        let mut constants = [0; Column::COUNT];
        for constant in &mut constants {
            *constant = cursor.number(8)?;
        }
        let width = remainder_bytes(directory_bits);
        let places = 1_usize.checked_shl(u32::from(directory_bits))?;
        let directory = cursor.pass(places.checked_add(1)?.checked_mul(4)?)?;
        let remainders = cursor.pass(count.checked_mul(width)?)?;
        let mut columns = [const { 0..0 }; Column::COUNT];
        for (column, width) in columns.iter_mut().zip(widths) {
            *column = cursor.pass(column::bytes(count, width))?;
        }
        (cursor.at == bytes.len()).then_some(Layout {
            directory_bits,
            width,
            widths,
            count,
            sequence,
            pepper,
            campaigns,
            constants,
            directory,
            remainders,
            columns,
        })
    }

    /// Whether places follow one another from nothing to all codes.
    fn is_in_order(&self, bytes: &[u8]) -> bool {
        let mut last = 0;
        let mut rises = true;
        let directory = bytes.get(self.directory.clone()).unwrap_or(&[]);
        for start in directory.chunks_exact(4).map(little_endian) {
            rises &= last <= start;
            last = start;
        }
        rises && little_endian(directory.get(..4).unwrap_or(&[])) == 0 && usize::try_from(last) == Ok(self.count)
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    pub(super) fn sequence(&self) -> u32 {
        self.sequence
    }

    pub(super) fn pepper(&self) -> u32 {
        self.pepper
    }

    /// The campaigns of the batch, as it names them.
    pub(super) fn campaigns<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = &'a str> + 'a {
        self.campaigns.iter().map(|name| name_at(bytes, name))
    }

    /// What is known of a code; `None` when it is not here.
    #[inline]
    pub(super) fn find<'a>(&self, bytes: &'a [u8], fingerprint: Fingerprint) -> Option<Entry<'a>> {
        self.rank(bytes, fingerprint).map(|rank| self.entry(bytes, rank))
    }

    fn rank(&self, bytes: &[u8], Fingerprint(bits): Fingerprint) -> Option<usize> {
        let place = usize::try_from(place_of(bits, self.directory_bits)).ok()?.checked_mul(4)?;
        let bounds = bytes.get(self.directory.clone())?.get(place..place.checked_add(8)?)?;
        let (from, until) = bounds.split_at_checked(4)?;
        let (from, until) = (usize::try_from(little_endian(from)).ok()?, usize::try_from(little_endian(until)).ok()?);
        let remainders = bytes.get(self.remainders.clone())?;
        let of_place = remainders.get(from.checked_mul(self.width)?..until.checked_mul(self.width)?)?;
        let wanted = remainder_of(bits, self.width);
        for (rank, remainder) in (from..).zip(of_place.chunks_exact(self.width).map(little_endian)) {
            if remainder >= wanted {
                return (remainder == wanted).then_some(rank);
            }
        }
        None
    }

    fn remainder(&self, bytes: &[u8], rank: usize) -> u64 {
        let from = self.remainders.start.saturating_add(rank.saturating_mul(self.width));
        bytes.get(from..from.saturating_add(self.width)).map_or(u64::MAX, little_endian)
    }

    fn value(&self, bytes: &[u8], column: Column, rank: usize) -> u64 {
        let place = column.place();
        match (self.widths.get(place), self.columns.get(place)) {
            (Some(width), Some(values)) if *width > 0 => {
                column::get(bytes.get(values.clone()).unwrap_or(&[]), *width, rank)
            }
            _ => self.constants.get(place).copied().unwrap_or(0),
        }
    }

    fn entry<'a>(&self, bytes: &'a [u8], rank: usize) -> Entry<'a> {
        let small = |column: Column| u16::try_from(self.value(bytes, column, rank)).unwrap_or(u16::MAX);
        let place = small(Column::Campaign);
        Entry {
            campaign: self.campaigns.get(usize::from(place)).map_or("", |name| name_at(bytes, name)),
            place,
            balance: self.value(bytes, Column::Balance, rank),
            holder: self.value(bytes, Column::Holder, rank),
            uses: small(Column::Uses),
            expires: small(Column::Expires),
            state: u8::try_from(self.value(bytes, Column::State, rank)).unwrap_or(super::state::REVOKED),
        }
    }
}

/// A name that was found to be text when the segment was opened.
fn name_at<'a>(bytes: &'a [u8], name: &Range<usize>) -> &'a str {
    bytes.get(name.clone()).and_then(|name| str::from_utf8(name).ok()).unwrap_or_default()
}

impl<'a> Segment<'a> {
    /// Opens the bytes of a verified section.
    ///
    /// # Errors
    /// `codes_malformed`, `format_unsupported`.
    pub fn open(bytes: &'a [u8]) -> Result<Segment<'a>, Error> {
        Layout::open(bytes).map(|layout| Segment { bytes, layout })
    }

    /// How many codes it has.
    pub fn len(&self) -> usize {
        self.layout.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its place among the segments of a shop: what a later one says holds.
    pub fn sequence(&self) -> u32 {
        self.layout.sequence
    }

    /// The [name](super::Pepper::id) of the pepper under which its fingerprints are.
    pub fn pepper(&self) -> u32 {
        self.layout.pepper
    }

    /// Its campaigns, as the batch names them.
    pub fn campaigns(&self) -> impl Iterator<Item = &'a str> + '_ {
        let bytes = self.bytes;
        self.layout.campaigns.iter().map(move |name| name_at(bytes, name))
    }

    /// What is known of a code; `None` when it is not here.
    #[inline]
    pub fn find(&self, fingerprint: Fingerprint) -> Option<Entry<'a>> {
        self.layout.find(self.bytes, fingerprint)
    }

    /// All codes with what is known of them, by rising fingerprint.
    pub(super) fn each(&self, mut visit: impl FnMut(Fingerprint, Entry<'a>)) {
        let Segment { bytes, layout } = self;
        let directory = bytes.get(layout.directory.clone()).unwrap_or(&[]);
        let starts = directory.chunks_exact(4).map(little_endian);
        let ends = directory.chunks_exact(4).skip(1).map(little_endian);
        for (place, (from, until)) in (0_u64..).zip(starts.zip(ends)) {
            let first = match layout.directory_bits {
                0 => 0,
                bits => place << 64_u8.saturating_sub(bits),
            };
            for rank in from..until {
                let rank = usize::try_from(rank).unwrap_or(usize::MAX);
                visit(Fingerprint(first | layout.remainder(bytes, rank)), layout.entry(bytes, rank));
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
