//! What came of cases.

use annotate_snippets::normalize_untrusted_str;
use serde_json::Value as Json;

use crate::corpus::{Mismatch, Verdict};
use crate::fault::Place;

/// Longest value that is shown whole.
const MAX_SHOWN: usize = 400;

/// Writes what is wrong with a case: each place, what was expected there and what is there.
pub fn failed_case(name: &str, place: &Place, verdict: &Verdict) -> String {
    let position = place.spot.as_ref().map_or(String::new(), |spot| format!(":{}:{}", spot.line, spot.column));
    let mut text = format!("failed  {}  ({}{position})\n", normalize_untrusted_str(name), place.file);
    match verdict {
        Verdict::Passed => {}
        Verdict::Different(mismatches) => {
            for Mismatch { pointer, expected, actual } in mismatches {
                let pointer = if pointer.is_empty() { "the whole answer" } else { pointer };
                text.push_str(&format!("  {}\n", normalize_untrusted_str(pointer)));
                text.push_str(&format!("    - expected  {}\n", shown(expected.as_ref())));
                text.push_str(&format!("    + actual    {}\n", shown(actual.as_ref())));
            }
        }
        Verdict::Refused(faults) => {
            text.push_str("  a quote was expected, but the request was refused\n");
            for (code, message, pointer) in faults {
                let told =
                    format!("{message} [{code}] at {}", if pointer.is_empty() { "the request" } else { pointer });
                text.push_str(&format!("    {}\n", normalize_untrusted_str(&told)));
            }
        }
    }
    text
}

/// The last line of a run.
pub fn summary(passed: usize, failed: usize) -> String {
    format!("{passed} passed, {failed} failed")
}

fn shown(value: Option<&Json>) -> String {
    let Some(value) = value else { return "(nothing)".to_owned() };
    let text = normalize_untrusted_str(&value.to_string());
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{} …", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
