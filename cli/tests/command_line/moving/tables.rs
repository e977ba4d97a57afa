//! Tables of vouchers: a row says less than its campaign, and what cannot be read gives nothing.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{json, Value};

use crate::workshop::Workshop;

struct Moved {
    campaigns: BTreeMap<String, Value>,
    /// By code: the list, the state.
    codes: BTreeMap<String, (String, String)>,
    /// `id member`.
    told: Vec<String>,
}

/// Imports a campaign file with a table, which has to compile and to come back as it was.
fn moved(shop: &Workshop, export: &Value, table: &str) -> Moved {
    shop.write("export.json", &export.to_string());
    shop.write("vouchers.csv", table);
    let import = |files: &[&str], to: &str| {
        let mut words = vec!["import", "voucherify"];
        words.extend(files);
        words.extend(["--currency", "EUR", "--out", to]);
        shop.run(&words).is_done();
    };
    import(&["export.json", "vouchers.csv"], "once");
    shop.run(&["check", "once/campaigns.json"]).is_done();
    shop.run(&["export", "voucherify", "once", "--currency", "EUR", "--out", "back"]).is_done();
    import(&["back/campaigns.json", "back/vouchers.jsonl"], "twice");
    let read = |path: &str| fs::read_to_string(shop.path(path)).unwrap();
    for name in ["campaigns.json", "codes.csv"] {
        assert_eq!(read(&format!("once/{name}")), read(&format!("twice/{name}")), "{name}");
    }
    let document: Value = serde_json::from_str(&read("once/campaigns.json")).unwrap();
    let campaigns = document["campaigns"].as_array().unwrap().iter();
    let campaigns = campaigns.map(|campaign| (campaign["id"].as_str().unwrap().to_string(), campaign.clone()));
    let codes = read("once/codes.csv");
    let codes = codes.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        (cells[0].to_string(), (cells[2].to_string(), cells[4].to_string()))
    });
    let report = read("once/report.jsonl");
    let told = report.lines().map(|line| {
        let lost: Value = serde_json::from_str(line).unwrap();
        format!("{} {}", lost["id"].as_str().unwrap(), lost["member"].as_str().unwrap())
    });
    Moved { campaigns: campaigns.collect(), codes: codes.collect(), told: told.collect() }
}

impl Moved {
    fn of(&self, code: &str) -> &Value {
        &self.campaigns[&self.codes[code].0]
    }
}

fn coupons(id: &str, discount: Value) -> Value {
    json!({ "id": id, "object": "campaign", "name": id, "campaign_type": "DISCOUNT_COUPONS",
        "voucher": { "type": "DISCOUNT_VOUCHER", "discount": discount } })
}

#[test]
fn a_row_overrides_only_what_it_says_otherwise() {
    let shop = Workshop::new();
    let export = json!([
        coupons("cap", json!({ "type": "PERCENT", "percent_off": 10, "amount_limit": 500, "effect": "APPLY_TO_ORDER" })),
        coupons("split", json!({ "type": "AMOUNT", "amount_off": 1000, "effect": "APPLY_TO_ITEMS_PROPORTIONALLY" })),
        coupons("lines", json!({ "type": "AMOUNT", "amount_off": 1000, "effect": "APPLY_TO_ITEMS" })),
        coupons("formula", json!({ "type": "AMOUNT", "amount_off": 100, "amount_off_formula": "ORDER_UNITS_QUANTITY * 2" })),
        coupons("mug", json!({ "type": "UNIT", "unit_off": 1, "unit_type": "prod_mug", "effect": "ADD_MISSING_ITEMS" })),
        { "id": "gifts", "object": "campaign", "name": "gifts", "campaign_type": "GIFT_VOUCHERS", "voucher": { "type": "GIFT_VOUCHER", "gift": { "amount": 5000 } } },
    ]);
    let table = "code,voucher_type,value,discount_type,campaign,discount_amount_limit\n\
        CAP,DISCOUNT_VOUCHER,10.0,PERCENT,cap,\nCAP-ALSO,,10,,cap,5.00\nCAP-MORE,DISCOUNT_VOUCHER,12.5,PERCENT,cap,\nCAP-LESS,,10,PERCENT,cap,3.00\n\
        CAP-OFF,DISCOUNT_VOUCHER,7.50,AMOUNT,cap,\nSPLIT,DISCOUNT_VOUCHER,10.00,AMOUNT,split,\nLINES,DISCOUNT_VOUCHER,10,AMOUNT,lines,\n\
        LINES-MORE,DISCOUNT_VOUCHER,12,AMOUNT,lines,\nFORMULA,DISCOUNT_VOUCHER,1.00,AMOUNT,formula,\nMUG,DISCOUNT_VOUCHER,1,UNIT,mug,\nMUGS,DISCOUNT_VOUCHER,2,UNIT,mug,\n\
        GIFT,,30.00,,gifts,\n";
    let moved = moved(&shop, &export, table);
    for (code, campaign) in [
        ("CAP", "cap"),
        ("CAP-ALSO", "cap"),
        ("SPLIT", "split"),
        ("LINES", "lines"),
        ("FORMULA", "formula"),
        ("MUG", "mug"),
        ("GIFT", "gifts"),
    ] {
        assert_eq!(moved.codes[code].0, campaign, "{code}");
    }
    let of = |code: &str| moved.of(code)["discounts"][0].clone();
    assert_eq!(of("CAP-MORE"), json!({ "type": "percent_off", "percent": "12.5", "cap": { "EUR": 500 } }));
    assert_eq!(of("CAP-LESS"), json!({ "type": "percent_off", "percent": "10", "cap": { "EUR": 300 } }));
    assert_eq!(of("CAP-OFF"), json!({ "type": "amount_off", "amount": { "EUR": 750 }, "cap": { "EUR": 500 } }));
    assert_eq!(
        of("LINES-MORE"),
        json!({ "type": "amount_off", "amount": { "EUR": 1200 }, "per": "line", "lines": {} })
    );
    assert_eq!(of("MUGS")["products"], json!([{ "product": "prod_mug", "quantity": 2 }]));
    assert_eq!(of("MUGS")["units"], "missing");
    assert_eq!(moved.told, ["* voucher.gift.amount"]);
}

#[test]
fn what_cannot_be_read_gives_nothing_and_is_told() {
    let shop = Workshop::new();
    let export = json!([
        coupons("cap", json!({ "type": "PERCENT", "percent_off": 10 })),
        coupons("nothing", json!({ "type": "PERCENT", "effect": "APPLY_TO_ORDER" })),
        coupons("below", json!({ "type": "AMOUNT", "amount_off": -5 })),
        coupons("super", json!({ "type": "SUPER", "percent_off": 10 })),
        coupons("limit", json!({ "type": "PERCENT", "percent_off": 10, "amount_limit": "5,00" })),
        coupons("replaced", json!({ "type": "UNIT", "effect": "REPLACE_ITEMS", "unit_type": "prod_mug" })),
        coupons("mugs", json!({ "type": "UNIT", "unit_off": "two", "unit_type": "prod_mug", "effect": "ADD_NEW_ITEMS" })),
        { "id": "days", "object": "campaign", "name": "days", "campaign_type": "DISCOUNT_COUPONS", "validity_day_of_week": [1, 8],
          "voucher": { "discount": { "type": "PERCENT", "percent_off": 10 } } },
    ]);
    let table = "code,voucher_type,value,discount_type,campaign,redemption_quantity,active,validity_day_of_week,discount_amount_limit\n\
        SIGN,DISCOUNT_VOUCHER,12.5%,PERCENT,,,,,\nCOMMA,DISCOUNT_VOUCHER,\"12,5\",PERCENT,,,,,\nWORD,DISCOUNT_VOUCHER,abc,PERCENT,cap,,,,\nPOWER,DISCOUNT_VOUCHER,1e3,AMOUNT,,,,,\n\
        THOUSANDS,DISCOUNT_VOUCHER,\"1,250.00\",AMOUNT,,,,,\nOVER,DISCOUNT_VOUCHER,130,PERCENT,,,,,\nCARD,GIFT_VOUCHER,xyz,,,,,,\nUSES,DISCOUNT_VOUCHER,10,PERCENT,cap,few,,,\n\
        MAYBE,DISCOUNT_VOUCHER,10,PERCENT,cap,,maybe,,\nMONDAY,DISCOUNT_VOUCHER,10,PERCENT,cap,,,Monday,\nCAPPED,DISCOUNT_VOUCHER,10,PERCENT,cap,,,,abc\nGOOD,DISCOUNT_VOUCHER,10,PERCENT,cap,3,TRUE,,\n";
    let moved = moved(&shop, &export, table);
    let nothing = json!([{ "type": "percent_off", "percent": "0" }]);
    for id in ["nothing", "below", "super", "limit", "replaced", "mugs", "days"] {
        assert_eq!(moved.campaigns[id]["status"], "paused", "{id}");
        let gives = ["limit", "days"].contains(&id);
        assert_eq!(moved.campaigns[id]["discounts"] != nothing, gives, "{id}");
    }
    for code in ["SIGN", "COMMA", "WORD", "POWER", "THOUSANDS", "OVER", "MONDAY", "CAPPED"] {
        assert_eq!(moved.of(code)["status"], "paused", "{code}");
        assert_eq!(moved.of(code)["discounts"] == nothing, !["MONDAY", "CAPPED"].contains(&code), "{code}");
    }
    for code in ["CARD", "USES", "MAYBE"] {
        assert_eq!(moved.codes[code].1, "revoked", "{code}");
    }
    assert_eq!((moved.codes["GOOD"].0.as_str(), moved.codes["GOOD"].1.as_str()), ("cap", "active"));
    assert!(moved.of("GOOD")["status"].is_null());
    for told in [
        "nothing discount.percent_off",
        "below discount.amount_off",
        "super discount.type",
        "limit discount.amount_limit",
        "replaced discount.effect",
        "mugs discount.unit_off",
        "days validity_day_of_week",
        "SIGN discount.percent_off",
        "COMMA discount.percent_off",
        "WORD discount.percent_off",
        "POWER discount.amount_off",
        "THOUSANDS discount.amount_off",
        "OVER discount.percent_off",
        "CARD gift.balance",
        "USES redemption.quantity",
        "MAYBE active",
        "MONDAY validity_day_of_week",
        "CAPPED discount.amount_limit",
    ] {
        assert!(moved.told.iter().any(|line| line == told), "{told}: {:?}", moved.told);
    }
}
