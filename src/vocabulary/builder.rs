//! Collects the vocabulary while documents are compiled.

use super::part::{Told, Used, NOTHING};
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
    used: Used,
}

impl VocabularyBuilder {
    /// The index of a dimension.
    pub fn dimension(&mut self, dimension: Dimension) -> u16 {
        let known = self.dimensions.get(&dimension).copied();
        let index = known.unwrap_or_else(|| {
            let index = u16::try_from(self.vocabulary.dimensions.len()).unwrap_or(u16::MAX);
            self.vocabulary.dimensions.push(dimension.clone());
            self.dimensions.insert(dimension, index);
            index
        });
        self.used.dimensions.insert(index);
        index
    }

    /// The number of a word.
    pub fn word(&mut self, dimension: Dimension, spelling: Spelling) -> Word {
        let key = (self.dimension(dimension), spelling);
        let known = self.words.get(&key).copied();
        let word = known.unwrap_or_else(|| {
            self.vocabulary.words.push(key.clone());
            let word = u32::try_from(self.vocabulary.words.len()).unwrap_or(u32::MAX);
            self.words.insert(key, word);
            word
        });
        // the first word stands at place 0
        self.used.words.insert(word.saturating_sub(1));
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
        let row = u32::try_from(index).unwrap_or(u32::MAX);
        self.used.amounts.insert(row);
        AmountRow(row)
    }

    /// The place of a number.
    pub fn number(&mut self, figure: Figure) -> u32 {
        let place = place(&mut self.vocabulary.numbers, figure);
        self.used.numbers.insert(place);
        place
    }

    /// The place of a line's attribute that is compared as a number.
    pub fn line_number(&mut self, attribute: &str) -> u32 {
        let dimension = self.dimension(Subject::LineAttribute.named(attribute));
        let place = place(&mut self.vocabulary.line_numbers, dimension);
        self.used.line_numbers.insert(place);
        place
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
        let set = u32::try_from(index).unwrap_or(u32::MAX);
        self.used.selectors.insert(set);
        Selector::Set(set)
    }

    /// What was asked for since this was asked last.
    pub fn used(&mut self) -> Used {
        core::mem::take(&mut self.used)
    }

    /// How much there is so far, to be told to everyone; with what stands for anything that is not.
    pub fn told(&mut self) -> Told {
        self.fact(NOTHING);
        let Vocabulary { dimensions, words, numbers, line_numbers, selectors, .. } = &self.vocabulary;
        Told {
            dimensions: dimensions.len(),
            words: words.len(),
            amounts: self.amounts.len(),
            numbers: numbers.len(),
            line_numbers: line_numbers.len(),
            selectors: selectors.len(),
        }
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
