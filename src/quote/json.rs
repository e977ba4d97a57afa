//! The slots of an answer as JSON.

use super::shape::{Kind, Names as Source, Shape, QUOTE, REASON_SLOTS};
use super::{reason, slots};
use crate::catalog::Catalog;
use crate::json::write;
use crate::money::Currency;
use crate::request::Names;
use alloc::vec::Vec;

/// Writes the quote. Members come in the order of their declaration, so equal quotes are equal bytes in every host.
pub fn write(catalog: &Catalog, names: &Names<'_>, answer: &[i64], out: &mut Vec<u8>) {
    let mut writer = Writer { catalog, names, slots: answer, currency: Currency::NONE, out };
    writer.object(&QUOTE);
    debug_assert!(writer.slots.is_empty(), "the answer has slots that no member reads");
}

struct Writer<'a> {
    catalog: &'a Catalog,
    names: &'a Names<'a>,
    slots: &'a [i64],
    currency: Currency,
    out: &'a mut Vec<u8>,
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
        let from = self.out.len();
        self.members(shape);
        // there was nothing before the first member
        if let Some(comma) = self.out.get_mut(from) {
            *comma = b'{';
        }
        self.out.push(b'}');
    }

    /// Writes the members, each after a comma.
    fn members(&mut self, shape: &Shape) {
        for member in shape.members {
            let slot = self.next();
            if slot < 0 && matches!(member.kind, Kind::NameIfAny(_) | Kind::ListIfAny(_)) {
                continue;
            }
            let from = self.out.len();
            self.out.extend_from_slice(&member.json);
            self.out.truncate(from.saturating_add(member.length));
            match member.kind {
                Kind::Number => write::number(self.out, slot),
                Kind::Name(source) | Kind::NameIfAny(source) => self.name(source, slot),
                Kind::List(shape) | Kind::ListIfAny(shape) => self.list(slot, |writer| writer.object(shape)),
                Kind::Word(words) => self.word(words, slot),
                Kind::Words(words) => {
                    let from = self.out.len();
                    for (_, word) in words.iter().enumerate().filter(|(bit, _)| slot >> bit & 1 == 1) {
                        self.out.push(if self.out.len() == from { b'[' } else { b',' });
                        write::text(self.out, word);
                    }
                    write::raw(self.out, if self.out.len() == from { "[]" } else { "]" });
                }
                Kind::Reasons => self.list(slot, Writer::reason),
                Kind::OneOf(shapes) => {
                    if let Some((name, shape)) = usize::try_from(slot).ok().and_then(|slot| shapes.get(slot)) {
                        write::raw(self.out, "{\"type\":");
                        write::text(self.out, name);
                        self.members(shape);
                        self.out.push(b'}');
                    }
                }
                Kind::Currency => {
                    self.currency = slots::currency(slot);
                    write::text(self.out, self.currency.code());
                }
            }
        }
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
            Source::Campaign => {
                let promotion = self.catalog.promotions().get(index);
                return self.quoted(promotion.map_or("", |promotion| promotion.record.id.as_str()));
            }
        };
        self.quoted(names.get(index).copied().unwrap_or(""));
    }

    fn quoted(&mut self, inside: &str) {
        self.out.push(b'"');
        write::raw(self.out, inside);
        self.out.push(b'"');
    }

    fn word(&mut self, words: &[&str], slot: i64) {
        let word = usize::try_from(slot).ok().and_then(|slot| words.get(slot));
        write::text(self.out, word.unwrap_or(&""));
    }

    fn reason(&mut self) {
        let (slots, rest) = self.slots.split_at_checked(REASON_SLOTS).unwrap_or((&[], &[]));
        self.slots = rest;
        reason::write(self.catalog, self.currency, slots, self.out);
    }
}
