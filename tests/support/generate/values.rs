//! Numbers, amounts and names, few enough that they meet.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{json, Value};

/// The moment of generated requests: 2026-03-01T10:00:00Z.
pub const NOW: i64 = 1_772_359_200_000;

pub(super) const DAY: i64 = 86_400_000;

pub(super) const CATEGORIES: [&str; 3] = ["books", "tea", "mugs"];

pub(super) const CODES: [&str; 4] = ["ALPHA", "BETA", "GAMMA", "DELTA"];

pub(super) fn amounts(least: i64, most: i64) -> BoxedStrategy<Value> {
    let euro = (least..=most).prop_map(|euro| json!({ "EUR": euro }));
    let both = (least..=most, least..=most).prop_map(|(euro, yen)| json!({ "EUR": euro, "JPY": yen }));
    prop_oneof![1 => euro, 4 => both].boxed()
}

pub(super) fn percent() -> BoxedStrategy<Value> {
    select(vec!["0", "1", "7.5", "10", "12.5", "33.3333333", "50", "99.9", "100"]).prop_map(|text| json!(text)).boxed()
}

pub(super) fn values(list: &'static [&'static str]) -> BoxedStrategy<Value> {
    subsequence(list.to_vec(), 1..=list.len().min(2)).prop_map(|some| json!(some)).boxed()
}

/// An object with some of these members besides.
pub(super) fn some_of(object: Value, members: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    with_some(Just(object).boxed(), members)
}

/// The same of a generated object.
pub(super) fn with_some(
    object: BoxedStrategy<Value>,
    members: Vec<(&'static str, BoxedStrategy<Value>)>,
) -> BoxedStrategy<Value> {
    let (names, values): (Vec<&'static str>, Vec<BoxedStrategy<Value>>) = members.into_iter().unzip();
    let values: Vec<_> = values.into_iter().map(prop::option::of).collect();
    (object, values)
        .prop_map(move |(mut object, values)| {
            for (name, value) in names.iter().zip(values) {
                if let Some(value) = value {
                    object[*name] = value;
                }
            }
            object
        })
        .boxed()
}

pub(super) fn whole(least: i64, most: i64) -> BoxedStrategy<Value> {
    (least..=most).prop_map(|number| json!(number)).boxed()
}

/// An object with the members of another besides.
pub(super) fn joined(mut object: Value, more: Value) -> Value {
    let (Some(members), Value::Object(more)) = (object.as_object_mut(), more) else { return object };
    members.extend(more);
    object
}

/// Bounds below and above, of which one may be missing.
fn bounds(bound: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let (least, most) = (select(vec!["atLeast", "moreThan"]), select(vec!["atMost", "lessThan"]));
    let below = (least, bound.clone()).prop_map(|(name, bound)| json!({ name: bound }));
    let above = (most, bound).prop_map(|(name, bound)| json!({ name: bound }));
    prop_oneof![
        2 => below.clone(),
        2 => above.clone(),
        1 => (below, above).prop_map(|(below, above)| joined(below, above)),
    ]
    .boxed()
}

pub(super) fn counts(least: i64, most: i64) -> BoxedStrategy<Value> {
    bounds(whole(least, most))
}

pub(super) fn money() -> BoxedStrategy<Value> {
    bounds(amounts(1, 9000))
}
