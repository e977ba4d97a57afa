//! Worked examples in Voucherify's own field names, through the function that the worker calls. The cases of
//! `tests/voucherify/` run always; `COUNTERFOIL_VOUCHERIFY_CASES` names a folder of more. What is stated without a request, as in
//! `tests/voucherify/stated/`, is left to the runner of the worker.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may fail"
)]

#[path = "voucherify/expected.rs"]
mod expected;
#[path = "voucherify/imported.rs"]
mod imported;
#[path = "voucherify/oracle.rs"]
mod oracle;
#[path = "voucherify/project.rs"]
mod project;
#[path = "voucherify/sums.rs"]
mod sums;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{json, Value};

use expected::compare;
use project::Project;

fn cases(folder: &Path) -> Vec<(PathBuf, Value)> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let case = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, case)
    };
    files.into_iter().map(read).collect()
}

/// Whether a case is stated without a request: the worker's runner makes calls of it.
fn is_stated(case: &Value) -> bool {
    ["sequence", "bundle_case", "buckets"].iter().any(|member| !case[*member].is_null())
}

/// The differences between what a case expects and what is answered.
fn run(case: &Value) -> Vec<String> {
    let mut project = Project::of(case);
    let mut differences = Vec::new();
    let mut kept = Value::Null;
    let steps: Vec<&Value> = case["steps"].as_array().map_or_else(|| vec![case], |steps| steps.iter().collect());
    for (index, step) in steps.iter().enumerate() {
        let merged = answered(&merge(case, step), &kept);
        project.at(&merged["now"]);
        let (status, body) = project.send(&merged);
        if status < 400 && body["object"].as_str().is_none_or(|object| object != "balance") {
            kept = if keeps(&body) { body.clone() } else { kept };
        }
        let mut of_step = Vec::new();
        compare(&merged, status, &body, &mut project, &mut of_step);
        let at = if steps.len() > 1 { format!("step {}: ", index + 1) } else { String::new() };
        differences.extend(of_step.into_iter().map(|difference| format!("{at}{difference}")));
    }
    differences
}

/// Whether later steps may speak of an answer: of a redemption or a list.
fn keeps(body: &Value) -> bool {
    body["redemptions"].is_array() || body["object"] == "redemption" || body["object"] == "list"
}

/// `$.parent_redemption.id` in a path is what the last redemption answered there.
fn answered(case: &Value, kept: &Value) -> Value {
    let mut case = case.clone();
    let path = case["endpoint"]["path"].as_str().unwrap_or_default().to_string();
    let parts = path.split('/').map(|part| match part.strip_prefix("$.") {
        Some(named) => named.split('.').fold(kept, member_of).as_str().unwrap_or_default(),
        None => part,
    });
    let path = parts.collect::<Vec<_>>().join("/");
    if !path.is_empty() {
        case["endpoint"]["path"] = path.into();
    }
    case
}

fn member_of<'a>(value: &'a Value, member: &str) -> &'a Value {
    member.parse::<usize>().map_or_else(|_| &value[member], |index| &value[index])
}

/// A step says what differs from its case.
fn merge(case: &Value, step: &Value) -> Value {
    let mut merged = case.clone();
    for (member, value) in step.as_object().unwrap() {
        merged[member.as_str()] = value.clone();
    }
    merged["steps"] = Value::Null;
    if step.get("expect").is_none() {
        merged["expect"] = json!({});
    }
    merged
}

#[test]
fn every_case_is_answered_as_voucherify_answers_it() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/voucherify");
    let further = std::env::var_os("COUNTERFOIL_VOUCHERIFY_CASES").map(PathBuf::from);
    let mut failed = Vec::new();
    let mut passed = 0;
    for folder in [Some(own), further].into_iter().flatten() {
        for (path, case) in cases(&folder).into_iter().filter(|(_, case)| !is_stated(case)) {
            let differences = run(&case);
            if differences.is_empty() {
                passed += 1;
            } else {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                failed.push(format!("{name}\n    {}", differences.join("\n    ")));
            }
        }
    }
    println!("{passed} passed, {} failed", failed.len());
    assert!(failed.is_empty(), "{} of {} cases fail:\n{}", failed.len(), failed.len() + passed, failed.join("\n"));
}

/// What the table of errors in the docs says of a key: a row of key, when, shown by.
fn told_errors(docs: &str) -> Vec<[String; 3]> {
    let rows = docs.lines().filter(|line| line.starts_with("| 4"));
    rows.map(|line| {
        let cells: Vec<&str> = line.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        [cells[2], cells[3], cells[4]].map(String::from)
    })
    .collect()
}

/// The keys that a source file gives its refusals.
fn keys_of(source: &str) -> Vec<&str> {
    let marks = ["400,", "401,", "403,", "404,", "409,", "of_voucher("];
    let after = marks.into_iter().flat_map(|mark| source.split(mark).skip(1));
    after.filter_map(|rest| rest.trim_start().strip_prefix(['"', '\''])?.split(['"', '\'']).next()).collect()
}

#[test]
fn every_key_of_an_error_is_told_with_what_shows_it() {
    let at = |path: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let told = told_errors(&fs::read_to_string(at("docs/voucherify-errors.md")).unwrap());
    assert!(told.len() > 60, "{}", told.len());
    let mut wrong = Vec::new();
    for [key, when, shown] in &told {
        if when.starts_with("never: ") {
            continue;
        }
        let places = ["tests/voucherify", "tests/voucherify/stated", "tests/js"].map(|folder| at(folder).join(shown));
        let file = places.iter().find_map(|path| {
            fs::read_to_string(path.with_extension(if shown.ends_with(".mjs") { "mjs" } else { "json" })).ok()
        });
        if !file.is_some_and(|text| text.contains(&format!("\"{key}\"")) || text.contains(&format!("'{key}'"))) {
            wrong.push(format!("{key}: {shown} does not show it"));
        }
    }
    let sources = ["src/voucherify", "worker/src/voucherify"].map(|folder| fs::read_dir(at(folder)).unwrap());
    for file in sources.into_iter().flatten().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
        let source = fs::read_to_string(&file).unwrap();
        for key in keys_of(&source) {
            if !told.iter().any(|[told, when, _]| told == key && !when.starts_with("never: ")) {
                wrong.push(format!("{key} of {} is not told", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The answer of a project that has nothing but these rows.
fn answer_of(endpoint: &str, path: Value, body: &Value, rows: Value) -> Value {
    let mut project = rows;
    project["settings"] = json!({});
    project["loaded"] = json!([]);
    loop {
        let call =
            json!({ "endpoint": endpoint, "now": 0, "random": "00ff", "path": path, "body": body, "project": project });
        let answer: Value = serde_json::from_str(&counterfoil::voucherify::answer(&call.to_string())).unwrap();
        let Some(needs) = answer["needs"].as_array() else { return answer };
        for need in needs {
            // nothing else is there
            if let (Some(object), Some(id)) = (need["object"].as_str(), need["id"].as_str()) {
                project[format!("{object}s")][id] = Value::Null;
            }
            project["loaded"].as_array_mut().unwrap().push(need.clone());
        }
    }
}

#[test]
fn an_offer_names_rules_that_there_are() {
    let voucher =
        json!({ "code": "R1", "type": "DISCOUNT_VOUCHER", "discount": { "type": "AMOUNT", "amount_off": 100 } });
    let campaign = json!({ "name": "spring", "campaign_type": "DISCOUNT_COUPONS", "voucher": voucher });
    for (endpoint, body) in [("vouchers/create", voucher), ("campaigns/create", campaign)] {
        for (rule, status) in [("val_known", 200), ("val_nope", 404)] {
            let mut body = body.clone();
            body["validation_rules"] = json!([rule]);
            let rows = json!({ "validation_rules": { "val_known": { "id": "val_known", "rules": {} } } });
            let answer = answer_of(endpoint, json!({}), &body, rows);
            assert_eq!(answer["status"], status, "{endpoint} with {rule}: {answer}");
            let is_kept = !answer["store"].as_array().unwrap().is_empty();
            assert_eq!(is_kept, status == 200, "{endpoint} with {rule}: {answer}");
        }
    }
}

#[test]
fn the_code_of_a_generic_campaign_is_the_one_that_is_told() {
    let voucher =
        json!({ "code": "GENERIC", "type": "DISCOUNT_VOUCHER", "discount": { "type": "AMOUNT", "amount_off": 100 } });
    let campaign =
        json!({ "name": "all", "type": "STANDALONE", "campaign_type": "DISCOUNT_COUPONS", "voucher": voucher });
    let answer = answer_of("campaigns/create", json!({}), &campaign, json!({}));
    let stored = answer["store"].as_array().unwrap().iter().filter(|stored| stored["object"] == "voucher");
    assert_eq!(stored.map(|stored| &stored["id"]).collect::<Vec<_>>(), ["GENERIC"]);
}

#[test]
fn a_voucher_is_asked_for_by_a_code() {
    for endpoint in ["vouchers/validate", "vouchers/redeem"] {
        let answer = answer_of(endpoint, json!({ "code": "" }), &json!({}), json!({}));
        assert_eq!((answer["status"].clone(), answer["body"]["key"].clone()), (400.into(), "invalid_payload".into()));
    }
}
