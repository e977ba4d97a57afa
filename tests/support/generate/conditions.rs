//! Rules of all conditions.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{json, Value};

use super::selectors::{selector, with_lines};
use super::situations::of_the_situation;
use super::values::{amounts, counts, joined, money, values, whole};

pub(super) fn condition() -> BoxedStrategy<Value> {
    prop_oneof![3 => of_the_cart(), 2 => of_the_situation()].boxed()
}

/// Conditions on lines and shipping.
fn of_the_cart() -> BoxedStrategy<Value> {
    let bounded =
        |kind: &'static str| counts(0, 8).prop_map(move |bounds| joined(json!({ "type": kind }), bounds)).boxed();
    let worth = |kind: &'static str| money().prop_map(move |bounds| joined(json!({ "type": kind }), bounds)).boxed();
    let which = (select(vec!["any", "every", "none", "cheapest", "dearest"]), selector())
        .prop_map(|(which, are)| json!({ "type": "lines_are", "which": which, "are": are }));
    let sum = counts(0, 20).prop_map(|bounds| joined(json!({ "type": "attribute_sum", "key": "size" }), bounds));
    prop_oneof![
        4 => with_lines(amounts(0, 9000).prop_map(|a| json!({ "type": "min_subtotal", "amount": a })).boxed()),
        3 => with_lines(whole(1, 8).prop_map(|q| json!({ "type": "min_quantity", "quantity": q })).boxed()),
        1 => with_lines(whole(1, 5).prop_map(of_one_line).boxed()),
        2 => selector().prop_map(|lines| json!({ "type": "contains", "lines": lines })),
        2 => with_lines(worth("subtotal")),
        2 => with_lines(bounded("quantity")),
        1 => with_lines(bounded("line_count")),
        1 => with_lines(sum.boxed()),
        2 => with_lines(which.boxed()),
        1 => worth("shipping_price"),
        1 => values(&["standard", "express"]).prop_map(|some| json!({ "type": "shipping_method", "in": some })),
        1 => prop::bool::ANY.prop_map(|is| json!({ "type": "needs_shipping", "is": is })),
    ]
    .boxed()
}

pub(super) fn of_one_line(quantity: Value) -> Value {
    json!({ "type": "min_quantity", "quantity": quantity, "measured": "line" })
}

/// A rule that asks nothing of what other campaigns have left.
pub fn rule() -> BoxedStrategy<Value> {
    rule_over(condition())
}

/// A rule that may ask it.
pub(super) fn rule_at_turn() -> BoxedStrategy<Value> {
    let left = (amounts(0, 9000), select(vec!["running", "lanes"]))
        .prop_map(|(amount, base)| json!({ "type": "min_subtotal", "amount": amount, "base": base }));
    let whole = with_lines(Just(json!({ "type": "undiscounted" })).boxed());
    let at_turn = prop_oneof![4 => condition(), 6 => with_lines(left.boxed()), 1 => whole];
    prop_oneof![3 => rule(), 1 => rule_over(at_turn.boxed())].boxed()
}

/// A rule: conditions under all, any and not.
pub(super) fn rule_over(condition: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    condition
        .prop_recursive(3, 8, 3, |inner| {
            prop_oneof![
                3 => prop::collection::vec(inner.clone(), 1..4).prop_map(|rules| json!({ "all": rules })),
                2 => prop::collection::vec(inner.clone(), 1..4).prop_map(|rules| json!({ "any": rules })),
                1 => inner.prop_map(|rule| json!({ "not": rule })),
            ]
        })
        .boxed()
}
