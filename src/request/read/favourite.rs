//! What the customer likes best, which lines are compared with.

use crate::catalog::Catalog;
use crate::json::read::Reader;
use crate::json::text::Text;
use crate::vocabulary::Subject;
use alloc::vec::Vec;

/// The values of the customer's attributes that lines are compared with. Lines may come first, so these are looked for
/// before anything else is read.
#[inline(never)]
pub(super) fn of<'a>(body: &'a [u8], catalog: &Catalog) -> Vec<(u16, Text<'a>)> {
    let mut found = Vec::new();
    if !catalog.dimensions().named(Subject::Favourite).is_empty() {
        seek(&mut Reader::new(body), &["customer", "attributes"], catalog, &mut found);
    }
    found
}

/// Goes down to the attributes, and keeps the texts of those that lines are compared with.
fn seek<'a>(reader: &mut Reader<'a>, path: &[&str], catalog: &Catalog, found: &mut Vec<(u16, Text<'a>)>) {
    if !reader.is_object() {
        return reader.skip();
    }
    reader.open_object();
    let mut is_first = true;
    while let Some(key) = reader.member(is_first) {
        is_first = false;
        match path.split_first() {
            Some((name, path)) if key.is(name) => seek(reader, path, catalog, found),
            Some(_) => reader.skip(),
            None => {
                let mut known = catalog.dimensions().named(Subject::Favourite).iter();
                match known.find(|(name, _)| key.is(name)) {
                    Some((_, dimension)) => keep_texts(reader, *dimension, found),
                    None => reader.skip(),
                }
            }
        }
    }
}

/// Keeps a text, or those of a list.
fn keep_texts<'a>(reader: &mut Reader<'a>, dimension: u16, found: &mut Vec<(u16, Text<'a>)>) {
    if reader.is_text() {
        found.push((dimension, reader.string()));
    } else if reader.is_array() {
        reader.open_array();
        let mut is_first = true;
        while reader.element(is_first) {
            is_first = false;
            keep_texts(reader, dimension, found);
        }
    } else {
        reader.skip();
    }
}
