//! Where an import goes: a folder that is written as entries come.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use counterfoil::voucherify::mapping::documents::Documents;
use counterfoil::voucherify::mapping::offers::Receiver;
use serde::Serialize;
use serde_json::Value;

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
    documents: Documents,
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
            documents: Documents::default(),
            alike: BTreeMap::new(),
            everywhere: BTreeMap::new(),
            codes: csv::Writer::from_writer(open(CODES)?),
            lists: Lists::of(folder),
            accounts: open(ACCOUNTS)?,
            report: open(REPORT)?,
            moved: Summary::default(),
        })
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
        self.moved.documents = self.documents.count();
        let document = std::mem::take(&mut self.documents).whole(stacking.clone());
        let text = serde_json::to_string_pretty(&document).unwrap_or_default();
        files::replace(&self.folder.join(DOCUMENTS), format!("{text}\n").as_bytes())?;
        let flushed = self.codes.flush().and_then(|()| self.report.flush()).and_then(|()| self.accounts.flush());
        flushed.map_err(|error| Fault::of_io("write", &self.folder, &error))?;
        self.lists.end()?;
        Ok(self.moved)
    }
}

impl Receiver for Carrier {
    type Fault = Fault;

    fn documents(&mut self) -> &mut Documents {
        &mut self.documents
    }

    fn listed(&mut self, label: &str, document: Value, currency: Option<&str>) -> Result<String, Fault> {
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
            _ if self.documents.has(&own) => slug(&format!("{own}-{}", fingerprint(&said))),
            _ => own,
        };
        self.documents.listed(&id, document, currency);
        self.lists.begin(&id);
        self.alike.insert(said, id.clone());
        Ok(id)
    }

    fn lost(&mut self, object: &str, id: &str, member: &str, why: &str) -> Result<(), Fault> {
        self.report(&Lost { object, id, member, why, count: None })
    }

    fn lost_everywhere(&mut self, object: &str, member: &str, why: &'static str) {
        let counted = self.everywhere.entry((object.into(), member.into())).or_insert((why, 0));
        counted.1 = counted.1.saturating_add(1);
    }
}
