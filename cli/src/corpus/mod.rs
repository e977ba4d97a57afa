//! Case files: campaigns, and what they must answer. `counterfoil test` runs them for merchants; the format is the
//! one of the project's own corpus.
//!
//! ```
//! use counterfoil_cli::corpus::{CaseFile, Verdict};
//! use counterfoil_cli::document::Format;
//!
//! let text = r#"{ "about": "ten percent off everything", "now": "2026-03-01T10:00:00Z",
//!   "campaigns": [ { "id": "ten", "discounts": [ { "type": "percent_off", "percent": "10" } ] } ],
//!   "cases": [ { "name": "ten/a_tenth_is_taken_off",
//!                "request": { "currency": "EUR", "lines": [ { "id": "a", "unitPrice": 1000, "quantity": 1 } ] },
//!                "expect": { "total": 900 } } ] }"#;
//! let file = CaseFile::parse("ten.json", text, Format::Json).unwrap();
//! let mut bench = file.open().unwrap();
//! assert_eq!(bench.run(&file.cases()[0]), Verdict::Passed);
//! ```

mod bench;
mod compare;
mod discover;

pub use bench::{Bench, Verdict};
pub use compare::{compare, Mismatch};
pub use discover::discover;

use std::path::{Path, PathBuf};

use counterfoil::engine::Disclosure;
use counterfoil::time::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::{json, Value as Json};

use crate::campaigns::CampaignFiles;
use crate::clock;
use crate::document::{Document, Format, Reading};
use crate::fault::{Failure, Fault, Place};

/// The members by which a file is known as one of cases.
const OWN_MEMBERS: [&str; 2] = ["cases", "about"];

/// A file of cases, read and checked. Its campaigns are compiled when it is opened.
#[derive(Clone, Debug)]
pub struct CaseFile {
    written: Written,
    campaigns: CampaignFiles,
    document: Document,
}

/// The file as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    #[serde(rename = "about")]
    _about: String,
    campaigns: Json,
    #[serde(deserialize_with = "moment")]
    now: Timestamp,
    cases: Vec<Case>,
}

/// One request and what must be answered.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Case {
    /// `kind/behaviour_in_plain_words`.
    pub name: String,
    #[serde(rename = "why")]
    _why: Option<String>,
    #[serde(default, deserialize_with = "optional_moment")]
    now: Option<Timestamp>,
    request: Option<Json>,
    body: Option<String>,
    #[serde(default, deserialize_with = "given")]
    expect: Option<Json>,
    error: Option<ExpectedError>,
    trace: Option<Json>,
    #[serde(default)]
    returns: Vec<ReturnCase>,
    #[serde(default)]
    disclosure: Told,
}

/// Units that come back, and what must be paid for them.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReturnCase {
    units: Json,
    #[serde(default, deserialize_with = "given")]
    expect: Option<Json>,
    error: Option<ExpectedError>,
}

/// The error that a request must get.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedError {
    code: String,
    pointer: Option<String>,
}

/// How much refusals tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    #[default]
    Public,
    Full,
}

impl From<Told> for Disclosure {
    fn from(told: Told) -> Disclosure {
        match told {
            Told::Public => Disclosure::Public,
            Told::Full => Disclosure::Full,
        }
    }
}

fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    clock::moment(&text).map_err(|help| serde::de::Error::custom(format!("`{text}` is no moment: {help}")))
}

fn optional_moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    moment(deserializer).map(Some)
}

/// A member that is there, even as `null`.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

impl CaseFile {
    /// Reads a file; the path of a campaign document in it is relative to the file.
    ///
    /// # Errors
    /// Everything that is wrong with the file, each fault at its place.
    pub fn read(path: &Path) -> Result<CaseFile, Vec<Fault>> {
        let reading = Reading::of_file(path).map_err(|fault| vec![fault])?;
        CaseFile::of(reading.sound()?, path.parent())
    }

    /// Reads a text.
    ///
    /// # Errors
    /// Everything that is wrong with it, each fault at its place.
    pub fn parse(name: &str, text: &str, format: Format) -> Result<CaseFile, Vec<Fault>> {
        CaseFile::of(Reading::of(name, text, format).sound()?, None)
    }

    fn of(document: Document, folder: Option<&Path>) -> Result<CaseFile, Vec<Fault>> {
        let written: Written = document.read().map_err(|fault| vec![fault])?;
        let place = |index: usize| document.source.place(&format!("/cases/{index}/name"), false);
        let faults: Vec<Fault> = written
            .cases
            .iter()
            .enumerate()
            .filter_map(|(index, case)| case.fault().map(|fault| fault.at(place(index))))
            .collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        let campaigns = campaigns(&written.campaigns, &document, folder)?;
        Ok(CaseFile { written, campaigns, document })
    }

    /// The name of the file.
    pub fn name(&self) -> &str {
        self.document.source.name()
    }

    /// The cases.
    pub fn cases(&self) -> &[Case] {
        &self.written.cases
    }

    /// Where the case of this number is.
    pub fn place_of(&self, index: usize) -> Place {
        self.document.source.place(&format!("/cases/{index}/name"), false)
    }

    /// Makes the campaigns ready to answer.
    ///
    /// # Errors
    /// The faults of the campaign documents.
    pub fn open(&self) -> Result<Bench, Vec<Fault>> {
        Bench::open(&self.campaigns, self.written.now)
    }
}

impl Case {
    /// Whether more than the quote is expected.
    fn expects_more(&self) -> bool {
        self.trace.is_some() || !self.returns.is_empty()
    }

    fn fault(&self) -> Option<Fault> {
        let one_of = |first: &str, second: &str| {
            let message = format!("the case `{}` needs `{first}` or `{second}`, and not both", self.name);
            let help = format!("write one of `{first}` and `{second}`");
            Fault::new("case_incomplete", message, help)
        };
        match () {
            () if self.request.is_some() == self.body.is_some() => Some(one_of("request", "body")),
            () if self.expect.is_some() && self.error.is_some() => Some(one_of("expect", "error")),
            () if self.expect.is_none() && self.error.is_none() && !self.expects_more() => {
                Some(one_of("expect", "error"))
            }
            () if self.returns.iter().any(|one| one.expect.is_some() == one.error.is_some()) => {
                let message =
                    format!("each return of the case `{}` needs `expect` or `error`, and not both", self.name);
                Some(Fault::new("case_incomplete", message, "write one of `expect` and `error` in each of `returns`"))
            }
            () => None,
        }
    }
}

/// The campaigns of a case file: a list, a whole document, or the path of one.
fn campaigns(written: &Json, file: &Document, folder: Option<&Path>) -> Result<CampaignFiles, Vec<Fault>> {
    match written {
        Json::String(path) => {
            let path: PathBuf = folder.unwrap_or(Path::new("")).join(path);
            CampaignFiles::read(&[path]).map_err(|failure| match failure {
                Failure::Refused(faults) => {
                    faults.into_iter().map(|fault| fault.at(file.source.place("/campaigns", false))).collect()
                }
                Failure::Findings | Failure::Output(_) => Vec::new(),
            })
        }
        Json::Array(list) => {
            let json = json!({ "campaigns": list });
            Ok(CampaignFiles::of(Document { json, source: file.source.clone() }))
        }
        whole => {
            let source = file.source.within("/campaigns");
            Ok(CampaignFiles::of(Document { json: whole.clone(), source }))
        }
    }
}
