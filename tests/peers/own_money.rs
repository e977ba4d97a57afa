//! The runner on values of the form that are about money: shipping, caps, tiers, taxes, quantities, payments.

use serde_json::{json, Value};

use crate::{judge, Verdict};

/// One promotion on a cart; every told expectation is strict.
fn case(promotion: Value, cart: Value, expect: Value) -> Value {
    let mut promotions = Vec::new();
    if promotion.is_object() {
        let mut promotion = promotion;
        promotion["id"] = json!("P");
        promotion["trigger"] = json!("automatic");
        promotions.push(promotion);
    }
    let mut case = json!({ "id": "own", "promotions": promotions, "cart": cart, "codes": [] });
    case["strict"] = expect.as_object().unwrap().keys().cloned().collect();
    case["expect"] = expect;
    case
}

fn cart(lines: Value, shipping: Value) -> Value {
    json!({ "currency": "EUR", "minor_exponent": 2, "lines": lines, "shipping": shipping })
}

fn line(id: &str, price: i64, quantity: i64) -> Value {
    json!({ "id": id, "unit_price": price, "quantity": quantity, "categories": [id] })
}

fn passes(case: Value) {
    let shown = case.to_string();
    assert_eq!(judge(case), Verdict::Passed, "{shown}");
}

#[test]
fn shipping_by_percentage_amount_and_price() {
    let charges = || json!([ { "id": "x", "price": 800 }, { "id": "y", "price": 1000 } ]);
    let off = |effect: Value, x: i64, y: i64| {
        let promotion = json!({ "scope": "shipping", "effect": effect });
        let expect = json!({ "shipping_discounts": { "x": x, "y": y }, "discount_total": x + y });
        passes(case(promotion, cart(json!([line("a", 1000, 1)]), charges()), expect));
    };
    off(json!({ "type": "fixed_shipping_price", "amount": 490 }), 310, 510);
    off(json!({ "type": "percent", "percent": "12.5" }), 100, 125);
    off(json!({ "type": "percent", "percent": "50", "max_amount": 300 }), 133, 167);
    off(json!({ "type": "percent", "percent": "50", "max_amount": 300, "cap_scope": "line" }), 300, 300);
    off(json!({ "type": "amount", "amount": 900, "per": "order" }), 400, 500);
    off(json!({ "type": "amount", "amount": 900, "per": "line" }), 800, 900);
    off(json!({ "type": "free_shipping", "max_amount": 900 }), 400, 500);
    off(json!({ "type": "free_shipping" }), 800, 1000);
}

#[test]
fn order_and_shipping_together() {
    let off = |effect: Value, line_off: i64, shipping_off: i64| {
        let promotion = json!({ "scope": "order_and_shipping", "effect": effect });
        let expect = json!({ "line_discounts": { "a": line_off }, "shipping_discounts": { "x": shipping_off } });
        passes(case(promotion, cart(json!([line("a", 1000, 1)]), json!([ { "id": "x", "price": 500 } ])), expect));
    };
    off(json!({ "type": "percent", "percent": "10" }), 100, 50);
    off(json!({ "type": "percent", "percent": "100" }), 1000, 500);
    off(json!({ "type": "percent", "percent": "50", "max_amount": 300 }), 200, 100);
    off(json!({ "type": "amount", "amount": 900, "per": "order" }), 600, 300);
    off(json!({ "type": "amount", "amount": 9000, "per": "order" }), 1000, 500);
    off(json!({ "type": "fixed_order_price", "amount": 900 }), 400, 200);
}

#[test]
fn caps_by_line_and_on_either_side_of_tax() {
    let lines = || {
        let mut lines = [line("a", 10000, 1), line("b", 100, 1)];
        lines[0]["tax_rate_bp"] = json!(1900);
        lines[1]["tax_rate_bp"] = json!(1900);
        json!(lines)
    };
    let off = |effect: Value, includes_tax: bool, expected: i64| {
        let mut cart = cart(lines(), json!([]));
        cart["prices_include_tax"] = json!(includes_tax);
        let promotion = json!({ "scope": "lines", "effect": effect });
        passes(case(promotion, cart, json!({ "discount_total": expected })));
    };
    let capped = |basis: &str| json!({ "type": "percent", "percent": "50", "max_amount": 1190, "cap_basis": basis });
    off(capped("gross"), false, 1000);
    off(capped("gross"), true, 1190);
    off(capped("net"), false, 1190);
    off(json!({ "type": "percent", "percent": "50", "max_amount": 1000, "cap_basis": "net" }), true, 1190);
    off(json!({ "type": "percent", "percent": "50", "max_amount": 1000, "cap_scope": "line" }), false, 1050);
    off(json!({ "type": "amount", "amount": 600, "per": "line", "max_amount": 500 }), false, 500);
}

#[test]
fn thresholds_on_either_side_of_tax() {
    let applies = |least: i64, mode: &str, includes_tax: bool, expected: i64| {
        let mut taxed = line("a", 10000, 1);
        taxed["tax_rate_bp"] = json!(1550);
        let mut cart = cart(json!([taxed]), json!([]));
        cart["prices_include_tax"] = json!(includes_tax);
        let promotion = json!({ "scope": "order", "when": [ { "cart_subtotal_at_least": least, "tax_mode": mode } ],
            "effect": { "type": "amount", "amount": 100 } });
        passes(case(promotion, cart, json!({ "discount_total": expected })));
    };
    applies(11550, "gross", false, 100);
    applies(11551, "gross", false, 0);
    applies(10000, "net", false, 100);
    applies(8658, "net", true, 100);
    applies(8659, "net", true, 0);
    applies(10000, "gross", true, 100);
}

#[test]
fn tiers_by_other_lines_and_off_each_line() {
    let lines = || json!([line("a", 1000, 2), line("b", 500, 1)]);
    let off = |scope: &str, effect: Value, a: i64, b: i64| {
        let filter = if b == 0 { json!({ "category_in": ["a"] }) } else { json!({}) };
        let promotion = json!({ "scope": scope, "where": filter, "effect": effect });
        passes(case(promotion, cart(lines(), json!([])), json!({ "line_discounts": { "a": a, "b": b } })));
    };
    let tiers = |by: &str, from: i64| json!({ "type": "tiered_percent", "tier_by": by, "tiers": [ { "from": from, "percent": "10" } ] });
    off("lines", tiers("cart_quantity", 3), 200, 0);
    off("lines", tiers("cart_amount", 2500), 200, 0);
    off("lines", tiers("cart_amount", 2501), 0, 0);
    off("lines", tiers("line_quantity", 2), 200, 0);
    let amount = json!({ "type": "tiered_amount", "tier_by": "eligible_quantity", "base_amount": 50,
        "tiers": [ { "from": 3, "amount": 100 } ] });
    off("lines", amount, 100, 100);
    let amount = json!({ "type": "tiered_amount", "tier_by": "order_amount", "max_amount": 250,
        "tiers": [ { "from": 2500, "amount": 1000 } ] });
    off("order", amount, 200, 50);
}

#[test]
fn quantities_that_are_not_whole_and_currencies_of_all_decimals() {
    let off = |currency: &str, exponent: i64, quantity: Value, subtotal: i64, expected: i64| {
        let mut line = line("a", 1250, 1);
        line["quantity"] = quantity;
        let mut cart = cart(json!([line]), json!([]));
        cart["currency"] = json!(currency);
        cart["minor_exponent"] = json!(exponent);
        let promotion = json!({ "scope": "order", "effect": { "type": "percent", "percent": "10" } });
        passes(case(promotion, cart, json!({ "subtotal": subtotal, "discount_total": expected })));
    };
    off("EUR", 2, json!("2.5014"), 3127, 313);
    off("JPY", 0, json!("0.5"), 625, 63);
    off("KWD", 3, json!("2"), 2500, 250);
    off("CLF", 4, json!(3), 3750, 375);
    off("XQX", 5 - 1, json!("1.0000"), 1250, 125);
}

#[test]
fn payments_with_amounts_and_balances_and_points_that_are_rounded() {
    let pays = |payment: Value, due: i64, points: i64, rounding: Value| {
        let expect = json!({ "amount_due": due, "points_earned": points });
        let mut case = case(Value::Null, cart(json!([line("a", 1050, 1)]), json!([])), expect);
        case["payments"] = json!([payment]);
        case["loyalty"] = json!({ "earn": [ { "per_amount": 100, "points": 1, "rounding": rounding } ] });
        passes(case);
    };
    pays(json!({ "kind": "gift_card", "balance": 5000 }), 0, 10, json!("floor"));
    pays(json!({ "kind": "gift_card", "balance": 5000, "amount": 300 }), 750, 10, json!(null));
    pays(json!({ "kind": "wallet", "amount": 1050 }), 0, 11, json!("ceil"));
    pays(json!({ "kind": "store_credit", "balance": 1 }), 1049, 11, json!("round"));
    pays(json!({ "kind": "points", "amount": 50 }), 1000, 10, json!("ceil"));
}
