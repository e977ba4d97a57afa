//! Moving in from other systems, and back out. Every source is read one entry at a time and becomes campaign documents and a
//! list of codes; what a document cannot say is written down, item by item.

#![allow(clippy::indexing_slicing, reason = "members of JSON values are read, and set on objects that were made here")]

pub mod elements;
pub mod shopify;
pub mod voucherify;
pub mod woocommerce;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{json, Value};

use crate::fault::Fault;
use crate::files;
use crate::render::{count, note};

/// Most documents that different vouchers may become: what a snapshot holds.
const MAX_DOCUMENTS: usize = 10_000;
/// After so many codes progress is told.
const PROGRESS: usize = 10_000;

/// The files of an import.
pub const DOCUMENTS: &str = "campaigns.json";
/// The codes.
pub const CODES: &str = "codes.csv";
/// What was not carried over.
pub const REPORT: &str = "report.jsonl";

/// The attribute of an order with which a shop says which campaign a code of the list belongs to.
pub const ATTRIBUTE: &str = "voucher";

/// A code of the list.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Code {
    /// As it is entered.
    pub code: String,
    /// The document it belongs to.
    pub campaign: String,
    /// `discount`, `gift_card` or `points`.
    pub kind: String,
    /// `active` or `revoked`.
    pub state: String,
    /// How often it may be used; empty for any number.
    pub quantity: Option<i64>,
    /// How often it was.
    pub used: i64,
    /// Minor units or points, of cards.
    pub balance: Option<i64>,
    /// What the card was issued with.
    pub issued: Option<i64>,
    /// From when on, where it differs from the campaign's.
    pub from: String,
    /// Until when.
    pub until: String,
    /// Who holds it.
    pub holder: String,
    /// Anything else, as JSON.
    pub metadata: String,
}

/// What cannot be carried over, of one thing.
#[derive(Debug, Serialize)]
struct Lost<'a> {
    object: &'a str,
    id: &'a str,
    member: &'a str,
    why: &'a str,
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
    /// The document of vouchers that say the same, by what they say.
    alike: BTreeMap<String, String>,
    codes: csv::Writer<BufWriter<File>>,
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
            alike: BTreeMap::new(),
            codes: csv::Writer::from_writer(open(CODES)?),
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

    /// What may be paid with: a kind of card.
    pub fn payment(&mut self, id: &str, payment: Value) {
        self.payments.insert(slug(id), payment);
    }

    /// The document of vouchers that all say this; a new one where none has said it yet. Only who has such a code gets it.
    ///
    /// # Errors
    /// `too_many_campaigns`.
    pub fn shared(&mut self, label: &str, document: Value) -> Result<String, Fault> {
        let said = format!("{label}\n{document}");
        if let Some(id) = self.alike.get(&said) {
            return Ok(id.clone());
        }
        if self.alike.len() >= MAX_DOCUMENTS {
            let message = format!("the vouchers say more than {MAX_DOCUMENTS} different things");
            return Err(Fault::new("too_many_campaigns", message, "import fewer vouchers at once"));
        }
        let own = slug(label);
        let id = if label.is_empty() || self.has(&own) {
            let print = fingerprint(&said);
            if label.is_empty() {
                format!("codes-{print}")
            } else {
                slug(&format!("{own}-{print}"))
            }
        } else {
            own
        };
        self.document(&id, for_codes(document, &id));
        self.alike.insert(said, id.clone());
        Ok(id)
    }

    /// Adds a code to the list.
    ///
    /// # Errors
    /// `file_unavailable`.
    pub fn code(&mut self, code: &Code) -> Result<(), Fault> {
        self.moved.codes = self.moved.codes.saturating_add(1);
        if self.moved.codes.is_multiple_of(PROGRESS) {
            note(&format!("{} …", count(self.moved.codes, "code")));
        }
        let path = self.folder.join(CODES);
        self.codes.serialize(code).map_err(|error| of_csv("write", &path, &error))
    }

    /// Writes down what is lost.
    ///
    /// # Errors
    /// `file_unavailable`.
    pub fn lost(&mut self, object: &str, id: &str, member: &str, why: &str) -> Result<(), Fault> {
        self.moved.lost = self.moved.lost.saturating_add(1);
        let path = self.folder.join(REPORT);
        let line = serde_json::to_vec(&Lost { object, id, member, why }).unwrap_or_default();
        let written = self.report.write_all(&line).and_then(|()| self.report.write_all(b"\n"));
        written.map_err(|error| Fault::of_io("write", &path, &error))
    }

    /// Writes the documents and ends the import.
    ///
    /// # Errors
    /// `file_unavailable`.
    pub fn finish(mut self, preset: Option<&str>) -> Result<Summary, Fault> {
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
        if let Some(preset) = preset {
            document["stacking"] = json!({ "preset": preset });
        }
        let text = serde_json::to_string_pretty(&document).unwrap_or_default();
        files::replace(&self.folder.join(DOCUMENTS), format!("{text}\n").as_bytes())?;
        let flushed = self.codes.flush().and_then(|()| self.report.flush());
        flushed.map_err(|error| Fault::of_io("write", &self.folder, &error))?;
        Ok(self.moved)
    }
}

/// A document for whoever has a code of the list: the shop looks the code up and names its campaign.
fn for_codes(mut document: Value, id: &str) -> Value {
    let named = json!({ "type": "order_attribute", "key": ATTRIBUTE, "in": [id] });
    document["when"] = match document["when"].take() {
        Value::Null => named,
        when => json!({ "all": [named, when] }),
    };
    document
}

/// The condition without the one that names the list, if it has that.
pub fn without_list(document: &Value) -> Option<Value> {
    let is_list = |condition: &Value| condition["type"] == "order_attribute" && condition["key"] == ATTRIBUTE;
    let mut bare = document.clone();
    if is_list(&document["when"]) {
        bare.as_object_mut()?.remove("when");
        return Some(bare);
    }
    match document["when"]["all"].as_array().map(Vec::as_slice) {
        Some([first, rest]) if is_list(first) => bare["when"] = rest.clone(),
        _ => return None,
    }
    Some(bare)
}

/// Letters, digits, `-`, `_` and `.`, at most 64.
pub fn slug(name: &str) -> String {
    let is_kept = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let spelled: String = name.chars().map(|letter| if is_kept(letter) { letter } else { '-' }).collect();
    if spelled == name && name.len() <= 64 && !name.is_empty() {
        return spelled;
    }
    let stem: String = spelled.chars().take(50).collect();
    format!("{stem}-{}", fingerprint(name))
}

/// A short name of a text: FNV-1a, which names and does not protect.
fn fingerprint(text: &str) -> String {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:012x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, step) & 0xffff_ffff_ffff)
}

/// A fault of a table.
pub fn of_csv(doing: &str, path: &Path, error: &csv::Error) -> Fault {
    let help = "export the table anew as CSV with a header, in UTF-8";
    Fault::new("file_malformed", format!("cannot {doing} the table: {error}"), help).of_file(path.display())
}

/// Headers as they are compared: small letters, `_` for all that is none.
pub fn header(name: &str) -> String {
    let spelled: String = name
        .trim_start_matches('\u{feff}')
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' })
        .collect();
    spelled.trim_matches('_').into()
}

/// The rows of a table, each by its headers, one at a time.
///
/// # Errors
/// `file_unavailable`, `file_malformed`, and what the caller refuses.
pub fn rows(path: &Path, mut each: impl FnMut(BTreeMap<String, String>) -> Result<(), Fault>) -> Result<(), Fault> {
    let file = File::open(path).map_err(|error| Fault::of_io("read", path, &error))?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let headers: Vec<String> =
        reader.headers().map_err(|error| of_csv("read", path, &error))?.iter().map(header).collect();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| of_csv("read", path, &error))? {
        let cells = headers.iter().cloned().zip(record.iter().map(|cell| cell.trim().to_string()));
        each(cells.filter(|(_, cell)| !cell.is_empty()).collect())?;
    }
    Ok(())
}

/// An amount in major units, `10` or `10.50`, in minor ones.
pub fn minor(text: &str) -> Option<i64> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    if part.len() > 2 && part.bytes().skip(2).any(|digit| digit != b'0') {
        return None;
    }
    let cents: i64 = format!("{:0<2}", part.get(..2).unwrap_or(part)).parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)
}

/// Whether a cell says yes.
pub fn yes(cell: Option<&String>) -> bool {
    cell.is_some_and(|cell| ["yes", "true", "1"].contains(&cell.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_to_the_cent_and_no_further() {
        assert_eq!(minor("10"), Some(1000));
        assert_eq!(minor("10.5"), Some(1050));
        assert_eq!(minor("0.0500"), Some(5));
        assert_eq!(minor("0.055"), None);
        assert_eq!(minor("ten"), None);
    }

    #[test]
    fn ids_keep_what_documents_may_spell() {
        assert_eq!(slug("camp_A.1-x"), "camp_A.1-x");
        assert_ne!(slug("SALE $10"), slug("SALE %10"));
        assert!(slug(&"x".repeat(100)).len() <= 64);
    }
}
