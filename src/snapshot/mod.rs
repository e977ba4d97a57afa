//! Signed snapshots: what a publisher hands out and every host checks before it believes a word of it.
//!
//! A snapshot file is an *envelope* (signatures and a body), directly followed by the bytes of its
//! *sections*. The body is the *manifest*: for whom the snapshot is, which version, how long it is good for,
//! and the length and SHA-256 of each section. [`open`] checks all of it, in one documented order, against a
//! [`KeyRing`] and a [`Policy`], and gives back a [`Snapshot`] or a refusal, never something in between.
//! [`seal`] is the other direction. What a section's bytes mean is the business of others.
//!
//! ```
//! use counterfoil::snapshot::{open, seal, KeyRing, ManifestFields, Policy, Profile, SecretKey, Section, SectionKind};
//!
//! let key = SecretKey::from_seed(&[7; 32]);
//! let ring = KeyRing::with_publisher("demo-shop", "production", &[key.public_key()]);
//! let fields = ManifestFields {
//!     audience: "demo-shop",
//!     environment: "production",
//!     profile: Profile::Storefront,
//!     revision: None,
//!     version: 12,
//!     issued_at: 1_767_225_600_000,
//!     expires_at: 1_767_312_000_000,
//!     root_version: 0,
//! };
//! let bytes = seal(&fields, &[Section { kind: SectionKind::Campaigns, bytes: b"rules" }], &[&key])?;
//!
//! let now = 1_767_230_000_000;
//! let snapshot = open(&bytes, &ring, &Policy::at(now, Profile::Storefront))?;
//! assert_eq!(snapshot.manifest().version, 12);
//! assert_eq!(snapshot.section(SectionKind::Campaigns), Some(&b"rules"[..]));
//!
//! // Version 13 was seen before: version 12 is a step back.
//! let floor = Policy { min_version: 13, ..Policy::at(now, Profile::Storefront) };
//! assert_eq!(open(&bytes, &ring, &floor).unwrap_err().code(), "snapshot_rolled_back");
//! # Ok::<(), counterfoil::error::Error>(())
//! ```

mod envelope;
mod grant;
mod hex;
mod key_ring;
pub mod limits;
mod manifest;
mod open;
mod public_key;
mod pulse;
pub(crate) mod refusal;
mod root;
mod section;
mod sign;
mod trust;

pub use envelope::{DocumentType, MAGIC};
pub use grant::Grant;
pub use key_ring::{KeyRing, RingKey, Role, RoleKeys, Roles};
pub use manifest::{Manifest, Profile, FORMAT_VERSION};
#[cfg(feature = "workshop")]
pub use open::{heavy, open_hashed, open_head};
pub use open::{open, Expiry, Policy, Snapshot};
pub use public_key::{KeyId, PublicKey};
pub use pulse::{Current, Pulse};
pub use root::{countersign, inspect, role_of, CeilingBudget, Ceilings, Root, WHOLE};
#[cfg(feature = "workshop")]
pub use section::places;
#[cfg(feature = "sealing")]
pub use section::Hidden;
pub use section::{sections, Revision, Section, SectionEntry, SectionKind};
pub use sign::{seal, ManifestFields, NamedSecretKey, SecretKey};
