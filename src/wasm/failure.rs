//! An error as JSON: the list of its diagnostics.

use crate::error::{Diagnostic, Error, Param};
use crate::json::write::{self, Out};

/// Writes the diagnostics of `error`, the one that gives it its code first.
pub fn write(error: &Error, out: &mut Out) {
    for (index, known) in error.diagnostics().enumerate() {
        write::raw(out, if index == 0 { "[" } else { "," });
        diagnostic(known, out);
    }
    write::raw(out, "]");
}

/// Writes one of them.
pub fn diagnostic(of: &Diagnostic, out: &mut Out) {
    let mut text = |name: &str, value: &str| {
        write::raw(out, name);
        write::text(out, value);
    };
    text("{\"code\":", of.code);
    text(",\"severity\":", of.severity.name());
    text(",\"message\":", &of.message);
    text(",\"help\":", &of.help);
    if let Some(place) = &of.at {
        text(",\"at\":{\"document\":", place.document.name());
        if let Some(id) = &place.id {
            text(",\"id\":", id);
        }
        text(",\"pointer\":", &place.pointer);
        write::raw(out, "}");
    }
    for (index, (name, value)) in of.params.iter().enumerate() {
        write::raw(out, if index == 0 { ",\"params\":{" } else { "," });
        write::text(out, name);
        write::raw(out, ":");
        match value {
            Param::Number(number) => write::number(out, *number),
            Param::Text(text) => write::text(out, text),
        }
    }
    if !of.params.is_empty() {
        write::raw(out, "}");
    }
    write::raw(out, ",\"fixBy\":");
    write::text(out, of.fix_by.name());
    write::raw(out, "}");
}

#[test]
fn an_error_is_written_as_the_command_line_writes_it() {
    use crate::error::Document;
    use alloc::vec;
    let mut placed =
        Diagnostic::new("b", "say \"b\"", "").at(Document::Campaign, "/a~1b").number("n", -1).text("t", "x");
    placed.at.as_mut().unwrap().id = Some("ten".into());
    let all = vec![Diagnostic::new("a", "m", "h").warning(), placed];
    let mut out = Out::new();
    write(&Error::from_diagnostics(all.clone()).unwrap(), &mut out);
    assert_eq!(core::str::from_utf8(out.bytes()).unwrap(), serde_json::to_string(&all).unwrap());
}
