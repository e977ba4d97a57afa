//! Attacks on who signed: strangers, keys counted twice, thresholds, weak keys, second spellings.

use curve25519_dalek::scalar::Scalar;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{json, Value};
use sha2::{Digest, Sha512};

use super::Attack;
use crate::forge::{entry, hex, key, key_id, message, public, ring, rules, valid, File, Manifest, CAMPAIGNS, NOW};

/// The order of the group that signatures live in, little-endian.
const GROUP_ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// The neutral point: a public key, or a nonce, for which everything is a signature.
const NEUTRAL: [u8; 32] = {
    let mut bytes = [0; 32];
    bytes[0] = 1;
    bytes
};

pub fn all() -> Vec<Attack> {
    [strangers(), counting(), thresholds(), seasons(), keys(), spellings(), protocols()].into_iter().flatten().collect()
}

/// The good file, signed by these.
fn signed_by(signers: &[SigningKey]) -> File {
    File::snapshot(&Manifest::of(&[(CAMPAIGNS, true, rules())]), &[rules()], signers)
}

/// The good file with these entries in place of its signature.
fn with_entries(entries: &[([u8; 8], [u8; 64])]) -> Vec<u8> {
    File { signatures: entries.to_vec(), ..valid() }.bytes()
}

fn ring_of(threshold: u32, seeds: &[u8]) -> Value {
    ring(threshold, &seeds.iter().map(|seed| public(&key(*seed))).collect::<Vec<_>>())
}

fn signed_message() -> Vec<u8> {
    message(2, &valid().body)
}

fn strangers() -> Vec<Attack> {
    let id = key_id(key(1).verifying_key().as_bytes());
    let mut pulse_ring = ring_of(1, &[1]);
    pulse_ring["roles"]["pulse"] = json!({ "threshold": 1, "keys": [{ "publicKey": public(&key(5)) }] });
    pulse_ring["roles"]["root"] = json!({ "threshold": 1, "keys": [{ "publicKey": public(&key(6)) }] });
    vec![
        Attack::refused("foreign-key", "key_unknown", "rightly signed, by a key that is not in the ring")
            .snapshot(signed_by(&[key(9)]).bytes()),
        Attack::refused("wrong-key", "signature_invalid", "signed by a stranger in the name of a trusted key")
            .snapshot(with_entries(&[(id, key(9).sign(&signed_message()).to_bytes())])),
        Attack::refused("key-of-another-role", "key_unknown", "a manifest signed by the pulse key or the root key")
            .ring(pulse_ring)
            .file("pulse-key", signed_by(&[key(5)]).bytes())
            .file("root-key", signed_by(&[key(6)]).bytes()),
        Attack::refused("unsigned", "threshold_not_met", "no signature at all").snapshot(with_entries(&[])),
    ]
}

fn counting() -> Vec<Attack> {
    let one = valid().signatures[0];
    let other_id = key_id(key(2).verifying_key().as_bytes());
    let stranger = entry(&key(9), &signed_message());
    vec![
        Attack::accepted("two-of-two-signatures", "both keys have signed: a control")
            .ring(ring_of(2, &[1, 2]))
            .snapshot(signed_by(&[key(1), key(2)]).bytes()),
        Attack::accepted("signature-of-a-retired-key", "signed by the new key and one the ring has dropped: a control")
            .snapshot(signed_by(&[key(1), key(9)]).bytes()),
        Attack::refused("one-of-two-signatures", "threshold_not_met", "two are asked for, one has signed")
            .ring(ring_of(2, &[1, 2]))
            .file("alone", signed_by(&[key(1)]).bytes())
            .file("with-a-stranger", with_entries(&[one, stranger])),
        Attack::refused("duplicate-signature", "threshold_not_met", "one key has signed twice, or eight times")
            .ring(ring_of(2, &[1, 2]))
            .file("twice", with_entries(&[one; 2]))
            .file("eight-times", with_entries(&[one; 8])),
        Attack::refused("duplicate-key-two-ids", "signature_invalid", "one key has signed under two ids")
            .ring(ring_of(2, &[1, 2]))
            .snapshot(with_entries(&[one, (other_id, one.1)])),
        Attack::refused("duplicate-key-unknown-id", "threshold_not_met", "one key has signed, once under no one's id")
            .ring(ring_of(2, &[1, 2]))
            .snapshot(with_entries(&[one, ([0; 8], one.1)])),
        Attack::refused("one-signature-wrong-of-two", "signature_invalid", "the other one would be enough")
            .ring(ring_of(1, &[1, 2]))
            .snapshot(with_entries(&[one, (other_id, [7; 64])])),
    ]
}

fn thresholds() -> Vec<Attack> {
    let mut named_twice = ring_of(2, &[1, 1]);
    named_twice["roles"]["publisher"]["keys"][0]["name"] = json!("monday");
    named_twice["roles"]["publisher"]["keys"][1]["name"] = json!("tuesday");
    let mut two_roles = ring_of(1, &[1]);
    two_roles["roles"]["pulse"] = two_roles["roles"]["publisher"].clone();
    vec![
        Attack::refused("threshold-zero", "key_ring_invalid", "a ring that asks for no signature")
            .ring(ring_of(0, &[1]))
            .file("signed", valid().bytes())
            .file("unsigned", with_entries(&[])),
        Attack::refused("threshold-above-keys", "key_ring_invalid", "a ring that asks for more than it has")
            .ring(ring_of(2, &[1]))
            .snapshot(valid().bytes()),
        Attack::refused("no-keys", "key_ring_invalid", "a ring without keys")
            .ring(ring_of(1, &[]))
            .snapshot(valid().bytes()),
        Attack::refused("too-many-keys", "key_ring_invalid", "a ring of 17 keys")
            .ring(ring_of(1, &(1..=17).collect::<Vec<_>>()))
            .snapshot(valid().bytes()),
        Attack::refused("duplicate-key-two-names", "key_ring_invalid", "one key fills both places of a ring")
            .ring(named_twice)
            .snapshot(valid().bytes()),
        Attack::refused("key-in-two-roles", "key_ring_invalid", "the online pulse key may publish as well")
            .ring(two_roles)
            .snapshot(valid().bytes()),
    ]
}

fn seasons() -> Vec<Attack> {
    let valid_for = |from: Option<i64>, until: Option<i64>| {
        let mut ring = ring_of(1, &[1]);
        let key = &mut ring["roles"]["publisher"]["keys"][0];
        for (name, time) in [("validFrom", from), ("validUntil", until)] {
            if let Some(time) = time {
                key[name] = json!(time);
            }
        }
        ring
    };
    vec![
        Attack::accepted("key-in-its-time", "the key begins now and ends a millisecond later: a control")
            .ring(valid_for(Some(NOW), Some(NOW + 1)))
            .snapshot(valid().bytes()),
        Attack::refused("expired-key", "threshold_not_met", "the key ends now")
            .ring(valid_for(None, Some(NOW)))
            .snapshot(valid().bytes()),
        Attack::refused("key-not-yet-valid", "threshold_not_met", "the key begins a millisecond from now")
            .ring(valid_for(Some(NOW + 1), None))
            .snapshot(valid().bytes()),
    ]
}

fn keys() -> Vec<Attack> {
    let anything = |public: [u8; 32]| {
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&NEUTRAL);
        with_entries(&[(key_id(&public), signature)])
    };
    let order_eight: [u8; 32] = [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ];
    // 2^255 - 16 encodes y = 3, whose canonical form is 3.
    let mut beyond = [0xff; 32];
    (beyond[0], beyond[31]) = (0xf0, 0x7f);
    vec![
        Attack::refused("small-order-key", "key_ring_invalid", "a key for which everything is a signature")
            .ring(ring(1, &[hex(&NEUTRAL)]))
            .snapshot(anything(NEUTRAL)),
        Attack::refused(
            "small-order-key-of-order-8",
            "key_ring_invalid",
            "one message in eight has a forged signature",
        )
        .ring(ring(1, &[hex(&order_eight)]))
        .snapshot(anything(order_eight)),
        Attack::refused("non-canonical-key", "key_ring_invalid", "a second spelling of a point")
            .ring(ring(1, &[hex(&beyond)]))
            .snapshot(anything(beyond)),
        Attack::refused("upper-case-key", "key_ring_invalid", "a second spelling of the same digits")
            .ring(ring(1, &[public(&key(1)).to_uppercase()]))
            .snapshot(valid().bytes()),
    ]
}

/// `s` plus the group's order: satisfies the same equation.
fn beyond_order(mut signature: [u8; 64]) -> [u8; 64] {
    let mut carry = 0_u16;
    for (byte, add) in signature[32..].iter_mut().zip(GROUP_ORDER) {
        carry += u16::from(*byte) + u16::from(add);
        *byte = (carry & 0xff) as u8;
        carry >>= 8;
    }
    signature
}

/// A signature whose nonce is the neutral point: right by the plain equation, as only the key's owner can make it.
fn neutral_nonce(key: &SigningKey, message: &[u8]) -> [u8; 64] {
    let public = key.verifying_key();
    let hash = Sha512::new().chain_update(NEUTRAL).chain_update(public.as_bytes()).chain_update(message).finalize();
    let s = Scalar::from_bytes_mod_order_wide(&hash.into()) * key.to_scalar();
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&NEUTRAL);
    signature[32..].copy_from_slice(s.as_bytes());
    assert!(public.verify_strict(message, &signature.into()).is_err());
    assert!(ed25519_dalek::Verifier::verify(&public, message, &signature.into()).is_ok());
    signature
}

fn spellings() -> Vec<Attack> {
    let (id, signature) = valid().signatures[0];
    vec![
        Attack::refused("non-canonical-signature", "signature_invalid", "s plus the order of the group")
            .snapshot(with_entries(&[(id, beyond_order(signature))])),
        Attack::refused("small-order-nonce", "signature_invalid", "R is the neutral point; the equation holds")
            .snapshot(with_entries(&[(id, neutral_nonce(&key(1), &signed_message()))])),
    ]
}

fn protocols() -> Vec<Attack> {
    let body = valid().body;
    let id = valid().signatures[0].0;
    let signed = |message: &[u8]| with_entries(&[(id, key(1).sign(message).to_bytes())]);
    let as_type = |document_type: u8| File {
        sections: vec![rules().to_vec()],
        ..File::signed(document_type, body.clone(), &[key(1)])
    };
    let relabelled = |document_type: u8| File { document_type: 2, ..as_type(document_type) }.bytes();
    let other_domain = [b"counterfoil/envelope/v2", &signed_message()[23..]].concat();
    vec![
        Attack::refused("wrong-document-type", "snapshot_malformed", "rightly signed, but no manifest")
            .file("root", as_type(1).bytes())
            .file("pulse", as_type(3).bytes())
            .file("grant", as_type(4).bytes()),
        Attack::refused("relabelled-document-type", "signature_invalid", "the same, called a manifest afterwards")
            .file("root", relabelled(1))
            .file("pulse", relabelled(3))
            .file("grant", relabelled(4)),
        Attack::refused("signature-of-another-protocol", "signature_invalid", "the key has signed other bytes")
            .file("bare-body", signed(&body))
            .file("other-domain", signed(&other_domain))
            .file("body-before-domain", signed(&[&body[..], b"counterfoil/envelope/v1"].concat())),
    ]
}
