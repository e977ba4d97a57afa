//! What Shopify's discounts take off there, they take off here. The samples have the columns of the table that its admin
//! exports, the members of its price rules, and those of discounts of the Admin GraphQL interface.

use std::fs;

use serde_json::{json, Value};

use super::edge::Edge;
use crate::workshop::Workshop;

const TABLE: &str = "\
Name,Value,Value Type,Type,Discount Class,Minimum Purchase Requirements,Combines with Order Discounts,Combines with Product Discounts,\
Combines with Shipping Discounts,Customer Selection,Context,Times Used In Total,Applies Once Per Customer,Usage Limit Per Code,Status,Start,End
WELCOME15,-15.0,percentage,Amount Off,order,,,,,all,all,89,1,,Active,2025-12-08 11:28:18 -0600,
FIVER,-5.00,fixed_amount,Amount Off,order,40.0,,,,all,all,2,0,10,Active,2026-01-01 00:00:00 +0100,2026-03-29 03:30:00 +0200
SHIPFREE,0.0,percentage,Free Shipping,shipping,,order,product,,all,all,0,0,,Active,2026-01-01 00:00:00 +0100,
TEAONLY,-20.0,percentage,Amount Off,product,,,,,all,all,0,0,,Active,2026-01-01 00:00:00 +0100,
VIPS,-20.0,percentage,Amount Off,order,,,,,specific customers,all,0,0,,Active,2026-01-01 00:00:00 +0100,
BOGO,-100.0,percentage,Buy X Get Y,product,,,,,all,all,0,0,,Active,2026-01-01 00:00:00 +0100,
";

/// A page of discounts.
fn page() -> Value {
    let percent = |fraction: f64| json!({ "__typename": "DiscountPercentage", "percentage": fraction });
    let euros = |amount: &str| json!({ "amount": amount, "currencyCode": "EUR" });
    let gid = |kind: &str, id: i64| json!({ "id": format!("gid://shopify/{kind}/{id}") });
    let all = || json!({ "__typename": "AllDiscountItems", "allItems": true });
    let products = |ids: &[i64]| json!({ "__typename": "DiscountProducts", "products": { "nodes": ids.iter().map(|id| gid("Product", *id)).collect::<Vec<_>>() } });
    let collection = |id: i64| json!({ "__typename": "DiscountCollections", "collections": { "edges": [{ "node": gid("Collection", id) }] } });
    let node = |id: i64, told: Value| {
        let mut discount = json!({ "title": format!("Discount {id}"), "status": "ACTIVE", "startsAt": "2026-01-01T00:00:00Z", "endsAt": null,
            "usageLimit": null, "appliesOncePerCustomer": false, "asyncUsageCount": 0, "customerSelection": { "__typename": "DiscountCustomerAll", "allCustomers": true },
            "combinesWith": { "orderDiscounts": true, "productDiscounts": true, "shippingDiscounts": true } });
        told.as_object().unwrap().iter().for_each(|(member, value)| discount[member] = value.clone());
        json!({ "node": { "id": format!("gid://shopify/DiscountNode/{id}"), "discount": discount } })
    };
    let codes = |codes: &[&str]| json!({ "nodes": codes.iter().map(|code| json!({ "code": code, "asyncUsageCount": 1 })).collect::<Vec<_>>() });
    json!({ "data": { "discountNodes": { "pageInfo": { "hasNextPage": false }, "edges": [
        node(1, json!({ "__typename": "DiscountCodeBasic", "discountClass": "PRODUCT", "codes": codes(&["TEA125"]),
            "customerGets": { "value": percent(0.125), "items": products(&[11, 12]), "appliesOnOneTimePurchase": true } })),
        node(2, json!({ "__typename": "DiscountCodeBasic", "discountClass": "PRODUCT", "codes": codes(&["EACH2"]), "customerGets": {
            "value": { "__typename": "DiscountAmount", "amount": euros("2.0"), "appliesOnEachItem": true }, "items": collection(7) },
            "minimumRequirement": { "__typename": "DiscountMinimumQuantity", "greaterThanOrEqualToQuantity": "3" } })),
        node(3, json!({ "__typename": "DiscountCodeBasic", "discountClass": "PRODUCT", "codes": codes(&["ONCE9"]), "customerGets": {
            "value": { "__typename": "DiscountAmount", "amount": euros("9.0"), "appliesOnEachItem": false }, "items": products(&[11, 12]) },
            "minimumRequirement": { "__typename": "DiscountMinimumSubtotal", "greaterThanOrEqualToSubtotal": euros("30.0") } })),
        node(4, json!({ "__typename": "DiscountCodeBxgy", "discountClass": "PRODUCT", "codes": codes(&["TWOFORONE"]),
            "customerBuys": { "value": { "__typename": "DiscountQuantity", "quantity": "2" }, "items": products(&[11]) },
            "customerGets": { "value": { "__typename": "DiscountOnQuantity", "quantity": { "quantity": "1" }, "effect": percent(1.0) }, "items": products(&[12]) },
            "usesPerOrderLimit": "2" })),
        node(5, json!({ "__typename": "DiscountAutomaticBasic", "discountClass": "ORDER", "customerGets": { "value": percent(0.1), "items": all() },
            "minimumRequirement": { "__typename": "DiscountMinimumSubtotal", "greaterThanOrEqualToSubtotal": euros("1000.0") } })),
        node(6, json!({ "__typename": "DiscountCodeFreeShipping", "discountClass": "SHIPPING", "codes": codes(&["SHIPIE"]),
            "destinationSelection": { "__typename": "DiscountCountries", "countries": ["IE"], "includeRestOfWorld": false }, "maximumShippingPrice": euros("10.0") })),
        node(7, json!({ "__typename": "DiscountCodeBasic", "discountClass": "ORDER", "codes": codes(&["LEFT1", "LEFT2"]), "usageLimit": 2,
            "customerGets": { "value": percent(0.5), "items": all() },
            "customerSelection": { "__typename": "DiscountCustomerSegments", "segments": [gid("Segment", 5)] } })),
        node(8, json!({ "__typename": "DiscountCodeBasic", "discountClass": "ORDER", "codes": codes(&["BOB"]),
            "customerGets": { "value": percent(0.5), "items": all() },
            "customerSelection": { "__typename": "DiscountCustomers", "customers": [gid("Customer", 3)] } })),
        node(9, json!({ "__typename": "DiscountCodeApp", "codes": codes(&["APP"]), "appDiscountType": { "title": "Volume" } })),
        node(10, json!({ "__typename": "DiscountCodeBasic", "discountClass": "ORDER", "codes": codes(&["SOLO"]),
            "customerGets": { "value": percent(0.2), "items": all() },
            "combinesWith": { "orderDiscounts": false, "productDiscounts": false, "shippingDiscounts": true } })),
    ] } } })
}

/// Product, collection, price, quantity.
type Line = (&'static str, &'static str, i64, i64);

/// Codes, lines, what else the request says, what is taken off, and why.
type Case<'a> = (&'a [&'a str], &'a [Line], Value, i64, &'a str);

fn request(codes: &[&str], lines: &[Line], more: &Value) -> Value {
    let line = |(id, collection, price, quantity): &Line| json!({ "id": id, "product": id, "categories": [collection], "unitPrice": price, "quantity": quantity });
    let mut request = json!({ "codes": codes, "lines": lines.iter().map(line).collect::<Vec<_>>() });
    for (member, value) in more.as_object().into_iter().flatten() {
        request[member] = value.clone();
    }
    request
}

#[track_caller]
fn holds(edge: &mut Edge, cases: &[Case<'_>]) {
    let mut differ = Vec::new();
    for (codes, lines, more, expected, why) in cases {
        let quote = edge.quote(request(codes, lines, more));
        if quote["discountTotal"] != *expected {
            differ.push(format!(
                "{codes:?} ({why}): {} instead of {expected}: {}",
                quote["discountTotal"], quote["outcomes"]
            ));
        }
    }
    assert!(differ.is_empty(), "{differ:#?}");
}

fn import(shop: &Workshop, file: &str, to: &str) -> String {
    let words = ["import", "shopify", file, "--currency", "EUR", "--time-zone", "Europe/Warsaw", "--out", to];
    shop.run(&words).is_done();
    fs::read_to_string(shop.path(&format!("{to}/report.jsonl"))).unwrap()
}

fn at(now: &str) -> Value {
    json!({ "now": now.parse::<jiff::Timestamp>().unwrap().as_millisecond() })
}

#[test]
#[rustfmt::skip]
fn rows_of_the_admins_table_take_off_what_they_took_off_there() {
    let shop = Workshop::new();
    shop.write("discounts_export.csv", &format!("\u{feff}{TABLE}"));
    let report = import(&shop, "discounts_export.csv", "moved");
    let ship = || json!({ "shipping": [{ "id": "standard", "price": 490 }] });
    let none = || json!({});
    let mut edge = Edge::of(&shop, "moved");
    holds(&mut edge, &[
        (&["WELCOME15"], &[("11", "7", 333, 1), ("12", "7", 333, 1)], none(), 100, "15 % of 6.66, once for the order"),
        (&["WELCOME15"], &[("11", "7", 1000, 1)], at("2025-12-08T17:28:17Z"), 0, "a second before its start in Chicago"),
        (&["WELCOME15"], &[("11", "7", 1000, 1)], at("2025-12-08T17:28:18Z"), 150, "at its start"),
        (&["FIVER"], &[("11", "7", 4000, 1)], at("2026-03-01T00:00:00Z"), 500, "the least purchase is reached"),
        (&["FIVER"], &[("11", "7", 3999, 1)], at("2026-03-01T00:00:00Z"), 0, "it is not"),
        (&["FIVER"], &[("11", "7", 4000, 1)], at("2026-03-29T01:29:59Z"), 500, "a second before its end, in the night the clocks change"),
        (&["FIVER"], &[("11", "7", 4000, 1)], at("2026-03-29T01:30:00Z"), 0, "at its end"),
        (&["SHIPFREE"], &[("11", "7", 4000, 1)], ship(), 490, "what shipping costs"),
        (&["TEAONLY"], &[("11", "7", 4000, 1)], none(), 0, "of which products is not in the table, so it waits"),
        (&["VIPS"], &[("11", "7", 4000, 1)], none(), 0, "of which customers is not in the table, so it waits"),
        (&["BOGO"], &[("11", "7", 4000, 2)], none(), 0, "what is bought and got is not in the table"),
    ]);
    for told in [r#""id":"TEAONLY","member":"discount_class""#, r#""id":"VIPS","member":"customer_selection""#, r#""id":"BOGO","member":"type""#,
        r#""id":"WELCOME15","member":"appliesOncePerCustomer""#, r#""id":"SHIPFREE","member":"combinesWith""#] {
        assert!(report.contains(told), "{told}: {report}");
    }
    let moved: Value = serde_json::from_str(&fs::read_to_string(shop.path("moved/campaigns.json")).unwrap()).unwrap();
    let fiver = moved["campaigns"].as_array().unwrap().iter().find(|campaign| campaign["id"] == "FIVER").unwrap();
    assert_eq!(fiver["limits"]["total"], 8, "two of ten uses are gone");
    assert_eq!(fiver["schedule"], json!({ "from": "2026-01-01T00:00:00", "until": "2026-03-29T03:30:00", "timeZone": "Europe/Warsaw" }));
}

#[test]
#[rustfmt::skip]
fn discounts_of_the_admin_interface_take_off_what_they_took_off_there() {
    let shop = Workshop::new();
    shop.write("discounts.json", &page().to_string());
    let report = import(&shop, "discounts.json", "moved");
    let none = || json!({});
    let to = |country: &str, price: i64| json!({ "country": country, "shipping": [{ "id": "standard", "price": price }] });
    let mut edge = Edge::of(&shop, "moved");
    holds(&mut edge, &[
        (&["TEA125"], &[("11", "7", 999, 1), ("13", "8", 5000, 1)], none(), 125, "12.5 % of 9.99 is 1.25: of its products alone"),
        (&["EACH2"], &[("11", "7", 1000, 3), ("13", "8", 500, 1)], none(), 600, "2.00 off each of the collection"),
        (&["EACH2"], &[("11", "7", 1000, 2), ("13", "8", 500, 1)], none(), 0, "three have to be of the collection"),
        (&["ONCE9"], &[("11", "7", 2000, 1), ("12", "8", 1000, 1)], none(), 900, "9.00 once off both"),
        (&["ONCE9"], &[("11", "7", 2000, 1), ("13", "8", 5000, 1)], none(), 0, "only its own products count for the least purchase"),
        (&["TWOFORONE"], &[("11", "7", 1000, 4), ("12", "8", 700, 3)], none(), 1400, "two for twice two"),
        (&["TWOFORONE"], &[("11", "7", 1000, 6), ("12", "8", 700, 3)], none(), 1400, "at most twice an order"),
        (&["TWOFORONE"], &[("11", "7", 1000, 1), ("12", "8", 700, 3)], none(), 0, "two have to be bought"),
        (&[], &[("13", "8", 100_000, 1)], none(), 10_000, "an automatic one needs no code"),
        (&["SHIPIE"], &[("11", "7", 1000, 1)], to("IE", 900), 900, "to Ireland, for at most 10.00"),
        (&["SHIPIE"], &[("11", "7", 1000, 1)], to("FR", 900), 0, "to France"),
        (&["SHIPIE"], &[("11", "7", 1000, 1)], to("IE", 1001), 0, "shipping is too dear"),
        (&["LEFT2"], &[("11", "7", 1000, 1)], json!({ "customer": { "id": "c", "segments": ["5"] } }), 500, "of several codes each counts"),
        (&["LEFT2"], &[("11", "7", 1000, 1)], none(), 0, "nobody of the segment"),
        (&["BOB"], &[("11", "7", 1000, 1)], none(), 0, "single customers are not named, so it waits"),
        (&["SOLO"], &[("13", "8", 100_000, 1)], none(), 20_000, "of discounts of the order the better one"),
        (&["TEA125", "EACH2"], &[("11", "7", 1000, 3)], none(), 600, "of discounts on one line the better one"),
    ]);
    for told in [r#""id":"8","member":"customerSelection""#, r#""id":"9","member":"appDiscountType""#, r#""id":"10","member":"combinesWith""#] {
        assert!(report.contains(told), "{told}: {report}");
    }
    let codes = fs::read_to_string(shop.path("moved/codes/7.csv")).unwrap();
    assert!(codes.contains("LEFT1") && codes.contains("LEFT2"), "{codes}");
}

#[test]
#[rustfmt::skip]
fn price_rules_and_bulk_operations_are_read() {
    let shop = Workshop::new();
    let rules = json!({ "price_rules": [
        { "id": 7, "title": "TEN", "value": "-10.0", "value_type": "percentage", "target_type": "line_item", "target_selection": "entitled",
          "allocation_method": "across", "entitled_product_ids": [1, 2], "once_per_customer": true, "usage_limit": 5, "starts_at": "2026-01-01T00:00:00+01:00",
          "customer_selection": "all", "created_at": "2026-01-01T00:00:00+01:00", "admin_graphql_api_id": "gid://shopify/PriceRule/7" },
        { "id": 8, "title": "THREE", "value": "-100.0", "value_type": "percentage", "target_type": "line_item", "target_selection": "entitled",
          "allocation_method": "each", "allocation_limit": 1, "entitled_product_ids": [2], "prerequisite_product_ids": [1],
          "prerequisite_to_entitlement_quantity_ratio": { "prerequisite_quantity": 2, "entitled_quantity": 1 } },
        { "id": 9, "title": "SPEND", "value": "-5.00", "value_type": "fixed_amount", "target_type": "line_item", "target_selection": "all",
          "allocation_method": "across", "prerequisite_saved_search_ids": [4] },
        { "id": 10, "title": "ALONE", "value": "-5.00", "value_type": "fixed_amount", "target_type": "line_item", "target_selection": "all",
          "allocation_method": "across" }],
        "discount_codes": [{ "code": "TEN-A", "price_rule_id": 7, "usage_count": 3 }, { "code": "THREE-A", "price_rule_id": 8, "usage_count": 0 },
            { "code": "SPEND-A", "price_rule_id": 9, "usage_count": 0 }, { "code": "LOST", "price_rule_id": 99, "usage_count": 0 }] });
    shop.write("price_rules.json", &rules.to_string());
    let report = import(&shop, "price_rules.json", "rules");
    let mut edge = Edge::of(&shop, "rules");
    holds(&mut edge, &[
        (&["TEN-A"], &[("1", "7", 1000, 1), ("3", "7", 1000, 1)], json!({}), 100, "of its products alone"),
        (&["THREE-A"], &[("1", "7", 1000, 4), ("2", "7", 700, 2)], json!({}), 700, "once an order"),
        (&["SPEND-A"], &[("1", "7", 1000, 1)], json!({}), 0, "a saved search is a rule that is not known, so it waits"),
    ]);
    assert!(report.contains(r#""id":"9","member":"prerequisite_saved_search_ids""#), "{report}");
    assert!(report.contains(r#""id":"LOST","member":"price_rule_id""#), "{report}");
    assert_eq!(report.matches(r#""member":"discount_codes""#).count(), 1, "{report}");
    assert!(report.contains(r#""id":"10","member":"discount_codes""#), "{report}");
    assert!(fs::read_to_string(shop.path("rules/codes/7.csv")).unwrap().contains("TEN-A,,,2,"), "two of five uses are left");
    let lines = [
        json!({ "id": "gid://shopify/DiscountCodeNode/1", "codeDiscount": { "__typename": "DiscountCodeBasic", "title": "Bulk", "status": "ACTIVE",
            "startsAt": "2026-01-01T00:00:00Z", "discountClass": "ORDER", "customerGets": { "value": { "percentage": 0.05 }, "items": { "allItems": true } } } }),
        json!({ "id": "gid://shopify/DiscountRedeemCode/5", "code": "BULK-1", "asyncUsageCount": 0, "__parentId": "gid://shopify/DiscountCodeNode/1" }),
        json!({ "id": "gid://shopify/DiscountRedeemCode/6", "code": "BULK-2", "asyncUsageCount": 0, "__parentId": "gid://shopify/DiscountCodeNode/1" }),
    ];
    shop.write("bulk.jsonl", &lines.map(|line| format!("{line}\n")).concat());
    import(&shop, "bulk.jsonl", "bulk");
    holds(&mut Edge::of(&shop, "bulk"), &[(&["BULK-2"], &[("1", "7", 1000, 1)], json!({}), 50, "each line an object")]);
}
