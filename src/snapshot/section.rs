//! Sections: the parts of a snapshot that the manifest pins by length and hash. What their bytes mean is not
//! known here.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
#[cfg(feature = "workshop")]
use core::ops::Range;

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::hex;

/// Keeps a revision from being mistaken for any other hash.
const REVISION_DOMAIN: &[u8] = b"counterfoil/revision/v1";

/// What a section holds. Numbers are never reused; `docs/snapshot-format.md` lists those that are set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// The compiled campaigns; at most one section.
    Campaigns,
    /// What the central source counts by, JSON; at most one section. Who only quotes passes it over.
    Programme,
    /// A segment of [codes](crate::codes), of the edge profile alone; one for each batch.
    Codes,
    /// Of the storefront's profile: [boxes](crate::sealed) that codes open. Who cannot open any passes them over. Of the
    /// edge's: [`Hidden`].
    Sealed,
}

impl SectionKind {
    /// Its byte in the manifest.
    pub fn byte(self) -> u8 {
        match self {
            SectionKind::Campaigns => 1,
            SectionKind::Codes => 2,
            SectionKind::Sealed => 3,
            SectionKind::Programme => 5,
        }
    }

    /// The kind of a byte, if this reader knows it.
    pub fn from_byte(byte: u8) -> Option<SectionKind> {
        match byte {
            1 => Some(SectionKind::Campaigns),
            // a build that cannot look codes up must not pass them over
            #[cfg(feature = "workshop")]
            2 => Some(SectionKind::Codes),
            #[cfg(feature = "sealing")]
            3 => Some(SectionKind::Sealed),
            5 => Some(SectionKind::Programme),
            _ => None,
        }
    }

    /// Whether a reader that does not know this kind must refuse the snapshot.
    pub fn is_critical(self) -> bool {
        match self {
            SectionKind::Campaigns | SectionKind::Codes => true,
            SectionKind::Programme | SectionKind::Sealed => false,
        }
    }
}

/// One section: its kind and its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section<'a> {
    /// What the bytes are.
    pub kind: SectionKind,
    /// The bytes, as published.
    pub bytes: &'a [u8],
}

/// The sections of a publication: its campaigns, and what the central source counts by where there is anything to count.
pub fn sections<'a>(campaigns: &'a [u8], programme: &'a [u8]) -> Vec<Section<'a>> {
    let programme = Section { kind: SectionKind::Programme, bytes: programme };
    let counted = (!programme.bytes.is_empty()).then_some(programme);
    [Section { kind: SectionKind::Campaigns, bytes: campaigns }].into_iter().chain(counted).collect()
}

/// What the edge is told of campaigns that are not open: which they are, and the secret that the boxes were made with. The
/// secret keeps the revision, which everyone sees, from being a quick way to try what is sealed.
#[cfg(feature = "sealing")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// 32 bytes that nobody guesses.
    pub secret: [u8; 32],
    /// Places in the `campaigns` section.
    pub places: Vec<u32>,
}

#[cfg(feature = "sealing")]
impl Hidden {
    /// The bytes of the section: the secret, and 4 bytes for each place.
    pub fn to_bytes(&self) -> Vec<u8> {
        let places = self.places.iter().flat_map(|place| place.to_le_bytes());
        self.secret.into_iter().chain(places).collect()
    }

    /// Reads them.
    pub fn from_bytes(bytes: &[u8]) -> Option<Hidden> {
        let (secret, places) = bytes.split_first_chunk::<32>()?;
        let (places, rest) = places.as_chunks::<4>();
        let places = places.iter().map(|place| u32::from_le_bytes(*place)).collect();
        rest.is_empty().then_some(Hidden { secret: *secret, places })
    }
}

/// Where the sections of a file stand that ends with them: each with its place, in the manifest's order.
#[cfg(feature = "workshop")]
pub fn places(entries: &[SectionEntry], file: usize) -> Vec<Range<usize>> {
    let length = |entry: &SectionEntry| usize::try_from(entry.length).unwrap_or(usize::MAX);
    let all = entries.iter().fold(0_usize, |sum, entry| sum.saturating_add(length(entry)));
    let mut at = file.saturating_sub(all);
    let place = |entry| {
        let from = at;
        at = at.saturating_add(length(entry));
        from..at
    };
    entries.iter().map(place).collect()
}

/// One section as the manifest names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SectionEntry {
    /// The number of its kind, known here or not.
    pub kind: u8,
    /// Whether a reader that does not know the kind must refuse the snapshot.
    pub critical: bool,
    /// Bytes.
    pub length: u64,
    /// SHA-256 of the bytes.
    #[serde(serialize_with = "as_hex")]
    pub sha256: [u8; 32],
}

pub(super) fn as_hex<S: Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hex::encode(bytes))
}

/// Names what was published, independent of profile and signatures: the same for the two halves of one
/// publication, another for other rules. Displays as 32 hexadecimal digits.
///
/// It is the first 16 bytes of SHA-256 over a domain string and, for each section *that both halves carry*, its
/// kind, length (u64le) and SHA-256. Readers compare revisions and never recompute them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Revision([u8; 16]);

impl Revision {
    /// As it stands in a manifest.
    pub(super) fn from_bytes(bytes: [u8; 16]) -> Revision {
        Revision(bytes)
    }

    /// The revision of a publication whose shared sections are these.
    pub fn of(sections: &[Section<'_>]) -> Revision {
        let mut hash = Sha256::new().chain_update(REVISION_DOMAIN);
        for section in sections {
            hash.update([section.kind.byte()]);
            hash.update((section.bytes.len() as u64).to_le_bytes());
            hash.update(Sha256::digest(section.bytes));
        }
        let mut revision = [0; 16];
        for (to, from) in revision.iter_mut().zip(hash.finalize()) {
            *to = from;
        }
        Revision(revision)
    }

    /// As people and descriptions write it: 32 hexadecimal digits.
    pub fn to_hex(self) -> String {
        hex::encode(&self.0)
    }

    /// The bytes that stand in the manifest.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Revision({self})")
    }
}

impl Serialize for Revision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    #[test]
    fn a_revision_depends_on_every_section_and_nothing_else() {
        let of = |bytes: &[&'static [u8]]| {
            Revision::of(&bytes.iter().map(|bytes| Section { kind: SectionKind::Campaigns, bytes }).collect::<Vec<_>>())
        };
        assert_eq!(of(&[b"a"]), of(&[b"a"]));
        let distinct =
            [of(&[]), of(&[b""]), of(&[b"a"]), of(&[b"b"]), of(&[b"a", b"b"]), of(&[b"b", b"a"]), of(&[b"ab"])];
        for (at, one) in distinct.iter().enumerate() {
            assert!(distinct.iter().skip(at + 1).all(|other| other != one));
        }
        assert_eq!(of(&[]).to_string().len(), 32);
    }
}
