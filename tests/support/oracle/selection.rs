//! Which lines are meant.

use std::collections::BTreeSet;

use serde_json::{json, Value};

use super::bounds::{in_money, within};
use super::lines::Line;
use super::numbers::{count, members};

/// Fields combine with and, values with or; a line with any excluded value is not selected.
pub(super) fn selects(selector: &Value, line: &Line<'_>, request: &Value) -> bool {
    let of_line = line.properties;
    let number =
        |name: &str| several(&of_line["attributes"][name]).iter().filter_map(|value| value.as_i64()).next_back();
    let numbers = selector["numbers"].as_object().into_iter().flatten();
    let is_on_sale = of_line["regularPrice"].as_i64().is_some_and(|regular| line.price < i128::from(regular));
    verdicts(selector, of_line).into_iter().all(|holds| holds)
        && !verdicts(&selector["except"], of_line).into_iter().any(|holds| holds)
        && in_money(&selector["unitPrice"], line.price, request)
        && in_money(&selector["subtotal"], line.original(), request)
        && within(&selector["quantity"], Some(count(&line.units)))
        && numbers.into_iter().all(|(name, range)| within(range, number(name).map(i128::from)))
        && selector["onSale"].as_bool().is_none_or(|wanted| wanted == is_on_sale)
        && liked(&selector["favourites"], of_line, request)
}

/// For each field whether the line has one of its values.
fn verdicts(selector: &Value, line: &Value) -> Vec<bool> {
    let there = |of: &str| line.pointer(of).unwrap_or(&Value::Null);
    named(selector).into_iter().map(|(of, wanted)| shares_a_value(wanted, there(&of))).collect()
}

/// The lists of values that a selector names, each with what of a line they are compared with.
fn named(selector: &Value) -> Vec<(String, &Value)> {
    let fields = [
        ("categories", "/categories"),
        ("skus", "/sku"),
        ("products", "/product"),
        ("brands", "/attributes/brand"),
        ("tags", "/attributes/tags"),
    ];
    let short = fields.into_iter().filter(|(name, _)| !members(selector, name).is_empty());
    let short = short.map(|(name, of)| (of.to_owned(), &selector[name]));
    let attributes = selector["attributes"].as_object().into_iter().flatten();
    short.chain(attributes.map(|(name, wanted)| (format!("/attributes/{name}"), wanted))).collect()
}

/// Whether two selectors say the same, however they spell it: `brands` is the attribute `brand`, and no order counts.
pub(super) fn mean_the_same(one: &Value, other: &Value) -> bool {
    type Lists = BTreeSet<(String, BTreeSet<String>)>;
    let texts = |values: &Value| -> BTreeSet<String> { several(values).into_iter().map(Value::to_string).collect() };
    let wanted =
        |selector: &Value| -> Lists { named(selector).into_iter().map(|(of, values)| (of, texts(values))).collect() };
    // of what is left out each value counts by itself
    let unwanted = |selector: &Value| -> BTreeSet<(String, String)> {
        let lists = named(&selector["except"]);
        lists
            .into_iter()
            .flat_map(|(of, values)| texts(values).into_iter().map(move |text| (of.clone(), text)))
            .collect()
    };
    let bounds = ["unitPrice", "subtotal", "quantity", "numbers", "onSale", "favourites"];
    wanted(one) == wanted(other)
        && unwanted(one) == unwanted(other)
        && bounds.into_iter().all(|name| one[name] == other[name])
}

/// Whether the line has what the customer's attributes name.
fn liked(favourites: &Value, line: &Value, request: &Value) -> bool {
    let likes = |name: &Value| &request["customer"]["attributes"][name.as_str().unwrap()];
    let fields = [("categories", "categories"), ("skus", "sku"), ("products", "product")];
    let named = fields.into_iter().filter(|(name, _)| favourites[*name].is_string());
    let attributes = favourites["attributes"].as_object().into_iter().flatten();
    named.into_iter().all(|(name, of_line)| shares_a_value(likes(&favourites[name]), &line[of_line]))
        && attributes.into_iter().all(|(name, liked)| shares_a_value(likes(liked), &line["attributes"][name]))
}

/// A value or a list of values; nothing for null.
pub(super) fn several(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().filter(|value| !value.is_null()).collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

pub(super) fn shares_a_value(wanted: &Value, there: &Value) -> bool {
    several(there).iter().any(|value| several(wanted).contains(value))
}

/// Whether a value is one of those wanted and none of those unwanted, of which some must then be known, and is known at
/// all where that is asked.
pub(super) fn fits(condition: &Value, there: &Value) -> bool {
    let is_there = !several(there).is_empty();
    let text = |name: &str, is_so: fn(&str, &str) -> bool| {
        let parts = members(condition, name).iter().filter_map(Value::as_str);
        parts
            .into_iter()
            .any(|part| several(there).iter().any(|value| value.as_str().is_some_and(|text| is_so(text, part))))
    };
    let asks_words = ["in", "startsWith", "endsWith", "contains"].iter().any(|name| condition[*name].is_array());
    let is_one = shares_a_value(&condition["in"], there)
        || text("startsWith", |text, part| text.starts_with(part))
        || text("endsWith", |text, part| text.ends_with(part))
        || text("contains", |text, part| text.contains(part));
    (!asks_words || is_one)
        && (condition["notIn"].is_null() || is_there && !shares_a_value(&condition["notIn"], there))
        && condition["present"].as_bool().is_none_or(|asked| asked == is_there)
}

/// What a request tells as one text, as if it were a list of one.
pub(super) fn told(text: &Value) -> Value {
    if text.as_str().is_some_and(|text| !text.is_empty()) {
        json!([text])
    } else {
        Value::Null
    }
}
