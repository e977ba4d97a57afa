//! The codes of an opened snapshot: its segments where they stand in the file, which the register keeps, and the pepper
//! that finds codes in them.

use alloc::vec::Vec;
use core::ops::Range;

use super::fingerprint::{Fingerprint, Pepper};
use super::overlay;
use super::segment::{malformed, Entry, Layout};
use crate::error::{Diagnostic, Document, Error};

/// The codes of a shop, ready to be asked.
#[derive(Debug)]
pub struct Register {
    /// The whole file: segments are read where they stand, so that a million codes are in memory once.
    file: Vec<u8>,
    /// The latest first.
    segments: Vec<Kept>,
    pepper: Pepper,
}

#[derive(Debug)]
struct Kept {
    at: Range<usize>,
    layout: Layout,
    /// The campaigns of the batch by the numbers that their host knows them by, each with its currency.
    campaigns: Vec<(u32, Option<[u8; 3]>)>,
}

/// A code that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<'a> {
    /// What is known of it.
    pub entry: Entry<'a>,
    /// The number by which the host knows its campaign.
    pub campaign: u32,
    /// The currency of its balance, where its campaign's codes have one.
    pub currency: Option<[u8; 3]>,
    /// What is kept of the code itself.
    pub fingerprint: Fingerprint,
}

impl Register {
    /// Opens the segments at these places of a verified file. `number` tells by which number the host knows a campaign;
    /// codes of one that it does not know are not found.
    ///
    /// # Errors
    /// `pepper_unknown` when none of the peppers is the one of the codes; what [`Codes::open`](super::Codes::open) refuses.
    pub fn open(
        file: Vec<u8>,
        sections: &[Range<usize>],
        peppers: &[Pepper],
        number: impl Fn(&str) -> Option<u32>,
    ) -> Result<Register, Error> {
        overlay::check_count(sections.len())?;
        let mut segments = Vec::with_capacity(sections.len());
        for at in sections {
            let bytes = file.get(at.clone()).ok_or_else(|| malformed("a segment of codes is not in the file"))?;
            let layout = Layout::open(bytes)?;
            let campaigns = layout.campaigns(bytes).map(|name| {
                let (id, currency) = name.split_once(':').unwrap_or((name, ""));
                (number(id).unwrap_or(u32::MAX), currency.as_bytes().try_into().ok())
            });
            let campaigns = campaigns.collect();
            segments.push(Kept { at: at.clone(), layout, campaigns });
        }
        segments.sort_by_key(|kept| core::cmp::Reverse(kept.layout.sequence()));
        let facts = segments.iter().map(|Kept { layout, .. }| (layout.sequence(), layout.pepper(), layout.len()));
        overlay::check(facts)?;
        let wanted = segments.first().map_or(0, |kept| kept.layout.pepper());
        let pepper = peppers.iter().find(|pepper| pepper.id() == wanted).ok_or_else(|| {
            let message = "the codes of the snapshot are of a pepper that this host does not have";
            let help = "give the host the pepper that the codes were published with; it may have the older one besides";
            Diagnostic::new("pepper_unknown", message, help)
                .number("pepper", i64::from(wanted))
                .at(Document::Snapshot, "/sections/codes")
        })?;
        Ok(Register { pepper: pepper.clone(), file, segments })
    }

    /// What is known of a code as it was typed: what the latest segment that has it says.
    pub fn find(&self, typed: &str) -> Option<Found<'_>> {
        let fingerprint = self.pepper.fingerprint(typed);
        self.segments.iter().find_map(|Kept { at, layout, campaigns }| {
            let entry = layout.find(self.file.get(at.clone())?, fingerprint)?;
            let (campaign, currency) = *campaigns.get(usize::from(entry.place))?;
            (campaign != u32::MAX).then_some(Found { entry, campaign, currency, fingerprint })
        })
    }

    /// Whether a code is this customer's: it is for anyone, or for them.
    pub fn is_for(&self, holder: u64, customer: Option<&str>) -> bool {
        holder == 0 || customer.is_some_and(|customer| self.pepper.holder(customer) == holder)
    }

    /// The campaigns that have codes here, by the numbers of the host.
    pub fn campaigns(&self) -> impl Iterator<Item = u32> + '_ {
        self.segments.iter().flat_map(|kept| kept.campaigns.iter().map(|(campaign, _)| *campaign))
    }

    /// How many entries all segments have together.
    pub fn entries(&self) -> usize {
        self.segments.iter().map(|kept| kept.layout.len()).sum()
    }

    /// The file that was opened.
    pub fn file(&self) -> &[u8] {
        &self.file
    }
}
