//! What answers tell of an order adds up: what is told of the whole is the sum of what the engine took of its parts, step by step.

use proptest::prelude::*;
use serde_json::{json, Value};

use super::project::Project;

fn product() -> impl Strategy<Value = String> {
    (0..4_u8).prop_map(|number| format!("prod_{number}"))
}

fn line() -> impl Strategy<Value = Value> {
    // what the caller says of a line is trusted, also where it is not what its units cost
    let amount = prop_oneof![4 => Just(None), 1 => (0..20_000_i64).prop_map(Some)];
    let earlier = prop_oneof![5 => Just(0), 1 => 1..50_i64];
    (product(), 0..5_000_i64, 1..6_i64, amount, earlier).prop_map(|(product, price, quantity, amount, earlier)| {
        let mut line = json!({ "product_id": product, "price": price, "quantity": quantity });
        if let Some(amount) = amount {
            line["amount"] = amount.into();
        }
        let worth = amount.unwrap_or(price * quantity);
        if earlier > 0 && worth > earlier {
            line["discount_amount"] = earlier.into();
        }
        line
    })
}

fn order() -> impl Strategy<Value = Value> {
    let items = prop::collection::vec(line(), 1..5);
    (items, prop_oneof![4 => Just(None), 1 => (0..40_000_i64).prop_map(Some)]).prop_map(|(items, amount)| {
        let taken: i64 = items.iter().filter_map(|item| item["discount_amount"].as_i64()).sum();
        let mut order = json!({ "items": items });
        if let Some(amount) = amount.filter(|amount| *amount > taken) {
            order["amount"] = amount.into();
        }
        order
    })
}

fn discount() -> impl Strategy<Value = Value> {
    let percent = (1..1_000_i64, prop::bool::ANY, prop::option::of(1..2_000_i64)).prop_map(|(tenths, lines, limit)| {
        let effect = if lines { "APPLY_TO_ITEMS" } else { "APPLY_TO_ORDER" };
        let percent: Value = serde_json::from_str(&format!("{}.{}", tenths / 10, tenths % 10)).unwrap();
        let mut discount = json!({ "type": "PERCENT", "percent_off": percent, "effect": effect });
        if let Some(limit) = limit {
            discount[if lines { "aggregated_amount_limit" } else { "amount_limit" }] = limit.into();
        }
        discount
    });
    let effects = prop::sample::select(vec![
        "APPLY_TO_ORDER",
        "APPLY_TO_ITEMS",
        "APPLY_TO_ITEMS_BY_QUANTITY",
        "APPLY_TO_ITEMS_PROPORTIONALLY",
        "APPLY_TO_ITEMS_PROPORTIONALLY_BY_QUANTITY",
    ]);
    let amount = (1..8_000_i64, effects)
        .prop_map(|(off, effect)| json!({ "type": "AMOUNT", "amount_off": off, "effect": effect }));
    let fixed = (0..9_000_i64, prop::bool::ANY).prop_map(|(price, lines)| {
        let effect = if lines { "APPLY_TO_ITEMS" } else { "APPLY_TO_ORDER" };
        json!({ "type": "FIXED", "fixed_amount": price, "effect": effect })
    });
    let units = (1..4_i64, product(), prop::bool::ANY).prop_map(|(off, product, missing)| {
        let effect = if missing { "ADD_MISSING_ITEMS" } else { "ADD_NEW_ITEMS" };
        json!({ "type": "UNIT", "unit_off": off, "unit_type": product, "effect": effect })
    });
    prop_oneof![percent, amount, fixed, units]
}

fn voucher() -> impl Strategy<Value = Value> {
    let to = prop::option::of((product(), prop::option::of(1..4_i64)));
    let coupon = (discount(), to).prop_map(|(discount, to)| {
        let mut voucher = json!({ "type": "DISCOUNT_VOUCHER", "discount": discount });
        if let Some((product, units)) = to {
            let mut entry = json!({ "object": "product", "id": product });
            if let Some(units) = units {
                entry["aggregated_quantity_limit"] = units.into();
            }
            voucher["applicable_to"] = json!({ "included": [entry] });
        }
        voucher
    });
    let card = (1..6_000_i64, prop::bool::ANY).prop_map(|(balance, lines)| {
        let effect = if lines { "APPLY_TO_ITEMS" } else { "APPLY_TO_ORDER" };
        json!({ "type": "GIFT_VOUCHER", "gift": { "amount": balance, "balance": balance, "effect": effect } })
    });
    prop_oneof![5 => coupon, 1 => card]
}

fn of(row: &Value, member: &str) -> i64 {
    row[member].as_i64().unwrap_or(0)
}

fn sum(order: &Value, member: &str) -> i64 {
    order["items"].as_array().into_iter().flatten().map(|item| of(item, member)).sum()
}

/// What is told of an order, of its lines and of a step.
fn adds_up(order: &Value) -> Result<(), TestCaseError> {
    let [amount, discount, of_lines, all] =
        ["amount", "discount_amount", "items_discount_amount", "total_discount_amount"].map(|member| of(order, member));
    prop_assert_eq!(all, discount + of_lines, "{}", order);
    prop_assert_eq!(of_lines, sum(order, "discount_amount"), "{}", order);
    prop_assert_eq!(of(order, "total_amount"), (amount - all).max(0), "{}", order);
    prop_assert_eq!(of(order, "items_applied_discount_amount"), sum(order, "applied_discount_amount"), "{}", order);
    let applied = of(order, "applied_discount_amount") + of(order, "items_applied_discount_amount");
    prop_assert_eq!(of(order, "total_applied_discount_amount"), applied, "{}", order);
    for item in order["items"].as_array().into_iter().flatten() {
        prop_assert_eq!(of(item, "subtotal_amount"), of(item, "amount") - of(item, "discount_amount"), "{}", item);
        prop_assert!(of(item, "subtotal_amount") >= 0 && of(item, "applied_discount_amount") >= 0, "{}", item);
    }
    Ok(())
}

/// The orders after each step, and what the last answer tells of all of them.
fn steps_add_up(sent: &Value, steps: &[&Value], last: &Value) -> Result<(), TestCaseError> {
    let (mut discount, mut of_lines, mut applied) = (0, sum(sent, "discount_amount"), [0; 3]);
    const APPLIED: [&str; 3] =
        ["applied_discount_amount", "items_applied_discount_amount", "total_applied_discount_amount"];
    for order in steps {
        adds_up(order)?;
        discount += of(order, APPLIED[0]);
        of_lines += of(order, APPLIED[1]);
        prop_assert_eq!(of(order, "discount_amount"), discount, "{}", order);
        prop_assert_eq!(of(order, "items_discount_amount"), of_lines, "{}", order);
        for (sum, member) in applied.iter_mut().zip(APPLIED) {
            *sum += of(order, member);
        }
    }
    adds_up(last)?;
    for (sum, member) in applied.into_iter().zip(APPLIED) {
        prop_assert_eq!(of(last, member), sum, "{} of {}", member, last);
    }
    let told_amount = sent["amount"].as_i64();
    let added: i64 = sum(last, "amount") - sum(&steps.first().map_or(Value::Null, |order| (*order).clone()), "amount");
    if told_amount.is_none() {
        prop_assert_eq!(of(last, "amount"), sum(last, "amount"), "{}", last);
    } else if added == 0 && last["initial_amount"].is_null() {
        prop_assert_eq!(told_amount, last["amount"].as_i64());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sums_of_answers_are_those_of_their_parts(order in order(), vouchers in prop::collection::vec(voucher(), 1..5)) {
        let named = |number: usize| format!("CODE{number}");
        let vouchers: Vec<Value> = vouchers.into_iter().enumerate().map(|(number, mut voucher)| {
            voucher["code"] = named(number).into();
            voucher["id"] = format!("v_{number}").into();
            voucher
        }).collect();
        let products: Vec<Value> =
            (0..4).map(|number| json!({ "id": format!("prod_{number}"), "name": "P", "price": 700 + number })).collect();
        let case = json!({ "vouchers": vouchers, "products": products,
            "settings": { "stacking_rules": { "redeemables_application_mode": "PARTIAL", "applicable_redeemables_per_category_limit": null } } });
        let mut project = Project::of(&case);
        let redeemables: Vec<Value> = (0..vouchers.len()).map(|number| json!({ "object": "voucher", "id": named(number) })).collect();
        let body = json!({ "redeemables": redeemables, "order": order });
        let (status, validated) = project.call("validations", json!({}), json!({}), body.clone());
        prop_assert_eq!(status, 200, "{}", validated);
        prop_assume!(validated["valid"] == true);
        let applicable: Vec<&Value> =
            validated["redeemables"].as_array().unwrap().iter().filter(|entry| entry["status"] == "APPLICABLE").collect();
        let steps: Vec<&Value> = applicable.iter().map(|entry| &entry["order"]).collect();
        steps_add_up(&order, &steps, &validated["order"])?;

        // what is redeemed is what was told, and cards lose what was taken with them
        let (status, redeemed) = project.call("redemptions", json!({}), json!({}), body);
        prop_assert_eq!(status, 200, "{}", redeemed);
        let redemptions = redeemed["redemptions"].as_array().unwrap();
        prop_assert_eq!(redemptions.len(), applicable.len());
        for (redemption, entry) in redemptions.iter().zip(&applicable) {
            for member in ["total_amount", "discount_amount", "items_discount_amount", "total_applied_discount_amount"] {
                prop_assert_eq!(of(&redemption["order"], member), of(&entry["order"], member), "{}", member);
            }
        }
        for voucher in vouchers.iter().filter(|voucher| voucher["type"] == "GIFT_VOUCHER") {
            let code = voucher["code"].as_str().unwrap();
            let taken: i64 = applicable.iter().filter(|entry| entry["id"] == code).map(|entry| of(&entry["order"], "total_applied_discount_amount")).sum();
            let left = of(&project.row("vouchers", code)["gift"], "balance");
            prop_assert_eq!(left, of(&voucher["gift"], "balance") - taken, "{}", code);
        }

        // and comes back whole
        let parent = redeemed["parent_redemption"]["id"].as_str();
        let (endpoint, id) = match parent {
            Some(id) => ("redemptions/rollback-stack", id),
            None => ("redemptions/rollback", redemptions[0]["id"].as_str().unwrap()),
        };
        let (status, undone) = project.call(endpoint, json!({ "redemption": id }), json!({}), json!({}));
        prop_assert_eq!(status, 200, "{}", undone);
        for voucher in vouchers.iter().filter(|voucher| voucher["type"] == "GIFT_VOUCHER") {
            let kept = project.row("vouchers", voucher["code"].as_str().unwrap());
            prop_assert_eq!(of(&kept["gift"], "balance"), of(&voucher["gift"], "balance"));
        }
    }
}
