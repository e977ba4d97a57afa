//! Opening a snapshot: every check, in one order, and nothing handed out before the last.

use alloc::vec::Vec;
use sha2::{Digest, Sha256};

use crate::error::Error;

use super::envelope::{DocumentType, Envelope, Verified};
use super::key_ring::{KeyRing, Role};
use super::limits::CLOCK_TOLERANCE;
use super::manifest::{Manifest, Profile};
use super::public_key::KeyId;
use super::pulse::Current;
use super::section::{Section, SectionEntry, SectionKind};
use super::trust::TrustedRole;
use super::{refusal, trust};

/// What a host demands of a snapshot beyond the key ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The host's clock, UTC milliseconds.
    pub now: i64,
    /// The version floor: the highest version this host has used. 0 where it has used none.
    pub min_version: u64,
    /// The root document that it was published under. A version counts from the root document on that it is under, so that
    /// what a stolen key has published with the highest version there is ends with the document that replaces the key
    /// (`reference/security.md` §1.3, fast-forward).
    pub min_root_version: u64,
    /// Which half of a publication this host wants.
    pub profile: Profile,
    /// Whether a snapshot outside its time is refused.
    pub expiry: Expiry,
}

impl Policy {
    /// No floor, expiry enforced.
    pub const fn at(now: i64, profile: Profile) -> Policy {
        Policy { now, min_version: 0, min_root_version: 0, profile, expiry: Expiry::Enforce }
    }
}

/// Whether a snapshot's time of issue and of expiry bind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expiry {
    /// Outside its time a snapshot is refused.
    #[default]
    Enforce,
    /// For tools that look into old files. The keys' own times of validity still bind.
    Ignore,
}

/// A snapshot that passed every check. Only [`open`] makes one.
#[derive(Clone, Debug)]
pub struct Snapshot<'a> {
    file: &'a [u8],
    body: &'a [u8],
    manifest: Manifest,
    sections: Vec<Section<'a>>,
    signers: Vec<KeyId>,
    pulse: Option<TrustedRole>,
}

impl<'a> Snapshot<'a> {
    /// The signed head.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The sections of the kinds that this reader knows, in the manifest's order.
    pub fn sections(&self) -> &[Section<'a>] {
        &self.sections
    }

    /// The bytes of the first section of a kind.
    pub fn section(&self, kind: SectionKind) -> Option<&'a [u8]> {
        self.sections.iter().find(|section| section.kind == kind).map(|section| section.bytes)
    }

    /// The distinct trusted keys whose signatures counted.
    pub fn signers(&self) -> &[KeyId] {
        &self.signers
    }

    /// SHA-256 of the whole file, its address in a content-addressed store. Computed when asked: a page that
    /// only quotes does not pay for it.
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(self.file).into()
    }

    /// What outlives the file: its head, and by whom pulses may confirm it.
    pub fn into_current(self) -> Current {
        Current { sha256: Sha256::digest(self.body).into(), manifest: self.manifest, keys: self.pulse, last: 0 }
    }
}

/// Checks a snapshot file and gives access to it.
///
/// The order: key ring, size, frame, signatures, manifest, audience, environment, profile, time, version floor,
/// root, lengths, hashes. A file with several faults is refused for the first in this order.
///
/// ```
/// use counterfoil::snapshot::{open, KeyRing, Policy, Profile, SecretKey};
///
/// let ring = KeyRing::with_publisher("demo-shop", "production", &[SecretKey::from_seed(&[7; 32]).public_key()]);
/// let refusal = open(b"<!doctype html>", &ring, &Policy::at(0, Profile::Storefront)).unwrap_err();
/// assert_eq!(refusal.code(), "snapshot_malformed");
/// assert!(refusal.first().help.contains("web page"));
/// ```
///
/// # Errors
///
/// `key_ring_invalid`, `snapshot_too_large`, `snapshot_malformed`, `format_unsupported`, `key_unknown`,
/// `signature_invalid`, `threshold_not_met`, `audience_mismatch`, `environment_mismatch`, `profile_mismatch`,
/// `snapshot_expired`, `snapshot_not_yet_valid`, `snapshot_rolled_back`, `root_outdated`, `ceiling_exceeded`,
/// `section_mismatch`.
pub fn open<'a>(bytes: &'a [u8], ring: &KeyRing, policy: &Policy) -> Result<Snapshot<'a>, Error> {
    with_sections(bytes, head(bytes, ring, policy)?, &[])
}

/// The same where the host has hashed the [heavy](fn@heavy) sections where they stand in `bytes`, which it does several times as
/// fast. It must have hashed them itself, and nobody may have written there since.
///
/// # Errors
/// As [`open`].
#[cfg(feature = "workshop")]
pub fn open_hashed<'a>(
    bytes: &'a [u8],
    ring: &KeyRing,
    policy: &Policy,
    hashes: &[[u8; 32]],
) -> Result<Snapshot<'a>, Error> {
    with_sections(bytes, head(bytes, ring, policy)?, hashes)
}

/// The manifest of a snapshot whose sections are not there yet, and how many bytes its signed head has. All is checked that
/// [`open`] checks of it.
///
/// # Errors
/// As [`open`], without those of sections.
#[cfg(feature = "workshop")]
pub fn open_head(bytes: &[u8], ring: &KeyRing, policy: &Policy) -> Result<(Manifest, usize), Error> {
    let (manifest, verified, _) = head(bytes, ring, policy)?;
    Ok((manifest, bytes.len().saturating_sub(verified.rest.len())))
}

/// Where the sections stand that are so long that the host had better hash them, for [`open_hashed`].
///
/// # Errors
/// As [`open`], without those of sections.
#[cfg(feature = "workshop")]
pub fn heavy(bytes: &[u8], ring: &KeyRing, policy: &Policy) -> Result<Vec<core::ops::Range<usize>>, Error> {
    let (manifest, ..) = head(bytes, ring, policy)?;
    let places = super::section::places(&manifest.sections, bytes.len());
    Ok(places.into_iter().filter(|place| place.len() >= HEAVY).collect())
}

/// Bytes from which on the host had better hash a section.
const HEAVY: usize = 64 << 10;

/// Checks all but the sections.
fn head<'a>(
    bytes: &'a [u8],
    ring: &KeyRing,
    policy: &Policy,
) -> Result<(Manifest, Verified<'a>, trust::Trusted), Error> {
    let trusted = trust::trust(ring)?;
    let limit = policy.profile.max_file_bytes();
    if bytes.len() > limit {
        return Err(refusal::too_large("bytes of the file", bytes.len() as u64, limit as u64));
    }
    let verified = Envelope::read(bytes)?.verify(DocumentType::Manifest, trusted.role(Role::Publisher)?, policy.now)?;
    let manifest = Manifest::read(&verified)?;
    check_names((&manifest.audience, &manifest.environment), (&ring.audience, &ring.environment))?;
    check_profile(manifest.profile, policy.profile)?;
    if policy.expiry == Expiry::Enforce {
        check_time(&manifest, policy.now)?;
    }
    if manifest.root_version < policy.min_root_version {
        return Err(refusal::root_rolled_back(manifest.root_version, policy.min_root_version));
    }
    if manifest.root_version == policy.min_root_version && manifest.version < policy.min_version {
        return Err(refusal::rolled_back(manifest.version, policy.min_version));
    }
    check_root(&manifest, ring)?;
    Ok((manifest, verified, trusted))
}

fn with_sections<'a>(
    file: &'a [u8],
    (manifest, verified, trusted): (Manifest, Verified<'a>, trust::Trusted),
    hashes: &[[u8; 32]],
) -> Result<Snapshot<'a>, Error> {
    let sections = cut_sections(&manifest.sections, verified.rest, hashes)?;
    let Verified { body, signers, .. } = verified;
    Ok(Snapshot { file, body, manifest, sections, signers, pulse: trusted.into_pulse() })
}

#[inline(never)]
pub(super) fn check_names(found: (&str, &str), expected: (&str, &str)) -> Result<(), Error> {
    if found.0 != expected.0 {
        return Err(refusal::audience_mismatch(found.0, expected.0));
    }
    if found.1 != expected.1 {
        return Err(refusal::environment_mismatch(found.1, expected.1));
    }
    Ok(())
}

pub(super) fn check_profile(found: Profile, expected: Profile) -> Result<(), Error> {
    if found != expected {
        return Err(refusal::profile_mismatch(found, expected));
    }
    Ok(())
}

fn check_time(manifest: &Manifest, now: i64) -> Result<(), Error> {
    if now >= manifest.expires_at {
        return Err(refusal::expired(manifest.expires_at, now));
    }
    check_issued(manifest.issued_at, now)
}

pub(super) fn check_issued(issued_at: i64, now: i64) -> Result<(), Error> {
    if issued_at > now.saturating_add(CLOCK_TOLERANCE) {
        return Err(refusal::not_yet_valid(issued_at, now));
    }
    Ok(())
}

/// Whether the host knows the root document that it was published under, and whether that allows it.
fn check_root(manifest: &Manifest, ring: &KeyRing) -> Result<(), Error> {
    if manifest.root_version > ring.version {
        return Err(refusal::root_outdated(manifest.root_version, ring.version));
    }
    let life = manifest.expires_at.abs_diff(manifest.issued_at);
    if life > ring.ceilings.life {
        return Err(refusal::ceiling_exceeded(life, ring.ceilings.life));
    }
    Ok(())
}

/// Cuts the rest of the file into sections and compares each with its hash, those of unknown kinds too.
fn cut_sections<'a>(entries: &[SectionEntry], rest: &'a [u8], hashes: &[[u8; 32]]) -> Result<Vec<Section<'a>>, Error> {
    // A sum that saturates is not the length of anything.
    let announced = entries.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.length));
    let wrong_length = || refusal::wrong_length(announced, rest.len() as u64);
    if announced != rest.len() as u64 {
        return Err(wrong_length());
    }
    let mut left = rest;
    let mut sections = Vec::with_capacity(entries.len());
    let mut hashes = hashes.iter();
    for (index, entry) in entries.iter().enumerate() {
        let length = usize::try_from(entry.length).map_err(|_| wrong_length())?;
        let (bytes, after) = left.split_at_checked(length).ok_or_else(wrong_length)?;
        left = after;
        // a storefront hashes what it opens itself
        let hashed = if cfg!(feature = "workshop") && bytes.len() >= HEAVY { hashes.next() } else { None };
        let hash = hashed.map_or_else(|| Sha256::digest(bytes).into(), |hashed| *hashed);
        if hash != entry.sha256 {
            return Err(refusal::section_mismatch(index, entry.kind));
        }
        if let Some(kind) = SectionKind::from_byte(entry.kind) {
            sections.push(Section { kind, bytes });
        }
    }
    Ok(sections)
}
