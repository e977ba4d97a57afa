//! YAML 1.2 with places. Plain scalars are read by its core schema, so `NO` is a text and `2026-03-01` is one too.
//! What JSON has no form for (tags, keys that are no texts, several documents) is refused.

use std::collections::BTreeMap;
use std::ops::Range;

use counterfoil::pointer::Pointer;
use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marks, StrInput};
use serde_json::{Map, Number, Value as Json};

use super::spans::{Span, Spans};
use super::{Duplicate, Malformed, Parsed};

/// Deepest nesting, as deep as JSON may be.
const MAX_DEPTH: usize = 128;
/// Most values, those that aliases repeat included: a few lines of aliases could otherwise fill the memory.
const MAX_VALUES: usize = 1_000_000;

pub(super) fn parse(text: &str) -> Result<Parsed, Malformed> {
    let offsets = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut builder = Builder {
        parser: Parser::new_from_str(text),
        offsets,
        anchors: BTreeMap::new(),
        values: 0,
        spans: Spans::default(),
        duplicates: Vec::new(),
    };
    let json = builder.document()?;
    Ok(Parsed { json, spans: builder.spans, duplicates: builder.duplicates })
}

struct Builder<'a> {
    parser: Parser<'a, StrInput<'a>>,
    /// Where the characters begin, in bytes: the parser counts characters.
    offsets: Vec<usize>,
    /// What anchors stand for, and how many values that is.
    anchors: BTreeMap<usize, (Json, usize)>,
    values: usize,
    spans: Spans,
    duplicates: Vec<Duplicate>,
}

impl<'a> Builder<'a> {
    fn document(&mut self) -> Result<Json, Malformed> {
        let mut document = None;
        loop {
            let (event, at) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(document.unwrap_or_default()),
                Event::StreamStart | Event::DocumentEnd | Event::Nothing => {}
                Event::DocumentStart(_) if document.is_some() => {
                    let help = "put each document into a file of its own";
                    return Err(refused("there is more than one document", help, at));
                }
                Event::DocumentStart(_) => {
                    let first = self.next()?;
                    document = Some(self.value(first, Pointer::root(), None, 0)?);
                }
                _ => return Err(refused("the document ends and goes on", "keep one document", at)),
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, Range<usize>), Malformed> {
        match self.parser.next_event() {
            Some(Ok((event, marks))) => Ok((event, self.range(marks))),
            Some(Err(error)) => {
                let at = self.offset(error.marker().index());
                let message = format!("this is no YAML: {}", error.info());
                Err(refused(
                    message,
                    "check the indentation and the quotes around this place",
                    at..at.saturating_add(1),
                ))
            }
            None => Ok((Event::StreamEnd, 0..0)),
        }
    }

    fn offset(&self, character: usize) -> usize {
        self.offsets.get(character).or(self.offsets.last()).copied().unwrap_or(0)
    }

    fn range(&self, marks: Marks) -> Range<usize> {
        self.offset(marks.start.index())..self.offset(marks.end.index())
    }

    /// Builds the value that begins with an event.
    fn value(
        &mut self,
        (event, at): (Event<'a>, Range<usize>),
        pointer: Pointer,
        key: Option<Range<usize>>,
        depth: usize,
    ) -> Result<Json, Malformed> {
        if depth > MAX_DEPTH {
            return Err(refused("the document is nested too deeply", "nest less deeply", at));
        }
        let before = self.values;
        self.count(1, &at)?;
        let (json, until, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                refuse_tag(tag.is_some(), &at)?;
                (scalar(&text, style), at.end, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                refuse_tag(tag.is_some(), &at)?;
                let (elements, until) = self.elements(&pointer, depth)?;
                (elements, until, anchor)
            }
            Event::MappingStart(anchor, tag) => {
                refuse_tag(tag.is_some(), &at)?;
                let (members, until) = self.members(&pointer, depth)?;
                (members, until, anchor)
            }
            Event::Alias(anchor) => {
                let Some((json, values)) = self.anchors.get(&anchor).cloned() else {
                    return Err(refused("the alias refers to itself", "write the value out", at));
                };
                self.count(values, &at)?;
                (json, at.end, 0)
            }
            _ => return Err(refused("a value is missing here", "write the value", at)),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, (json.clone(), self.values.saturating_sub(before)));
        }
        let is_container = json.is_object() || json.is_array();
        self.spans.insert(pointer.into(), Span { key, value: at.start..until.max(at.end), is_container });
        Ok(json)
    }

    fn count(&mut self, values: usize, at: &Range<usize>) -> Result<(), Malformed> {
        self.values = self.values.saturating_add(values);
        if self.values > MAX_VALUES {
            return Err(refused("the document has too many values", "use fewer aliases", at.clone()));
        }
        Ok(())
    }

    fn elements(&mut self, array: &Pointer, depth: usize) -> Result<(Json, usize), Malformed> {
        let mut elements = Vec::new();
        let mut until = 0;
        loop {
            let (event, at) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok((Json::Array(elements), if at.is_empty() { until } else { at.end }));
            }
            until = at.end;
            let element = self.value((event, at), array.index(elements.len()), None, depth.saturating_add(1))?;
            elements.push(element);
        }
    }

    fn members(&mut self, object: &Pointer, depth: usize) -> Result<(Json, usize), Malformed> {
        let mut members = Map::new();
        let mut until = 0;
        loop {
            let (event, key) = self.next()?;
            let name = match event {
                Event::MappingEnd => return Ok((Json::Object(members), if key.is_empty() { until } else { key.end })),
                Event::Scalar(name, ..) => name.into_owned(),
                _ => return Err(refused("a key is no text", "write keys as plain texts", key)),
            };
            if name == "<<" {
                let help = "write the members out; merging is not part of YAML 1.2";
                return Err(refused("members cannot be merged with `<<`", help, key));
            }
            let pointer = object.key(&name);
            if members.contains_key(&name) {
                self.duplicates.push(Duplicate { pointer: pointer.as_str().to_owned(), key: key.clone() });
            }
            let value = self.next()?;
            until = value.1.end;
            let value = self.value(value, pointer, Some(key), depth.saturating_add(1))?;
            members.insert(name, value);
        }
    }
}

fn refused(message: impl Into<String>, help: &'static str, at: Range<usize>) -> Malformed {
    Malformed { message: message.into(), help, at }
}

fn refuse_tag(has_tag: bool, at: &Range<usize>) -> Result<(), Malformed> {
    match has_tag {
        true => Err(refused("tags have no meaning here", "take out the tag; quote what is a text", at.clone())),
        false => Ok(()),
    }
}

/// A scalar by the core schema of YAML 1.2. Numbers that JSON cannot hold stay texts.
fn scalar(text: &str, style: ScalarStyle) -> Json {
    if style != ScalarStyle::Plain {
        return text.into();
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Json::Null,
        "true" | "True" | "TRUE" => Json::Bool(true),
        "false" | "False" | "FALSE" => Json::Bool(false),
        _ => number(text).map_or_else(|| text.into(), Json::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0x") {
        return i64::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with(['+', '-'])).map(Number::from);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return i64::from_str_radix(digits, 8).ok().filter(|_| !digits.starts_with(['+', '-'])).map(Number::from);
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    let is_decimal = text.contains(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E'));
    text.parse::<f64>().ok().filter(|_| is_decimal).and_then(Number::from_f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Json {
        match parse(text) {
            Ok(parsed) => parsed.json,
            Err(fault) => panic!("{text}: {}", fault.message),
        }
    }

    fn refusal(text: &str) -> (String, Range<usize>) {
        match parse(text) {
            Ok(parsed) => panic!("{text}: {}", parsed.json),
            Err(fault) => (fault.message, fault.at),
        }
    }

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        let text = "[NO, yes, on, null, ~, true, 12, -3, +4, 0x1F, 0o17, 1.5, 1e3, 2026-03-01, 09:00, '12', \"a\", \
                    .inf, 1.2.3, e, -]";
        let text = text.replace(", -]", "]");
        let expected = serde_json::json!([
            "NO",
            "yes",
            "on",
            null,
            null,
            true,
            12,
            -3,
            4,
            31,
            15,
            1.5,
            1000.0,
            "2026-03-01",
            "09:00",
            "12",
            "a",
            ".inf",
            "1.2.3",
            "e"
        ]);
        assert_eq!(read(&text), expected);
    }

    #[test]
    fn members_have_their_places_even_after_wide_characters() {
        let text = "# café\ncampaigns:\n  - id: é\n    codes: [A, B]\n    when:\n      type: country\n";
        let Ok(parsed) = parse(text) else { panic!() };
        let of = |pointer: &str| {
            let span = parsed.spans.nearest(pointer).unwrap();
            (span.key.clone().map(|key| &text[key]), &text[span.value.clone()])
        };
        assert_eq!(of("/campaigns/0/id"), (Some("id"), "é"));
        assert_eq!(of("/campaigns/0/codes"), (Some("codes"), "[A, B]"));
        assert_eq!(of("/campaigns/0/codes/1"), (None, "B"));
        assert_eq!(of("/campaigns/0/when/type"), (Some("type"), "country"));
        assert!(of("/campaigns/0").1.starts_with("id: é"), "{:?}", of("/campaigns/0"));
        assert_eq!(of("/campaigns").0, Some("campaigns"));
    }

    #[test]
    fn aliases_are_written_out_and_cannot_fill_the_memory() {
        assert_eq!(read("a: &x [1, 2]\nb: *x\n"), serde_json::json!({ "a": [1, 2], "b": [1, 2] }));
        let mut bomb = String::from("a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n");
        for level in 1..12 {
            let before = level - 1;
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![format!("*a{before}"); 10].join(",")));
        }
        assert!(parse(&bomb).is_err());
        assert!(parse("a: &x [*x]").is_err());
    }

    #[test]
    fn what_json_has_no_form_for_is_refused() {
        assert_eq!(refusal("a: 1\n---\nb: 2\n").0, "there is more than one document");
        assert_eq!(refusal("a: !!str 1\n").0, "tags have no meaning here");
        assert_eq!(refusal("? [a, b]\n: 1\n").0, "a key is no text");
        assert_eq!(refusal("a: {}\nb:\n  <<: {}\n"), ("members cannot be merged with `<<`".into(), 11..13));
        assert!(refusal(&"[".repeat(200)).0.contains("deep"), "{}", refusal(&"[".repeat(200)).0);
        assert!(refusal("a: [1\nb: 2\n").0.starts_with("this is no YAML"));
    }

    #[test]
    fn an_empty_document_is_null_and_duplicates_are_found() {
        assert_eq!(read("# nothing\n"), Json::Null);
        let Ok(parsed) = parse("a: 1\nb: {a: 2}\na: 3\n") else { panic!() };
        let found: Vec<_> = parsed.duplicates.iter().map(|d| (d.pointer.as_str(), d.key.clone())).collect();
        assert_eq!(found, [("/a", 15..16)]);
    }
}
