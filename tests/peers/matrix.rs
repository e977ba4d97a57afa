//! docs/peers.md names a case for every feature that peers have, docs/promotions.md for every phrase of what promotions can
//! do, and each is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

const PEERS: &str = include_str!("../../docs/peers.md");
const PROMOTIONS: &str = include_str!("../../docs/promotions.md");

/// Every case of the files in a folder, by its name or id.
fn names(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            names(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "json") {
            let file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            let lists = [&file, &file["cases"], &file["histories"]];
            // a file may be a case itself
            let cases = lists.into_iter().filter_map(Value::as_array).flatten().chain([&file]);
            found.extend(cases.filter_map(|case| Some(case["name"].as_str().or(case["id"].as_str())?.to_owned())));
        }
    }
}

/// Whether each row of a page's tables names cases that are there.
fn every_row_has_a_case(page: &str, heading: &str, at_least: usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut known = BTreeSet::new();
    for folder in ["tests/corpus", "tests/peers/own", "tests/voucherify"] {
        names(&root.join(folder), &mut known);
    }
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows: Vec<&str> = rows.filter(|row| !row.starts_with(heading)).collect();
    assert!(rows.len() > at_least, "the page has {} rows", rows.len());
    for row in rows {
        let cases: Vec<&str> = row.rsplit(" | ").next().unwrap().split('`').skip(1).step_by(2).collect();
        assert!(!cases.is_empty(), "no case: {row}");
        for case in cases {
            let is_there = known.contains(case) || case.starts_with("tests/") && root.join(case).exists();
            assert!(is_there, "there is no case `{case}`: {row}");
        }
    }
}

#[test]
fn every_feature_of_peers_has_a_case() {
    every_row_has_a_case(PEERS, "feature |", 75);
}

#[test]
fn every_phrase_has_a_case() {
    every_row_has_a_case(PROMOTIONS, "phrase |", 165);
}
