//! Import, export, import: every rule that a document asks comes back, and an offer that loses one waits.

use std::fs;

use serde_json::{json, Value};

use crate::workshop::Workshop;

fn of(name: &str, conditions: Value) -> Value {
    json!({ "name": name, "conditions": conditions })
}

fn about(name: &str, property: &str, conditions: Value) -> Value {
    json!({ "name": name, "property": property, "conditions": conditions })
}

fn within(mut rule: Value, inner: Value) -> Value {
    rule["rules"] = json!({ "1": inner, "logic": "1" });
    rule
}

/// A rule of every name that a condition asks.
fn rules() -> Vec<Value> {
    let tea = || json!([{ "id": "tea", "object": "product" }]);
    let pots = || json!([{ "id": "pc_pots", "object": "products_collection" }]);
    vec![
        of("customer.segment", json!({ "$is": ["seg_a"] })),
        of("customer.segment", json!({ "$is_not": ["seg_a", "seg_b"] })),
        about("customer.metadata", "tier", json!({ "$is": ["gold"] })),
        about("customer.metadata", "age", json!({ "$more_than_or_equal": [18], "$less_than": [30] })),
        about("customer.metadata", "mail", json!({ "$ends_with": ["@a.example"] })),
        about("order.metadata", "shop", json!({ "$is_not": ["web"] })),
        of("order.amount", json!({ "$more_than": [1000] })),
        of("order.initial_amount", json!({ "$less_than_or_equal": [9000] })),
        of("order.items.count", json!({ "$more_than": [2] })),
        of("order.items.price_any", json!({ "$more_than": [500] })),
        of("order.items.price_each", json!({ "$less_than": [900] })),
        about("order.items.metadata_any", "colour", json!({ "$is": ["red"] })),
        about("order.items.metadata_each", "size", json!({ "$more_than": [3] })),
        about("product.metadata", "colour", json!({ "$is_not": ["red"] })),
        of("product.price", json!({ "$more_than": [500] })),
        of("product.quantity", json!({ "$more_than": [1] })),
        of("product.id", json!({ "$is": tea() })),
        of("product.id", json!({ "$is": pots() })),
        of("product.id", json!({ "$is_not": pots() })),
        of("sku.id", json!({ "$is_not": [{ "id": "sku_1", "object": "sku" }] })),
        within(
            of("product.id", json!({ "$is": tea() })),
            of("product.aggregated_quantity", json!({ "$more_than": [2] })),
        ),
        of("order.items.any", json!({ "$is": tea() })),
        of("order.items.every", json!({ "$is": pots() })),
        of("order.items.none", json!({ "$is": tea() })),
        of("order.items.any", json!({ "$is": pots(), "$is_not": tea() })),
        of("order.items.cheapest", json!({ "$is": tea(), "$from": pots() })),
        within(
            of("order.items.most_expensive", json!({ "$is": tea() })),
            of("order.items.price", json!({ "$more_than": [100] })),
        ),
        within(
            of("order.items.any", json!({ "$is": tea() })),
            of("order.items.aggregated_amount", json!({ "$more_than": [100] })),
        ),
        within(
            of("order.items.any", json!({ "$is": tea(), "$from": pots() })),
            of("order.items.aggregated_quantity", json!({ "$more_than_or_equal": [2] })),
        ),
        of("campaign.redemptions.count", json!({ "$less_than_or_equal": [100] })),
        of("campaign.redemptions.count.daily", json!({ "$less_than_or_equal": [10] })),
        of("campaign.redemptions.customers_count.weekly", json!({ "$less_than": [3] })),
        of("redemption.count.per_customer", json!({ "$less_than_or_equal": [1] })),
        of("campaign.orders.amount_discounted", json!({ "$less_than_or_equal": [100_000] })),
    ]
}

#[test]
fn every_rule_comes_back() {
    let shop = Workshop::new();
    let campaigns: Vec<Value> = rules()
        .into_iter()
        .enumerate()
        .map(|(number, rule)| {
            json!({ "id": format!("camp_{number}"), "object": "campaign", "name": format!("{number}"),
                "validation_rule": { "rules": { "1": rule, "2": of("order.amount", json!({ "$more_than": [7] })),
                    "logic": if number % 2 == 0 { "1 and 2" } else { "1" } } },
                "voucher": { "type": "DISCOUNT_VOUCHER", "discount": { "type": "AMOUNT", "amount_off": 500 } } })
        })
        .collect();
    shop.write("campaigns.json", &json!({ "campaigns": campaigns }).to_string());
    let codes: String =
        (0..campaigns.len()).map(|number| format!("{}\n", json!({ "object": "voucher", "code": format!("C{number}"), "campaign_id": format!("camp_{number}"), "type": "DISCOUNT_VOUCHER" }))).collect();
    shop.write("vouchers.jsonl", &codes);
    let import = |files: &[&str], to: &str| {
        let all = [&["import", "voucherify"], files, &["--currency", "EUR", "--out", to]].concat();
        shop.run(&all).is_done();
    };
    let read = |name: &str| fs::read_to_string(shop.path(name)).unwrap();
    import(&["campaigns.json", "vouchers.jsonl"], "once");
    let once: Value = serde_json::from_str(&read("once/campaigns.json")).unwrap();
    for campaign in once["campaigns"].as_array().unwrap() {
        assert_ne!(campaign["status"], "paused", "{campaign}: {}", read("once/report.jsonl"));
    }
    shop.run(&["export", "voucherify", "once", "--currency", "EUR", "--out", "back"]).is_done();
    assert_eq!(read("back/report.jsonl"), "");
    // the report that lies there too is none of its objects
    import(&["back/campaigns.json", "back/report.jsonl", "back/vouchers.jsonl"], "twice");
    assert_eq!(read("once/campaigns.json"), read("twice/campaigns.json"));
}

#[test]
fn what_no_rule_asks_goes_back_switched_off() {
    let shop = Workshop::new();
    let documents = json!({ "campaigns": [
        { "id": "lines", "when": { "type": "contains", "lines": { "products": ["tea"], "categories": ["pots"] } },
            "discounts": [{ "type": "percent_off", "percent": "10" }] },
        { "id": "but", "when": { "type": "contains", "lines": { "categories": ["pots"], "except": { "products": ["tea"] } } },
            "discounts": [{ "type": "percent_off", "percent": "10" }] },
    ] });
    shop.write("moved/campaigns.json", &documents.to_string());
    shop.write("moved/codes.csv", "");
    shop.run(&["export", "voucherify", "moved", "--currency", "EUR", "--out", "back"]).is_done();
    let back: Value = serde_json::from_str(&fs::read_to_string(shop.path("back/campaigns.json")).unwrap()).unwrap();
    let tier = |number: usize| &back["campaigns"][number]["promotion"]["tiers"][0];
    assert_eq!(tier(0)["active"], false, "{back}");
    assert_ne!(tier(1)["active"], false, "{back}");
    let asked = json!({ "$is": [{ "id": "pots", "object": "products_collection" }], "$is_not": [{ "id": "tea", "object": "product" }] });
    assert_eq!(tier(1)["validation_rule"]["rules"]["1"], of("order.items.any", asked));
}
