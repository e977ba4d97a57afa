//! What docs/campaigns.md shows compiles, and it shows every kind. `BLESS=1` writes the rows of new kinds, from their docs.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that stumbles stops"
)]

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
    section.lines().filter_map(example_of).collect()
}

/// The example in a row of such a table.
fn example_of(line: &str) -> Option<Value> {
    let (example, _) = line.strip_prefix("| `{")?.split_once("}` |")?;
    serde_json::from_str(&format!("{{{example}}}")).ok()
}

/// The row of a kind, made from its documentation: what it is, and the example.
fn row(definition: &str, kind: &str) -> String {
    let schema: Value = serde_json::from_str(include_str!("../docs/campaigns.schema.json")).unwrap();
    let kinds = schema["$defs"][definition]["oneOf"].as_array().unwrap();
    let of_kind = kinds.iter().find(|one| one["properties"]["type"]["const"] == kind);
    let docs = of_kind.and_then(|one| one["description"].as_str()).unwrap_or_default();
    let (told, example) = docs.split_once("\n\n").unwrap_or_default();
    let example = example.split('`').nth(1);
    let example =
        example.unwrap_or_else(|| panic!("the documentation of `{kind}` has no example: \"what for\": `{{ … }}`"));
    let mut letters = told.trim_end_matches('.').chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase()).into_iter();
    format!("| `{example}` | {} |", first.chain(letters).collect::<String>().replace('\n', " "))
}

/// The page with rows for all kinds: a new one comes after the kind that stands before it in the register.
fn with_rows(page: &str, heading: &str, definition: &str, types: &[&str]) -> String {
    let mut lines: Vec<String> = page.lines().map(str::to_owned).collect();
    let begins = lines.iter().position(|line| *line == format!("## {heading}")).unwrap();
    let mut after = begins + lines.iter().skip(begins).position(|line| line.starts_with("|---")).unwrap();
    for kind in types {
        let shown = lines.iter().skip(begins).position(|line| example_of(line).is_some_and(|one| one["type"] == *kind));
        match shown {
            Some(at) => after = begins + at,
            None => {
                after += 1;
                lines.insert(after, row(definition, kind));
            }
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn the_page_shows_every_kind() {
    let rooms = [
        ("Conditions", "Condition", counterfoil::condition::TYPES),
        ("Discounts", "Discount", counterfoil::discount::TYPES),
        ("Earning", "EarningRule", counterfoil::earning::TYPES),
    ];
    let add = |page: String, (heading, definition, types)| with_rows(&page, heading, definition, types);
    let page = rooms.into_iter().fold(PAGE.to_owned(), add);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/campaigns.md"), &page).unwrap();
    } else {
        assert!(page == PAGE, "`cargo xtask bless` writes the rows of docs/campaigns.md that are missing");
    }
}

#[test]
fn a_row_is_made_of_a_kinds_documentation() {
    let row = row("Condition", "line_count");
    let example = r#"`{ "type": "line_count", "atLeast": 2, "lines": { "categories": ["books"] } }`"#;
    let told = "the number of selected lines is within bounds. Units of one product at one price are one line, wherever they stand";
    assert_eq!(row, format!("| {example} | {told} |"));
    let page =
        "## Conditions\n\n| condition | holds when |\n|---|---|\n| `{ \"type\": \"quantity\" }` | so many |\n\nmore\n";
    let rows = with_rows(page, "Conditions", "Condition", &["quantity", "line_count"]);
    assert_eq!(rows, page.replace("so many |\n", &format!("so many |\n{row}\n")));
}

/// The experiment that the page declares.
fn experiment() -> Value {
    let (_, text) = PAGE.split_once("`experiments` deals customers out: `").unwrap();
    serde_json::from_str(text.split('`').next().unwrap()).unwrap()
}

#[test]
fn the_document_compiles() {
    let (_, block) = PAGE.split_once("```json campaigns\n").unwrap();
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
