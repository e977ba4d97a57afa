//! What docs/campaigns.md shows compiles, and it shows every kind.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that stumbles stops")]

use counterfoil::compile::{compile, Source};
use counterfoil::error::Diagnostic;
use counterfoil::time::Interval;
use serde_json::{json, Value};

const PAGE: &str = include_str!("../docs/campaigns.md");
const LIFE: Interval = Interval { from: 1_772_359_200_000, until: 1_774_951_200_000 };

fn compiles(document: Value) -> Vec<Diagnostic> {
    let source = Source { name: "docs/campaigns.md".to_owned(), document: document.clone() };
    compile(&[source], LIFE).unwrap_or_else(|error| panic!("{document:#}\n{error}")).warnings
}

/// The examples in the first column of the table under a heading.
fn examples(heading: &str) -> Vec<Value> {
    let (_, section) = PAGE.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `{")?.split_once("}` |"));
    rows.map(|(example, _)| serde_json::from_str(&format!("{{{example}}}")).unwrap()).collect()
}

/// The experiment that the page declares.
fn experiment() -> Value {
    let (_, text) = PAGE.split_once("`experiments` deals customers out: `").unwrap();
    serde_json::from_str(text.split('`').next().unwrap()).unwrap()
}

#[test]
fn the_document_compiles() {
    let (_, block) = PAGE.split_once("```json\n").unwrap();
    let warnings = compiles(serde_json::from_str(block.split("```").next().unwrap()).unwrap());
    assert_eq!(warnings, Vec::new());
}

#[test]
fn every_kind_is_shown_and_compiles() {
    let rooms = [
        ("Conditions", counterfoil::condition::TYPES),
        ("Discounts", counterfoil::discount::TYPES),
        ("Earning", counterfoil::earning::TYPES),
    ];
    for (heading, types) in rooms {
        let examples = examples(heading);
        let shown: Vec<&str> = examples.iter().filter_map(|example| example.get("type")?.as_str()).collect();
        assert_eq!(shown, types, "{heading}");
        for example in examples {
            let mut campaign = json!({ "id": "shown", "discounts": [{ "type": "free_shipping" }] });
            match heading {
                "Conditions" => campaign["when"] = example,
                "Discounts" => campaign["discounts"] = json!([example]),
                _ => campaign["earning"] = json!([example]),
            }
            compiles(json!({ "campaigns": [campaign], "experiments": [experiment()] }));
        }
    }
}

#[test]
fn every_lint_is_told() {
    for code in counterfoil::lint::CODES {
        assert!(PAGE.contains(&format!("\n| `{code}` | ")), "docs/campaigns.md does not tell of `{code}`");
    }
}

#[test]
fn every_preset_is_told_and_has_its_cases() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/presets");
    let refused = compile(
        &[Source { name: "a".to_owned(), document: json!({ "campaigns": [], "stacking": { "preset": "none" } }) }],
        LIFE,
    );
    // the refusal lists them all
    let message = refused.unwrap_err().first().message.clone();
    let presets: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
    assert!(presets.len() >= 19, "{message}");
    for preset in presets {
        assert!(PAGE.contains(&format!("`{preset}`")), "docs/campaigns.md does not tell of the preset {preset}");
        assert!(folder.join(format!("{preset}.json")).exists(), "the preset {preset} has no cases");
        compiles(json!({ "campaigns": [], "stacking": { "preset": preset } }));
    }
}
