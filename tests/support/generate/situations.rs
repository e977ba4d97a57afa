//! Conditions on who buys, from where, when, and what is known of it.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{json, Value};

use super::values::{counts, joined, money, some_of, values, whole};

pub(super) fn of_the_situation() -> BoxedStrategy<Value> {
    let around = vec![("daysBefore", whole(0, 5)), ("daysAfter", whole(0, 5))];
    let years = [around.clone(), vec![("years", whole(1, 2))]].concat();
    let known = |kind: &'static str, of: &'static [&'static str]| {
        let asks = prop_oneof![
            2 => values(of).prop_map(|some| json!({ "in": some })),
            1 => values(of).prop_map(|some| json!({ "notIn": some })),
            1 => prop::bool::ANY.prop_map(|present| json!({ "present": present })),
        ];
        asks.prop_map(move |asks| joined(json!({ "type": kind }), asks)).boxed()
    };
    let ago = |kind: &'static str| ago().prop_map(move |ago| joined(json!({ "type": kind }), ago)).boxed();
    let bought = prop_oneof![
        values(&["tea", "mugs"]).prop_map(|some| json!({ "categories": some })),
        values(&["p0", "p1"]).prop_map(|some| json!({ "products": some })),
    ];
    let last_bought = (bought.clone(), ago("last_bought")).prop_map(|(what, ago)| joined(ago, what));
    let bought =
        (bought, counts(0, 3)).prop_map(|(what, bounds)| joined(joined(json!({ "type": "bought" }), what), bounds));
    let redemptions =
        counts(0, 3).prop_map(|bounds| joined(json!({ "type": "redemptions", "campaign": "c1" }), bounds));
    prop_oneof![
        3 => values(&["gold", "staff", "regulars"]).prop_map(|some| json!({ "type": "segment", "anyOf": some })),
        2 => attribute("customer_attribute", &["status", "age"]),
        1 => attribute("order_attribute", &["wrap", "visits"]),
        1 => counts(0, 3).prop_map(|bounds| joined(json!({ "type": "order_count" }), bounds)),
        1 => whole(1, 3).prop_map(|every| json!({ "type": "order_count", "every": every })),
        1 => money().prop_map(|bounds| joined(json!({ "type": "total_spent" }), bounds)),
        1 => bought,
        1 => last_bought,
        1 => redemptions,
        2 => ago("last_order"),
        1 => ago("signed_up"),
        1 => ago("cart_age"),
        1 => known("country", &["IE", "DE"]),
        1 => known("channel", &["app", "web"]),
        1 => known("region", &["DE-BY", "DE-BE"]),
        1 => known("device", &["mobile", "desktop"]),
        1 => known("payment_method", &["card", "invoice"]),
        1 => values(&["d01", "D-0", "80"]).prop_map(|some| json!({ "type": "postcode", "startsWith": some })),
        1 => select(vec!["signed_in", "guest"]).prop_map(|is| json!({ "type": "account", "is": is })),
        1 => some_of(json!({ "type": "email" }), vec![("endsWith", values(&["@a.example", ".example"]))]),
        1 => clock(),
        1 => some_of(json!({ "type": "birthday" }), around),
        1 => some_of(json!({ "type": "anniversary", "of": "signed_up" }), years),
        1 => Just(json!({ "rule": "large" })),
        1 => Just(json!({ "rule": "small-or-known" })),
    ]
    .boxed()
}

/// What documents call by name in their rules.
pub(super) fn rules() -> Value {
    json!({
        "large": { "type": "subtotal", "moreThan": { "EUR": 4000, "JPY": 4000 } },
        "small-or-known": { "any": [{ "not": { "rule": "large" } }, { "type": "segment", "anyOf": ["regulars"] }] },
    })
}

/// The segments that documents declare; the others are told by requests.
pub(super) fn segments() -> Value {
    json!({ "regulars": { "all": [{ "type": "order_count", "atLeast": 2 }, { "type": "account", "is": "signed_in" }] } })
}

fn span() -> BoxedStrategy<Value> {
    prop_oneof![
        (0..80_i64).prop_map(|hours| json!({ "hours": hours })),
        (0..40_i64).prop_map(|days| json!({ "days": days })),
        (0..4_i64).prop_map(|months| json!({ "months": months }))
    ]
    .boxed()
}

fn ago() -> BoxedStrategy<Value> {
    prop_oneof![
        2 => span().prop_map(|span| json!({ "longerAgoThan": span })),
        2 => span().prop_map(|span| json!({ "within": span })),
        1 => (span(), span()).prop_map(|(after, until)| json!({ "longerAgoThan": after, "within": until })),
    ]
    .boxed()
}

fn attribute(kind: &'static str, keys: &'static [&'static str]) -> BoxedStrategy<Value> {
    let asks = prop_oneof![
        2 => Just(json!({ "in": ["premium", 30, true] })),
        1 => Just(json!({ "notIn": ["premium", 30] })),
        1 => Just(json!({ "startsWith": ["pre"], "contains": ["asi"] })),
        1 => prop::bool::ANY.prop_map(|present| json!({ "present": present })),
        3 => counts(16, 33),
        1 => whole(1, 5).prop_map(|every| json!({ "every": every })),
    ];
    let attribute = select(keys.to_vec()).prop_map(move |key| json!({ "type": kind, "key": key }));
    (attribute, asks).prop_map(|(attribute, asks)| joined(attribute, asks)).boxed()
}

/// Some days and hours around the generated moment, which is a Sunday morning.
fn clock() -> BoxedStrategy<Value> {
    let days = values(&["saturday", "sunday", "monday"]);
    let hours = select(vec![
        ("08:00", "11:00"),
        ("10:00", "10:30"),
        ("20:00", "10:00"),
        ("00:00", "24:00"),
        ("23:00", "00:30"),
    ])
    .prop_map(|(from, until)| json!({ "from": from, "until": until }))
    .boxed();
    prop_oneof![
        days.clone().prop_map(|days| json!({ "type": "clock", "weekdays": days })),
        (days, hours.clone()).prop_map(|(days, hours)| json!({ "type": "clock", "weekdays": days, "hours": hours })),
        hours.prop_map(|hours| json!({ "type": "clock", "hours": hours })),
    ]
    .boxed()
}
