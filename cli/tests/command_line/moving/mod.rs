mod again;
mod codes;
mod combining;
mod edge;
mod equal;
mod interface;
mod members;
mod rules;
mod shopify;
mod tables;
mod woocommerce;

use std::fs;

use serde_json::{json, Value};

use crate::workshop::Workshop;

fn campaigns() -> Value {
    let discounts = [
        json!({ "type": "PERCENT", "percent_off": 12.5, "effect": "APPLY_TO_ORDER", "amount_limit": 5000 }),
        json!({ "type": "AMOUNT", "amount_off": 300, "effect": "APPLY_TO_ITEMS_BY_QUANTITY" }),
        json!({ "type": "UNIT", "unit_off": 1, "unit_type": "prod_mug", "effect": "ADD_MISSING_ITEMS" }),
        json!({ "type": "FIXED", "fixed_amount": 9900, "effect": "APPLY_TO_ORDER" }),
    ];
    let each = |(index, discount): (usize, &Value)| {
        json!({ "id": format!("camp_{index}"), "object": "campaign", "name": format!("Campaign {index}"),
            "start_date": "2026-01-01T00:00:00Z", "voucher": { "type": "DISCOUNT_VOUCHER", "discount": discount },
            "validation_rule": { "rules": {
                "1": { "name": "order.amount", "conditions": { "$more_than_or_equal": [5000] } },
                "2": { "name": "customer.segment", "conditions": { "$is": ["seg_vip"] } }, "logic": "1 or 2" } } })
    };
    let campaigns: Vec<Value> = discounts.iter().enumerate().map(each).collect();
    json!({ "campaigns": campaigns })
}

#[test]
fn what_was_imported_exported_and_imported_again_is_the_same() {
    let shop = Workshop::new();
    shop.write("campaigns.json", &campaigns().to_string());
    let vouchers = (0..400).map(|n| {
        json!({ "object": "voucher", "code": format!("CODE-{n}"), "campaign_id": format!("camp_{}", n % 4), "type": "DISCOUNT_VOUCHER",
            "redemption": { "quantity": 1, "redeemed_quantity": n % 2 }, "active": n % 7 != 0, "metadata": { "n": n } })
    });
    let lines: String = vouchers.map(|voucher| format!("{voucher}\n")).collect();
    shop.write("vouchers.jsonl", &lines);
    shop.write("lone.csv", "Code,Voucher Type,Discount Type,Value\nLONE,DISCOUNT_VOUCHER,AMOUNT,7.50\n");
    shop.run(&[
        "import",
        "voucherify",
        "campaigns.json",
        "vouchers.jsonl",
        "lone.csv",
        "--currency",
        "EUR",
        "--out",
        "once",
    ])
    .is_done();
    shop.run(&["check", "once/campaigns.json"]).is_done();
    shop.run(&["export", "voucherify", "once", "--currency", "EUR", "--out", "back"]).is_done();
    shop.run(&[
        "import",
        "voucherify",
        "back/campaigns.json",
        "back/vouchers.jsonl",
        "--currency",
        "EUR",
        "--out",
        "twice",
    ])
    .is_done();
    for name in ["campaigns.json", "codes.csv"] {
        let read = |folder: &str| fs::read_to_string(shop.path(&format!("{folder}/{name}"))).unwrap();
        assert_eq!(read("once"), read("twice"), "{name}");
        assert!(read("once").contains("camp_3"), "{name}");
    }
    assert_eq!(fs::read_to_string(shop.path("once/report.jsonl")).unwrap(), "");
}

/// A loyalty campaign with everything that belongs to one, bundles, and windows at intervals.
fn club() -> Value {
    json!({
        "campaigns": [
            { "id": "camp_club", "object": "campaign", "name": "Club", "campaign_type": "LOYALTY_PROGRAM",
              "loyalty_tiers_expiration": { "qualification_type": "POINTS_IN_PERIOD", "qualification_period": "YEAR",
                "start_date": { "type": "IMMEDIATE" }, "expiration_date": { "type": "END_OF_NEXT_PERIOD" } },
              "voucher": { "type": "LOYALTY_CARD", "loyalty_card": { "points": 0, "expiration_rules":
                { "period_type": "MONTH", "period_value": 12, "rounding_type": "END_OF_MONTH" } } } },
            { "id": "camp_set", "object": "campaign", "name": "Set", "start_date": "2026-03-02T18:00:00Z",
              "validity_timeframe": { "interval": "P1D", "duration": "PT2H" },
              "voucher": { "type": "DISCOUNT_VOUCHER", "discount": { "type": "AMOUNT", "amount_off": 500, "effect": "APPLY_TO_ORDER" } },
              "validation_rule": { "bundle_rules": { "1": { "name": "order.items.any",
                "conditions": { "$is": [{ "id": "prod_lens", "object": "product", "type": "product_or_sku" }] },
                "rules": { "1": { "name": "order.items.aggregated_quantity", "conditions": { "$is": [2] } }, "logic": "1" } },
                "logic": "1", "limit": 3 } } },
            { "id": "camp_gift", "object": "campaign", "name": "Gift", "campaign_type": "GIFT_VOUCHERS" }],
        "earning_rules": [
            { "id": "ern_paid", "object": "earning_rule", "campaign_id": "camp_club", "event": "order.paid", "active": true,
              "pending_points": { "period_type": "DAY", "period_value": 14 },
              "loyalty": { "type": "PROPORTIONAL", "calculation_type": "ORDER_TOTAL_AMOUNT", "order": { "total_amount": { "every": 100, "points": 2 } } } },
            { "id": "ern_review", "object": "earning_rule", "campaign_id": "camp_club", "event": "review", "active": true,
              "loyalty": { "type": "FIXED", "points": 25 } },
            { "id": "ern_seg", "object": "earning_rule", "campaign_id": "camp_club", "event": "customer.segment.entered", "active": true,
              "segment": { "id": "seg_runners" }, "loyalty": { "type": "FIXED", "points": 5 } },
            { "id": "ern_up", "object": "earning_rule", "campaign_id": "camp_club", "event": "customer.loyalty.tier.upgraded", "active": true,
              "loyalty": { "type": "FIXED", "points": 10 } }],
        "loyalty_tiers": [
            { "id": "ltr_gold", "object": "loyalty_tier", "name": "ltr_gold", "campaign_id": "camp_club", "points": { "from": 500 },
              "earning_rules": { "ern_paid": { "type": "MULTIPLY", "multiplier": 1.5 } }, "rewards": { "rewa_gift": { "type": "CUSTOM", "points": 80 } } }],
        "rewards": [
            { "id": "rew_gift", "object": "reward", "name": "Ten off", "type": "CAMPAIGN",
              "parameters": { "campaign": { "id": "camp_gift", "type": "GIFT_VOUCHERS", "balance": 1000 } } },
            { "id": "rew_pay", "object": "reward", "name": "Pay", "type": "COIN", "parameters": { "coin": { "exchange_ratio": 1, "points_ratio": 100 } } }],
        "reward_assignments": [
            { "id": "rewa_gift", "object": "reward_assignment", "reward_id": "rew_gift", "related_object_id": "camp_club",
              "related_object_type": "campaign", "parameters": { "loyalty": { "points": 100 }, "auto_redeem": true } }],
    })
}

#[test]
fn a_loyalty_campaign_becomes_a_programme_and_comes_back() {
    let shop = Workshop::new();
    shop.write("export.json", &club().to_string());
    shop.write("cards.jsonl", "{\"object\":\"voucher\",\"code\":\"CARD\",\"campaign_id\":\"camp_club\",\"type\":\"LOYALTY_CARD\",\"loyalty_card\":{\"points\":40,\"balance\":30}}\n");
    let import = |files: &[&str], to: &str| {
        let mut words = vec!["import", "voucherify"];
        words.extend(files);
        words.extend(["--currency", "EUR", "--out", to]);
        shop.run(&words).is_done();
    };
    import(&["export.json", "cards.jsonl"], "once");
    shop.run(&["check", "once/campaigns.json"]).is_done();
    let read = |path: &str| fs::read_to_string(shop.path(path)).unwrap();
    let moved: Value = serde_json::from_str(&read("once/campaigns.json")).unwrap();
    let programme = &moved["loyalty"]["programmes"][0];
    assert_eq!(programme["expiry"], json!({ "type": "after_months", "months": 12, "roundTo": "month" }));
    assert_eq!(programme["levels"]["keep"], "end_of_next_period");
    assert_eq!(programme["levels"]["list"], json!([{ "id": "ltr_gold", "from": 500 }]));
    let paid = json!({ "id": "ern_paid", "on": "order", "points": 2, "every": { "EUR": 100 }, "of": "total", "pendingDays": 14,
        "byLevel": { "ltr_gold": { "factor": "1.5" } } });
    assert_eq!(programme["earning"][0], paid);
    assert_eq!(programme["earning"][1]["on"], json!({ "event": "review" }));
    assert_eq!(programme["earning"][2]["on"], json!({ "segment": "seg_runners" }));
    assert_eq!(programme["earning"][3]["on"], json!({ "level": ["upgraded"] }));
    let gift = json!({ "id": "rewa_gift", "name": "Ten off", "points": 100, "automatic": "affordable",
        "gives": { "type": "gift_card", "amount": { "EUR": 1000 } }, "byLevel": { "ltr_gold": { "points": 80 } } });
    assert_eq!(programme["rewards"], json!([gift]));
    let set = moved["campaigns"].as_array().unwrap().iter().find(|each| each["id"] == "camp_set").unwrap();
    assert_eq!(set["schedule"]["repeats"], json!({ "every": "P1D", "for": "PT2H" }));
    let bundle = json!({ "of": [{ "quantity": 2, "lines": { "products": ["prod_lens"] } }], "atMost": 3 });
    assert_eq!(set["discounts"][0]["perBundle"], bundle);
    // all but the name of a way of paying
    let lost: Vec<Value> = read("once/report.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lost.iter().map(|lost| &lost["id"]).collect::<Vec<_>>(), ["rew_pay"], "{lost:?}");
    shop.run(&["export", "voucherify", "once", "--currency", "EUR", "--out", "back"]).is_done();
    import(&["back/campaigns.json", "back/vouchers.jsonl"], "twice");
    for name in ["campaigns.json", "codes.csv"] {
        assert_eq!(read(&format!("once/{name}")), read(&format!("twice/{name}")), "{name}");
    }
}

#[test]
fn a_loyalty_campaign_earns_when_and_for_whom_it_did() {
    let shop = Workshop::new();
    let mut export = club();
    export["campaigns"][0]["start_date"] = "2026-03-01T00:00:00Z".into();
    export["campaigns"][0]["expiration_date"] = "2026-06-01T00:00:00Z".into();
    export["earning_rules"][1]["loyalty_tier"] = json!({ "id": "ltr_gold" });
    export["earning_rules"][1]["expiration_date"] = "2026-05-01T00:00:00Z".into();
    export["earning_rules"][2]["loyalty_tier"] = json!({ "id": "__ANY__" });
    export["earning_rules"][3]["event"] = "customer.loyalty.tier.left".into();
    export["earning_rules"][3]["loyalty_tier"] = json!({ "id": "ltr_gold" });
    let import = |to: &str| {
        shop.run(&["import", "voucherify", "export.json", "--currency", "EUR", "--out", to]).is_done();
        let read = |name: &str| fs::read_to_string(shop.path(&format!("{to}/{name}"))).unwrap();
        let moved: Value = serde_json::from_str(&read("campaigns.json")).unwrap();
        let told = read("report.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>();
        (moved["loyalty"]["programmes"][0].clone(), told)
    };
    shop.write("export.json", &export.to_string());
    let (programme, told) = import("running");
    shop.run(&["check", "running/campaigns.json"]).is_done();
    let schedule = |until: &str| json!({ "from": "2026-03-01T00:00:00", "until": until });
    let earning = programme["earning"].as_array().unwrap();
    assert_eq!(earning[0]["schedule"], schedule("2026-06-01T00:00:00"));
    assert_eq!(earning[1]["schedule"], schedule("2026-05-01T00:00:00"), "its own dates come first");
    let gold = json!({ "type": "customer_attribute", "key": "camp_club.level", "in": ["ltr_gold"] });
    assert_eq!((&earning[1]["when"], &earning[2]["when"]), (&gold, &Value::Null));
    // who has left a level is on none that could be asked for
    assert_eq!(earning.len(), 3);
    let members: Vec<&str> =
        told.iter().filter(|lost| lost["id"] == "camp_club").map(|lost| lost["member"].as_str().unwrap()).collect();
    assert_eq!(members, ["ern_up.loyalty_tier", "start_date", "expiration_date"], "rewards have no dates");
    shop.run(&["export", "voucherify", "running", "--currency", "EUR", "--out", "back"]).is_done();
    let back: Value = serde_json::from_str(&fs::read_to_string(shop.path("back/campaigns.json")).unwrap()).unwrap();
    let review = back["earning_rules"].as_array().unwrap().iter().find(|rule| rule["event"] == "review").unwrap();
    assert_eq!((&review["loyalty_tier"], &review["validation_rule"]), (&json!({ "id": "ltr_gold" }), &Value::Null));

    let pays = json!({ "id": "rewa_pay", "object": "reward_assignment", "reward_id": "rew_pay", "related_object_id": "camp_club" });
    export["reward_assignments"].as_array_mut().unwrap().push(pays);
    let payments = |of: &str| {
        let read = fs::read_to_string(shop.path(&format!("{of}/campaigns.json"))).unwrap();
        serde_json::from_str::<Value>(&read).unwrap()["payments"].clone()
    };
    shop.write("export.json", &export.to_string());
    import("on");
    assert_eq!(payments("on")[0]["id"], "rew_pay");
    export["campaigns"][0]["active"] = false.into();
    shop.write("export.json", &export.to_string());
    let (programme, told) = import("off");
    assert_eq!(payments("off"), Value::Null, "its points pay nothing");
    assert!(told.iter().any(|lost| lost["id"] == "rew_pay" && lost["member"] == "type"), "{told:?}");
    assert_eq!((&programme["earning"], &programme["rewards"]), (&json!([]), &Value::Null));
    assert_eq!(programme["levels"]["list"][0]["id"], "ltr_gold");
    assert!(told.iter().any(|lost| lost["id"] == "camp_club" && lost["member"] == "active"), "{told:?}");
}

#[test]
fn an_offer_of_which_a_rule_is_lost_is_paused_and_told() {
    let shop = Workshop::new();
    let of = |name: &str, conditions: Value| json!({ "name": name, "conditions": conditions });
    let within = |mut rule: Value, inner: Value| {
        rule["rules"] = json!({ "1": inner });
        rule
    };
    let tea = || json!({ "$is": [{ "id": "tea", "object": "product" }] });
    let rules = [
        ("redemption.api_key", of("redemption.api_key", json!({ "$is": ["k"] }))),
        ("customer.segment", of("customer.segment", json!({ "$is": ["seg_a"], "$has_value": [] }))),
        (
            "redemption.user.login",
            within(
                of("order.amount", json!({ "$more_than": [100] })),
                of("redemption.user.login", json!({ "$is": ["k"] })),
            ),
        ),
        (
            "order.items.any",
            of("order.items.any", json!({ "$is": [{ "id": "tea", "object": "product" }], "$more_than": [1] })),
        ),
        (
            "order.items.every",
            within(of("order.items.every", tea()), of("order.items.metadata", json!({ "$contains": ["red"] }))),
        ),
        (
            "order.items.none",
            within(of("order.items.none", tea()), of("order.items.price", json!({ "$more_than": [100] }))),
        ),
        (
            "product.id",
            within(
                of("product.id", json!({ "$is": [{ "id": "tea" }] })),
                of("product.metadata", json!({ "$is": ["red"] })),
            ),
        ),
    ];
    let campaigns: Vec<Value> = rules
        .iter()
        .enumerate()
        .map(|(number, (_, rule))| {
            json!({ "id": format!("camp_{number}"), "object": "campaign", "validation_rule": { "rules": { "1": rule } },
                "voucher": { "discount": { "type": "AMOUNT", "amount_off": 500 } } })
        })
        .collect();
    shop.write("campaigns.json", &Value::from(campaigns).to_string());
    shop.run(&["import", "voucherify", "campaigns.json", "--currency", "EUR", "--out", "moved"]).is_done();
    let moved: Value = serde_json::from_str(&fs::read_to_string(shop.path("moved/campaigns.json")).unwrap()).unwrap();
    let report = fs::read_to_string(shop.path("moved/report.jsonl")).unwrap();
    for (number, (member, _)) in rules.iter().enumerate() {
        assert_eq!(moved["campaigns"][number]["status"], "paused", "{member}");
        assert!(report.contains(&format!(r#""id":"camp_{number}","member":"{member}""#)), "{member}: {report}");
    }
    // what stands beside a rule that is lost is still asked
    assert_eq!(moved["campaigns"][2]["when"]["moreThan"], json!({ "EUR": 100 }));
}
