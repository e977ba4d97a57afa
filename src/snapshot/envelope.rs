//! The envelope: signatures around a body. One form and one verification for every type of document.
//!
//! ```text
//! magic 4 | type u8 | n u8 | n x (key id 8, signature 64) | body length u64le | body
//! ```
//!
//! A signature covers a domain string, the type, the length and the body's bytes *as received*. Nothing is
//! parsed before it is verified except this frame, and nothing is ever serialised again to be compared.

use alloc::vec::Vec;
use ed25519_dalek::Signer;

use crate::error::Error;

use super::limits::{MAX_BODY_BYTES, MAX_SIGNATURES};
use super::public_key::{KeyId, PublicKey};
use super::refusal::{self, OutOfSeason};
use super::sign::SecretKey;
use super::trust::TrustedRole;

/// The first bytes of every signed document; the last one is the version of the envelope.
pub const MAGIC: [u8; 4] = *b"CFL\x01";

/// Keeps these signatures from meaning anything anywhere else.
const SIGNATURE_DOMAIN: &[u8] = b"counterfoil/envelope/v1";

/// What a signed document is. The set is closed: it is part of what is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentType {
    /// Keys and ceilings.
    Root,
    /// The head of a snapshot.
    Manifest,
    /// Word that a manifest is current.
    Pulse,
}

impl DocumentType {
    /// Its byte in the envelope.
    pub fn byte(self) -> u8 {
        match self {
            DocumentType::Root => 1,
            DocumentType::Manifest => 2,
            DocumentType::Pulse => 3,
        }
    }

    /// The type of a byte.
    pub fn from_byte(byte: u8) -> Option<DocumentType> {
        match byte {
            1 => Some(DocumentType::Root),
            2 => Some(DocumentType::Manifest),
            3 => Some(DocumentType::Pulse),
            _ => None,
        }
    }

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            DocumentType::Root => "root",
            DocumentType::Manifest => "manifest",
            DocumentType::Pulse => "pulse",
        }
    }
}

/// The frame as read, not yet believed.
#[derive(Debug)]
pub(super) struct Envelope<'a> {
    document_type: DocumentType,
    signatures: Vec<(KeyId, &'a [u8; 64])>,
    body: &'a [u8],
    rest: &'a [u8],
}

/// A body that enough trusted keys have signed. Only [`Envelope::verify`] makes one, and whoever parses a body
/// asks for one.
#[derive(Debug)]
pub(super) struct Verified<'a> {
    pub(super) body: &'a [u8],
    /// What follows the envelope: not covered by the signatures.
    pub(super) rest: &'a [u8],
    pub(super) signers: Vec<KeyId>,
}

impl<'a> Envelope<'a> {
    /// Takes the frame apart.
    ///
    /// # Errors
    ///
    /// `snapshot_malformed`, `format_unsupported`, `snapshot_too_large`.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Envelope<'a>, Error> {
        let mut reader = Reader { rest: bytes };
        match reader.take::<4>("magic")? {
            &MAGIC => {}
            [b'C', b'F', b'L', version] => return Err(refusal::envelope_version(*version)),
            _ => return Err(refusal::not_a_snapshot()),
        }
        let [byte, count] = *reader.take::<2>("header")?;
        let document_type = DocumentType::from_byte(byte).ok_or_else(|| refusal::unknown_document_type(byte))?;
        let count = usize::from(count);
        if count > MAX_SIGNATURES {
            return Err(refusal::too_large("signatures", count as u64, MAX_SIGNATURES as u64));
        }
        let mut signatures = Vec::with_capacity(count);
        for _ in 0..count {
            let id = reader.take::<8>("signatures")?;
            signatures.push((KeyId::from_bytes(*id), reader.take::<64>("signatures")?));
        }
        let length = u64::from_le_bytes(*reader.take::<8>("body length")?);
        let limit = MAX_BODY_BYTES as u64;
        let length = usize::try_from(length).ok().filter(|length| *length <= MAX_BODY_BYTES).ok_or(length);
        let length = length.map_err(|length| refusal::too_large("bytes of the signed body", length, limit))?;
        let (body, rest) = reader.rest.split_at_checked(length).ok_or_else(|| refusal::truncated("body"))?;
        Ok(Envelope { document_type, signatures, body, rest })
    }

    /// What follows the envelope, as it stands in the file.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The ids under which it is signed, whether or not truly.
    pub(super) fn signers(&self) -> impl Iterator<Item = KeyId> + '_ {
        self.signatures.iter().map(|(id, _)| *id)
    }

    /// The body for those who only look, and believe nothing of it.
    pub(super) fn unverified(&self) -> Verified<'a> {
        Verified { body: self.body, rest: self.rest, signers: Vec::new() }
    }

    /// The same document with one more signature; a signature in the name of the same key gives way to it.
    ///
    /// # Errors
    ///
    /// `snapshot_too_large`: more than 8 signatures.
    pub(super) fn with_signature(&self, key: &SecretKey) -> Result<Vec<u8>, Error> {
        let signed = key.signer().sign(&signed_message(self.document_type, self.body)).to_bytes();
        let others = self.signatures.iter().filter(|(id, _)| *id != key.key_id());
        let mut signatures: Vec<(KeyId, [u8; 64])> = others.map(|(id, signature)| (*id, **signature)).collect();
        signatures.push((key.key_id(), signed));
        write(self.document_type, self.body, signatures)
    }

    /// Counts the distinct keys of `role` that have signed and are valid at `now`.
    ///
    /// A signature by a key outside the ring, or out of its time, does not count and does no harm: that is how
    /// keys are rotated. A wrong signature in the name of a trusted, valid key is refused even where enough
    /// others would remain.
    ///
    /// # Errors
    ///
    /// `snapshot_malformed` for another type of document, `signature_invalid`, `key_unknown`,
    /// `threshold_not_met`.
    #[inline(never)]
    pub(super) fn verify(&self, expected: DocumentType, role: &TrustedRole, now: i64) -> Result<Verified<'a>, Error> {
        if self.document_type != expected {
            return Err(refusal::wrong_document_type(self.document_type, expected));
        }
        let message = signed_message(self.document_type, self.body);
        let mut counted: Vec<PublicKey> = Vec::with_capacity(self.signatures.len());
        let mut unknown = None;
        let mut out_of_season = None;
        for (id, signature) in &self.signatures {
            let Some(trusted) = role.key(*id) else {
                unknown = Some(*id);
                continue;
            };
            if !trusted.is_valid_at(now) {
                let (valid_from, valid_until) = (trusted.valid_from, trusted.valid_until);
                out_of_season = Some(OutOfSeason { key: *id, valid_from, valid_until });
                continue;
            }
            if !trusted.key.verifies(&message, signature) {
                return Err(refusal::signature_invalid(role.role, *id));
            }
            if !counted.contains(&trusted.key) {
                counted.push(trusted.key);
            }
        }
        if counted.len() >= role.threshold.get() {
            let signers = counted.iter().map(PublicKey::id).collect();
            return Ok(Verified { body: self.body, rest: self.rest, signers });
        }
        match (unknown, counted.is_empty(), &out_of_season) {
            (Some(id), true, None) => Err(refusal::key_unknown(role.role, id)),
            _ => Err(refusal::threshold_not_met(role.role, counted.len(), role.threshold.get(), out_of_season)),
        }
    }
}

/// What a signature covers.
fn signed_message(document_type: DocumentType, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u64).to_le_bytes();
    [SIGNATURE_DOMAIN, &[document_type.byte()], &length, body].concat()
}

/// Signs a body and puts it into its envelope. The signatures stand in the order of their key ids, and one key
/// signs once, so that the bytes do not depend on how the keys are listed.
///
/// # Errors
///
/// `snapshot_too_large`: more than 64 KiB or more than 8 keys.
pub(super) fn sign(document_type: DocumentType, body: &[u8], keys: &[&SecretKey]) -> Result<Vec<u8>, Error> {
    if body.len() > MAX_BODY_BYTES {
        return Err(refusal::too_large("bytes of the signed body", body.len() as u64, MAX_BODY_BYTES as u64));
    }
    let message = signed_message(document_type, body);
    let signatures = keys.iter().map(|key| (key.key_id(), key.signer().sign(&message).to_bytes()));
    write(document_type, body, signatures.collect())
}

fn write(document_type: DocumentType, body: &[u8], mut signatures: Vec<(KeyId, [u8; 64])>) -> Result<Vec<u8>, Error> {
    signatures.sort_by_key(|(id, _)| *id);
    signatures.dedup_by_key(|(id, _)| *id);
    if signatures.len() > MAX_SIGNATURES {
        return Err(refusal::too_large("signatures", signatures.len() as u64, MAX_SIGNATURES as u64));
    }
    let count = u8::try_from(signatures.len()).unwrap_or(u8::MAX);
    let mut out = Vec::new();
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&[document_type.byte(), count]);
    for (id, signature) in &signatures {
        out.extend_from_slice(&id.to_bytes());
        out.extend_from_slice(signature);
    }
    out.extend_from_slice(&(body.len() as u64).to_le_bytes());
    out.extend_from_slice(body);
    Ok(out)
}

/// Takes bytes from the front.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take<const N: usize>(&mut self, part: &'static str) -> Result<&'a [u8; N], Error> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or_else(|| refusal::truncated(part))?;
        self.rest = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::{KeyRing, RingKey, Role};
    use alloc::vec;

    fn key(seed: usize) -> SecretKey {
        SecretKey::from_seed(&[u8::try_from(seed).unwrap(); 32])
    }

    fn ring(threshold: u32, keys: &[SecretKey]) -> KeyRing {
        let public: Vec<_> = keys.iter().map(SecretKey::public_key).collect();
        let mut ring = KeyRing::with_publisher("shop", "production", &public);
        ring.roles.publisher.threshold = threshold;
        ring
    }

    fn role(ring: &KeyRing) -> TrustedRole {
        crate::snapshot::trust::trust(ring).unwrap().role(Role::Publisher).unwrap().clone()
    }

    fn code<T>(result: Result<T, Error>) -> &'static str {
        result.map_or_else(|error| error.code(), |_| "accepted")
    }

    fn verify(bytes: &[u8], role: &TrustedRole, now: i64) -> &'static str {
        code(Envelope::read(bytes).and_then(|envelope| envelope.verify(DocumentType::Pulse, role, now)))
    }

    #[test]
    fn every_type_is_verified_by_the_same_routine_and_as_itself_only() {
        let types = [DocumentType::Root, DocumentType::Manifest, DocumentType::Pulse];
        let keys = [key(1)];
        let role = role(&ring(1, &keys));
        for signed in types {
            assert_eq!(DocumentType::from_byte(signed.byte()), Some(signed));
            let bytes = sign(signed, b"body", &[&keys[0]]).unwrap();
            for expected in types {
                let read = Envelope::read(&bytes).unwrap().verify(expected, &role, 0);
                assert_eq!(code(read), if signed == expected { "accepted" } else { "snapshot_malformed" });
                let mut relabelled = bytes.clone();
                relabelled[4] = expected.byte();
                let read = Envelope::read(&relabelled).unwrap().verify(expected, &role, 0);
                assert_eq!(code(read), if signed == expected { "accepted" } else { "signature_invalid" });
            }
        }
        assert!([0, 4, 255].iter().all(|byte| DocumentType::from_byte(*byte).is_none()));
    }

    #[test]
    fn what_follows_the_body_is_handed_on_as_unsigned() {
        let keys = [key(1)];
        let mut bytes = sign(DocumentType::Pulse, b"body", &[&keys[0]]).unwrap();
        bytes.extend_from_slice(b"tail");
        let role = role(&ring(1, &keys));
        let verified = Envelope::read(&bytes).unwrap().verify(DocumentType::Pulse, &role, 0).unwrap();
        assert_eq!((verified.body, verified.rest), (&b"body"[..], &b"tail"[..]));
        assert_eq!(verified.signers, [keys[0].key_id()]);
    }

    #[test]
    fn the_body_ends_at_its_limit() {
        let keys = [key(1)];
        let role = role(&ring(1, &keys));
        for length in [MAX_BODY_BYTES - 1, MAX_BODY_BYTES] {
            let bytes = sign(DocumentType::Pulse, &vec![0; length], &[&keys[0]]).unwrap();
            assert_eq!(verify(&bytes, &role, 0), "accepted", "{length}");
        }
        let beyond = vec![0; MAX_BODY_BYTES + 1];
        assert_eq!(code(sign(DocumentType::Pulse, &beyond, &[&keys[0]])), "snapshot_too_large");
        let mut bytes = sign(DocumentType::Pulse, &[], &[&keys[0]]).unwrap();
        bytes.truncate(bytes.len() - 8);
        bytes.extend_from_slice(&(beyond.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&beyond);
        assert_eq!(verify(&bytes, &role, 0), "snapshot_too_large");
    }

    #[test]
    fn signatures_end_at_their_limit() {
        let keys: Vec<_> = (1..=MAX_SIGNATURES + 1).map(key).collect();
        let all: Vec<_> = keys.iter().collect();
        let role = role(&ring(u32::try_from(MAX_SIGNATURES).unwrap(), &keys));
        assert_eq!(verify(&sign(DocumentType::Pulse, b"", &all[..7]).unwrap(), &role, 0), "threshold_not_met");
        let eight = sign(DocumentType::Pulse, b"", &all[..8]).unwrap();
        assert_eq!(verify(&eight, &role, 0), "accepted");
        assert_eq!(code(sign(DocumentType::Pulse, b"", &all)), "snapshot_too_large");
        let mut nine = eight.clone();
        nine[5] = 9;
        nine.splice(6..6, eight[6..78].iter().copied());
        assert_eq!(verify(&nine, &role, 0), "snapshot_too_large");
    }

    #[test]
    fn the_threshold_counts_distinct_keys_that_are_valid_now() {
        let keys = [key(1), key(2), key(3)];
        let mut ring = ring(2, &keys);
        ring.roles.publisher.keys[1] =
            RingKey { valid_from: Some(100), valid_until: Some(200), ..ring.roles.publisher.keys[1].clone() };
        let role = role(&ring);
        let by = |signers: &[&SecretKey]| sign(DocumentType::Pulse, b"body", signers).unwrap();
        let (a, b, c, stranger) = (&keys[0], &keys[1], &keys[2], key(9));
        assert_eq!(verify(&by(&[a]), &role, 0), "threshold_not_met");
        assert_eq!(verify(&by(&[a, c]), &role, 0), "accepted");
        assert_eq!(verify(&by(&[a, c, &stranger]), &role, 0), "accepted");
        assert_eq!(verify(&by(&[a, &stranger]), &role, 0), "threshold_not_met");
        assert_eq!(verify(&by(&[&stranger]), &role, 0), "key_unknown");
        assert_eq!(verify(&by(&[]), &role, 0), "threshold_not_met");
        for (now, expected) in [(99, "threshold_not_met"), (100, "accepted"), (199, "accepted")] {
            assert_eq!(verify(&by(&[a, b]), &role, now), expected, "{now}");
        }
        for now in [200, 201, i64::MAX, i64::MIN] {
            assert_eq!(verify(&by(&[a, b]), &role, now), "threshold_not_met", "{now}");
        }
        assert_eq!(verify(&by(&[b]), &role, 99), "threshold_not_met");
    }

    #[test]
    fn one_key_counts_once_however_often_it_signs() {
        let keys = [key(1), key(2)];
        let role = role(&ring(2, &keys));
        assert_eq!(sign(DocumentType::Pulse, b"", &[&keys[0], &keys[0]]).unwrap()[5], 1);
        let mut bytes = sign(DocumentType::Pulse, b"", &[&keys[0]]).unwrap();
        bytes[5] = 2;
        bytes.splice(6..6, bytes[6..78].to_vec());
        assert_eq!(verify(&bytes, &role, 0), "threshold_not_met");
        // The second entry in the name of the other key: its signature is not that key's.
        bytes[78..86].copy_from_slice(&keys[1].key_id().to_bytes());
        assert_eq!(verify(&bytes, &role, 0), "signature_invalid");
    }

    #[test]
    fn the_order_in_which_keys_are_listed_does_not_show() {
        let keys = [key(1), key(2), key(3)];
        let one = sign(DocumentType::Pulse, b"", &[&keys[0], &keys[1], &keys[2]]);
        assert_eq!(one, sign(DocumentType::Pulse, b"", &[&keys[2], &keys[0], &keys[1]]));
    }
}
