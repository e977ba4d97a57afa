//! docs/voucherify-loyalty.md and docs/loyalty-cases.md name a case for every fact, and each is there: histories are run by
//! this test, other cases by the corpus, those over HTTP by `cargo xtask cases voucherify`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::voucherify_facts::FACTS;

const PAGE: &str = include_str!("../../docs/voucherify-loyalty.md");
const OWN: &str = include_str!("../../docs/loyalty-cases.md");

/// Every case of the corpus and every history, by name.
fn names(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if path.is_dir() {
            names(&path, found);
            continue;
        }
        let file: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let cases = ["cases", "histories"].into_iter().filter_map(|kind| file[kind].as_array()).flatten();
        found.extend(cases.map(|case| case["name"].as_str().unwrap().to_owned()));
    }
}

/// The rows of the page's tables: the fact, and the names of its cases.
fn facts(page: &'static str) -> Vec<(&'static str, Vec<&'static str>)> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows = rows.filter(|row| !row.starts_with("fact |"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split(" | ").flat_map(|cell| cell.split("| ")).collect();
        (cells[0], cells.last().unwrap().split('`').skip(1).step_by(2).collect())
    })
    .collect()
}

#[test]
fn every_fact_of_voucherifys_loyalty_has_a_case() {
    let mut known = BTreeSet::new();
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    names(&tests.join("corpus"), &mut known);
    let over_http = std::fs::read_dir(tests.join("voucherify")).unwrap().map(|entry| entry.unwrap().path());
    known.extend(over_http.filter_map(|path| path.file_stem()?.to_str().map(str::to_owned)));
    let (facts, own) = (facts(PAGE), facts(OWN));
    assert!(own.len() > 70, "{} facts of our own", own.len());
    for (fact, cases) in facts.iter().chain(&own) {
        assert!(!cases.is_empty(), "`{fact}` has no case");
        for case in cases {
            assert!(known.contains(*case), "`{fact}`: there is no case `{case}`");
        }
    }
    // and none of the cases about Voucherify is about nothing
    let told: BTreeSet<&str> = facts.into_iter().flat_map(|(_, cases)| cases).collect();
    let untold: Vec<&String> =
        known.iter().filter(|name| name.starts_with("voucherify/") && !told.contains(name.as_str())).collect();
    assert_eq!(untold, Vec::<&String>::new(), "docs/voucherify-loyalty.md does not tell of them");
}

/// Histories about what counts uses alone are not counted.
#[test]
fn loyalty_has_hundreds_of_histories() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/ledger");
    let of_uses = ["redemption", "leases", "limited_units"];
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let histories = files.filter(|path| !of_uses.iter().any(|stem| path.file_stem().unwrap() == *stem)).map(|path| {
        let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        file["histories"].as_array().map_or(0, Vec::len)
    });
    let histories = histories.sum::<usize>();
    assert!(histories >= 500, "{histories}");
}

#[test]
fn every_fact_of_voucherifys_reference_has_a_row() {
    let mut missing = Vec::new();
    for (heading, wanted) in FACTS {
        let (_, section) = PAGE.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no `{heading}`"));
        let rows = facts(section.split("\n## ").next().unwrap());
        let has_row = |fact: &str| rows.iter().any(|(cell, _)| cell.contains(fact));
        missing.extend(wanted.iter().filter(|fact| !has_row(fact)).map(|fact| format!("{heading}: {fact}")));
    }
    assert_eq!(missing, Vec::<String>::new(), "docs/voucherify-loyalty.md does not tell of them");
}
