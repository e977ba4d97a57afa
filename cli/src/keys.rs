//! Key files: the ring that hosts trust, and the secret keys that sign.

use std::path::{Path, PathBuf};

use counterfoil::snapshot::{KeyRing, NamedSecretKey, Role};
use zeroize::Zeroizing;

use crate::document::{text_of, Source};
use crate::fault::{faults_of, Fault};

/// Reads a key ring.
///
/// # Errors
/// `file_unavailable`, `file_not_text`, `key_ring_invalid` with each place.
pub fn key_ring(path: &Path) -> Result<KeyRing, Vec<Fault>> {
    let text = text_of(path).map_err(|fault| vec![fault])?;
    KeyRing::from_json(&text).map_err(|error| Source::of_json(&path.display().to_string(), &text).faults(&error))
}

/// Reads the secret keys that are to sign in a role.
///
/// # Errors
/// `file_unavailable`, `file_not_text`, `secret_key_invalid`, `key_role_mismatch`.
pub fn secret_keys(paths: &[PathBuf], role: Role) -> Result<Vec<NamedSecretKey>, Vec<Fault>> {
    paths.iter().map(|path| secret_key(path, role)).collect()
}

fn secret_key(path: &Path, role: Role) -> Result<NamedSecretKey, Vec<Fault>> {
    let text = Zeroizing::new(text_of(path).map_err(|fault| vec![fault])?);
    // without its text: an excerpt could show the secret
    let key = NamedSecretKey::from_json(&text).map_err(|error| faults_of(&error, path.display()))?;
    if key.role != role {
        let (what, whose) = match role {
            Role::Root => ("root documents", "root"),
            Role::Publisher => ("snapshots", "publisher's"),
            Role::Pulse => ("pulses", "pulse"),
            Role::Edge => ("quotes", "edge"),
        };
        let message = format!("the key has the role `{}`, which signs no {what}", key.role.name());
        let help = format!("give `--key` a {whose} key, as `keygen` writes it");
        return Err(vec![Fault::new("key_role_mismatch", message, help).of_file(path.display())]);
    }
    Ok(key)
}
