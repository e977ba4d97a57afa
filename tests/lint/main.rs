//! Every lint finds what it is for, where it is, and nothing beside it: one file of cases for each, `<code>.json`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that stumbles stops")]

use std::fs;
use std::path::Path;

use counterfoil::compile::{compile, Source};
use counterfoil::lint::CODES;
use counterfoil::time::Interval;
use serde::Deserialize;
use serde_json::{json, Value};

/// April 2026.
const LIFE: Interval = Interval { from: 1_775_001_600_000, until: 1_777_593_600_000 };

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What it shows.
    name: String,
    campaigns: Vec<Value>,
    #[serde(default)]
    stacking: Value,
    /// The pointers of what the lint finds.
    finds: Vec<String>,
}

fn found(code: &str, case: &Case) -> Vec<String> {
    let mut document = json!({ "campaigns": case.campaigns });
    if !case.stacking.is_null() {
        document["stacking"] = case.stacking.clone();
    }
    let source = Source { name: case.name.clone(), document };
    let compiled = compile(&[source], LIFE).unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let warnings = compiled.warnings.into_iter().filter(|warning| warning.code == code);
    warnings.map(|warning| warning.at.unwrap().pointer).collect()
}

#[test]
fn every_lint_finds_what_it_is_for_and_nothing_else() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint");
    let mut failures = String::new();
    for code in CODES {
        let path = folder.join(format!("{code}.json"));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let cases: Vec<Case> =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(cases.iter().any(|case| case.finds.is_empty()), "{code}: no case in which it keeps silent");
        assert!(cases.iter().any(|case| !case.finds.is_empty()), "{code}: no case in which it finds something");
        for case in &cases {
            let found = found(code, case);
            if found != case.finds {
                failures += &format!("{code}: {}: {found:?} instead of {:?}\n", case.name, case.finds);
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}
