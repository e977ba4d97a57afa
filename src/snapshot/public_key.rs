//! Public keys, their short ids, and the one place where a signature is checked.

use alloc::string::String;
use core::fmt;

use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use super::hex;

/// Keeps a key id from being mistaken for any other hash.
const KEY_ID_DOMAIN: &[u8] = b"counterfoil/key-id/v1";

/// The first eight bytes of SHA-256(domain, public key): names a key in an envelope. Only a hint where to
/// look; trust hangs on the key itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 8]);

impl KeyId {
    /// As it stands in an envelope.
    pub(super) fn from_bytes(bytes: [u8; 8]) -> KeyId {
        KeyId(bytes)
    }

    /// The bytes that stand in an envelope.
    pub fn to_bytes(self) -> [u8; 8] {
        self.0
    }
}

impl KeyId {
    /// As people and refusals write it: 16 hexadecimal digits.
    pub fn to_hex(self) -> String {
        hex::encode(&self.0)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// An Ed25519 public key that is fit to be trusted: a canonical encoding of a point that is not of small order.
/// Displays as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// Why 64 digits are not a usable public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PublicKeyFault {
    /// Not 64 lower-case hexadecimal digits.
    NotHex,
    /// No point of the curve, or a second spelling of one.
    NotCanonical,
    /// Small order: anyone can sign for it.
    Weak,
}

impl PublicKey {
    /// The key of a secret key, which is sound by construction.
    pub(super) fn of(verifier: VerifyingKey) -> PublicKey {
        PublicKey(verifier)
    }

    /// Reads the hexadecimal form: 64 lower-case digits; nothing where they are no key that is fit to be trusted.
    ///
    /// ```
    /// use counterfoil::snapshot::{PublicKey, SecretKey};
    ///
    /// let key = SecretKey::from_seed(&[7; 32]).public_key();
    /// assert_eq!(PublicKey::from_hex(&key.to_string()), Some(key));
    /// assert_eq!(PublicKey::from_hex(&"0".repeat(64)), None); // of small order: anyone could sign for it
    /// ```
    pub fn from_hex(text: &str) -> Option<PublicKey> {
        PublicKey::parse(text).ok()
    }

    /// Reads the hexadecimal form.
    pub(super) fn parse(text: &str) -> Result<PublicKey, PublicKeyFault> {
        let bytes = hex::decode::<32>(text).ok_or(PublicKeyFault::NotHex)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| PublicKeyFault::NotCanonical)?;
        if key.is_weak() {
            return Err(PublicKeyFault::Weak);
        }
        // Decoding is lenient about coordinates beyond the field's prime. Two spellings of one key would have
        // two ids and count as two keys.
        if VerifyingKey::from(key.to_edwards()).as_bytes() != &bytes {
            return Err(PublicKeyFault::NotCanonical);
        }
        Ok(PublicKey(key))
    }

    /// The id under which envelopes name this key.
    pub fn id(&self) -> KeyId {
        let digest = Sha256::new().chain_update(KEY_ID_DOMAIN).chain_update(self.0.as_bytes()).finalize();
        let mut id = [0; 8];
        for (to, from) in id.iter_mut().zip(digest) {
            *to = from;
        }
        KeyId(id)
    }

    /// Whether `signature` is this key's signature of `message`, by the strict rules: `s` reduced, `R` in its
    /// only spelling and not of small order.
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec::Vec;
    use ed25519_dalek::{Signer, SigningKey, Verifier};

    /// The numbers of 255 bits that are not below the field's prime, 2^255 - 19: their lowest byte is 0xed to 0xff.
    fn beyond_the_prime() -> impl Iterator<Item = [u8; 32]> {
        (0xed..=0xff).map(|lowest| {
            let mut bytes = [0xff; 32];
            (bytes[0], bytes[31]) = (lowest, 0x7f);
            bytes
        })
    }

    #[test]
    fn points_of_small_order_are_no_keys() {
        // The eight points whose order divides the cofactor, in their canonical spelling.
        for weak in [
            "0100000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000080",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        ] {
            assert_eq!(PublicKey::parse(weak), Err(PublicKeyFault::Weak), "{weak}");
        }
    }

    #[test]
    fn a_second_spelling_of_a_point_is_no_key() {
        let points: Vec<_> = beyond_the_prime().filter(|bytes| VerifyingKey::from_bytes(bytes).is_ok()).collect();
        assert!(points.iter().any(|bytes| !VerifyingKey::from_bytes(bytes).unwrap().is_weak()));
        for bytes in points {
            assert!(PublicKey::parse(&hex::encode(&bytes)).is_err(), "{}", hex::encode(&bytes));
        }
    }

    #[test]
    fn bytes_that_are_no_point_are_no_key() {
        let stray = (2..=255).map(|first| {
            let mut bytes = [0; 32];
            bytes[0] = first;
            bytes
        });
        let stray: Vec<_> = stray.filter(|bytes| VerifyingKey::from_bytes(bytes).is_err()).collect();
        assert!(stray.len() > 50);
        for bytes in stray {
            assert_eq!(PublicKey::parse(&hex::encode(&bytes)), Err(PublicKeyFault::NotCanonical));
        }
    }

    #[test]
    fn strict_means_stricter_than_plain_verification() {
        // The identity as key and as R, s = 0: by the plain equation this signs every message.
        let mut identity = [0; 32];
        identity[0] = 1;
        let mut signature = [0; 64];
        signature[0] = 1;
        let key = VerifyingKey::from_bytes(&identity).unwrap();
        assert!(key.verify(b"anything", &Signature::from_bytes(&signature)).is_ok());
        assert!(!PublicKey(key).verifies(b"anything", &signature));
    }

    #[test]
    fn a_signature_stands_for_one_message_and_one_key() {
        let signer = SigningKey::from_bytes(&[1; 32]);
        let key = PublicKey::of(signer.verifying_key());
        let other = PublicKey::of(SigningKey::from_bytes(&[2; 32]).verifying_key());
        let signature = signer.sign(b"message").to_bytes();
        assert!(key.verifies(b"message", &signature));
        assert!(!key.verifies(b"massage", &signature));
        assert!(!other.verifies(b"message", &signature));
        assert_ne!(key.id(), other.id());
        assert_eq!(PublicKey::parse(&key.to_string()), Ok(key));
    }
}
