//! The schema of campaign documents: the kept file is the one that the types give, it takes every document that the
//! compiler takes, and marks what is misspelt. And that of requests, which takes every request that is quoted.

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

#[test]
fn an_expression_that_is_none_is_marked() {
    let validator = validator();
    let formula = |of: &Value| {
        let discounts = json!([{ "type": "formula_off", "formula": of }, { "type": "off_shipping", "formula": of },
            { "type": "gift", "products": [{ "sku": "mug", "quantityFormula": of }] }]);
        discounts.as_array().unwrap().iter().map(|one| json!({ "campaigns": [{ "id": "f", "discounts": [one] }] })).chain([
            json!({ "campaigns": [], "loyalty": { "programmes": [{ "id": "p", "earning": [{ "id": "r", "on": "order", "formula": of }] }] } }),
        ]).collect::<Vec<Value>>()
    };
    for sound in [
        json!("-12.5"),
        json!(3),
        json!({ "floor": { "divide": [{ "fact": "subtotal" }, { "money": { "EUR": 5000 } }] }, "places": -1 }),
        json!({ "if": { "any": [{ "at_least": [{ "fact": "units" }, "3"] }, { "not": { "attribute": "vip" } }] },
            "then": { "default": [{ "customer": "age" }, "0"] }, "else": { "min": ["1", "2", "3"] } }),
    ] {
        for document in formula(&sound) {
            assert!(validator.is_valid(&document), "{document}");
        }
    }
    for wrong in [
        json!("1e3"),
        json!("1.0000000001"),
        json!(true),
        json!([]),
        json!({}),
        json!({ "add": ["1"] }),
        json!({ "divide": ["1", "2", "3"] }),
        json!({ "add": ["1", { "sum": [] }] }),
        json!({ "fact": "weather" }),
        json!({ "customer": 3 }),
        json!({ "money": { "euro": 5 } }),
        json!({ "round": "1", "places": 13 }),
        json!({ "add": ["1", "2"], "places": 1 }),
        json!({ "if": "1", "then": "2" }),
        json!({ "fact": "units", "add": ["1", "2"] }),
    ] {
        for document in formula(&wrong) {
            assert!(!validator.is_valid(&document), "{document}");
        }
    }
}

#[test]
fn a_programme_that_is_misspelt_is_marked() {
    let validator = validator();
    let with = |programme: Value| json!({ "campaigns": [], "programme": programme });
    let scheme = json!({ "unit": "points", "expiry": { "type": "after_months", "months": 12, "roundTo": "year" } });
    assert!(validator.is_valid(&with(json!({ "zone": "Europe/Dublin", "schemes": { "points": scheme },
        "rewards": { "mug": { "points": 500, "gives": { "anything": [1] } } } }))));
    for wrong in [
        json!({ "scheme": {} }),
        json!({ "schemes": { "points": { "unit": "points", "pendingDays": "7" } } }),
        json!({ "schemes": { "points": {} } }),
        json!({ "rewards": { "mug": { "point": 500 } } }),
        json!({ "allowances": { "ten": { "limits": [{ "per": "shop", "uses": 1 }] } } }),
    ] {
        assert!(!validator.is_valid(&with(wrong.clone())), "{wrong}");
    }
}

/// Attributes that no rule of the shop reads are passed over unread. The schema is that of any shop, so it marks them as
/// the types of TypeScript do.
const UNREAD: &str = "request/attributes_that_no_rule_reads_may_be_anything";

fn requests() -> Validator {
    let kept = fs::read_to_string(root().join("docs/request.schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&kept).unwrap()).unwrap()
}

#[test]
fn every_request_that_is_quoted_is_valid() {
    let validator = requests();
    let mut files = Vec::new();
    json_files(&root().join("tests/corpus"), &mut files);
    let mut quoted = 0;
    let mut refused = String::new();
    for path in files {
        let file: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        for case in file.get("cases").and_then(Value::as_array).into_iter().flatten() {
            let Some(request) = case.get("request").filter(|_| case.get("expect").is_some()) else { continue };
            quoted += 1;
            if case["name"] == UNREAD {
                assert!(!validator.is_valid(request), "it can be said now");
                continue;
            }
            if let Err(error) = validator.validate(request) {
                refused += &format!("{}: {} at {}\n", case["name"], error, error.instance_path());
            }
        }
    }
    assert!(quoted > 500, "{quoted} requests were found");
    assert!(refused.is_empty(), "{refused}");
}

#[test]
fn a_request_that_cannot_be_read_is_marked() {
    let validator = requests();
    let with = |name: &str, value: Value| {
        let mut request = json!({ "currency": "EUR", "lines": [{ "id": "a", "unitPrice": 100, "quantity": 1 }] });
        request[name] = value;
        request
    };
    assert!(validator.is_valid(&with("codes", json!(["SPRING"]))) && validator.is_valid(&with("unknown", json!(1))));
    for (name, value) in [
        ("currency", json!("euro")),
        ("lines", json!([{ "id": "a", "quantity": 1 }])),
        ("lines", json!([{ "id": "a", "unitPrice": -1, "quantity": 1 }])),
        ("lines", json!([{ "id": "a", "unitPrice": 1.5, "quantity": 1 }])),
        ("lines", json!([{ "id": "a", "unitPrice": 1, "quantity": 0 }])),
        ("prices", json!("with tax")),
        ("codes", json!(vec!["A"; 11])),
    ] {
        assert!(!validator.is_valid(&with(name, value.clone())), "{name}: {value}");
    }
}
