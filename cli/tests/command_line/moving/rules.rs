//! Rules are carried wherever an export holds or names them; what lacks one waits.

use std::fs;

use serde_json::{json, Value};

use crate::workshop::Workshop;

/// The document, and the lines of the report as `object id member why`.
fn moved(shop: &Workshop, export: &Value, to: &str) -> (Value, Vec<String>) {
    shop.write("export.json", &export.to_string());
    shop.run(&["import", "voucherify", "export.json", "--currency", "EUR", "--out", to]).is_done();
    let read = |name: &str| fs::read_to_string(shop.path(&format!("{to}/{name}"))).unwrap();
    let told = |line: &str| {
        let lost: Value = serde_json::from_str(line).unwrap();
        ["object", "id", "member", "why"].map(|member| lost[member].as_str().unwrap().to_string()).join(" ")
    };
    let report = read("report.jsonl");
    let report = report.lines().map(told).filter(|line| !line.contains(" * "));
    (serde_json::from_str(&read("campaigns.json")).unwrap(), report.collect())
}

fn campaign<'a>(moved: &'a Value, id: &str) -> &'a Value {
    moved["campaigns"].as_array().unwrap().iter().find(|campaign| campaign["id"] == id).unwrap()
}

fn coupons(id: &str) -> Value {
    json!({ "id": id, "object": "campaign", "name": id, "campaign_type": "DISCOUNT_COUPONS",
        "voucher": { "type": "DISCOUNT_VOUCHER", "discount": { "type": "PERCENT", "percent_off": 10 } } })
}

fn more_than(id: &str, amount: i64) -> Value {
    json!({ "id": id, "object": "validation_rules",
        "rules": { "1": { "name": "order.amount", "conditions": { "$more_than": [amount] } }, "logic": "1" } })
}

/// What an object lists of its assignments.
fn assigned(rule: &str, to: &str) -> Value {
    let assignment =
        json!({ "id": "asgm_1", "object": "validation_rules_assignment", "rule_id": rule, "related_object_id": to });
    json!({ "object": "list", "data_ref": "data", "total": 1, "data": [assignment] })
}

#[test]
fn rules_that_are_assigned_within_their_object_are_asked() {
    let shop = Workshop::new();
    let mut of_campaign = coupons("camp_1");
    of_campaign["validation_rules_assignments"] = assigned("val_1", "camp_1");
    let mut named = coupons("camp_2");
    named["validation_rules"] = json!(["val_1"]);
    let tier = json!({ "id": "promo_1", "object": "promotion_tier", "name": "One", "validation_rule_assignments": assigned("val_2", "promo_1"),
        "action": { "discount": { "type": "PERCENT", "percent_off": 10 } } });
    let promotion = json!({ "id": "camp_p", "object": "campaign", "name": "P", "campaign_type": "PROMOTION",
        "validation_rules_assignments": assigned("val_1", "camp_p"), "promotion": { "tiers": [tier] } });
    let voucher = json!({ "id": "v_1", "object": "voucher", "code": "ALONE", "type": "DISCOUNT_VOUCHER",
        "discount": { "type": "PERCENT", "percent_off": 20 }, "validation_rules_assignments": assigned("val_2", "v_1") });
    let of_list = json!({ "id": "v_2", "object": "voucher", "code": "LISTED", "campaign_id": "camp_1", "type": "DISCOUNT_VOUCHER",
        "validation_rules_assignments": assigned("val_1", "camp_1") });
    let export = json!({ "campaigns": [of_campaign, named, promotion], "vouchers": [voucher, of_list],
        "validation_rules": [more_than("val_1", 10000), more_than("val_2", 500)] });
    let (moved, report) = moved(&shop, &export, "moved");
    assert!(report.is_empty(), "{report:?}");
    for id in ["camp_1", "camp_2"] {
        assert_eq!(campaign(&moved, id)["when"]["moreThan"]["EUR"], 10000, "{id}");
    }
    let all = &campaign(&moved, "promo_1")["when"]["all"];
    assert_eq!([&all[0]["moreThan"]["EUR"], &all[1]["moreThan"]["EUR"]], [500, 10000]);
    let codes = fs::read_to_string(shop.path("moved/codes.csv")).unwrap();
    let list_of =
        |code: &str| codes.lines().find(|line| line.starts_with(code)).and_then(|line| line.split(',').nth(2)).unwrap();
    // one that the campaign has too is no rule of the voucher's own
    assert_eq!(list_of("LISTED"), "camp_1", "{codes}");
    assert_eq!(campaign(&moved, list_of("ALONE"))["when"]["moreThan"]["EUR"], 500);
}

#[test]
fn an_offer_whose_rule_the_export_lacks_waits() {
    let shop = Workshop::new();
    let mut within = coupons("camp_within");
    within["validation_rules_assignments"] = assigned("val_gone", "camp_within");
    let mut short = coupons("camp_short");
    short["validation_rules_assignments"] = json!({ "object": "list", "data_ref": "data", "total": 1 });
    let club = json!({ "id": "camp_club", "object": "campaign", "name": "Club", "campaign_type": "LOYALTY_PROGRAM",
        "voucher": { "type": "LOYALTY_CARD", "loyalty_card": { "points": 0 } } });
    let earning = |id: &str, campaign: &str, rule: Value| {
        json!({ "id": id, "object": "earning_rule", "campaign_id": campaign, "event": "order.paid", "validation_rule_id": rule,
            "loyalty": { "type": "FIXED", "points": 1 } })
    };
    let assign = |id: &str, rule: &str, to: &str| json!({ "id": id, "object": "validation_rules_assignment", "rule_id": rule, "related_object_id": to });
    let export = json!({
        "campaigns": [coupons("camp_1"), within, short, coupons("camp_whole"), club],
        "validation_rules": [more_than("val_1", 100)],
        "validation_rules_assignments": [assign("asgm_1", "val_gone", "camp_1"), assign("asgm_2", "val_1", "v_gone"),
            assign("asgm_3", "val_1", "camp_whole"), assign("asgm_4", "val_gone", "v_1"), assign("asgm_5", "val_1", "ern_whole")],
        "earning_rules": [earning("ern_1", "camp_club", "val_gone".into()), earning("ern_2", "camp_gone", Value::Null),
            earning("ern_whole", "camp_club", Value::Null)],
        "reward_assignments": [{ "id": "rewa_1", "object": "reward_assignment", "reward_id": "rew_1", "related_object_id": "camp_gone" }],
        "tiers": [{ "id": "promo_1", "object": "promotion_tier", "name": "One", "campaign": { "id": "camp_gone", "active": false },
            "action": { "discount": { "type": "PERCENT", "percent_off": 10 } } }],
        "vouchers": [{ "id": "v_1", "object": "voucher", "code": "ALONE", "type": "DISCOUNT_VOUCHER", "discount": { "type": "PERCENT", "percent_off": 20 } },
            { "id": "v_2", "object": "voucher", "code": "LOST-1", "campaign_id": "camp_gone", "type": "DISCOUNT_VOUCHER", "discount": { "type": "PERCENT", "percent_off": 30 } },
            { "id": "v_3", "object": "voucher", "code": "LOST-2", "campaign_id": "camp_gone", "type": "DISCOUNT_VOUCHER", "discount": { "type": "PERCENT", "percent_off": 30 } }],
    });
    let (moved, mut report) = moved(&shop, &export, "once");
    for id in ["camp_1", "camp_within", "camp_short", "promo_1"] {
        assert_eq!(campaign(&moved, id)["status"], "paused", "{id}");
    }
    assert!(campaign(&moved, "camp_whole")["status"].is_null());
    let alone = |campaign: &&Value| campaign["discounts"][0]["percent"] == "20";
    assert_eq!(moved["campaigns"].as_array().unwrap().iter().find(alone).unwrap()["status"], "paused");
    let earning = moved["loyalty"]["programmes"][0]["earning"].as_array().unwrap();
    assert_eq!(earning.iter().map(|rule| &rule["id"]).collect::<Vec<_>>(), ["ern_whole"]);
    report.sort();
    let lacks = |object: &str, of: &str| format!("{object} validation_rule the export lacks the rule `{of}`");
    let mut expected = vec![
        lacks("campaign camp_1", "val_gone"),
        lacks("campaign camp_short", "of 1 that are assigned"),
        lacks("campaign camp_within", "val_gone"),
        lacks("voucher ALONE", "val_gone"),
        lacks("earning_rule ern_1", "val_gone") + ", without which it would earn too much: it is left out",
        "earning_rule ern_2 campaign_id no loyalty campaign of the export is `camp_gone`, to which it belongs".into(),
        "promotion_tier promo_1 campaign_id the export lacks the campaign `camp_gone`: what it asks of its tiers is lost".into(),
        "voucher LOST-1 campaign_id the export lacks the campaign `camp_gone`: what it asks of its vouchers is lost, of this one and of the others".into(),
        "reward_assignment rewa_1 related_object_id no loyalty campaign of the export is `camp_gone`, to which it belongs".into(),
        "validation_rules_assignment asgm_2 related_object_id nothing of the export is `v_gone`, to which it belongs".into(),
    ];
    expected.sort();
    assert_eq!(report, expected);
    // what waits is exported as what is off, and comes back so
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
    }
}
