//! What WooCommerce's coupons take off there, they take off here. The samples have the columns that WebToffee's exporter and
//! Smart Coupons write, and the members of the REST interface's coupons; amounts are worked out as `WC_Discounts` does.

use std::fs;

use serde_json::{json, Value};

use super::edge::Edge;
use crate::workshop::Workshop;

/// As WebToffee's exporter writes it: lists of products with bars, categories by their names.
const TABLE: &str = "\
ID,post_title,post_excerpt,post_status,post_date,discount_type,coupon_amount,individual_use,product_ids,exclude_product_ids,\
usage_count,usage_limit,usage_limit_per_user,limit_usage_to_x_items,date_expires,free_shipping,exclude_sale_items,\
product_categories,exclude_product_categories,minimum_amount,maximum_amount,customer_email,meta:_wt_need_registration
21,half,Half of it,publish,2026-01-05 10:00:00,percent,50,no,,,0,,,,,no,no,,,,,,
22,five,,publish,2026-01-05 10:00:00,fixed_cart,5.00,no,,,3,10,,,,no,no,,,20.00,100.00,,
23,each,,publish,2026-01-05 10:00:00,fixed_product,2.50,no,11|12,,0,,,,,no,no,,,,,,
24,teas,,publish,2026-01-05 10:00:00,percent,20,no,,13,0,,,,,no,no,\"Tea, Herbs\",,,,,
25,either,,publish,2026-01-05 10:00:00,percent,10,no,11,,0,,,,,no,no,Tea,,,,,
26,two,,publish,2026-01-05 10:00:00,percent,100,no,,,0,,,2,,no,no,,,,,,
27,whole,,publish,2026-01-05 10:00:00,fixed_cart,10,no,,12,0,,,,,no,yes,,,,,,
28,unsold,,publish,2026-01-05 10:00:00,percent,30,no,,,0,,,,,no,yes,,,,,,
29,alone,,publish,2026-01-05 10:00:00,percent,15,yes,,,0,,,,,no,no,,,,,,
30,staff,,publish,2026-01-05 10:00:00,percent,25,no,,,0,,,,,no,no,,,,,*@example.com,
31,april,,publish,2026-01-05 10:00:00,fixed_cart,3,no,,,0,,,,2026-04-01,no,no,,,,,,
32,spent,,publish,2026-01-05 10:00:00,fixed_cart,3,no,,,10,10,,,,no,no,,,,,,
33,drafted,,draft,2026-01-05 10:00:00,fixed_cart,3,no,,,0,,,,,no,no,,,,,,
34,members,,publish,2026-01-05 10:00:00,fixed_cart,3,no,,,0,,,,,no,no,,,,,,yes
35,anna,,publish,2026-01-05 10:00:00,fixed_cart,3,no,,,0,,,,,no,no,,,,,\"anna@example.com,*@example.org\",
";

/// Product, category, price, regular price, quantity.
type Line = (&'static str, &'static str, i64, i64, i64);

fn request(code: &str, lines: &[Line], more: &Value) -> Value {
    let line = |(id, category, price, regular, quantity): &Line| json!({ "id": id, "product": id, "categories": [category], "unitPrice": price, "regularPrice": regular, "quantity": quantity });
    let mut request = json!({ "codes": [code], "lines": lines.iter().map(line).collect::<Vec<_>>() });
    for (member, value) in more.as_object().into_iter().flatten() {
        request[member] = value.clone();
    }
    request
}

/// What each coupon takes off a cart, and why.
#[rustfmt::skip]
fn cases() -> Vec<(&'static str, &'static [Line], Value, i64, &'static str)> {
    const TEA: Line = ("11", "Tea", 1999, 1999, 1);
    let none = || json!({});
    let staff = |email: &str| json!({ "customer": { "id": "c", "email": email } });
    let at = |now: &str| json!({ "now": now.parse::<jiff::Timestamp>().unwrap().as_millisecond() });
    vec![
        ("half", &[("11", "Tea", 333, 333, 1)], none(), 166, "166.5 cents, half down"),
        ("half", &[("11", "Tea", 5, 5, 1), ("12", "Mugs", 5, 5, 1), ("13", "Mugs", 5, 5, 1)], none(), 7, "7.5 cents of the whole, half down; floored each they would be 6"),
        ("half", &[("11", "Tea", 1999, 2999, 3)], none(), 2998, "2998.5 cents of the price as it is, half down"),
        ("five", &[("11", "Tea", 2000, 2000, 1)], none(), 500, "the least subtotal is reached"),
        ("five", &[("11", "Tea", 1999, 1999, 1)], none(), 0, "a cent below the least subtotal"),
        ("five", &[("11", "Tea", 10000, 10000, 1)], none(), 500, "the most subtotal is within"),
        ("five", &[("11", "Tea", 10001, 10001, 1)], none(), 0, "a cent above the most subtotal"),
        ("each", &[("11", "Tea", 1000, 1000, 2), ("13", "Mugs", 900, 900, 2)], none(), 500, "twice 2.50 of what is named"),
        ("each", &[("12", "Mugs", 200, 200, 3)], none(), 600, "never more than a unit costs"),
        ("each", &[("13", "Mugs", 200, 200, 3)], none(), 0, "none of its products"),
        ("teas", &[("11", "Tea", 1000, 1000, 1), ("14", "Mugs", 1000, 1000, 1)], none(), 200, "of its category alone"),
        ("teas", &[("13", "Tea", 1000, 1000, 1), ("15", "Herbs", 500, 500, 1)], none(), 100, "an excluded product is none of its category"),
        ("teas", &[("13", "Tea", 1000, 1000, 1)], none(), 0, "all that is of the category is excluded"),
        ("either", &[("11", "Mugs", 1000, 1000, 1), ("15", "Tea", 500, 500, 1), ("16", "Mugs", 700, 700, 1)], none(), 150, "a line is of a product or of a category"),
        ("either", &[("11", "Tea", 1000, 1000, 1)], none(), 100, "a line that is both is taken once"),
        ("either", &[("15", "Tea", 1000, 1000, 1)], none(), 0, "some product and some category have to be there"),
        ("two", &[("11", "Tea", 1000, 1000, 5)], none(), 2000, "two units of five"),
        ("two", &[("11", "Tea", 1000, 1000, 1), ("12", "Mugs", 3000, 3000, 1), ("13", "Mugs", 500, 500, 1)], none(), 4000, "the two dearest lines come first"),
        ("whole", &[TEA], none(), 1000, "off the cart"),
        ("whole", &[TEA, ("12", "Mugs", 500, 500, 1)], none(), 0, "an excluded product refuses a coupon for the cart"),
        ("whole", &[TEA, ("13", "Mugs", 500, 800, 1)], none(), 0, "what is on sale refuses a coupon for the cart"),
        ("whole", &[("11", "Tea", 600, 600, 1)], none(), 600, "never more than the cart"),
        ("unsold", &[("11", "Tea", 1000, 1000, 1), ("13", "Mugs", 500, 800, 1)], none(), 300, "what is on sale keeps its price"),
        ("unsold", &[("13", "Mugs", 500, 800, 1)], none(), 0, "all is on sale"),
        ("alone", &[("11", "Tea", 1000, 1000, 1)], json!({ "codes": ["alone", "five"] }), 150, "an individual one alone"),
        ("staff", &[("11", "Tea", 1000, 1000, 1)], staff("bea@example.com"), 250, "the end of the address fits"),
        ("staff", &[("11", "Tea", 1000, 1000, 1)], staff("bea@example.net"), 0, "it does not"),
        ("april", &[TEA], at("2026-03-31T21:59:59Z"), 300, "23:59:59 of 31 March in Warsaw"),
        ("april", &[TEA], at("2026-03-31T22:00:00Z"), 0, "midnight of 1 April in Warsaw, at which it expires"),
        ("spent", &[TEA], none(), 0, "used as often as it may be"),
        ("drafted", &[TEA], none(), 0, "not published"),
        ("members", &[TEA], none(), 0, "a rule of an extension is not known, so it waits"),
        ("anna", &[TEA], none(), 0, "single addresses are not asked for, so it waits"),
    ]
}

/// The same coupons as the REST interface tells them.
fn objects() -> Value {
    let mut reader = csv::Reader::from_reader(TABLE.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let yes = |text: &str| text == "yes";
    let coupon = |row: csv::StringRecord| {
        let cell = |name: &str| row.get(headers.iter().position(|header| header == name).unwrap()).unwrap();
        let ids = |name: &str| cell(name).split('|').filter_map(|id| id.parse::<i64>().ok()).collect::<Vec<_>>();
        let texts = |name: &str| {
            cell(name)
                .split(',')
                .map(|text| text.trim().to_string())
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
        };
        let number = |name: &str| cell(name).parse::<i64>().ok();
        let plain = |name: &str| if cell(name).is_empty() { "0.00" } else { cell(name) };
        let (day, gmt) = match cell("date_expires") {
            "" => (Value::Null, Value::Null),
            _ => ("2026-04-01T00:00:00".into(), "2026-03-31T22:00:00".into()),
        };
        let meta: Vec<Value> = match cell("meta:_wt_need_registration") {
            "" => Vec::new(),
            told => vec![json!({ "id": 7, "key": "_wt_need_registration", "value": told })],
        };
        json!({ "id": number("ID"), "code": cell("post_title"), "amount": cell("coupon_amount"), "status": cell("post_status"),
            "date_created": "2026-01-05T10:00:00", "date_created_gmt": "2026-01-05T09:00:00", "date_modified": "2026-01-05T10:00:00",
            "date_modified_gmt": "2026-01-05T09:00:00", "discount_type": cell("discount_type"), "description": cell("post_excerpt"),
            "date_expires": day, "date_expires_gmt": gmt, "usage_count": number("usage_count"), "individual_use": yes(cell("individual_use")),
            "product_ids": ids("product_ids"), "excluded_product_ids": ids("exclude_product_ids"), "usage_limit": number("usage_limit"),
            "usage_limit_per_user": number("usage_limit_per_user"), "limit_usage_to_x_items": number("limit_usage_to_x_items"),
            "free_shipping": yes(cell("free_shipping")), "product_categories": texts("product_categories"),
            "excluded_product_categories": texts("exclude_product_categories"), "exclude_sale_items": yes(cell("exclude_sale_items")),
            "minimum_amount": plain("minimum_amount"), "maximum_amount": plain("maximum_amount"), "email_restrictions": texts("customer_email"),
            "used_by": [], "meta_data": meta, "_links": { "self": [{ "href": "https://example.com/wp-json/wc/v3/coupons/21" }] } })
    };
    reader.records().map(|row| coupon(row.unwrap())).collect()
}

fn import(shop: &Workshop, file: &str, to: &str) {
    let words = ["import", "woocommerce", file, "--currency", "EUR", "--time-zone", "Europe/Warsaw", "--out", to];
    shop.run(&words).is_done();
}

#[test]
fn coupons_take_off_what_they_took_off_there() {
    let shop = Workshop::new();
    shop.write("coupons.csv", TABLE);
    shop.write("coupons.json", &objects().to_string());
    import(&shop, "coupons.csv", "table");
    import(&shop, "coupons.json", "objects");
    let read = |path: &str| fs::read_to_string(shop.path(path)).unwrap();
    assert_eq!(read("table/campaigns.json"), read("objects/campaigns.json"), "the table and the objects say the same");
    let mut edge = Edge::of(&shop, "table");
    let mut differ = Vec::new();
    for (code, lines, more, expected, why) in cases() {
        let quote = edge.quote(request(code, lines, &more));
        if quote["discountTotal"] != expected {
            differ.push(format!("{code} ({why}): {} instead of {expected}", quote["discountTotal"]));
        }
    }
    assert!(differ.is_empty(), "{differ:#?}");
}

#[test]
fn what_cannot_be_carried_over_is_told_and_a_rule_pauses() {
    let shop = Workshop::new();
    shop.write("coupons.csv", TABLE);
    import(&shop, "coupons.csv", "moved");
    let report = fs::read_to_string(shop.path("moved/report.jsonl")).unwrap();
    for told in [
        r#""id":"members","member":"meta__wt_need_registration""#,
        r#""id":"anna","member":"customer_email""#,
        r#""id":"two","member":"limit_usage_to_x_items""#,
        r#""id":"either","member":"product_categories""#,
    ] {
        assert!(report.contains(told), "{told}: {report}");
    }
    let moved: Value = serde_json::from_str(&fs::read_to_string(shop.path("moved/campaigns.json")).unwrap()).unwrap();
    let paused: Vec<&str> = moved["campaigns"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|campaign| campaign["status"] == "paused")
        .map(|campaign| campaign["id"].as_str().unwrap())
        .collect();
    assert_eq!(paused, ["anna", "drafted", "members", "spent"]);
    let five = moved["campaigns"].as_array().unwrap().iter().find(|campaign| campaign["id"] == "five").unwrap();
    assert_eq!(five["limits"]["total"], 7, "three of ten uses are gone");
}

#[test]
fn store_credit_is_a_card_with_what_is_left_of_it() {
    let shop = Workshop::new();
    shop.write(
        "credit.csv",
        "post_title,post_status,discount_type,coupon_amount,sc_coupon_validity,validity_suffix,auto_generate_coupon,expiry_date\n\
         SC-ANNA-0001-XYZ,publish,smart_coupon,25.00,,days,no,\nSC-BEA-0002-XYZ,publish,smart_coupon,7.5,,days,no,\n",
    );
    import(&shop, "credit.csv", "moved");
    assert_eq!(fs::read_to_string(shop.path("moved/report.jsonl")).unwrap(), "");
    let mut edge = Edge::of(&shop, "moved");
    assert_eq!(edge.outcome("SC-ANNA-0001-XYZ", 2000, ""), Ok(2000), "as much as is to pay");
    assert_eq!(edge.outcome("SC-ANNA-0001-XYZ", 4000, ""), Ok(2500), "as much as is on it");
    assert_eq!(edge.outcome("SC-BEA-0002-XYZ", 4000, ""), Ok(750));
}

#[test]
fn of_coupons_with_the_same_code_the_one_that_runs_is_kept() {
    let shop = Workshop::new();
    let row = |id: u8, code: &str, status: &str, amount: u8| format!("{id},{code},{status},fixed_cart,{amount}\n");
    let rows = [
        row(1, "summer-10", "draft", 1),
        row(2, "SUMMER10", "publish", 2),
        row(3, "summer10", "publish", 3),
        row(4, "Summer10", "draft", 4),
    ];
    shop.write("coupons.csv", &format!("ID,post_title,post_status,discount_type,coupon_amount\n{}", rows.concat()));
    shop.run(&["import", "woocommerce", "coupons.csv", "--currency", "EUR", "--out", "moved"]).is_done();
    shop.run(&["check", "moved/campaigns.json"]).is_done();
    let read = |name: &str| fs::read_to_string(shop.path(&format!("moved/{name}"))).unwrap();
    let moved: Value = serde_json::from_str(&read("campaigns.json")).unwrap();
    let kept: Vec<&str> =
        moved["campaigns"].as_array().unwrap().iter().map(|campaign| campaign["id"].as_str().unwrap()).collect();
    assert_eq!(kept, ["SUMMER10"]);
    let told: Vec<Value> = read("report.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let twins: Vec<&str> =
        told.iter().filter(|lost| lost["member"] == "code").map(|lost| lost["id"].as_str().unwrap()).collect();
    assert_eq!(twins, ["summer-10", "summer10", "Summer10"]);
}
