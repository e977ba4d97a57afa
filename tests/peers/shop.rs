//! The engine behind its public face: a document is compiled, signed with a key that lives as long as the case, opened
//! and asked.

use counterfoil::compile::{compile, Source};
use counterfoil::engine::Disclosure;
use counterfoil::error::Error;
use counterfoil::snapshot::{seal, KeyRing, ManifestFields, Policy, Profile, SecretKey, Section, SectionKind};
use counterfoil::time::Interval;
use counterfoil::{Engine, Options};
use serde_json::Value;

use super::translate::Question;

const DAY: i64 = 86_400_000;

/// The quote as JSON. An error is a refusal of the document or of the request, which the place in it tells apart.
pub fn ask(question: &Question) -> Result<Value, Error> {
    let life = Interval { from: question.now.saturating_sub(DAY), until: question.now.saturating_add(DAY) };
    let document = question.document.clone();
    let compiled = compile(&[Source { name: "case.json".to_owned(), document }], life)?;

    let (audience, environment) = ("peers", "test");
    let fields = ManifestFields {
        audience,
        environment,
        profile: Profile::Storefront,
        revision: None,
        version: 1,
        issued_at: life.from,
        expires_at: life.until,
        root_version: 0,
    };
    let key = SecretKey::from_seed(&[7; 32]);
    let section = Section { kind: SectionKind::Campaigns, bytes: &compiled.section };
    let snapshot = seal(&fields, &[section], &[&key])?;

    let ring = KeyRing::with_publisher(audience, environment, &[key.public_key()]);
    let options = Options { policy: Policy::at(question.now, Profile::Storefront), disclosure: Disclosure::Full };
    let mut engine = Engine::open(&snapshot, &ring, options)?;
    let request = question.request.to_string();
    let quote = engine.quote_bytes(request.as_bytes(), Some(question.now))?;
    Ok(serde_json::from_slice(quote).unwrap_or(Value::Null))
}
