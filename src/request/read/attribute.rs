//! Attributes of lines, of the customer and of the order.

use super::super::refusal;
use super::super::shape::{Kind, WORDS};
use super::{Attribute, Door, Frame};
use crate::json::path::Path;
use crate::json::read::Scalar;
use crate::vocabulary::{Figure, Subject};

impl<'a> Door<'a, '_> {
    #[inline(never)]
    pub(super) fn attributes(&mut self, of: Subject, path: &Path<'_>, frame: &mut Frame<'a>) {
        let known = self.catalog.dimensions().named(of);
        self.reader.open_object();
        let mut is_first = true;
        while let Some(key) = self.reader.member(is_first) {
            is_first = false;
            match known.iter().find(|(name, _)| key.is(name)) {
                Some((name, dimension)) => {
                    frame.attribute = Attribute { dimension: *dimension, is_there: false, number: None };
                    self.attribute(of, &path.key(name), frame);
                }
                None => self.reader.skip(),
            }
        }
    }

    /// Reads a value of an attribute, or a list of values, into words.
    pub(super) fn attribute(&mut self, of: Subject, path: &Path<'_>, frame: &mut Frame<'a>) {
        let from = self.words(of).len();
        if self.reader.is_array() {
            self.list(WORDS, &Kind::Attributes(of), path, frame);
        } else {
            self.attribute_value(of, path, &mut frame.attribute);
        }
        let vocabulary = self.catalog.vocabulary();
        if frame.attribute.is_there {
            let present = self.catalog.words().present(vocabulary, frame.attribute.dimension);
            self.keep(of, present);
        }
        if self.words(of).len().saturating_sub(from) > WORDS.most {
            self.reader.fail(refusal::too_many(WORDS.most, WORDS.code, path));
        }
        let Some(number) = frame.attribute.number else { return };
        let dimension = frame.attribute.dimension;
        if of == Subject::LineAttribute {
            let place = vocabulary.line_numbers.iter().position(|known| *known == dimension);
            let next = self.cart.lines.len();
            if let Some(place) = place.and_then(|place| self.cart.numbers_of(next).get_mut(place)) {
                *place = number;
            }
            return;
        }
        self.tell(number, Figure::Attribute(dimension));
    }

    #[inline(never)]
    pub(super) fn attribute_value(&mut self, of: Subject, path: &Path<'_>, attribute: &mut Attribute) {
        let (table, vocabulary) = (self.catalog.words(), self.catalog.vocabulary());
        let word = match self.scalar(path) {
            Scalar::Text(text) => {
                if table.patterns(attribute.dimension).next().is_some() {
                    self.push_patterns(of, attribute.dimension, text.unescape().as_bytes());
                }
                if of == Subject::LineAttribute && !self.favourites.is_empty() {
                    self.favour(of, Some(attribute.dimension), text);
                }
                self.word(attribute.dimension, text)
            }
            Scalar::Number(value) => {
                attribute.number = Some(value);
                table.number(vocabulary, attribute.dimension, value)
            }
            Scalar::Boolean(value) => table.boolean(vocabulary, attribute.dimension, value),
            Scalar::OtherNumber => 0,
            Scalar::Null => return,
        };
        attribute.is_there = true;
        self.keep(of, word);
    }
}
