//! Reading members of Voucherify's objects: numbers come as numbers or as texts, lists as lists or as single values.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::str::FromStr;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

/// An object of Voucherify, member by member.
pub(super) type Row = Map<String, Value>;

/// The text of a value.
pub(super) fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}

/// The same as a text of its own; numbers as they are written.
pub(super) fn owned(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The number of a value, exactly as it is written.
pub(super) fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => parse(&number.to_string()),
        Value::String(text) => parse(text.trim()),
        _ => None,
    }
}

fn parse(text: &str) -> Option<Decimal> {
    Decimal::from_str(text).or_else(|_| Decimal::from_scientific(text)).ok()
}

/// The whole number of a value.
pub(super) fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| decimal(value).filter(Decimal::is_integer).and_then(|number| number.to_i64()))
}

/// A whole number, or zero.
pub(super) fn count(value: &Value) -> i64 {
    whole(value).unwrap_or(0)
}

/// The elements of a list, a `data` list, or a value alone.
pub(super) fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(elements) => elements.iter().collect(),
        Value::Object(object) if object.get("data").is_some_and(Value::is_array) => {
            object.get("data").map(list).unwrap_or_default()
        }
        alone => alloc::vec![alone],
    }
}

/// The member that a dotted path names.
pub(super) fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(value, |value, member| &value[member])
}

/// A decimal as a JSON number, without zeros that say nothing.
pub(super) fn number(decimal: Decimal) -> Value {
    let decimal = decimal.normalize();
    match decimal.to_i64().filter(|_| decimal.is_integer()) {
        Some(whole) => whole.into(),
        None => serde_json::from_str(&decimal.to_string()).unwrap_or_default(),
    }
}

/// Sets a member that is not always there.
pub(super) fn set(row: &mut Row, member: &str, value: impl Into<Value>) {
    row.insert(member.to_string(), value.into());
}

/// Sets a member where there is a value.
pub(super) fn set_if(row: &mut Row, member: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        set(row, member, value);
    }
}

/// The members of an object, none of anything else.
pub(super) fn row(value: &Value) -> Row {
    value.as_object().cloned().unwrap_or_default()
}

/// Whether a list or a value holds a text.
pub(super) fn holds(value: &Value, word: &str) -> bool {
    list(value).into_iter().any(|element| element.as_str() == Some(word))
}
