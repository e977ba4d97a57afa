//! JSON Pointers (RFC 6901) that are built while a document is walked.

use alloc::string::String;

use crate::digits;

/// A place in a JSON document.
///
/// ```
/// use counterfoil::pointer::Pointer;
/// let at = Pointer::root().key("campaigns").index(3).key("a/b");
/// assert_eq!(at.as_str(), "/campaigns/3/a~1b");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    pub fn root() -> Pointer {
        Pointer::default()
    }

    /// The member `name` of the object at this place.
    pub fn key(&self, name: &str) -> Pointer {
        let mut text = self.0.clone();
        text.push('/');
        for c in name.chars() {
            match c {
                '~' => text.push_str("~0"),
                '/' => text.push_str("~1"),
                _ => text.push(c),
            }
        }
        Pointer(text)
    }

    /// The element `index` of the array at this place.
    pub fn index(&self, index: usize) -> Pointer {
        let mut text = self.0.clone();
        text.push('/');
        digits::push(&mut text, i64::try_from(index).unwrap_or(i64::MAX));
        Pointer(text)
    }

    /// The pointer's text, empty for the whole document.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Pointer> for String {
    fn from(pointer: Pointer) -> String {
        pointer.0
    }
}
