//! Shops and carts with what the oracle does not tell: taxes, pieces that are no whole units, payments with balances,
//! formulas, margins, limits of units, units and lines that are counted off.

use proptest::prelude::*;
use serde_json::{json, Map, Value};

/// A decision for each byte; when they have run out, the first of each choice.
#[derive(Debug)]
struct Dice(Vec<u8>, usize);

impl Dice {
    fn below(&mut self, most: i64) -> i64 {
        let byte = self.0.get(self.1).copied().unwrap_or(0);
        self.1 += 1;
        i64::from(byte) % most
    }

    /// Whether it is one in so many.
    fn one_in(&mut self, many: i64) -> bool {
        self.below(many) == many - 1
    }

    fn of(&mut self, choices: &[Value]) -> Value {
        let at = self.below(i64::try_from(choices.len()).unwrap_or(1));
        choices[usize::try_from(at).unwrap_or(0)].clone()
    }
}

/// A document and carts with all of that besides.
pub(super) fn wide(document: BoxedStrategy<Value>, requests: BoxedStrategy<Vec<Value>>) -> BoxedStrategy<Value> {
    let dice = prop::collection::vec(any::<u8>(), 500).prop_map(|bytes| Dice(bytes, 0));
    (document, requests, dice)
        .prop_map(|(mut document, mut requests, mut dice)| {
            widen_document(&mut document, &mut dice);
            requests.iter_mut().for_each(|request| widen_request(request, &mut dice));
            json!({ "document": document, "requests": requests })
        })
        .boxed()
}

fn widen_document(document: &mut Value, dice: &mut Dice) {
    if dice.one_in(4) {
        document["stacking"]["codes"] = json!("all_or_none");
    }
    document["payments"] = json!([
        { "id": "club", "type": "points", "exchange": { "points": 100, "worth": { "EUR": 200, "JPY": 30 } }, "atMostPercent": "50" },
        { "id": "tea-card", "type": "gift_card", "lines": { "categories": ["tea"] } },
    ]);
    for campaign in document["campaigns"].as_array_mut().into_iter().flatten() {
        if dice.one_in(5) {
            campaign["minMargin"] = dice.of(&["0", "12.5", "40"].map(Value::from));
        }
        let discounts = campaign["discounts"].as_array_mut().expect("a list");
        if !discounts.is_empty() && dice.one_in(5) {
            discounts.push(formula_off(dice));
        }
        discounts.iter_mut().for_each(|discount| widen_discount(discount, dice));
        let in_units = !discounts.is_empty() && discounts.iter().all(counts_units);
        if in_units && dice.one_in(2) {
            campaign["limits"]["units"] = json!(dice.below(7) + 1);
        }
        if in_units && dice.one_in(3) {
            campaign["limits"]["unitsPerCustomer"] = json!(dice.below(5) + 1);
        }
        if campaign["codes"].is_array() && dice.one_in(3) {
            campaign["limits"]["codesPerOrder"] = json!(2);
        }
        if dice.one_in(8) {
            let undiscounted = json!({ "type": "undiscounted" });
            campaign["when"] = match campaign["when"].take() {
                Value::Null => undiscounted,
                rule => json!({ "all": [rule, undiscounted] }),
            };
        }
    }
}

/// Whether units can be counted that a discount is taken off.
fn counts_units(discount: &Value) -> bool {
    match discount["type"].as_str() {
        Some("percent_off" | "quantity_ladder") => true,
        Some("amount_off") => discount["per"] == "unit",
        Some("formula_off") => discount["takes"] == "percent",
        _ => false,
    }
}

fn formula_off(dice: &mut Dice) -> Value {
    let floor =
        json!({ "floor": { "divide": [{ "fact": "order_subtotal" }, { "money": { "EUR": 700, "JPY": 500 } }] } });
    dice.of(&[
        json!({ "type": "formula_off", "takes": "percent", "formula": { "min": [{ "fact": "units" }, "30"] } }),
        json!({ "type": "formula_off", "formula": { "multiply": [floor, { "money": { "EUR": 99, "JPY": 7 } }] } }),
        json!({ "type": "formula_off", "takes": "percent", "lines": { "categories": ["tea"] },
            "formula": { "divide": ["100", { "fact": "line_units" }] } }),
        json!({ "type": "formula_off", "formula": { "subtract": [{ "fact": "dearest_price" }, { "fact": "cheapest_price" }] } }),
        json!({ "type": "formula_off", "formula": { "multiply": [{ "fact": "left" }, "0.333"] }, "cap": { "EUR": 900, "JPY": 90 } }),
        json!({ "type": "formula_off", "formula": { "divide": [{ "fact": "shipping" }, { "fact": "orders" }] } }),
    ])
}

/// Which units or lines, in which order, and the most that is taken of each.
fn widen_discount(discount: &mut Value, dice: &mut Dice) {
    let is_of_lines = match discount["type"].as_str() {
        Some("percent_off") => true,
        Some("amount_off") => discount["per"] == "unit",
        Some("formula_off") => discount["takes"] == "percent",
        Some("gift") => {
            for product in discount["products"].as_array_mut().into_iter().flatten() {
                if dice.one_in(4) {
                    product["quantityFormula"] = json!({ "divide": [{ "fact": "order_units" }, "3"] });
                }
            }
            return;
        }
        _ => return,
    };
    if !is_of_lines {
        return;
    }
    if dice.one_in(4) {
        discount["capPerLine"] = json!({ "EUR": dice.below(250) * 4, "JPY": dice.below(250) });
    }
    if dice.one_in(3) {
        discount["pick"] = dice.of(&["listed", "cheapest", "dearest"].map(Value::from));
    }
    if !discount["cap"].is_null() && dice.one_in(3) {
        discount["capSpread"] = json!("in_turn");
    }
    if discount["excludeDiscounted"] != true && dice.one_in(5) {
        discount["onlyDiscounted"] = json!(true);
    }
    if dice.one_in(4) {
        let mut count_off = Map::new();
        count_off.insert("by".into(), dice.of(&["line", "unit"].map(Value::from)));
        for (name, most) in [("skip", 3), ("every", 3), ("atMost", 3)] {
            if dice.one_in(2) {
                count_off.insert(name.into(), json!(dice.below(most) + i64::from(name != "skip")));
            }
        }
        discount["countOff"] = Value::Object(count_off);
    }
}

fn widen_request(request: &mut Value, dice: &mut Dice) {
    let rates = [Value::Null, json!("19"), json!("7"), json!("0"), json!("5.5")];
    for line in request["lines"].as_array_mut().into_iter().flatten() {
        line["taxRate"] = dice.of(&rates);
        if dice.one_in(3) {
            line["cost"] = json!(dice.below(250) * 5);
        }
        if dice.one_in(8) && line["giftOf"].is_null() {
            line["quantity"] = dice.of(&["0.5", "1.25", "3.000", "2.75", "0.333"].map(Value::from));
        }
        line.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    }
    for charge in request["shipping"].as_array_mut().into_iter().flatten() {
        charge["taxRate"] = dice.of(&rates);
        charge.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    }
    if dice.one_in(2) {
        request["prices"] = dice.of(&["net", "gross"].map(Value::from));
    }
    if dice.one_in(3) {
        request["taxRounding"] = dice.of(&["line", "total"].map(Value::from));
    }
    if dice.one_in(4) {
        let mode = dice.of(&["half_up", "half_down", "up", "down"].map(Value::from));
        let coin = dice.of(&[5, 10, 100].map(Value::from));
        request["cashRounding"] = json!({ "to": coin, "mode": mode });
    }
    for told in request["redemptions"].as_array_mut().into_iter().flatten() {
        if dice.one_in(2) {
            told["units"] = json!(dice.below(6));
        }
        if dice.one_in(2) {
            told["unitsByCustomer"] = json!(dice.below(6));
        }
    }
    let count = dice.below(4);
    let payments: Vec<Value> = (0..count).map(|at| payment(at, dice)).collect();
    request["payments"] = json!(payments);
}

fn payment(at: i64, dice: &mut Dice) -> Value {
    let mut payment = dice.of(&[
        json!({ "type": "gift_card" }),
        json!({ "type": "store_credit" }),
        json!({ "type": "gift_card", "method": "tea-card" }),
        json!({ "type": "points", "method": "club" }),
        json!({ "type": "other" }),
    ]);
    payment["id"] = json!(format!("p{at}"));
    let is_points = payment["type"] == "points";
    let (balance, some) = (dice.below(250) * 30, dice.below(250) * 20);
    match dice.below(3) {
        0 => payment["balance"] = json!(balance),
        1 => payment[if is_points { "points" } else { "amount" }] = json!(some),
        _ => {
            payment["balance"] = json!(balance);
            payment[if is_points { "points" } else { "amount" }] = json!(some);
        }
    }
    if dice.one_in(3) {
        payment["priority"] = json!(dice.below(3));
    }
    payment
}
