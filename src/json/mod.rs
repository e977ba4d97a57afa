//! JSON as bytes: a strict pull parser that builds no tree, and a writer. Both exist because a request is read
//! straight into the engine's cart, at a fifth of the size and time of a general parser.

mod number;
pub mod path;
pub mod read;
pub mod text;
pub mod write;
