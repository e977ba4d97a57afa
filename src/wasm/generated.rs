//! The constants that TypeScript shares with the flat form, written to `ts/generated.ts`. The test refuses a file
//! that is out of date; with `BLESS=1` it writes a new one.

use super::flat::STATUSES;
use super::layout::{AnswerSlot, AppliedSlot, HintSlot, LineSlot, ReasonSlot, RefusedSlot, RequestSlot, ShippingSlot};
use crate::cart::{MAX_CODES, MAX_LINES, MAX_PRICE, MAX_SHIPPING, MAX_WORDS};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

fn upper_snake(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_uppercase());
    }
    out
}

fn typescript() -> String {
    let mut out = String::from("// Written from the Rust types by `BLESS=1 cargo test generated`; do not edit.\n");
    let groups: [(&str, &[&str]); 8] = [
        ("REQUEST", RequestSlot::NAMES),
        ("SHIPPING", ShippingSlot::NAMES),
        ("LINE", LineSlot::NAMES),
        ("ANSWER", AnswerSlot::NAMES),
        ("APPLIED", AppliedSlot::NAMES),
        ("REFUSED", RefusedSlot::NAMES),
        ("REASON", ReasonSlot::NAMES),
        ("HINT", HintSlot::NAMES),
    ];
    for (group, names) in groups {
        out.push('\n');
        for (index, name) in names.iter().enumerate() {
            out.push_str(&format!("export const {group}_{} = {index};\n", upper_snake(name)));
        }
        out.push_str(&format!("export const {group}_SLOTS = {};\n", names.len()));
    }
    out.push('\n');
    out.push_str(&format!("export const MAX_PRICE = {MAX_PRICE};\n"));
    for (name, value) in
        [("MAX_LINES", MAX_LINES), ("MAX_CODES", MAX_CODES), ("MAX_SHIPPING", MAX_SHIPPING), ("MAX_WORDS", MAX_WORDS)]
    {
        out.push_str(&format!("export const {name} = {value};\n"));
    }
    let statuses: Vec<String> = STATUSES.iter().map(|status| format!("'{}'", status.name())).collect();
    out.push_str(&format!("\nexport const STATUSES = [{}] as const;\n", statuses.join(", ")));
    out.push_str("\n/** The codes of all reasons, by their number. */\nexport const REASONS = [\n");
    for kind in crate::engine::reasons() {
        out.push_str(&format!("  '{}',\n", kind.code));
    }
    out.push_str("] as const;\n");
    out
}

#[test]
fn the_generated_constants_are_up_to_date() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/wasm/ts/generated.ts");
    let fresh = typescript();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), fresh, "run `BLESS=1 cargo test generated`");
}
