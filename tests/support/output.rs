//! Where the native run leaves what other hosts must answer too.

use std::path::{Path, PathBuf};

/// Whether the native run shall leave its answers behind.
pub fn is_wanted() -> bool {
    std::env::var_os("CORPUS_ANSWERS").is_some()
}

/// Beside the build's own output, wherever that is.
pub fn target() -> PathBuf {
    let executable = std::env::current_exe().unwrap();
    let profile = executable.ancestors().find(|folder| folder.join("deps").is_dir());
    profile.and_then(Path::parent).unwrap_or_else(|| Path::new("target")).to_owned()
}

/// The folder of the snapshots and the answers.
pub fn snapshots() -> PathBuf {
    let folder = target().join("corpus-snapshots");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
