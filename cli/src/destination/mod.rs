//! Where snapshots are published: a folder that some server hands out, or a counterfoil worker.

mod folder;
mod worker;

use folder::Folder;
use worker::Worker;

use std::path::Path;

use counterfoil::snapshot::Manifest;

use crate::fault::Fault;

/// A place that keeps the current snapshot.
pub enum Destination {
    /// `snapshot.cfs` and `snapshots/<sha256>.cfs` in a folder.
    Folder(Folder),
    /// A worker's `/snapshot` and `/admin/snapshot`.
    Worker(Worker),
}

impl Destination {
    /// The destination of a path or an address.
    ///
    /// # Errors
    /// `token_missing`, `address_insecure`, `address_invalid`.
    pub fn of(to: &str, token: Option<&str>) -> Result<Destination, Fault> {
        match to.contains("://") {
            true => Worker::at(to, token).map(Destination::Worker),
            false => Ok(Destination::Folder(Folder::at(to))),
        }
    }

    /// The bytes of the snapshot that is there, if there is one.
    ///
    /// # Errors
    /// `file_unavailable`, `worker_unreachable`, `answer_unexpected`, or what the worker refuses.
    pub fn current(&self) -> Result<Option<Vec<u8>>, Fault> {
        match self {
            Destination::Folder(folder) => folder.current(),
            Destination::Worker(worker) => worker.current(),
        }
    }

    /// Hands over the shop's root documents, where the destination goes by them itself: a worker. Who reads a folder is told
    /// where they are.
    ///
    /// # Errors
    /// The same.
    pub fn hand_root(&self, chain: &[u8]) -> Result<(), Fault> {
        match self {
            Destination::Folder(_) => Ok(()),
            Destination::Worker(worker) => worker.hand_root(chain),
        }
    }

    /// Makes a snapshot the current one.
    ///
    /// # Errors
    /// The same.
    pub fn publish(&self, snapshot: &[u8], sha256: &str) -> Result<(), Fault> {
        match self {
            Destination::Folder(folder) => folder.publish(snapshot, sha256),
            Destination::Worker(worker) => worker.publish(snapshot),
        }
    }

    /// The private half that is there, if there is one.
    ///
    /// # Errors
    /// As [`current`](Destination::current).
    pub fn current_edge(&self) -> Result<Option<Vec<u8>>, Fault> {
        match self {
            Destination::Folder(folder) => folder.current(),
            Destination::Worker(worker) => worker.current_edge(),
        }
    }

    /// What of a private half is not there yet, in bytes.
    pub fn missing(&self, file: &[u8], head: usize, manifest: &Manifest) -> usize {
        match self {
            Destination::Folder(folder) => folder.missing(manifest).fold(head, usize::saturating_add),
            Destination::Worker(_) => file.len(),
        }
    }

    /// Hands out a private half: a folder in parts, a worker whole.
    ///
    /// # Errors
    /// As [`publish`](Destination::publish).
    pub fn publish_edge(&self, file: &[u8], head: usize, manifest: &Manifest) -> Result<(), Fault> {
        match self {
            Destination::Folder(folder) => folder.publish_in_parts(file, head, manifest),
            Destination::Worker(worker) => worker.publish_edge(file),
        }
    }

    /// Whether a file of that path would be handed out too.
    pub fn has(&self, path: &Path) -> bool {
        match self {
            Destination::Folder(folder) => folder.has(path),
            Destination::Worker(_) => false,
        }
    }

    /// What the private half is called there.
    pub fn name_of_edge(&self) -> String {
        match self {
            Destination::Folder(folder) => folder.path().display().to_string(),
            Destination::Worker(worker) => worker.edge_address(),
        }
    }

    /// What the current snapshot is called there.
    pub fn name_of_current(&self) -> String {
        match self {
            Destination::Folder(folder) => folder.snapshot().display().to_string(),
            Destination::Worker(worker) => worker.snapshot_address(),
        }
    }
}
