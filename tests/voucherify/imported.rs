//! What the reference says that discounts come to, against coupons that were imported: documents and the engine alone.

use counterfoil::cart::Cart;
use counterfoil::catalog::Catalog;
use counterfoil::compile::{compile, Source};
use counterfoil::engine::{Desk, Disclosure};
use counterfoil::request::{self, Moment, Names};
use counterfoil::time::Interval;
use counterfoil::voucherify::mapping::{stacking, to_document, Shop};
use proptest::prelude::*;
use serde_json::{json, Value};

use super::oracle::{coupon, lines, take, Coupon, Line};

/// Whether a document measures it as Voucherify does after others: not so what is off units, which there cost what they
/// cost, whatever others took of their line.
fn is_of_whole_lines((discount, entry): &Coupon) -> bool {
    let is_new_price = discount["type"] == "FIXED" && discount["effect"] != "APPLY_TO_ORDER";
    let of_units = ["quantity_limit", "aggregated_quantity_limit"].iter().any(|limit| entry[*limit].is_number());
    !is_new_price && !of_units && entry["target"] != "UNIT"
}

fn catalog(coupons: &[Coupon]) -> Catalog {
    let shop = Shop { currency: "EUR", time_zone: "UTC" };
    let campaigns: Vec<Value> = coupons
        .iter()
        .enumerate()
        .map(|(number, (discount, entry))| {
            let mut offer = json!({ "discount": discount });
            if entry.is_object() {
                offer["applicable_to"] = json!({ "included": [entry] });
            }
            let mapped = to_document(&offer, &shop);
            assert!(!mapped.is_held_back, "{offer}: {:?}", mapped.losses);
            let mut campaign = mapped.value;
            campaign["id"] = format!("code-{number}").into();
            campaign["codes"] = json!([format!("CODE{number}")]);
            campaign["stacking"] = json!({ "priority": number });
            campaign
        })
        .collect();
    let stacking = stacking::to_stacking(&json!({ "redeemables_application_mode": "ALL" }), &[]).value;
    let document = json!({ "campaigns": campaigns, "stacking": stacking });
    let source = Source { name: "import".into(), document };
    let compiled = compile(&[source], Interval { from: 0, until: 1 }).unwrap_or_else(|error| panic!("{error:?}"));
    Catalog::read(&compiled.section).unwrap()
}

/// What the first so many codes take off.
fn taken(catalog: &Catalog, lines: &[Line], codes: usize) -> i64 {
    let lines: Vec<Value> = lines
        .iter()
        .enumerate()
        .map(|(number, line)| {
            // a variant of its own, since lines of one are priced as one
            json!({ "id": number.to_string(), "sku": format!("sku_{number}"), "product": line.product,
                "unitPrice": line.price, "quantity": line.quantity })
        })
        .collect();
    let codes: Vec<String> = (0..codes).map(|number| format!("CODE{number}")).collect();
    let body = json!({ "currency": "EUR", "now": 0, "lines": lines, "codes": codes }).to_string();
    let (mut cart, mut names, mut desk) = (Cart::default(), Names::default(), Desk::default());
    request::read(body.as_bytes(), Moment::default(), catalog, &mut cart, &mut names).unwrap();
    desk.evaluate(catalog, &cart, Disclosure::Full);
    desk.answer().lines.iter().map(|(_, off)| off).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn imported_coupons_take_what_the_reference_says(
        lines in lines(),
        coupons in prop::collection::vec(coupon().prop_filter("of whole lines", is_of_whole_lines), 1..5),
    ) {
        let catalog = catalog(&coupons);
        let (mut left, mut of_order) = (lines.clone(), 0);
        let whole: i64 = lines.iter().map(Line::left).sum();
        for (number, coupon) in coupons.iter().enumerate() {
            of_order += take(coupon, &mut left, of_order);
            let total = left.iter().map(Line::left).sum::<i64>() - of_order;
            prop_assert_eq!(taken(&catalog, &lines, number + 1), whole - total.max(0), "after {}", number);
        }
    }
}
