//! Facts that are told in words, as documents spell what they ask of them.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::words::{Named, Told};
use super::Condition;
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Spelling, Subject, VocabularyBuilder};

/// A text of the situation: one of some, none of some, or known at all.
pub(super) struct Texts<'a> {
    pub(super) of: Subject,
    pub(super) told: Told,
    pub(super) any_of: &'a Option<Vec<String>>,
    pub(super) none_of: &'a Option<Vec<String>>,
    pub(super) present: Option<bool>,
}

impl Texts<'_> {
    pub(super) fn compile(
        &self,
        vocabulary: &mut VocabularyBuilder,
        at: &Pointer,
    ) -> Result<Condition, Box<Diagnostic>> {
        if self.any_of.is_none() && self.none_of.is_none() && self.present.is_none() {
            return Err(reading::invalid("the condition asks nothing", "say `in`, `notIn` or `present`", at));
        }
        for (list, name) in [(self.any_of, "in"), (self.none_of, "notIn")] {
            list.as_ref().map(|texts| reading::some(texts, &at.key(name))).transpose()?;
        }
        let any_of = self.any_of.as_ref().map(|texts| vocabulary.texts(self.of, texts));
        let none_of = self.none_of.as_ref().map(|texts| vocabulary.texts(self.of, texts)).unwrap_or_default();
        let there = match self.told {
            // which these are refused by tells nothing of whether they are known
            Told::Country | Told::Channel if self.none_of.is_none() && self.present.is_none() => 0,
            _ => vocabulary.word(self.of.dimension(), Spelling::Present),
        };
        let dimension = vocabulary.dimension(self.of.dimension());
        let (told, present) = (self.told, self.present);
        Ok(Condition::Words(Named { told, dimension, any_of, none_of, there, present, number: None, ago: None }))
    }
}

/// A text that fits one of some patterns, or is known at all.
pub(super) fn patterns(
    of: Subject,
    parts: &Option<Vec<String>>,
    at: &Pointer,
    pattern: fn(String) -> Spelling,
    vocabulary: &mut VocabularyBuilder,
) -> Result<Condition, Box<Diagnostic>> {
    let mut any_of = None;
    if let Some(parts) = parts {
        reading::some(parts, at)?;
        if let Some(empty) = parts.iter().position(String::is_empty) {
            return Err(reading::invalid("this is in every text", "write some letters", &at.index(empty)));
        }
        any_of = Some(parts.iter().map(|part| vocabulary.word(of.dimension(), pattern(part.clone()))).collect());
    }
    let there = vocabulary.word(of.dimension(), Spelling::Present);
    let dimension = vocabulary.dimension(of.dimension());
    let none_of = Vec::new();
    let present = any_of.is_none().then_some(true);
    let told = Told::Fact;
    Ok(Condition::Words(Named { told, dimension, any_of, none_of, there, present, number: None, ago: None }))
}

/// A fact that is so or not.
pub(super) fn flag(of: Subject, wanted: bool, vocabulary: &mut VocabularyBuilder) -> Condition {
    let any_of = [vocabulary.word(of.dimension(), Spelling::Boolean(wanted))].to_vec();
    let there = vocabulary.word(of.dimension(), Spelling::Present);
    let dimension = vocabulary.dimension(of.dimension());
    Condition::Words(Named { there, ..Named::one_of(Told::Fact, dimension, any_of) })
}
