use serde_json::json;

use super::{told, translate, Asks, Counts};

const ASKS: Asks<'_> = Asks { currency: "EUR", lines: true, whole_order: true };

#[test]
fn money_is_worked_out_in_minor_units() {
    for (formula, expression) in [
        ("ORDER_AMOUNT * 0.1", json!({ "multiply": [{ "fact": "order_subtotal" }, "0.1"] })),
        (
            "FLOOR(ORDER_AMOUNT / 50) * 5",
            json!({ "multiply": [
            { "floor": { "divide": [{ "fact": "order_subtotal" }, "50"] }, "places": -2 }, "5"] }),
        ),
        ("2 * ORDER_UNITS_QUANTITY", json!({ "multiply": [{ "money": { "EUR": 200 } }, { "fact": "order_units" }] })),
        ("MIN(ORDER_TOTAL_AMOUNT; 7.5)", json!({ "min": [{ "fact": "order_left" }, { "money": { "EUR": 750 } }] })),
        (
            "IF(ORDER_AMOUNT >= 100; 15; 5)",
            json!({
            "if": { "at_least": [{ "fact": "order_subtotal" }, { "money": { "EUR": 10000 } }] },
            "then": { "money": { "EUR": 1500 } }, "else": { "money": { "EUR": 500 } } }),
        ),
        ("ROUND(ORDER_ITEM_PRICE; 0)", json!({ "round": { "fact": "unit_price" }, "places": -2 })),
        ("CUSTOMER_METADATA(\"visits\")", json!({ "multiply": [{ "customer": "visits" }, "100"] })),
        (
            "ORDER_AMOUNT / ORDER_TOTAL_AMOUNT",
            json!({ "divide": [{ "fact": "order_subtotal" }, { "divide": [{ "fact": "order_left" }, "100"] }] }),
        ),
    ] {
        let found = translate(formula, Counts::Money, ASKS).unwrap();
        assert_eq!(found.expression, expression, "{formula}");
    }
}

#[test]
fn numbers_stay_what_they_are() {
    for (formula, expression) in [
        ("ORDER_UNITS_QUANTITY", json!({ "fact": "order_units" })),
        ("ORDER_AMOUNT / 10", json!({ "divide": [{ "divide": [{ "fact": "order_subtotal" }, "100"] }, "10"] })),
        (
            "ORDER_AMOUNT / ORDER_TOTAL_AMOUNT",
            json!({ "divide": [{ "fact": "order_subtotal" }, { "fact": "order_left" }] }),
        ),
        (
            "IF(ORDER_AMOUNT < 50 AND NOT(ORDER_UNITS_QUANTITY = 1); 5; 10)",
            json!({
            "if": { "all": [{ "above": [{ "money": { "EUR": 5000 } }, { "fact": "order_subtotal" }] },
                { "not": { "equal": [{ "fact": "order_units" }, "1"] } }] }, "then": "5", "else": "10" }),
        ),
        (
            "SWITCH(ORDER_METADATA(\"tier\"); SWITCH_CASE(1; 5) SWITCH_CASE(2; 10); 0)",
            json!({
            "if": { "equal": [{ "attribute": "tier" }, "1"] }, "then": "5",
            "else": { "if": { "equal": [{ "attribute": "tier" }, "2"] }, "then": "10", "else": "0" } }),
        ),
        ("POW(2; 3) - -1", json!({ "subtract": [{ "power": ["2", "3"] }, "-1"] })),
    ] {
        let found = translate(formula, Counts::Number, ASKS).unwrap();
        assert_eq!(found.expression, expression, "{formula}");
    }
}

#[test]
fn a_formula_told_and_translated_again_is_the_same() {
    for formula in [
        "ORDER_AMOUNT * 0.1",
        "FLOOR(ORDER_AMOUNT / 50; 0) * 5",
        "MIN(ORDER_TOTAL_AMOUNT; 7.5; ORDER_ITEM_PRICE * 2)",
        "IF(ORDER_AMOUNT >= 100 OR ORDER_UNITS_QUANTITY > 3; 15; MAX(5; ORDER_AMOUNT % 3))",
        "DEFAULT_TO(CUSTOMER_METADATA(\"off\"); 5)",
        "ROUND(ORDER_AMOUNT * ORDER_METADATA(\"share\") / 100; 1)",
        "ORDER_UNITS_QUANTITY * CUSTOMER_METADATA(\"visits\")",
        "ORDER_AMOUNT / ORDER_TOTAL_AMOUNT",
        "-ORDER_UNITS_QUANTITY + ABS(ORDER_AMOUNT - 50)",
        "CHEAPEST_ORDER_ITEM_PRICE - 0.01",
        "SWITCH(ORDER_METADATA(\"tier\"); SWITCH_CASE(1; 5) SWITCH_CASE(2; 10); 0)",
    ] {
        for counts in [Counts::Money, Counts::Number] {
            let once = translate(formula, counts, ASKS).unwrap().expression;
            let back = told(&once, counts, "EUR").unwrap();
            let again = translate(&back, counts, ASKS).unwrap_or_else(|why| panic!("{formula}: {back}: {why}"));
            assert_eq!(again.expression, once, "{formula}: {back}");
        }
    }
}

#[test]
fn what_no_expression_has_is_named() {
    for (formula, why) in [
        ("REDEEMABLE_METADATA(\"k\")", "no expression asks for `REDEEMABLE_METADATA`"),
        ("DAYS_SINCE(CUSTOMER_BIRTHDATE)", "no expression asks for `DAYS_SINCE`"),
        ("CUSTOMER_BIRTHDATE + 1", "no expression asks for `CUSTOMER_BIRTHDATE`"),
        ("IF(ORDER_METADATA(\"k\") is \"gold\"; 5; 1)", "a text has no number: \"gold\""),
        ("POW(2; ORDER_UNITS_QUANTITY)", "`POW` takes other values"),
        ("ORDER_AMOUNT +", "it cannot be read"),
        ("ROUND(ORDER_AMOUNT", "a bracket is open"),
    ] {
        assert_eq!(translate(formula, Counts::Money, ASKS).unwrap_err(), why, "{formula}");
    }
    let of_order = Asks { lines: false, ..ASKS };
    assert!(translate("ORDER_ITEM_PRICE", Counts::Money, of_order).is_err());
    let of_some = Asks { whole_order: false, ..ASKS };
    assert!(translate("CHEAPEST_ORDER_ITEM_PRICE", Counts::Money, of_some).is_err());
}
