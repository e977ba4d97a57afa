//! Bounds, of which some are part of the range and some are not.

use serde_json::Value;

use super::numbers::amount;

/// Whether a number is known and within bounds, if there are any.
pub(super) fn within(bounds: &Value, number: Option<i128>) -> bool {
    let bound = |name: &str| bounds[name].as_i64().map(i128::from);
    let holds = |name: &str, is_so: fn(i128, i128) -> bool| {
        bound(name).is_none_or(|bound| number.is_some_and(|number| is_so(number, bound)))
    };
    holds("atLeast", |number, bound| number >= bound)
        && holds("moreThan", |number, bound| number > bound)
        && holds("atMost", |number, bound| number <= bound)
        && holds("lessThan", |number, bound| number < bound)
}

/// The same in money: a bound that is not told in the cart's currency is not kept.
pub(super) fn in_money(bounds: &Value, worth: i128, request: &Value) -> bool {
    let holds = |name: &str, is_so: fn(i128, i128) -> bool| {
        bounds[name].is_null() || amount(&bounds[name], request).is_some_and(|bound| is_so(worth, bound))
    };
    holds("atLeast", |worth, bound| worth >= bound)
        && holds("moreThan", |worth, bound| worth > bound)
        && holds("atMost", |worth, bound| worth <= bound)
        && holds("lessThan", |worth, bound| worth < bound)
}
