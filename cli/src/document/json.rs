//! JSON with places: `serde_json` decides what is JSON, a scan of the then known-good text notes where it is.

use std::ops::Range;

use counterfoil::pointer::Pointer;

use super::spans::{Span, Spans};
use super::{Duplicate, Malformed, Parsed};

pub(super) fn parse(text: &str) -> Result<Parsed, Malformed> {
    let json = serde_json::from_str(text).map_err(|error| malformed(text, &error))?;
    let mut scan = Scan { text, at: 0, spans: Spans::default(), duplicates: Vec::new() };
    scan.value(Pointer::root(), None);
    Ok(Parsed { json, spans: scan.spans, duplicates: scan.duplicates })
}

fn malformed(text: &str, error: &serde_json::Error) -> Malformed {
    if text.trim().is_empty() {
        let help = "write a document, or name another file";
        return Malformed { message: "there is nothing in this file".to_owned(), help, at: 0..0 };
    }
    let words = error.to_string();
    let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
    let words = words.replace("EOF while parsing", "the text ends inside");
    let help = match () {
        () if words.starts_with("trailing comma") => "take out the comma before the closing bracket",
        () if words.starts_with("the text ends") => "close what is open: a text, an object or an array",
        () if words.starts_with("expected `,`") => "put a comma between members",
        () if words.starts_with("key must be") => "write keys in double quotes, and no comma after the last member",
        () if words.starts_with("recursion limit") => "nest less deeply",
        () => "write well-formed JSON; for comments and fewer quotes use a .yaml file",
    };
    let start = offset(text, error.line(), error.column());
    Malformed { message: format!("this is no JSON: {words}"), help, at: start..start.saturating_add(1) }
}

/// The byte at a line and column as `serde_json` counts them: from 1, columns in bytes, 0 for a line's end before.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    before.saturating_add(column.saturating_sub(1)).min(text.len().saturating_sub(1))
}

/// A walk over a text that is known to be JSON.
struct Scan<'a> {
    text: &'a str,
    at: usize,
    spans: Spans,
    duplicates: Vec<Duplicate>,
}

impl Scan<'_> {
    fn peek(&mut self) -> u8 {
        let bytes = self.text.as_bytes();
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(self.at) {
            self.step();
        }
        bytes.get(self.at).copied().unwrap_or(0)
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn value(&mut self, pointer: Pointer, key: Option<Range<usize>>) {
        let first = self.peek();
        let from = self.at;
        match first {
            b'{' => self.members(&pointer),
            b'[' => self.elements(&pointer),
            b'"' => self.string(),
            _ => {
                let rest = self.text.get(from..).unwrap_or("");
                let length = rest.find([',', '}', ']', ' ', '\n', '\r', '\t']).unwrap_or(rest.len());
                self.at = from.saturating_add(length);
            }
        }
        let is_container = matches!(first, b'{' | b'[');
        self.spans.insert(pointer.into(), Span { key, value: from..self.at, is_container });
    }

    fn members(&mut self, object: &Pointer) {
        self.step();
        while self.peek() == b'"' {
            let from = self.at;
            self.string();
            let key = from..self.at;
            let name: String =
                self.text.get(key.clone()).and_then(|quoted| serde_json::from_str(quoted).ok()).unwrap_or_default();
            let pointer = object.key(&name);
            if self.spans.contains(pointer.as_str()) {
                self.duplicates.push(Duplicate { pointer: pointer.as_str().to_owned(), key: key.clone() });
            }
            self.peek();
            self.step(); // the colon
            self.value(pointer, Some(key));
            if self.peek() == b',' {
                self.step();
            }
        }
        self.step();
    }

    fn elements(&mut self, array: &Pointer) {
        self.step();
        let mut index = 0_usize;
        while self.peek() != b']' && self.at < self.text.len() {
            self.value(array.index(index), None);
            index = index.saturating_add(1);
            if self.peek() == b',' {
                self.step();
            }
        }
        self.step();
    }

    fn string(&mut self) {
        self.step();
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b'\\') => {
                    self.step();
                    self.step();
                }
                Some(b'"') | None => break,
                Some(_) => self.step(),
            }
        }
        self.step();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, pointer: &str) -> (Option<String>, String) {
        let Ok(parsed) = parse(text) else { panic!("{text}") };
        let span = parsed.spans.nearest(pointer).unwrap();
        (span.key.clone().map(|key| text[key].to_owned()), text[span.value.clone()].to_owned())
    }

    #[test]
    fn every_member_has_its_place() {
        let text = r#" { "a" : [ 1.5 , {"b/c":"x\"]"},[ ],{ } ], "~é": null , "t":true} "#;
        let of = |pointer| shown(text, pointer);
        assert_eq!(of("/a/0"), (None, "1.5".into()));
        assert_eq!(of("/a/1/b~1c"), (Some("\"b/c\"".into()), r#""x\"]""#.into()));
        assert_eq!(of("/a/2"), (None, "[ ]".into()));
        assert_eq!(of("/a/3"), (None, "{ }".into()));
        assert_eq!(of("/~0é"), (Some("\"~é\"".into()), "null".into()));
        assert_eq!(of("/t"), (Some("\"t\"".into()), "true".into()));
        assert_eq!(of(""), (None, text.trim().into()));
    }

    #[test]
    fn what_is_not_there_is_shown_where_it_is_missed() {
        assert_eq!(shown(r#"{ "a": { "b": 1 } }"#, "/a/c/0"), (Some("\"a\"".into()), r#"{ "b": 1 }"#.into()));
    }

    #[test]
    fn a_key_that_stands_twice_is_found_whatever_its_spelling() {
        let Ok(parsed) = parse(r#"{ "ab": 1, "c": { "ab": 1 }, "\u0061b": 2 }"#) else { panic!() };
        let found: Vec<_> = parsed.duplicates.iter().map(|d| d.pointer.as_str()).collect();
        assert_eq!(found, ["/ab"]);
        assert_eq!(parsed.duplicates[0].key, 29..38);
    }

    #[test]
    fn a_fault_of_syntax_has_a_place_in_the_text() {
        for text in ["", "\n", "{", "{\"a\":1,}", "[1 2]", "\n\n  nul", "{\"é\": é}", "\"\n"] {
            let Err(fault) = parse(text) else { panic!("{text}") };
            assert!(fault.at.start <= text.len(), "{text}");
            assert!(!fault.message.contains("line"), "{}", fault.message);
        }
        let Err(fault) = parse("{\n  \"a\": 1,\n}") else { panic!() };
        assert_eq!((fault.message.as_str(), fault.at), ("this is no JSON: trailing comma", 12..13));
    }
}
