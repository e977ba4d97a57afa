//! Campaigns and carts of all kinds, small enough that they meet.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{json, Map, Value};

/// The moment of generated requests: 2026-03-01T10:00:00Z.
pub const NOW: i64 = 1_772_359_200_000;

const DAY: i64 = 86_400_000;
const CATEGORIES: [&str; 3] = ["books", "tea", "mugs"];
const CODES: [&str; 4] = ["ALPHA", "BETA", "GAMMA", "DELTA"];

/// What the shop sells: a product has its properties, whoever puts it into a cart.
fn product(number: usize) -> Value {
    match number {
        0 => json!({ "sku": "s0", "product": "p0", "categories": ["books"] }),
        1 => json!({ "sku": "s1", "product": "p0", "categories": ["books", "tea"], "attributes": { "brand": "acme" } }),
        2 => json!({ "sku": "s2", "categories": ["tea"], "attributes": { "brand": ["acme", "apex"], "size": 3 } }),
        3 => json!({ "product": "p1", "categories": ["mugs"], "attributes": { "outlet": true } }),
        4 => json!({ "sku": "s4", "categories": ["mugs", "books"] }),
        _ => json!({}),
    }
}

fn amounts(least: i64, most: i64) -> BoxedStrategy<Value> {
    let euro = (least..=most).prop_map(|euro| json!({ "EUR": euro }));
    let both = (least..=most, least..=most).prop_map(|(euro, yen)| json!({ "EUR": euro, "JPY": yen }));
    prop_oneof![1 => euro, 4 => both].boxed()
}

fn percent() -> BoxedStrategy<Value> {
    select(vec!["0", "1", "7.5", "10", "12.5", "33.3333333", "50", "99.9", "100"]).prop_map(|text| json!(text)).boxed()
}

fn values(list: &'static [&'static str]) -> BoxedStrategy<Value> {
    subsequence(list.to_vec(), 1..=list.len().min(2)).prop_map(|some| json!(some)).boxed()
}

/// Prices select, but do not leave out.
fn without_price(mut selector: Value) -> Value {
    match selector.as_object_mut().and_then(|members| members.remove("unitPrice")) {
        Some(_) => json!({ "categories": ["mugs"] }),
        None => selector,
    }
}

fn selector() -> BoxedStrategy<Value> {
    let field = prop_oneof![
        values(&CATEGORIES).prop_map(|some| json!({ "categories": some })),
        values(&["s0", "s1", "s2", "s4"]).prop_map(|some| json!({ "skus": some })),
        values(&["p0", "p1"]).prop_map(|some| json!({ "products": some })),
        values(&["acme", "apex"]).prop_map(|some| json!({ "attributes": { "brand": some } })),
        Just(json!({ "attributes": { "outlet": [true, 3], "size": [3, "3"] } })),
        Just(json!({ "categories": ["books"], "attributes": { "brand": ["acme"] } })),
        amounts(0, 3000).prop_map(|bound| json!({ "unitPrice": { "atLeast": bound } })),
        amounts(0, 3000).prop_map(|bound| json!({ "unitPrice": { "atMost": bound }, "categories": ["books"] })),
    ];
    let except = prop_oneof![
        5 => Just(Value::Null),
        1 => field.clone().prop_map(without_price),
    ];
    let both = (field.clone(), except).prop_map(|(mut field, except)| {
        if !except.is_null() {
            field["except"] = except;
        }
        field
    });
    prop_oneof![5 => both, 1 => field.prop_map(|except| json!({ "except": without_price(except) }))].boxed()
}

/// Puts `lines` into an object, or leaves it as it is.
fn with_lines(object: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    (object, prop::option::of(selector()))
        .prop_map(|(mut object, lines)| {
            if let Some(lines) = lines {
                object["lines"] = lines;
            }
            object
        })
        .boxed()
}

fn some_of(object: Value, members: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    let mut built = Just(object).boxed();
    for (name, value) in members {
        built = (built, prop::option::of(value))
            .prop_map(move |(mut object, value)| {
                if let Some(value) = value {
                    object[name] = value;
                }
                object
            })
            .boxed();
    }
    built
}

fn whole(least: i64, most: i64) -> BoxedStrategy<Value> {
    (least..=most).prop_map(|number| json!(number)).boxed()
}

fn span() -> BoxedStrategy<Value> {
    prop_oneof![
        (0..40_i64).prop_map(|days| json!({ "days": days })),
        (0..4_i64).prop_map(|months| json!({ "months": months }))
    ]
    .boxed()
}

fn condition() -> BoxedStrategy<Value> {
    let attribute =
        || select(vec!["status", "age"]).prop_map(|key| json!({ "type": "customer_attribute", "key": key }));
    let asks = prop_oneof![
        Just(json!({ "in": ["premium", 30, true] })),
        Just(json!({ "present": true })),
        Just(json!({ "present": false })),
        (17..33_i64).prop_map(|bound| json!({ "atLeast": bound })),
        (17..33_i64).prop_map(|bound| json!({ "atMost": bound })),
    ];
    let merged = (attribute(), asks).prop_map(|(mut object, more)| {
        let more = more.as_object().cloned().unwrap_or_default();
        object.as_object_mut().into_iter().for_each(|members| members.extend(more.clone()));
        object
    });
    let around = vec![("daysBefore", whole(0, 5)), ("daysAfter", whole(0, 5))];
    let years = [around.clone(), vec![("years", whole(1, 2))]].concat();
    prop_oneof![
        4 => with_lines(amounts(0, 9000).prop_map(|a| json!({ "type": "min_subtotal", "amount": a })).boxed()),
        3 => with_lines(whole(1, 8).prop_map(|q| json!({ "type": "min_quantity", "quantity": q })).boxed()),
        1 => with_lines(whole(1, 5).prop_map(of_one_line).boxed()),
        2 => selector().prop_map(|lines| json!({ "type": "contains", "lines": lines })),
        1 => values(&["gold", "staff"]).prop_map(|some| json!({ "type": "segment", "anyOf": some })),
        1 => merged,
        1 => (0..4_i64).prop_map(|n| json!({ "type": "order_count", "atLeast": n })),
        1 => (0..4_i64).prop_map(|n| json!({ "type": "order_count", "atMost": n })),
        1 => span().prop_map(|span| json!({ "type": "last_order", "longerAgoThan": span })),
        1 => span().prop_map(|span| json!({ "type": "last_order", "within": span })),
        1 => values(&["IE", "DE"]).prop_map(|some| json!({ "type": "country", "in": some })),
        1 => values(&["app", "web"]).prop_map(|some| json!({ "type": "channel", "in": some })),
        1 => some_of(json!({ "type": "birthday" }), around),
        1 => some_of(json!({ "type": "anniversary", "of": "signed_up" }), years),
    ]
    .boxed()
}

fn of_one_line(quantity: Value) -> Value {
    json!({ "type": "min_quantity", "quantity": quantity, "measured": "line" })
}

/// A rule that asks nothing of what other campaigns have left.
pub fn rule() -> BoxedStrategy<Value> {
    rule_over(condition())
}

/// A rule that may ask it.
fn rule_at_turn() -> BoxedStrategy<Value> {
    let left = (amounts(0, 9000), select(vec!["running", "lanes"]))
        .prop_map(|(amount, base)| json!({ "type": "min_subtotal", "amount": amount, "base": base }));
    prop_oneof![3 => rule(), 1 => rule_over(prop_oneof![1 => condition(), 2 => with_lines(left.boxed())].boxed())]
        .boxed()
}

/// A rule: conditions under all, any and not.
fn rule_over(condition: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
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

fn quantity_steps() -> BoxedStrategy<Value> {
    prop::collection::btree_map(1..12_i64, percent(), 1..4)
        .prop_map(|steps| {
            steps.into_iter().map(|(from, percent)| json!({ "from": from, "percent": percent })).collect()
        })
        .boxed()
}

fn spend_steps() -> BoxedStrategy<Value> {
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

fn buy_x_get_y() -> BoxedStrategy<Value> {
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

fn uses_up() -> BoxedStrategy<Value> {
    select(vec![json!(true), json!(false)]).boxed()
}

fn nth_unit() -> BoxedStrategy<Value> {
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
fn perhaps_undiscounted(discount: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    (discount, prop::bool::weighted(0.25))
        .prop_map(|(mut discount, excludes)| {
            if excludes {
                discount["excludeDiscounted"] = json!(true);
            }
            discount
        })
        .boxed()
}

fn discount() -> BoxedStrategy<Value> {
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

/// Parts of a set, which may overlap.
fn parts() -> BoxedStrategy<Value> {
    let part = with_lines(whole(1, 2).prop_map(|quantity| json!({ "quantity": quantity })).boxed());
    prop::collection::vec(part, 1..4).prop_map(|parts| json!(parts)).boxed()
}

fn bundle() -> BoxedStrategy<Value> {
    let off = prop_oneof![
        2 => amounts(0, 5000).prop_map(|price| json!({ "type": "bundle", "price": price })),
        1 => amounts(0, 2000).prop_map(|amount| json!({ "type": "bundle", "amount": amount })),
        1 => percent().prop_map(|percent| json!({ "type": "bundle", "percent": percent })),
    ];
    (off, parts())
        .prop_map(|(mut off, parts)| {
            off["of"] = parts;
            off
        })
        .prop_flat_map(|bundle| some_of(bundle, vec![("atMost", whole(1, 2)), ("pick", pick())]))
        .boxed()
}

fn pick() -> BoxedStrategy<Value> {
    select(vec![json!("cheapest"), json!("dearest")]).boxed()
}

/// Given for each set, now and then.
fn perhaps_per_bundle(discount: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let per =
        parts().prop_map(|parts| json!({ "of": parts })).prop_flat_map(|of| some_of(of, vec![("atMost", whole(1, 3))]));
    prop_oneof![4 => discount.clone(), 1 => (discount, per).prop_map(|(mut discount, per)| {
        discount["perBundle"] = per;
        discount
    })]
    .boxed()
}

fn gift() -> BoxedStrategy<Value> {
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
    (charge, products, 0..4_usize)
        .prop_map(|(mut gift, products, choose)| {
            if (1..=products.len()).contains(&choose) {
                gift["choose"] = json!(choose);
            }
            gift["products"] = json!(products);
            gift
        })
        .prop_flat_map(|gift| {
            let units = select(vec![json!("new"), json!("missing")]).boxed();
            let per = parts().prop_map(|parts| json!({ "of": parts, "atMost": 2 })).boxed();
            prop_oneof![3 => some_of(gift.clone(), vec![("units", units.clone())]), 1 => some_of(gift, vec![("units", units), ("perBundle", per)])]
        })
        .boxed()
}

/// An upgrade of what the shop sells.
fn upgrade() -> BoxedStrategy<Value> {
    let members = vec![("quantity", whole(1, 2)), ("atMost", whole(1, 3)), ("price", amounts(0, 2000))];
    (selector(), select(vec!["s0", "s1", "s2"]))
        .prop_map(|(lines, sku)| json!({ "type": "upgrade", "lines": lines, "to": { "sku": sku } }))
        .prop_flat_map(move |upgrade| some_of(upgrade, members.clone()))
        .boxed()
}

/// A document whose first campaign is for an upgrade.
pub fn upgrades() -> BoxedStrategy<Value> {
    (document(), upgrade())
        .prop_map(|(mut document, upgrade)| {
            let campaign = json!({ "id": "u", "discounts": [upgrade], "stacking": { "priority": 0 } });
            document["campaigns"].as_array_mut().into_iter().for_each(|list| list.push(campaign.clone()));
            document
        })
        .boxed()
}

fn earning() -> BoxedStrategy<Value> {
    let per = (whole(1, 5), amounts(1, 500))
        .prop_map(|(points, per)| json!({ "type": "points_per_amount", "points": points, "per": per }));
    let per = with_lines(per.boxed()).prop_flat_map(|rule| {
        some_of(rule, vec![("base", select(vec![json!("discounted"), json!("original")]).boxed())])
    });
    let factor =
        select(vec!["2", "1.5", "0.333", "10"]).prop_map(|f| json!({ "type": "points_multiplier", "factor": f }));
    prop_oneof![2 => per, 1 => factor].boxed()
}

fn rounding() -> BoxedStrategy<Value> {
    let mode = select(vec!["half_up", "half_down", "half_even", "up", "down"]).prop_map(|mode| json!(mode)).boxed();
    let level = select(vec![json!("line"), json!("order")]).boxed();
    some_of(json!({}), vec![("mode", mode), ("level", level)])
}

fn base() -> BoxedStrategy<Value> {
    select(vec![json!("running"), json!("original")]).boxed()
}

fn no_effect() -> BoxedStrategy<Value> {
    select(vec![json!("skip"), json!("keep")]).boxed()
}

fn seldom() -> BoxedStrategy<Value> {
    prop::bool::weighted(0.15).prop_map(|so| json!(so)).boxed()
}

fn stacking() -> BoxedStrategy<Value> {
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
fn limits() -> BoxedStrategy<Value> {
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

/// A campaign without an id and without codes.
fn campaign() -> BoxedStrategy<Value> {
    let gives = prop_oneof![
        6 => (prop::collection::vec(discount(), 1..3), Just(Vec::new())),
        1 => (prop::collection::vec(discount(), 1..2), prop::collection::vec(earning(), 1..3)),
        2 => (Just(Vec::new()), prop::collection::vec(earning(), 1..3)),
    ];
    let bare = gives.prop_map(|(discounts, earning)| json!({ "discounts": discounts, "earning": earning }));
    let paused = prop::bool::weighted(0.1).prop_map(|paused| json!(if paused { "paused" } else { "active" })).boxed();
    bare.prop_flat_map(move |campaign| {
        let members = vec![
            ("when", rule_at_turn()),
            ("stacking", stacking()),
            ("rounding", rounding()),
            ("refund", Just(json!("reevaluate")).boxed()),
            ("status", paused.clone()),
            ("limits", prop_oneof![2 => Just(json!({ "total": 5 })), 1 => limits()].boxed()),
        ];
        some_of(campaign, members)
    })
    .boxed()
}

/// How campaigns combine.
fn policy() -> BoxedStrategy<Value> {
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
    bare.prop_flat_map(move |policy| {
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
        some_of(policy, members)
    })
    .boxed()
}

/// Which units bear a share that is measured on original prices, or cut by a budget, is not told by the oracle, so only
/// campaigns that take of all units alike have budgets or say `original` where others are measured on what is left. Of
/// campaigns that compete for lines none has a budget.
fn keep_plain(document: &mut Value) {
    let all_are = document["stacking"]["base"] == "original";
    let of_all = document["stacking"]["group"].clone();
    let picks = |discount: &Value| {
        let of_units = ["maxUnits", "maxUnitsPerLine", "groupsOf"].iter().any(|name| !discount[*name].is_null());
        let kinds = ["percent_off", "quantity_ladder", "spend_ladder", "fixed_price", "free_shipping"];
        let of_lines = discount["type"] == "amount_off" && discount["per"] != "unit";
        of_units || !(of_lines || kinds.iter().any(|kind| discount["type"] == *kind))
    };
    let of_products = |campaign: &Value| {
        let discounts = campaign["discounts"].as_array();
        let kinds = ["gift", "upgrade", "bundle"];
        discounts.is_some_and(|all| all.iter().any(|one| kinds.iter().any(|kind| one["type"] == *kind)))
    };
    // what is given has rules of its own for who takes which unit
    if document["campaigns"].as_array().is_some_and(|campaigns| campaigns.iter().any(of_products)) {
        document["stacking"]["perLine"] = Value::Null;
    }
    for campaign in document["campaigns"].as_array_mut().into_iter().flatten() {
        if of_products(campaign) {
            let own = &campaign["stacking"]["group"];
            if *own == "lines" || own.is_null() && of_all == "lines" {
                campaign["stacking"]["group"] = json!("open");
            }
        }
        let picks = campaign["discounts"].as_array().is_some_and(|discounts| discounts.iter().any(picks));
        if all_are || picks {
            campaign["stacking"]["base"] = Value::Null;
        }
        let group = [&campaign["stacking"]["group"], &of_all].into_iter().find(|group| !group.is_null()).cloned();
        if (picks || group == Some(json!("lines"))) && campaign["limits"].is_object() {
            for name in ["budget", "sharedBudget", "whenOverBudget"] {
                campaign["limits"][name] = Value::Null;
            }
        }
    }
}

/// Campaigns of which those apply that save most.
pub fn choices() -> BoxedStrategy<Value> {
    document()
        .prop_map(|mut document| {
            document["stacking"]["pick"] = json!("best");
            document
        })
        .boxed()
}

/// More of them: eight to twelve, most of which any cart may have.
pub fn rivals() -> BoxedStrategy<Value> {
    let rival = (campaign(), prop::bool::weighted(0.7)).prop_map(|(mut campaign, is_open)| {
        if is_open {
            campaign["when"] = Value::Null;
        }
        campaign
    });
    document_of(prop::collection::vec((rival, prop::bool::weighted(0.3)), 8..=12).boxed())
        .prop_map(|mut document| {
            document["stacking"]["pick"] = json!("best");
            document
        })
        .boxed()
}

/// A whole document.
pub fn document() -> BoxedStrategy<Value> {
    document_of(prop::collection::vec((campaign(), prop::bool::weighted(0.3)), 1..7).boxed())
}

/// A document of campaigns, each of which may be one by code.
fn document_of(campaigns: BoxedStrategy<Vec<(Value, bool)>>) -> BoxedStrategy<Value> {
    campaigns
        .prop_map(|campaigns| {
            let mut codes = CODES.iter();
            let named = campaigns.into_iter().enumerate().map(|(index, (mut campaign, by_code))| {
                campaign["id"] = json!(format!("c{index}"));
                if let Some(code) = codes.next().filter(|_| by_code) {
                    campaign["codes"] = json!([code, format!("{code}-2")]);
                }
                campaign
            });
            named.collect::<Vec<_>>()
        })
        .prop_flat_map(|campaigns| {
            let pot = prop_oneof![amounts(0, 4000), amounts(0, 300)];
            let from = (amounts(0, 9000), amounts(0, 9000), prop::bool::ANY);
            (policy(), pot, from).prop_map(move |(policy, pot, (low, high, before))| {
                let mut document = json!({
                    "campaigns": campaigns, "stacking": policy, "budgets": [{ "id": "pot", "amount": pot }],
                    "levels": {
                        "counts": if before { "before_this_order" } else { "with_this_order" },
                        "steps": [{ "id": "low", "from": low }, { "id": "high", "from": high }],
                    },
                });
                keep_plain(&mut document);
                document
            })
        })
        .boxed()
}

fn customer() -> BoxedStrategy<Value> {
    let segments = subsequence(vec!["gold", "staff", "other"], 0..3).prop_map(|some| json!(some)).boxed();
    let status = select(vec![json!("premium"), json!(["basic", "premium"]), json!(true), json!(null), json!([])]);
    let age = select(vec![json!(17), json!(30), json!("30"), json!([18, 32]), json!(2.5)]);
    let attributes = some_of(json!({}), vec![("status", status.boxed()), ("age", age.boxed())]);
    let birthday = select(vec!["1990-03-01", "2000-02-29", "--03-04", "1985-12-30", "1999-02-26"]);
    let ago = |days: i64| (0..days).prop_map(|days| json!(NOW - days * DAY - 1_000)).boxed();
    let orders = some_of(json!({}), vec![("count", whole(0, 4)), ("lastAt", ago(110))]);
    some_of(
        json!({}),
        vec![
            ("segments", segments),
            ("attributes", attributes),
            ("birthday", birthday.prop_map(|day| json!(day)).boxed()),
            ("spent", whole(0, 20_000)),
            ("signedUpAt", prop_oneof![ago(5), (-5..5_i64).prop_map(|d| json!(NOW - (365 + d) * DAY))].boxed()),
            ("orders", orders),
        ],
    )
}

/// How often campaigns were used.
fn redemptions() -> BoxedStrategy<Value> {
    let members = || {
        let count = || whole(0, 6);
        let names = ["total", "byCustomer", "inPeriod", "byCustomerInPeriod"];
        let mut members: Vec<_> = names.into_iter().map(|name| (name, count())).collect();
        members.push(("spent", whole(0, 3000)));
        members
    };
    let told =
        (0..6_usize).prop_flat_map(move |number| some_of(json!({ "campaign": format!("c{number}") }), members()));
    prop::collection::vec(told, 0..3).prop_map(|told| json!(told)).boxed()
}

/// A cart with everything that may stand around it.
pub fn request() -> BoxedStrategy<Value> {
    let price = prop_oneof![5 => 0..3_000_i64, 2 => select(vec![0, 1, 5, 95, 333, 500, 1000]), 1 => 0..200_000_i64];
    let lines = prop::collection::vec((0..7_usize, price, 1..7_i64, prop::option::weighted(0.2, 0..1_000_i64)), 1..6)
        .prop_map(|lines| {
            let line = |(index, (number, price, quantity, floor)): (usize, (usize, i64, i64, Option<i64>))| {
                let mut line = product(number);
                line["id"] = json!(format!("l{index}"));
                line["unitPrice"] = json!(price);
                line["quantity"] = json!(quantity);
                if let Some(floor) = floor {
                    line["minPrice"] = json!(floor);
                }
                line
            };
            lines.into_iter().enumerate().map(line).collect::<Vec<_>>()
        });
    let givers = vec![None; 7].into_iter().chain([Some("c0"), Some("c1"), Some("c2"), Some("u"), Some("gone")]);
    let givers = prop::collection::vec(select(givers.collect::<Vec<_>>()), 6);
    let lines = (lines, givers).prop_map(|(mut lines, givers)| {
        for (line, giver) in lines.iter_mut().zip(givers).skip(1) {
            if let Some(giver) = giver {
                line["giftOf"] = json!(giver);
            }
        }
        lines
    });
    let stock = (select(vec![("sku", "s0"), ("sku", "s1"), ("product", "p1")]), 0..9_i64)
        .prop_map(|((name, id), available)| json!([{ name: id, "available": available }]))
        .boxed();
    let declined = values(&["c0", "c1", "c2"]);
    let codes = prop::collection::vec(select(vec!["alpha", "BETA", "gam-ma", "Delta", "alpha2", "NOPE"]), 0..4);
    let charge = (select(vec!["standard", "express", "pickup"]), 0..1000_i64);
    let shipping = prop::collection::vec(charge, 0..3).prop_map(|charges| {
        let charge = |(index, (method, price)): (usize, (&str, i64))| {
            let id = if index == 0 { method.to_owned() } else { format!("other {index}") };
            json!({ "id": id, "price": price })
        };
        charges.into_iter().enumerate().map(charge).collect::<Vec<_>>()
    });
    let payment = (select(vec!["points", "gift_card"]), 0..3000_i64);
    let payments = prop::collection::vec(payment, 0..2)
        .prop_map(|some| some.into_iter().map(|(kind, amount)| json!({ "type": kind, "amount": amount })).collect())
        .boxed();
    let currency = prop_oneof![6 => Just("EUR"), 2 => Just("JPY"), 1 => Just("GBP")];
    (lines, codes, shipping, currency)
        .prop_map(|(lines, codes, shipping, currency)| {
            let mut request = Map::new();
            request.insert("currency".into(), json!(currency));
            request.insert("now".into(), json!(NOW));
            request.insert("lines".into(), json!(lines));
            request.insert("codes".into(), json!(codes));
            request.insert("shipping".into(), json!(shipping));
            Value::Object(request)
        })
        .prop_flat_map(move |request| {
            let members = vec![
                ("customer", customer()),
                ("payments", payments.clone()),
                ("redemptions", redemptions()),
                ("budgets", (0..3000_i64).prop_map(|spent| json!([{ "id": "pot", "spent": spent }])).boxed()),
                ("country", select(vec![json!("IE"), json!("FR")]).boxed()),
                ("channel", select(vec![json!("app"), json!("web")]).boxed()),
                ("stock", stock.clone()),
                ("declinedGifts", declined.clone()),
                ("utcOffset", select(vec![json!(-600), json!(60), json!(840)]).boxed()),
            ];
            some_of(request, members)
        })
        .boxed()
}

/// Several carts for one shop: publishing costs more than quoting.
pub fn requests() -> BoxedStrategy<Vec<Value>> {
    prop::collection::vec(request(), 3).boxed()
}
