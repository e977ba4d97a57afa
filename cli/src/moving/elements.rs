//! The elements of large JSON files, one at a time: lists, lists within an object, or one object a line.

use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::fault::Fault;

/// What to do with an element: the member its list stands in, and the element.
type Each<'a> = dyn FnMut(&str, Value) -> Result<(), Fault> + 'a;

/// Reads a file element by element. An object or a bare value that stands in the file's object is an element too, under its member;
/// those named `within` are lists of lists.
///
/// # Errors
/// `file_unavailable`, `file_malformed`, and what the caller refuses.
pub fn read(path: &Path, within: &[&str], each: &mut Each<'_>) -> Result<(), Fault> {
    let file = File::open(path).map_err(|error| Fault::of_io("read", path, &error))?;
    let reader = BufReader::new(file);
    let malformed = |error: &serde_json::Error| {
        let help = "export it anew; JSON is read as a list, as lists within an object, or as one object a line";
        Fault::new("file_malformed", format!("the file is no JSON: {error}"), help).of_file(path.display())
    };
    if path.extension().is_some_and(|extension| extension == "jsonl" || extension == "ndjson") {
        for line in reader.lines() {
            let line = line.map_err(|error| Fault::of_io("read", path, &error))?;
            if !line.trim().is_empty() {
                each("", serde_json::from_str(&line).map_err(|error| malformed(&error))?)?;
            }
        }
        return Ok(());
    }
    let mut refused = None;
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    let read = Elements { member: "", within, each, refused: &mut refused }.deserialize(&mut deserializer);
    match refused {
        Some(fault) => Err(fault),
        None => read.map_err(|error| malformed(&error)),
    }
}

struct Elements<'a, 'e> {
    member: &'a str,
    within: &'a [&'a str],
    each: &'a mut Each<'e>,
    refused: &'a mut Option<Fault>,
}

/// Hands an element on; a refusal ends the reading.
fn tell<E: serde::de::Error>(
    member: &str,
    element: Value,
    each: &mut Each<'_>,
    refused: &mut Option<Fault>,
) -> Result<(), E> {
    each(member, element).map_err(|fault| {
        *refused = Some(fault);
        E::custom("refused")
    })
}

impl<'de> DeserializeSeed<'de> for Elements<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Elements<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list, or an object of lists")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) = list.next_element::<Value>()? {
            tell(self.member, element, self.each, self.refused)?;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        if !self.member.is_empty() && !self.within.contains(&self.member) {
            let mut element = serde_json::Map::new();
            while let Some((member, value)) = map.next_entry()? {
                element.insert(member, value);
            }
            return tell(self.member, element.into(), self.each, self.refused);
        }
        while let Some(member) = map.next_key::<String>()? {
            let within = self.within;
            map.next_value_seed(Elements { member: &member, within, each: self.each, refused: self.refused })?;
        }
        Ok(())
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<(), E> {
        self.bare(value)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
        self.bare(value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        self.bare(value)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        self.bare(value)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<(), E> {
        self.bare(value)
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

impl Elements<'_, '_> {
    /// A value that stands where a list or an object does is an element too; what is null says nothing.
    fn bare<E: serde::de::Error>(self, value: impl Into<Value>) -> Result<(), E> {
        tell(self.member, value.into(), self.each, self.refused)
    }
}
