//! Discounts on lines and units.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{json, Value};

use super::selectors::with_lines;
use super::sets::{bundle, gift, perhaps_per_bundle};
use super::values::{amounts, percent, some_of, values, whole, with_some};

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
    let buy = with_lines(whole(1, 3).prop_map(|quantity| json!({ "quantity": quantity })).boxed());
    let buy = prop_oneof![2 => buy.clone(), 1 => with_some(buy, vec![("pick", pick())])];
    let quantity = whole(1, 3).prop_map(|quantity| json!({ "quantity": quantity })).boxed();
    let get = with_some(with_lines(quantity), vec![("percent", percent()), ("pick", pick())]);
    let discount = (buy, get).prop_map(|(buy, get)| json!({ "type": "buy_x_get_y", "buy": buy, "get": get }));
    let partial = select(vec![json!(true), json!(false)]).boxed();
    let members = vec![("atMost", whole(1, 3)), ("partial", partial), ("base", base()), ("usesUp", uses_up())];
    with_some(discount.boxed(), members)
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
    let across = select(vec![json!(true), json!(false)]).boxed();
    let members =
        vec![("pick", pick), ("atMost", whole(1, 3)), ("across", across), ("base", base()), ("usesUp", uses_up())];
    with_some(with_lines(counted.boxed()), members)
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
    let percent_off = with_lines(percent().prop_map(|p| json!({ "type": "percent_off", "percent": p })).boxed());
    let percent_off = with_some(percent_off, vec![("cap", amounts(0, 2000)), ("base", base())]);
    let amount_off = (amounts(0, 3000), select(vec!["order", "line"]))
        .prop_map(|(amount, per)| json!({ "type": "amount_off", "amount": amount, "per": per }));
    let per_unit = amounts(0, 900).prop_map(|amount| json!({ "type": "amount_off", "amount": amount, "per": "unit" }));
    let pick = select(vec![json!("cheapest"), json!("dearest")]).boxed();
    let per_unit = with_some(per_unit.boxed(), vec![("maxUnits", whole(1, 6)), ("pick", pick)]);
    let by_quantity =
        amounts(0, 6000).prop_map(|amount| json!({ "type": "amount_off", "amount": amount, "spreadBy": "quantity" }));
    let price = (amounts(0, 9000), select(vec!["order", "line"]))
        .prop_map(|(price, per)| json!({ "type": "fixed_price", "price": price, "per": per }));
    let first = (0..900_i64, 0..900_i64, 0..900_i64).prop_map(|(first, additional, yen)| {
        json!({ "type": "first_and_additional", "first": { "EUR": first, "JPY": yen },
            "additional": { "EUR": additional, "JPY": first } })
    });
    let first = with_some(first.boxed(), vec![("maxUnitsPerLine", whole(1, 5))]);
    let fixed = (amounts(0, 1500), select(vec!["unit", "line"]))
        .prop_map(|(price, measured)| json!({ "type": "fixed_unit_price", "price": price, "measured": measured }));
    let set = (whole(1, 4), amounts(0, 5000))
        .prop_map(|(size, price)| json!({ "type": "set_price", "size": size, "price": price }));
    let set = with_some(set.boxed(), vec![("atMost", whole(1, 2))]);
    let shipping = some_of(
        json!({ "type": "free_shipping" }),
        vec![("cap", amounts(0, 600)), ("methods", values(&["standard", "express"]))],
    );
    let off_charge = prop_oneof![
        percent().prop_map(|percent| json!({ "type": "off_shipping", "percent": percent })),
        amounts(0, 600).prop_map(|amount| json!({ "type": "off_shipping", "amount": amount })),
        amounts(0, 600).prop_map(|price| json!({ "type": "off_shipping", "price": price })),
        shipping_by_formula(),
    ];
    let off_charge =
        with_some(off_charge.boxed(), vec![("cap", amounts(0, 600)), ("methods", values(&["standard", "express"]))]);
    let off_charges = (amounts(0, 900), prop::option::of(amounts(0, 600))).prop_map(|(amount, cap)| {
        let mut discount = json!({ "type": "off_shipping", "amount": amount, "per": "order" });
        if let Some(cap) = cap {
            discount["cap"] = cap;
        }
        discount
    });
    prop_oneof![
        2 => percent_of_some(),
        1 => amount_of_some(),
        1 => formula_off(),
        4 => perhaps_per_bundle(perhaps_undiscounted(percent_off)),
        2 => perhaps_per_bundle(perhaps_undiscounted(with_lines(amount_off.boxed()))),
        2 => perhaps_per_bundle(perhaps_undiscounted(with_lines(per_unit))),
        2 => perhaps_undiscounted(with_lines(fixed.boxed())),
        1 => perhaps_undiscounted(with_lines(by_quantity.boxed())),
        1 => perhaps_undiscounted(with_lines(price.boxed())),
        1 => with_lines(first),
        4 => buy_x_get_y(),
        2 => nth_unit(),
        2 => with_lines(quantity_steps().prop_map(|steps| json!({ "type": "quantity_ladder", "steps": steps })).boxed()),
        2 => with_lines(spend_steps().prop_map(|steps| json!({ "type": "spend_ladder", "steps": steps })).boxed()),
        2 => with_lines(set),
        1 => shipping,
        2 => bundle(),
        2 => gift(),
        1 => off_charge,
        1 => off_charges,
    ]
    .boxed()
}

fn count_off(by: &'static str) -> BoxedStrategy<Value> {
    some_of(json!({ "by": by }), vec![("skip", whole(0, 3)), ("every", whole(1, 3)), ("atMost", whole(1, 4))])
}

fn any_pick() -> BoxedStrategy<Value> {
    select(vec![json!("cheapest"), json!("dearest"), json!("listed")]).boxed()
}

/// A percentage off lines that are counted off, or were discounted before, and no more than so much off each.
fn percent_of_some() -> BoxedStrategy<Value> {
    let members = vec![
        ("cap", amounts(0, 2000)),
        ("capPerLine", amounts(0, 900)),
        ("countOff", count_off("line")),
        ("pick", any_pick()),
        ("onlyDiscounted", select(vec![json!(true), json!(false), json!(false)]).boxed()),
        ("base", base()),
    ];
    let percent = with_lines(percent().prop_map(|p| json!({ "type": "percent_off", "percent": p })).boxed());
    (with_some(percent, members), prop::bool::ANY)
        .prop_map(|(mut discount, in_turn)| {
            if in_turn && !discount["cap"].is_null() {
                discount["capSpread"] = json!("in_turn");
            }
            discount
        })
        .boxed()
}

/// An amount off units that are counted off.
fn amount_of_some() -> BoxedStrategy<Value> {
    let each = amounts(0, 900).prop_map(|amount| json!({ "type": "amount_off", "amount": amount, "per": "unit" }));
    let members = vec![("maxUnits", whole(1, 6)), ("countOff", count_off("unit")), ("pick", any_pick())];
    with_some(with_lines(each.boxed()), members)
}

fn shipping_by_formula() -> BoxedStrategy<Value> {
    let steps =
        json!({ "floor": { "divide": [{ "fact": "order_subtotal" }, { "money": { "EUR": 700, "JPY": 500 } }] } });
    let growing = json!({ "subtract": [{ "money": { "EUR": 900, "JPY": 300 } }, { "fact": "left" }] });
    let between = json!({ "subtract": [{ "fact": "dearest_price" }, { "fact": "cheapest_price" }] });
    select(vec![
        json!({ "type": "off_shipping", "takes": "percent", "formula": { "multiply": [{ "fact": "units" }, "7"] } }),
        json!({ "type": "off_shipping", "formula": { "multiply": [steps, { "money": { "EUR": 99, "JPY": 7 } }] } }),
        json!({ "type": "off_shipping", "formula": growing }),
        json!({ "type": "off_shipping", "takes": "price", "formula": between, "lines": { "categories": ["tea"] } }),
    ])
    .boxed()
}

fn formula_off() -> BoxedStrategy<Value> {
    let in_steps =
        json!({ "floor": { "divide": [{ "fact": "order_subtotal" }, { "money": { "EUR": 700, "JPY": 500 } }] } });
    let formulas = vec![
        json!({ "type": "formula_off", "takes": "percent", "formula": { "min": [{ "fact": "units" }, "30"] } }),
        json!({ "type": "formula_off", "formula": { "multiply": [in_steps, { "money": { "EUR": 99, "JPY": 7 } }] } }),
        json!({ "type": "formula_off", "formula": { "subtract": [{ "fact": "dearest_price" }, { "fact": "cheapest_price" }] } }),
        json!({ "type": "formula_off", "formula": { "floor": { "divide": [{ "fact": "shipping" }, { "fact": "lines" }] } } }),
    ];
    with_lines(select(formulas).boxed())
}

pub(super) fn base() -> BoxedStrategy<Value> {
    select(vec![json!("running"), json!("original")]).boxed()
}
