//! Case files, as `docs/corpus.md` describes them.

use std::path::{Path, PathBuf};

use counterfoil::engine::Disclosure;
use serde::Deserialize;
use serde_json::{json, Value};

/// One file: campaigns and what they answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CaseFile {
    /// What the file is about, in a sentence.
    pub about: String,
    /// A list of campaigns, a whole document, or the path of one.
    pub campaigns: Value,
    /// The moment of its requests, ISO 8601 in UTC.
    pub now: String,
    /// The cases.
    pub cases: Vec<Case>,
}

/// One request and what must be answered.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Case {
    /// `kind/behaviour_in_plain_words`, unique over all files.
    pub name: String,
    /// Where the expectation comes from, when that is not plain to see.
    #[serde(rename = "why")]
    pub _why: Option<String>,
    /// Instead of the file's.
    pub now: Option<String>,
    /// The request.
    pub request: Option<Value>,
    /// The request's text as it is, where it is no JSON or its spelling matters.
    pub body: Option<String>,
    /// A part of the quote.
    pub expect: Option<Value>,
    /// Or why there is none.
    pub error: Option<ExpectedError>,
    /// A part of the trace.
    pub trace: Option<Value>,
    /// Units of the order that come back, one return after the other.
    #[serde(default)]
    pub returns: Vec<ReturnCase>,
    /// `full` for what merchants are told.
    #[serde(default)]
    disclosure: Told,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    #[default]
    Public,
    Full,
}

/// A return, and what must be paid back.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReturnCase {
    /// The units: `{ "line": …, "quantity": … }`.
    pub units: Value,
    /// A part of the refund.
    pub expect: Option<Value>,
    /// Or why there is none.
    pub error: Option<ExpectedError>,
}

/// Why there is no quote.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedError {
    /// The error's code.
    pub code: String,
    /// Where in the request.
    pub pointer: String,
}

/// The folder of the corpus.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// The files of the corpus, as paths below its folder, in order.
pub fn list() -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder()];
    while let Some(folder_now) = open.pop() {
        for entry in std::fs::read_dir(&folder_now).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                let below = path.strip_prefix(folder()).unwrap();
                found.push(below.to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    // histories of the ledger have a form and a runner of their own
    found.retain(|path| path != "index.json" && !path.starts_with("ledger/"));
    found.sort();
    found
}

impl CaseFile {
    /// Reads a file by its path below the corpus folder.
    pub fn read(path: &str) -> Result<CaseFile, String> {
        let whole = folder().join(path);
        let text = std::fs::read_to_string(&whole).map_err(|error| format!("{path}: {error}"))?;
        let mut file: CaseFile = serde_json::from_str(&text).map_err(|error| format!("{path}: {error}"))?;
        if let Value::String(relative) = &file.campaigns {
            let document = whole.parent().unwrap().join(relative);
            let text = std::fs::read_to_string(&document).map_err(|error| format!("{path}: {relative}: {error}"))?;
            file.campaigns = serde_json::from_str(&text).map_err(|error| format!("{path}: {relative}: {error}"))?;
        }
        Ok(file)
    }
}

impl Case {
    /// The request's text. The moment of the case, or else of the file, goes in when the request has none.
    pub fn body(&self, file: &CaseFile) -> Result<String, String> {
        match (&self.request, &self.body) {
            (Some(request), None) => {
                let mut request = request.clone();
                if let Value::Object(members) = &mut request {
                    let now = milliseconds(self.now.as_ref().unwrap_or(&file.now))?;
                    members.entry("now").or_insert(now.into());
                }
                Ok(request.to_string())
            }
            (None, Some(body)) => Ok(body.clone()),
            _ => Err("a case has a `request` or a `body`".into()),
        }
    }

    /// The texts of its returns. A return that is refused has not come back when the next one does.
    pub fn returns(&self, body: &str) -> Vec<String> {
        let order: Value = serde_json::from_str(body).unwrap_or_default();
        let mut before: Vec<Value> = Vec::new();
        let mut told = Vec::new();
        for one in &self.returns {
            told.push(json!({ "order": order, "before": before, "now": one.units }).to_string());
            if one.error.is_none() {
                before.extend(one.units.as_array().into_iter().flatten().cloned());
            }
        }
        told
    }

    /// How much refusals tell.
    pub fn disclosure(&self) -> Disclosure {
        match self.disclosure {
            Told::Public => Disclosure::Public,
            Told::Full => Disclosure::Full,
        }
    }

    /// The same, as it is spelled.
    pub fn disclosure_name(&self) -> &'static str {
        match self.disclosure {
            Told::Public => "public",
            Told::Full => "full",
        }
    }
}

/// An ISO 8601 moment as UTC milliseconds.
pub fn milliseconds(text: &str) -> Result<i64, String> {
    let moment: Result<jiff::Timestamp, _> = text.parse();
    moment.map(|moment| moment.as_millisecond()).map_err(|error| format!("`{text}`: {error}"))
}
