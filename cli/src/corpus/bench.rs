//! Running cases against the campaigns of their file.

use std::collections::BTreeMap;

use counterfoil::engine::Disclosure;
use counterfoil::error::Error;
use counterfoil::request::Moment;
use counterfoil::time::{Interval, Timestamp};
use counterfoil::Engine;
use serde_json::{json, Value as Json};

use super::{compare, Case, ExpectedError, Mismatch, Told};
use crate::campaigns::CampaignFiles;
use crate::fault::Fault;
use crate::sealing::rehearse;

const DAY: i64 = 86_400_000;
/// How long before the `now` of its file a snapshot begins to live …
const DAYS_BEFORE: i64 = 30;
/// … and how long after it ends. Recurring schedules are expanded for this time, so it is part of the format.
const DAYS_AFTER: i64 = 365;

/// The campaigns of a file, ready to answer its cases.
#[derive(Debug)]
pub struct Bench {
    now: Timestamp,
    public: Engine,
    full: Engine,
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The answer is as expected.
    Passed,
    /// It is not, at these places.
    Different(Vec<Mismatch>),
    /// A quote was expected, and the request refused: code, message and pointer of each fault.
    Refused(Vec<(String, String, String)>),
}

impl Bench {
    pub(super) fn open(campaigns: &CampaignFiles, now: Timestamp) -> Result<Bench, Vec<Fault>> {
        let life = Interval {
            from: now.saturating_sub(DAY.saturating_mul(DAYS_BEFORE)).max(0),
            until: now.saturating_add(DAY.saturating_mul(DAYS_AFTER)),
        };
        let open = |disclosure| rehearse(campaigns, now, life, disclosure).map(|(engine, _)| engine);
        Ok(Bench { now, public: open(Disclosure::Public)?, full: open(Disclosure::Full)? })
    }

    /// Runs a case.
    pub fn run(&mut self, case: &Case) -> Verdict {
        let body = self.body(case);
        let engine = match case.disclosure {
            Told::Public => &mut self.public,
            Told::Full => &mut self.full,
        };
        let answer = engine.quote_bytes(body.as_bytes(), None).map(parsed);
        let mut mismatches = match beside(answer, &case.expect, &case.error) {
            Ok(mismatches) => mismatches,
            Err(refused) => return refused,
        };
        if let Some(expected) = &case.trace {
            match engine.trace_bytes(body.as_bytes(), Moment::default()) {
                Ok(told) => mismatches.extend(compare(&json!({ "trace": expected }), &parsed(&told))),
                Err(error) => return Verdict::Refused(faults(&error)),
            }
        }
        let order = parsed(body.as_bytes());
        let mut before: Vec<Json> = Vec::new();
        for (number, one) in case.returns.iter().enumerate() {
            let asked = json!({ "order": order, "before": before, "now": one.units }).to_string();
            let answer = engine.refund_bytes(asked.as_bytes(), Moment::default()).map(|refund| parsed(&refund));
            match beside(answer, &one.expect, &one.error) {
                Ok(found) => mismatches.extend(found.into_iter().map(|mismatch| Mismatch {
                    pointer: format!("/returns/{number}{}", mismatch.pointer),
                    ..mismatch
                })),
                Err(refused) => return refused,
            }
            if one.error.is_none() {
                before.extend(one.units.as_array().into_iter().flatten().cloned());
            }
        }
        match mismatches.is_empty() {
            true => Verdict::Passed,
            false => Verdict::Different(mismatches),
        }
    }

    /// The request's text. The moment of the case, or else of the file, goes in when the request has none.
    fn body(&self, case: &Case) -> String {
        match (&case.request, &case.body) {
            (Some(request), _) => {
                let mut request = request.clone();
                if let Json::Object(members) = &mut request {
                    members.entry("now").or_insert_with(|| case.now.unwrap_or(self.now).into());
                }
                request.to_string()
            }
            (None, body) => body.clone().unwrap_or_default(),
        }
    }
}

/// Where an answer is not as expected; a refusal that nobody expected is the verdict.
fn beside(
    answer: Result<Json, Error>,
    expect: &Option<Json>,
    error: &Option<ExpectedError>,
) -> Result<Vec<Mismatch>, Verdict> {
    Ok(match (answer, expect, error) {
        (Ok(told), Some(expected), _) => compare(expected, &told),
        (Ok(_), None, Some(expected)) => compare(&expected.json(), &json!({})),
        (Err(error), None, Some(expected)) => compare(&expected.json(), &told(&error)),
        (Err(error), _, _) => return Err(Verdict::Refused(faults(&error))),
        // a case that expects nothing of its quote has returns, or was refused when its file was read
        (Ok(_), None, None) => Vec::new(),
    })
}

impl ExpectedError {
    fn json(&self) -> Json {
        let mut members: BTreeMap<&str, &str> = BTreeMap::from([("code", self.code.as_str())]);
        members.extend(self.pointer.as_deref().map(|pointer| ("pointer", pointer)));
        json!({ "error": members })
    }
}

/// The quote. The engine writes JSON, so the other case is a fault that every expectation shows.
fn parsed(quote: &[u8]) -> Json {
    serde_json::from_slice(quote).unwrap_or_default()
}

/// An error as an expectation speaks of it.
fn told(error: &Error) -> Json {
    let pointer = error.first().at.as_ref().map_or("", |place| place.pointer.as_str());
    json!({ "error": { "code": error.code(), "pointer": pointer } })
}

fn faults(error: &Error) -> Vec<(String, String, String)> {
    let pointer = |place: &counterfoil::error::Place| place.pointer.clone();
    error
        .diagnostics()
        .map(|one| (one.code.to_owned(), one.message.clone(), one.at.as_ref().map(pointer).unwrap_or_default()))
        .collect()
}
