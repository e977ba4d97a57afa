//! Writing files so that a reader finds the old one or the new one, never half of one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::fault::Fault;

/// Who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Whoever the system's defaults allow.
    Anyone,
    /// Its owner alone.
    Owner,
}

/// Writes a file that must not be there yet.
///
/// # Errors
/// `file_exists`, `file_unavailable`.
pub fn create(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), Fault> {
    let written = open_new(path, readers).and_then(|file| fill(file, bytes));
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => exists(path),
        _ => Fault::of_io("write", path, &error),
    })
}

/// The refusal to overwrite.
pub fn exists(path: &Path) -> Fault {
    let help = "choose another folder, or move the file away if it is no longer needed";
    Fault::new("file_exists", "the file exists and is not overwritten", help).of_file(path.display())
}

/// Puts a file in the place of whatever is there, in one step.
///
/// # Errors
/// `file_unavailable`.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    replace_for(Readers::Anyone, path, bytes)
}

/// The same, for these readers.
///
/// # Errors
/// `file_unavailable`.
pub fn replace_for(readers: Readers, path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let written =
        open_new(&beside, readers).and_then(|file| fill(file, bytes)).and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        // what is left of the attempt is of no use; that it cannot be removed either changes nothing
        let _ = fs::remove_file(&beside);
        Fault::of_io("write", path, &error)
    })
}

/// Makes a folder and those above it.
///
/// # Errors
/// `file_unavailable`.
pub fn make_folder(path: &Path) -> Result<(), Fault> {
    fs::create_dir_all(path).map_err(|error| Fault::of_io("make", path, &error))
}

fn open_new(path: &Path, readers: Readers) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _ = readers;
    options.open(path)
}

fn fill(mut file: File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}
