//! Unique codes on the command line: lists of them in files, the pepper that they are kept under, and the segments that
//! a publication has of them.

pub mod list;
pub mod pepper;
pub mod segments;
