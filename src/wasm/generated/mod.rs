//! The TypeScript that is written from the Rust types: the documented types, the encoder of requests and the view of
//! answers; and the JSON Schema of requests. The test refuses files that are out of date; with `BLESS=1` it writes new ones.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    reason = "runs in the test alone, on declarations of a few members"
)]

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

mod codes;
mod encoder;
mod request_schema;
#[cfg(feature = "schema")]
mod stories;
mod types;
mod view;

const HEAD: &str = "// Written from the Rust types by `BLESS=1 cargo test --lib generated`; do not edit.\n";

/// A comment for people who read the type. One of a member is set in, one of a type stands after an empty line.
fn comment(doc: &str, before: &str) -> String {
    let lines: Vec<&str> = doc.trim_end().lines().map(str::trim).collect();
    let indent = before.trim_start_matches('\n');
    match lines.as_slice() {
        [line] => format!("{before}/** {line} */\n"),
        _ => {
            let body: String = lines.iter().map(|line| format!("{indent} * {line}\n")).collect();
            format!("{before}/**\n{body}{indent} */\n")
        }
    }
}

/// A text of TypeScript.
fn quoted(text: &str) -> String {
    format!("'{text}'")
}

/// The texts as a union type or the elements of a list.
fn joined(texts: &[&str], by: &str) -> String {
    texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(by)
}

#[test]
fn the_reference_of_codes_is_up_to_date() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes.md");
    let fresh = codes::write();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).unwrap_or_default() == fresh,
        "docs/codes.md is out of date: run `BLESS=1 cargo test --lib generated`"
    );
}

#[test]
fn the_schema_of_requests_is_up_to_date() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/request.schema.json");
    let fresh = request_schema::write();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).unwrap_or_default() == fresh,
        "docs/request.schema.json is out of date: run `BLESS=1 cargo test --lib generated`"
    );
}

#[test]
fn the_generated_files_are_up_to_date() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/wasm/ts");
    let mut stale = Vec::new();
    let files = [("types.ts", types::write()), ("encoder.ts", encoder::write()), ("view.ts", view::write())];
    #[cfg(feature = "schema")]
    let files = files.into_iter().chain([("stories.ts", stories::write())]);
    for (name, body) in files {
        let fresh = [HEAD, &body].concat();
        let path = folder.join(name);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, &fresh).unwrap();
        }
        if std::fs::read_to_string(path).unwrap_or_default() != fresh {
            stale.push(name);
        }
    }
    assert!(stale.is_empty(), "{stale:?} are out of date: run `BLESS=1 cargo test --lib generated`");
}
