//! How requests are refused: the words, away from the path that requests take.

use super::shape::Shape;
use crate::error::{Document, Error, Fault, FixBy, Value};
use crate::json::path::Path;
use alloc::string::String;

const fn invalid(message: &'static str, help: &'static str, values: &'static [&'static str]) -> Fault {
    let (document, fix_by) = (Document::Request, FixBy::Developer);
    Fault { code: "field_invalid", message, help, document, pointer: "{_at}", values, fix_by }
}

pub(super) static NO_LIST: Fault = invalid("this is no list", "send a list", &["_at"]);
pub(super) static NO_TEXT: Fault = invalid("this is no text", "send a text", &["_at"]);
pub(super) static NO_SCALAR: Fault =
    invalid("a single value is expected here", "send a text, a whole number or a boolean", &["_at"]);
pub(super) static NO_FLAG: Fault = invalid("this is neither `true` nor `false`", "send a boolean", &["_at"]);
pub(super) static NO_WHOLE: Fault =
    invalid("this is no whole number", "send a whole number; money is in minor units", &["_at"]);
pub(super) static NO_CURRENCY: Fault = invalid(
    "`{_text}` is not a currency code",
    "send the three capital letters of ISO 4217, such as `EUR`",
    &["_at", "_text"],
);
pub(super) static UNLISTED: Fault = invalid(
    "`{_text}` is no currency of ISO 4217",
    "send its code, or `exponent` for a currency of your own",
    &["_at", "_text"],
);
pub(super) static NO_QUANTITY: Fault = invalid(
    "this is no quantity",
    "send a whole number from 1 to 1000000, or a decimal text with up to four decimals, such as `1.25`",
    &["_at"],
);
pub(super) static NO_PERCENT: Fault =
    invalid("this is no tax rate", "send percent from 0 to 100 as a decimal text, such as `5.5`", &["_at"]);
pub(super) static NO_DAY: Fault =
    invalid("`{_text}` is no day", "send `1990-02-28`, or `--02-28` without the year", &["_at", "_text"]);

/// A value is no such thing as is expected there.
#[cold]
#[inline(never)]
pub(super) fn wrong(fault: &Fault, text: &str, path: &Path<'_>) -> Error {
    fault.error(&[Value::Text(&path.text()), Value::Text(text)])
}

static NO_OBJECT: Fault = invalid("a {_what} is an object", "send an object{_with}", &["_at", "_what", "_with"]);

#[cold]
#[inline(never)]
pub(super) fn no_object(shape: &Shape, path: &Path<'_>) -> Error {
    let mut required = shape.members.iter().filter(|member| member.is_required).map(|member| member.name);
    let with = listed(&mut required, " with `", " and `");
    NO_OBJECT.error(&[Value::Text(&path.text()), Value::Text(shape.what), Value::Text(&with)])
}

static NO_CHOICE: Fault = invalid("there is no `{_text}` here", "send{_choices}", &["_at", "_text", "_choices"]);

#[cold]
#[inline(never)]
pub(super) fn no_choice(name: &str, choices: &[&str], path: &Path<'_>) -> Error {
    let choices = listed(&mut choices.iter().copied(), " `", " or `");
    NO_CHOICE.error(&[Value::Text(&path.text()), Value::Text(name), Value::Text(&choices)])
}

/// Names in words.
fn listed(names: &mut dyn Iterator<Item = &str>, before: &str, last: &str) -> String {
    let mut text = String::new();
    let mut next = names.next();
    while let Some(name) = next {
        next = names.next();
        text.push_str(match next {
            _ if text.is_empty() => before,
            None => last,
            Some(_) => ", `",
        });
        text.push_str(name);
        text.push('`');
    }
    text
}

static MISSING: Fault = Fault {
    code: "field_missing",
    ..invalid("the {_what} has no `{_name}`", "add `{_name}` to the {_what}", &["_at", "_what", "_name"])
};

#[cold]
#[inline(never)]
pub(super) fn missing(shape: &Shape, name: &str, path: &Path<'_>) -> Error {
    MISSING.error(&[Value::Text(&path.key(name).text()), Value::Text(shape.what), Value::Text(name)])
}

static OUT_OF_RANGE: Fault = invalid(
    "{_number} is out of range",
    "send a whole number from {_least} to {_most}",
    &["_at", "_number", "_least", "_most"],
);

#[cold]
#[inline(never)]
pub(super) fn out_of_range(number: i64, least: i64, most: i64, code: &'static str, path: &Path<'_>) -> Error {
    let values = [Value::Text(&path.text()), Value::Number(number), Value::Number(least), Value::Number(most)];
    coded(code, &OUT_OF_RANGE, &values)
}

static TOO_MANY: Fault = invalid("there are more than {_most}", "send at most {_most}", &["_at", "_most"]);

#[cold]
#[inline(never)]
pub(super) fn too_many(most: usize, code: &'static str, path: &Path<'_>) -> Error {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    coded(code, &TOO_MANY, &[Value::Text(&path.text()), Value::Number(most)])
}

static DUPLICATED: Fault = invalid(
    "two {_what}s have the id `{_id}`",
    "give the {_what}s at {_earlier} and {_at} an id each, or make them one",
    &["_at", "_what", "_id", "_earlier"],
);

#[cold]
#[inline(never)]
pub(super) fn duplicated(what: &str, code: &'static str, id: &str, earlier: &Path<'_>, path: &Path<'_>) -> Error {
    let (at, earlier) = (path.key("id").text(), earlier.text());
    coded(code, &DUPLICATED, &[Value::Text(&at), Value::Text(what), Value::Text(id), Value::Text(&earlier)])
}

/// The same fault has a code of its own in each place.
fn coded(code: &'static str, fault: &Fault, values: &[Value<'_>]) -> Error {
    let mut diagnostic = fault.diagnostic(values);
    diagnostic.code = code;
    diagnostic.into()
}
