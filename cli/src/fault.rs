//! What the command line has to complain about: a [`Fault`] is a diagnostic of the engine, or one of the command
//! line's own, with the place in the file that a person has open.

use std::fmt::Display;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use counterfoil::error::{Diagnostic, Error, FixBy, Param, Severity};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};

/// One thing that is wrong: a stable code, words, a remedy, and where.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Error or warning.
    pub severity: Severity,
    /// Stable snake_case code.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// Where it is. Boxed, so that carrying a fault costs little where there is none.
    pub place: Option<Box<Place>>,
    /// The values the message speaks of.
    pub params: Map<String, Json>,
    /// Who can mend it.
    pub fix_by: FixBy,
}

/// A place in a file.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file as it was named on the command line, or an address.
    pub file: String,
    /// JSON Pointer into the document, where the file holds one.
    pub pointer: Option<String>,
    /// The stretch of text, where the file is text.
    pub spot: Option<Spot>,
}

/// A stretch of a text.
#[derive(Clone, Debug)]
pub struct Spot {
    /// The whole text.
    pub text: Arc<str>,
    /// The stretch, in bytes.
    pub range: Range<usize>,
    /// Its line, counted from 1.
    pub line: usize,
    /// Its column, in characters counted from 1.
    pub column: usize,
}

impl Spot {
    /// The stretch `range` of `text`.
    pub fn new(text: &Arc<str>, range: Range<usize>) -> Spot {
        let before = text.get(..range.start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline.saturating_add(1));
        Spot {
            text: Arc::clone(text),
            range,
            line: before.matches('\n').count().saturating_add(1),
            column: before.get(line_start..).unwrap_or("").chars().count().saturating_add(1),
        }
    }
}

impl Fault {
    /// An error of the command line itself, without a place yet.
    pub fn new(code: &str, message: impl Into<String>, help: impl Into<String>) -> Fault {
        Fault {
            severity: Severity::Error,
            code: code.to_owned(),
            message: message.into(),
            help: help.into(),
            place: None,
            params: Map::new(),
            fix_by: FixBy::Developer,
        }
    }

    /// With the file it speaks of.
    pub fn of_file(self, file: impl Display) -> Fault {
        self.at(Place { file: file.to_string(), pointer: None, spot: None })
    }

    /// With the place it speaks of.
    pub fn at(mut self, place: Place) -> Fault {
        self.place = Some(Box::new(place));
        self
    }

    /// A file that could not be read or written.
    pub fn of_io(doing: &str, path: &Path, error: &io::Error) -> Fault {
        let help = match error.kind() {
            io::ErrorKind::NotFound => "check the path; it is taken relative to the current folder",
            io::ErrorKind::PermissionDenied => "check who owns the file and its folder",
            io::ErrorKind::IsADirectory => "name a file, not a folder",
            _ => "check the path and the disk",
        };
        let message = format!("cannot {doing} the file: {}", cause(error));
        Fault::new("file_unavailable", message, help).of_file(path.display())
    }

    /// A diagnostic about a file that is not text, or whose text is not at hand.
    pub fn of_diagnostic(diagnostic: &Diagnostic, file: impl Display) -> Fault {
        let pointer = diagnostic.at.as_ref().map(|place| place.pointer.clone()).filter(|pointer| !pointer.is_empty());
        Fault::from(diagnostic).at(Place { file: file.to_string(), pointer, spot: None })
    }
}

/// The cause without the operating system's number, which says nothing to people.
fn cause(error: &io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

impl From<&Diagnostic> for Fault {
    fn from(diagnostic: &Diagnostic) -> Fault {
        let param = |param: &Param| match param {
            Param::Number(number) => Json::from(*number),
            Param::Text(text) => Json::from(text.as_str()),
        };
        Fault {
            severity: diagnostic.severity,
            code: diagnostic.code.to_owned(),
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            place: None,
            params: diagnostic.params.iter().map(|(name, value)| ((*name).to_owned(), param(value))).collect(),
            fix_by: diagnostic.fix_by,
        }
    }
}

/// One flat object: what an editor or a build server needs to show the fault where it is.
impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let place = self.place.as_deref();
        let spot = place.and_then(|place| place.spot.as_ref());
        let mut object = serializer.serialize_struct("Fault", 10)?;
        object.serialize_field("severity", &self.severity)?;
        object.serialize_field("code", &self.code)?;
        object.serialize_field("message", &self.message)?;
        object.serialize_field("help", &self.help)?;
        object.serialize_field("file", &place.map(|place| &place.file))?;
        object.serialize_field("line", &spot.map(|spot| spot.line))?;
        object.serialize_field("column", &spot.map(|spot| spot.column))?;
        object.serialize_field("pointer", &place.and_then(|place| place.pointer.as_ref()))?;
        object.serialize_field("params", &self.params)?;
        object.serialize_field("fixBy", &self.fix_by)?;
        object.end()
    }
}

/// Why a command ends without success.
#[derive(Debug)]
pub enum Failure {
    /// It was refused. Exit code 1.
    Refused(Vec<Fault>),
    /// It did its work and found something, which it has already told. Exit code 3.
    Findings,
    /// Nobody reads what it writes.
    Output(io::Error),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        Failure::Refused(vec![fault])
    }
}

impl From<Vec<Fault>> for Failure {
    fn from(faults: Vec<Fault>) -> Failure {
        Failure::Refused(faults)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}

/// The faults of an engine's error about one file that is not text.
pub fn faults_of(error: &Error, file: impl Display) -> Vec<Fault> {
    error.diagnostics().map(|diagnostic| Fault::of_diagnostic(diagnostic, &file)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_start_at_one() {
        let text: Arc<str> = "{\n  \"é\": 1\n}".into();
        let of = |needle: &str| {
            let at = text.find(needle).unwrap();
            let spot = Spot::new(&text, at..at + 1);
            (spot.line, spot.column)
        };
        assert_eq!(of("{"), (1, 1));
        assert_eq!(of("1"), (2, 8));
        assert_eq!(of("}"), (3, 1));
    }
}
