//! Collects the vocabulary while documents are compiled.

use super::{
    AmountRow, Amounts, Dimension, Experiment, Figure, Selector, SelectorSet, Spelling, Subject, Vocabulary, Word,
    NOT_COVERED,
};
use crate::money::Currency;
use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

/// Collects the vocabulary while documents are compiled. Numbers are given in order of first use, so the same
/// campaigns in the same order give the same vocabulary.
#[derive(Debug, Default)]
pub struct VocabularyBuilder {
    dimensions: BTreeMap<Dimension, u16>,
    words: BTreeMap<(u16, Spelling), Word>,
    amounts: Vec<Amounts>,
    /// The categories within each one, at any depth.
    within: BTreeMap<String, Vec<String>>,
    vocabulary: Vocabulary,
}

impl VocabularyBuilder {
    /// The index of a dimension.
    pub fn dimension(&mut self, dimension: Dimension) -> u16 {
        if let Some(known) = self.dimensions.get(&dimension) {
            return *known;
        }
        let index = u16::try_from(self.vocabulary.dimensions.len()).unwrap_or(u16::MAX);
        self.vocabulary.dimensions.push(dimension.clone());
        self.dimensions.insert(dimension, index);
        index
    }

    /// The number of a word.
    pub fn word(&mut self, dimension: Dimension, spelling: Spelling) -> Word {
        let key = (self.dimension(dimension), spelling);
        if let Some(known) = self.words.get(&key) {
            return *known;
        }
        self.vocabulary.words.push(key.clone());
        let word = u32::try_from(self.vocabulary.words.len()).unwrap_or(u32::MAX);
        self.words.insert(key, word);
        word
    }

    /// The words that texts are; of a category those within it too.
    pub fn texts(&mut self, of: Subject, texts: &[String]) -> Vec<Word> {
        let mut words = Vec::new();
        for text in texts {
            let inner = self.within.get(text).filter(|_| of == Subject::Category).cloned().unwrap_or_default();
            for text in core::iter::once(text.clone()).chain(inner) {
                let word = self.word(of.dimension(), Spelling::Text(text));
                if !words.contains(&word) {
                    words.push(word);
                }
            }
        }
        words
    }

    /// Puts a category within another.
    pub fn put_within(&mut self, category: &str, above: &str) {
        self.within.entry(above.to_owned()).or_default().push(category.to_owned());
    }

    /// The variants of an experiment.
    pub fn variants(&self, experiment: &str) -> Option<Vec<(String, Word)>> {
        let dimension = self.dimensions.get(&Subject::Experiment.named(experiment))?;
        let experiment = self.vocabulary.experiments.iter().find(|known| known.dimension == *dimension)?;
        let name =
            |word: Word| self.vocabulary.spelling(word).map_or_else(String::new, |(_, spelling)| spelling.text());
        Some(experiment.variants.iter().map(|(word, _)| (name(*word), *word)).collect())
    }

    /// The dimension by which reasons name a fact: where it stands in a request.
    pub fn fact(&mut self, place: &str) -> u16 {
        self.dimension(Subject::Fact.named(place))
    }

    /// A row of amounts; equal rows are kept once.
    pub fn amounts(&mut self, amounts: &Amounts) -> AmountRow {
        let index = self.amounts.iter().position(|known| known == amounts).unwrap_or_else(|| {
            self.amounts.push(amounts.clone());
            self.amounts.len().saturating_sub(1)
        });
        AmountRow(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The place of a number.
    pub fn number(&mut self, figure: Figure) -> u32 {
        place(&mut self.vocabulary.numbers, figure)
    }

    /// The place of a line's attribute that is compared as a number.
    pub fn line_number(&mut self, attribute: &str) -> u32 {
        let dimension = self.dimension(Subject::LineAttribute.named(attribute));
        place(&mut self.vocabulary.line_numbers, dimension)
    }

    /// Says that categories are paths.
    pub fn split_categories(&mut self) {
        self.vocabulary.has_category_paths = true;
    }

    /// Adds an experiment of these variants and their weights; the last one is held out.
    pub fn experiment(&mut self, id: &str, variants: &[(&str, u32)]) {
        let dimension = Subject::Experiment.named(id);
        let word =
            |(name, weight): &(&str, u32)| (self.word(dimension.clone(), Spelling::Text((*name).to_owned())), *weight);
        let variants = variants.iter().map(word).collect();
        let dimension = self.dimension(dimension);
        self.vocabulary.experiments.push(Experiment { dimension, variants });
    }

    /// A selector of several words; equal ones are kept once.
    pub fn selector(&mut self, set: SelectorSet) -> Selector {
        let sets = &mut self.vocabulary.selectors;
        let index = sets.iter().position(|known| *known == set).unwrap_or_else(|| {
            sets.push(set);
            sets.len().saturating_sub(1)
        });
        Selector::Set(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// Whether two selectors select the same lines, in whatever order they name the same values.
    pub fn select_the_same(&self, one: Selector, other: Selector) -> bool {
        let groups = |selector: Selector| match selector {
            Selector::All => SelectorSet::default(),
            Selector::Word(word) => SelectorSet { groups: [[word].to_vec()].to_vec(), ..SelectorSet::default() },
            Selector::Set(set) => self.vocabulary.selector_set(set).cloned().unwrap_or_default(),
        };
        let sorted = |selector: Selector| {
            let SelectorSet { mut groups, mut except, bounds } = groups(selector);
            groups.iter_mut().chain([&mut except]).for_each(|words| {
                words.sort_unstable();
                words.dedup();
            });
            groups.sort_unstable();
            groups.dedup();
            (groups, except, bounds)
        };
        sorted(one) == sorted(other)
    }

    /// The finished vocabulary.
    pub fn finish(mut self) -> Vocabulary {
        let mut currencies: Vec<Currency> =
            self.amounts.iter().flat_map(|row| row.0.keys()).filter_map(|code| Currency::parse(code)).collect();
        currencies.sort();
        currencies.dedup();
        for row in &self.amounts {
            for currency in &currencies {
                let cell = row.0.get(currency.code()).copied().unwrap_or(NOT_COVERED);
                self.vocabulary.amounts.push(cell);
            }
        }
        self.vocabulary.currencies = currencies;
        self.vocabulary
    }
}

/// The place of a value that is kept once.
fn place<T: PartialEq>(known: &mut Vec<T>, value: T) -> u32 {
    let index = known.iter().position(|known| *known == value).unwrap_or_else(|| {
        known.push(value);
        known.len().saturating_sub(1)
    });
    u32::try_from(index).unwrap_or(u32::MAX)
}
