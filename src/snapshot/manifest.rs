//! The manifest: the signed head of a snapshot. For whom it is, which version, how long it is good for, and
//! what its sections are.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::packed::{self, packed};

use super::envelope::Verified;
use super::limits::{
    is_name, MAX_EDGE_BYTES, MAX_EDGE_PULSE_LIFE, MAX_SECTIONS, MAX_STOREFRONT_BYTES, MAX_STOREFRONT_PULSE_LIFE,
    MAX_TIME, MAX_VERSION,
};
use super::refusal;
use super::section::{Revision, SectionEntry, SectionKind};

/// The version of the manifest's schema. It is the body's first byte, so that a reader knows what it does not
/// understand.
pub const FORMAT_VERSION: u8 = 1;

/// Which half of a publication a snapshot is, and which half a host wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Public: for browsers.
    Storefront,
    /// Private: for edge workers and servers.
    Edge,
}

impl Profile {
    /// The word used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Storefront => "storefront",
            Profile::Edge => "edge",
        }
    }

    /// How large a file of this profile may be.
    pub fn max_file_bytes(self) -> usize {
        match self {
            Profile::Storefront => MAX_STOREFRONT_BYTES,
            Profile::Edge => MAX_EDGE_BYTES,
        }
    }

    /// How long a pulse of this profile may live, milliseconds.
    pub fn max_pulse_life(self) -> i64 {
        match self {
            Profile::Storefront => MAX_STOREFRONT_PULSE_LIFE,
            Profile::Edge => MAX_EDGE_PULSE_LIFE,
        }
    }

    pub(super) fn byte(self) -> u8 {
        match self {
            Profile::Storefront => 1,
            Profile::Edge => 2,
        }
    }

    pub(super) fn from_byte(byte: u8) -> Option<Profile> {
        match byte {
            1 => Some(Profile::Storefront),
            2 => Some(Profile::Edge),
            _ => None,
        }
    }
}

/// The signed head of a snapshot. As JSON: camelCase, hashes as hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The shop it is for.
    pub audience: String,
    /// The environment it is for.
    pub environment: String,
    /// Which half of the publication it is.
    pub profile: Profile,
    /// What was published.
    pub revision: Revision,
    /// Grows with every publication, from 1.
    pub version: u64,
    /// When it was published, UTC milliseconds.
    pub issued_at: i64,
    /// From when it must not be used, UTC milliseconds.
    pub expires_at: i64,
    /// The version of the root document it was published under; 0 where there is none.
    pub root_version: u64,
    /// What follows the envelope, in this order.
    pub sections: Vec<SectionEntry>,
}

packed! {
    /// The body as it is written: postcard, fields in this order, frozen for [`FORMAT_VERSION`].
    #[derive(Serialize)]
    struct Wire {
        format: u8,
        audience: String,
        environment: String,
        profile: u8,
        revision: [u8; 16],
        version: u64,
        issued_at: u64,
        expires_at: u64,
        root_version: u64,
        sections: Vec<WireSection>,
    }
}

packed! {
    #[derive(Serialize)]
    struct WireSection {
        kind: u8,
        critical: bool,
        length: u64,
        sha256: [u8; 32],
    }
}

impl Manifest {
    /// Reads a verified body.
    ///
    /// # Errors
    ///
    /// `format_unsupported`: another format, profile or critical section than this reader knows.
    /// `snapshot_malformed`: not a manifest, or one that contradicts itself. `snapshot_too_large`: too many
    /// sections.
    pub(super) fn read(verified: &Verified<'_>) -> Result<Manifest, Error> {
        decode(verified.body)
    }

    /// Whether the manifest makes sense; the same question for who writes it and for who reads it.
    pub(super) fn check(&self) -> Result<(), Error> {
        for (pointer, name) in [("/audience", &self.audience), ("/environment", &self.environment)] {
            if !is_name(name) {
                return Err(refusal::document_fault(pointer, "a name has 1 to 128 bytes"));
            }
        }
        if !(1..=MAX_VERSION).contains(&self.version) {
            return Err(refusal::document_fault("/version", "a version is between 1 and 2^53 - 1"));
        }
        if self.root_version > MAX_VERSION {
            return Err(refusal::document_fault("/rootVersion", "a root version is at most 2^53 - 1"));
        }
        if !(0..=MAX_TIME).contains(&self.issued_at) {
            return Err(refusal::document_fault("/issuedAt", "a time is UTC milliseconds since 1970"));
        }
        if self.expires_at <= self.issued_at || self.expires_at > MAX_TIME {
            return Err(refusal::document_fault("/expiresAt", "a snapshot expires later than it is issued"));
        }
        if self.sections.len() > MAX_SECTIONS {
            return Err(refusal::too_large("sections", self.sections.len() as u64, MAX_SECTIONS as u64));
        }
        let mut campaigns = 0_usize;
        for (index, section) in self.sections.iter().enumerate() {
            match SectionKind::from_byte(section.kind) {
                Some(SectionKind::Campaigns) => campaigns = campaigns.saturating_add(1),
                None if section.critical => return Err(refusal::unknown_critical_section(index, section.kind)),
                Some(SectionKind::Programme | SectionKind::Codes | SectionKind::Sealed) | None => {}
            }
        }
        if campaigns > 1 {
            return Err(refusal::document_fault("/sections", "there is more than one section of campaigns"));
        }
        Ok(())
    }

    /// Writes the body that will be signed.
    pub(super) fn encode(&self) -> Result<Vec<u8>, Error> {
        self.check()?;
        let time = |time: i64| u64::try_from(time).unwrap_or(0);
        let section = |section: &SectionEntry| WireSection {
            kind: section.kind,
            critical: section.critical,
            length: section.length,
            sha256: section.sha256,
        };
        let wire = Wire {
            format: FORMAT_VERSION,
            audience: self.audience.clone(),
            environment: self.environment.clone(),
            profile: self.profile.byte(),
            revision: self.revision.to_bytes(),
            version: self.version,
            issued_at: time(self.issued_at),
            expires_at: time(self.expires_at),
            root_version: self.root_version,
            sections: self.sections.iter().map(section).collect(),
        };
        postcard::to_allocvec(&wire).map_err(|_| refusal::document_fault("", "the manifest cannot be written"))
    }
}

fn decode(body: &[u8]) -> Result<Manifest, Error> {
    let unreadable = || refusal::document_fault("", "the body is not a manifest");
    match body.first() {
        Some(&FORMAT_VERSION) => {}
        Some(other) => return Err(refusal::manifest_version(*other)),
        None => return Err(unreadable()),
    }
    let wire: Wire = packed::unpack(body).ok_or_else(unreadable)?;
    let profile = Profile::from_byte(wire.profile).ok_or_else(|| refusal::unknown_profile(wire.profile))?;
    // A time beyond i64 is beyond every limit that `check` knows.
    let time = |time: u64| i64::try_from(time).unwrap_or(i64::MAX);
    let section = |section: WireSection| SectionEntry {
        kind: section.kind,
        critical: section.critical,
        length: section.length,
        sha256: section.sha256,
    };
    let manifest = Manifest {
        audience: wire.audience,
        environment: wire.environment,
        profile,
        revision: Revision::from_bytes(wire.revision),
        version: wire.version,
        issued_at: time(wire.issued_at),
        expires_at: time(wire.expires_at),
        root_version: wire.root_version,
        sections: wire.sections.into_iter().map(section).collect(),
    };
    manifest.check()?;
    Ok(manifest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::vec;

    fn section(kind: u8, critical: bool) -> SectionEntry {
        SectionEntry { kind, critical, length: 300, sha256: [9; 32] }
    }

    fn manifest() -> Manifest {
        Manifest {
            audience: "shop".into(),
            environment: "production".into(),
            profile: Profile::Edge,
            revision: Revision::from_bytes([7; 16]),
            version: 300,
            issued_at: 1_000,
            expires_at: 2_000,
            root_version: 1,
            sections: vec![section(1, true), section(200, false)],
        }
    }

    /// What the reader says of a manifest that the writer would refuse to write.
    fn read(change: impl FnOnce(&mut Wire)) -> String {
        let section = |kind, critical| WireSection { kind, critical, length: 300, sha256: [9; 32] };
        let mut wire = Wire {
            format: FORMAT_VERSION,
            audience: "shop".into(),
            environment: "production".into(),
            profile: 2,
            revision: [7; 16],
            version: 300,
            issued_at: 1_000,
            expires_at: 2_000,
            root_version: 1,
            sections: vec![section(1, true), section(200, false)],
        };
        change(&mut wire);
        match decode(&postcard::to_allocvec(&wire).unwrap()) {
            Ok(_) => "accepted".into(),
            Err(error) => format!("{} {}", error.code(), error.first().at.as_ref().unwrap().pointer),
        }
    }

    #[test]
    fn what_is_written_is_read_and_written_again_the_same() {
        let body = manifest().encode().unwrap();
        assert_eq!(decode(&body).unwrap(), manifest());
        assert_eq!(decode(&body).unwrap().encode().unwrap(), body);
        assert_eq!(read(|_| ()), "accepted");
    }

    #[test]
    fn every_field_is_bounded() {
        assert_eq!(read(|m| m.audience = "".into()), "snapshot_malformed /audience");
        assert_eq!(read(|m| m.audience = "n".into()), "accepted");
        assert_eq!(read(|m| m.audience = "n".repeat(128)), "accepted");
        assert_eq!(read(|m| m.audience = "n".repeat(129)), "snapshot_malformed /audience");
        assert_eq!(read(|m| m.environment = "n".repeat(129)), "snapshot_malformed /environment");
        assert_eq!(read(|m| m.version = 0), "snapshot_malformed /version");
        assert_eq!(read(|m| m.version = 1), "accepted");
        assert_eq!(read(|m| m.version = MAX_VERSION), "accepted");
        assert_eq!(read(|m| m.version = MAX_VERSION + 1), "snapshot_malformed /version");
        assert_eq!(read(|m| m.version = 1 << 63), "snapshot_malformed /version");
        assert_eq!(read(|m| m.root_version = MAX_VERSION), "accepted");
        assert_eq!(read(|m| m.root_version = MAX_VERSION + 1), "snapshot_malformed /rootVersion");
    }

    #[test]
    fn times_follow_each_other_and_stay_within_a_date() {
        let last = MAX_TIME.unsigned_abs();
        let times = |issued, expires| read(|m| (m.issued_at, m.expires_at) = (issued, expires));
        assert_eq!(times(0, 1), "accepted");
        assert_eq!(times(5, 4), "snapshot_malformed /expiresAt");
        assert_eq!(times(5, 5), "snapshot_malformed /expiresAt");
        assert_eq!(times(5, 6), "accepted");
        assert_eq!(times(last - 1, last), "accepted");
        assert_eq!(times(last, last + 1), "snapshot_malformed /expiresAt");
        assert_eq!(times(5, u64::MAX), "snapshot_malformed /expiresAt");
        assert_eq!(times(last + 1, last + 2), "snapshot_malformed /issuedAt");
        let before_1970 = Manifest { issued_at: -1, ..manifest() };
        assert_eq!(before_1970.encode().unwrap_err().first().at.as_ref().unwrap().pointer, "/issuedAt");
    }

    #[test]
    fn sections_end_at_their_limit() {
        let many = |count: usize| {
            move |m: &mut Wire| {
                m.sections = (0..count)
                    .map(|_| WireSection { kind: 200, critical: false, length: 0, sha256: [0; 32] })
                    .collect();
            }
        };
        assert_eq!(read(many(0)), "accepted");
        assert_eq!(read(many(MAX_SECTIONS - 1)), "accepted");
        assert_eq!(read(many(MAX_SECTIONS)), "accepted");
        assert_eq!(read(many(MAX_SECTIONS + 1)), "snapshot_too_large ");
        let sections = vec![section(200, false); MAX_SECTIONS + 1];
        assert_eq!(Manifest { sections, ..manifest() }.encode().unwrap_err().code(), "snapshot_too_large");
    }

    #[test]
    fn what_a_reader_does_not_know_is_refused_or_skipped_as_the_publisher_says() {
        assert_eq!(read(|m| m.format = 2), "format_unsupported /format");
        assert_eq!(read(|m| m.profile = 3), "format_unsupported /profile");
        assert_eq!(read(|m| m.sections[1].critical = true), "format_unsupported /sections/1/kind");
        assert_eq!(read(|m| m.sections[1].kind = 255), "accepted");
        assert_eq!(read(|m| m.sections[1].kind = 1), "snapshot_malformed /sections");
    }

    #[test]
    fn there_is_one_spelling() {
        let body = manifest().encode().unwrap();
        let refused = |body: &[u8]| decode(body).unwrap_err().code();
        assert_eq!(refused(&[]), "snapshot_malformed");
        assert_eq!(refused(&[&body[..], &[0]].concat()), "snapshot_malformed");
        for end in 1..body.len() {
            assert_eq!(refused(&body[..end]), "snapshot_malformed", "{end}");
        }
        // The length of the audience, 4, as the two bytes 84 00; then the same for every number in the body.
        assert_eq!(body[1], 4);
        assert_eq!(refused(&[&[1, 0x84, 0][..], &body[2..]].concat()), "snapshot_malformed");
        let version = body.windows(2).position(|pair| pair == [0xac, 0x02]).unwrap();
        let longer = [&body[..version], &[0xac, 0x82, 0x00], &body[version + 2..]].concat();
        assert_eq!(refused(&longer), "snapshot_malformed");
    }
}
