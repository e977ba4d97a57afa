//! A folder of snapshots: `snapshot.cfs` is the current one, `snapshots/` keeps each under its SHA-256. Of the edge's
//! snapshots each section is kept, and the head beside them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use counterfoil::snapshot::{places, Manifest};

use crate::fault::Fault;
use crate::files;

/// A folder that a web server or a content delivery network hands out.
pub struct Folder(PathBuf);

impl Folder {
    /// A folder by its path.
    pub fn at(path: &str) -> Folder {
        Folder(Path::new(path).to_owned())
    }

    /// Where the current snapshot lies.
    pub fn snapshot(&self) -> PathBuf {
        self.0.join("snapshot.cfs")
    }

    /// The current snapshot.
    ///
    /// # Errors
    /// `file_unavailable`.
    pub fn current(&self) -> Result<Option<Vec<u8>>, Fault> {
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

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Whether a file of that path lies in it, however deep.
    pub fn has(&self, path: &Path) -> bool {
        let real = |path: &Path| fs::canonicalize(if path.as_os_str().is_empty() { Path::new(".") } else { path }).ok();
        match (real(path.parent().unwrap_or(path)), real(&self.0)) {
            (Some(path), Some(folder)) => path.starts_with(folder),
            _ => false,
        }
    }

    /// How long the sections are that are not here yet.
    pub fn missing<'a>(&'a self, manifest: &'a Manifest) -> impl Iterator<Item = usize> + 'a {
        let entries = manifest.sections.iter().filter(|entry| !self.section(&entry.sha256).exists());
        entries.map(|entry| usize::try_from(entry.length).unwrap_or(usize::MAX))
    }

    fn section(&self, sha256: &[u8; 32]) -> PathBuf {
        let name: String = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        self.0.join("sections").join(name)
    }

    /// The snapshot whole, and in parts: each section under its SHA-256 for ever, and the signed head. The head comes last:
    /// whoever sees it finds what it names.
    ///
    /// # Errors
    /// `file_unavailable`.
    pub fn publish_in_parts(&self, snapshot: &[u8], head: usize, manifest: &Manifest) -> Result<(), Fault> {
        files::make_folder(&self.0.join("sections"))?;
        for (entry, place) in manifest.sections.iter().zip(places(&manifest.sections, snapshot.len())) {
            let path = self.section(&entry.sha256);
            if !path.exists() {
                files::replace(&path, snapshot.get(place).unwrap_or(&[]))?;
            }
        }
        files::replace(&self.snapshot(), snapshot)?;
        files::replace(&self.0.join("head.cfs"), snapshot.get(..head).unwrap_or(&[]))
    }
}
