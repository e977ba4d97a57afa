use std::fs;

use serde_json::{json, Value};

use super::edge::Edge;
use crate::workshop::Workshop;

fn campaigns() -> Value {
    let held = json!({ "rules": { "1": { "name": "publication.redeemable_by_linked_customer", "conditions": { "$is": [true] } } } });
    json!([
        { "id": "camp_ten", "object": "campaign", "name": "Ten percent", "expiration_date": "2099-06-30T23:59:59Z",
          "voucher": { "type": "DISCOUNT_VOUCHER", "discount": { "type": "PERCENT", "percent_off": 10 }, "redemption": { "quantity": 1 } } },
        { "id": "camp_gift", "object": "campaign", "name": "Gift", "campaign_type": "GIFT_VOUCHERS",
          "voucher": { "type": "GIFT_VOUCHER", "gift": { "amount": 5000, "effect": "APPLY_TO_ORDER" } } },
        { "id": "camp_held", "object": "campaign", "name": "Held", "validation_rule": held,
          "voucher": { "type": "DISCOUNT_VOUCHER", "discount": { "type": "AMOUNT", "amount_off": 300 } } },
        { "id": "camp_soon", "object": "campaign", "name": "Soon", "activity_duration_after_publishing": "P30D",
          "voucher": { "type": "DISCOUNT_VOUCHER", "discount": { "type": "AMOUNT", "amount_off": 100 } } },
        { "id": "camp_club", "object": "campaign", "name": "Club", "campaign_type": "LOYALTY_PROGRAM",
          "voucher": { "type": "LOYALTY_CARD", "loyalty_card": { "points": 0 } } },
    ])
}

fn vouchers() -> String {
    let one = |code: &str, campaign: &str, more: Value| {
        let mut voucher = json!({ "object": "voucher", "code": code, "campaign_id": campaign, "active": true });
        more.as_object().unwrap().iter().for_each(|(member, value)| voucher[member.as_str()] = value.clone());
        format!("{voucher}\n")
    };
    let used =
        |quantity: Value, used: i64| json!({ "redemption": { "quantity": quantity, "redeemed_quantity": used } });
    let gift = |balance: i64| json!({ "type": "GIFT_VOUCHER", "gift": { "amount": 5000, "balance": balance } });
    [
        one("TEN-NEW", "camp_ten", used(1.into(), 0)),
        one("TEN-USED", "camp_ten", used(1.into(), 1)),
        one("TEN-HALF", "camp_ten", used(3.into(), 2)),
        one("TEN-FREE", "camp_ten", used(Value::Null, 70)),
        one("TEN-OFF", "camp_ten", json!({ "active": false })),
        one("TEN-DAY", "camp_ten", json!({ "expiration_date": "2020-06-30T23:59:59Z" })),
        one("TEN-HOUR", "camp_ten", json!({ "expiration_date": "2020-06-30T11:30:00Z" })),
        one("TEN-LATER", "camp_ten", json!({ "start_date": "2098-01-01T09:00:00Z" })),
        one(
            "TEN-LONGER",
            "camp_ten",
            json!({ "expiration_date": "2199-12-31T23:59:59Z", "start_date": "2020-01-01T00:00:00Z" }),
        ),
        one("TEN-TWENTY", "camp_ten", json!({ "discount": { "type": "PERCENT", "percent_off": 20 } })),
        one("ten-new", "camp_ten", json!({})),
        one("GIFT-50", "camp_gift", gift(5000)),
        one("GIFT-7", "camp_gift", gift(700)),
        one("GIFT-0", "camp_gift", gift(0)),
        one("HELD-ANNA", "camp_held", json!({ "holder_id": "anna" })),
        one(
            "TEN-BOB",
            "camp_ten",
            json!({ "holder_id": "bob", "additional_info": "by letter", "metadata": { "run": 7 } }),
        ),
        one("SOON-1", "camp_soon", json!({ "published_at": "2020-01-01T00:00:00Z" })),
        one("SOON-2", "camp_soon", json!({ "publish": { "count": 1 } })),
        one(
            "CARD-1",
            "camp_club",
            json!({ "type": "LOYALTY_CARD", "loyalty_card": { "points": 90, "balance": 40,
            "next_expiration_date": "2099-12-31", "next_expiration_points": 15 } }),
        ),
    ]
    .concat()
}

fn import(shop: &Workshop, files: &[&str], to: &str) {
    shop.run(&[&["import", "voucherify"], files, &["--currency", "EUR", "--out", to]].concat()).is_done();
}

fn moved() -> Workshop {
    let shop = Workshop::new();
    shop.write("campaigns.json", &campaigns().to_string());
    shop.write("vouchers.jsonl", &vouchers());
    shop.write("lone.csv", "Code,Voucher Type,Discount Type,Value,Expiration Date\nLONE,DISCOUNT_VOUCHER,AMOUNT,7.50,2099-01-01T00:00:00Z\nLONE-OLD,DISCOUNT_VOUCHER,AMOUNT,7.50,2019-01-01T00:00:00Z\n");
    import(&shop, &["campaigns.json", "vouchers.jsonl", "lone.csv"], "moved");
    shop
}

#[test]
fn the_codes_of_an_imported_shop_are_good_as_they_were() {
    let shop = moved();
    shop.run(&["check", "moved/campaigns.json"]).is_done();
    let mut edge = Edge::of(&shop, "moved");
    let refused = |code: &str| Err(code.to_string());
    for (code, expected) in [
        ("TEN-NEW", Ok(1000)),
        ("ten-new", Ok(1000)),
        ("TEN-USED", refused("code_spent")),
        ("TEN-HALF", Ok(1000)),
        ("TEN-FREE", Ok(1000)),
        ("TEN-OFF", refused("code_unknown")),
        ("TEN-DAY", refused("code_ended")),
        ("TEN-HOUR", refused("campaign_ended")),
        ("TEN-LATER", refused("campaign_not_started")),
        ("TEN-LONGER", Ok(1000)),
        ("TEN-TWENTY", Ok(2000)),
        ("TEN-BOB", Ok(1000)),
        ("GIFT-50", Ok(5000)),
        ("GIFT-7", Ok(700)),
        ("GIFT-0", refused("code_spent")),
        ("HELD-ANNA", refused("code_foreign")),
        ("SOON-1", refused("code_ended")),
        ("SOON-2", Ok(100)),
        ("LONE", Ok(750)),
        ("LONE-OLD", refused("code_ended")),
        ("CARD-1", refused("code_unknown")),
    ] {
        assert_eq!(edge.outcome(code, 10_000, ""), expected, "{code}");
    }
    assert_eq!(edge.outcome("HELD-ANNA", 10_000, "anna"), Ok(300));
    assert_eq!(edge.outcome("TEN-NEW", 10_000, "anyone"), Ok(1000));
    assert_eq!(edge.outcome("GIFT-50", 3_000, ""), Ok(3000), "no more than there is to pay");
}

#[test]
fn what_is_on_loyalty_cards_is_posted_to_accounts() {
    let shop = moved();
    let postings: Vec<Value> = fs::read_to_string(shop.path("moved/accounts.jsonl"))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let first = json!({ "account": "CARD-1", "scheme": "camp_club", "lot": "moved-in-first", "amount": 15, "reason": "moved in",
        "expiry": { "type": "at", "moment": 4_102_444_800_000_i64 } });
    let rest =
        json!({ "account": "CARD-1", "scheme": "camp_club", "lot": "moved-in", "amount": 25, "reason": "moved in" });
    assert_eq!(postings, [first, rest]);
}

#[test]
fn codes_that_are_lost_are_named_and_all_others_come_back() {
    let shop = moved();
    let read = |path: &str| fs::read_to_string(shop.path(path)).unwrap();
    let lost: Vec<Value> = read("moved/report.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let is_told = |id: &str, member: &str| lost.iter().any(|lost| lost["id"] == id && lost["member"] == member);
    assert!(is_told("ten-new", "code"), "the same code as TEN-NEW: {lost:?}");
    assert!(is_told("SOON-2", "activity_duration_after_publishing"), "{lost:?}");
    assert!(is_told("*", "voucher.gift.amount") && is_told("*", "voucher.redemption"), "{lost:?}");
    shop.run(&["export", "voucherify", "moved", "--currency", "EUR", "--out", "back"]).is_done();
    import(&shop, &["back/campaigns.json", "back/vouchers.jsonl"], "again");
    for name in ["campaigns.json", "codes.csv", "accounts.jsonl"] {
        assert_eq!(read(&format!("moved/{name}")), read(&format!("again/{name}")), "{name}");
    }
    let lists = |folder: &str| {
        let mut files: Vec<(String, String)> = fs::read_dir(shop.path(&format!("{folder}/codes")))
            .unwrap()
            .map(|file| file.unwrap().path())
            .map(|path| (path.file_name().unwrap().to_string_lossy().into(), fs::read_to_string(&path).unwrap()))
            .collect();
        files.sort();
        files
    };
    assert!(lists("moved").len() > 6);
    assert_eq!(lists("moved"), lists("again"));
}

#[test]
fn lists_of_an_import_are_lists_as_any_other() {
    let shop = moved();
    let out = shop.run(&["codes", "export", "moved/codes/camp_ten.csv", "--state", "active", "--columns", "code,uses"]);
    assert!(out.is_done().out.contains("TEN-HALF,1\n"), "{}", out.out);
    shop.run(&["codes", "import", "moved/codes/camp_gift.csv", "--out", "gift.csv"]).is_done();
    let same = |name: &str| fs::read_to_string(shop.path(name)).unwrap();
    assert_eq!(same("gift.csv"), same("moved/codes/camp_gift.csv"));
}
