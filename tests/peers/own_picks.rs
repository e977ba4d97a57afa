//! The runner on values of the form that pick lines and units: what has a discount or is on sale, named sets, caps of units.

use serde_json::{json, Value};

use crate::{judge, Verdict};

/// Promotions in running order on a cart; every told expectation is strict.
fn passes(promotions: &[Value], lines: Value, line_discounts: Value) {
    let promotions: Vec<Value> = (0..)
        .zip(promotions)
        .map(|(index, promotion): (usize, &Value)| {
            let mut promotion = promotion.clone();
            promotion["id"] = json!(format!("P{index}"));
            promotion["trigger"] = json!("automatic");
            promotion
        })
        .collect();
    let case = json!({
        "id": "own", "promotions": promotions, "codes": [],
        "cart": { "currency": "EUR", "minor_exponent": 2, "lines": lines },
        "expect": { "line_discounts": line_discounts }, "strict": ["line_discounts"]
    });
    let shown = case.to_string();
    assert_eq!(judge(case), Verdict::Passed, "{shown}");
}

fn line(id: &str, price: i64, quantity: i64) -> Value {
    json!({ "id": id, "unit_price": price, "quantity": quantity, "product": id })
}

fn percent(scope: &str, percent: &str, more: &Value) -> Value {
    let mut promotion = json!({ "scope": scope, "effect": { "type": "percent", "percent": percent } });
    for (name, value) in more.as_object().unwrap() {
        promotion[name] = value.clone();
    }
    promotion
}

#[test]
fn lines_with_and_without_a_discount() {
    let first = percent("lines", "10", &json!({ "where": { "product_in": ["a"] } }));
    let cart = || json!([line("a", 1000, 1), line("b", 1000, 1)]);
    let none = json!({ "when": [ { "line_has_no_discount": true } ] });
    passes(&[first.clone(), percent("lines", "50", &none)], cart(), json!({ "a": 100, "b": 500 }));
    let some = json!({ "when": [ { "line_has_no_discount": false } ] });
    passes(&[first.clone(), percent("lines", "50", &some)], cart(), json!({ "a": 550, "b": 0 }));
    // of an order it is a condition on all of its lines
    passes(&[first.clone(), percent("order", "50", &none)], cart(), json!({ "a": 100, "b": 0 }));
    passes(&[percent("order", "50", &none)], cart(), json!({ "a": 500, "b": 500 }));
}

#[test]
fn lines_on_sale_and_others() {
    let mut reduced = line("a", 1000, 1);
    reduced["regular_price"] = json!(1200);
    let cart = || json!([reduced.clone(), line("b", 1000, 1)]);
    passes(
        &[percent("lines", "10", &json!({ "where": { "not_on_sale": true } }))],
        cart(),
        json!({ "a": 0, "b": 100 }),
    );
    passes(
        &[percent("lines", "10", &json!({ "where": { "not_on_sale": false } }))],
        cart(),
        json!({ "a": 100, "b": 0 }),
    );
    let whole = json!({ "when": [ { "no_sale_items_in_cart": true } ] });
    passes(&[percent("lines", "10", &whole)], cart(), json!({ "a": 0, "b": 0 }));
}

#[test]
fn sets_of_named_products() {
    let price = json!({ "scope": "set", "effect": { "type": "fixed_set_price", "amount": 1200 }, "set": { "products": ["a", "b"] } });
    passes(&[price], json!([line("a", 1000, 2), line("b", 500, 1)]), json!({ "a": 200, "b": 100 }));
    let percent = percent("set", "10", &json!({ "set": { "products": ["a", "b"] }, "max_sets": 1 }));
    passes(&[percent], json!([line("a", 1000, 2), line("b", 500, 2)]), json!({ "a": 100, "b": 50 }));
}

#[test]
fn a_percentage_with_a_cap_of_each_unit() {
    let effect = json!({ "type": "percent", "percent": "50", "max_amount": 300, "cap_scope": "unit" });
    let promotion = json!({ "scope": "lines", "effect": effect });
    passes(&[promotion], json!([line("a", 1000, 2), line("b", 400, 2)]), json!({ "a": 600, "b": 400 }));
}

#[test]
fn one_amount_and_one_price_for_picked_units() {
    let amount = json!({ "scope": "units", "effect": { "type": "amount", "amount": 300, "per": "order" },
        "max_units": 2, "pick": "most_expensive_first" });
    passes(&[amount], json!([line("a", 1000, 1), line("b", 500, 3)]), json!({ "a": 200, "b": 100 }));
    let price = json!({ "scope": "units", "effect": { "type": "fixed_order_price", "amount": 1200 },
        "max_units": 2, "pick": "most_expensive_first" });
    passes(&[price], json!([line("a", 1000, 1), line("b", 500, 3)]), json!({ "a": 200, "b": 100 }));
}

#[test]
fn a_price_for_every_third_unit() {
    let promotion = json!({ "scope": "units", "effect": { "type": "fixed_unit_price", "amount": 100 },
        "every_nth": { "take": 1, "of": 3 } });
    passes(std::slice::from_ref(&promotion), json!([line("a", 500, 5)]), json!({ "a": 400 }));
    passes(&[promotion], json!([line("a", 500, 6)]), json!({ "a": 800 }));
}
