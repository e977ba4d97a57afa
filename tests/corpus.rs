//! The shared corpus, run natively: every case through compiling, signing, opening and quoting, with the laws of
//! every quote on top. `docs/corpus.md` describes the format and the switches.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that stumbles stops"
)]

#[path = "support/case.rs"]
mod case;
#[path = "support/compare.rs"]
mod compare;
#[path = "support/export.rs"]
mod export;
#[path = "support/laws.rs"]
mod laws;
#[path = "support/near_misses.rs"]
mod near_misses;
#[path = "support/output.rs"]
mod output;
#[path = "support/refunds.rs"]
mod refunds;
#[path = "support/shop.rs"]
mod shop;
#[path = "support/steps.rs"]
mod steps;
#[path = "support/traces.rs"]
mod traces;

use std::collections::BTreeMap;
use std::panic::{catch_unwind, AssertUnwindSafe};

use case::{Case, CaseFile, ExpectedError};
use counterfoil::engine::Disclosure;
use counterfoil::error::Error;
use counterfoil::Engine;
use export::{Export, Exported, Refunded};
use serde_json::{json, Value};
use shop::Shop;

/// A published file: the shop as it is, and with its campaigns reversed.
struct Published {
    campaigns: Value,
    shop: Shop,
    reversed: Shop,
    /// Opened engines by what they disclose; a panic throws them away.
    engines: Vec<(Disclosure, Engines)>,
}

/// The engines that cases are asked with.
struct Engines {
    told: Engine,
    reversed: Engine,
}

impl Published {
    fn publish(file: &CaseFile) -> Result<Published, String> {
        let now = case::milliseconds(&file.now)?;
        let publish = |campaigns: &Value| {
            Shop::publish(campaigns, now).map_err(|error| format!("the campaigns do not compile: {error}"))
        };
        let reversed = publish(&laws::with_campaigns_reversed(&file.campaigns))?;
        let shop = publish(&file.campaigns)?;
        Ok(Published { campaigns: file.campaigns.clone(), shop, reversed, engines: Vec::new() })
    }

    fn engines(&mut self, disclosure: Disclosure) -> Engines {
        match self.engines.iter().position(|(kept, _)| *kept == disclosure) {
            Some(index) => self.engines.swap_remove(index).1,
            None => {
                let open = |shop: &Shop| shop.open(disclosure).expect("what was just signed opens");
                Engines { told: open(&self.shop), reversed: open(&self.reversed) }
            }
        }
    }
}

/// What a case came to.
struct Came {
    answer: Result<String, Error>,
    trace: Option<Result<String, Error>>,
    refunds: Vec<Refunded>,
    /// Everything that is wrong with it.
    wrong: Vec<String>,
}

/// Runs one case.
fn run(published: &mut Published, case: &Case, body: &str) -> Came {
    let mut engines = published.engines(case.disclosure());
    let answer = shop::quote(&mut engines.told, body);
    let mut wrong = match (&answer, &case.expect, &case.error) {
        (Ok(text), Some(expected), None) => {
            let quote: Value = serde_json::from_str(text).expect("a quote is JSON");
            let mut wrong = compare::differences(expected, &quote);
            wrong.extend(broken_laws(&published.campaigns, published.shop.now, &mut engines, body, text, &quote));
            wrong
        }
        (Err(error), None, Some(expected)) => not_this_error(error, expected),
        (Ok(text), None, Some(expected)) => vec![format!("expected the error `{}`, got {text}", expected.code)],
        (Err(error), Some(_), None) => vec![format!("expected a quote, got the error {error}")],
        (Ok(text), None, None) if !case.returns.is_empty() || case.trace.is_some() => {
            let quote: Value = serde_json::from_str(text).expect("a quote is JSON");
            broken_laws(&published.campaigns, published.shop.now, &mut engines, body, text, &quote)
        }
        _ => vec!["a case has an `expect`, an `error`, a `trace` or `returns`".into()],
    };
    let trace = case.trace.as_ref().map(|expected| {
        let told = shop::trace(&mut engines.told, body);
        match &told {
            Ok(text) => {
                let told: Value = serde_json::from_str(text).expect("a trace is JSON");
                let differences = compare::differences(expected, &told["trace"]);
                wrong.extend(differences.into_iter().map(|what| format!("trace: {what}")));
                if shop::trace(&mut engines.reversed, body).as_deref() != Ok(text) {
                    wrong.push("trace: the order of campaigns decides nothing".into());
                }
            }
            Err(error) => wrong.push(format!("expected a trace, got the error {error}")),
        }
        told
    });
    let mut refunds = Vec::new();
    for (number, (text, expected)) in case.returns(body).into_iter().zip(&case.returns).enumerate() {
        let refund = shop::refund(&mut engines.told, &text);
        let mut of_return = match (&refund, &expected.expect, &expected.error) {
            (Ok(refund), Some(expected), None) => {
                let told: Value = serde_json::from_str(refund).expect("a refund is JSON");
                let mut wrong = compare::differences(expected, &told);
                wrong.extend(refunds::laws(&mut engines.told, &serde_json::from_str(&text).unwrap(), &told));
                if shop::refund(&mut engines.reversed, &text).as_deref() != Ok(refund) {
                    wrong.push("the order of campaigns decides nothing".into());
                }
                wrong
            }
            (Err(error), None, Some(expected)) => not_this_error(error, expected),
            (Ok(text), _, _) => vec![format!("expected an error, got {text}")],
            (Err(error), _, _) => vec![format!("expected a refund, got the error {error}")],
        };
        wrong.extend(of_return.drain(..).map(|what| format!("return {number}: {what}")));
        refunds.push((text, refund));
    }
    published.engines.push((case.disclosure(), engines));
    Came { answer, trace, refunds, wrong }
}

fn not_this_error(error: &Error, expected: &ExpectedError) -> Vec<String> {
    let pointer = error.first().at.as_ref().map_or("", |place| place.pointer.as_str());
    let expected = (expected.code.as_str(), expected.pointer.as_str());
    match (error.code(), pointer) == expected {
        true => Vec::new(),
        false => vec![format!("expected the error {expected:?}, got {:?}", (error.code(), pointer))],
    }
}

fn broken_laws(
    campaigns: &Value,
    now: i64,
    engines: &mut Engines,
    body: &str,
    text: &str,
    quote: &Value,
) -> Vec<String> {
    let Ok(request) = serde_json::from_str::<Value>(body) else { return Vec::new() };
    let mut broken = laws::of_one_answer(&request, quote);
    let ask = |engine: &mut Engine, request: &Value| -> Value {
        let answer = shop::quote(engine, &request.to_string());
        answer.map_or_else(|error| json!(error.to_string()), |text| serde_json::from_str(&text).unwrap())
    };
    if shop::quote(&mut engines.told, body).as_deref() != Ok(text) {
        broken.push("asking twice gives the same bytes".into());
    }
    if shop::quote(&mut engines.reversed, body).as_deref() != Ok(text) {
        broken.push("the order of campaigns decides nothing".into());
    }
    let essence = laws::essence(quote);
    let codes_reversed = laws::essence(&ask(&mut engines.told, &laws::with_codes_reversed(&request)));
    if codes_reversed != essence {
        broken.push(format!("the order of codes decides nothing: {essence} became {codes_reversed}"));
    }
    let split = laws::with_lines_split(&request);
    let of_split = ask(&mut engines.told, &split);
    broken.extend(laws::of_one_answer(&split, &of_split));
    let lines_split = laws::essence(&of_split);
    if lines_split != essence {
        broken.push(format!("splitting a line decides nothing: {essence} became {lines_split}"));
    }
    let mut with_units = request.clone();
    with_units["include"] = json!(["units"]);
    broken.extend(laws::of_units(&request, &ask(&mut engines.told, &with_units)));
    let mut with_hints = request.clone();
    with_hints["include"] = json!(["hints"]);
    let hinted = ask(&mut engines.told, &with_hints);
    if laws::essence(&hinted) != laws::essence(&ask(&mut engines.told, &laws::with_codes_reversed(&with_hints))) {
        broken.push("the order of codes decides no hint".into());
    }
    if laws::essence(&hinted) != laws::essence(&ask(&mut engines.told, &laws::with_lines_split(&with_hints))) {
        broken.push("splitting a line decides no hint".into());
    }
    broken.extend(steps::broken_hints(campaigns, &with_hints, &hinted, &mut |cart, other| {
        let Some(other) = other else { return ask(&mut engines.told, cart) };
        let shop = Shop::publish(other, now).expect("it compiled before");
        ask(&mut shop.open(Disclosure::Full).expect("what was just signed opens"), cart)
    }));
    broken.extend(traces::laws(&mut engines.told, body, quote));
    broken
}

/// Runs a case so that a panic is its failure and nobody else's.
fn run_safely(file: &CaseFile, published: &mut Published, case: &Case, export: &mut Exported) -> Vec<String> {
    let body = match case.body(file) {
        Ok(body) => body,
        Err(fault) => return vec![fault],
    };
    let result = catch_unwind(AssertUnwindSafe(|| run(published, case, &body)));
    let Ok(came) = result else { return vec!["it panicked".into()] };
    export.add(case, &body, &came.answer, came.trace.as_ref(), &came.refunds);
    came.wrong
}

#[test]
fn every_case_holds() {
    let filter = std::env::var("CASE").unwrap_or_default();
    let mut export = Export::from_environment();
    let (mut failures, mut ran) = (Vec::new(), 0);
    for (number, path) in case::list().iter().enumerate() {
        let file = match CaseFile::read(path) {
            Ok(file) => file,
            Err(fault) => {
                failures.push(fault);
                continue;
            }
        };
        let wanted: Vec<&Case> = file.cases.iter().filter(|case| case.name.contains(&filter)).collect();
        if wanted.is_empty() {
            continue;
        }
        let mut published = match Published::publish(&file) {
            Ok(published) => published,
            Err(fault) => {
                failures.push(format!("{path}: {fault}"));
                continue;
            }
        };
        let mut exported = export.file(number, path, &published.shop);
        for case in wanted {
            ran += 1;
            let wrong = run_safely(&file, &mut published, case, &mut exported);
            if !wrong.is_empty() {
                failures.push(format!("{} ({path})\n    {}", case.name, wrong.join("\n    ")));
            }
        }
        export.keep(exported);
    }
    export.write();
    assert!(ran > 0, "no case is called `{filter}`");
    assert!(failures.is_empty(), "{} of {ran} cases fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn case_names_are_unique_and_say_what_they_show() {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for path in case::list() {
        let file = CaseFile::read(&path).unwrap();
        assert!(!file.about.is_empty(), "{path} does not say what it is about");
        for case in file.cases {
            let plain = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            let sound = case.name.split_once('/').is_some_and(|(kind, behaviour)| plain(kind) && plain(behaviour));
            assert!(sound, "{path}: `{}` is not `kind/behaviour_in_plain_words`", case.name);
            if let Some(other) = names.insert(case.name.clone(), path.clone()) {
                panic!("`{}` is in {other} and in {path}", case.name);
            }
        }
    }
}

#[test]
fn every_kind_has_its_corpus_file() {
    let kinds = [
        ("condition", counterfoil::condition::TYPES),
        ("discount", counterfoil::discount::TYPES),
        ("earning", counterfoil::earning::TYPES),
    ];
    let files = case::list();
    for (room, types) in kinds {
        let wanted: Vec<String> = types.iter().map(|kind| format!("{room}/{kind}.json")).collect();
        for path in &wanted {
            assert!(files.contains(path), "tests/corpus/{path} is missing: every kind has its cases");
        }
        let strangers = files.iter().filter(|path| path.starts_with(&format!("{room}/")) && !wanted.contains(path));
        assert_eq!(strangers.collect::<Vec<_>>(), Vec::<&String>::new(), "files of kinds that do not exist");
    }
}

#[test]
fn the_index_lists_every_file() {
    let path = case::folder().join("index.json");
    let mut fresh = serde_json::to_string_pretty(&json!({ "files": case::list() })).unwrap();
    fresh.push('\n');
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, fresh, "`cargo xtask bless` writes tests/corpus/index.json anew");
}
