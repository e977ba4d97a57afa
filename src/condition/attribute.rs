//! Attributes, as documents spell what they ask of them.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::bounds::counts;
use super::moment::{Ago, Moment, Span};
use super::number::{Compared, Number};
use super::words::{Named, Told};
use super::Condition;
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Dimension, Figure, Spelling, Value, VocabularyBuilder, Word};

/// What texts a part of one stands for.
type Pattern = fn(String) -> Spelling;

/// Everything that may be asked of an attribute.
pub(super) struct Attribute<'a> {
    pub(super) of: Dimension,
    pub(super) told: Told,
    pub(super) any_of: &'a Option<Vec<Value>>,
    pub(super) none_of: &'a Option<Vec<Value>>,
    /// Texts that it begins with, ends with, contains.
    pub(super) patterns: [&'a Option<Vec<String>>; 3],
    /// At least, more than, at most, less than, every.
    pub(super) bounds: [Option<i64>; 5],
    /// Longer ago than, within.
    pub(super) spans: [Option<Span>; 2],
    pub(super) present: Option<bool>,
}

impl Attribute<'_> {
    pub(super) fn compile(
        &self,
        vocabulary: &mut VocabularyBuilder,
        at: &Pointer,
    ) -> Result<Condition, Box<Diagnostic>> {
        let asks_number = self.bounds.iter().any(Option::is_some);
        let asks_moment = self.spans.iter().any(Option::is_some);
        let any_of = self.words(vocabulary, at)?;
        let asks_words = any_of.is_some() || self.none_of.is_some() || self.present.is_some();
        if !asks_number && !asks_moment && !asks_words {
            let help = "say `in`, `notIn`, `startsWith`, `atLeast`, `atMost`, `every`, `within` or `present`";
            return Err(reading::invalid("the condition asks nothing", help, at));
        }
        let none_of = match self.none_of {
            Some(values) => {
                reading::some(values, &at.key("notIn"))?;
                values.iter().map(|value| vocabulary.word(self.of.clone(), value.into())).collect()
            }
            None => Vec::new(),
        };
        let there = vocabulary.word(self.of.clone(), Spelling::Present);
        let dimension = vocabulary.dimension(self.of.clone());
        let mut figure = || vec![vocabulary.number(Figure::Attribute(dimension))];
        let number = match asks_number {
            true => Some(self.number(figure(), dimension, at)?),
            false => None,
        };
        let [longer_ago_than, within] = self.spans;
        let ago = asks_moment.then(|| Ago { of: Moment::Figures(figure()), longer_ago_than, within, fact: dimension });
        let (told, present) = (self.told, self.present);
        Ok(Condition::Words(Named { told, dimension, any_of, none_of, there, present, number, ago }))
    }

    /// The words of values and patterns, of which it must have one.
    fn words(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Option<Vec<Word>>, Box<Diagnostic>> {
        let mut words: Option<Vec<Word>> = None;
        if let Some(values) = self.any_of {
            reading::some(values, &at.key("in"))?;
            words = Some(values.iter().map(|value| vocabulary.word(self.of.clone(), value.into())).collect());
        }
        let kinds: [(&str, Pattern); 3] =
            [("startsWith", Spelling::StartsWith), ("endsWith", Spelling::EndsWith), ("contains", Spelling::Contains)];
        for (parts, (name, pattern)) in self.patterns.into_iter().zip(kinds) {
            let Some(parts) = parts else { continue };
            reading::some(parts, &at.key(name))?;
            if let Some(empty) = parts.iter().position(String::is_empty) {
                return Err(reading::invalid(
                    "this is in every text",
                    "write some letters",
                    &at.key(name).index(empty),
                ));
            }
            let fitting = parts.iter().map(|part| vocabulary.word(self.of.clone(), pattern(part.clone())));
            words.get_or_insert_with(Vec::new).extend(fitting);
        }
        Ok(words)
    }

    fn number(&self, places: Vec<u32>, fact: u16, at: &Pointer) -> Result<Compared, Box<Diagnostic>> {
        let [at_least, more_than, at_most, less_than, every] = self.bounds;
        let [at_least, at_most] = counts(at_least, more_than, at_most, less_than, every.is_some(), at)?;
        let every = every.map(|every| reading::count(every, &at.key("every"))).transpose()?.unwrap_or(0);
        Ok(Compared { of: Number::Figures(places), at_least, at_most, every, fact })
    }
}
