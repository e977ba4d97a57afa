//! Which lines.

use proptest::prelude::*;
use serde_json::{json, Value};

use super::values::{amounts, counts, money, values, CATEGORIES};

/// Values are left out, but nothing else that selects.
pub(super) fn without_bounds(mut selector: Value) -> Value {
    let Some(members) = selector.as_object_mut() else { return selector };
    members.retain(|name, _| {
        !["unitPrice", "subtotal", "quantity", "numbers", "onSale", "favourites"].contains(&name.as_str())
    });
    if members.is_empty() {
        return json!({ "categories": ["mugs"] });
    }
    selector
}

pub(super) fn selector() -> BoxedStrategy<Value> {
    let field = prop_oneof![
        values(&CATEGORIES).prop_map(|some| json!({ "categories": some })),
        values(&["s0", "s1", "s2", "s4"]).prop_map(|some| json!({ "skus": some })),
        values(&["p0", "p1"]).prop_map(|some| json!({ "products": some })),
        values(&["acme", "apex"]).prop_map(|some| json!({ "attributes": { "brand": some } })),
        Just(json!({ "attributes": { "outlet": [true, 3], "size": [3, "3"] } })),
        Just(json!({ "categories": ["books"], "attributes": { "brand": ["acme"] } })),
        values(&["acme", "apex"]).prop_map(|some| json!({ "brands": some })),
        values(&["new", "fair"]).prop_map(|some| json!({ "tags": some })),
        counts(1, 6).prop_map(|bounds| json!({ "quantity": bounds })),
        counts(1, 5).prop_map(|bounds| json!({ "numbers": { "size": bounds } })),
        money().prop_map(|bounds| json!({ "subtotal": bounds })),
        prop::bool::ANY.prop_map(|is| json!({ "onSale": is })),
        Just(json!({ "favourites": { "categories": "likes" } })),
        Just(json!({ "favourites": { "products": "likes", "attributes": { "brand": "brands" } } })),
        amounts(0, 3000).prop_map(|bound| json!({ "unitPrice": { "atLeast": bound } })),
        amounts(0, 3000).prop_map(|bound| json!({ "unitPrice": { "atMost": bound }, "categories": ["books"] })),
    ];
    let except = prop_oneof![
        5 => Just(Value::Null),
        1 => field.clone().prop_map(without_bounds),
    ];
    let both = (field.clone(), except).prop_map(|(mut field, except)| {
        if !except.is_null() {
            field["except"] = except;
        }
        field
    });
    prop_oneof![5 => both, 1 => field.prop_map(|except| json!({ "except": without_bounds(except) }))].boxed()
}

/// Puts `lines` into an object, or leaves it as it is.
pub(super) fn with_lines(object: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    (object, prop::option::of(selector()))
        .prop_map(|(mut object, lines)| {
            if let Some(lines) = lines {
                object["lines"] = lines;
            }
            object
        })
        .boxed()
}
