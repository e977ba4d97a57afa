//! Writes snapshot files by hand, after docs/snapshot-format.md and without the code under test: right ones, and
//! wrong ones that `seal` would never write.

use std::sync::LazyLock;

use ed25519_dalek::{Signer, SigningKey};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};

use crate::fixtures;

/// 2026-03-01T10:00:00Z.
pub const NOW: i64 = 1_772_359_200_000;
const HOUR: u64 = 3_600_000;

pub const STOREFRONT: u8 = 1;
pub const EDGE: u8 = 2;
pub const CAMPAIGNS: u8 = 1;
/// A kind that no reader knows.
pub const UNHEARD_OF: u8 = 0xfe;

/// What the campaigns section holds: ten percent off everything. Opaque to the envelope, but hosts that open the whole
/// snapshot read it, so it is a section as the compiler wrote it.
pub fn rules() -> &'static [u8] {
    static RULES: LazyLock<Vec<u8>> = LazyLock::new(fixtures::rules);
    &RULES
}

/// A key pair from one byte.
pub fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

pub fn public(key: &SigningKey) -> String {
    hex(key.verifying_key().as_bytes())
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn key_id(public: &[u8]) -> [u8; 8] {
    let digest = Sha256::new().chain_update(b"counterfoil/key-id/v1").chain_update(public).finalize();
    digest[..8].try_into().unwrap()
}

/// A key ring with one role.
pub fn ring(threshold: u32, keys: &[String]) -> Value {
    let keys: Vec<Value> = keys.iter().map(|key| json!({ "publicKey": key })).collect();
    json!({
        "audience": "demo-shop",
        "environment": "production",
        "roles": { "publisher": { "threshold": threshold, "keys": keys } },
    })
}

#[derive(Clone)]
pub struct Manifest {
    pub format: u8,
    pub audience: String,
    pub environment: String,
    pub profile: u8,
    pub revision: [u8; 16],
    pub version: u64,
    pub issued_at: u64,
    pub expires_at: u64,
    pub root_version: u64,
    pub sections: Vec<Entry>,
}

#[derive(Clone)]
pub struct Entry {
    pub kind: u8,
    pub critical: bool,
    pub length: u64,
    pub sha256: [u8; 32],
}

impl Entry {
    pub fn of(kind: u8, critical: bool, bytes: &[u8]) -> Entry {
        Entry { kind, critical, length: bytes.len() as u64, sha256: Sha256::digest(bytes).into() }
    }
}

impl Manifest {
    /// A manifest of sections (kind, critical, bytes) that everybody accepts at [`NOW`].
    pub fn of(sections: &[(u8, bool, &[u8])]) -> Manifest {
        let mut revision = Sha256::new().chain_update(b"counterfoil/revision/v1");
        for (kind, _, bytes) in sections {
            revision.update([*kind]);
            revision.update((bytes.len() as u64).to_le_bytes());
            revision.update(Sha256::digest(bytes));
        }
        Manifest {
            format: 1,
            audience: "demo-shop".to_owned(),
            environment: "production".to_owned(),
            profile: STOREFRONT,
            revision: revision.finalize()[..16].try_into().unwrap(),
            version: 12,
            issued_at: NOW as u64 - HOUR,
            expires_at: NOW as u64 + 24 * HOUR,
            root_version: 0,
            sections: sections.iter().map(|(kind, critical, bytes)| Entry::of(*kind, *critical, bytes)).collect(),
        }
    }

    pub fn body(&self) -> Vec<u8> {
        let mut out = vec![self.format];
        for name in [&self.audience, &self.environment] {
            number(&mut out, name.len() as u64);
            out.extend_from_slice(name.as_bytes());
        }
        out.push(self.profile);
        out.extend_from_slice(&self.revision);
        for value in [self.version, self.issued_at, self.expires_at, self.root_version] {
            number(&mut out, value);
        }
        number(&mut out, self.sections.len() as u64);
        for section in &self.sections {
            out.extend_from_slice(&[section.kind, u8::from(section.critical)]);
            number(&mut out, section.length);
            out.extend_from_slice(&section.sha256);
        }
        out
    }
}

/// Seven bits a byte, the lowest first.
fn number(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A file in its parts.
#[derive(Clone)]
pub struct File {
    pub magic: [u8; 4],
    pub document_type: u8,
    pub signatures: Vec<([u8; 8], [u8; 64])>,
    pub length: u64,
    pub body: Vec<u8>,
    pub sections: Vec<Vec<u8>>,
}

impl File {
    /// A document of any type, rightly signed.
    pub fn signed(document_type: u8, body: Vec<u8>, signers: &[SigningKey]) -> File {
        let message = message(document_type, &body);
        let mut signatures: Vec<_> = signers.iter().map(|key| entry(key, &message)).collect();
        signatures.sort_unstable();
        let length = body.len() as u64;
        File { magic: *b"CFL\x01", document_type, signatures, length, body, sections: Vec::new() }
    }

    /// A snapshot, rightly signed.
    pub fn snapshot(manifest: &Manifest, sections: &[&[u8]], signers: &[SigningKey]) -> File {
        let sections = sections.iter().map(|bytes| bytes.to_vec()).collect();
        File { sections, ..File::signed(2, manifest.body(), signers) }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut out = self.magic.to_vec();
        out.extend_from_slice(&[self.document_type, self.signatures.len() as u8]);
        for (id, signature) in &self.signatures {
            out.extend_from_slice(id);
            out.extend_from_slice(signature);
        }
        out.extend_from_slice(&self.length.to_le_bytes());
        out.extend_from_slice(&self.body);
        out.extend(self.sections.iter().flatten());
        out
    }

    /// Where the body begins.
    pub fn body_at(&self) -> usize {
        4 + 2 + self.signatures.len() * 72 + 8
    }
}

/// What a signature covers.
pub fn message(document_type: u8, body: &[u8]) -> Vec<u8> {
    let mut out = b"counterfoil/envelope/v1".to_vec();
    out.push(document_type);
    out.extend_from_slice(&(body.len() as u64).to_le_bytes());
    out.extend_from_slice(body);
    out
}

/// A key's id and its signature of a message.
pub fn entry(key: &SigningKey, message: &[u8]) -> ([u8; 8], [u8; 64]) {
    (key_id(key.verifying_key().as_bytes()), key.sign(message).to_bytes())
}

/// The snapshot that is right in every respect: campaigns only, one signature by key 1.
pub fn valid() -> File {
    File::snapshot(&Manifest::of(&[(CAMPAIGNS, true, rules())]), &[rules()], &[key(1)])
}

/// The same with a change to its manifest, signed after the change.
pub fn with(change: impl FnOnce(&mut Manifest)) -> Vec<u8> {
    let mut manifest = Manifest::of(&[(CAMPAIGNS, true, rules())]);
    change(&mut manifest);
    File::snapshot(&manifest, &[rules()], &[key(1)]).bytes()
}

/// A role of a root document.
#[derive(Clone)]
pub struct WireRole {
    pub threshold: u64,
    pub keys: Vec<[u8; 32]>,
}

impl WireRole {
    pub fn of(threshold: u64, keys: &[SigningKey]) -> WireRole {
        WireRole { threshold, keys: keys.iter().map(|key| key.verifying_key().to_bytes()).collect() }
    }

    fn write(&self, out: &mut Vec<u8>) {
        number(out, self.threshold);
        number(out, self.keys.len() as u64);
        self.keys.iter().for_each(|key| out.extend_from_slice(key));
    }
}

/// A root document.
#[derive(Clone)]
pub struct Root {
    pub format: u8,
    pub audience: String,
    pub environment: String,
    pub version: u64,
    pub expires_at: u64,
    pub root: WireRole,
    pub publisher: WireRole,
    pub pulse: Option<WireRole>,
    pub discount: u64,
    pub life: u64,
    pub budgets: Vec<(String, u64)>,
    /// From format 2 on.
    pub edge: Option<WireRole>,
}

impl Root {
    pub fn body(&self) -> Vec<u8> {
        let mut out = vec![self.format];
        text(&mut out, &self.audience);
        text(&mut out, &self.environment);
        number(&mut out, self.version);
        number(&mut out, self.expires_at);
        self.root.write(&mut out);
        self.publisher.write(&mut out);
        out.push(u8::from(self.pulse.is_some()));
        self.pulse.iter().for_each(|role| role.write(&mut out));
        number(&mut out, self.discount);
        number(&mut out, self.life);
        number(&mut out, self.budgets.len() as u64);
        for (currency, amount) in &self.budgets {
            text(&mut out, currency);
            number(&mut out, *amount);
        }
        if self.format > 1 {
            out.push(u8::from(self.edge.is_some()));
        }
        self.edge.iter().for_each(|role| role.write(&mut out));
        out
    }
}

/// A pulse.
#[derive(Clone)]
pub struct Pulse {
    pub format: u8,
    pub audience: String,
    pub environment: String,
    pub profile: u8,
    pub version: u64,
    pub manifest: [u8; 32],
    pub min_version: u64,
    pub issued_at: u64,
    pub expires_at: u64,
    pub stopped: Vec<String>,
}

impl Pulse {
    pub fn body(&self) -> Vec<u8> {
        let mut out = vec![self.format];
        text(&mut out, &self.audience);
        text(&mut out, &self.environment);
        out.push(self.profile);
        number(&mut out, self.version);
        out.extend_from_slice(&self.manifest);
        for value in [self.min_version, self.issued_at, self.expires_at] {
            number(&mut out, value);
        }
        number(&mut out, self.stopped.len() as u64);
        self.stopped.iter().for_each(|id| text(&mut out, id));
        out
    }
}

fn text(out: &mut Vec<u8>, text: &str) {
    number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}
