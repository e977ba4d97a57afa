//! The JSON Schema of requests, from the declaration that reads them.

use super::types::request_shapes;
use crate::request::shape::{Kind, List, Member, Shape, Whole};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use serde_json::{json, Map, Value as Json};

const ID: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/request.schema.json");

pub fn write() -> String {
    let mut shapes = request_shapes().into_iter();
    let request = shapes.next().map(object).unwrap_or_default();
    let others: Map<String, Json> = shapes.map(|shape| (shape.name.to_owned(), object(shape))).collect();
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "counterfoil request",
        "$defs": others,
    });
    if let (Json::Object(schema), Json::Object(request)) = (&mut schema, request) {
        schema.extend(request);
    }
    format!("{schema:#}\n")
}

/// Members that are not named are passed over, so they are no mistake.
fn object(shape: &Shape) -> Json {
    let members: Map<String, Json> = shape.members.iter().map(|one| (one.name.to_owned(), member(one))).collect();
    let required = shape.members.iter().filter(|one| one.is_required).map(|one| one.name);
    let required: alloc::vec::Vec<&str> = required.collect();
    json!({ "type": "object", "description": in_one_line(shape.doc), "properties": members, "required": required })
}

fn member(of: &Member) -> Json {
    let held = kind(&of.kind);
    let mut schema = match of.is_required {
        true => held,
        false => json!({ "anyOf": [held, { "type": "null" }] }),
    };
    if let Json::Object(schema) = &mut schema {
        schema.insert("description".to_owned(), in_one_line(of.doc).into());
    }
    schema
}

fn kind(of: &Kind) -> Json {
    let text = || json!({ "type": "string" });
    match of {
        Kind::Currency => json!({ "type": "string", "pattern": "^[A-Z]{3}$" }),
        Kind::Text(_) | Kind::OwnWord(..) | Kind::Word(_) | Kind::Campaign(_) => text(),
        Kind::Day => json!({ "type": "string", "pattern": "^([0-9]{4}|-)-[0-9]{2}-[0-9]{2}$" }),
        Kind::Whole(Whole { least, most, .. }) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Kind::Quantity(..) => json!({ "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": 1_000_000 },
            { "type": "string", "pattern": "^[0-9]+([.][0-9]{1,4})?$" },
        ] }),
        Kind::Percent(_) => json!({ "anyOf": [
            { "type": "integer", "minimum": 0, "maximum": 100 },
            { "type": "string", "pattern": "^[0-9]+([.][0-9]+)?$" },
        ] }),
        Kind::Flag(_) => json!({ "type": "boolean" }),
        Kind::Words(_) => list(&crate::request::shape::WORDS, text()),
        Kind::Codes(most) | Kind::Campaigns(most) => list(most, text()),
        Kind::Attributes(_) => {
            let value = json!({ "type": ["string", "number", "boolean"] });
            let values = list(&crate::request::shape::WORDS, value);
            json!({ "type": "object", "additionalProperties": { "anyOf": [
                { "type": ["string", "number", "boolean", "null"] }, values,
            ] } })
        }
        Kind::OneOf(_, choices) => json!({ "enum": choices }),
        Kind::Parts(most, parts) => list(most, json!({ "enum": parts })),
        Kind::Object(shape) | Kind::ObjectIfAny(shape) => reference(shape),
        Kind::List(most, shape) => list(most, reference(shape)),
    }
}

fn reference(shape: &Shape) -> Json {
    json!({ "$ref": format!("#/$defs/{}", shape.name) })
}

fn list(List { most, .. }: &List, of: Json) -> Json {
    json!({ "type": "array", "maxItems": most, "items": of })
}

fn in_one_line(doc: &str) -> String {
    doc.split_whitespace().collect::<alloc::vec::Vec<_>>().join(" ")
}
