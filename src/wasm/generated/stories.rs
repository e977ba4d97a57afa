//! The documented types of traces and refunds, from the schema that their Rust types have.

use super::comment;
use crate::refund::{Refund, ReturnedUnits};
use crate::trace::Trace;
use alloc::format;
use alloc::string::String;
use schemars::generate::SchemaSettings;
use serde_json::Value;

pub fn write() -> String {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    generator.subschema_for::<Trace>();
    generator.subschema_for::<Refund>();
    generator.subschema_for::<ReturnedUnits>();
    let mut out = String::from("import type { Reason } from './types.js';\n");
    for (name, schema) in generator.take_definitions(true) {
        out.push_str(&comment(text(&schema, "description"), "\n"));
        out.push_str(&format!("export interface {name} {{\n"));
        let required =
            |member: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == member));
        for (member, kind) in schema["properties"].as_object().into_iter().flatten() {
            out.push_str(&comment(text(kind, "description"), "  "));
            let optional = if required(member) { "" } else { "?" };
            out.push_str(&format!("  readonly {member}{optional}: {};\n", typed(kind)));
        }
        out.push_str("}\n");
    }
    out
}

fn text<'a>(schema: &'a Value, name: &str) -> &'a str {
    schema[name].as_str().unwrap_or_default()
}

fn typed(schema: &Value) -> String {
    // what may be absent is absent instead of null
    let is_null = |kind: &&Value| **kind == "null" || kind["type"] == "null";
    if let Some(kinds) = schema["type"].as_array() {
        let kind = kinds.iter().find(|kind| !is_null(kind)).expect("a kind besides null");
        return typed(&serde_json::json!({ "type": kind, "items": schema["items"] }));
    }
    if let Some(kinds) = schema["anyOf"].as_array() {
        return typed(kinds.iter().find(|kind| !is_null(kind)).expect("a kind besides null"));
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return name.into();
    }
    match schema["type"].as_str() {
        Some("integer") => "number".into(),
        Some("array") => format!("readonly {}[]", typed(&schema["items"])),
        Some(kind) => kind.into(),
        // the only values without a form of their own are reasons, as quotes have them
        None => "Reason".into(),
    }
}
