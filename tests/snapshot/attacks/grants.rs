//! Attacks on grants: tokens that somebody else was given, and what does not belong together.

use ed25519_dalek::Signer;
use serde_json::{json, Value};
use sha2::{Digest, Sha256};

use super::{Attack, Document};
use crate::forge::{hex, key, public, ring, rules, valid, Manifest, CAMPAIGNS, NOW};

/// The seed of the key of the edge; that of the publisher is 1.
pub const EDGE_KEY: u8 = 51;

fn manifest() -> Manifest {
    Manifest::of(&[(CAMPAIGNS, true, rules())])
}

/// A grant before it is signed.
pub struct Granted {
    header: &'static str,
    purpose: &'static str,
    pub audience: &'static str,
    environment: &'static str,
    pub version: u64,
    pub customer: &'static str,
    pub until: i64,
    pub section: Vec<u8>,
    pub footer: &'static str,
}

fn granted() -> Granted {
    Granted {
        header: "v4.public.",
        purpose: "counterfoil/grant/v1:",
        audience: "demo-shop",
        environment: "production",
        version: 12,
        customer: "ann",
        until: NOW + 900_000,
        section: rules().to_vec(),
        footer: "",
    }
}

/// PASETO's pre-authentication encoding.
fn together(pieces: &[&[u8]]) -> Vec<u8> {
    let number = |count: usize| (count as u64).to_le_bytes();
    let counted = pieces.iter().flat_map(|piece| [&number(piece.len())[..], piece].concat());
    number(pieces.len()).into_iter().chain(counted).collect()
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let groups = bytes.chunks(3).flat_map(|group| {
        let held = (0..3).fold(0_u32, |held, at| held << 8 | u32::from(*group.get(at).unwrap_or(&0)));
        (0..=group.len()).map(move |at| char::from(SIGNS[(held >> (18 - 6 * at) & 63) as usize]))
    });
    groups.collect()
}

impl Granted {
    fn message(&self) -> String {
        format!(r#"{{"until":{},"exp":"2026-03-01T10:15:00.000Z","campaigns":["ten-percent"]}}"#, self.until)
    }

    fn file(&self, seed: u8) -> Vec<u8> {
        self.saying(&self.message(), seed)
    }

    /// One whose message is this long; of 3,000 bytes it makes a token of 4,096.
    fn of_message(&self, length: usize) -> Vec<u8> {
        let start = format!(r#"{{"until":{},"campaigns":[]"#, self.until);
        self.saying(&format!("{start}{:>1$}", "}", length - start.len()), EDGE_KEY)
    }

    fn saying(&self, message: &str, seed: u8) -> Vec<u8> {
        let revision = hex(&manifest().revision);
        let about = together(&[
            self.audience.as_bytes(),
            self.environment.as_bytes(),
            revision.as_bytes(),
            self.version.to_string().as_bytes(),
            self.customer.as_bytes(),
            &Sha256::digest(&self.section),
        ]);
        let implicit = format!("{}{}", self.purpose, hex(&Sha256::digest(about)));
        let signed = [self.header.as_bytes(), message.as_bytes(), self.footer.as_bytes(), implicit.as_bytes()];
        let signature = key(seed).sign(&together(&signed)).to_bytes();
        let body = base64(&[message.as_bytes(), &signature].concat());
        let footer =
            if self.footer.is_empty() { String::new() } else { format!(".{}", base64(self.footer.as_bytes())) };
        [format!("{}{body}{footer}\n", self.header).as_bytes(), &self.section].concat()
    }
}

/// A grant for Ann that differs in this from one that is good.
pub fn changed(change: impl FnOnce(&mut Granted)) -> Vec<u8> {
    let mut grant = granted();
    change(&mut grant);
    grant.file(EDGE_KEY)
}

/// A ring that trusts keys of the edge beside its publisher.
fn ring_with_edge(threshold: u64, seeds: &[u8]) -> Value {
    let mut ring = ring(1, &[public(&key(1))]);
    let keys: Vec<Value> = seeds.iter().map(|seed| json!({ "publicKey": public(&key(*seed)) })).collect();
    ring["roles"]["edge"] = json!({ "threshold": threshold, "keys": keys });
    ring
}

/// One that the host has taken before, and one that has ended since.
fn of_grant(attack: Attack) -> Attack {
    attack
        .of(Document::Grant)
        .ring(ring_with_edge(1, &[EDGE_KEY, 52]))
        .with("good.bin", valid().bytes())
        .with("held.bin", granted().file(EDGE_KEY))
        .with("ended.bin", changed(|grant| grant.until = NOW - 1))
}

pub fn all() -> Vec<Attack> {
    let refused = |name, about| of_grant(Attack::refused(name, "grant_invalid", about));
    let sound = granted().file(EDGE_KEY);
    let end_of_token = sound.iter().position(|byte| *byte == b'\n').unwrap();
    let flipped = |at: usize| {
        let mut file = sound.clone();
        file[at] ^= 1;
        file
    };
    let mut other_rules = rules().to_vec();
    other_rules.push(0);
    let spliced = [&sound[..=end_of_token], &other_rules].concat();
    vec![
        of_grant(Attack::accepted("grant", "right in every respect: a control"))
            .file("plain", sound.clone())
            .file("with-a-footer", changed(|grant| grant.footer = r#"{"kid":"a"}"#))
            .file("one-below-the-longest-token", granted().of_message(2_999))
            .file("the-longest-token", granted().of_message(3_000))
            .file("by-another-key-of-the-edge", granted().file(52))
            .file("last-moment", changed(|grant| grant.until = NOW + 1)),
        of_grant(Attack::refused("grant-expired", "grant_expired", "what it granted has ended"))
            .file("now", changed(|grant| grant.until = NOW))
            .file("long-ago", changed(|grant| grant.until = 1)),
        refused("grant-by-a-stranger", "signed by a key that is not one of the edge")
            .file("stranger", granted().file(90))
            .file("publisher", granted().file(1)),
        refused("grant-for-another-customer", "somebody else's")
            .file("named", changed(|grant| grant.customer = "bob"))
            .file("nobody", changed(|grant| grant.customer = "")),
        refused("grant-of-another-shop", "another shop's, by the same key")
            .file("audience", changed(|grant| grant.audience = "other-shop"))
            .file("environment", changed(|grant| grant.environment = "staging"))
            .file("moved-border", {
                changed(|grant| (grant.audience, grant.environment) = ("demo-shopp", "roduction"))
            }),
        refused("grant-for-another-version", "given for the snapshot before")
            .file("older", changed(|grant| grant.version = 11))
            .file("newer", changed(|grant| grant.version = 13)),
        refused("grant-spliced", "the token of one grant, the campaigns of another").file("grant", spliced),
        refused("grant-for-another-purpose", "a token that the same key has signed for something else")
            .file("quote", changed(|grant| grant.purpose = "counterfoil/quote/v1"))
            .file("other-version-of-paseto", changed(|grant| grant.header = "v3.public."))
            .file("local", changed(|grant| grant.header = "v4.local."))
            .file("snapshot-in-its-place", valid().bytes()),
        refused("grant-forged", "changed after it was signed")
            .file("message", flipped(20))
            .file("signature", flipped(end_of_token - 20))
            .file("campaigns", flipped(sound.len() - 1)),
        refused("grant-malformed", "no grant, or one that has another spelling")
            .file("empty", Vec::new())
            .file("no-campaigns", sound[..end_of_token].to_vec())
            .file("padded", [&sound[..end_of_token], b"=", &sound[end_of_token..]].concat())
            .file("token-too-long", granted().of_message(3_001))
            .file("fourth-part", [&sound[..end_of_token], b".AA.AA", &sound[end_of_token..]].concat())
            .file("end-not-first", granted().saying(r#"{"exp":"2026-03-01T10:15:00.000Z","until":9}"#, EDGE_KEY))
            .file("end-in-words", granted().saying(r#"{"until":"soon"}"#, EDGE_KEY))
            .file("end-beyond-numbers", granted().saying(r#"{"until":99999999999999999999}"#, EDGE_KEY)),
        Attack::refused("grant-where-two-must-sign", "grant_invalid", "one signature where the edge needs two")
            .of(Document::Grant)
            .ring(ring_with_edge(2, &[EDGE_KEY, 52]))
            .with("good.bin", valid().bytes())
            .file("grant", sound.clone()),
        Attack::refused("grant-without-keys-of-the-edge", "key_ring_invalid", "nobody may grant here")
            .of(Document::Grant)
            .with("good.bin", valid().bytes())
            .file("publisher", granted().file(1))
            .file("edge", sound),
    ]
}
