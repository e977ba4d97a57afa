//! A shop that publishes: compiles campaign documents, signs them with the corpus key, opens the snapshot.
//!
//! Every number here is part of `docs/corpus.md`, so that a runner in any other host can do the same.

use counterfoil::compile::{compile, Source};
use counterfoil::engine::Disclosure;
use counterfoil::error::Error;
use counterfoil::snapshot::{seal, sections, KeyRing, ManifestFields, Policy, Profile, SecretKey};
use counterfoil::time::Interval;
use counterfoil::{Engine, Options};
use serde_json::{json, Value};
use std::sync::LazyLock;

const DAY: i64 = 86_400_000;

/// A snapshot of the corpus lives from so many days before the `now` of its file …
pub const DAYS_BEFORE: i64 = 30;
/// … until so many days after it. Recurring schedules are expanded for this time.
pub const DAYS_AFTER: i64 = 365;
/// For whom it is signed.
pub const AUDIENCE: &str = "corpus";
/// For which environment.
pub const ENVIRONMENT: &str = "test";
/// The version of every snapshot of the corpus.
pub const VERSION: u64 = 1;
/// The seed of the key that signs it. It protects nothing.
pub const KEY_SEED: [u8; 32] = [7; 32];

/// Campaigns as a host gets them.
pub struct Shop {
    /// The signed snapshot file.
    pub snapshot: Vec<u8>,
    /// The moment at which it is opened.
    pub now: i64,
}

/// The key that signs, and the ring that trusts it.
static KEYS: LazyLock<(SecretKey, KeyRing)> = LazyLock::new(|| {
    let key = SecretKey::from_seed(&KEY_SEED);
    let ring = KeyRing::with_publisher(AUDIENCE, ENVIRONMENT, &[key.public_key()]);
    (key, ring)
});

/// The key ring that trusts the corpus key.
pub fn key_ring() -> &'static KeyRing {
    &KEYS.1
}

impl Shop {
    /// Compiles and signs a campaign document, or a bare list of campaigns.
    pub fn publish(campaigns: &Value, now: i64) -> Result<Shop, Error> {
        let document = match campaigns {
            Value::Array(list) => json!({ "campaigns": list }),
            whole => whole.clone(),
        };
        let life = Interval { from: now - DAYS_BEFORE * DAY, until: now + DAYS_AFTER * DAY };
        let compiled = compile(&[Source { name: "corpus".into(), document }], life)?;
        let fields = ManifestFields {
            audience: AUDIENCE,
            environment: ENVIRONMENT,
            profile: Profile::Storefront,
            revision: None,
            version: VERSION,
            issued_at: life.from,
            expires_at: life.until,
            root_version: 0,
        };
        let sections = sections(&compiled.section, &compiled.programme);
        let snapshot = seal(&fields, &sections, &[&KEYS.0])?;
        Ok(Shop { snapshot, now })
    }

    /// Opens the snapshot as a host does.
    pub fn open(&self, disclosure: Disclosure) -> Result<Engine, Error> {
        let options = Options { policy: Policy::at(self.now, Profile::Storefront), disclosure };
        Engine::open(&self.snapshot, key_ring(), options)
    }
}

/// Asks for a quote and how it came about; the answer as the text it is.
pub fn trace(engine: &mut Engine, body: &str) -> Result<String, Error> {
    engine.trace_bytes(body.as_bytes(), Default::default()).map(|bytes| String::from_utf8(bytes).unwrap())
}

/// Asks for a refund; the answer as the text it is.
pub fn refund(engine: &mut Engine, body: &str) -> Result<String, Error> {
    engine.refund_bytes(body.as_bytes(), Default::default()).map(|bytes| String::from_utf8(bytes).unwrap())
}

/// Asks for a quote; the answer as the text it is.
pub fn quote(engine: &mut Engine, body: &str) -> Result<String, Error> {
    engine.quote_bytes(body.as_bytes(), None).map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
}
