//! The quote: an answer's numbers with the names of the request and the words of the snapshot.

mod json;
pub mod reason;
pub mod shape;
pub mod slots;

pub use json::write;
