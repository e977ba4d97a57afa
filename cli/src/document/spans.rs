//! Where the members of a document stand in its text.

use std::collections::BTreeMap;
use std::ops::Range;

/// Where one member stands, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// Its key, with quotes; elements of arrays and the document itself have none.
    pub(super) key: Option<Range<usize>>,
    /// Its value.
    pub(super) value: Range<usize>,
    /// Whether the value is an object or an array.
    pub(super) is_container: bool,
}

/// The members of a document by their JSON Pointers.
#[derive(Clone, Debug, Default)]
pub(super) struct Spans(BTreeMap<String, Span>);

impl Spans {
    /// Notes where a member stands. Of two members of the same name the later one counts, as it does for parsers.
    pub(super) fn insert(&mut self, pointer: String, span: Span) {
        self.0.insert(pointer, span);
    }

    /// Whether there is a member.
    pub(super) fn contains(&self, pointer: &str) -> bool {
        self.0.contains_key(pointer)
    }

    /// The member, or the nearest one around it that is there.
    pub(super) fn nearest(&self, pointer: &str) -> Option<&Span> {
        let mut pointer = pointer;
        loop {
            if let Some(span) = self.0.get(pointer) {
                return Some(span);
            }
            (pointer, _) = pointer.rsplit_once('/')?;
        }
    }
}
