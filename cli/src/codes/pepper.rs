//! The pepper file: the secret under which codes are kept in published files.

use std::path::Path;

use counterfoil::codes::Pepper;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::document::text_of;
use crate::fault::Fault;

/// As it lies in a file: `{ "pepper": "<64 digits>" }`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PepperFile {
    pepper: String,
}

/// Reads a pepper.
///
/// # Errors
/// `file_unavailable`, `file_not_text`, `pepper_invalid`.
pub fn read(path: &Path) -> Result<Pepper, Fault> {
    let text = Zeroizing::new(text_of(path)?);
    // never with what is written there
    let file: Option<PepperFile> = serde_json::from_str(&text).ok();
    file.and_then(|file| Pepper::from_hex(&file.pepper)).ok_or_else(|| {
        let help = "make one with `counterfoil codes pepper`";
        Fault::new("pepper_invalid", "this is no file of a pepper", help).of_file(path.display())
    })
}

/// The text of a file for fresh random bytes.
///
/// # Errors
/// `randomness_unavailable`.
pub fn fresh() -> Result<Zeroizing<String>, Fault> {
    let bytes = random()?;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Zeroizing::new(format!("{{ \"pepper\": \"{digits}\" }}\n")))
}

/// 32 bytes from the system's source of randomness.
///
/// # Errors
/// `randomness_unavailable`.
pub fn random() -> Result<Zeroizing<[u8; 32]>, Fault> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes).map_err(|error| {
        let message = format!("the system gives no random bytes: {error}");
        Fault::new("randomness_unavailable", message, "make secrets on a machine with a working random source")
    })?;
    Ok(bytes)
}
