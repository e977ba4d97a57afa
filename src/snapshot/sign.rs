//! The publisher's side: secret keys, and sealing a snapshot. A host that only reads never calls anything here,
//! so nothing of it is linked into the storefront's build.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use ed25519_dalek::SigningKey;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::error::Error;

use super::envelope::{sign, DocumentType};
use super::key_ring::Role;
use super::manifest::{Manifest, Profile};
use super::public_key::{KeyId, PublicKey};
use super::section::{Revision, Section, SectionEntry};
use super::{hex, refusal};

/// An Ed25519 secret key. Wiped when dropped; `Debug` shows the id of its public key only.
pub struct SecretKey(SigningKey);

impl SecretKey {
    /// The key of 32 seed bytes, which must come from a cryptographic random source.
    ///
    /// ```
    /// use counterfoil::snapshot::SecretKey;
    /// let key = SecretKey::from_seed(&[7; 32]);
    /// assert_eq!(format!("{key:?}"), format!("SecretKey(of {})", key.key_id()));
    /// ```
    pub fn from_seed(seed: &[u8; 32]) -> SecretKey {
        SecretKey(SigningKey::from_bytes(seed))
    }

    /// The public half.
    pub fn public_key(&self) -> PublicKey {
        PublicKey::of(self.0.verifying_key())
    }

    /// The id under which envelopes name this key.
    pub fn key_id(&self) -> KeyId {
        self.public_key().id()
    }

    /// A secret for one purpose and one publication, which tells nothing of the key.
    #[cfg(feature = "sealing")]
    pub fn secret_for(&self, purpose: &[u8], published: &[u8]) -> [u8; 32] {
        let mut secret = [0; 32];
        let about = Sha256::digest(published);
        // far below what HKDF gives
        let _ = hkdf::Hkdf::<Sha256>::new(Some(purpose), self.0.as_bytes()).expand(&about, &mut secret);
        secret
    }

    pub(super) fn signer(&self) -> &SigningKey {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(of {})", self.key_id())
    }
}

impl Serialize for SecretKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.0.as_bytes()))
    }
}

impl<'de> Deserialize<'de> for SecretKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SecretKey, D::Error> {
        let text = String::deserialize(deserializer)?;
        let seed =
            hex::decode(&text).ok_or_else(|| serde::de::Error::custom("not 64 lower-case hexadecimal digits"))?;
        Ok(SecretKey::from_seed(&seed))
    }
}

/// A secret key as it lies in a file: `{ "role": "publisher", "name": "2026-a", "secretKey": "<64 digits>" }`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NamedSecretKey {
    /// What it may sign.
    pub role: Role,
    /// For people.
    pub name: String,
    /// The key.
    pub secret_key: SecretKey,
}

impl NamedSecretKey {
    /// Reads the JSON form.
    ///
    /// ```
    /// use counterfoil::snapshot::NamedSecretKey;
    ///
    /// let refusal = NamedSecretKey::from_json(r#"{ "role": "0707", "name": "a", "secretKey": "07" }"#).unwrap_err();
    /// assert_eq!(refusal.code(), "secret_key_invalid");
    /// assert!(!refusal.to_string().contains("07")); // what was written is never repeated
    /// ```
    ///
    /// # Errors
    ///
    /// `secret_key_invalid`.
    pub fn from_json(text: &str) -> Result<NamedSecretKey, Error> {
        serde_json::from_str(text).map_err(|error| refusal::secret_key_unreadable(error.line(), error.column()))
    }
}

/// What a publisher says about a snapshot; the rest of the manifest follows from the sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ManifestFields<'a> {
    /// The shop it is for.
    pub audience: &'a str,
    /// The environment it is for.
    pub environment: &'a str,
    /// Which half of the publication it is.
    pub profile: Profile,
    /// What was published, where the other half carries other sections; otherwise [`Revision::of`] all sections.
    pub revision: Option<Revision>,
    /// Higher than every version published before.
    pub version: u64,
    /// When it is published, UTC milliseconds.
    pub issued_at: i64,
    /// From when it must not be used, UTC milliseconds.
    pub expires_at: i64,
    /// The version of the root document; 0 while key rings are handed out directly.
    pub root_version: u64,
}

/// Writes and signs a snapshot file. The same input gives the same bytes, in whatever order the keys are listed.
///
/// ```
/// use counterfoil::snapshot::{seal, ManifestFields, Profile, SecretKey};
///
/// let key = SecretKey::from_seed(&[7; 32]);
/// let fields = ManifestFields {
///     audience: "demo-shop",
///     environment: "production",
///     profile: Profile::Edge,
///     revision: None,
///     version: 1,
///     issued_at: 1_000,
///     expires_at: 2_000,
///     root_version: 0,
/// };
/// assert!(seal(&fields, &[], &[&key]).is_ok());
///
/// // What no reader would accept is not written.
/// let timeless = ManifestFields { expires_at: 1_000, ..fields };
/// assert_eq!(seal(&timeless, &[], &[&key]).unwrap_err().first().at.as_ref().unwrap().pointer, "/expiresAt");
/// assert_eq!(seal(&fields, &[], &[]).unwrap_err().code(), "threshold_not_met");
/// ```
///
/// # Errors
///
/// `snapshot_malformed` with a pointer to the field that no reader would accept; `snapshot_too_large`: the
/// sections, their number or the number of keys exceed the [limits](super::limits); `threshold_not_met`: no key.
pub fn seal(fields: &ManifestFields<'_>, sections: &[Section<'_>], keys: &[&SecretKey]) -> Result<Vec<u8>, Error> {
    if keys.is_empty() {
        return Err(refusal::threshold_not_met(Role::Publisher, 0, 1, None));
    }
    let entry = |section: &Section<'_>| SectionEntry {
        kind: section.kind.byte(),
        critical: section.kind.is_critical(),
        length: section.bytes.len() as u64,
        sha256: Sha256::digest(section.bytes).into(),
    };
    let manifest = Manifest {
        audience: fields.audience.to_owned(),
        environment: fields.environment.to_owned(),
        profile: fields.profile,
        revision: fields.revision.unwrap_or_else(|| Revision::of(sections)),
        version: fields.version,
        issued_at: fields.issued_at,
        expires_at: fields.expires_at,
        root_version: fields.root_version,
        sections: sections.iter().map(entry).collect(),
    };
    let mut file = sign(DocumentType::Manifest, &manifest.encode()?, keys)?;
    for section in sections {
        file.extend_from_slice(section.bytes);
    }
    let limit = fields.profile.max_file_bytes();
    if file.len() > limit {
        return Err(refusal::too_large("bytes of the file", file.len() as u64, limit as u64));
    }
    Ok(file)
}
