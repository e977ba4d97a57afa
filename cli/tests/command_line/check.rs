use serde_json::{json, Value};

use crate::workshop::{Workshop, CAMPAIGNS};

/// The faults of one document: code, line, column and pointer of each.
fn faults(name: &str, text: &str) -> Vec<(String, u64, u64, String)> {
    let shop = Workshop::new();
    shop.write(name, text);
    let ran = shop.run(&["check", name, "--format", "json"]);
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    let report = ran.json();
    let list = report["diagnostics"].as_array().unwrap();
    assert_eq!(report["errors"], list.len());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let each = |one: &Value| {
        (text(&one["code"]), one["line"].as_u64().unwrap(), one["column"].as_u64().unwrap(), text(&one["pointer"]))
    };
    list.iter().map(each).collect()
}

fn at(code: &str, line: u64, column: u64, pointer: &str) -> (String, u64, u64, String) {
    (code.to_owned(), line, column, pointer.to_owned())
}

#[test]
fn a_sound_document_has_no_faults() {
    let shop = Workshop::new();
    shop.write("campaigns.json", CAMPAIGNS);
    let ran = shop.run(&["check", "campaigns.json", "--now", "2025-12-01T00:00:00Z"]);
    assert_eq!(ran.is_done().out, "1 file, 3 campaigns: no faults\n");
    let ran = shop.run(&["check", "campaigns.json", "--now", "2025-12-01T00:00:00Z", "--format", "json"]);
    assert_eq!(ran.is_done().json(), json!({ "errors": 0, "warnings": 0, "diagnostics": [] }));
}

#[test]
fn a_fault_is_shown_where_it_is() {
    let shop = Workshop::new();
    shop.write("ten.json", "{ \"campaigns\": [\n  { \"id\": \"é\", \"discounts\": [] } ] }\n");
    let ran = shop.run(&["check", "ten.json"]);
    assert_eq!(ran.code, 3);
    let expected = "\
error[campaign_empty]: the campaign gives nothing
 --> ten.json:2:3
  |
2 |   { \"id\": \"é\", \"discounts\": [] } ] }
  |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: add `discounts` or `earning`

error[field_invalid]: `é` is no id
 --> ten.json:2:11
  |
2 |   { \"id\": \"é\", \"discounts\": [] } ] }
  |           ^^^
  |
  = help: use 1 to 64 of the letters a-z, A-Z, digits, `-`, `_`, `.`

1 file: 2 errors, 0 warnings
";
    assert_eq!(ran.out, expected);
}

#[test]
fn faults_in_json_have_lines_and_columns() {
    let text = r#"{ "campaigns": [
  { "id": "a", "codes": ["X", "x"],
    "when": { "all": [ { "type": "country", "in": [] } ] },
    "discounts": [ { "type": "percent_off", "percent": "101" },
                   { "type": "percent_of" } ] },
  { "id": "a", "earning": [ { "type": "points_per_amount", "points": 1 } ] },
  { "id": "b", "nmae": "B" } ] }
"#;
    let expected = [
        at("code_duplicated", 2, 31, "/campaigns/0/codes/1"),
        at("field_invalid", 3, 45, "/campaigns/0/when/all/0/in"),
        at("field_invalid", 4, 56, "/campaigns/0/discounts/0/percent"),
        at("kind_unknown", 5, 30, "/campaigns/0/discounts/1/type"),
        at("id_duplicated", 6, 11, "/campaigns/1/id"),
        at("field_missing", 6, 29, "/campaigns/1/earning/0"),
        at("field_unknown", 7, 16, "/campaigns/2/nmae"),
    ];
    assert_eq!(faults("campaigns.json", text), expected);
}

#[test]
fn faults_in_yaml_have_lines_and_columns() {
    let text = "\
# spring
campaigns:
  - id: café
    schedule: { timeZone: Europe/Dublinn }
    discounts:
      - type: percent_off
        percent: 10
      - { type: amount_off, amount: { EUR: 12.5 } }
";
    let expected = [
        at("field_invalid", 3, 9, "/campaigns/0/id"),
        at("field_invalid", 4, 27, "/campaigns/0/schedule/timeZone"),
        at("field_invalid", 7, 18, "/campaigns/0/discounts/0/percent"),
        at("field_invalid", 8, 44, "/campaigns/0/discounts/1/amount/EUR"),
    ];
    assert_eq!(faults("campaigns.yaml", text), expected);
}

#[test]
fn broken_syntax_and_duplicated_keys_are_faults_too() {
    let comma = "{ \"campaigns\": [\n  { \"id\": \"a\", },\n ] }";
    assert_eq!(faults("campaigns.json", comma), [at("json_malformed", 2, 16, "")]);
    assert_eq!(faults("campaigns.json", ""), [at("json_malformed", 1, 1, "")]);
    assert_eq!(faults("campaigns.yml", "campaigns: [\nx"), [at("yaml_malformed", 2, 1, "")]);
    assert_eq!(
        faults("campaigns.json", "{ \"campaigns\": [],\n  \"campaigns\": [] }"),
        [at("field_duplicated", 2, 3, "/campaigns")]
    );
    assert_eq!(faults("campaigns.yaml", "campaigns: []\ncampaigns: []"), [at("field_duplicated", 2, 1, "/campaigns")]);
}

#[test]
fn files_are_checked_together_and_each_fault_names_its_file() {
    let shop = Workshop::new();
    shop.write("a.json", "{ \"campaigns\": [] ");
    shop.write("b.json", CAMPAIGNS);
    shop.write("c.json", CAMPAIGNS);
    let ran = shop.run(&["check", "c.json", "a.json", "b.json", "--format", "json"]);
    assert_eq!(ran.code, 3);
    let report = ran.json();
    let found: Vec<_> = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["file"].as_str(), one["code"].as_str()))
        .collect();
    assert_eq!(found[0], (Some("a.json"), Some("json_malformed")));
    assert!(found[1..].iter().all(|(file, _)| *file == Some("b.json")), "{found:?}");
    assert!(found.iter().any(|(_, code)| *code == Some("id_duplicated")), "{found:?}");
    assert!(found.iter().any(|(_, code)| *code == Some("code_duplicated")), "{found:?}");
}

#[test]
fn files_that_cannot_be_read_are_refused_together() {
    let shop = Workshop::new();
    let ran = shop.run(&["check", "nowhere.json", "."]);
    ran.is_refused("file_unavailable");
    assert_eq!(ran.err.matches("error[file_unavailable]").count(), 2, "{}", ran.err);
}

#[test]
fn no_file_is_wrong_usage() {
    assert_eq!(Workshop::new().run(&["check"]).code, 2);
}

#[test]
fn a_campaign_that_loses_money_is_told_with_its_worst_cart() {
    let shop = Workshop::new();
    let campaigns = r#"{ "campaigns": [
  { "id": "half", "codes": ["HALF"], "when": { "type": "segment", "anyOf": ["staff"] },
    "discounts": [ { "type": "percent_off", "percent": "50", "lines": { "categories": ["kitchen"] } } ] },
  { "id": "third-free",
    "discounts": [ { "type": "buy_x_get_y", "buy": { "quantity": 2 }, "get": { "quantity": 1 } } ] },
  { "id": "points", "earning": [ { "type": "points_per_amount", "points": 1, "per": { "EUR": 100 } } ] } ] }"#;
    shop.write("campaigns.json", campaigns);
    let products = |cost: i64| {
        let mug = json!({ "sku": "mug", "unitPrice": 1200, "cost": cost, "categories": ["kitchen"] });
        let pen = json!({ "sku": "pen", "unitPrice": 100, "cost": 10 });
        shop.write("products.json", &json!({ "currency": "EUR", "products": [pen, mug] }).to_string());
    };
    let check = |margin: &str| {
        let ran = shop.run(&[
            "check",
            "campaigns.json",
            "--products",
            "products.json",
            "--margin",
            margin,
            "--format",
            "json",
        ]);
        let report = ran.is_done().json();
        let warnings = report["diagnostics"].as_array().unwrap().iter();
        let losses = warnings.filter(|warning| warning["code"] == "below_margin");
        losses.map(|warning| (warning["pointer"].clone(), warning["params"].clone())).collect::<Vec<_>>()
    };
    // half of 12.00 is 6.00; two of three are 8.00 each
    products(600);
    assert_eq!(check("0"), []);
    products(601);
    let half = json!({ "sku": "mug", "quantity": 12, "total": 7200, "least": 7212 });
    assert_eq!(check("0"), [(json!("/campaigns/0/discounts"), half)]);
    // 6.67 and a fifth of it are 8.004
    products(667);
    let half = json!({ "sku": "mug", "quantity": 12, "total": 7200, "least": 9605 });
    let third = json!({ "sku": "mug", "quantity": 12, "total": 9600, "least": 9605 });
    assert_eq!(check("20"), [(json!("/campaigns/0/discounts"), half), (json!("/campaigns/1/discounts"), third)]);
}
