//! Reading documents with a pointer in hand, so that every fault names its place and its remedy.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use crate::error::{Diagnostic, Document, FixBy};
use crate::money::{Currency, Rate, MAX_AMOUNT};
use crate::pointer::Pointer;
use crate::selector::{EMPTY, TOO_LONG};
use crate::vocabulary::{AmountRow, Amounts, VocabularyBuilder};

/// Reads a whole value.
///
/// ```
/// use counterfoil::campaign::reading;
/// use counterfoil::pointer::Pointer;
/// let read = reading::value::<Vec<String>>(&serde_json::json!(["a", 1]), &Pointer::root().key("codes"));
/// let fault = read.unwrap_err();
/// assert_eq!(fault.message, "a text is expected here, not the number `1`");
/// assert_eq!(fault.at.unwrap().pointer, "/codes/1");
/// ```
///
/// # Errors
/// `field_unknown`, `field_missing` or `field_invalid`, at the member that is wrong.
pub fn value<T: DeserializeOwned>(document: &Json, at: &Pointer) -> Result<T, Box<Diagnostic>> {
    serde_path_to_error::deserialize(document).map_err(|error| {
        let mut place = at.clone();
        for segment in error.path().iter() {
            match segment {
                serde_path_to_error::Segment::Seq { index } => place = place.index(*index),
                serde_path_to_error::Segment::Map { key } => place = place.key(key),
                serde_path_to_error::Segment::Enum { variant } => place = place.key(variant),
                serde_path_to_error::Segment::Unknown => {}
            }
        }
        fault(&error.inner().to_string(), &place)
    })
}

/// Sorts serde's words into our codes. serde has no error kinds; its phrases are stable and covered by tests.
fn fault(words: &str, at: &Pointer) -> Box<Diagnostic> {
    if words.starts_with("unknown field") {
        return diagnostic("field_unknown", words, "remove the field or correct its spelling", at);
    }
    if words.starts_with("missing field") {
        return diagnostic("field_missing", words, "add the field", at);
    }
    match words.strip_prefix("invalid type: ").and_then(|words| words.split_once(", expected ")) {
        Some((found, expected)) => {
            let (expected, help) = in_words_of_json(expected);
            invalid(format!("{expected} is expected here, not {}", found_in_words_of_json(found)), help, at)
        }
        None if words.starts_with("data did not match any variant of untagged enum") => {
            let (expected, help) = ("a text, a whole number or a boolean", "write a single value");
            invalid(format!("{expected} is expected here"), help, at)
        }
        None if words == EMPTY => invalid(words, "name at least one, or leave the member out", at),
        None if words == TOO_LONG => invalid(words, "select a category or an attribute that they share", at),
        None => invalid(words, "correct the value", at),
    }
}

/// What serde expected, by the names that JSON has for it, and how to get there.
fn in_words_of_json(expected: &str) -> (&str, &'static str) {
    match expected {
        "a string" => ("a text", "put the value in quotes"),
        "a boolean" => ("a boolean", "write `true` or `false`"),
        "a sequence" => ("a list", "put the values in square brackets"),
        "i64" | "u64" | "i32" | "u32" | "i16" | "u16" | "u8" => {
            ("a whole number", "write a whole number without quotes; money is in minor units")
        }
        "a map" => ("an object", "write an object"),
        rust if rust.starts_with("struct ") => ("an object", "write an object"),
        other => (other, "correct the value"),
    }
}

/// What serde found: `string "12"`, `integer `3``, `null`, `map`.
fn found_in_words_of_json(found: &str) -> String {
    let (kind, value) = found.split_once(' ').unwrap_or((found, ""));
    match kind {
        "string" => format!("the text {value}"),
        "integer" => format!("the number {value}"),
        "floating" => format!("the number {}", value.trim_start_matches("point ")),
        "boolean" => format!("the boolean {value}"),
        "map" => "an object".to_owned(),
        "sequence" => "a list".to_owned(),
        _ => found.to_owned(),
    }
}

/// A diagnostic about a campaign document, for the merchant.
pub(crate) fn diagnostic(
    code: &'static str,
    message: impl Into<String>,
    help: impl Into<String>,
    at: &Pointer,
) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(code, message, help).fix_by(FixBy::Merchant).at(Document::Campaign, at.as_str()))
}

/// A `field_invalid` diagnostic.
pub(crate) fn invalid(message: impl Into<String>, help: impl Into<String>, at: &Pointer) -> Box<Diagnostic> {
    diagnostic("field_invalid", message, help, at)
}

/// The `type` of a condition, discount or earning rule, and its other members.
pub(crate) fn kind<'a>(
    document: &'a Json,
    what: &str,
    types: &[&str],
    at: &Pointer,
) -> Result<(&'a str, &'a Map<String, Json>), Box<Diagnostic>> {
    let Json::Object(members) = document else {
        let help = format!("write an object with a `type`, one of {}", list(types));
        return Err(invalid(format!("a {what} is an object"), help, at));
    };
    match members.get("type") {
        Some(Json::String(kind)) => Ok((kind, members)),
        Some(_) => Err(invalid("`type` is a text", format!("one of {}", list(types)), &at.key("type"))),
        None => {
            let help = format!("add a `type`, one of {}", list(types));
            Err(diagnostic("field_missing", "missing field `type`", help, at))
        }
    }
}

/// The members of a kind besides its `type`.
pub(crate) fn members<T: DeserializeOwned>(members: &Map<String, Json>, at: &Pointer) -> Result<T, Box<Diagnostic>> {
    let mut rest = members.clone();
    rest.remove("type");
    value(&Json::Object(rest), at)
}

/// A kind that does not exist.
pub(crate) fn kind_unknown(kind: &str, what: &str, types: &[&str], at: &Pointer) -> Box<Diagnostic> {
    let help = format!("use one of {}", list(types));
    let mut unknown = diagnostic("kind_unknown", format!("there is no {what} `{kind}`"), help, &at.key("type"));
    unknown.params.push(("kind", crate::error::Param::Text(kind.to_owned())));
    unknown
}

fn list(types: &[&str]) -> String {
    let quoted: Vec<String> = types.iter().map(|kind| format!("`{kind}`")).collect();
    quoted.join(", ")
}

/// Amounts per currency: at least one, each a code of three capitals and zero to [`MAX_AMOUNT`] minor units.
pub(crate) fn amounts(
    amounts: &Amounts,
    vocabulary: &mut VocabularyBuilder,
    at: &Pointer,
) -> Result<AmountRow, Box<Diagnostic>> {
    check_amounts(amounts, at)?;
    Ok(vocabulary.amounts(amounts))
}

/// Checks amounts as [`amounts`] does.
pub(crate) fn check_amounts(amounts: &Amounts, at: &Pointer) -> Result<(), Box<Diagnostic>> {
    if amounts.0.is_empty() {
        return Err(invalid("no amount is given", "write one amount per currency: { \"EUR\": 5000 }", at));
    }
    for (code, minor) in &amounts.0 {
        if Currency::parse(code).is_none() {
            let help = "use the three capital letters of ISO 4217, such as `EUR`";
            return Err(invalid(format!("`{code}` is not a currency code"), help, &at.key(code)));
        }
        if !(0..=MAX_AMOUNT).contains(minor) {
            let help = "write minor units from 0 to 9007199254740991";
            return Err(diagnostic("amount_out_of_range", format!("{minor} is no usable amount"), help, &at.key(code)));
        }
    }
    Ok(())
}

/// A count of at least one.
pub(crate) fn count(count: i64, at: &Pointer) -> Result<i64, Box<Diagnostic>> {
    match count {
        1..=1_000_000 => Ok(count),
        _ => Err(invalid(format!("{count} is out of range"), "write a whole number from 1 to 1000000", at)),
    }
}

/// A list that must not be empty, nor longer than a node may be.
pub(crate) fn some<T>(values: &[T], at: &Pointer) -> Result<(), Box<Diagnostic>> {
    match values.len() {
        0 => Err(invalid(EMPTY, "name at least one", at)),
        1..=1000 => Ok(()),
        _ => Err(invalid("the list has more than 1000 values", "use a category or a segment instead", at)),
    }
}

/// A percentage from 0 to 100, as a decimal text with at most seven decimals.
pub(crate) fn percent(text: &str, at: &Pointer) -> Result<Rate, Box<Diagnostic>> {
    let rate = text.parse().ok().and_then(Rate::percent).filter(|rate| !rate.exceeds_one());
    rate.ok_or_else(|| {
        invalid(format!("`{text}` is no percentage"), "write a decimal from \"0\" to \"100\", such as \"12.5\"", at)
    })
}

/// What a percentage on top comes to: `"15"` is 1.15 times. From 0 to 10000, with at most four decimals.
pub(crate) fn surcharge(text: &str, at: &Pointer) -> Result<Rate, Box<Diagnostic>> {
    let parts = crate::digits::decimal(text, 4).filter(|parts| *parts <= 100_000_000);
    let rate = parts.and_then(|parts| Rate::ratio(parts.saturating_add(1_000_000), 1_000_000));
    rate.ok_or_else(|| {
        invalid(format!("`{text}` is no percentage"), "write a decimal from \"0\" to \"10000\", such as \"15\"", at)
    })
}

/// A factor above zero, as a decimal text.
pub(crate) fn factor(text: &str, at: &Pointer) -> Result<Rate, Box<Diagnostic>> {
    let rate = text.parse().ok().and_then(Rate::factor).filter(|rate| !rate.is_zero());
    rate.ok_or_else(|| invalid(format!("`{text}` is no factor"), "write a decimal above zero, such as \"1.5\"", at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::Campaign;
    use crate::selector::{LineSelector, MAX_VALUES};
    use serde_json::json;

    fn fault(campaign: Json) -> (&'static str, String) {
        let fault = value::<Campaign>(&campaign, &Pointer::root()).unwrap_err();
        (fault.code, fault.message)
    }

    #[test]
    fn faults_speak_of_json_and_not_of_rust() {
        let invalid = |message: &str| ("field_invalid", message.to_owned());
        assert_eq!(fault(json!("x")), invalid("an object is expected here, not the text \"x\""));
        assert_eq!(fault(json!({ "id": 1 })), invalid("a text is expected here, not the number `1`"));
        assert_eq!(fault(json!({ "id": null })), invalid("a text is expected here, not null"));
        assert_eq!(fault(json!({ "id": "a", "codes": "A" })), invalid("a list is expected here, not the text \"A\""));
        assert_eq!(fault(json!({ "id": "a", "codes": [{}] })), invalid("a text is expected here, not an object"));
        let priority = |value: Json| fault(json!({ "id": "a", "stacking": { "priority": value } }));
        assert_eq!(priority(json!(1.5)), invalid("a whole number is expected here, not the number `1.5`"));
        assert_eq!(priority(json!([])), invalid("a whole number is expected here, not a list"));
        let exclusive = |value: Json| fault(json!({ "id": "a", "stacking": { "exclusive": value } }));
        assert_eq!(exclusive(json!("yes")), invalid("a boolean is expected here, not the text \"yes\""));
        assert_eq!(fault(json!({})), ("field_missing", "missing field `id`".to_owned()));
        assert_eq!(fault(json!({ "id": "a", "x": 1 })).0, "field_unknown");
    }

    #[test]
    fn a_list_of_a_selector_that_names_nothing_is_no_way_to_say_all() {
        let read = value::<LineSelector>(&json!({ "attributes": { "brand": [] } }), &Pointer::root());
        let fault = read.unwrap_err();
        assert_eq!((fault.code, fault.at.unwrap().pointer.as_str()), ("field_invalid", "/attributes/brand"));
        assert_eq!(fault.message, "the list is empty");
        assert_eq!(fault.help, "name at least one, or leave the member out");
    }

    #[test]
    fn the_values_of_a_selector_end_at_their_limit() {
        let read = |count: usize| {
            let products: Vec<String> = (0..count).map(|number| format!("p{number}")).collect();
            value::<LineSelector>(&json!({ "products": products }), &Pointer::root())
        };
        assert_eq!(read(MAX_VALUES).unwrap().products.len(), 10_000);
        let fault = read(MAX_VALUES + 1).unwrap_err();
        assert_eq!((fault.code, fault.at.unwrap().pointer.as_str()), ("field_invalid", "/products"));
        assert_eq!(fault.message, "the list has more than 10000 values");
        assert_eq!(fault.help, "select a category or an attribute that they share");
    }

    #[test]
    fn the_values_of_a_condition_end_at_their_limit() {
        let read = |count: usize| some(&[(); 1_001][..count], &Pointer::root().key("in"));
        assert!(read(1_000).is_ok());
        let fault = read(1_001).unwrap_err();
        assert_eq!((fault.code, fault.message.as_str()), ("field_invalid", "the list has more than 1000 values"));
    }
}
