//! What was imported takes off, to the cent, what Voucherify's interface answers for the same rows.

use std::collections::BTreeSet;

use serde_json::{json, Value};

use super::edge::Edge;
use super::interface;
use crate::workshop::Workshop;

/// Offers, each with the rules that are assigned to it.
fn offers() -> Vec<(&'static str, Value, Value)> {
    let rules = |rules: Value| json!({ "rules": rules });
    let of = |name: &str, conditions: Value| json!({ "name": name, "conditions": conditions });
    let to = |included: Value, excluded: Value| json!({ "included": included, "excluded": excluded });
    let product = |id: &str| json!({ "object": "product", "id": id });
    let with = |mut rule: Value, within: Value| {
        rule["rules"] = within;
        rule
    };
    let property = |name: &str, mut rule: Value| {
        rule["property"] = name.into();
        rule
    };
    let only = |entries: Value| json!({ "rules": {}, "applicable_to": to(entries, json!([])) });
    let set = |units: i64| {
        json!({ "bundle_rules": { "1": { "name": "order.items.any",
            "conditions": { "$is": [{ "id": "tea", "object": "product", "type": "product_or_sku" }] },
            "rules": { "1": { "name": "order.items.aggregated_quantity", "conditions": { "$is": [units] } }, "logic": "1" } },
            "logic": "1", "limit": 3 } })
    };
    vec![
        ("PERCENT", json!({ "type": "PERCENT", "percent_off": 12.5 }), Value::Null),
        ("PERCENT-CAP", json!({ "type": "PERCENT", "percent_off": 50, "amount_limit": 1500 }), Value::Null),
        (
            "AMOUNT",
            json!({ "type": "AMOUNT", "amount_off": 750 }),
            rules(json!({ "1": of("order.amount", json!({ "$more_than_or_equal": [5000] })) })),
        ),
        (
            "EACH-LINE",
            json!({ "type": "AMOUNT", "amount_off": 150, "effect": "APPLY_TO_ITEMS" }),
            only(json!([product("tea")])),
        ),
        (
            "EACH-UNIT",
            json!({ "type": "AMOUNT", "amount_off": 99, "effect": "APPLY_TO_ITEMS_BY_QUANTITY" }),
            only(json!([product("tea"), product("mug")])),
        ),
        (
            "SPREAD",
            json!({ "type": "AMOUNT", "amount_off": 1001, "effect": "APPLY_TO_ITEMS_PROPORTIONALLY" }),
            Value::Null,
        ),
        ("FIXED", json!({ "type": "FIXED", "fixed_amount": 4200, "effect": "APPLY_TO_ORDER" }), Value::Null),
        (
            "LINES",
            json!({ "type": "PERCENT", "percent_off": 33, "effect": "APPLY_TO_ITEMS" }),
            json!({ "rules": {}, "applicable_to": to(json!([]), json!([product("mug")])) }),
        ),
        (
            "CHEAPEST",
            json!({ "type": "PERCENT", "percent_off": 100, "effect": "APPLY_TO_ITEMS" }),
            only(
                json!([{ "object": "products_collection", "id": "pc_a11pr0dUc75", "effect": "APPLY_TO_CHEAPEST", "target": "UNIT" }]),
            ),
        ),
        (
            "SEGMENT",
            json!({ "type": "PERCENT", "percent_off": 20 }),
            rules(json!({ "1": of("customer.metadata", json!({ "$is": ["gold"] })).as_object().map(|rule| {
            let mut rule = rule.clone();
            rule.insert("property".into(), "level".into());
            rule
        }) })),
        ),
        (
            "EITHER",
            json!({ "type": "AMOUNT", "amount_off": 500 }),
            rules(json!({ "1": of("order.amount", json!({ "$less_than": [3000] })),
            "2": of("order.items.count", json!({ "$more_than": [1] })), "logic": "1 or 2" })),
        ),
        (
            "FORMULA",
            json!({ "type": "AMOUNT", "amount_off": 100, "amount_off_formula": "FLOOR(ORDER_AMOUNT / 20; 0) * 1.55" }),
            Value::Null,
        ),
        (
            "FORMULA-IF",
            json!({ "type": "PERCENT", "percent_off": 1, "percent_off_formula": "IF(ORDER_AMOUNT > 50; ORDER_UNITS_QUANTITY; 3)" }),
            Value::Null,
        ),
        (
            "FORMULA-LINE",
            json!({ "type": "AMOUNT", "amount_off": 10, "amount_off_formula": "ORDER_ITEM_PRICE * 0.155", "effect": "APPLY_TO_ITEMS" }),
            only(json!([product("tea")])),
        ),
        (
            "FORMULA-FALLS",
            json!({ "type": "AMOUNT", "amount_off": 321, "amount_off_formula": "10 / CUSTOMER_METADATA(\"visits\")" }),
            Value::Null,
        ),
        (
            "BESIDE",
            json!({ "type": "AMOUNT", "amount_off": 111 }),
            rules(
                json!({ "1": of("order.items.any", json!({ "$is": [product("tea"), product("pot")], "$is_not": [product("pot")] })) }),
            ),
        ),
        (
            "PRODUCT-BESIDE",
            json!({ "type": "AMOUNT", "amount_off": 112 }),
            rules(json!({ "1": of("product.id", json!({ "$is": [{ "id": "tea" }], "$is_not": [{ "id": "mug" }] })) })),
        ),
        (
            "NESTED",
            json!({ "type": "AMOUNT", "amount_off": 113 }),
            rules(
                json!({ "1": with(of("order.amount", json!({ "$more_than": [2000] })), json!({ "1": of("order.items.count", json!({ "$more_than": [1] })) })) }),
            ),
        ),
        (
            "PRODUCT-NESTED",
            json!({ "type": "AMOUNT", "amount_off": 114 }),
            rules(json!({ "1": with(of("product.id", json!({ "$is": [{ "id": "tea" }] })),
                json!({ "1": of("product.metadata.aggregated_quantity", json!({ "$more_than_or_equal": [3] })),
                    "2": of("product.metadata.aggregated_amount", json!({ "$less_than": [4000] })), "logic": "1 and 2" })) })),
        ),
        (
            "ANY-PRICE",
            json!({ "type": "AMOUNT", "amount_off": 115 }),
            rules(json!({ "1": with(of("order.items.any", json!({ "$is": [product("tea"), product("mug")] })),
                json!({ "1": of("order.items.price", json!({ "$more_than": [900], "$less_than": [2000] })) })) })),
        ),
        (
            "EVERY-QUANTITY",
            json!({ "type": "AMOUNT", "amount_off": 116 }),
            rules(json!({ "1": with(of("order.items.every", json!({ "$is": [product("tea"), product("mug")] })),
                json!({ "1": of("order.items.quantity", json!({ "$more_than_or_equal": [2] })) })) })),
        ),
        (
            "CHEAPEST-UNITS",
            json!({ "type": "AMOUNT", "amount_off": 117 }),
            rules(json!({ "1": with(of("order.items.cheapest", json!({ "$is_not": [product("pot")] })),
                json!({ "1": of("order.items.aggregated_quantity", json!({ "$more_than": [1] })) })) })),
        ),
        (
            "NOT",
            json!({ "type": "AMOUNT", "amount_off": 118 }),
            rules(
                json!({ "1": of("order.items.any", json!({ "$is": [product("mug")] })), "2": of("order.amount", json!({ "$more_than": [1000] })),
                "logic": "not 1 and 2" }),
            ),
        ),
        (
            "METADATA",
            json!({ "type": "AMOUNT", "amount_off": 119 }),
            rules(json!({ "1": property("kind", of("product.metadata", json!({ "$is": ["green", "white"] }))) })),
        ),
        (
            "METADATA-OF-ALL",
            json!({ "type": "AMOUNT", "amount_off": 120 }),
            rules(json!({ "1": property("kind", of("product.metadata.match_all", json!({ "$is_not": ["blue"] }))) })),
        ),
        (
            "METADATA-NUMBER",
            json!({ "type": "AMOUNT", "amount_off": 121 }),
            rules(
                json!({ "1": property("weight", of("order.items.metadata_any", json!({ "$more_than": [50], "$less_than_or_equal": [300] }))) }),
            ),
        ),
        (
            "METADATA-OF-EACH",
            json!({ "type": "AMOUNT", "amount_off": 122 }),
            rules(
                json!({ "1": property("weight", of("order.items.metadata_each", json!({ "$more_than_or_equal": [100] }))) }),
            ),
        ),
        (
            "METADATA-WITHIN",
            json!({ "type": "AMOUNT", "amount_off": 123 }),
            rules(json!({ "1": with(of("order.items.any", json!({ "$is": [product("tea"), product("mug")] })), json!({
                "1": property("kind", of("order.items.metadata", json!({ "$is": ["green"] }))),
                "2": of("order.items.aggregated_quantity", json!({ "$more_than": [1] })), "logic": "1 and 2" })) })),
        ),
        (
            "PRICE-OF-EACH",
            json!({ "type": "AMOUNT", "amount_off": 124 }),
            rules(json!({ "1": of("order.items.price_each", json!({ "$more_than": [300] })) })),
        ),
        (
            "PRICE-OF-SOME",
            json!({ "type": "AMOUNT", "amount_off": 125 }),
            rules(
                json!({ "1": of("product.price", json!({ "$less_than": [300] })), "2": of("product.quantity", json!({ "$more_than_or_equal": [5] })) }),
            ),
        ),
        ("SET", json!({ "type": "AMOUNT", "amount_off": 400, "effect": "APPLY_TO_ORDER" }), set(2)),
        ("SET-PERCENT", json!({ "type": "PERCENT", "percent_off": 5, "effect": "APPLY_TO_ORDER" }), set(3)),
    ]
}

/// Lines of product, price and quantity.
const CARTS: [&[(&str, i64, i64)]; 7] = [
    &[("tea", 1000, 1)],
    &[("tea", 333, 3)],
    &[("tea", 1999, 2), ("mug", 950, 1)],
    &[("mug", 2750, 2)],
    &[("tea", 499, 7), ("mug", 1, 1), ("pot", 4999, 1)],
    &[("pot", 12345, 1), ("tea", 255, 5)],
    &[("tea", 777, 6), ("pot", 2500, 1)],
];

/// What is known of a product.
fn metadata(product: &str) -> Value {
    match product {
        "tea" => json!({ "kind": "green", "weight": 100 }),
        "mug" => json!({ "kind": "blue", "weight": 350 }),
        _ => json!({}),
    }
}

/// What Voucherify's interface takes off.
fn there(rows: &Value, code: &str, cart: &[(&str, i64, i64)], customer: &Value) -> i64 {
    let items: Vec<Value> = cart
        .iter()
        .map(|(product, price, quantity)| {
            let known = metadata(product);
            json!({ "product_id": product, "price": price, "quantity": quantity, "metadata": known, "product": { "metadata": known } })
        })
        .collect();
    let call = json!({ "endpoint": "vouchers/validate", "path": { "code": code },
        "body": { "order": { "items": items }, "customer": customer } });
    let told = interface::ask(call, &json!({ "vouchers": rows }));
    assert!(told["status"] == 200, "{code}: {told}");
    let taken = told["body"]["order"]["total_discount_amount"].as_i64();
    taken.filter(|_| told["body"]["valid"] == true).unwrap_or(0)
}

#[test]
fn what_is_imported_takes_off_what_the_interface_answers() {
    let shop = Workshop::new();
    let vouchers: Vec<Value> = offers()
        .into_iter()
        .map(|(code, discount, rule)| {
            json!({ "object": "voucher", "id": format!("v_{code}"), "code": code, "type": "DISCOUNT_VOUCHER", "active": true,
                "discount": discount, "validation_rule": rule, "redemption": { "quantity": null, "redeemed_quantity": 0 } })
        })
        .collect();
    shop.write("vouchers.json", &json!({ "vouchers": vouchers }).to_string());
    shop.run(&["import", "voucherify", "vouchers.json", "--currency", "EUR", "--out", "moved"]).is_done();
    shop.run(&["export", "voucherify", "moved", "--currency", "EUR", "--out", "back"]).is_done();
    let again =
        ["import", "voucherify", "back/campaigns.json", "back/vouchers.jsonl", "--currency", "EUR", "--out", "again"];
    shop.run(&again).is_done();
    for name in ["campaigns.json", "codes.csv"] {
        let read = |folder: &str| String::from_utf8(shop.read(&format!("{folder}/{name}"))).unwrap();
        let (moved, again) = (read("moved"), read("again"));
        let differs = moved.lines().zip(again.lines()).position(|(one, other)| one != other);
        assert!(moved == again, "{name}, line {differs:?}");
    }
    let mut edge = Edge::of(&shop, "moved");
    let rows: Value = vouchers
        .iter()
        .map(|voucher| (voucher["code"].as_str().unwrap().to_string(), voucher.clone()))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let mut differ = Vec::new();
    let mut taken = 0;
    let mut working = BTreeSet::new();
    for (code, ..) in offers() {
        for cart in CARTS {
            for (customer, told) in [
                (
                    json!({ "source_id": "anna", "metadata": { "level": "gold", "visits": 4 } }),
                    json!({ "id": "anna", "attributes": { "level": "gold", "visits": 4 } }),
                ),
                (
                    json!({ "source_id": "bob", "metadata": { "level": "none" } }),
                    json!({ "id": "bob", "attributes": { "level": "none" } }),
                ),
            ] {
                let there = there(&rows, code, cart, &customer);
                let lines: Vec<Value> = cart
                    .iter()
                    .map(|(product, price, quantity)| {
                        json!({ "id": product, "product": product, "unitPrice": price, "quantity": quantity, "attributes": metadata(product) })
                    })
                    .collect();
                let quote = edge.quote(json!({ "codes": [code], "lines": lines, "customer": told }));
                let here = quote["discountTotal"].as_i64().unwrap();
                taken += usize::from(here > 0);
                if here > 0 {
                    working.insert(code);
                }
                if here != there {
                    differ.push(format!("{code} {cart:?} {}: {here} here, {there} there", told["id"]));
                }
            }
        }
    }
    assert!(taken > 250, "{taken}");
    assert_eq!(working.len(), offers().len(), "each takes something of some cart: {working:?}");
    assert!(differ.is_empty(), "{differ:#?}");
}
