//! The numbers that bound a snapshot. Each is part of the format: a reader refuses what exceeds it, a
//! publisher refuses to write it.

/// Bytes of a storefront snapshot file: 4 MiB.
pub const MAX_STOREFRONT_BYTES: usize = 4 << 20;

/// Bytes of an edge snapshot file: 64 MiB, half of what an isolate has.
pub const MAX_EDGE_BYTES: usize = 64 << 20;

/// Bytes of a signed body (root, manifest or pulse): 64 KiB.
pub const MAX_BODY_BYTES: usize = 64 << 10;

/// Signatures in one envelope.
pub const MAX_SIGNATURES: usize = 8;

/// Keys in one role of a key ring.
pub const MAX_KEYS: usize = 16;

/// Bytes of a grant's token, without the campaigns that follow it: 4 KiB.
pub const MAX_TOKEN_BYTES: usize = 4 << 10;

/// Root documents that a host follows in one go, from the one it trusts.
pub const MAX_ROOT_STEPS: u64 = 64;

/// The longest life of a storefront's pulse, milliseconds: a day.
pub const MAX_STOREFRONT_PULSE_LIFE: i64 = 24 * 60 * 60 * 1000;

/// The longest life of an edge's pulse, milliseconds: an hour.
pub const MAX_EDGE_PULSE_LIFE: i64 = 60 * 60 * 1000;

/// Sections in one snapshot.
pub const MAX_SECTIONS: usize = 256;

/// Bytes of an audience, an environment or a key's name.
pub const MAX_NAME_BYTES: usize = 128;

/// The largest version: the largest integer that JavaScript's numbers hold exactly. Versions start at 1.
pub const MAX_VERSION: u64 = (1 << 53) - 1;

/// The latest time, in UTC milliseconds: the end of JavaScript's `Date`. The earliest is 0, the start of 1970.
pub const MAX_TIME: i64 = 8_640_000_000_000_000;

/// How far a snapshot's time of issue may lie in the future of the reader's clock, in milliseconds: 5 minutes.
pub const CLOCK_TOLERANCE: i64 = 5 * 60 * 1000;

/// Whether a text is usable as a name: not empty, and within [`MAX_NAME_BYTES`].
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_NAME_BYTES
}
