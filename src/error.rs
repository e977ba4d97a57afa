//! What goes wrong: a [`Diagnostic`] names one fault in one document, an [`Error`] is a call that cannot be
//! answered and carries at least one diagnostic.
//!
//! "Does not apply" is an answer, never an error: see [`reason`](crate::reason).

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::digits;

/// The largest whole number that JavaScript holds exactly.
const LARGEST_EXACT: i64 = (1 << 53) - 1;

/// Who can do something about a refusal or a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FixBy {
    /// The person at the cart.
    Shopper,
    /// The people who run the shop's campaigns.
    Merchant,
    /// Whoever wrote the calling code.
    Developer,
}

impl FixBy {
    /// The word used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            FixBy::Shopper => "shopper",
            FixBy::Merchant => "merchant",
            FixBy::Developer => "developer",
        }
    }
}

/// Which kind of document a place is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Document {
    /// A campaign document.
    Campaign,
    /// The request for a quote.
    Request,
    /// A signed snapshot.
    Snapshot,
    /// The trusted public keys.
    KeyRing,
}

impl Document {
    /// The word used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Document::Campaign => "campaign",
            Document::Request => "request",
            Document::Snapshot => "snapshot",
            Document::KeyRing => "key_ring",
        }
    }
}

/// A place in a document: which kind, which one, and a JSON Pointer (RFC 6901) into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The kind of document.
    pub document: Document,
    /// Which one: the campaign's id where a quote speaks of a campaign (the pointer then starts at the campaign),
    /// the document's name where a compiler speaks of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where in it, empty for the whole.
    pub pointer: String,
}

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth a look; nothing is refused.
    Warning,
    /// The document, or the campaign it stands in, cannot be used.
    Error,
}

impl Severity {
    /// The word used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A value that lets a host word a fault or a refusal in its own language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Param {
    /// A count, or money in minor units, or a UTC time in milliseconds.
    Number(i64),
    /// A name.
    Text(String),
}

/// One fault in one document: a stable code, words for people, the remedy, and the place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// Stable snake_case code, never reused.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// For people; may change in any release.
    pub message: String,
    /// The remedy, in the imperative.
    pub help: String,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Place>,
    /// What the message speaks of, by name.
    #[serde(serialize_with = "params_as_map", skip_serializing_if = "Vec::is_empty")]
    pub params: Vec<(&'static str, Param)>,
    /// Who can mend it.
    pub fix_by: FixBy,
}

fn params_as_map<S: serde::Serializer>(params: &[(&'static str, Param)], s: S) -> Result<S::Ok, S::Error> {
    s.collect_map(params.iter().map(|(name, value)| (name, value)))
}

impl Diagnostic {
    /// An error that a developer can mend, without a place yet.
    pub fn new(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            help: help.into(),
            at: None,
            params: Vec::new(),
            fix_by: FixBy::Developer,
        }
    }

    /// The same as a warning.
    pub fn warning(mut self) -> Diagnostic {
        self.severity = Severity::Warning;
        self
    }

    /// With the place it speaks of.
    pub fn at(mut self, document: Document, pointer: impl Into<String>) -> Diagnostic {
        self.at = Some(Place { document, id: None, pointer: pointer.into() });
        self
    }

    /// With a named value. A number that JavaScript could not hold exactly is told as the nearest one that it can:
    /// such are only found in hostile bytes.
    pub fn number(mut self, name: &'static str, value: i64) -> Diagnostic {
        self.params.push((name, Param::Number(value.clamp(-LARGEST_EXACT, LARGEST_EXACT))));
        self
    }

    /// With a named text.
    pub fn text(mut self, name: &'static str, value: impl Into<String>) -> Diagnostic {
        self.params.push((name, Param::Text(value.into())));
        self
    }

    /// With another person to mend it.
    pub fn fix_by(mut self, who: FixBy) -> Diagnostic {
        self.fix_by = who;
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)?;
        if let Some(place) = self.at.as_ref().filter(|p| !p.pointer.is_empty()) {
            write!(f, " at {} {}", place.document.name(), place.pointer)?;
        }
        Ok(())
    }
}

/// One way in which a document is refused. Statics of this type stand where the checks are; the values that a message
/// speaks of are filled in when it happens, so that a refusal costs a table entry and not code.
///
/// `{name}` in a text or a pointer stands for the value of that name. A name that begins with an underscore is only for
/// the texts; the others are the diagnostic's parameters.
#[derive(Debug)]
pub struct Fault {
    /// Stable snake_case code, never reused.
    pub code: &'static str,
    /// For people: what is the matter. Lower case, no full stop.
    pub message: &'static str,
    /// The remedy, in the imperative.
    pub help: &'static str,
    /// Which kind of document is at fault.
    pub document: Document,
    /// Where in it.
    pub pointer: &'static str,
    /// The names of the values, in the order in which they are given.
    pub values: &'static [&'static str],
    /// Who can mend it.
    pub fix_by: FixBy,
}

/// A value of a [`Fault`].
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// A number.
    Number(i64),
    /// A text.
    Text(&'a str),
}

impl Fault {
    /// The fault, with its values.
    #[cold]
    #[inline(never)]
    pub fn diagnostic(&self, values: &[Value<'_>]) -> Diagnostic {
        let value = |name: &str, out: &mut String| {
            for (known, value) in self.values.iter().zip(values) {
                if *known == name {
                    match value {
                        Value::Number(number) => digits::push(out, *number),
                        Value::Text(text) => out.push_str(text),
                    }
                }
            }
        };
        let text = |template: &str| {
            let mut out = String::new();
            fill(template, &mut out, &value);
            out
        };
        let mut diagnostic = Diagnostic::new(self.code, text(self.message), text(self.help));
        diagnostic.at = Some(Place { document: self.document, id: None, pointer: text(self.pointer) });
        diagnostic.fix_by = self.fix_by;
        for (name, value) in self.values.iter().zip(values).filter(|(name, _)| !name.starts_with('_')) {
            let param = match value {
                Value::Number(number) => Param::Number((*number).clamp(-LARGEST_EXACT, LARGEST_EXACT)),
                Value::Text(text) => Param::Text(String::from(*text)),
            };
            diagnostic.params.push((name, param));
        }
        diagnostic
    }

    /// The fault as an error.
    #[cold]
    #[inline(never)]
    pub fn error(&self, values: &[Value<'_>]) -> Error {
        self.diagnostic(values).into()
    }
}

/// Writes a template; `value` writes what stands for a name in braces.
pub fn fill(template: &str, out: &mut String, value: &dyn Fn(&str, &mut String)) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        value(name, out);
        rest = after;
    }
    out.push_str(rest);
}

/// A call that cannot be answered. The first diagnostic gives the error its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Faults>);

/// Behind one pointer: most calls that may be refused are not, and should not carry the room for it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Faults {
    first: Diagnostic,
    more: Vec<Diagnostic>,
}

impl Error {
    /// The code of the first diagnostic.
    pub fn code(&self) -> &'static str {
        self.0.first.code
    }

    /// The first diagnostic.
    pub fn first(&self) -> &Diagnostic {
        &self.0.first
    }

    /// All diagnostics, the first one first.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        core::iter::once(&self.0.first).chain(&self.0.more)
    }

    /// An error of several diagnostics; `None` when there is none.
    pub fn from_diagnostics(diagnostics: Vec<Diagnostic>) -> Option<Error> {
        let mut all = diagnostics.into_iter();
        let first = all.next()?;
        Some(Error(Box::new(Faults { first, more: all.collect() })))
    }
}

impl From<Diagnostic> for Error {
    fn from(diagnostic: Diagnostic) -> Error {
        Error(Box::new(Faults { first: diagnostic, more: Vec::new() }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.first)?;
        match self.0.more.len() {
            0 => Ok(()),
            more => write!(f, ", and {more} more"),
        }
    }
}

impl core::error::Error for Error {}

#[test]
fn numbers_are_told_as_javascript_can_hold_them() {
    let told = |value| Diagnostic::new("x", "", "").number("actual", value).params;
    assert_eq!(told(LARGEST_EXACT), [("actual", Param::Number(LARGEST_EXACT))]);
    assert_eq!(told(i64::MAX), told(LARGEST_EXACT));
    assert_eq!(told(i64::MIN), told(-LARGEST_EXACT));
}

#[test]
fn a_fault_is_filled_with_its_values() {
    static FAULT: Fault = Fault {
        code: "x",
        message: "{_what}: {actual}, where at most {limit} is allowed",
        help: "send {limit} {_what}",
        document: Document::Request,
        pointer: "/lines/{_line}",
        values: &["_what", "actual", "limit", "_line"],
        fix_by: FixBy::Merchant,
    };
    let values = [Value::Text("units"), Value::Number(-1_200), Value::Number(i64::MIN), Value::Number(0)];
    let told = FAULT.diagnostic(&values);
    assert_eq!(told.message, "units: -1200, where at most -9223372036854775808 is allowed");
    assert_eq!(told.help, "send -9223372036854775808 units");
    assert_eq!(told.at.unwrap().pointer, "/lines/0");
    assert_eq!(told.params, [("actual", Param::Number(-1_200)), ("limit", Param::Number(-LARGEST_EXACT))]);
    assert_eq!(told.fix_by, FixBy::Merchant);
}
