//! Every member of every object is carried or named: without it the folder is another one, or the report tells of it.

use std::fs;

use serde_json::{json, Value};

use crate::workshop::Workshop;

/// An export in which every object says all that it may say.
fn full() -> Value {
    let target = |id: &str| {
        json!({ "object": "product", "id": id, "source_id": "own", "strict": true, "effect": "APPLY_FROM_CHEAPEST", "target": "UNIT",
            "skip_initially": 1, "repeat": 2, "quantity_limit": 3, "aggregated_quantity_limit": 4, "amount_limit": 500,
            "aggregated_amount_limit": 900, "product_campaign_quantity_limit": 7 })
    };
    let rule = |id: &str| {
        json!({ "id": id, "object": "validation_rules", "name": "Rule", "type": "expression", "context_type": "campaign.discount_coupons",
            "created_at": "2026-01-01T00:00:00Z", "error": { "message": "not today" },
            "rules": { "1": { "name": "order.amount", "conditions": { "$more_than": [100], "$less_than": [90000] }, "error": { "message": "more" } },
                "2": { "name": "customer.metadata", "property": "level", "conditions": { "$is": ["gold"] } },
                "3": { "name": "campaign.redemptions.count", "conditions": { "$less_than_or_equal": [50] } },
                "4": { "name": "order.items.any", "conditions": { "$is": [{ "id": "tea", "object": "product" }] },
                       "rules": { "1": { "name": "order.items.aggregated_quantity", "conditions": { "$more_than_or_equal": [2] } } } },
                "logic": "1 and (2 or 4) and 3" },
            "applicable_to": { "included": [target("prod_tea"), { "object": "products_collection", "id": "pc_1" }, { "object": "products_collection", "id": "pc_2" }], "excluded": [{ "object": "sku", "id": "sku_old" }] } })
    };
    json!({
        "campaigns": [{ "id": "camp_a", "object": "campaign", "name": "A", "description": "told to shoppers", "campaign_type": "DISCOUNT_COUPONS",
            "type": "STATIC", "active": true, "join_once": true, "auto_join": false, "category_id": "cat_1", "vouchers_count": 1,
            "start_date": "2026-01-01T00:00:00Z", "expiration_date": "2026-12-31T00:00:00Z",
            "validity_timeframe": { "interval": "P7D", "duration": "PT36H" }, "validity_day_of_week": [1, 2],
            "activity_duration_after_publishing": "P90D", "metadata": { "season": "spring" }, "created_at": "2026-01-01T00:00:00Z",
            "voucher": { "type": "DISCOUNT_VOUCHER", "redemption": { "quantity": 1 }, "code_config": { "pattern": "A-####" },
                "discount": { "type": "PERCENT", "percent_off": 10, "percent_off_formula": "ORDER_UNITS_QUANTITY", "amount_limit": 400,
                    "effect": "APPLY_TO_ITEMS", "is_dynamic": true } } },
          { "id": "camp_p", "object": "campaign", "name": "P", "campaign_type": "PROMOTION", "promotion": { "tiers": [
            { "id": "promo_1", "object": "promotion_tier", "name": "One", "banner": "ten off", "hierarchy": 1, "active": false, "category_id": "cat_2",
              "start_date": "2026-02-01T00:00:00Z", "metadata": { "a": 1 }, "summary": { "redemptions": { "total_redeemed": 3 } },
              "validity_hours": { "daily": [{ "start_time": "08:00", "expiration_time": "10:00", "days_of_week": [1] },
                { "start_time": "12:00", "expiration_time": "14:00", "days_of_week": [2, 3] }] },
              "action": { "discount": { "type": "UNIT", "effect": "ADD_MANY_ITEMS", "units": [
                { "unit_off": 2, "unit_off_formula": "ORDER_UNITS_QUANTITY", "unit_type": "prod_mug", "effect": "ADD_NEW_ITEMS" },
                { "unit_off": 3, "unit_type": "sku_pot", "effect": "ADD_MISSING_ITEMS" }] } } },
            { "id": "promo_2", "object": "promotion_tier", "name": "Two", "action": { "discount": { "type": "PERCENT", "percent_off": 5,
                "aggregated_amount_limit": 800, "effect": "APPLY_TO_ITEMS" } } },
            { "id": "promo_3", "object": "promotion_tier", "name": "Three", "validation_rule_assignments": { "object": "list", "data_ref": "data", "total": 1,
                "data": [{ "id": "asgm_3", "object": "validation_rules_assignment", "rule_id": "val_3", "related_object_id": "promo_3",
                    "related_object_type": "promotion_tier", "validation_status": "VALID" }] },
              "action": { "discount": { "type": "PERCENT", "percent_off": 7 } } }] } },
          { "id": "camp_l", "object": "campaign", "name": "L", "campaign_type": "LOYALTY_PROGRAM", "start_date": "2026-01-01T00:00:00Z",
            "voucher": { "type": "LOYALTY_CARD", "loyalty_card": { "points": 5, "expiration_rules": { "period_type": "MONTH", "period_value": 3 } } } }],
        // a rule that is lost pauses: it stands at a tier of its own, so that it hides nothing of the others
        "validation_rules": [rule("val_1"), { "id": "val_2", "object": "validation_rules",
            "rules": { "1": { "name": "redemption.user.login", "conditions": { "$is": ["someone"] } } } },
          { "id": "val_3", "object": "validation_rules", "rules": { "1": { "name": "order.amount", "conditions": { "$more_than": [700] } } } }],
        "validation_rules_assignments": [
            { "id": "asgm_1", "object": "validation_rules_assignment", "rule_id": "val_1",
              "related_object_id": "camp_a", "related_object_type": "campaign", "created_at": "2026-01-01T00:00:00Z" },
            { "id": "asgm_2", "object": "validation_rules_assignment", "rule_id": "val_2", "related_object_id": "promo_2" }],
        "earning_rules": [{ "id": "ern_1", "object": "earning_rule", "campaign_id": "camp_l", "event": "order.paid", "active": true,
            "loyalty": { "type": "FIXED", "points": 3, "points_formula": "ORDER_UNITS_QUANTITY * 2" }, "pending_points": { "period_type": "DAY", "period_value": 5 },
            "start_date": "2026-03-01T00:00:00Z", "metadata": { "why": "spring" }, "source": { "banner": "two for each" } }],
        "loyalty_tiers": [{ "id": "ltr_1", "object": "loyalty_tier", "name": "Gold", "campaign_id": "camp_l", "points": { "from": 10, "to": 90 },
            "earning_rules": { "ern_1": { "type": "MULTIPLY", "multiplier": 2 } }, "metadata": { "colour": "gold" } }],
        "rewards": [{ "id": "rew_1", "object": "reward", "name": "Mug", "description": "a mug", "type": "MATERIAL", "stock": 10, "redeemed": 4,
            "parameters": { "product": { "id": "prod_mug" } }, "attributes": { "image_url": "mug.png" }, "metadata": { "b": 2 } }],
        "reward_assignments": [{ "id": "rewa_1", "object": "reward_assignment", "reward_id": "rew_1", "related_object_id": "camp_l",
            "related_object_type": "campaign", "parameters": { "loyalty": { "points": 20 }, "auto_redeem": true }, "validation_rule_id": "val_9" }],
        "vouchers": [{ "id": "v_1", "object": "voucher", "code": "A-1", "campaign": "A", "campaign_id": "camp_a", "type": "DISCOUNT_VOUCHER", "active": false,
            "start_date": "2026-02-01T00:00:00Z", "expiration_date": "2026-11-30T23:59:59Z", "holder_id": "cust_1", "additional_info": "by letter",
            "redemption": { "quantity": 5, "redeemed_quantity": 2 }, "metadata": { "run": 7 },
            "assets": { "qr": { "url": "https://…" } }, "is_referral_code": false, "created_at": "2026-01-01T00:00:00Z", "something_new": 1,
            "validation_rules_assignments": [{ "id": "asgm_4", "rule_id": "val_3", "related_object_id": "v_1", "created_at": "2026-01-01T00:00:00Z" }] },
          { "id": "v_2", "object": "voucher", "code": "GIFT", "type": "GIFT_VOUCHER", "active": true, "gift": { "amount": 5000, "balance": 700,
            "subtracted_amount": 300, "effect": "APPLY_TO_ITEMS" } },
          { "id": "v_3", "object": "voucher", "code": "CARD", "campaign_id": "camp_l", "type": "LOYALTY_CARD", "loyalty_card": { "points": 90,
            "balance": 40, "next_expiration_date": "2099-12-31", "next_expiration_points": 15, "pending_points": 8 } }],
        "segments": [{ "id": "seg_1", "object": "segment", "name": "Runners", "type": "auto-update", "created_at": "2026-01-01T00:00:00Z",
            "filter": { "junction": "or", "metadata.sport": { "conditions": { "$is": ["running"], "$not_in": ["chess"] } },
                "summary.orders.total_amount": { "conditions": { "$more_than": [5000] } }, "created_at": { "conditions": { "$less_than": [30] } } } },
          { "id": "seg_2", "object": "segment", "name": "List", "type": "static", "customers": ["cust_1"] }],
        "categories": [{ "id": "cat_1", "object": "category", "name": "One", "hierarchy": 2, "created_at": "2026-01-01T00:00:00Z" },
          { "id": "cat_2", "object": "category", "name": "Two", "hierarchy": 5, "stacking_rules_type": "EXCLUSIVE" }],
        "stacking_rules": { "redeemables_limit": 20, "applicable_redeemables_limit": 4, "applicable_redeemables_per_category_limit": 2,
            "applicable_redeemables_category_limits": { "cat_1": 3 }, "applicable_exclusive_redeemables_limit": 2,
            "applicable_exclusive_redeemables_per_category_limit": 3, "exclusive_categories": ["cat_3"], "joint_categories": ["cat_4"],
            "redeemables_application_mode": "ALL", "redeemables_sorting_rule": "CATEGORY_HIERARCHY",
            "grouped_redeemables_sorting_rule": "SORTING_RULE", "redeemables_products_application_mode": "ONCE",
            "redeemables_no_effect_rule": "SKIP", "no_effect_skip_categories": ["cat_5"], "no_effect_redeem_anyway_categories": ["cat_6"],
            "redeemables_rollback_order_mode": "WITHOUT_ORDER", "discount_calculation_mode": "INITIAL_AMOUNT",
            "initial_amount_mode_categories": ["cat_7"], "discounted_amount_mode_categories": ["cat_8"], "something_new": 1 },
        "product_collections": [{ "id": "pc_1", "object": "products_collection", "name": "Teas", "type": "STATIC",
            "products": [{ "id": "prod_tea", "object": "product" }], "skus": [{ "id": "sku_tea", "object": "sku", "product_id": "prod_tea" }] },
          { "id": "pc_2", "object": "products_collection", "name": "Mugs", "type": "AUTO_UPDATE",
            "filter": { "junction": "and", "metadata.material": { "conditions": { "$is": ["clay"] } } } }],
        "products": [{ "id": "prod_1", "object": "product", "name": "Tea", "price": 1000 },
          { "id": "prod_2", "object": "product", "name": "Mug", "metadata": { "material": "clay" } }],
    })
}

/// The paths of all that says something.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(member, value)| leaves(value, &format!("{path}/{member}"), found));
        }
        Value::Array(elements) if elements.iter().any(Value::is_object) => {
            elements.iter().enumerate().for_each(|(at, value)| leaves(value, &format!("{path}/{at}"), found));
        }
        _ => found.push(path.into()),
    }
}

struct Moved {
    folder: Vec<(String, String)>,
    report: Vec<Value>,
}

fn import(shop: &Workshop, export: &Value, to: &str) -> Moved {
    shop.write("export.json", &export.to_string());
    shop.run(&["import", "voucherify", "export.json", "--currency", "EUR", "--out", to]).is_done();
    let text = |name: &str| fs::read_to_string(shop.path(&format!("{to}/{name}"))).unwrap();
    let names = ["campaigns.json", "codes.csv", "accounts.jsonl"];
    let folder = names.map(|name| (name.to_string(), text(name))).into();
    Moved { folder, report: text("report.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect() }
}

/// As whose members the report may tell of those of a list's objects.
const TOLD_AS: [(&str, &[&str]); 13] = [
    ("campaigns", &["campaign", "promotion_tier"]),
    ("vouchers", &["voucher"]),
    ("validation_rules", &["validation_rules", "campaign", "promotion_tier"]),
    ("validation_rules_assignments", &["validation_rules_assignment"]),
    ("earning_rules", &["earning_rule", "campaign"]),
    ("loyalty_tiers", &["loyalty_tier", "campaign"]),
    ("rewards", &["reward", "campaign"]),
    ("reward_assignments", &["reward_assignment", "campaign"]),
    ("stacking_rules", &["stacking_rules"]),
    ("categories", &["category"]),
    ("segments", &["segment"]),
    ("product_collections", &["products_collection"]),
    ("products", &["product"]),
];

/// Whether the report tells of a member of an object: the path's names hold those of what is told, in their order.
fn is_told(report: &[Value], export: &Value, path: &str) -> bool {
    let list = path.split('/').nth(1).unwrap();
    let told_as = TOLD_AS.iter().find(|(name, _)| *name == list).map(|(_, objects)| *objects);
    report.iter().any(|lost| {
        let (member, object) = (lost["member"].as_str().unwrap(), lost["object"].as_str().unwrap());
        if told_as.is_some_and(|objects| !objects.contains(&object)) {
            return false;
        }
        let mut names = path.split('/').filter(|name| name.parse::<usize>().is_err());
        let mut told =
            member.split('.').filter(|name| !name.contains('_') || !name.chars().any(|letter| letter.is_ascii_digit()));
        // a rule is told by the name of what it asks
        let is_rule = path.match_indices('/').any(|(at, _)| {
            let rule = export.pointer(&path[..at]).filter(|_| path[..at].contains("/rules/"));
            rule.is_some_and(|rule| !member.is_empty() && rule["name"] == member)
        });
        let is_its_id = path.ends_with("/id") && export.pointer(path) == Some(&lost["id"]);
        match member {
            _ if is_rule || is_its_id => true,
            // all of an object of this kind
            "" => path.contains(&format!("/{object}s/")),
            _ => told.all(|name| names.any(|of_path| of_path == name)),
        }
    })
}

#[test]
fn every_member_of_every_object_is_carried_or_named() {
    let shop = Workshop::new();
    let export = full();
    let whole = import(&shop, &export, "whole");
    let mut paths = Vec::new();
    leaves(&export, "", &mut paths);
    assert!(paths.len() > 120, "{}", paths.len());
    let mut silent = Vec::new();
    for (number, path) in paths.iter().enumerate() {
        if is_told(&whole.report, &export, path) || path.ends_with("/object") {
            continue;
        }
        // what is as it would be without a word shows when it says something else
        let changed = [without(&export, path), otherwise(&export, path)].iter().enumerate().any(|(way, export)| {
            let moved = import(&shop, export, &format!("{number}-{way}"));
            moved.folder != whole.folder || moved.report.len() != whole.report.len()
        });
        if !changed {
            silent.push(path);
        }
    }
    assert!(silent.is_empty(), "neither carried nor named: {silent:#?}");
}

fn without(export: &Value, path: &str) -> Value {
    let mut export = export.clone();
    let (parent, member) = path.rsplit_once('/').unwrap();
    export.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(member);
    export
}

fn otherwise(export: &Value, path: &str) -> Value {
    let mut export = export.clone();
    let place = export.pointer_mut(path).unwrap();
    *place = match &*place {
        Value::Bool(flag) => (!flag).into(),
        Value::Number(number) => number.as_i64().map_or(0, |number| number / 2 + 1).into(),
        Value::String(text) => format!("{text}_2").into(),
        _ => json!([0]),
    };
    export
}

#[test]
fn bare_values_beside_lists_and_in_them_are_named() {
    let shop = Workshop::new();
    let export = json!({ "object": "list", "total": 1, "data_ref": "data", "has_more": false, "project": "Shop", "version": 3, "share": 0.5,
        "is_sandbox": true, "nothing": null, "vouchers": ["A-1", 7], "campaigns": "all of them",
        "data": [{ "object": "campaign", "id": "camp_1", "name": "Sale", "campaign_type": "DISCOUNT_COUPONS",
            "voucher": { "type": "DISCOUNT_VOUCHER", "discount": { "type": "PERCENT", "percent_off": 10 } } }] });
    let moved = import(&shop, &export, "moved");
    let mut told: Vec<String> = moved
        .report
        .iter()
        .filter(|lost| lost["id"] == "" || lost["object"] == "list")
        .map(|lost| {
            format!(
                "{} {} {}",
                lost["object"].as_str().unwrap(),
                lost["member"].as_str().unwrap(),
                lost["why"].as_str().unwrap()
            )
        })
        .collect();
    let bare = |object: &str, value: &str| format!("{object}  a bare value is no object of an export: {value}");
    let mut expected = vec![
        bare("project", "\"Shop\""),
        bare("version", "3"),
        bare("share", "0.5"),
        bare("is_sandbox", "true"),
        bare("vouchers", "\"A-1\""),
        bare("vouchers", "7"),
        bare("campaigns", "\"all of them\""),
    ];
    let of_list = ["data_ref", "has_more", "object", "total"];
    expected.extend(of_list.map(|member| format!("list {member} Voucherify gave it; nothing here goes by it")));
    told.sort();
    expected.sort();
    assert_eq!(told, expected);
    assert!(moved.folder[0].1.contains("camp_1"), "{}", moved.folder[0].1);
}
