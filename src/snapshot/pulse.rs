//! The pulse: short-lived word that a snapshot is current, and which of its campaigns were stopped. Its key is online, so
//! it can only confirm or deny: what a publisher did not sign, no pulse brings about.

use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;

use crate::error::Error;
use crate::packed::{self, packed};

use super::envelope::{sign, DocumentType, Envelope};
use super::key_ring::Role;
use super::limits::{is_name, MAX_TIME, MAX_VERSION};
use super::manifest::{Manifest, Profile};
use super::open::{check_issued, check_names, check_profile};
use super::refusal;
use super::section::as_hex;
use super::sign::SecretKey;
use super::trust::TrustedRole;

/// The version of the schema, the first byte of the body.
const FORMAT: u8 = 1;

packed! {
    #[derive(Serialize)]
    struct Wire {
        format: u8,
        audience: String,
        environment: String,
        profile: u8,
        version: u64,
        manifest: [u8; 32],
        min_version: u64,
        issued_at: u64,
        expires_at: u64,
        stopped: Vec<String>,
    }
}

/// What a pulse says. Each profile has its own: that of the storefront is public, and the names of campaigns that
/// storefronts do not know do not belong there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pulse {
    /// The shop.
    pub audience: String,
    /// The environment.
    pub environment: String,
    /// Of which half of a publication it speaks.
    pub profile: Profile,
    /// The version that is current.
    pub version: u64,
    /// SHA-256 of that version's manifest: of two snapshots under one version only one is confirmed.
    #[serde(serialize_with = "as_hex")]
    pub manifest: [u8; 32],
    /// The lowest version that may still be used.
    pub min_version: u64,
    /// When it was made, UTC milliseconds.
    pub issued_at: i64,
    /// From when it confirms nothing any more, UTC milliseconds.
    pub expires_at: i64,
    /// Ids of campaigns that must not run.
    pub stopped: Vec<String>,
}

impl Pulse {
    /// Writes and signs the document. The same input gives the same bytes.
    ///
    /// # Errors
    ///
    /// `snapshot_malformed` with a pointer to what no reader would accept; `snapshot_too_large`.
    pub fn seal(&self, keys: &[&SecretKey]) -> Result<Vec<u8>, Error> {
        for (pointer, name) in [("/audience", &self.audience), ("/environment", &self.environment)] {
            if !is_name(name) {
                return Err(refusal::document_fault(pointer, "a name has 1 to 128 bytes"));
            }
        }
        self.check()?;
        let wire = Wire {
            format: FORMAT,
            audience: self.audience.clone(),
            environment: self.environment.clone(),
            profile: self.profile.byte(),
            version: self.version,
            manifest: self.manifest,
            min_version: self.min_version,
            issued_at: self.issued_at.unsigned_abs(),
            expires_at: self.expires_at.unsigned_abs(),
            stopped: self.stopped.clone(),
        };
        let body = postcard::to_allocvec(&wire).map_err(|_| refusal::document_fault("", "it cannot be written"))?;
        sign(DocumentType::Pulse, &body, keys)
    }

    fn check(&self) -> Result<(), Error> {
        let life = self.expires_at.saturating_sub(self.issued_at);
        if !(1..=self.profile.max_pulse_life()).contains(&life) || !(0..MAX_TIME).contains(&self.issued_at) {
            return Err(refusal::document_fault("/expiresAt", "a pulse lives too long, or not at all"));
        }
        if self.min_version > self.version || self.version > MAX_VERSION {
            return Err(refusal::document_fault("/version", "a version is out of range"));
        }
        Ok(())
    }
}

/// A snapshot that is open, as pulses see it: its head, the keys that may confirm it, and the last one that did.
#[derive(Clone, Debug)]
pub struct Current {
    pub(super) manifest: Manifest,
    pub(super) sha256: [u8; 32],
    pub(super) keys: Option<TrustedRole>,
    /// When the last pulse was made.
    pub(super) last: i64,
}

impl Current {
    /// The signed head.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Whether there is anybody who may sign pulses.
    pub fn has_pulse(&self) -> bool {
        self.keys.is_some()
    }

    /// A pulse that confirms this snapshot, not signed yet: from `issued_at` until `expires_at`, with the ids of campaigns that
    /// must not run.
    pub fn pulse(&self, issued_at: i64, expires_at: i64, stopped: Vec<String>) -> Pulse {
        let Manifest { audience, environment, profile, version, .. } = self.manifest.clone();
        let (manifest, min_version) = (self.sha256, version);
        Pulse { audience, environment, profile, version, manifest, min_version, issued_at, expires_at, stopped }
    }

    /// Verifies a pulse, and that it confirms this snapshot. One that is older than the last one is refused.
    ///
    /// The order: keys, frame, signatures, body, audience, environment, profile, time, order, version.
    ///
    /// # Errors
    ///
    /// `key_ring_invalid`: the ring has no pulse keys. `snapshot_malformed`, `format_unsupported`, `snapshot_too_large`,
    /// `key_unknown`, `signature_invalid`, `threshold_not_met`, `audience_mismatch`, `environment_mismatch`,
    /// `profile_mismatch`, `snapshot_not_yet_valid` as for snapshots; `pulse_expired`, `pulse_rolled_back`,
    /// `pulse_mismatch`; `snapshot_rolled_back`: the open snapshot is no longer to be used.
    pub fn take(&mut self, bytes: &[u8], now: i64) -> Result<Pulse, Error> {
        let role = self.keys.as_ref().ok_or_else(|| refusal::role_missing(Role::Pulse))?;
        let verified = Envelope::read(bytes)?.verify(DocumentType::Pulse, role, now)?;
        let pulse = decode(verified.body)?;
        let manifest = &self.manifest;
        if !verified.rest.is_empty() {
            return Err(refusal::wrong_length(0, verified.rest.len() as u64));
        }
        check_names((&pulse.audience, &pulse.environment), (&manifest.audience, &manifest.environment))?;
        check_profile(pulse.profile, manifest.profile)?;
        if now >= pulse.expires_at {
            return Err(refusal::pulse_expired(pulse.expires_at, now));
        }
        check_issued(pulse.issued_at, now)?;
        if pulse.issued_at < self.last {
            return Err(refusal::pulse_rolled_back(pulse.issued_at, self.last));
        }
        if manifest.version < pulse.min_version {
            return Err(refusal::rolled_back(manifest.version, pulse.min_version));
        }
        if manifest.version == pulse.version && self.sha256 != pulse.manifest {
            return Err(refusal::pulse_mismatch(pulse.version));
        }
        self.last = pulse.issued_at;
        Ok(pulse)
    }
}

fn decode(body: &[u8]) -> Result<Pulse, Error> {
    let wire = packed::unpack::<Wire>(body).filter(|wire| wire.format == FORMAT);
    let Some((wire, profile)) = wire.and_then(|wire| Profile::from_byte(wire.profile).map(|profile| (wire, profile)))
    else {
        return Err(refusal::document_fault("", "the body is no pulse"));
    };
    let time = |time: u64| i64::try_from(time).unwrap_or(i64::MAX);
    let pulse = Pulse {
        audience: wire.audience,
        environment: wire.environment,
        profile,
        version: wire.version,
        manifest: wire.manifest,
        min_version: wire.min_version,
        issued_at: time(wire.issued_at),
        expires_at: time(wire.expires_at),
        stopped: wire.stopped,
    };
    pulse.check()?;
    Ok(pulse)
}
