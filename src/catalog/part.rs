//! Campaigns that are sealed: everyone's section has a blank in their place, and what is missing is a part, which who knows a
//! code of the campaign puts back.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::section::{Budget, Record, Section, FORMAT};
use crate::packed::{packed, unpack};
use crate::vocabulary::{AmountRow, VocabularyPart};

packed! {
    /// What a section lacks of one campaign.
    #[derive(Clone, Debug, Serialize)]
    pub struct Part {
        /// That of the section.
        pub format: u16,
        /// The place of its record.
        pub place: u32,
        /// Its [`Record`], encoded.
        pub record: Vec<u8>,
        /// Budgets that only sealed campaigns draw from, at their places.
        pub budgets: Vec<(u32, Budget)>,
        /// What it names.
        pub vocabulary: VocabularyPart,
    }
}

/// What stands in a section where a campaign is sealed.
pub fn blank() -> Vec<u8> {
    postcard::to_allocvec(&Record::nothing()).unwrap_or_default()
}

/// A section with blanks in these places; none of them may be filed under a word.
pub fn with_blanks(section: &[u8], places: &[u32]) -> Option<Vec<u8>> {
    let mut section: Section = unpack(section)?;
    for place in places {
        *section.records.get_mut(usize::try_from(*place).ok()?)? = blank();
    }
    postcard::to_allocvec(&section).ok()
}

/// A section with a campaign put back that this code opens, in its normal form. `None` where the part is not of this section.
pub fn with_part(section: &[u8], code: String, part: &[u8]) -> Option<Vec<u8>> {
    let part: Part = unpack(part)?;
    let mut section: Section = unpack(section)?;
    if part.format != FORMAT || section.format != FORMAT {
        return None;
    }
    section.vocabulary.take(&part.vocabulary)?;
    *section.records.get_mut(usize::try_from(part.place).ok()?)? = part.record;
    for (place, budget) in part.budgets {
        let place = usize::try_from(place).ok().filter(|place| *place <= section.records.len())?;
        if section.budgets.len() <= place {
            let nothing = Budget { id: String::new(), amount: AmountRow(0) };
            section.budgets.resize(place.saturating_add(1), nothing);
        }
        *section.budgets.get_mut(place)? = budget;
    }
    if let Err(at) = section.codes.binary_search_by(|(known, _)| known.cmp(&code)) {
        section.codes.insert(at, (code, part.place));
    }
    // no record is filed under a word that was not told before
    let filed = *section.index.starts.last()?;
    section.index.starts.resize(section.vocabulary.word_count().saturating_add(1), filed);
    postcard::to_allocvec(&section).ok()
}
