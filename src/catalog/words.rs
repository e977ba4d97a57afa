//! Looking words up by their text, for the door that reads bytes.

use crate::vocabulary::{Spelling, Subject, Vocabulary, Word};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// A hash table from (dimension, text) to word. Open addressing, at most half full.
#[derive(Debug, Default)]
pub struct WordTable {
    slots: Vec<Word>,
    mask: u32,
    /// The words that stand for many texts, each with its dimension.
    patterns: Vec<(u16, Word)>,
}

/// A text, a number, a boolean, or that there is a value: no two of them are the same key.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Boolean,
    Present,
}

fn hash(dimension: u16, kind: Kind, key: &[u8]) -> u32 {
    // FNV-1a; words are the snapshot's own, so nobody can choose them to collide
    let seed = 0x811c_9dc5_u32 ^ u32::from(dimension).wrapping_mul(0x9e37_79b1) ^ kind as u32;
    key.iter().fold(seed, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

fn hash_of(dimension: u16, spelling: &Spelling) -> u32 {
    match spelling {
        Spelling::Text(text) => hash(dimension, Kind::Text, text.as_bytes()),
        Spelling::Number(number) => hash(dimension, Kind::Number, &number.to_le_bytes()),
        Spelling::Boolean(boolean) => hash(dimension, Kind::Boolean, &[u8::from(*boolean)]),
        _ => hash(dimension, Kind::Present, &[]),
    }
}

fn is(spelling: &Spelling, kind: Kind, key: &[u8]) -> bool {
    match (spelling, kind) {
        (Spelling::Text(text), Kind::Text) => text.as_bytes() == key,
        (Spelling::Number(number), Kind::Number) => number.to_le_bytes() == key,
        (Spelling::Boolean(boolean), Kind::Boolean) => [u8::from(*boolean)] == key,
        (Spelling::Present, Kind::Present) => true,
        _ => false,
    }
}

impl WordTable {
    /// Builds the table of a vocabulary.
    pub fn build(vocabulary: &Vocabulary) -> WordTable {
        let size = vocabulary.words.len().saturating_mul(2).next_power_of_two().max(8);
        let mask = u32::try_from(size.saturating_sub(1)).unwrap_or(0);
        let mut table = WordTable { slots: vec![0; size], mask, patterns: Vec::new() };
        for (index, (dimension, spelling)) in vocabulary.words.iter().enumerate() {
            if matches!(spelling, Spelling::StartsWith(_) | Spelling::EndsWith(_) | Spelling::Contains(_)) {
                table.patterns.extend(u32::try_from(index.saturating_add(1)).map(|word| (*dimension, word)));
                continue;
            }
            let mut at = hash_of(*dimension, spelling) & table.mask;
            while table.slots.get(at as usize).is_some_and(|word| *word != 0) {
                at = at.wrapping_add(1) & table.mask;
            }
            if let (Some(slot), Ok(word)) = (table.slots.get_mut(at as usize), u32::try_from(index.saturating_add(1))) {
                *slot = word;
            }
        }
        table
    }

    /// The word for a text; zero when no rule names it.
    pub fn text(&self, vocabulary: &Vocabulary, dimension: u16, text: &[u8]) -> Word {
        self.find(vocabulary, dimension, Kind::Text, text)
    }

    /// The words of a dimension that stand for many texts.
    #[inline]
    pub fn patterns(&self, dimension: u16) -> impl Iterator<Item = Word> + '_ {
        self.patterns.iter().filter(move |(of, _)| *of == dimension).map(|(_, word)| *word)
    }

    /// The word for a whole number.
    pub fn number(&self, vocabulary: &Vocabulary, dimension: u16, number: i64) -> Word {
        self.find(vocabulary, dimension, Kind::Number, &number.to_le_bytes())
    }

    /// The word for `true` or `false`.
    pub fn boolean(&self, vocabulary: &Vocabulary, dimension: u16, boolean: bool) -> Word {
        self.find(vocabulary, dimension, Kind::Boolean, &[u8::from(boolean)])
    }

    /// The word for "there is a value".
    pub fn present(&self, vocabulary: &Vocabulary, dimension: u16) -> Word {
        self.find(vocabulary, dimension, Kind::Present, &[])
    }

    #[inline(never)]
    fn find(&self, vocabulary: &Vocabulary, dimension: u16, kind: Kind, key: &[u8]) -> Word {
        let mut at = hash(dimension, kind, key) & self.mask;
        loop {
            let word = self.slots.get(at as usize).copied().unwrap_or(0);
            match vocabulary.spelling(word) {
                None => return 0,
                Some((d, spelling)) if *d == dimension && is(spelling, kind, key) => return word,
                Some(_) => at = at.wrapping_add(1) & self.mask,
            }
        }
    }
}

/// How many subjects there are.
const SUBJECTS: usize = Subject::Fact as usize + 1;

/// Where the doors look for words: the dimensions that some rule reads, by what they speak of.
#[derive(Debug, Default)]
pub struct Dimensions {
    by_subject: [Vec<(String, u16)>; SUBJECTS],
}

impl Dimensions {
    /// Sorts a vocabulary's dimensions.
    pub fn of(vocabulary: &Vocabulary) -> Dimensions {
        let mut dimensions = Dimensions::default();
        for (index, dimension) in (0_u16..).zip(&vocabulary.dimensions) {
            if let Some(list) = dimensions.by_subject.get_mut(dimension.of as usize) {
                list.push((dimension.name.clone(), index));
            }
        }
        dimensions
    }

    /// Those of a subject by their names.
    #[inline]
    pub fn named(&self, subject: Subject) -> &[(String, u16)] {
        self.by_subject.get(subject as usize).map_or(&[], Vec::as_slice)
    }

    /// The one of a subject that has but one.
    #[inline]
    pub fn only(&self, subject: Subject) -> Option<u16> {
        self.named(subject).first().map(|(_, dimension)| *dimension)
    }
}
