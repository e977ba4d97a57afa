//! Every case of the corpus, with its campaigns by code sealed: with the codes of the request opened, and nothing else, the
//! answer is the same to the byte as where nothing was ever sealed.

use std::collections::BTreeSet;

use counterfoil::catalog::part::with_part;
use counterfoil::code::normalise;
use counterfoil::compile::{compile, Compiled, Source};
use counterfoil::engine::Disclosure;
use counterfoil::snapshot::{Policy, Profile, Section, SectionKind};
use counterfoil::time::Interval;
use counterfoil::{Engine, Options};
use serde_json::{json, Value};

use crate::case::{self, CaseFile};
use crate::shop::{ring, signed, LIFE, NOW};

/// The document with all campaigns sealed that have codes, and how many those are.
fn sealed(campaigns: &Value) -> (Value, usize) {
    let mut document = match campaigns {
        Value::Array(list) => json!({ "campaigns": list }),
        whole => whole.clone(),
    };
    let mut count = 0;
    for campaign in document["campaigns"].as_array_mut().into_iter().flatten() {
        if campaign["codes"].as_array().is_some_and(|codes| !codes.is_empty()) && campaign["visibility"].is_null() {
            campaign["visibility"] = "sealed".into();
            count += 1;
        }
    }
    (document, count)
}

fn engine(section: &[u8]) -> Engine {
    let file = signed(Profile::Storefront, &[Section { kind: SectionKind::Campaigns, bytes: section }], None);
    let options = Options { policy: Policy::at(NOW, Profile::Storefront), disclosure: Disclosure::Public };
    Engine::open(&file, &ring(), options).unwrap()
}

/// The codes of a request.
fn typed(request: &Value) -> BTreeSet<String> {
    let codes = request["codes"].as_array().into_iter().flatten();
    let typed = codes.filter_map(|code| code.as_str().or_else(|| code["code"].as_str()));
    typed.map(normalise).collect()
}

/// Whether a request names a campaign of which it has no code, as the giver of a gift that lies in the cart: a shopper who never
/// had the code has no such line, and one who had is told of the campaign no more.
fn names_what_is_sealed(compiled: &Compiled, request: &Value, body: &str) -> bool {
    let typed = typed(request);
    let is_open = |campaign: &str| {
        compiled.sealed.iter().any(|sealed| sealed.campaign == campaign && typed.contains(&sealed.code))
    };
    let sealed = compiled.sealed.iter().map(|sealed| sealed.campaign.as_str());
    sealed.filter(|campaign| !is_open(campaign)).any(|campaign| body.contains(&format!("\"giftOf\":\"{campaign}\"")))
}

/// The section with what the codes of a request open.
fn opened(compiled: &Compiled, request: &Value) -> Vec<u8> {
    let typed = typed(request);
    let parts = compiled.sealed.iter().filter(|sealed| typed.contains(&sealed.code));
    parts.fold(compiled.section.clone(), |section, sealed| {
        with_part(&section, sealed.code.clone(), &sealed.part).unwrap()
    })
}

fn answer(engine: &mut Engine, body: &str) -> Result<String, String> {
    let quote = engine.quote_bytes(body.as_bytes(), None);
    quote.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap()).map_err(|error| error.code().to_owned())
}

#[test]
fn what_is_sealed_answers_with_its_code_as_if_it_were_open() {
    let (mut campaigns, mut cases, mut named, mut wrong) = (0, 0, 0, Vec::new());
    for name in case::list() {
        let file = CaseFile::read(&name).unwrap();
        let (document, count) = sealed(&file.campaigns);
        let now = case::milliseconds(&file.now).unwrap();
        let life = Interval { from: now + LIFE.from - NOW - 30 * 86_400_000, until: now + 365 * 86_400_000 };
        if count == 0 {
            continue;
        }
        let Ok(compiled) = compile(&[Source { name: "corpus".into(), document }], life) else { continue };
        campaigns += count;
        let mut whole = engine(&compiled.rehearsed());
        for case in file.cases.iter().filter(|case| case.request.is_some()) {
            let (request, body) = (case.request.as_ref().unwrap(), case.body(&file).unwrap());
            if names_what_is_sealed(&compiled, request, &body) {
                named += 1;
                continue;
            }
            let mut engine = engine(&opened(&compiled, request));
            let (found, expected) = (answer(&mut engine, &body), answer(&mut whole, &body));
            cases += 1;
            if found != expected {
                wrong.push(format!("{}:\n{found:?}\n{expected:?}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(
        campaigns > 100 && cases > 2_000 && named < 10,
        "{campaigns} campaigns, {cases} cases, {named} passed over"
    );
}
