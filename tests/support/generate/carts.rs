//! Carts with everything that may stand around them.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{json, Map, Value};

use super::values::{some_of, values, whole, with_some, DAY, NOW};

/// What the shop sells: a product has its properties, whoever puts it into a cart.
pub(super) fn product(number: usize) -> Value {
    match number {
        0 => json!({ "sku": "s0", "product": "p0", "categories": ["books"] }),
        1 => {
            json!({ "sku": "s1", "product": "p0", "categories": ["books", "tea"], "attributes": { "brand": "acme", "tags": ["new"], "size": 1 } })
        }
        2 => {
            json!({ "sku": "s2", "categories": ["tea"], "attributes": { "brand": ["acme", "apex"], "size": 3 }, "regularPrice": 900 })
        }
        3 => {
            json!({ "product": "p1", "categories": ["mugs"], "attributes": { "outlet": true, "tags": ["fair", "new"] }, "regularPrice": 1 })
        }
        4 => json!({ "sku": "s4", "categories": ["mugs", "books"] }),
        _ => json!({}),
    }
}

pub(super) fn customer() -> BoxedStrategy<Value> {
    let segments = subsequence(vec!["gold", "staff", "other"], 0..3).prop_map(|some| json!(some)).boxed();
    let status = select(vec![json!("premium"), json!(["basic", "premium"]), json!(true), json!(null), json!([])]);
    let age = select(vec![json!(17), json!(30), json!("30"), json!([18, 32]), json!(2.5)]);
    let likes = select(vec![json!("tea"), json!(["books", "p0"]), json!("p1")]).boxed();
    let brands = select(vec![json!("acme"), json!(["apex", "other"])]).boxed();
    let attributes = vec![("status", status.boxed()), ("age", age.boxed()), ("likes", likes), ("brands", brands)];
    let attributes = some_of(json!({}), attributes);
    let birthday = select(vec!["1990-03-01", "2000-02-29", "--03-04", "1985-12-30", "1999-02-26"]);
    let ago = |days: i64| (0..days).prop_map(|days| json!(NOW - days * DAY - 1_000)).boxed();
    let part = (select(vec![("category", "tea"), ("category", "mugs"), ("product", "p0")]), 0..3_i64, 0..110_i64);
    let part =
        part.prop_map(|((name, id), count, days)| json!({ name: id, "count": count, "lastAt": NOW - days * DAY - 7 }));
    let bought = prop::collection::vec(part, 0..3).prop_map(|parts| json!(parts)).boxed();
    let orders = vec![("count", whole(0, 4)), ("lastAt", ago(110)), ("spent", whole(0, 9000)), ("bought", bought)];
    let orders = some_of(json!({}), orders);
    let redemptions = some_of(json!({}), vec![("c1", whole(0, 3))]);
    let email = select(vec![json!("ann@a.example"), json!("bo@b.example.org"), json!("")]).boxed();
    some_of(
        json!({}),
        vec![
            ("segments", segments),
            ("attributes", attributes),
            ("birthday", birthday.prop_map(|day| json!(day)).boxed()),
            ("spent", whole(0, 20_000)),
            ("signedUpAt", prop_oneof![ago(5), (-5..5_i64).prop_map(|d| json!(NOW - (365 + d) * DAY))].boxed()),
            ("orders", orders),
            ("redemptions", redemptions),
            ("email", email),
            ("signedIn", prop::bool::ANY.prop_map(|is| json!(is)).boxed()),
        ],
    )
}

fn order_attributes() -> BoxedStrategy<Value> {
    let wrap = select(vec![json!(true), json!("quasi-premium"), json!("premium"), json!(false)]).boxed();
    some_of(json!({}), vec![("wrap", wrap), ("visits", whole(0, 40))])
}

/// How often campaigns were used.
pub(super) fn redemptions() -> BoxedStrategy<Value> {
    let members = || {
        let count = || whole(0, 6);
        let names = ["total", "byCustomer", "inPeriod", "byCustomerInPeriod"];
        let mut members: Vec<_> = names.into_iter().map(|name| (name, count())).collect();
        members.push(("spent", whole(0, 3000)));
        members
    };
    let campaign = (0..6_usize).prop_map(|number| json!({ "campaign": format!("c{number}") }));
    let told = with_some(campaign.boxed(), members());
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
    // points are used first; of several, which lines they paid would show in what is earned
    let points = (0..3000_i64).prop_map(|amount| vec![json!({ "type": "points", "amount": amount })]);
    let card = (select(vec!["gift_card", "store_credit"]), select(vec!["balance", "amount"]), 0..3000_i64)
        .prop_map(|(kind, name, most)| json!({ "type": kind, name: most }));
    let card = with_some(card.boxed(), vec![("amount", whole(0, 3000))]);
    let payments = (prop_oneof![Just(Vec::new()), points], prop::collection::vec(card, 0..3))
        .prop_map(|(points, cards)| json!([points, cards].concat()))
        .boxed();
    let currency = prop_oneof![6 => Just("EUR"), 2 => Just("JPY"), 1 => Just("GBP")];
    let request = (lines, codes, shipping, currency)
        .prop_map(|(lines, codes, shipping, currency)| {
            let mut request = Map::new();
            request.insert("currency".into(), json!(currency));
            request.insert("now".into(), json!(NOW));
            request.insert("lines".into(), json!(lines));
            request.insert("codes".into(), json!(codes));
            request.insert("shipping".into(), json!(shipping));
            Value::Object(request)
        })
        .boxed();
    let members = vec![
        ("customer", customer()),
        ("payments", payments.clone()),
        ("redemptions", redemptions()),
        ("budgets", (0..3000_i64).prop_map(|spent| json!([{ "id": "pot", "spent": spent }])).boxed()),
        ("country", select(vec![json!("IE"), json!("FR")]).boxed()),
        ("channel", select(vec![json!("app"), json!("web")]).boxed()),
        ("region", select(vec![json!("DE-BY"), json!("DE-HH")]).boxed()),
        ("postcode", select(vec![json!("d01 f5p2"), json!("D-02"), json!("80331"), json!(" ")]).boxed()),
        ("device", select(vec![json!("mobile"), json!("watch")]).boxed()),
        ("paymentMethod", select(vec![json!("card"), json!("cash")]).boxed()),
        ("needsShipping", prop::bool::ANY.prop_map(|is| json!(is)).boxed()),
        ("startedAt", (0..100_i64).prop_map(|hours| json!(NOW - hours * 3_600_000)).boxed()),
        ("attributes", order_attributes()),
        ("stock", stock.clone()),
        ("declinedGifts", declined.clone()),
        ("utcOffset", select(vec![json!(-600), json!(60), json!(840)]).boxed()),
    ];
    with_some(request, members)
}

/// Several carts for one shop: publishing costs more than quoting.
pub fn requests() -> BoxedStrategy<Vec<Value>> {
    prop::collection::vec(request(), 3).boxed()
}
