//! Cases from peers' own test suites, in the neutral form of `form`: read, translated, asked, compared. They are kept
//! elsewhere: `COUNTERFOIL_PEER_CASES` names their folder, and without it nothing is asked. A case that documents cannot
//! express yet is skipped, or fails with `COUNTERFOIL_PEER_GAPS=fail`. `COUNTERFOIL_PEER_REPORT` names a file for the
//! report, which `cargo xtask cases peers` shows.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that stumbles stops")]

mod compare;
mod expect;
mod form;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod own_cases;
mod own_gaps;
#[cfg(test)]
mod own_money;
#[cfg(test)]
mod own_picks;
mod reading;
mod shop;
mod translate;

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use counterfoil::error::Error;
use form::Case;
use reading::Reading;
use translate::Question;

#[test]
fn the_cases_of_peers_hold() {
    let Some(folder) = env::var_os("COUNTERFOIL_PEER_CASES") else { return };
    let gaps_fail = env::var_os("COUNTERFOIL_PEER_GAPS").is_some_and(|word| word == "fail");
    let (text, good) = match run(Path::new(&folder), gaps_fail) {
        Ok(report) => (report.text(), report.is_good()),
        Err(error) => (format!("error: {error}\n"), false),
    };
    if let Some(file) = env::var_os("COUNTERFOIL_PEER_REPORT") {
        fs::write(&file, &text).unwrap();
    }
    assert!(good, "{text}");
}

/// Cases of the same form, written for what it can say and those elsewhere do not, and restated from more of the peers' tests.
#[test]
fn cases_of_our_own_hold() {
    for name in ["own", "suites"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(name);
        let report = run(&folder, true).unwrap();
        assert!(report.is_good(), "{}", report.text());
    }
}

/// How a case ended.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Passed,
    /// What is wrong.
    Failed(Vec<String>),
    /// The mechanisms that the engine has not.
    Inexpressible(Vec<String>),
}

/// How the cases of a folder ended.
struct Report {
    passed: usize,
    failed: usize,
    inexpressible: usize,
    /// A line for each case that did not pass.
    told: Vec<String>,
    /// By mechanism: in how many cases it is missing.
    missing: BTreeMap<String, usize>,
    /// Whether cases that cannot be said yet fail instead of being skipped.
    gaps_fail: bool,
}

impl Report {
    fn is_good(&self) -> bool {
        self.failed == 0 && (!self.gaps_fail || self.inexpressible == 0)
    }

    /// What did not pass, what is missing (most wanted first), and the closing line.
    fn text(&self) -> String {
        let mut text = self.told.join("\n");
        let mut missing: Vec<(&String, &usize)> = self.missing.iter().collect();
        missing.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        if !missing.is_empty() {
            text.push_str("\n\nnot yet expressible, in how many cases:");
        }
        for (mechanism, count) in missing {
            write!(text, "\n{count:>5}  {mechanism}").unwrap();
        }
        let Report { passed, failed, inexpressible, .. } = self;
        if self.gaps_fail {
            write!(text, "\n\n{passed} passed, {} failed\n", failed.saturating_add(*inexpressible)).unwrap();
        } else {
            write!(text, "\n\n{passed} passed, {failed} failed, {inexpressible} skipped\n").unwrap();
        }
        text.trim_start().to_owned()
    }
}

/// Runs every case of every JSON file in `folder`.
fn run(folder: &Path, gaps_fail: bool) -> Result<Report, String> {
    let mut report =
        Report { passed: 0, failed: 0, inexpressible: 0, told: Vec::new(), missing: BTreeMap::new(), gaps_fail };
    for file in files(folder)? {
        let text = fs::read_to_string(&file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
        let cases: Vec<Value> =
            serde_json::from_str(&text).map_err(|error| format!("{} is no list of cases: {error}", file.display()))?;
        for case in cases {
            let id = case["id"].as_str().unwrap_or("a case without an id").to_owned();
            match judge(case) {
                Verdict::Passed => report.passed = report.passed.saturating_add(1),
                Verdict::Failed(wrong) => {
                    report.failed = report.failed.saturating_add(1);
                    report.told.push(format!("FAILED   {id}: {}", wrong.join("; ")));
                }
                Verdict::Inexpressible(missing) => {
                    report.inexpressible = report.inexpressible.saturating_add(1);
                    let mark = if gaps_fail { "FAILED " } else { "skipped" };
                    report.told.push(format!("{mark}  {id}: not yet expressible: {}", missing.join("; ")));
                    for mechanism in missing {
                        let count = report.missing.entry(mechanism).or_default();
                        *count = count.saturating_add(1);
                    }
                }
            }
        }
    }
    Ok(report)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    if files.is_empty() {
        return Err(format!("{} has no JSON files: name a folder of cases", folder.display()));
    }
    Ok(files)
}

/// The answer to the same codes typed in the opposite order; nothing where no order can be told.
fn asked_otherwise(question: &Question) -> Option<Result<Value, Error>> {
    let codes = question.request["codes"].as_array().filter(|codes| codes.len() > 1)?;
    let mut request = question.request.clone();
    request["codes"] = codes.iter().rev().cloned().collect();
    let (document, campaigns) = (question.document.clone(), question.campaigns.clone());
    Some(shop::ask(&Question { document, request, now: question.now, campaigns }))
}

fn judge(case: Value) -> Verdict {
    let case: Case = match serde_json::from_value(form::without_nulls(case)) {
        Ok(case) => case,
        Err(error) => return Verdict::Inexpressible(vec![format!("a form that the runner does not know ({error})")]),
    };
    let incomparable = compare::incomparable(&case);
    let question = match translate::translate(&case) {
        Ok(question) if incomparable.is_empty() => question,
        Ok(_) => return Verdict::Inexpressible(incomparable),
        Err(gaps) => {
            let mut missing: Vec<String> = gaps.iter().map(str::to_owned).chain(incomparable).collect();
            missing.sort();
            missing.dedup();
            return Verdict::Inexpressible(missing);
        }
    };
    let quote = shop::ask(&question);
    if let (Ok(quote), Some(again)) = (&quote, asked_otherwise(&question)) {
        let told = |quote: &Value| quote["lines"].to_string() + &quote["shipping"].to_string();
        if !again.as_ref().is_ok_and(|again| told(again) == told(quote)) {
            return Verdict::Failed(vec!["the order in which codes are typed changes the answer".to_owned()]);
        }
    }
    let answer = quote.as_ref().map(|quote| Reading { case: &case, quote, campaigns: &question.campaigns });
    match compare::differences(&case, &answer) {
        wrong if wrong.is_empty() => Verdict::Passed,
        wrong => Verdict::Failed(wrong),
    }
}
