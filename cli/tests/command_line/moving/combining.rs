//! Stacking rules, categories, segments and collections: carried over, back, and worth what Voucherify's interface answers.

use std::fs;

use serde_json::{json, Value};

use super::edge::Edge;
use super::interface;
use crate::workshop::Workshop;

/// A project in which all of them are said.
fn project() -> Value {
    let coupon = |id: &str, category: &str, discount: Value, more: Value| {
        let mut campaign = json!({ "id": id, "object": "campaign", "name": id, "campaign_type": "DISCOUNT_COUPONS", "category_id": category,
            "voucher": { "type": "DISCOUNT_VOUCHER", "discount": discount } });
        more.as_object().unwrap().iter().for_each(|(member, value)| campaign[member.as_str()] = value.clone());
        campaign
    };
    let percent = |percent: i64| json!({ "type": "PERCENT", "percent_off": percent, "effect": "APPLY_TO_ORDER" });
    let each_line = json!({ "type": "AMOUNT", "amount_off": 100, "effect": "APPLY_TO_ITEMS" });
    let pc = |id: &str| json!({ "object": "products_collection", "id": id });
    json!({
        "campaigns": [
            coupon("camp_sale", "cat_sale", percent(10), json!({})),
            coupon("camp_brand", "cat_brand", percent(20), json!({ "categories": [{ "id": "cat_brand" }, { "id": "cat_spring" }] })),
            coupon("camp_runners", "cat_spring", percent(5), json!({ "validation_rule": { "rules": {
                "1": { "name": "customer.segment", "conditions": { "$is": ["seg_runners"] } }, "logic": "1" } } })),
            coupon("camp_listed", "cat_spring", each_line.clone(), json!({ "applicable_to": { "included": [pc("pc_listed")] } })),
            coupon("camp_asked", "cat_spring", each_line.clone(), json!({ "applicable_to": { "included": [pc("pc_asked")] } })),
            coupon("camp_mixed", "cat_spring", each_line, json!({ "applicable_to": { "included": [pc("pc_mixed")] } })),
        ],
        "stacking_rules": {
            "redeemables_limit": 30, "applicable_redeemables_limit": 3, "applicable_redeemables_per_category_limit": 2,
            "applicable_redeemables_category_limits": { "cat_spring": 4 }, "applicable_exclusive_redeemables_limit": 2,
            "applicable_exclusive_redeemables_per_category_limit": 1, "exclusive_categories": ["cat_brand"], "joint_categories": ["cat_sale"],
            "redeemables_application_mode": "ALL", "redeemables_sorting_rule": "CATEGORY_HIERARCHY",
            "grouped_redeemables_sorting_rule": "JOINT_ALWAYS_LAST", "redeemables_products_application_mode": "ONCE",
            "redeemables_no_effect_rule": "SKIP", "no_effect_redeem_anyway_categories": ["cat_sale"],
            "redeemables_rollback_order_mode": "WITHOUT_ORDER", "discount_calculation_mode": "INITIAL_AMOUNT",
            "discounted_amount_mode_categories": ["cat_spring"] },
        "categories": [
            { "id": "cat_sale", "object": "category", "name": "Sale", "hierarchy": 3 },
            { "id": "cat_brand", "object": "category", "name": "Brand", "hierarchy": 1 },
            { "id": "cat_spring", "object": "category", "name": "Spring", "hierarchy": 2 }],
        "segments": [
            { "id": "seg_runners", "object": "segment", "name": "Runners", "type": "auto-update", "filter": { "junction": "or",
                "metadata.sport": { "conditions": { "$is": ["running"] } }, "email": { "conditions": { "$ends_with": ["@run.example"] } },
                "summary.orders.last_order_date": { "conditions": { "$more_than": [90] } },
                "summary.orders.total_count": { "conditions": { "$more_than_or_equal": [10] } } } },
            { "id": "seg_list", "object": "segment", "name": "List", "type": "static", "customers": ["cust_1"] },
            { "id": "seg_far", "object": "segment", "name": "Far", "type": "passive", "filter": { "junction": "and",
                "address.city": { "conditions": { "$is": ["Cork"] } }, "metadata.sport": { "conditions": { "$is": ["running"] } } } }],
        "product_collections": [
            { "id": "pc_listed", "object": "products_collection", "name": "Listed", "type": "STATIC",
              "products": [{ "id": "prod_tea", "object": "product" }, { "id": "prod_mug", "object": "product" }] },
            { "id": "pc_asked", "object": "products_collection", "name": "Asked", "type": "AUTO_UPDATE", "filter": { "junction": "and",
              "metadata.origin": { "conditions": { "$is": ["Assam"] } }, "price": { "conditions": { "$less_than": [2000] } } } },
            { "id": "pc_mixed", "object": "products_collection", "name": "Mixed", "type": "STATIC", "products": [{ "id": "prod_tea", "object": "product" }],
              "skus": [{ "id": "sku_red", "object": "sku", "product_id": "prod_mug" }] }],
        "products": [
            { "id": "prod_tea", "object": "product", "name": "Tea", "price": 1000, "metadata": { "origin": "Assam" } },
            { "id": "prod_fine", "object": "product", "name": "Fine tea", "price": 5000, "metadata": { "origin": "Assam" } },
            { "id": "prod_mug", "object": "product", "name": "Mug", "price": 900 }],
    })
}

fn import(shop: &Workshop, file: &str, to: &str) {
    shop.run(&["import", "voucherify", file, "--currency", "EUR", "--out", to]).is_done();
}

#[test]
fn what_a_document_can_say_of_combining_is_carried_and_comes_back() {
    let shop = Workshop::new();
    shop.write("export.json", &project().to_string());
    import(&shop, "export.json", "once");
    shop.run(&["check", "once/campaigns.json"]).is_done();
    let read = |path: &str| fs::read_to_string(shop.path(path)).unwrap();
    let moved: Value = serde_json::from_str(&read("once/campaigns.json")).unwrap();
    assert_eq!(
        moved["stacking"],
        json!({ "preset": "voucherify_all", "atMost": 3, "groupAtMost": 2, "exclusiveAtMost": 2, "perLine": "once", "noEffect": "skip",
            "base": "original", "groups": [
                { "id": "cat_brand", "lane": 0, "combines": "exclusive", "atMost": 1 },
                { "id": "cat_sale", "lane": 2, "combines": "joint", "noEffect": "keep" },
                { "id": "cat_spring", "lane": 1, "base": "line_level", "atMost": 4 }] })
    );
    assert_eq!(
        moved["segments"],
        json!({ "seg_runners": { "any": [
            { "type": "email", "endsWith": ["@run.example"] },
            { "type": "customer_attribute", "key": "sport", "in": ["running"] },
            { "type": "last_order", "longerAgoThan": { "days": 90 } },
            { "type": "order_count", "atLeast": 10 }] } })
    );
    let campaign = |id: &str| moved["campaigns"].as_array().unwrap().iter().find(|each| each["id"] == id).unwrap();
    assert_eq!(campaign("camp_brand")["stacking"], json!({ "group": "cat_brand", "alsoIn": ["cat_spring"] }));
    assert_eq!(campaign("camp_listed")["discounts"][0]["lines"], json!({ "products": ["prod_mug", "prod_tea"] }));
    assert_eq!(campaign("camp_asked")["discounts"][0]["lines"], json!({ "products": ["prod_tea"] }));
    assert_eq!(campaign("camp_mixed")["discounts"][0]["lines"], json!({ "categories": ["pc_mixed"] }));
    let told: Vec<String> = read("once/report.jsonl")
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|lost| ["object", "id", "member"].map(|member| lost[member].as_str().unwrap().to_string()).join(" "))
        .collect();
    let mut expected = [
        "stacking_rules  redeemables_rollback_order_mode",
        "category cat_sale name",
        "category cat_brand name",
        "category cat_spring name",
        "segment seg_runners name",
        "segment seg_list name",
        "segment seg_list customers",
        "segment seg_list type",
        "segment seg_far name",
        "segment seg_far filter.address.city",
        "products_collection * type",
        "products_collection pc_listed name",
        "products_collection pc_asked name",
        "products_collection pc_asked filter",
        "products_collection pc_mixed name",
        "products_collection pc_mixed products",
        "campaign camp_mixed applicable_to.products_collection",
        "product prod_tea ",
        "product prod_fine ",
        "product prod_mug ",
    ];
    let mut told: Vec<&str> = told.iter().map(String::as_str).collect();
    told.sort_unstable();
    expected.sort_unstable();
    assert_eq!(told, expected);
    shop.run(&["export", "voucherify", "once", "--currency", "EUR", "--out", "back"]).is_done();
    assert_eq!(read("back/report.jsonl"), "");
    import(&shop, "back/campaigns.json", "twice");
    for name in ["campaigns.json", "codes.csv", "accounts.jsonl"] {
        assert_eq!(read(&format!("once/{name}")), read(&format!("twice/{name}")), "{name}");
    }
    // and further rounds say nothing new
    shop.run(&["export", "voucherify", "twice", "--currency", "EUR", "--out", "again"]).is_done();
    assert_eq!(read("back/campaigns.json"), read("again/campaigns.json"));
}

/// Every setting that stacking rules have, beside what they say by themselves.
fn settings() -> Vec<Value> {
    let plain = json!({ "redeemables_application_mode": "PARTIAL", "redeemables_sorting_rule": "CATEGORY_HIERARCHY" });
    [
        json!({}),
        json!({ "redeemables_application_mode": "ALL" }),
        json!({ "applicable_redeemables_limit": 2 }),
        json!({ "applicable_redeemables_per_category_limit": 2 }),
        json!({ "applicable_redeemables_per_category_limit": null }),
        json!({ "applicable_redeemables_category_limits": { "cat_a": 2 } }),
        json!({ "exclusive_categories": ["cat_b"] }),
        json!({ "exclusive_categories": ["cat_b", "cat_c"], "applicable_exclusive_redeemables_limit": 2 }),
        json!({ "exclusive_categories": ["cat_a"], "applicable_exclusive_redeemables_limit": 2,
            "applicable_exclusive_redeemables_per_category_limit": 2 }),
        json!({ "exclusive_categories": ["cat_b"], "joint_categories": ["cat_a"] }),
        json!({ "exclusive_categories": ["cat_b"], "joint_categories": ["cat_a"], "grouped_redeemables_sorting_rule": "SORTING_RULE" }),
        json!({ "exclusive_categories": ["cat_a", "cat_c"], "joint_categories": ["cat_b", "cat_z"],
            "grouped_redeemables_sorting_rule": "SORTING_RULE", "applicable_exclusive_redeemables_limit": 2 }),
        json!({ "redeemables_products_application_mode": "ONCE", "applicable_redeemables_per_category_limit": 5 }),
        json!({ "redeemables_no_effect_rule": "SKIP", "applicable_redeemables_limit": 2 }),
        json!({ "no_effect_skip_categories": ["cat_c"], "applicable_redeemables_limit": 2 }),
        json!({ "redeemables_no_effect_rule": "SKIP", "no_effect_redeem_anyway_categories": ["cat_c"], "applicable_redeemables_limit": 2 }),
        json!({ "discount_calculation_mode": "INITIAL_AMOUNT" }),
        json!({ "initial_amount_mode_categories": ["cat_b"] }),
        json!({ "discount_calculation_mode": "INITIAL_AMOUNT", "discounted_amount_mode_categories": ["cat_b"] }),
    ]
    .into_iter()
    .map(|more| {
        let mut rules = plain.clone();
        more.as_object().unwrap().iter().for_each(|(member, value)| rules[member.as_str()] = value.clone());
        rules
    })
    .collect()
}

/// Codes by what they are: their category's letter, and what they give.
fn coupons() -> Vec<(&'static str, &'static str, Value)> {
    let items = |id: &str| json!({ "included": [{ "object": "product", "id": id }] });
    vec![
        ("A1", "cat_a", json!({ "discount": { "type": "PERCENT", "percent_off": 10, "effect": "APPLY_TO_ORDER" } })),
        ("A2", "cat_a", json!({ "discount": { "type": "AMOUNT", "amount_off": 700, "effect": "APPLY_TO_ORDER" } })),
        ("B1", "cat_b", json!({ "discount": { "type": "PERCENT", "percent_off": 25, "effect": "APPLY_TO_ORDER" } })),
        (
            "B2",
            "cat_b",
            json!({ "discount": { "type": "AMOUNT", "amount_off": 77, "effect": "APPLY_TO_ITEMS" }, "applicable_to": items("tea") }),
        ),
        (
            "Z1",
            "cat_z",
            json!({ "discount": { "type": "PERCENT", "percent_off": 15, "effect": "APPLY_TO_ITEMS" }, "applicable_to": items("tea") }),
        ),
        (
            "C1",
            "cat_c",
            json!({ "discount": { "type": "AMOUNT", "amount_off": 150, "effect": "APPLY_TO_ITEMS" }, "applicable_to": items("pot") }),
        ),
        (
            "C2",
            "cat_c",
            json!({ "discount": { "type": "AMOUNT", "amount_off": 90, "effect": "APPLY_TO_ITEMS" }, "applicable_to": items("tea") }),
        ),
        (
            "FAR",
            "cat_c",
            json!({ "discount": { "type": "AMOUNT", "amount_off": 90, "effect": "APPLY_TO_ORDER" },
            "validation_rule": { "rules": { "1": { "name": "order.amount", "conditions": { "$more_than": [100_000] } }, "logic": "1" } } }),
        ),
    ]
}

const TYPED: [&[&str]; 14] = [
    &["B1", "Z1"],
    &["B1", "Z1", "C2", "A2"],
    &["A1"],
    &["A1", "B1"],
    &["B1", "A1"],
    &["A1", "A2"],
    &["A1", "A2", "B1"],
    &["A1", "B1", "C2"],
    &["A2", "B2", "C2"],
    &["C1", "A1", "B1"],
    &["C1", "C2", "A1", "B1"],
    &["B1", "B2", "A1", "A2"],
    &["FAR", "A1", "B1"],
    &["A1", "A2", "B1", "B2", "C1", "C2"],
];

#[test]
fn codes_combine_to_what_the_interface_answers_by_every_setting() {
    let categories = json!({ "cat_z": { "id": "cat_z", "object": "category", "name": "Z", "hierarchy": 4 },
        "cat_a": { "id": "cat_a", "object": "category", "name": "A", "hierarchy": 1 },
        "cat_b": { "id": "cat_b", "object": "category", "name": "B", "hierarchy": 2 },
        "cat_c": { "id": "cat_c", "object": "category", "name": "C", "hierarchy": 3 } });
    let voucher = |(code, category, said): &(&str, &str, Value)| {
        let mut voucher = said.clone();
        voucher["id"] = format!("v_{code}").into();
        for (member, value) in
            [("object", "voucher"), ("code", code), ("category_id", category), ("type", "DISCOUNT_VOUCHER")]
        {
            voucher[member] = value.into();
        }
        // within a category the interface goes by what was typed, a document by priority
        voucher["campaign_id"] = format!("camp_{code}").into();
        voucher
    };
    let vouchers: Vec<Value> = coupons().iter().map(voucher).collect();
    let by_code: Value = vouchers
        .iter()
        .map(|voucher| (voucher["code"].as_str().unwrap().to_string(), voucher.clone()))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let mut differ = Vec::new();
    for (number, rules) in settings().into_iter().enumerate() {
        let shop = Workshop::new();
        let export = json!({ "vouchers": vouchers, "stacking_rules": rules,
            "categories": categories.as_object().unwrap().values().collect::<Vec<_>>() });
        shop.write("export.json", &export.to_string());
        import(&shop, "export.json", "moved");
        let mut edge = Edge::of(&shop, "moved");
        let rows = json!({ "settings": { "stacking_rules": rules }, "vouchers": by_code, "categories": categories });
        for typed in TYPED {
            let redeemables: Vec<Value> = typed.iter().map(|code| json!({ "object": "voucher", "id": code })).collect();
            let items = json!([{ "product_id": "tea", "price": 1333, "quantity": 2 }, { "product_id": "mug", "price": 4_449, "quantity": 1 }]);
            let call = json!({ "endpoint": "validations", "path": {}, "body": { "redeemables": redeemables, "order": { "items": items } } });
            let told = interface::ask(call, &rows);
            let there = told["body"]["order"]["total_discount_amount"]
                .as_i64()
                .filter(|_| told["body"]["valid"] == true)
                .unwrap_or(0);
            let quote = edge.quote(json!({ "codes": typed, "lines": [
                { "id": "a", "product": "tea", "unitPrice": 1333, "quantity": 2 }, { "id": "b", "product": "mug", "unitPrice": 4_449, "quantity": 1 }] }));
            let here = quote["discountTotal"].as_i64().unwrap();
            if here != there {
                differ.push(format!("{number} {rules} {typed:?}: {here} here, {there} there"));
            }
        }
    }
    assert!(differ.is_empty(), "{differ:#?}");
}

#[test]
fn a_category_may_be_told_by_its_name_alone() {
    let shop = Workshop::new();
    let discount = json!({ "type": "PERCENT", "percent_off": 10, "effect": "APPLY_TO_ORDER" });
    let export = json!({
        "campaigns": [{ "id": "camp_sale", "object": "campaign", "name": "camp_sale", "campaign_type": "DISCOUNT_COUPONS",
            "category": "Sale", "voucher": { "type": "DISCOUNT_VOUCHER", "discount": discount } }],
        "categories": [{ "id": "cat_sale", "object": "category", "name": "Sale", "hierarchy": 3 }],
    });
    shop.write("export.json", &export.to_string());
    shop.write("vouchers.csv", "Code,Campaign,Category\nSAME,camp_sale,Sale\nOTHER,camp_sale,Brand\n");
    shop.run(&["import", "voucherify", "export.json", "vouchers.csv", "--currency", "EUR", "--out", "once"]).is_done();
    let read = |path: &str| fs::read_to_string(shop.path(path)).unwrap();
    let moved: Value = serde_json::from_str(&read("once/campaigns.json")).unwrap();
    let groups =
        moved["campaigns"].as_array().unwrap().iter().map(|campaign| campaign["stacking"]["group"].as_str().unwrap());
    assert_eq!(groups.collect::<Vec<_>>(), ["cat_sale", "Brand"], "the second is a list of its own");
    assert!(!read("once/report.jsonl").contains(r#""member":"category""#));
}
