use serde_json::json;

use crate::workshop::{Workshop, CAMPAIGNS, CART};

const QUOTE: [&str; 5] = ["quote", "--campaigns", "campaigns.json", "--request", "cart.json"];

#[test]
fn the_bytes_are_those_of_the_engine_and_always_the_same() {
    let shop = Workshop::furnished();
    shop.publish(&["--to", "public"]).is_done();
    let arguments = [&QUOTE[..], &["--json"]].concat();
    let quote = shop.run(&arguments).is_done().out.clone();
    assert!(
        quote.starts_with(r#"{"currency":"EUR","subtotal":3000,"discountTotal":180,"shippingTotal":490,"#),
        "{quote}"
    );
    assert_eq!(quote.matches('\n').count(), 1);
    assert_eq!(shop.run(&arguments).out, quote);

    // the same campaigns as YAML, in another order, from the standard input
    let yaml = "
campaigns:
  - { id: last-year, codes: [OLD], schedule: { until: 2026-01-01T00:00 },
      discounts: [ { type: percent_off, percent: '50' } ] }
  - { id: free-shipping, when: { type: min_subtotal, amount: { EUR: 5000 } }, discounts: [ { type: free_shipping } ] }
  - id: tea-10
    codes: [TEA10]
    discounts: [ { type: percent_off, percent: '10', lines: { categories: [tea] } } ]
";
    shop.write("campaigns.yaml", yaml);
    let ran = shop.run_with(&["quote", "--campaigns", "campaigns.yaml", "--request", "-", "--json"], CART, &[]);
    assert_eq!(ran.is_done().out, quote);
}

#[test]
fn a_published_snapshot_answers_as_its_documents_do() {
    let shop = Workshop::furnished();
    shop.publish(&["--to", "public"]).is_done();
    let now = ["--now", "2027-01-01T00:00:00Z"];
    let by_documents = shop.run(&[&QUOTE[..], &["--json", "--public"], &now].concat());
    // the snapshot's own life binds: it is not used at another time than the clock's
    let snapshot = ["quote", "--snapshot", "public/snapshot.cfs", "--key-ring", "keys/key-ring.json"];
    shop.run(&[&snapshot[..], &["--request", "cart.json", "--now", "2020-01-01T00:00:00Z"]].concat())
        .is_refused("snapshot_not_yet_valid");
    let cart = CART.replace("\"now\": 1772359200000, ", "");
    let ran = shop.run_with(&[&snapshot[..], &["--request", "-", "--json", "--public"]].concat(), &cart, &[]);
    assert_eq!(ran.is_done().out, by_documents.is_done().out);
}

/// The engine passes over what it does not know; people are told of what looks like a slip, and the answer is the same.
#[test]
fn a_misspelt_member_is_told_and_passed_over() {
    let shop = Workshop::furnished();
    shop.write("slip.json", &CART.replace("\"codes\"", "\"code\""));
    let ran = shop.run(&["quote", "--campaigns", "campaigns.json", "--request", "slip.json", "--json"]);
    assert_eq!(ran.is_done().json()["total"], 3490);
    assert!(ran.err.contains("warning[field_misspelt]: `code` means nothing in the request"), "{}", ran.err);
    assert!(ran.err.contains("write `codes` if that is meant"), "{}", ran.err);
    assert!(!shop.run(&QUOTE).is_done().err.contains("field_misspelt"));
}

#[test]
fn now_is_taken_from_the_argument_then_the_request() {
    let shop = Workshop::furnished();
    let total = |more: &[&str]| shop.run(&[&QUOTE[..], &["--json"], more].concat()).is_done().json()["total"].clone();
    assert_eq!(total(&[]), 3310);
    // before the end of last year's campaign, which then takes half of everything
    assert_eq!(total(&["--now", "2025-12-31T23:59:59Z"]), 1900);
    assert_eq!(total(&["--now", "1767225599999"]), 1900);
    assert_eq!(total(&["--now", "1767225600000"]), 3310);
}

#[test]
fn merchants_are_told_the_reason_and_shoppers_are_not() {
    let shop = Workshop::furnished();
    let reasons = |more: &[&str]| {
        let quote = shop.run(&[&QUOTE[..], &["--json"], more].concat()).is_done().json();
        quote["outcomes"][1]["reasons"][0]["code"].clone()
    };
    assert_eq!(reasons(&[]), "campaign_ended");
    assert_eq!(reasons(&["--public"]), "code_unknown");
}

#[test]
fn people_see_who_took_what_and_what_is_within_reach() {
    let shop = Workshop::furnished();
    let page = shop.run(&QUOTE).is_done().out.clone();
    let expected = "
 line                 quantity   unit price   price   saving   to pay   by
──────────────────────────────────────────────────────────────────────────────
 Green tea (a)               4         4.50   18.00    -1.80    16.20   tea-10
 b                           1        12.00   12.00             12.00
 shipping: standard                            4.90              4.90

  subtotal   30.00 EUR
  shipping    4.90 EUR
  discounts  -1.80 EUR
  total      33.10 EUR

 campaign    code    outcome        saving   why
──────────────────────────────────────────────────────────────────────────────────────
 tea-10      tea10   applied         -1.80
 last-year   OLD     inapplicable            this campaign has ended [campaign_ended]
                                               it ended at 2026-01-01 00:00 UTC

within reach
  add products worth 20.00 EUR: saves 4.90 EUR more, by free-shipping
";
    let trimmed =
        |text: &str| text.lines().map(|line| line.trim_end().trim_end_matches('─')).collect::<Vec<_>>().join("\n");
    assert_eq!(trimmed(&page), trimmed(expected.trim_start_matches('\n')));
}

#[test]
fn people_see_what_is_given_and_what_pays() {
    let shop = Workshop::furnished();
    let campaigns = r#"{
        "campaigns": [ { "id": "mug", "discounts": [ { "type": "gift", "products": [ { "product": "MUG", "value": { "EUR": 500 } } ] } ] } ],
        "payments": [
            { "id": "return-credit", "type": "gift_card", "lines": { "categories": ["care"] } },
            { "id": "club", "type": "points", "exchange": { "points": 1, "worth": { "EUR": 1 } } }
        ]
    }"#;
    shop.write("gift.json", campaigns);
    let request = r#"{ "currency": "EUR",
        "lines": [ { "id": "a", "unitPrice": 3000, "quantity": 1, "categories": ["care"] }, { "id": "b", "unitPrice": 500, "quantity": 1 } ],
        "payments": [ { "method": "return-credit", "type": "gift_card", "balance": 4000 }, { "method": "club", "type": "points", "balance": 200 } ] }"#;
    let page =
        shop.run_with(&["quote", "--campaigns", "gift.json", "--request", "-"], request, &[]).is_done().out.clone();
    let rows: Vec<Vec<&str>> = page.lines().map(|line| line.split_whitespace().collect()).collect();
    let has = |row: &str| rows.contains(&row.split(' ').collect());
    assert!(has("due 3.00 EUR"), "{page}");
    assert!(
        has("return-credit 30.00 10.00 the products that it may be used for are paid with it [payment_covers_some]"),
        "{page}"
    );
    assert!(has("club 2.00 (200 points) 0 points"), "{page}");
    assert!(has("MUG 1 proposed 5.00 mug"), "{page}");
}

#[test]
fn amounts_follow_the_currency() {
    let shop = Workshop::furnished();
    let page = |currency: &str| {
        let request = format!(
            r#"{{ "currency": "{currency}", "codes": ["TEA10"], "payments": [ {{ "type": "points", "amount": 5 }} ],
                 "lines": [ {{ "id": "a", "unitPrice": 12345, "quantity": 1, "categories": ["tea"] }} ] }}"#
        );
        shop.run_with(&["quote", "--campaigns", "campaigns.json", "--request", "-"], &request, &[])
            .is_done()
            .out
            .clone()
    };
    assert!(
        page("JPY").contains("total      11110 JPY") && page("JPY").contains("due        11105 JPY"),
        "{}",
        page("JPY")
    );
    assert!(page("KWD").contains("total      11.110 KWD"), "{}", page("KWD"));
}

#[test]
fn a_wrong_request_is_refused_at_its_place() {
    let shop = Workshop::furnished();
    let ran =
        |request: &str| shop.run_with(&["quote", "--campaigns", "campaigns.json", "--request", "-"], request, &[]);
    let negative =
        ran("{ \"currency\": \"EUR\",\n  \"lines\": [ { \"id\": \"a\", \"unitPrice\": -1, \"quantity\": 1 } ] }");
    negative.is_refused("amount_out_of_range");
    assert!(negative.err.contains("--> standard input:2:40"), "{}", negative.err);
    let malformed = ran("{ \"currency\": \"EUR\"\n  \"lines\": [] }");
    malformed.is_refused("json_malformed");
    assert!(malformed.err.contains("--> standard input:2:3"), "{}", malformed.err);
    ran("{ \"currency\": \"EUR\" }").is_refused("field_missing");
    ran("").is_refused("json_malformed");
}

#[test]
fn wrong_documents_and_wrong_files_are_refused() {
    let shop = Workshop::furnished();
    shop.write("wrong.json", &CAMPAIGNS.replace("\"10\"", "\"ten\""));
    let ran = shop.run(&["quote", "--campaigns", "wrong.json", "--request", "cart.json"]);
    ran.is_refused("field_invalid");
    assert!(ran.err.contains("--> wrong.json:3:56"), "{}", ran.err);
    shop.run(&["quote", "--campaigns", "campaigns.json", "--request", "nowhere.json"]).is_refused("file_unavailable");
    shop.write("key-ring.json", "{ \"audience\": \"\" }");
    let snapshot = ["quote", "--request", "cart.json", "--snapshot", "campaigns.json", "--key-ring"];
    shop.run(&[&snapshot[..], &["key-ring.json"]].concat()).is_refused("key_ring_invalid");
    shop.run(&[&snapshot[..], &["keys/key-ring.json"]].concat()).is_refused("snapshot_malformed");
}

#[test]
fn rules_come_from_documents_or_from_a_snapshot() {
    let shop = Workshop::furnished();
    assert_eq!(shop.run(&["quote", "--request", "cart.json"]).code, 2);
    assert_eq!(shop.run(&["quote", "--request", "cart.json", "--snapshot", "snapshot.cfs"]).code, 2);
    let both = [&QUOTE[..], &["--snapshot", "snapshot.cfs", "--key-ring", "keys/key-ring.json"]].concat();
    assert_eq!(shop.run(&both).code, 2);
}

#[test]
fn an_empty_document_quotes_the_plain_price() {
    let shop = Workshop::furnished();
    shop.write("campaigns.json", "{ \"campaigns\": [] }");
    assert_eq!(shop.run(&[&QUOTE[..], &["--json"]].concat()).is_done().json()["discountTotal"], json!(0));
}

#[test]
fn a_trace_tells_who_took_what_and_why_others_did_not() {
    let shop = Workshop::furnished();
    let told = shop.run(&[&QUOTE[..], &["--trace"]].concat()).is_done().out.clone();
    for part in
        ["in turn", "tea-10 (", "10 % of ", "did not apply", "free-shipping", "min_subtotal_not_reached", "costs"]
    {
        assert!(told.contains(part), "{part} in\n{told}");
    }
    let plain = shop.run(&[&QUOTE[..], &["--json"]].concat()).is_done().out.clone();
    let traced = shop.run(&[&QUOTE[..], &["--json", "--trace"]].concat()).is_done().out.clone();
    // the quote in it is the same bytes
    assert!(
        traced.starts_with(&format!("{{\"quote\":{},\"trace\":{{\"currency\":\"EUR\"", plain.trim_end())),
        "{traced}"
    );
}
