//! Every kind of condition has a near miss that is proven, or says why there is none: the table of docs/campaigns.md.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{json, Value};

use crate::case::{self, milliseconds, Case, CaseFile};
use crate::shop::{self, Shop};

const PAGE: &str = include_str!("../../docs/campaigns.md");

/// What stands in backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The kinds of the table: each with its cases, or none where it says why there is no step.
fn told() -> Vec<(&'static str, Vec<&'static str>)> {
    let (_, table) = PAGE.split_once("\n| condition | step | case, or why there is none |\n|---|---|---|\n").unwrap();
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    let kinds = rows.flat_map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [kinds, step, why] = cells[..] else { panic!("{row}") };
        let cases = if step == "none" { Vec::new() } else { quoted(why) };
        assert!(!why.is_empty() && (step == "none" || !cases.is_empty()), "{row}");
        quoted(kinds).into_iter().map(move |kind| (kind, cases.clone()))
    });
    kinds.collect()
}

/// The conditions that the hints of a case take a step for, by their kind.
fn hinted(file: &CaseFile, case: &Case) -> BTreeSet<String> {
    let now = milliseconds(&file.now).unwrap();
    let mut engine = Shop::publish(&file.campaigns, now).unwrap().open(case.disclosure()).unwrap();
    let answer = shop::quote(&mut engine, &case.body(file).unwrap()).unwrap();
    let quote: Value = serde_json::from_str(&answer).unwrap();
    let campaigns = file.campaigns.as_array().or(file.campaigns["campaigns"].as_array()).unwrap();
    let mut kinds = BTreeSet::new();
    for hint in quote["hints"].as_array().unwrap() {
        let campaign = campaigns.iter().find(|campaign| campaign["id"] == hint["redeemable"]).unwrap();
        let pointers = hint["steps"].as_array().unwrap().iter().filter_map(|step| step["at"]["pointer"].as_str());
        kinds.extend(pointers.filter_map(|pointer| campaign.pointer(pointer)?["type"].as_str().map(str::to_owned)));
    }
    kinds
}

#[test]
fn every_condition_has_a_near_miss_or_says_why_there_is_none() {
    let told = told();
    let mut kinds: Vec<&str> = told.iter().map(|(kind, _)| *kind).collect();
    let mut known = counterfoil::condition::TYPES.to_vec();
    kinds.sort_unstable();
    known.sort_unstable();
    assert_eq!(kinds, known, "the table of near misses in docs/campaigns.md has one row for each kind");

    let names: BTreeSet<&str> = told.iter().flat_map(|(_, cases)| cases.iter().copied()).collect();
    let mut shown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in case::list() {
        let file = CaseFile::read(&path).unwrap();
        for case in file.cases.iter().filter(|case| names.contains(case.name.as_str())) {
            shown.insert(case.name.clone(), hinted(&file, case));
        }
    }
    for (kind, cases) in &told {
        let has_step = cases.iter().any(|case| shown.get(*case).is_some_and(|kinds| kinds.contains(*kind)));
        assert!(cases.is_empty() || has_step, "no hint of {cases:?} takes a step for `{kind}`: {shown:?}");
    }
}

/// What keeps a cart from each of the kinds that say there is no step.
#[test]
fn what_says_that_it_has_no_step_has_none() {
    let without: Vec<&str> = told().into_iter().filter(|(_, cases)| cases.is_empty()).map(|(kind, _)| kind).collect();
    let examples = PAGE.lines().filter_map(|line| line.strip_prefix("| `{ \"type\"")?.split_once("}` |"));
    let examples = examples.map(|(example, _)| format!("{{ \"type\"{example}}}"));
    let examples: Vec<Value> = examples.filter_map(|example| serde_json::from_str(&example).ok()).collect();
    for kind in without {
        let example = examples.iter().find(|example| example["type"] == kind).unwrap();
        let campaign = json!({ "id": "asks", "when": example, "hints": "all",
            "discounts": [{ "type": "amount_off", "amount": { "EUR": 300 } }] });
        let (_, experiment) = PAGE.split_once("`experiments` deals customers out: `").unwrap();
        let experiment: Value = serde_json::from_str(experiment.split('`').next().unwrap()).unwrap();
        let document = json!({ "campaigns": [campaign], "experiments": [experiment] });
        let now = milliseconds("2026-03-01T10:00:00Z").unwrap();
        let mut engine = Shop::publish(&document, now).unwrap().open(Default::default()).unwrap();
        let request = json!({ "currency": "EUR", "now": now, "lines": [{ "id": "a", "unitPrice": 1000, "quantity": 1 }],
            "include": ["hints"] });
        let quote: Value = serde_json::from_str(&shop::quote(&mut engine, &request.to_string()).unwrap()).unwrap();
        assert_eq!(quote["hints"], json!([]), "`{kind}` has a step after all");
    }
}
