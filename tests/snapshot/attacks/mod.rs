//! The list of attacks, and of the controls that must be accepted: what the folders in tests/attacks are written
//! from. Everything comes from fixed seeds, so that the files are the same on every machine.

mod bytes;
mod content;
pub mod grants;
mod roles;
pub mod sealed;
mod signatures;

use serde_json::{json, Value};

use crate::forge::{key, public, ring, NOW};

/// One folder: files that all meet the same end with this key ring and this policy.
pub struct Attack {
    pub name: &'static str,
    pub about: &'static str,
    pub files: Vec<(String, Vec<u8>)>,
    pub key_ring: Value,
    pub policy: Value,
    /// `None`: accepted.
    pub code: Option<&'static str>,
    /// What a host answers that has a document of the kind already, where that is something else.
    pub code_in_state: Option<&'static str>,
    /// What the files are.
    pub document: Document,
    /// Files that are opened with them, by their place in that: `good.bin` is the snapshot, `chain.bin` the root documents,
    /// `held.bin` the pulse that a host has already, `ended.bin` one that has ended since.
    pub with: Vec<(&'static str, Vec<u8>)>,
    /// The code that is typed, where they have sealed campaigns.
    pub typed: Option<&'static str>,
    /// How many of their campaigns nobody can read, and the others work.
    pub set_aside: usize,
}

/// What the files of an attack are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Document {
    Snapshot,
    Root,
    Pulse,
    Grant,
    /// A snapshot with sealed campaigns, on which a code is tried.
    Sealed,
}

impl Document {
    pub fn name(self) -> &'static str {
        match self {
            Document::Snapshot => "snapshot",
            Document::Root => "root",
            Document::Pulse => "pulse",
            Document::Grant => "grant",
            Document::Sealed => "sealed",
        }
    }
}

impl Attack {
    fn named(name: &'static str, about: &'static str, code: Option<&'static str>) -> Attack {
        let policy = json!({ "now": NOW, "minVersion": 0, "profile": "storefront" });
        Attack {
            name,
            about,
            files: Vec::new(),
            key_ring: ring(1, &[public(&key(1))]),
            policy,
            code,
            code_in_state: None,
            document: Document::Snapshot,
            with: Vec::new(),
            typed: None,
            set_aside: 0,
        }
    }

    fn of(self, document: Document) -> Attack {
        Attack { document, ..self }
    }

    fn with(mut self, name: &'static str, bytes: Vec<u8>) -> Attack {
        self.with.push((name, bytes));
        self
    }

    fn in_state(self, code: &'static str) -> Attack {
        Attack { code_in_state: Some(code), ..self }
    }

    /// No host gets into the state in which it would have had a pulse before.
    fn without_state(mut self) -> Attack {
        self.with.retain(|(name, _)| *name == "good.bin");
        self
    }

    fn refused(name: &'static str, code: &'static str, about: &'static str) -> Attack {
        Attack::named(name, about, Some(code))
    }

    fn accepted(name: &'static str, about: &'static str) -> Attack {
        Attack::named(name, about, None)
    }

    fn snapshot(self, bytes: Vec<u8>) -> Attack {
        self.file("snapshot", bytes)
    }

    fn file(mut self, name: &str, bytes: Vec<u8>) -> Attack {
        self.files.push((format!("{name}.bin"), bytes));
        self
    }

    fn ring(mut self, key_ring: Value) -> Attack {
        self.key_ring = key_ring;
        self
    }

    fn policy(mut self, name: &str, value: impl Into<Value>) -> Attack {
        self.policy[name] = value.into();
        self
    }
}

/// All of them, in the order of the index.
pub fn all() -> Vec<Attack> {
    [bytes::all(), signatures::all(), content::all(), roles::all(), grants::all(), sealed::all()]
        .into_iter()
        .flatten()
        .collect()
}
