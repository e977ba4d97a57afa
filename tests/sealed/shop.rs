//! A shop some of whose campaigns are not open.

use counterfoil::compile::{compile, Compiled, Source};
use counterfoil::engine::Disclosure;
use counterfoil::error::Error;
use counterfoil::publication::Publication;
use counterfoil::snapshot::{seal, KeyRing, ManifestFields, Policy, Profile, Revision, SecretKey, Section};
use counterfoil::time::Interval;
use counterfoil::{Engine, Options};
use serde_json::{json, Value};

pub const NOW: i64 = 1_772_359_200_000;
pub const LIFE: Interval = Interval { from: NOW - 86_400_000, until: NOW + 86_400_000 };

pub fn campaigns() -> Value {
    let off = |percent: &str| json!([{ "type": "percent_off", "percent": percent }]);
    json!({ "campaigns": [
        { "id": "everyone", "when": { "type": "min_subtotal", "amount": { "EUR": 2000 } }, "discounts": off("5") },
        { "id": "open", "codes": ["TEN"], "discounts": off("10") },
        { "id": "blogger", "codes": ["MOUNTAIN-GOAT-7", "HILLSIDE-WALK-8"], "visibility": "sealed", "discounts": off("20"),
          "when": { "type": "contains", "lines": { "categories": ["winterboots"] } },
          "limits": { "budget": { "EUR": 777_777, "CHF": 888_888 } } },
        { "id": "relaunch", "codes": ["SPRING-ALL-OVER"], "visibility": "sealed", "discounts": off("30"),
          "when": { "all": [ { "type": "segment", "anyOf": ["earlybird"] }, { "type": "min_subtotal", "amount": { "EUR": 4242 } } ] } },
        { "id": "staff", "codes": ["BEHIND-THE-COUNTER"], "visibility": "edge", "discounts": off("50") } ] })
}

pub fn compiled(document: Value) -> Compiled {
    compile(&[Source { name: "shop.json".into(), document }], LIFE).unwrap()
}

pub fn key() -> SecretKey {
    SecretKey::from_seed(&[7; 32])
}

pub fn ring() -> KeyRing {
    KeyRing::with_publisher("shop", "test", &[key().public_key()])
}

pub fn signed(profile: Profile, sections: &[Section<'_>], revision: Option<Revision>) -> Vec<u8> {
    let fields = ManifestFields {
        audience: "shop",
        environment: "test",
        profile,
        revision,
        version: 3,
        issued_at: LIFE.from,
        expires_at: LIFE.until,
        root_version: 0,
    };
    seal(&fields, sections, &[&key()]).unwrap()
}

/// Both halves of a publication.
pub fn published(compiled: &Compiled) -> (Vec<u8>, Vec<u8>) {
    let publication = Publication::of(compiled, &key());
    let boxes = publication.boxes().unwrap();
    let revision = Some(publication.revision());
    let public = signed(Profile::Storefront, &publication.public(&boxes), revision);
    (public, signed(Profile::Edge, &publication.edge(), revision))
}

pub fn policy() -> Policy {
    Policy::at(NOW, Profile::Storefront)
}

pub fn options(profile: Profile) -> Options {
    Options { policy: Policy::at(NOW, profile), disclosure: Disclosure::Public }
}

pub fn quote(engine: &mut Engine, request: &Value) -> Result<Value, Error> {
    let body = request.to_string();
    engine.quote_bytes(body.as_bytes(), Some(NOW)).map(|bytes| serde_json::from_slice(bytes).unwrap())
}

pub fn cart(codes: &[&str]) -> Value {
    json!({ "currency": "EUR", "codes": codes, "customer": { "id": "ann", "segments": ["earlybird"] },
        "lines": [{ "id": "a", "unitPrice": 2500, "quantity": 2, "categories": ["winterboots"] }] })
}
