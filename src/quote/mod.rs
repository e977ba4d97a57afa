//! The quote: an answer's numbers with the names of the request and the words of the snapshot.

mod json;
pub mod reason;
pub mod shape;
pub mod slots;

use crate::catalog::Catalog;
use crate::reason::ReasonKind;

pub use crate::json::write::Out;
pub use json::write;

/// What answers are worded with.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// The snapshot's campaigns and vocabulary.
    pub catalog: &'a Catalog,
    /// All kinds of reasons, in the order of [`reasons`](crate::engine::reasons).
    pub reasons: &'a [&'static ReasonKind],
}
