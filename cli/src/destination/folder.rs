//! A folder of snapshots: `snapshot.cfs` is the current one, `snapshots/` keeps each under its SHA-256.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::fault::Fault;
use crate::files;

/// A folder that a web server or a content delivery network hands out.
pub struct Folder(PathBuf);

impl Folder {
    pub(super) fn at(path: &str) -> Folder {
        Folder(Path::new(path).to_owned())
    }

    pub(super) fn snapshot(&self) -> PathBuf {
        self.0.join("snapshot.cfs")
    }

    pub(super) fn current(&self) -> Result<Option<Vec<u8>>, Fault> {
        let path = self.snapshot();
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::of_io("read", &path, &error)),
        }
    }

    /// The kept copy first: the current snapshot must never be one that its address does not have.
    pub(super) fn publish(&self, snapshot: &[u8], sha256: &str) -> Result<(), Fault> {
        let kept = self.0.join("snapshots");
        files::make_folder(&kept)?;
        files::replace(&kept.join(format!("{sha256}.cfs")), snapshot)?;
        files::replace(&self.snapshot(), snapshot)
    }
}
