//! Finding case files.

use std::fs;
use std::path::{Path, PathBuf};

use super::OWN_MEMBERS;
use crate::document::Reading;
use crate::fault::Fault;

/// The case files under these paths, in order: files that are named as they are, folders with all below them.
/// In folders, documents that are no case files (campaigns, requests) are passed over.
///
/// # Errors
/// `file_unavailable`.
pub fn discover(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Fault> {
    let mut found = Vec::new();
    for path in paths {
        let kind = fs::metadata(path).map_err(|error| Fault::of_io("read", path, &error))?;
        match kind.is_dir() {
            true => below(path, &mut found)?,
            false => found.push(path.clone()),
        }
    }
    Ok(found)
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Fault> {
    let unreadable = |error| Fault::of_io("list", folder, &error);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        // a link to a folder is not followed: it may lead in a circle
        entries.push((entry.path(), entry.file_type().map_err(unreadable)?.is_dir()));
    }
    entries.sort();
    for (path, is_folder) in entries {
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if is_folder && !is_hidden {
            below(&path, found)?;
        } else if is_document(&path) && !is_hidden && is_of_cases(&path) {
            found.push(path);
        }
    }
    Ok(())
}

fn is_document(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    matches!(extension.as_deref(), Some("json" | "yaml" | "yml"))
}

/// Whether a file is meant to be one of cases. One that cannot be read may be: it is not passed over in silence.
fn is_of_cases(path: &Path) -> bool {
    match Reading::of_file(path) {
        Ok(Reading { document: Some(document), .. }) => OWN_MEMBERS.iter().any(|own| document.json.get(own).is_some()),
        _ => true,
    }
}
