//! Vocabularies of which a part is told apart: what only sealed campaigns name is in nobody's hands but those of who has the
//! code. Numbers are the same whatever is told.

use super::{Dimension, Figure, SelectorSet, Spelling, Subject, Vocabulary, NOT_COVERED};
use crate::packed::packed;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;

/// What was asked of a vocabulary while something was compiled, by its numbers.
#[derive(Clone, Debug, Default)]
pub struct Used {
    /// Dimensions.
    pub(super) dimensions: BTreeSet<u16>,
    /// Words, by their places.
    pub(super) words: BTreeSet<u32>,
    /// Rows of amounts.
    pub(super) amounts: BTreeSet<u32>,
    /// Numbers that are compared.
    pub(super) numbers: BTreeSet<u32>,
    /// Numbers of lines that are compared.
    pub(super) line_numbers: BTreeSet<u32>,
    /// Selectors of several words.
    pub(super) selectors: BTreeSet<u32>,
}

/// How much of a vocabulary is told to everyone: so many of each.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    pub(super) dimensions: usize,
    pub(super) words: usize,
    /// Rows.
    pub(super) amounts: usize,
    pub(super) numbers: usize,
    pub(super) line_numbers: usize,
    pub(super) selectors: usize,
}

packed! {
    /// What one campaign names beyond what everyone is told, each at its place.
    #[derive(Clone, Debug, Default, PartialEq, Serialize)]
    pub struct VocabularyPart {
        /// Dimensions.
        pub dimensions: Vec<(u16, Dimension)>,
        /// Words.
        pub words: Vec<(u32, (u16, Spelling))>,
        /// Rows of amounts.
        pub amounts: Vec<(u32, Vec<i64>)>,
        /// Numbers of the customer and the situation.
        pub numbers: Vec<(u32, Figure)>,
        /// Numbers of lines.
        pub line_numbers: Vec<(u32, u16)>,
        /// Selectors of several words.
        pub selectors: Vec<(u32, SelectorSet)>,
    }
}

/// What nothing is called: what stands for a part that is not told is of this dimension, and no request has it.
pub(super) const NOTHING: &str = "";

/// The members of a list from `from` on that were used, each with its place.
fn used<'v, N: Copy + Into<u32>, T: Clone + 'v>(
    of: &'v BTreeSet<N>,
    list: &'v [T],
    from: usize,
) -> impl Iterator<Item = (N, T)> + 'v {
    of.iter().filter_map(move |place| {
        let at = usize::try_from((*place).into()).ok()?;
        (at >= from).then(|| Some((*place, list.get(at)?.clone())))?
    })
}

/// The last place that a part may name, so that none makes a reader reserve what it has not.
const LAST: usize = 1 << 20;

/// Puts a member at its place, with blanks before it where there is nothing yet.
fn put<T: Clone>(list: &mut Vec<T>, place: u32, member: T, blank: &T) -> Option<()> {
    let place = usize::try_from(place).ok().filter(|place| *place <= LAST)?;
    if list.len() <= place {
        list.resize(place.saturating_add(1), blank.clone());
    }
    *list.get_mut(place)? = member;
    Some(())
}

impl Vocabulary {
    /// What was used beyond what everyone is told.
    pub fn part(&self, of: &Used, told: Told) -> VocabularyPart {
        let columns = self.currencies.len();
        let rows: Vec<&[i64]> = self.amounts.chunks(columns.max(1)).collect();
        let rows = used(&of.amounts, &rows, told.amounts).map(|(place, row)| (place, row.to_vec()));
        VocabularyPart {
            dimensions: used(&of.dimensions, &self.dimensions, told.dimensions).collect(),
            words: used(&of.words, &self.words, told.words).collect(),
            amounts: rows.collect(),
            numbers: used(&of.numbers, &self.numbers, told.numbers).collect(),
            line_numbers: used(&of.line_numbers, &self.line_numbers, told.line_numbers).collect(),
            selectors: used(&of.selectors, &self.selectors, told.selectors).collect(),
        }
    }

    /// Keeps only what everyone is told. Currencies stay: they are the columns of all amounts.
    pub fn keep(&mut self, told: Told) {
        self.dimensions.truncate(told.dimensions);
        self.words.truncate(told.words);
        self.amounts.truncate(told.amounts.saturating_mul(self.currencies.len()));
        self.numbers.truncate(told.numbers);
        self.line_numbers.truncate(told.line_numbers);
        self.selectors.truncate(told.selectors);
    }

    /// Takes a part up again. What is still not told between its members is blank: it is of a dimension that no request has.
    /// `None` where the part is not of this vocabulary.
    pub fn take(&mut self, part: &VocabularyPart) -> Option<()> {
        let nothing = Dimension { of: Subject::Fact, name: String::from(NOTHING) };
        let blank = self.dimensions.iter().position(|known| *known == nothing)?;
        let blank = u16::try_from(blank).ok()?;
        let columns = self.currencies.len();
        for (place, dimension) in &part.dimensions {
            put(&mut self.dimensions, u32::from(*place), dimension.clone(), &nothing)?;
        }
        for (place, word) in &part.words {
            put(&mut self.words, *place, word.clone(), &(blank, Spelling::Number(i64::MIN)))?;
        }
        for (place, row) in &part.amounts {
            let from = usize::try_from(*place).ok()?.checked_mul(columns)?;
            let until = from.checked_add(columns)?;
            if row.len() != columns || until > LAST {
                return None;
            }
            if self.amounts.len() < until {
                self.amounts.resize(until, NOT_COVERED);
            }
            self.amounts.get_mut(from..until)?.copy_from_slice(row);
        }
        for (place, number) in &part.numbers {
            put(&mut self.numbers, *place, *number, &Figure::Attribute(blank))?;
        }
        for (place, dimension) in &part.line_numbers {
            put(&mut self.line_numbers, *place, *dimension, &blank)?;
        }
        for (place, set) in &part.selectors {
            put(&mut self.selectors, *place, set.clone(), &SelectorSet::default())?;
        }
        Some(())
    }
}
