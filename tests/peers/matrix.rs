//! docs/peers.md names a case for every feature that peers have, and each is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

const PAGE: &str = include_str!("../../docs/peers.md");

/// Every case of the files in a folder, by its name or id.
fn names(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            names(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "json") {
            let file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            let lists = [&file, &file["cases"], &file["histories"]];
            let cases = lists.into_iter().filter_map(Value::as_array).flatten();
            found.extend(cases.filter_map(|case| Some(case["name"].as_str().or(case["id"].as_str())?.to_owned())));
        }
    }
}

#[test]
fn every_feature_of_peers_has_a_case() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut known = BTreeSet::new();
    names(&root.join("tests/corpus"), &mut known);
    names(&root.join("tests/peers/own"), &mut known);
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows: Vec<&str> = rows.filter(|row| !row.starts_with("feature |")).collect();
    assert!(rows.len() > 75, "the page has {} features", rows.len());
    for row in rows {
        let cases: Vec<&str> = row.rsplit(" | ").next().unwrap().split('`').skip(1).step_by(2).collect();
        assert!(!cases.is_empty(), "no case: {row}");
        for case in cases {
            let is_there = known.contains(case) || case.starts_with("tests/") && root.join(case).exists();
            assert!(is_there, "there is no case `{case}`: {row}");
        }
    }
}
