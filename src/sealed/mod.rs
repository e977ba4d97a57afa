//! Campaigns that only their codes open: what everyone downloads holds a box for each such code, and nothing says which code
//! it is for but the code itself.
//!
//! A code is stretched by Argon2id, slowly and with much memory, and of the outcome HKDF makes the id under which its box is
//! found and the key that opens it. So one guess costs one derivation, whatever number of boxes there are; how many guesses
//! somebody makes is not bounded by anything. `docs/sealed-codes.md` tells what a code is worth.
//!
//! ```
//! use counterfoil::sealed::{open, seal};
//!
//! let boxes = seal(&[("SUMMER25", b"ten off")], &[7; 32])?;
//! assert_eq!(open(&boxes, "summer-25")?.as_deref(), Some(&b"ten off"[..]));
//! assert_eq!(open(&boxes, "SUMMER26")?, None);
//! # Ok::<(), counterfoil::error::Error>(())
//! ```

mod frame;
mod keys;

use alloc::vec;
use alloc::vec::Vec;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use sha2::{Digest, Sha256};

use crate::code;
use crate::error::{Diagnostic, Document, Error};
use frame::Frame;
use keys::Keys;

/// The most boxes in a section.
pub const MAX_BOXES: usize = 4_096;

/// Bytes by which boxes grow, so that a length tells little.
const BLOCK: usize = 128;

/// Bytes of a nonce.
const NONCE: usize = 12;
/// Bytes of a tag.
const TAG: usize = 16;
/// Bytes that say how long the content is.
const LENGTH: usize = 4;

/// Keeps hashes of different purposes apart.
const NONCE_DOMAIN: &[u8] = b"counterfoil/sealed/nonce/v1";
const SALT_DOMAIN: &[u8] = b"counterfoil/sealed/salt/v1";
const FILLER_DOMAIN: &[u8] = b"counterfoil/sealed/filler/v1";

/// How long one derivation takes, and how much memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory, KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u8,
}

/// What publishers use: 19 MiB, two passes.
pub const COST: Cost = Cost { memory: 19_456, passes: 2 };

/// The most that a reader spends on a code: a section cannot ask for more.
pub const MAX_COST: Cost = Cost { memory: 65_536, passes: 4 };

/// Makes the section of boxes: what each code opens. Codes are in their normal form. `seed` is secret and 32 bytes that nobody
/// guesses: the salt and what fills the list up to a power of two are made of it, and nothing else.
///
/// # Errors
/// `too_many_sealed_codes`; `memory_unavailable`.
pub fn seal(codes: &[(&str, &[u8])], seed: &[u8; 32]) -> Result<Vec<u8>, Error> {
    if codes.len() > MAX_BOXES {
        let help = "publish campaigns with many codes for the edge: leave `visibility` out and use `codeList`";
        return Err(Diagnostic::new("too_many_sealed_codes", "there are too many codes of sealed campaigns", help)
            .number("actual", i64::try_from(codes.len()).unwrap_or(i64::MAX))
            .number("limit", i64::try_from(MAX_BOXES).unwrap_or(i64::MAX))
            .into());
    }
    let mut salt = [0; 16];
    for (to, from) in salt.iter_mut().zip(digest(&[SALT_DOMAIN, seed])) {
        *to = from;
    }
    let mut boxes = Vec::with_capacity(codes.len().next_power_of_two());
    for (code, content) in codes {
        let keys = Keys::of_code(code, &salt, COST)?;
        boxes.push((keys.id, boxed(&keys, content)));
    }
    // as long as those that open something, each as often
    let lengths: Vec<usize> = boxes.iter().map(|(_, bytes)| bytes.len()).collect();
    let wanted = codes.len().next_power_of_two();
    for (number, length) in (0_u32..).zip(lengths.iter().cycle()).take(wanted).skip(codes.len()) {
        let keys = Keys::of(&digest(&[FILLER_DOMAIN, seed, &number.to_le_bytes()]));
        let content = vec![0; length.saturating_sub(NONCE + LENGTH + TAG)];
        boxes.push((keys.id, boxed(&keys, &content)));
    }
    boxes.sort();
    Ok(frame::write(COST, &salt, &boxes))
}

/// What a code as typed opens, if it opens anything.
///
/// # Errors
/// `sealed_malformed`: the section is not one. `memory_unavailable`: there is not enough for a derivation.
pub fn open(section: &[u8], typed: &str) -> Result<Option<Vec<u8>>, Error> {
    let frame = Frame::read(section).ok_or_else(malformed)?;
    let code = code::normalise(typed);
    if code.is_empty() || code.len() > code::MAX_CODE_LENGTH {
        return Ok(None);
    }
    let keys = Keys::of_code(&code, frame.salt, frame.cost)?;
    let Some(bytes) = frame.find(&keys.id) else { return Ok(None) };
    // a box under a code's own id that does not open was not made of this code
    unboxed(&keys, bytes).map(Some).ok_or_else(malformed)
}

/// Seals: the nonce, then the ciphertext of length, content and zeros up to the next block, with its tag.
fn boxed(keys: &Keys, content: &[u8]) -> Vec<u8> {
    let bare = (NONCE + LENGTH + TAG).saturating_add(content.len());
    let filled = bare.next_multiple_of(BLOCK).saturating_sub(NONCE + TAG);
    let mut plain = Vec::with_capacity(filled);
    plain.extend_from_slice(&u32::try_from(content.len()).unwrap_or(u32::MAX).to_le_bytes());
    plain.extend_from_slice(content);
    plain.resize(filled, 0);
    // of the content too: a box that changes never meets the same key with the same nonce
    let hash = digest(&[NONCE_DOMAIN, &keys.key, &plain]);
    let nonce = hash.first_chunk::<NONCE>().copied().unwrap_or_default();
    let payload = Payload { msg: &plain, aad: &keys.id };
    // the one failure is a text of 256 GiB
    let ciphertext = cipher(keys).encrypt(&Nonce::from(nonce), payload).unwrap_or_default();
    [&nonce[..], &ciphertext].concat()
}

fn unboxed(keys: &Keys, bytes: &[u8]) -> Option<Vec<u8>> {
    let (nonce, msg) = bytes.split_first_chunk::<NONCE>()?;
    let plain = cipher(keys).decrypt(&Nonce::from(*nonce), Payload { msg, aad: &keys.id }).ok()?;
    let (length, rest) = plain.split_first_chunk::<LENGTH>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (content, zeros) = rest.split_at_checked(length)?;
    (zeros.len() < BLOCK && zeros.iter().all(|byte| *byte == 0)).then(|| content.to_vec())
}

fn cipher(keys: &Keys) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(&keys.key.into())
}

fn digest(parts: &[&[u8]]) -> [u8; 32] {
    parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part)).finalize().into()
}

fn malformed() -> Error {
    let help = "publish the snapshot again with a matching version of counterfoil";
    Diagnostic::new("sealed_malformed", "the sealed campaigns of the snapshot cannot be read", help)
        .at(Document::Snapshot, "/sections/sealed")
        .into()
}
