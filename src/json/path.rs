//! Where a walk through JSON is, for the places of faults.

use crate::pointer::Pointer;
use alloc::string::String;

/// Where the parser is, for pointers in errors. Kept on the stack of the walk; made into text only when needed.
#[derive(Clone, Copy)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: PathStep<'a>,
}

#[derive(Clone, Copy)]
enum PathStep<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    /// The document itself.
    pub const ROOT: Path<'static> = Path { parent: None, step: PathStep::Root };

    /// A member.
    pub fn key(&'a self, name: &'a str) -> Path<'a> {
        Path { parent: Some(self), step: PathStep::Key(name) }
    }

    /// An element.
    pub fn index(&'a self, index: usize) -> Path<'a> {
        Path { parent: Some(self), step: PathStep::Index(index) }
    }

    fn pointer(&self) -> Pointer {
        let before = self.parent.map_or_else(Pointer::root, Path::pointer);
        match self.step {
            PathStep::Root => before,
            PathStep::Key(name) => before.key(name),
            PathStep::Index(index) => before.index(index),
        }
    }

    /// The place as a JSON Pointer.
    pub fn text(&self) -> String {
        self.pointer().into()
    }
}
