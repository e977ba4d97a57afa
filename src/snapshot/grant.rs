//! Grants: what a shopper who has shown a code may preview, signed by the edge that knows it. A grant is a PASETO
//! v4.public token, and the campaigns that stand open by it; the token names them by their hash.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use sha2::{Digest, Sha256};

use crate::error::Error;

use super::key_ring::{KeyRing, Role};
use super::limits::MAX_TOKEN_BYTES;
use super::manifest::Manifest;
use super::{hex, refusal, trust};

/// What PASETO signs and what it does not may never be taken for each other's.
const HEADER: &[u8] = b"v4.public.";

/// Not in the token and known to both sides: a token for something else is no grant.
const PURPOSE: &str = "counterfoil/grant/v1:";

/// How a grant's message begins; the moment at which it ends follows.
const UNTIL: &[u8] = br#"{"until":"#;

/// A grant as it was handed over, and who takes it.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'a> {
    /// The token, a line feed, and the section of the campaigns.
    pub file: &'a [u8],
    /// The id of the customer; empty for nobody in particular.
    pub customer: &'a str,
}

/// A grant in its parts, of which nothing is believed yet.
struct Read<'a> {
    until: Option<i64>,
    signed: Vec<u8>,
    signature: [u8; 64],
    section: &'a [u8],
}

impl<'a> Grant<'a> {
    /// The campaigns of a grant for this snapshot and this customer, which a key of the edge has signed, where one signature
    /// is enough for that.
    ///
    /// # Errors
    /// `grant_invalid`: it is for another shop, snapshot or customer, its parts do not belong together, or nobody signed it
    /// who may. `grant_expired`. `key_ring_invalid`.
    pub fn section(&self, ring: &KeyRing, manifest: &Manifest, now: i64) -> Result<&'a [u8], Error> {
        let read = self.read(manifest).ok_or_else(refusal::grant_invalid)?;
        if !trust::trust(ring)?.role(Role::Edge)?.signs_alone(&read.signed, &read.signature, now) {
            return Err(refusal::grant_invalid());
        }
        match read.until.ok_or_else(refusal::grant_invalid)? {
            until if now < until => Ok(read.section),
            until => Err(refusal::grant_expired(until, now)),
        }
    }

    fn read(&self, manifest: &Manifest) -> Option<Read<'a>> {
        let end = self.file.iter().position(|byte| *byte == b'\n').filter(|end| *end <= MAX_TOKEN_BYTES)?;
        let (token, section) = (self.file.get(..end)?, self.file.get(end.saturating_add(1)..)?);
        let mut parts = token.strip_prefix(HEADER)?.split(|byte| *byte == b'.');
        let (body, footer) = (bytes_of(parts.next()?)?, bytes_of(parts.next().unwrap_or_default())?);
        let (message, signature) = body.split_last_chunk::<64>()?;
        let implicit = assertion(manifest, self.customer, section);
        let signed = preauthenticated(&[HEADER, message, &footer, implicit.as_bytes()]);
        let (signature, until) = (*signature, until(message));
        parts.next().is_none().then_some(Read { until, signed, signature, section })
    }
}

/// What a grant is for, as its signer and its reader both know it: the shop, the snapshot, the customer, the campaigns.
fn assertion(manifest: &Manifest, customer: &str, section: &[u8]) -> String {
    let hash: [u8; 32] = Sha256::digest(section).into();
    let pieces = preauthenticated(&[
        manifest.audience.as_bytes(),
        manifest.environment.as_bytes(),
        manifest.revision.to_string().as_bytes(),
        manifest.version.to_string().as_bytes(),
        customer.as_bytes(),
        &hash,
    ]);
    let mut text = String::from(PURPOSE);
    text.push_str(&hex::encode(&Sha256::digest(pieces)));
    text
}

/// PASETO's PAE: how many pieces, then each after its length, so that none can pass for a part of another.
fn preauthenticated(pieces: &[&[u8]]) -> Vec<u8> {
    let mut bytes = (pieces.len() as u64).to_le_bytes().to_vec();
    for piece in pieces {
        bytes.extend_from_slice(&(piece.len() as u64).to_le_bytes());
        bytes.extend_from_slice(piece);
    }
    bytes
}

fn until(message: &[u8]) -> Option<i64> {
    let rest = message.strip_prefix(UNTIL)?;
    let digits = rest.iter().position(|byte| !byte.is_ascii_digit()).and_then(|end| rest.get(..end))?;
    core::str::from_utf8(digits).ok()?.parse().ok()
}

/// Base64 for addresses, without padding, in the one spelling that there is.
fn bytes_of(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0_u32, 0_u32);
    for sign in text {
        let (first, at) = match sign {
            b'A'..=b'Z' => (b'A', 0),
            b'a'..=b'z' => (b'a', 26),
            b'0'..=b'9' => (b'0', 52),
            b'-' => (b'-', 62),
            b'_' => (b'_', 63),
            _ => return None,
        };
        held = held << 6 | u32::from(sign.wrapping_sub(first).wrapping_add(at));
        bits = bits.wrapping_add(6);
        if bits >= 8 {
            bits = bits.wrapping_sub(8);
            bytes.push(u8::try_from(held.wrapping_shr(bits)).ok()?);
            held &= !u32::MAX.wrapping_shl(bits);
        }
    }
    (bits < 6 && held == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_one_spelling() {
        assert_eq!(bytes_of(b""), Some(Vec::new()));
        assert_eq!(bytes_of(b"AP8Q-_8").as_deref(), Some(&[0, 255, 16, 251, 255][..]));
        for wrong in ["A", "AB", "AAA=", "AA==", "A+AA", "A/AA", "A AA"] {
            assert_eq!(bytes_of(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn pieces_are_put_together_as_paseto_says() {
        // the vectors of its specification
        assert_eq!(preauthenticated(&[]), [0; 8]);
        assert_eq!(preauthenticated(&[b""]), [[1, 0, 0, 0, 0, 0, 0, 0], [0; 8]].concat());
        let test = [&[1, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0][..], b"test"].concat();
        assert_eq!(preauthenticated(&[b"test"]), test);
    }
}
