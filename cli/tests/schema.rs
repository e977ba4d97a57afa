//! The schema of campaign documents: the kept file is the one that the types give, it takes every document that the
//! compiler takes, and marks what is misspelt.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that stumbles stops")]

use std::fs;
use std::path::{Path, PathBuf};

use counterfoil::schema::campaign_document;
use jsonschema::Validator;
use serde_json::{json, Value};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn validator() -> Validator {
    jsonschema::validator_for(&campaign_document()).unwrap()
}

#[test]
fn the_kept_schema_is_up_to_date() {
    let path = root().join("docs/campaigns.schema.json");
    let text = format!("{:#}\n", campaign_document());
    if std::env::var_os("BLESS").is_some() {
        return fs::write(&path, text).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "docs/campaigns.schema.json is out of date: `cargo xtask bless` writes it anew");
}

fn json_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            json_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

/// The campaign document of a file, if it has one.
fn document(file: &Value) -> Option<Value> {
    let campaigns = file.get("campaigns")?;
    match campaigns {
        Value::Array(_) if file.get("cases").is_some() => Some(json!({ "campaigns": campaigns })),
        Value::Array(_) => Some(file.clone()),
        Value::Object(_) => Some(campaigns.clone()),
        _ => None,
    }
}

#[test]
fn every_document_that_compiles_is_valid() {
    let validator = validator();
    let mut files = Vec::new();
    json_files(&root().join("examples"), &mut files);
    json_files(&root().join("tests/corpus"), &mut files);
    let mut documents = 0;
    let mut refused = String::new();
    for path in files {
        let file: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let Some(document) = document(&file) else { continue };
        documents += 1;
        if let Err(error) = validator.validate(&document) {
            refused += &format!("{}: {} at {}\n", path.display(), error, error.instance_path());
        }
    }
    assert!(documents > 50, "{documents} documents were found");
    assert!(refused.is_empty(), "{refused}");
}

#[test]
fn what_is_misspelt_is_marked() {
    let validator = validator();
    let of = |campaign: Value| json!({ "campaigns": [campaign] });
    let sound = of(json!({ "id": "ten", "when": { "all": [{ "not": { "type": "country", "in": ["IE"] } }] },
        "discounts": [{ "type": "percent_off", "percent": "10" }] }));
    assert!(validator.is_valid(&sound));
    for wrong in [
        json!({ "discounts": [] }),
        json!({ "id": "ten", "discount": [] }),
        json!({ "id": "ten", "discounts": [{ "percent": "10" }] }),
        json!({ "id": "ten", "discounts": [{ "type": "percent", "percent": "10" }] }),
        json!({ "id": "ten", "discounts": [{ "type": "percent_off", "percent": 10 }] }),
        json!({ "id": "ten", "discounts": [{ "type": "percent_off", "percent": "10", "maximum": 3 }] }),
        json!({ "id": "ten", "discounts": [{ "type": "amount_off", "amount": { "EUR": "5.00" } }] }),
        json!({ "id": "ten", "discounts": [{ "type": "amount_off", "amount": { "euro": 5 } }] }),
        json!({ "id": "ten", "when": { "every": [] } }),
        json!({ "id": "ten", "when": { "all": [] } }),
        json!({ "id": "ten", "when": { "any": [{ "type": "country", "is": "IE" }] } }),
    ] {
        assert!(!validator.is_valid(&of(wrong.clone())), "{wrong}");
    }
}
