//! The slots of an answer as JSON.

use super::shape::{Kind, Member, Names as Source, Shape, QUOTE, REASON_SLOTS};
use super::{reason, slots, Words};
use crate::json::write::{self, Out, Piece};
use crate::money::Denomination;
use crate::request::Names;

/// Writes the quote. Members come in the order of their declaration, so equal quotes are equal bytes in every host.
pub fn write(words: Words<'_>, names: &Names<'_>, answer: &[i64], out: &mut Out) {
    let mut writer = Writer { words, names, slots: answer, currency: Denomination::default(), out };
    writer.object(&QUOTE);
    debug_assert!(writer.slots.is_empty(), "the answer has slots that no member reads");
}

struct Writer<'a> {
    words: Words<'a>,
    names: &'a Names<'a>,
    slots: &'a [i64],
    currency: Denomination,
    out: &'a mut Out,
}

impl Writer<'_> {
    #[inline]
    fn next(&mut self) -> i64 {
        match self.slots.split_first() {
            Some((slot, rest)) => {
                self.slots = rest;
                *slot
            }
            None => -1,
        }
    }

    fn object(&mut self, shape: &Shape) {
        let from = self.out.length();
        self.members(shape);
        // there was nothing before the first member
        self.out.replace(from, b'{');
        self.out.push(b'}');
    }

    /// Writes the members, each after a comma.
    fn members(&mut self, shape: &Shape) {
        for member in shape.members {
            let slot = self.next();
            if slot < 0
                && matches!(
                    member.kind,
                    Kind::NameIfAny(_) | Kind::ListIfAny(_) | Kind::NumberIfAny | Kind::ObjectIfAny(_)
                )
            {
                continue;
            }
            self.out.piece(&member.json);
            match member.kind {
                Kind::Number | Kind::NumberIfAny => write::number(self.out, slot),
                Kind::ObjectIfAny(shape) => self.object(shape),
                Kind::Name(source) | Kind::NameIfAny(source) => self.name(source, slot),
                Kind::List(shape) | Kind::ListIfAny(shape) => match shape.members {
                    [Member { json: first, kind: Kind::Name(source), .. }, Member { json: second, kind: Kind::Number, .. }] =>
                    {
                        self.pairs(slot, *first, *source, *second);
                    }
                    _ => self.list(slot, |writer| writer.object(shape)),
                },
                Kind::Word(words) => self.word(words, slot),
                Kind::Words(words) => {
                    let from = self.out.length();
                    for (_, word) in words.iter().enumerate().filter(|(bit, _)| slot >> bit & 1 == 1) {
                        self.out.push(if self.out.length() == from { b'[' } else { b',' });
                        write::text(self.out, word);
                    }
                    write::raw(self.out, if self.out.length() == from { "[]" } else { "]" });
                }
                Kind::Reasons | Kind::Steps => self.list(slot, Writer::reason),
                Kind::OneOf(shapes) => {
                    if let Some((name, shape)) = usize::try_from(slot).ok().and_then(|slot| shapes.get(slot)) {
                        write::raw(self.out, "{\"type\":");
                        write::text(self.out, name);
                        self.members(shape);
                        self.out.push(b'}');
                    }
                }
                Kind::Currency => {
                    self.currency = slots::denomination(slot);
                    write::text(self.out, self.currency.currency.code());
                }
            }
        }
    }

    /// Objects of a name and a number. Most of a quote is shares, so they have a loop of their own.
    fn pairs(&mut self, count: i64, first: Piece, source: Source, second: Piece) {
        self.out.push(b'[');
        for index in 0..count {
            let (name, number) = (self.next(), self.next());
            if index > 0 {
                self.out.push(b',');
            }
            let from = self.out.length();
            self.out.piece(&first);
            self.out.replace(from, b'{');
            self.name(source, name);
            self.out.piece(&second);
            write::number(self.out, number);
            self.out.push(b'}');
        }
        self.out.push(b']');
    }

    #[inline]
    fn list(&mut self, count: i64, each: impl Fn(&mut Self)) {
        self.out.push(b'[');
        for index in 0..count {
            if index > 0 {
                self.out.push(b',');
            }
            each(self);
        }
        self.out.push(b']');
    }

    /// The names of a request stand as it spelled them, and ids of campaigns have nothing to escape.
    fn name(&mut self, source: Source, slot: i64) {
        let index = usize::try_from(slot).unwrap_or(usize::MAX);
        let names = match source {
            Source::Line => &self.names.lines,
            Source::Charge => &self.names.shipping,
            Source::Code => &self.names.codes,
            Source::Product => {
                let word = u32::try_from(slot).ok().and_then(|word| self.words.catalog.vocabulary().spelling(word));
                return write::text(self.out, &word.map(|(_, spelling)| spelling.text()).unwrap_or_default());
            }
            Source::Payment => {
                let id = self.names.payments.get(index).copied().flatten();
                return write::quoted(self.out, id.map_or("", |id| id.raw));
            }
            Source::Level => {
                let level = self.words.catalog.levels().steps.get(index);
                return write::quoted(self.out, level.map_or("", |level| level.id.as_str()));
            }
            Source::Experiment => {
                let dimension = self.words.catalog.vocabulary().dimensions.get(index);
                return write::text(self.out, dimension.map_or("", |dimension| dimension.name.as_str()));
            }
            Source::Campaign => {
                let promotion = self.words.catalog.promotions().get(index);
                return write::quoted(self.out, promotion.map_or("", |promotion| promotion.record.id.as_str()));
            }
        };
        write::quoted(self.out, names.get(index).map_or("", |name| name.raw));
    }

    fn word(&mut self, words: &[&str], slot: i64) {
        let word = usize::try_from(slot).ok().and_then(|slot| words.get(slot));
        write::quoted(self.out, word.unwrap_or(&""));
    }

    fn reason(&mut self) {
        let (slots, rest) = self.slots.split_at_checked(REASON_SLOTS).unwrap_or((&[], &[]));
        self.slots = rest;
        reason::write(self.words, self.currency, slots, Some(self.names), self.out);
    }
}
