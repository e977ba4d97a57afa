//! Campaigns that are not open: tried at home as they are, published so that only their codes, or only the edge, read them.

use crate::workshop::Workshop;

const CAMPAIGNS: &str = r#"{ "campaigns": [
  { "id": "tea-10", "codes": ["TEA10"], "discounts": [ { "type": "percent_off", "percent": "10" } ] },
  { "id": "blogger", "codes": ["MOUNTAIN-GOAT-7"], "visibility": "sealed",
    "discounts": [ { "type": "percent_off", "percent": "20", "lines": { "categories": ["winterboots"] } } ] } ] }
"#;

const CART: &str = r#"{ "currency": "EUR", "now": 1772359200000, "codes": ["mountain-goat-7"],
  "lines": [ { "id": "a", "unitPrice": 1000, "quantity": 1, "categories": ["winterboots"] } ] }
"#;

fn shop(campaigns: &str) -> Workshop {
    let shop = Workshop::furnished();
    shop.write("campaigns.json", campaigns);
    shop.write("cart.json", CART);
    shop
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

#[test]
fn a_sealed_campaign_is_tried_in_clear_and_published_sealed() {
    let shop = shop(CAMPAIGNS);
    let quote = shop.run(&["quote", "--campaigns", "campaigns.json", "--request", "cart.json", "--json"]);
    assert_eq!(quote.is_done().json()["total"], 800);
    let ran = shop.publish(&["--to", "public"]);
    assert!(ran.is_done().err.contains("sealed     1 code: guessable"), "{}", ran.err);
    let snapshot = shop.read("public/snapshot.cfs");
    assert!(holds(&snapshot, "TEA10") && holds(&snapshot, "tea-10"));
    assert!(!["MOUNTAINGOAT7", "blogger", "winterboots"].iter().any(|secret| holds(&snapshot, secret)));
    let key_ring = ["verify", "public/snapshot.cfs", "--key-ring", "keys/key-ring.json"];
    assert!(shop.run(&key_ring).is_done().out.contains("sealed ("));
    // the same again is the same publication
    assert!(shop.publish(&["--to", "public"]).is_done().err.contains("only their life is new"));
}

#[test]
fn what_is_for_the_edge_alone_needs_one() {
    let shop = shop(&CAMPAIGNS.replace("sealed", "edge"));
    shop.publish(&["--to", "public"]).is_refused("edge_missing");
    shop.publish(&["--to", "public", "--edge-to", "private"]).is_done();
    assert!(!holds(&shop.read("public/snapshot.cfs"), "MOUNTAINGOAT7"));
}

#[test]
fn who_publishes_a_code_for_a_few_for_all_to_read_is_told() {
    let few = CAMPAIGNS.replace(r#""codes": ["TEA10"]"#, r#""codes": ["SORRY4YOU"], "limits": { "total": 1 }"#);
    let shop = shop(&few);
    let ran = shop.publish(&["--to", "public"]);
    assert!(ran.is_done().err.contains("warning[code_readable]: "), "{}", ran.err);
}
