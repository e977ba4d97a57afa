//! Unique codes by the million: how they look, how they are told apart without being told, and the table in which the
//! edge looks them up.
//!
//! A code is never stored. What is kept of it is its [`Fingerprint`] under the shop's [`Pepper`], a secret that is in no
//! file; who has the table alone cannot try codes against it. Tables are [`Segment`]s, one per batch, and a newer one
//! overrides an older one, so that a thousand new codes are a small file of their own.
//!
//! ```
//! use counterfoil::codes::{build, Batch, Codes, Issued, Pepper};
//!
//! let pepper = Pepper::new([7; 32]);
//! let batch = Batch { sequence: 1, pepper: pepper.id(), campaigns: vec!["gift-2026".into()] };
//! let codes = ["GIFT-7Q2M-9XK4-TR8W", "GIFT-0B5N-6HJD-V3YA"];
//! let issued = codes.map(|code| Issued { balance: 5_000, ..Issued::plain(pepper.fingerprint(code)) });
//! let bytes = build(&batch, issued.to_vec())?;
//!
//! let codes = Codes::open(&[&bytes])?;
//! // typed in small letters, with an O for the zero
//! let found = codes.find(pepper.fingerprint("gift ob5n 6hjd v3ya")).unwrap();
//! assert_eq!((found.campaign, found.balance), ("gift-2026", 5_000));
//! assert!(codes.find(pepper.fingerprint("GIFT-0B5N-6HJD-V3YB")).is_none());
//! # Ok::<(), counterfoil::error::Error>(())
//! ```
//!
//! Sources: `security.md` §3.1 (table, measured against eleven others), §2.5 (batches as overlays).

mod build;
mod column;
mod fingerprint;
#[cfg(feature = "workshop")]
pub mod list;
mod overlay;
mod pattern;
mod register;
mod segment;
mod sequence;

pub use build::{build, Batch, Issued};
pub use fingerprint::{name_of, Fingerprint, Pepper};
pub use overlay::{compact, Codes};
pub use pattern::{Pattern, ALPHABET, MIN_SYMBOLS};
pub use register::{Found, Register};
pub use segment::{Entry, Segment};
pub use sequence::Sequence;

/// Most codes of one segment, and of all segments together. More do not fit the memory of an isolate.
pub const MAX_CODES: usize = 5_000_000;

/// Most campaigns of one segment.
pub const MAX_CAMPAIGNS: usize = 4_096;

/// Longest name of a campaign, bytes: its id and a currency.
pub const MAX_NAME_BYTES: usize = 68;

/// Most segments that are looked through together.
pub const MAX_SEGMENTS: usize = 64;

/// What has become of a code, as far as the publisher knew.
pub mod state {
    /// It can be used.
    pub const ACTIVE: u8 = 0;
    /// It has been taken back.
    pub const REVOKED: u8 = 1;
    /// It has been used as often as it may be.
    pub const SPENT: u8 = 2;
}
