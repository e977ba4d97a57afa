//! Laws, on campaigns and carts of all kinds. Each is tried on the shops of the first seeds here, and on as many as
//! one has time for by `cargo xtask prove`; each shop serves three carts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that stumbles stops"
)]

#[path = "support/generate/mod.rs"]
mod generate;
#[path = "support/ground.rs"]
mod ground;
#[path = "support/laws.rs"]
mod laws;
#[path = "support/on_ground.rs"]
mod on_ground;
#[path = "support/oracle/mod.rs"]
mod oracle;
#[path = "support/refund_oracle.rs"]
mod refund_oracle;
#[path = "support/refunds.rs"]
mod refunds;
#[path = "support/shop.rs"]
mod shop;
#[path = "support/smallest.rs"]
mod smallest;
#[path = "support/steps.rs"]
mod steps;
#[path = "support/traces.rs"]
mod traces;
#[path = "support/trial.rs"]
mod trial;

use generate::NOW;
use ground::{ask, open_shop};
use on_ground::{told, LAWS};
use serde_json::{json, Value};
use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;
use trial::Trial;

/// Generated data is many small blocks that come and go.
#[cfg(not(target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The seeds of every run of the tests.
const SLICE: Range<u64> = 0..128;

macro_rules! laws {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            let trial = Trial::of(&[stringify!($name)]);
            SLICE.for_each(|seed| trial.on(seed, &mut |_, _, broken| broken.map_or((), |why| panic!("{why}"))));
        })*

        #[test]
        fn every_law_has_its_test() {
            let tested = [$(stringify!($name)),*];
            assert_eq!(LAWS.map(|(name, _)| name), tested);
        }
    };
}

laws! {
    a_refund_is_the_most_that_a_part_of_the_units_is_due
    a_trace_tells_the_story_of_its_quote
    refunds_keep_their_laws
    the_oracle_agrees
    the_best_deal_is_that_of_trying_all
    the_best_of_twelve_is_that_of_trying_all
    allocation_sums_to_the_discount
    units_sum_to_their_line
    upgrades_obey_the_laws
    gift_lines_are_told_unit_by_unit
    never_negative
    order_of_campaigns_is_irrelevant
    order_of_codes_is_irrelevant
    splitting_a_line_changes_nothing
    asking_twice_changes_nothing
    a_discount_never_disqualifies_itself
    hints_are_proven
    wide_shops_answer_in_whole
    wide_shops_know_no_order
    wide_shops_refund_by_the_laws
    wide_shops_prove_their_hints
}

/// The round of a long run: `PROPERTY_SEEDS=2000..4000`, and `PROPERTY_LAWS=a,b` for some laws only. Every failure is
/// printed, those after the first of a law as they are; then how long each law took.
#[test]
#[ignore = "a long run; `cargo xtask prove` asks for it"]
fn every_law() {
    let seeds = std::env::var("PROPERTY_SEEDS").expect("PROPERTY_SEEDS=from..until");
    let (from, until) = seeds.split_once("..").expect("from..until");
    let seeds: Range<u64> = from.parse().unwrap()..until.parse().unwrap();
    let asked = std::env::var("PROPERTY_LAWS").unwrap_or_default();
    let asked: Vec<&str> = asked.split(',').filter(|name| !name.is_empty()).collect();
    let trial = Trial::of(&asked);
    let mut took: BTreeMap<&str, Duration> = BTreeMap::new();
    let mut failures: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in seeds {
        trial.on(seed, &mut |law, time, broken| {
            *took.entry(law).or_default() += time;
            if let Some(why) = broken {
                *failures.entry(law).or_default() += 1;
                println!("{why}");
            }
        });
    }
    for (law, time) in took {
        println!("took\t{law}\t{}", time.as_micros());
    }
    assert!(failures.is_empty(), "broken, and how often: {failures:?}");
}

/// Thousands of promotions, of which a cart matches a few: some by its products, some by code, one by its worth.
#[test]
fn thousands_of_promotions_apply_where_they_match() {
    let of_product = |number: usize| {
        json!({ "id": format!("p{number}"), "stacking": { "priority": 2 },
            "discounts": [{ "type": "percent_off", "percent": "10", "lines": { "skus": [format!("s{number}")] } }] })
    };
    let by_code = |number: usize| {
        json!({ "id": format!("c{number}"), "codes": [format!("CODE-{number}")], "stacking": { "priority": 3, "group": "codes" },
            "discounts": [{ "type": "amount_off", "amount": { "EUR": 100 + number } }] })
    };
    let mut campaigns: Vec<Value> = (0..4_000).map(of_product).chain((0..4_000).map(by_code)).collect();
    campaigns.push(json!({ "id": "all", "stacking": { "priority": 1 },
        "when": { "type": "min_subtotal", "amount": { "EUR": 10_000 } },
        "discounts": [{ "type": "percent_off", "percent": "50" }] }));
    let stacking = json!({ "groups": [{ "id": "codes", "pick": "best" }] });
    let mut engine = open_shop(&json!({ "campaigns": campaigns, "stacking": stacking }));
    let quote = ask(
        &mut engine,
        &json!({ "currency": "EUR", "now": NOW, "codes": ["code-3", "code-3999", "code-2000"], "lines": [
        { "id": "a", "sku": "s17", "unitPrice": 8_000, "quantity": 1 },
        { "id": "b", "sku": "s3999", "unitPrice": 2_000, "quantity": 1 },
        { "id": "c", "sku": "s4000", "unitPrice": 1_000, "quantity": 1 },
    ] }),
    );
    // 110.00 is halved, then 10 % of 40.00 and of 10.00, then the best code of three
    let applied = json!([["all", 5_500], ["p17", 400], ["p3999", 100], ["c3999", 4_099]]);
    assert_eq!(told(&quote)["applied"], applied);
    assert_eq!(quote["total"], 11_000 - 5_500 - 500 - 4_099);
}
