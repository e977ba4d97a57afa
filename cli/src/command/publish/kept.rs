//! The documents that were published last, kept where only the publisher looks: the next publication tells against them what
//! changes. They are never handed out, since they hold what is sealed and what is for the edge alone.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use counterfoil::snapshot::{KeyRing, Manifest};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::fault::Fault;
use crate::files::{self, Readers};

/// What was published last.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Kept {
    version: u64,
    revision: String,
    /// As they were read.
    documents: Vec<Json>,
}

/// The file that a publisher keeps for a shop and its environment: beside the key.
pub(super) fn beside(key: &Path, ring: &KeyRing) -> PathBuf {
    let plain = |name: &str| -> String {
        name.chars()
            .map(|letter| if letter.is_alphanumeric() || "-_".contains(letter) { letter } else { '_' })
            .collect()
    };
    key.with_file_name(format!("published.{}.{}.json", plain(&ring.audience), plain(&ring.environment)))
}

impl Kept {
    /// The documents of a publication.
    pub(super) fn of(version: u64, revision: &str, documents: &[&Json]) -> Kept {
        let documents = documents.iter().map(|document| (*document).clone()).collect();
        Kept { version, revision: revision.to_owned(), documents }
    }

    /// What is kept in a file, if it is what is published now; otherwise why there is nothing to compare with. The revision
    /// decides: it is the same under another version where nothing but the life is new.
    pub(super) fn read(path: &Path, current: &Manifest) -> Result<Kept, String> {
        let bytes = fs::read(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => format!("{} is not there", path.display()),
            _ => format!("{} cannot be read", path.display()),
        })?;
        let kept: Kept =
            serde_json::from_slice(&bytes).map_err(|_| format!("{} is not as it was written", path.display()))?;
        match kept.revision == current.revision.to_string() {
            true => Ok(kept),
            false if kept.version == current.version => {
                Err(format!("another version {} is published than {} has", kept.version, path.display()))
            }
            false => Err(format!(
                "version {} is published, {} has version {}",
                current.version,
                path.display(),
                kept.version
            )),
        }
    }

    /// What the documents said.
    pub(super) fn documents(&self) -> Vec<&Json> {
        self.documents.iter().collect()
    }

    /// Keeps it, for its owner's eyes.
    ///
    /// # Errors
    /// `file_unavailable`.
    pub(super) fn write(&self, path: &Path) -> Result<(), Fault> {
        let text = serde_json::to_vec(self).map_err(|error| Fault::of_io("write", path, &error.into()))?;
        files::replace_for(Readers::Owner, path, &text)
    }
}
