//! What is wrong with a document is told: each fault with its code, where it stands, and nothing beside it. The cases are
//! files of this folder, one for each part of a document.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that stumbles stops"
)]

mod codes;

use std::fs;
use std::path::{Path, PathBuf};

use counterfoil::compile::{compile, Source};
use counterfoil::error::{Diagnostic, Document, FixBy};
use counterfoil::time::Interval;
use serde::Deserialize;
use serde_json::{json, Value};

/// The snapshot's life begins on 1 March 2026.
const BEGINS: i64 = 1_772_323_200_000;
const YEAR: i64 = 365 * 86_400_000;

/// A document, or the part of one that the case is about.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What it shows.
    name: String,
    /// The rule of a campaign.
    when: Option<Value>,
    /// The only discount of a campaign.
    discount: Option<Value>,
    /// Members of a campaign.
    campaign: Option<Value>,
    /// The only payment of a document.
    payment: Option<Value>,
    /// How campaigns combine.
    stacking: Option<Value>,
    /// A whole document.
    document: Option<Value>,
    /// Further members of the document.
    with: Option<Value>,
    /// So many plain campaigns besides.
    #[serde(default)]
    copies: usize,
    /// How long the snapshot lives; one year when absent.
    years: Option<i64>,
    /// Code and pointer of every fault, the pointer from the part on; none for what is allowed.
    finds: Vec<(String, String)>,
}

impl Case {
    /// The whole document, and where its part stands.
    fn document(&self) -> (Value, &'static str) {
        let shipping = json!([{ "type": "free_shipping" }]);
        let mut campaign = json!({ "id": "a", "discounts": shipping });
        let mut at = "/campaigns/0";
        let mut document = json!({ "campaigns": [] });
        if let Some(when) = &self.when {
            (campaign["when"], at) = (when.clone(), "/campaigns/0/when");
        }
        if let Some(discount) = &self.discount {
            (campaign["discounts"], at) = (json!([discount]), "/campaigns/0/discounts/0");
        }
        merge(&mut campaign, self.campaign.as_ref());
        if at != "/campaigns/0" || self.campaign.is_some() {
            document["campaigns"] = json!([campaign]);
        }
        if let Some(payment) = &self.payment {
            (document["payments"], at) = (json!([payment]), "/payments/0");
        }
        if let Some(stacking) = &self.stacking {
            (document["stacking"], at) = (stacking.clone(), "/stacking");
        }
        if let Some(whole) = &self.document {
            (document, at) = (whole.clone(), "");
        }
        merge(&mut document, self.with.as_ref());
        let copies = (0..self.copies).map(|number| json!({ "id": format!("copy-{number}"), "discounts": shipping }));
        document["campaigns"].as_array_mut().unwrap().extend(copies);
        (document, at)
    }

    fn faults(&self, document: Value) -> Vec<Diagnostic> {
        let life = Interval { from: BEGINS, until: BEGINS + self.years.unwrap_or(1) * YEAR };
        match compile(&[Source { name: "shop".into(), document }], life) {
            Ok(_) => Vec::new(),
            Err(error) => error.diagnostics().cloned().collect(),
        }
    }
}

fn merge(into: &mut Value, more: Option<&Value>) {
    let members = more.and_then(Value::as_object).into_iter().flatten();
    members.for_each(|(name, value)| into[name] = value.clone());
}

/// The files of cases, by name.
fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    paths.sort();
    paths
}

fn cases() -> Vec<Case> {
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let cases: Vec<Case> =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        cases
    };
    files().into_iter().flat_map(read).collect()
}

#[test]
fn every_fault_is_told_where_it_stands_and_nothing_else() {
    let mut failures = String::new();
    for case in cases() {
        let (document, at) = case.document();
        let found = case.faults(document).into_iter().map(|fault| (fault.code.to_owned(), fault.at.unwrap().pointer));
        let mut found: Vec<(String, String)> = found.collect();
        let place = |(code, pointer): &(String, String)| (code.clone(), format!("{at}{pointer}"));
        let mut wanted: Vec<(String, String)> = case.finds.iter().map(place).collect();
        found.sort();
        wanted.sort();
        if found != wanted {
            failures += &format!("{}: {found:?} instead of {wanted:?}\n", case.name);
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn every_fault_is_worded_for_the_one_who_can_mend_it() {
    for case in cases().into_iter().filter(|case| !case.finds.is_empty()) {
        for fault in case.faults(case.document().0) {
            let place = fault.at.as_ref().unwrap();
            assert_eq!((fault.fix_by, place.document), (FixBy::Merchant, Document::Campaign), "{}", case.name);
            // of which document is not told of a fault of all of them
            let is_of_one = place.id.as_deref() == Some("shop");
            assert!(is_of_one || place.id.is_none() && fault.code == "too_many_campaigns", "{}", case.name);
            for words in [&fault.message, &fault.help] {
                let is_plain = !words.is_empty() && !words.ends_with('.') && !words.contains('\n');
                let begins_small = !words.starts_with(|first: char| first.is_ascii_uppercase());
                assert!(is_plain && begins_small, "{}: `{words}`", case.name);
                for rust in ["struct ", "enum ", "Option", "Vec<", "i64", "u32", "u64"] {
                    assert!(!words.contains(rust), "{}: `{words}` speaks of Rust", case.name);
                }
            }
        }
    }
}
