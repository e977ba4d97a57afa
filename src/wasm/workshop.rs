//! Wide calls for tools that run in JavaScript: plain objects in, plain objects out. They are called once, by a console
//! or a server, and no storefront downloads them.

use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::prelude::*;

use super::flat;
use crate::compile::{compile, Source};
use crate::time::Interval;

/// What is wrong with campaign documents that would be published together for the time from `from` until `until`, UTC
/// milliseconds: `{ "name": document, … }` in, the list of diagnostics out.
///
/// # Errors
/// What serde-wasm-bindgen says of a value that no JSON can be, and of a time that is none.
#[wasm_bindgen]
pub fn check(documents: JsValue, from: f64, until: f64) -> Result<JsValue, JsValue> {
    let (Some(from), Some(until)) = (flat::whole(from), flat::whole(until)) else {
        return Err(JsError::new("`from` and `until` are whole numbers").into());
    };
    let documents: serde_json::Map<String, Value> = serde_wasm_bindgen::from_value(documents)?;
    let sources: Vec<Source> = documents.into_iter().map(|(name, document)| Source { name, document }).collect();
    let diagnostics = match compile(&sources, Interval { from, until }) {
        Ok(compiled) => compiled.warnings,
        Err(error) => error.diagnostics().cloned().collect(),
    };
    Ok(diagnostics.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}
