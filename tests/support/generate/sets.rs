//! Mixed sets, gifts and upgrades.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{json, Value};

use super::selectors::{selector, with_lines};
use super::values::{amounts, percent, whole, with_some};

/// Parts of a set, which may overlap.
pub(super) fn parts() -> BoxedStrategy<Value> {
    let part = with_lines(whole(1, 2).prop_map(|quantity| json!({ "quantity": quantity })).boxed());
    prop::collection::vec(part, 1..4).prop_map(|parts| json!(parts)).boxed()
}

pub(super) fn bundle() -> BoxedStrategy<Value> {
    let off = prop_oneof![
        2 => amounts(0, 5000).prop_map(|price| json!({ "type": "bundle", "price": price })),
        1 => amounts(0, 2000).prop_map(|amount| json!({ "type": "bundle", "amount": amount })),
        1 => percent().prop_map(|percent| json!({ "type": "bundle", "percent": percent })),
    ];
    let bundle = (off, parts()).prop_map(|(mut off, parts)| {
        off["of"] = parts;
        off
    });
    with_some(bundle.boxed(), vec![("atMost", whole(1, 2)), ("pick", pick())])
}

pub(super) fn pick() -> BoxedStrategy<Value> {
    select(vec![json!("cheapest"), json!("dearest")]).boxed()
}

/// Given for each set, now and then.
pub(super) fn perhaps_per_bundle(discount: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let per = with_some(parts().prop_map(|parts| json!({ "of": parts })).boxed(), vec![("atMost", whole(1, 3))]);
    prop_oneof![4 => discount.clone(), 1 => (discount, per).prop_map(|(mut discount, per)| {
        discount["perBundle"] = per;
        discount
    })]
    .boxed()
}

pub(super) fn gift() -> BoxedStrategy<Value> {
    let named = select(vec![
        ("sku", "s0"),
        ("sku", "s1"),
        ("sku", "s2"),
        ("product", "p0"),
        ("product", "p1"),
        ("sku", "none"),
    ]);
    let product = (named, 1..3_i64, amounts(0, 2000))
        .prop_map(|((name, id), quantity, value)| json!({ name: id, "quantity": quantity, "value": value }));
    let charge = prop_oneof![
        3 => Just(json!({ "type": "gift" })),
        1 => percent().prop_map(|percent| json!({ "type": "gift", "percent": percent })),
        1 => amounts(0, 900).prop_map(|amount| json!({ "type": "gift", "amount": amount })),
        1 => amounts(0, 900).prop_map(|price| json!({ "type": "gift", "price": price })),
    ];
    let products = prop::collection::vec(product, 1..4);
    let gift = (charge, products, 0..4_usize).prop_map(|(mut gift, products, choose)| {
        if (1..=products.len()).contains(&choose) {
            gift["choose"] = json!(choose);
        }
        gift["products"] = json!(products);
        gift
    });
    let units = select(vec![json!("new"), json!("missing")]).boxed();
    let per = parts().prop_map(|parts| json!({ "of": parts, "atMost": 2 })).boxed();
    let gift = with_some(gift.boxed(), vec![("units", units)]);
    prop_oneof![6 => gift.clone(), 1 => with_some(gift, vec![("perBundle", per)])].boxed()
}

/// An upgrade of what the shop sells.
pub(super) fn upgrade() -> BoxedStrategy<Value> {
    let members = vec![("quantity", whole(1, 2)), ("atMost", whole(1, 3)), ("price", amounts(0, 2000))];
    let upgrade = (selector(), select(vec!["s0", "s1", "s2"]))
        .prop_map(|(lines, sku)| json!({ "type": "upgrade", "lines": lines, "to": { "sku": sku } }));
    with_some(upgrade.boxed(), members)
}
