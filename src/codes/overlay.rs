//! Segments over segments: what a later one says of a code holds.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::build::{build, Batch, Issued};
use super::fingerprint::Fingerprint;
use super::segment::{Entry, Segment};
use super::{state, MAX_CODES, MAX_SEGMENTS};
use crate::error::{Diagnostic, Document, Error};

/// The codes of a shop: its segments, the latest first.
#[derive(Clone, Debug, Default)]
pub struct Codes<'a> {
    segments: Vec<Segment<'a>>,
}

impl<'a> Codes<'a> {
    /// Opens the segments of a verified snapshot, in any order.
    ///
    /// # Errors
    /// What [`Segment::open`] refuses; `too_many_sections`; `codes_malformed` when two have the same sequence.
    pub fn open(sections: &[&'a [u8]]) -> Result<Codes<'a>, Error> {
        check_count(sections.len())?;
        let mut segments = sections.iter().map(|bytes| Segment::open(bytes)).collect::<Result<Vec<_>, _>>()?;
        segments.sort_by_key(|segment| core::cmp::Reverse(segment.sequence()));
        check(segments.iter().map(|segment| (segment.sequence(), segment.pepper(), segment.len())))?;
        Ok(Codes { segments })
    }

    /// What is known of a code: what the latest segment that has it says. One that has been taken back is told as such.
    #[inline]
    pub fn find(&self, fingerprint: Fingerprint) -> Option<Entry<'a>> {
        self.segments.iter().find_map(|segment| segment.find(fingerprint))
    }

    /// All codes by rising fingerprint, each with what the latest segment that has it says.
    pub fn all(&self) -> Vec<(Fingerprint, Entry<'a>)> {
        // the first to say something of a code is the latest segment; one stable sort brings them together
        let mut all = Vec::with_capacity(self.entries());
        for segment in &self.segments {
            segment.each(|fingerprint, entry| all.push((fingerprint, entry)));
        }
        all.sort_by_key(|(fingerprint, _)| *fingerprint);
        all.dedup_by_key(|(fingerprint, _)| *fingerprint);
        all
    }

    /// How many entries all segments have together.
    pub fn entries(&self) -> usize {
        self.segments.iter().map(Segment::len).sum()
    }

    /// The segments, the latest first.
    pub fn segments(&self) -> &[Segment<'a>] {
        &self.segments
    }

    /// Whether the segments over the first one have grown so much that one segment is better: more than a twentieth of it.
    pub fn wants_compaction(&self) -> bool {
        let base = self.segments.last().map_or(0, Segment::len);
        let over = self.entries().saturating_sub(base);
        over.saturating_mul(20) > base
    }
}

fn refused(code: &'static str, message: &str, help: &str) -> Error {
    Diagnostic::new(code, message, help).at(Document::Snapshot, "/sections/codes").into()
}

/// Whether so many segments can be looked through together.
pub(super) fn check_count(segments: usize) -> Result<(), Error> {
    if segments > MAX_SEGMENTS {
        let message = "there are too many segments of codes";
        return Err(refused("too_many_sections", message, "compact them and publish again"));
    }
    Ok(())
}

/// Whether segments, the latest first, can stand together: each with its sequence, its pepper and how many codes it has.
pub(super) fn check(segments: impl Iterator<Item = (u32, u32, usize)>) -> Result<(), Error> {
    let (mut before, mut codes) = (None, 0_usize);
    for (sequence, pepper, count) in segments {
        if before.is_some_and(|(last, _)| last == sequence) {
            let help = "give each batch a higher sequence than the one before and publish again";
            return Err(refused("codes_malformed", "two segments of codes have the same sequence", help));
        }
        if before.is_some_and(|(_, other)| other != pepper) {
            let help = "publish all codes again under one pepper";
            return Err(refused("codes_malformed", "the segments of codes are of different peppers", help));
        }
        before = Some((sequence, pepper));
        codes = codes.saturating_add(count);
    }
    if codes > MAX_CODES {
        let help = "take codes that have ended out of the lists; an isolate has no memory for more";
        return Err(refused("too_many_codes", "there are too many codes", help));
    }
    Ok(())
}

/// One segment that says what all of them say; codes that have been taken back are gone. It needs no code and no pepper.
///
/// # Errors
/// What [`build`] refuses.
pub fn compact(codes: &Codes<'_>, sequence: u32) -> Result<Vec<u8>, Error> {
    let mut campaigns: BTreeMap<&str, u16> = BTreeMap::new();
    for id in codes.segments.iter().flat_map(Segment::campaigns) {
        campaigns.entry(id).or_insert(0);
    }
    for (place, number) in campaigns.values_mut().zip(0..=u16::MAX) {
        *place = number;
    }
    let issued = |(fingerprint, entry): (Fingerprint, Entry<'_>)| Issued {
        fingerprint,
        campaign: campaigns.get(entry.campaign).copied().unwrap_or(u16::MAX),
        balance: entry.balance,
        holder: entry.holder,
        uses: entry.uses,
        expires: entry.expires,
        state: entry.state,
    };
    let mut all: Vec<Issued> = codes.all().into_iter().map(issued).collect();
    all.retain(|issued| issued.state != state::REVOKED);
    let batch = Batch {
        sequence,
        pepper: codes.segments.first().map_or(0, Segment::pepper),
        campaigns: campaigns.keys().map(ToString::to_string).collect::<Vec<String>>(),
    };
    build(&batch, all)
}
