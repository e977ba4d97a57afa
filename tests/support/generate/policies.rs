//! How campaigns combine, and their limits.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{json, Value};

use super::discounts::base;
use super::values::{amounts, some_of, whole, with_some};

pub(super) fn no_effect() -> BoxedStrategy<Value> {
    select(vec![json!("skip"), json!("keep")]).boxed()
}

pub(super) fn seldom() -> BoxedStrategy<Value> {
    prop::bool::weighted(0.15).prop_map(|so| json!(so)).boxed()
}

pub(super) fn stacking() -> BoxedStrategy<Value> {
    let groups = vec!["one", "two", "open", "lines", "lines", "lines", "apart", "apart", "with", "unsaid"];
    let group = select(groups).prop_map(|group| json!(group)).boxed();
    let members = vec![
        ("priority", whole(0, 3)),
        ("group", group),
        ("exclusive", seldom()),
        ("last", seldom()),
        ("alsoIn", subsequence(vec!["one", "two", "unsaid"], 0..3).prop_map(|some| json!(some)).boxed()),
        ("base", prop_oneof![4 => Just(json!(null)), 1 => base()].boxed()),
        ("noEffect", prop_oneof![4 => Just(json!(null)), 1 => no_effect()].boxed()),
    ];
    some_of(json!({}), members)
}

/// How often a campaign may be used, and what it may cost.
pub(super) fn limits() -> BoxedStrategy<Value> {
    let refuse = select(vec![json!("refuse"), json!("cap"), json!("overdraw")]).boxed();
    let members = vec![
        ("total", whole(1, 5)),
        ("perCustomer", whole(1, 2)),
        ("perPeriod", whole(1, 5)),
        ("perCustomerInPeriod", whole(1, 2)),
        ("budget", amounts(0, 3000)),
        ("sharedBudget", Just(json!("pot")).boxed()),
        ("whenOverBudget", refuse),
    ];
    some_of(json!({ "period": "day" }), members)
        .prop_map(|mut limits| {
            if limits["perPeriod"].is_null() && limits["perCustomerInPeriod"].is_null() {
                limits["period"] = Value::Null;
            }
            if limits["budget"].is_null() && limits["sharedBudget"].is_null() {
                limits["whenOverBudget"] = Value::Null;
            }
            limits
        })
        .boxed()
}

/// How campaigns combine.
pub(super) fn policy() -> BoxedStrategy<Value> {
    let best = || prop::bool::weighted(0.2).prop_map(|best| json!(if best { "best" } else { "first" }));
    let groups = (best(), best(), -1..2_i64);
    let groups = groups.prop_map(|(one, two, lane)| {
        json!([
            { "id": "one", "pick": one },
            { "id": "two", "pick": two, "atMost": 2, "lane": 1 },
            { "id": "open", "pick": "all", "lane": -1 },
            { "id": "lines", "pick": "best_per_line", "lane": lane },
            { "id": "apart", "pick": "all", "combines": "exclusive", "noEffect": "keep" },
            { "id": "with", "combines": "joint" },
        ])
    });
    let base = prop::bool::weighted(0.2).prop_map(|on| json!(if on { "original" } else { "running" }));
    let bare =
        (groups, best(), base).prop_map(|(groups, pick, base)| json!({ "groups": groups, "pick": pick, "base": base }));
    let seldom = |values: Vec<Value>| {
        let values = select(values);
        prop_oneof![5 => Just(json!(null)), 2 => values].boxed()
    };
    let members = vec![
        ("atMost", seldom(vec![json!(1), json!(2), json!(3)])),
        ("codesAtMost", seldom(vec![json!(1), json!(2)])),
        ("exclusiveAtMost", seldom(vec![json!(1)])),
        ("groupAtMost", seldom(vec![json!(1)])),
        ("exclusive", seldom(vec![json!("first")])),
        ("joint", seldom(vec![json!("in_order")])),
        ("noEffect", seldom(vec![json!("keep")])),
        ("perLine", seldom(vec![json!("once")])),
        ("recheck", seldom(vec![json!(true)])),
        ("group", seldom(vec![json!("lines"), json!("one"), json!("unsaid")])),
    ];
    with_some(bare.boxed(), members)
}
