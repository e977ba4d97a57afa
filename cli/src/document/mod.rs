//! Documents as they lie on disk: JSON or YAML, read together with the place of every member, so that a fault at
//! a JSON Pointer becomes a line and a column.

mod json;
mod misspelt;
mod spans;
mod yaml;

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use counterfoil::campaign::reading::value;
use counterfoil::error::{Diagnostic, Error, Param};
use counterfoil::pointer::Pointer;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::fault::{Fault, Place, Spot};
pub use misspelt::misspelt;
use spans::Spans;

/// How a file is written, told by its extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Everything that is not YAML.
    Json,
    /// `.yaml` and `.yml`.
    Yaml,
}

impl Format {
    /// The format of a file of this name.
    pub fn of(path: &Path) -> Format {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("");
        match extension.to_ascii_lowercase().as_str() {
            "yaml" | "yml" => Format::Yaml,
            _ => Format::Json,
        }
    }
}

/// A text and where the members of the document in it are.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: Arc<str>,
    spans: Spans,
    /// Where in the text's own document this one begins; a campaign document may stand inside a case file.
    root: String,
}

/// A document that could be read. It may hold faults of form (a key that stands twice); those refuse its use but
/// do not hide what else is wrong with it.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it says.
    pub json: Json,
    /// Where it says so.
    pub source: Source,
}

/// What came of reading a text: the document, unless its syntax is broken, and the faults of its form.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The document.
    pub document: Option<Document>,
    /// What is wrong with its form.
    pub faults: Vec<Fault>,
}

/// What a parser finds in a text.
struct Parsed {
    json: Json,
    spans: Spans,
    duplicates: Vec<Duplicate>,
}

/// A key that stands twice in one object.
struct Duplicate {
    pointer: String,
    key: Range<usize>,
}

/// A text that is no document.
struct Malformed {
    message: String,
    help: &'static str,
    at: Range<usize>,
}

/// The text of a file.
///
/// # Errors
/// `file_unavailable`, `file_not_text`.
pub fn text_of(path: &Path) -> Result<String, Fault> {
    let bytes = fs::read(path).map_err(|error| Fault::of_io("read", path, &error))?;
    utf8(bytes, &path.display().to_string())
}

/// Bytes as text.
///
/// # Errors
/// `file_not_text`.
pub fn utf8(bytes: Vec<u8>, name: &str) -> Result<String, Fault> {
    String::from_utf8(bytes).map_err(|_| {
        Fault::new("file_not_text", "the file is not UTF-8 text", "save the file as UTF-8 without compression")
            .of_file(name)
    })
}

impl Reading {
    /// Reads a text.
    pub fn of(name: &str, text: &str, format: Format) -> Reading {
        // editors of some systems put a mark in front that is no part of the document
        let text: Arc<str> = text.strip_prefix('\u{feff}').unwrap_or(text).into();
        let (parsed, code) = match format {
            Format::Json => (json::parse(&text), "json_malformed"),
            Format::Yaml => (yaml::parse(&text), "yaml_malformed"),
        };
        let source = |spans| Source { name: name.to_owned(), text: Arc::clone(&text), spans, root: String::new() };
        match parsed {
            Ok(Parsed { json, spans, duplicates }) => {
                let source = source(spans);
                let faults = duplicates.into_iter().map(|duplicate| source.duplicate(duplicate)).collect();
                Reading { document: Some(Document { json, source }), faults }
            }
            Err(Malformed { message, help, at }) => {
                let place = source(Spans::default()).place_of(at, None);
                Reading { document: None, faults: vec![Fault::new(code, message, help).at(place)] }
            }
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// `file_unavailable`, `file_not_text`.
    pub fn of_file(path: &Path) -> Result<Reading, Fault> {
        Ok(Reading::of(&path.display().to_string(), &text_of(path)?, Format::of(path)))
    }

    /// The document, if there is nothing wrong with its form.
    ///
    /// # Errors
    /// `json_malformed`, `yaml_malformed`, `field_duplicated`.
    pub fn sound(self) -> Result<Document, Vec<Fault>> {
        match self.document {
            Some(document) if self.faults.is_empty() => Ok(document),
            _ => Err(self.faults),
        }
    }
}

impl Source {
    /// A JSON text that others parse; faults are placed in it as far as it can be read.
    pub fn of_json(name: &str, text: &str) -> Source {
        let text: Arc<str> = text.into();
        let spans = json::parse(&text).map(|parsed| parsed.spans).unwrap_or_default();
        Source { name: name.to_owned(), text, spans, root: String::new() }
    }

    /// The same text, for the document that stands in it at `root`.
    pub fn within(&self, root: &str) -> Source {
        Source { root: format!("{}{root}", self.root), ..self.clone() }
    }

    /// The name under which faults speak of it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The faults of an error about this document, each at its place.
    pub fn faults(&self, error: &Error) -> Vec<Fault> {
        error.diagnostics().map(|diagnostic| self.fault(diagnostic)).collect()
    }

    /// The fault of a diagnostic about this document, at its place.
    pub fn fault(&self, diagnostic: &Diagnostic) -> Fault {
        let pointer = diagnostic.at.as_ref().map_or("", |place| place.pointer.as_str());
        let offset = diagnostic.params.iter().find_map(|(name, value)| match value {
            Param::Number(offset) if *name == "offset" => usize::try_from(*offset).ok(),
            _ => None,
        });
        let place = match offset {
            Some(offset) => self.place_of(offset..offset.saturating_add(1), None),
            None => self.place(pointer, diagnostic.code == "field_unknown"),
        };
        Fault::from(diagnostic).at(place)
    }

    /// The place of a pointer: the key where the name is at fault, else the value, or what can be shown of it
    /// on one line. A member that is not there is shown where it is missed.
    pub fn place(&self, pointer: &str, name_is_at_fault: bool) -> Place {
        let range = self.spans.nearest(&format!("{}{pointer}", self.root)).map_or(0..0, |span| match &span.key {
            Some(key) if name_is_at_fault || span.is_container => key.clone(),
            _ => span.value.clone(),
        });
        self.place_of(range, Some(pointer.to_owned()).filter(|pointer| !pointer.is_empty()))
    }

    fn place_of(&self, range: Range<usize>, pointer: Option<String>) -> Place {
        let range = self.on_one_line(range);
        Place { file: self.name.clone(), pointer, spot: Some(Spot::new(&self.text, range)) }
    }

    /// The part of a range that is on its first line, within the text and between characters.
    fn on_one_line(&self, range: Range<usize>) -> Range<usize> {
        let start = self.text.floor_char_boundary(range.start);
        let shown = self.text.get(start..self.text.ceil_char_boundary(range.end)).unwrap_or("");
        let shown = shown.lines().next().unwrap_or("").trim_end();
        start..start.saturating_add(shown.len())
    }

    fn duplicate(&self, duplicate: Duplicate) -> Fault {
        let name = self.text.get(duplicate.key.clone()).unwrap_or("").trim_matches('"');
        let message = format!("the field `{name}` stands twice in one object");
        Fault::new("field_duplicated", message, "keep one of them; the other would be lost without a word")
            .at(self.place_of(duplicate.key, Some(duplicate.pointer)))
    }
}

impl Document {
    /// Reads the document as a value of the command line's own.
    ///
    /// # Errors
    /// `field_unknown`, `field_missing`, `field_invalid`, at its place.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        value(&self.json, &Pointer::root()).map_err(|diagnostic| self.source.fault(&diagnostic))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str =
        r#"{ "campaigns": [ { "id": "é\u0041", "codes": ["A", "B"], "limits": { "total": -1.5e3 } } ] }"#;
    const YAML: &str = "# é\ncampaigns:\n  - id: &a \"x\\n\"\n    when: { any: [*a, 'b', -1.5, ~] }\n    name: >-\n      two\n      lines\n";

    /// Whatever stands in a file, it is read or refused at a place inside it.
    #[test]
    fn no_change_of_a_document_stops_the_reader() {
        let kinds = [
            "", "{", "}", "[", "]", ":", ",", "\"", "'", "\n", " ", "-", "&", "*", "!", "#", "?", "|", "\\", "\t", "0",
            "é", "\0",
        ];
        for (text, format) in [(JSON, Format::Json), (YAML, Format::Yaml)] {
            for (at, old) in text.char_indices() {
                for new in kinds {
                    let changed = format!("{}{new}{}", &text[..at], &text[at + old.len_utf8()..]);
                    let reading = Reading::of("changed", &changed, format);
                    let faults = reading.faults.iter();
                    let documents = reading.document.iter();
                    let places = faults
                        .filter_map(|fault| fault.place.as_deref().cloned())
                        .chain(documents.map(|document| document.source.place("/campaigns/0/when/any/0", false)));
                    for spot in places.filter_map(|place| place.spot) {
                        assert!(spot.text.get(spot.range.clone()).is_some(), "{changed:?} {:?}", spot.range);
                    }
                }
            }
        }
    }

    #[test]
    fn a_mark_of_byte_order_is_no_part_of_the_document() {
        assert!(Reading::of("marked", "\u{feff}{}", Format::Json).sound().is_ok());
    }
}
