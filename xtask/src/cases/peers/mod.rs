//! Cases from peers' own test suites, in the neutral form of `form`: read, translated, asked, compared.

mod compare;
mod expect;
mod form;
mod reading;
mod shop;
mod translate;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{bail, Context, Result};
use serde_json::Value;

use form::Case;
use reading::Reading;

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
#[derive(Default)]
pub struct Report {
    passed: usize,
    failed: usize,
    inexpressible: usize,
    /// By mechanism: in how many cases it is missing.
    missing: BTreeMap<String, usize>,
    /// Whether cases that cannot be said yet are skipped instead of failed.
    only_expressible: bool,
}

impl Report {
    /// Whether nothing failed.
    pub fn is_good(&self) -> bool {
        self.failed == 0 && (self.only_expressible || self.inexpressible == 0)
    }

    /// What is missing, most wanted first.
    pub fn missing(&self) -> Vec<(&str, usize)> {
        let mut missing: Vec<(&str, usize)> = self.missing.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        missing.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        missing
    }

    /// The closing line.
    pub fn closing(&self) -> String {
        let Report { passed, failed, inexpressible, .. } = self;
        if self.only_expressible {
            format!("{passed} passed, {failed} failed, {inexpressible} skipped")
        } else {
            format!("{passed} passed, {} failed", failed.saturating_add(*inexpressible))
        }
    }
}

/// Runs every case of every JSON file in `folder`; `tell` hears of each that does not pass, with its id.
pub fn run(folder: &Path, only_expressible: bool, mut tell: impl FnMut(&str)) -> Result<Report> {
    let mut report = Report { only_expressible, ..Report::default() };
    for file in files(folder)? {
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let cases: Vec<Value> =
            serde_json::from_str(&text).with_context(|| format!("{} is no list of cases", file.display()))?;
        for case in cases {
            let id = case["id"].as_str().unwrap_or("a case without an id").to_owned();
            match judge(case) {
                Verdict::Passed => report.passed = report.passed.saturating_add(1),
                Verdict::Failed(wrong) => {
                    report.failed = report.failed.saturating_add(1);
                    tell(&format!("FAILED   {id}: {}", wrong.join("; ")));
                }
                Verdict::Inexpressible(missing) => {
                    report.inexpressible = report.inexpressible.saturating_add(1);
                    let mark = if only_expressible { "skipped" } else { "FAILED " };
                    tell(&format!("{mark}  {id}: not yet expressible: {}", missing.join("; ")));
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

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read the folder {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    if files.is_empty() {
        bail!("{} has no JSON files: name a folder of cases", folder.display());
    }
    Ok(files)
}

fn judge(case: Value) -> Verdict {
    let case: Case = match serde_json::from_value(case) {
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
    let answer = quote.as_ref().map(|quote| Reading { case: &case, quote, campaigns: &question.campaigns });
    match compare::differences(&case, &answer) {
        wrong if wrong.is_empty() => Verdict::Passed,
        wrong => Verdict::Failed(wrong),
    }
}
