//! The folders in tests/attacks: written from the list of attacks by `cargo xtask bless`, otherwise compared with it,
//! and then run as any other reader of the format would run them, from the files alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use counterfoil::catalog::Catalog;
use counterfoil::compile::{compile, Source};
use counterfoil::error::{Diagnostic, Error};
use counterfoil::snapshot::{open, Grant, KeyRing, Policy, Profile};
use counterfoil::time::Interval;
use counterfoil::{unseal, Engine, Options};
use serde_json::{json, Value};

use crate::attacks::{self, Attack, Document};
use crate::forge::{self, NOW};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks")
}

/// Whether what is kept is to be written anew.
pub fn blesses() -> bool {
    std::env::var_os("BLESS").is_some()
}

fn pretty(value: &Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}

/// Every file that belongs into the folder, by its path in it.
fn expected_files(attacks: &[Attack]) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut index = Vec::new();
    for attack in attacks {
        let names: Vec<&String> = attack.files.iter().map(|(name, _)| name).collect();
        index.push(json!({ "name": attack.name, "about": attack.about, "files": names, "code": attack.code }));
        let mut expect = json!({ "about": attack.about, "policy": attack.policy, "code": attack.code });
        if attack.document != Document::Snapshot || !attack.with.is_empty() {
            let with: Vec<&str> = attack.with.iter().map(|(name, _)| *name).collect();
            expect["document"] = attack.document.name().into();
            expect["with"] = json!(with);
        }
        if let Some(code) = attack.code_in_state {
            expect["codeInState"] = code.into();
        }
        if let Some(typed) = attack.typed {
            expect["typed"] = typed.into();
        }
        if attack.set_aside > 0 {
            expect["setAside"] = attack.set_aside.into();
        }
        files.insert(format!("{}/expect.json", attack.name), pretty(&expect));
        files.insert(format!("{}/key-ring.json", attack.name), pretty(&attack.key_ring));
        for (name, bytes) in &attack.with {
            files.insert(format!("{}/{name}", attack.name), bytes.clone());
        }
        for (name, bytes) in &attack.files {
            let taken = files.insert(format!("{}/{name}", attack.name), bytes.clone());
            assert!(taken.is_none(), "two files are called {}/{name}", attack.name);
        }
    }
    files.insert("index.json".to_owned(), pretty(&json!(index)));
    files
}

/// Every file that is in the folder.
fn present_files() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder()];
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(current).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder()).unwrap().to_string_lossy().replace('\\', "/");
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    files
}

/// Writes the folders anew when asked to, once, before anyone reads them.
static PRESENT: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    if blesses() {
        fs::remove_dir_all(folder()).unwrap();
        for (name, bytes) in expected_files(&attacks::all()) {
            let path = folder().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
    present_files()
});

#[test]
fn the_folders_hold_what_the_list_says() {
    let (expected, present) = (expected_files(&attacks::all()), &*PRESENT);
    let differs = |name: &str, bytes: &[u8]| match present.get(name) {
        // The order of fields is a setting of the JSON library that any crate of the build may change.
        Some(found) if name.ends_with(".json") => json_of(found) != json_of(bytes),
        found => found.map(Vec::as_slice) != Some(bytes),
    };
    let stale: Vec<&String> =
        expected.iter().filter(|(name, bytes)| differs(name, bytes)).map(|(name, _)| name).collect();
    let stray: Vec<&String> = present.keys().filter(|name| !expected.contains_key(*name)).collect();
    assert!(
        stale.is_empty() && stray.is_empty(),
        "stale: {stale:?}, stray: {stray:?}; `cargo xtask bless` writes them anew"
    );
}

fn bytes(name: &str) -> &'static [u8] {
    PRESENT.get(name).unwrap_or_else(|| panic!("tests/attacks/{name} is missing"))
}

fn json_of(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes).ok()
}

fn read_json(name: &str) -> Value {
    json_of(bytes(name)).unwrap_or_else(|| panic!("tests/attacks/{name} is no JSON"))
}

/// What a host has before it is handed the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing.
    Fresh,
    /// A snapshot that is good, of version 12, and a pulse.
    Valid,
    /// A snapshot that has ended, of version 12, and a pulse that has.
    Expired,
}

const REQUEST: &[u8] = br#"{ "currency": "EUR", "lines": [{ "id": "a", "unitPrice": 4500, "quantity": 2 }] }"#;

/// A host that is open while others knock.
fn loaded(state: State) -> Engine {
    let ring: KeyRing = serde_json::from_value(read_json("valid/key-ring.json")).unwrap();
    let (file, now) = match state {
        State::Expired => ("expired/now.bin", NOW - 1),
        _ => ("valid/snapshot.bin", NOW),
    };
    let options = Options { policy: Policy::at(now, Profile::Storefront), disclosure: Default::default() };
    Engine::open(bytes(file), &ring, options).unwrap()
}

fn answer(engine: &mut Engine) -> Vec<u8> {
    engine.quote_bytes(REQUEST, Some(NOW)).unwrap().to_vec()
}

/// What a host does with one file of a folder.
fn attempt(folder: &str, file: &str, expect: &Value, state: State) -> Result<(), Error> {
    let ring: KeyRing = serde_json::from_value(read_json(&format!("{folder}/key-ring.json"))).unwrap();
    let policy = &expect["policy"];
    let floor = if state == State::Fresh { 0 } else { 12 };
    let policy = Policy {
        min_version: policy["minVersion"].as_u64().unwrap().max(floor),
        min_root_version: policy["minRootVersion"].as_u64().unwrap_or_default(),
        ..Policy::at(
            policy["now"].as_i64().unwrap(),
            serde_json::from_value::<Profile>(policy["profile"].clone()).unwrap(),
        )
    };
    let options = Options { policy, disclosure: Default::default() };
    let has = |name: &str| expect["with"].as_array().is_some_and(|with| with.contains(&name.into()));
    let at = |name: &str| bytes(&format!("{folder}/{name}"));
    match expect["document"].as_str() {
        Some("root") => open(at("good.bin"), &ring.follow(at(file), policy.now)?, &policy).map(|_| ()),
        Some("pulse") => {
            let mut engine = Engine::open(at("good.bin"), &ring, options).unwrap();
            match state {
                State::Valid if has("held.bin") => drop(engine.take_pulse(at("held.bin"), policy.now).unwrap()),
                State::Expired if has("ended.bin") => drop(engine.take_pulse(at("ended.bin"), policy.now - 2).unwrap()),
                _ => {}
            }
            let before = answer(&mut engine);
            let taken = engine.take_pulse(at(file), policy.now).map(|_| ());
            assert_eq!(answer(&mut engine), before, "{folder}/{file} changed the answer");
            taken
        }
        Some("grant") => {
            let taken = |file: &str, now: i64| {
                let options = Options { policy: Policy { now, ..policy }, ..options };
                let grant = Grant { file: at(file), customer: "ann" };
                Engine::open_granted(at("good.bin"), &ring, options, grant).map(|mut engine| answer(&mut engine))
            };
            match state {
                State::Valid if has("held.bin") => drop(taken("held.bin", policy.now).unwrap()),
                State::Expired if has("ended.bin") => drop(taken("ended.bin", policy.now - 2).unwrap()),
                _ => {}
            }
            taken(file, policy.now).map(|_| ())
        }
        Some("sealed") => {
            let mut engine = Engine::open(at(file), &ring, options)?;
            let before = answer(&mut engine);
            let typed = expect["typed"].as_str().unwrap();
            let section = unseal(at(file), &ring, &policy, None, typed)?;
            assert_eq!(answer(&mut engine), before, "{folder}/{file} changed the answer");
            match section {
                Some(section) => Engine::open_with(at(file), &ring, options, &section).map(|_| ()),
                // a host that opens nothing goes on as if the code were anybody's slip
                None => Err(Diagnostic::new("code_unknown", "the code opens nothing", "look at its spelling").into()),
            }
        }
        _ => {
            let ring = if has("chain.bin") { ring.follow(at("chain.bin"), policy.now)? } else { ring };
            open(at(file), &ring, &policy)?;
            if expect["code"].is_null() && policy.profile == Profile::Storefront {
                let engine = Engine::open(at(file), &ring, options)?;
                let told: Vec<&str> = engine.catalog().set_aside().iter().map(|one| one.code).collect();
                assert_eq!(told, vec!["kind_unknown"; expect["setAside"].as_u64().map_or(0, |count| count as usize)]);
            }
            Ok(())
        }
    }
}

#[test]
fn every_attack_is_refused_for_its_own_reason_and_every_control_is_accepted() {
    let mut failures = Vec::new();
    let mut run = 0;
    for state in [State::Fresh, State::Valid, State::Expired] {
        let mut engine = loaded(state);
        let before = answer(&mut engine);
        for attack in read_json("index.json").as_array().unwrap() {
            let name = attack["name"].as_str().unwrap();
            let expect = read_json(&format!("{name}/expect.json"));
            let in_state = expect.get("codeInState").filter(|_| state != State::Fresh);
            let expected = in_state.unwrap_or(&expect["code"]).as_str();
            for file in attack["files"].as_array().unwrap() {
                let file = file.as_str().unwrap();
                let outcome = attempt(name, file, &expect, state);
                let code = outcome.as_ref().err().map(Error::code);
                run += 1;
                if expected != code {
                    failures.push(format!("{name}/{file} ({state:?}): expected {expected:?}, got {outcome:?}"));
                }
                if let Some(error) = outcome.err().filter(|error| error.first().help.is_empty()) {
                    failures.push(format!("{name}/{file}: {error} says nothing of a remedy"));
                }
                if answer(&mut engine) != before {
                    failures.push(format!("{name}/{file} ({state:?}): the loaded engine answers otherwise"));
                }
            }
        }
    }
    assert!(run > 600, "only {run} files were run");
    assert!(failures.is_empty(), "{} of {run} files:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_code_of_the_contract_has_its_attack() {
    let codes: Vec<&str> = attacks::all().iter().filter_map(|attack| attack.code).collect();
    for code in [
        "snapshot_malformed",
        "snapshot_too_large",
        "format_unsupported",
        "key_unknown",
        "signature_invalid",
        "threshold_not_met",
        "audience_mismatch",
        "environment_mismatch",
        "profile_mismatch",
        "snapshot_expired",
        "snapshot_not_yet_valid",
        "snapshot_rolled_back",
        "section_mismatch",
        "key_ring_invalid",
        "root_out_of_order",
        "root_expired",
        "root_outdated",
        "ceiling_exceeded",
        "pulse_expired",
        "pulse_mismatch",
        "grant_invalid",
        "grant_expired",
        "sealed_malformed",
    ] {
        assert!(codes.contains(&code), "{code}");
    }
}

/// The section that all fixtures hold; `cargo xtask bless` compiles it anew.
pub fn rules() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshot/ten_percent.section");
    if blesses() {
        let document = json!({ "campaigns": [
            { "id": "ten-percent", "discounts": [{ "type": "percent_off", "percent": "10" }] }
        ] });
        let life = Interval { from: NOW, until: NOW + 86_400_000 };
        let compiled = compile(&[Source { name: "ten_percent".into(), document }], life).unwrap();
        fs::write(&path, compiled.section).unwrap();
    }
    fs::read(path).unwrap()
}

/// The same beside a campaign that a later version has published: one byte of it means something that nobody knows.
pub fn later_rules() -> Vec<u8> {
    let document = json!({ "campaigns": [
        { "id": "ten-percent", "discounts": [{ "type": "percent_off", "percent": "10" }] },
        { "id": "later", "discounts": [{ "type": "percent_off", "percent": "20" }] }
    ] });
    let life = Interval { from: NOW, until: NOW + 86_400_000 };
    let section = compile(&[Source { name: "later".into(), document }], life).unwrap().section;
    let id = section.windows(5).rposition(|window| window == b"later").unwrap();
    let changed = |at: usize| {
        let mut section = section.clone();
        section[at] = 0x7f;
        section
    };
    let is_set_aside = |section: &Vec<u8>| Catalog::read(section).is_ok_and(|catalog| catalog.set_aside().len() == 1);
    (id + 5..section.len()).map(changed).find(is_set_aside).unwrap()
}

#[test]
fn the_rules_of_the_fixtures_quote() {
    let ring: KeyRing = serde_json::from_value(forge::ring(1, &[forge::public(&forge::key(1))])).unwrap();
    let options = Options { policy: Policy::at(NOW, Profile::Storefront), disclosure: Default::default() };
    let mut engine = Engine::open(&forge::valid().bytes(), &ring, options)
        .expect("when the format of the section has changed, `cargo xtask bless` writes it anew");
    let body = br#"{ "currency": "EUR", "lines": [{ "id": "a", "unitPrice": 4500, "quantity": 2 }] }"#;
    let quote: Value = serde_json::from_slice(engine.quote_bytes(body, Some(NOW)).unwrap()).unwrap();
    assert_eq!(quote["total"], 8100);
}
