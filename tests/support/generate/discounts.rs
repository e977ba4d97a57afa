//! Discounts on lines and units.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{json, Value};

use super::selectors::with_lines;
use super::sets::{bundle, gift, perhaps_per_bundle};
use super::values::{amounts, percent, some_of, values, whole};

pub(super) fn quantity_steps() -> BoxedStrategy<Value> {
    prop::collection::btree_map(1..12_i64, percent(), 1..4)
        .prop_map(|steps| {
            steps.into_iter().map(|(from, percent)| json!({ "from": from, "percent": percent })).collect()
        })
        .boxed()
}

pub(super) fn spend_steps() -> BoxedStrategy<Value> {
    let taken = prop_oneof![
        amounts(0, 3000).prop_map(|amount| json!({ "amount": amount })),
        percent().prop_map(|percent| json!({ "percent": percent })),
    ];
    prop::collection::btree_map(1..12_000_i64, taken, 1..4)
        .prop_map(|steps| {
            let step = |(from, mut taken): (i64, Value)| {
                taken["from"] = json!({ "EUR": from, "JPY": from + 7 });
                taken
            };
            steps.into_iter().map(step).collect()
        })
        .boxed()
}

pub(super) fn buy_x_get_y() -> BoxedStrategy<Value> {
    let pick = || select(vec![json!("cheapest"), json!("dearest")]).boxed();
    let buy = with_lines(whole(1, 3).prop_map(|quantity| json!({ "quantity": quantity })).boxed())
        .prop_flat_map(move |buy| prop_oneof![2 => Just(buy.clone()), 1 => some_of(buy, vec![("pick", pick())])]);
    let quantity = whole(1, 3).prop_map(|quantity| json!({ "quantity": quantity })).boxed();
    let get = with_lines(quantity)
        .prop_flat_map(move |get| some_of(get, vec![("percent", percent()), ("pick", pick())]))
        .boxed();
    (buy, get)
        .prop_map(|(buy, get)| json!({ "type": "buy_x_get_y", "buy": buy, "get": get }))
        .prop_flat_map(|discount| {
            let partial = select(vec![json!(true), json!(false)]).boxed();
            let members = vec![("atMost", whole(1, 3)), ("partial", partial), ("base", base()), ("usesUp", uses_up())];
            some_of(discount, members)
        })
        .boxed()
}

pub(super) fn uses_up() -> BoxedStrategy<Value> {
    select(vec![json!(true), json!(false)]).boxed()
}

pub(super) fn nth_unit() -> BoxedStrategy<Value> {
    let off = prop_oneof![
        3 => percent().prop_map(|percent| json!({ "type": "nth_unit", "percent": percent })),
        1 => amounts(0, 900).prop_map(|amount| json!({ "type": "nth_unit", "amount": amount })),
        1 => Just(json!({ "type": "nth_unit" })),
    ];
    let counted = (off, 1..5_i64, prop::option::of(0..4_i64)).prop_map(|(mut off, every, position)| {
        off["every"] = json!(every);
        if let Some(position) = position {
            off["position"] = json!(position % every + 1);
        }
        off
    });
    let pick = select(vec![json!("cheapest"), json!("dearest")]).boxed();
    with_lines(counted.boxed())
        .prop_flat_map(move |discount| {
            let members =
                vec![("pick", pick.clone()), ("atMost", whole(1, 3)), ("base", base()), ("usesUp", uses_up())];
            some_of(discount, members)
        })
        .boxed()
}

/// Leaves out lines that are already discounted, now and then.
pub(super) fn perhaps_undiscounted(discount: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    (discount, prop::bool::weighted(0.25))
        .prop_map(|(mut discount, excludes)| {
            if excludes {
                discount["excludeDiscounted"] = json!(true);
            }
            discount
        })
        .boxed()
}

pub(super) fn discount() -> BoxedStrategy<Value> {
    let percent_off = with_lines(percent().prop_map(|p| json!({ "type": "percent_off", "percent": p })).boxed())
        .prop_flat_map(|discount| some_of(discount, vec![("cap", amounts(0, 2000)), ("base", base())]));
    let amount_off = (amounts(0, 3000), select(vec!["order", "line"]))
        .prop_map(|(amount, per)| json!({ "type": "amount_off", "amount": amount, "per": per }));
    let per_unit = amounts(0, 900).prop_map(|amount| json!({ "type": "amount_off", "amount": amount, "per": "unit" }));
    let per_unit = per_unit.prop_flat_map(|discount| {
        let pick = select(vec![json!("cheapest"), json!("dearest")]).boxed();
        some_of(discount, vec![("maxUnits", whole(1, 6)), ("pick", pick)])
    });
    let by_quantity =
        amounts(0, 6000).prop_map(|amount| json!({ "type": "amount_off", "amount": amount, "spreadBy": "quantity" }));
    let price = (amounts(0, 9000), select(vec!["order", "line"]))
        .prop_map(|(price, per)| json!({ "type": "fixed_price", "price": price, "per": per }));
    let first = (0..900_i64, 0..900_i64, 0..900_i64).prop_map(|(first, additional, yen)| {
        json!({ "type": "first_and_additional", "first": { "EUR": first, "JPY": yen },
            "additional": { "EUR": additional, "JPY": first } })
    });
    let first = first.prop_flat_map(|discount| some_of(discount, vec![("maxUnitsPerLine", whole(1, 5))]));
    let fixed = (amounts(0, 1500), select(vec!["unit", "line"]))
        .prop_map(|(price, measured)| json!({ "type": "fixed_unit_price", "price": price, "measured": measured }));
    let set = (whole(1, 4), amounts(0, 5000))
        .prop_map(|(size, price)| json!({ "type": "set_price", "size": size, "price": price }))
        .prop_flat_map(|discount| some_of(discount, vec![("atMost", whole(1, 2))]));
    let shipping = some_of(
        json!({ "type": "free_shipping" }),
        vec![("cap", amounts(0, 600)), ("methods", values(&["standard", "express"]))],
    );
    let off_charge = prop_oneof![
        percent().prop_map(|percent| json!({ "type": "off_shipping", "percent": percent })),
        amounts(0, 600).prop_map(|amount| json!({ "type": "off_shipping", "amount": amount })),
        amounts(0, 600).prop_map(|price| json!({ "type": "off_shipping", "price": price })),
    ];
    let off_charge = off_charge.prop_flat_map(|discount| {
        some_of(discount, vec![("cap", amounts(0, 600)), ("methods", values(&["standard", "express"]))])
    });
    let off_charges = (amounts(0, 900), prop::option::of(amounts(0, 600))).prop_map(|(amount, cap)| {
        let mut discount = json!({ "type": "off_shipping", "amount": amount, "per": "order" });
        if let Some(cap) = cap {
            discount["cap"] = cap;
        }
        discount
    });
    prop_oneof![
        4 => perhaps_per_bundle(perhaps_undiscounted(percent_off.boxed())),
        2 => perhaps_per_bundle(perhaps_undiscounted(with_lines(amount_off.boxed()))),
        2 => perhaps_per_bundle(perhaps_undiscounted(with_lines(per_unit.boxed()))),
        2 => perhaps_undiscounted(with_lines(fixed.boxed())),
        1 => perhaps_undiscounted(with_lines(by_quantity.boxed())),
        1 => perhaps_undiscounted(with_lines(price.boxed())),
        1 => with_lines(first.boxed()),
        4 => buy_x_get_y(),
        2 => nth_unit(),
        2 => with_lines(quantity_steps().prop_map(|steps| json!({ "type": "quantity_ladder", "steps": steps })).boxed()),
        2 => with_lines(spend_steps().prop_map(|steps| json!({ "type": "spend_ladder", "steps": steps })).boxed()),
        2 => with_lines(set.boxed()),
        1 => shipping,
        2 => bundle(),
        2 => gift(),
        1 => off_charge,
        1 => off_charges,
    ]
    .boxed()
}

pub(super) fn base() -> BoxedStrategy<Value> {
    select(vec![json!("running"), json!("original")]).boxed()
}
