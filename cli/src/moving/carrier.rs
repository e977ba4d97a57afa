//! Where an import goes: a folder that is written as entries come.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{json, Value};

use super::lists::Lists;
use super::{fingerprint, of_csv, slug, Code, ACCOUNTS, CODES, DOCUMENTS, REPORT};
use crate::fault::Fault;
use crate::files;
use crate::render::{count, note};

/// Most documents that different vouchers may become: what a snapshot holds.
const MAX_DOCUMENTS: usize = 10_000;
/// After so many codes progress is told.
const PROGRESS: usize = 10_000;

/// What cannot be carried over, of one thing.
#[derive(Debug, Serialize)]
struct Lost<'a> {
    object: &'a str,
    id: &'a str,
    member: &'a str,
    why: &'a str,
    /// Of how many of them, where it is told once.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
}

/// How much was moved.
#[derive(Clone, Copy, Debug, Default)]
pub struct Summary {
    /// Campaign documents.
    pub documents: usize,
    /// Codes.
    pub codes: usize,
    /// Items of the report.
    pub lost: usize,
}

/// Where an import goes: a folder that is written as entries come.
pub struct Carrier {
    folder: PathBuf,
    documents: BTreeMap<String, Value>,
    payments: BTreeMap<String, Value>,
    programmes: BTreeMap<String, Value>,
    segments: BTreeMap<String, Value>,
    /// The document of vouchers that say the same, by what they say.
    alike: BTreeMap<String, String>,
    /// How many objects of a kind had a member that is told once.
    everywhere: BTreeMap<(String, String), (&'static str, usize)>,
    codes: csv::Writer<BufWriter<File>>,
    lists: Lists,
    accounts: BufWriter<File>,
    report: BufWriter<File>,
    moved: Summary,
}

impl Carrier {
    /// Begins an import into a new or empty folder.
    ///
    /// # Errors
    /// `file_exists`, `file_unavailable`.
    pub fn begin(folder: &Path) -> Result<Carrier, Fault> {
        files::make_folder(folder)?;
        let open = |name: &str| {
            let path = folder.join(name);
            let options = File::options().write(true).create_new(true).open(&path);
            options.map(BufWriter::new).map_err(|error| match error.kind() {
                std::io::ErrorKind::AlreadyExists => files::exists(&path),
                _ => Fault::of_io("write", &path, &error),
            })
        };
        Ok(Carrier {
            folder: folder.into(),
            documents: BTreeMap::new(),
            payments: BTreeMap::new(),
            programmes: BTreeMap::new(),
            segments: BTreeMap::new(),
            alike: BTreeMap::new(),
            everywhere: BTreeMap::new(),
            codes: csv::Writer::from_writer(open(CODES)?),
            lists: Lists::of(folder),
            accounts: open(ACCOUNTS)?,
            report: open(REPORT)?,
            moved: Summary::default(),
        })
    }

    /// Adds a document under an id; the id as documents spell it.
    pub fn document(&mut self, id: &str, mut document: Value) -> String {
        let id = slug(id);
        document["id"] = id.as_str().into();
        self.documents.insert(id.clone(), document);
        id
    }

    /// Whether there is such a document.
    pub fn has(&self, id: &str) -> bool {
        self.documents.contains_key(id)
    }

    /// Adds what members earn under an id; the id as documents spell it.
    pub fn programme(&mut self, id: &str, mut programme: Value) -> String {
        let id = slug(id);
        programme["id"] = id.as_str().into();
        self.programmes.insert(id.clone(), programme);
        id
    }

    /// Adds who is in a segment, under the name by which conditions ask for it.
    pub fn segment(&mut self, name: &str, rule: Value) {
        self.segments.insert(name.into(), rule);
    }

    /// What may be paid with: a kind of card.
    pub fn payment(&mut self, id: &str, payment: Value) {
        self.payments.insert(slug(id), payment);
    }

    /// The document of codes that all say this; a new one where none has said it yet. Its codes stand in a list, and are cards
    /// where there is the currency of their balances.
    ///
    /// # Errors
    /// `too_many_campaigns`.
    pub fn listed(&mut self, label: &str, mut document: Value, currency: Option<&str>) -> Result<String, Fault> {
        let said = format!("{label}\n{currency:?}{document}");
        if let Some(id) = self.alike.get(&said) {
            return Ok(id.clone());
        }
        if self.alike.len() >= MAX_DOCUMENTS {
            let message = format!("the vouchers say more than {MAX_DOCUMENTS} different things");
            return Err(Fault::new("too_many_campaigns", message, "import fewer vouchers at once"));
        }
        let own = slug(label);
        let id = match label {
            "" => format!("codes-{}", fingerprint(&said)),
            _ if self.has(&own) => slug(&format!("{own}-{}", fingerprint(&said))),
            _ => own,
        };
        document["codeList"] = json!({ "file": Lists::path(&id) });
        if let Some(currency) = currency {
            document["codeList"]["currency"] = currency.into();
        }
        self.document(&id, document);
        self.lists.begin(&id);
        self.alike.insert(said, id.clone());
        Ok(id)
    }

    /// Adds a code, to the list that it names too; `expires` is the last day there on which it is good.
    ///
    /// # Errors
    /// `file_unavailable`.
    pub fn code(&mut self, code: &Code, expires: u16) -> Result<(), Fault> {
        self.moved.codes = self.moved.codes.saturating_add(1);
        if self.moved.codes.is_multiple_of(PROGRESS) {
            note(&format!("{} …", count(self.moved.codes, "code")));
        }
        let path = self.folder.join(CODES);
        self.codes.serialize(code).map_err(|error| of_csv("write", &path, &error))?;
        if code.list.is_empty() {
            return Ok(());
        }
        let (row, lost) = code.row(expires);
        if let Some(why) = lost {
            self.lost("voucher", &code.code, "redemption.quantity", why)?;
        }
        match self.lists.write(&code.list, &row)? {
            Some(why) => self.lost("voucher", &code.code, "code", why),
            None => Ok(()),
        }
    }

    /// Adds what is on an account: a posting that the worker takes.
    ///
    /// # Errors
    /// `file_unavailable`.
    pub fn account(&mut self, posting: &Value) -> Result<(), Fault> {
        let path = self.folder.join(ACCOUNTS);
        writeln!(self.accounts, "{posting}").map_err(|error| Fault::of_io("write", &path, &error))
    }

    /// Counts a member that is lost of every object of a kind, to be told once.
    pub fn lost_everywhere(&mut self, object: &str, member: &str, why: &'static str) {
        let counted = self.everywhere.entry((object.into(), member.into())).or_insert((why, 0));
        counted.1 = counted.1.saturating_add(1);
    }

    /// Writes down what is lost.
    ///
    /// # Errors
    /// `file_unavailable`.
    pub fn lost(&mut self, object: &str, id: &str, member: &str, why: &str) -> Result<(), Fault> {
        self.report(&Lost { object, id, member, why, count: None })
    }

    fn report(&mut self, lost: &Lost<'_>) -> Result<(), Fault> {
        self.moved.lost = self.moved.lost.saturating_add(1);
        let path = self.folder.join(REPORT);
        let line = serde_json::to_vec(lost).unwrap_or_default();
        let written = self.report.write_all(&line).and_then(|()| self.report.write_all(b"\n"));
        written.map_err(|error| Fault::of_io("write", &path, &error))
    }

    /// Writes the documents, with how they combine, and ends the import.
    ///
    /// # Errors
    /// `file_unavailable`.
    pub fn finish(mut self, stacking: &Value) -> Result<Summary, Fault> {
        for ((object, member), (why, count)) in std::mem::take(&mut self.everywhere) {
            self.report(&Lost { object: &object, id: "*", member: &member, why, count: Some(count) })?;
        }
        self.moved.documents = self.documents.len();
        let campaigns: Vec<&Value> = self.documents.values().collect();
        let mut document = json!({ "campaigns": campaigns });
        if !self.payments.is_empty() {
            document["payments"] = self.payments.values().cloned().collect();
        }
        if !self.programmes.is_empty() {
            let programmes: Vec<&Value> = self.programmes.values().collect();
            document["loyalty"] = json!({ "programmes": programmes });
        }
        if !self.segments.is_empty() {
            document["segments"] = json!(self.segments);
        }
        document["stacking"] = stacking.clone();
        let text = serde_json::to_string_pretty(&document).unwrap_or_default();
        files::replace(&self.folder.join(DOCUMENTS), format!("{text}\n").as_bytes())?;
        let flushed = self.codes.flush().and_then(|()| self.report.flush()).and_then(|()| self.accounts.flush());
        flushed.map_err(|error| Fault::of_io("write", &self.folder, &error))?;
        self.lists.end()?;
        Ok(self.moved)
    }
}
