//! The documented types of requests and quotes.

use super::{comment, joined};
use crate::engine::step::STEPS;
use crate::quote::shape as answer;
use crate::reason::ParamKind;
use crate::request::shape as request;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// What a reason says, which the core words when it is asked: name, type, doc.
pub const REASON: &[(&str, &str, &str)] = &[
    ("code", "string", "Stable snake_case code."),
    ("message", "string", "For people; may change in any release."),
    ("help", "string", "What would change it."),
    ("fixBy", "FixBy", "Who can change it."),
    ("at?", "Place", "The condition in the campaign document."),
    (
        "params",
        "Readonly<Record<string, number | string>>",
        "For your own words: money in minor units, times in UTC milliseconds.",
    ),
];

pub fn write() -> String {
    let mut out = String::from("import type { FixBy, Place } from './error.js';\n");
    for shape in request_shapes() {
        out.push_str(&request_interface(shape));
    }
    out.push_str(&comment("The value of an attribute.", "\n"));
    out.push_str("export type AttributeValue = string | number | boolean;\n");
    out.push_str(&comment("Attributes by name.", "\n"));
    out.push_str("export interface Attributes {\n");
    out.push_str(&comment("A value, or several.", "  "));
    out.push_str("  [name: string]: AttributeValue | readonly AttributeValue[] | null | undefined;\n}\n");
    for shape in answer_shapes() {
        out.push_str(&answer_interface(shape));
    }
    out.push_str(&comment("Why a code did not apply.", "\n"));
    out.push_str("export interface Reason {\n");
    for (name, kind, doc) in REASON {
        out.push_str(&comment(doc, "  "));
        out.push_str(&format!("  readonly {name}: {kind};\n"));
    }
    out.push_str("}\n");
    out.push_str(&steps());
    out
}

/// The steps of hints: each kind with its own params.
fn steps() -> String {
    let mut out = comment("A step of one kind.", "\n");
    out.push_str("export interface StepOf<Code extends string, Params> extends Omit<Reason, 'code' | 'params'> {\n");
    out.push_str("  readonly code: Code;\n  readonly params: Readonly<Params>;\n}\n");
    out.push_str(&comment("What a shopper can do; `code` tells the kinds apart.", "\n"));
    out.push_str("export type Step =");
    for kind in STEPS {
        let params = kind.params.iter().map(|(name, kind)| match kind {
            ParamKind::Money | ParamKind::Count | ParamKind::Time => format!("{name}: number"),
            _ => format!("{name}: string"),
        });
        let params: Vec<String> = params.collect();
        let said = format!("{}: {}.", kind.message, kind.help);
        out.push_str(&comment(&said, "\n  ").replace("\n\n", "\n"));
        out.push_str(&format!("  | StepOf<'{}', {{ {} }}>", kind.code, params.join("; ")));
    }
    out.push_str(";\n");
    out
}

/// All objects of a request, each after the one that first speaks of it.
pub fn request_shapes() -> Vec<&'static request::Shape> {
    let mut shapes = vec![&request::REQUEST];
    let mut at = 0;
    while at < shapes.len() {
        for member in shapes[at].members {
            use request::Kind::{List, Object, ObjectIfAny};
            if let Object(shape) | ObjectIfAny(shape) | List(_, shape) = &member.kind {
                if !shapes.iter().any(|known| known.name == shape.name) {
                    shapes.push(shape);
                }
            }
        }
        at += 1;
    }
    shapes
}

fn answer_shapes() -> Vec<&'static answer::Shape> {
    let mut shapes = vec![&answer::QUOTE];
    let mut at = 0;
    while at < shapes.len() {
        for member in shapes[at].members {
            use answer::Kind::{List, ListIfAny, ObjectIfAny, OneOf};
            let named: Vec<&'static answer::Shape> = match &member.kind {
                List(shape) | ListIfAny(shape) | ObjectIfAny(shape) => vec![shape],
                OneOf(shapes) => shapes.iter().map(|(_, shape)| *shape).collect(),
                _ => vec![],
            };
            for shape in named {
                if !shapes.iter().any(|known| known.name == shape.name) {
                    shapes.push(shape);
                }
            }
        }
        at += 1;
    }
    shapes
}

fn request_interface(shape: &request::Shape) -> String {
    use request::Kind;
    let mut out = comment(shape.doc, "\n");
    out.push_str(&format!("export interface {} {{\n", shape.name));
    for member in shape.members {
        let kind = match &member.kind {
            Kind::Currency | Kind::Text(_) | Kind::OwnWord(..) | Kind::Word(_) | Kind::Campaign(_) | Kind::Day => {
                "string".to_owned()
            }
            Kind::Whole(_) => "number".to_owned(),
            Kind::Quantity(..) | Kind::Percent(_) => "number | string".to_owned(),
            Kind::Flag(_) => "boolean".to_owned(),
            Kind::Words(_) | Kind::Codes(_) | Kind::Campaigns(_) => "readonly string[]".to_owned(),
            Kind::Attributes(_) => "Attributes".to_owned(),
            Kind::OneOf(_, choices) => joined(choices, " | "),
            Kind::Parts(_, parts) => format!("readonly ({})[]", joined(parts, " | ")),
            Kind::Object(shape) | Kind::ObjectIfAny(shape) => shape.name.to_owned(),
            Kind::List(_, shape) => format!("readonly {}[]", shape.name),
        };
        out.push_str(&comment(member.doc, "  "));
        out.push_str(&match member.is_required {
            true => format!("  {}: {kind};\n", member.name),
            false => format!("  {}?: {kind} | null;\n", member.name),
        });
    }
    out.push_str("}\n");
    out
}

fn answer_interface(shape: &answer::Shape) -> String {
    let mut out = comment(shape.doc, "\n");
    out.push_str(&format!("export interface {} {{\n", shape.name));
    for (kind, name) in tags(shape) {
        out.push_str(&comment("Tells the kinds apart.", "  "));
        out.push_str(&format!("  readonly {kind}: '{name}';\n"));
    }
    for member in shape.members {
        let name = member.name;
        let optional = if is_optional(&member.kind) { "?" } else { "" };
        out.push_str(&comment(member.doc, "  "));
        // the view reads it when it is asked for, so that it is there and may be nothing
        let is_read_late = match member.kind {
            answer::Kind::ObjectIfAny(_) => true,
            answer::Kind::NameIfAny(_) => shape.name == "Quote",
            _ => false,
        };
        let unset = if is_read_late { " | undefined" } else { "" };
        out.push_str(&format!("  readonly {name}{optional}: {}{unset};\n", of(&member.kind)));
    }
    out.push_str("}\n");
    out
}

/// The tag of an object that is one of several.
fn tags(shape: &answer::Shape) -> Vec<(&'static str, &'static str)> {
    let members = answer_shapes().into_iter().flat_map(|shape| shape.members);
    let choices = members.filter_map(|member| match &member.kind {
        answer::Kind::OneOf(choices) => Some(*choices),
        _ => None,
    });
    let tags = choices.flatten().filter(|(_, choice)| choice.name == shape.name);
    tags.map(|(name, _)| ("type", *name)).collect()
}

pub fn is_optional(kind: &answer::Kind) -> bool {
    use answer::Kind::{ListIfAny, NameIfAny, NumberIfAny, ObjectIfAny};
    matches!(kind, NameIfAny(_) | ListIfAny(_) | NumberIfAny | ObjectIfAny(_))
}

/// The type of a member.
pub fn of(kind: &answer::Kind) -> String {
    use answer::Kind;
    match kind {
        Kind::Currency | Kind::Name(_) | Kind::NameIfAny(_) => "string".to_owned(),
        Kind::Number | Kind::NumberIfAny => "number".to_owned(),
        Kind::ObjectIfAny(shape) => shape.name.to_owned(),
        Kind::Word(words) => joined(words, " | "),
        Kind::Words(words) => format!("readonly ({})[]", joined(words, " | ")),
        Kind::List(shape) | Kind::ListIfAny(shape) => format!("readonly {}[]", shape.name),
        Kind::Reasons => "readonly Reason[]".to_owned(),
        Kind::OneOf(choices) => {
            let names: Vec<&str> = choices.iter().map(|(_, shape)| shape.name).collect();
            names.join(" | ")
        }
        Kind::Steps => "readonly Step[]".to_owned(),
    }
}

#[test]
fn a_reason_is_typed_as_it_is_written() {
    let kind = crate::engine::reasons().find(|kind| kind.params.len() > 1).unwrap();
    let slot = crate::engine::reasons().position(|known| core::ptr::eq(known, kind)).unwrap();
    let mut out = crate::quote::Out::new();
    let slots = [i64::try_from(slot).unwrap(), -1, -1, 1, 2, 3];
    let compiled = crate::compile::compile(&[], crate::time::Interval { from: 0, until: 1 }).unwrap();
    let catalog = crate::catalog::Catalog::read(&compiled.section).unwrap();
    let reasons: Vec<_> = crate::engine::reasons().collect();
    let words = crate::quote::Words { catalog: &catalog, reasons: &reasons };
    crate::quote::reason::write(words, crate::money::Currency::NONE.into(), &slots, None, &mut out);
    let told: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(out.bytes()).unwrap();
    let typed = REASON.iter().map(|(name, ..)| *name).filter(|name| !name.ends_with('?'));
    let mut typed: Vec<&str> = typed.collect();
    typed.sort_unstable();
    assert_eq!(told.keys().map(String::as_str).collect::<Vec<_>>(), typed);
}
