//! Campaigns and carts of all kinds, small enough that they meet.

mod carts;
mod conditions;
mod discounts;
mod policies;
mod selectors;
mod sets;
mod situations;
mod values;
mod wide;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{json, Value};

use conditions::rule_at_turn;
use discounts::discount;
use policies::{limits, policy, stacking};
use selectors::with_lines;
use sets::upgrade;
use situations::{rules, segments};
use values::{amounts, some_of, whole, with_some, CODES};

use carts::requests;
use conditions::rule;
pub use values::NOW;

/// All that laws are tried on: a document of campaigns, an upgrade for another campaign, documents and rules for certain
/// laws, carts, how many units of each line come back, and a shop with carts as no oracle tells them.
pub fn ground() -> BoxedStrategy<Value> {
    let returned = prop::collection::vec((0_u8..40, 0_u8..40), 8);
    let (document, requests) = (document(), requests());
    let wide = wide::wide(document.clone(), requests.clone());
    (document, upgrade(), rivals(), rule(), requests, returned, wide)
        .prop_map(|(document, upgrade, rivals, rule, requests, returned, wide)| {
            json!({
                "document": document, "upgrade": upgrade, "rivals": rivals, "rule": rule, "requests": requests,
                "returned": returned, "wide": wide,
            })
        })
        .boxed()
}

fn earning() -> BoxedStrategy<Value> {
    let per = (whole(1, 5), amounts(1, 500))
        .prop_map(|(points, per)| json!({ "type": "points_per_amount", "points": points, "per": per }));
    let base = select(vec![json!("discounted"), json!("original")]).boxed();
    let per = with_some(with_lines(per.boxed()), vec![("base", base)]);
    let factor =
        select(vec!["2", "1.5", "0.333", "10"]).prop_map(|f| json!({ "type": "points_multiplier", "factor": f }));
    prop_oneof![2 => per, 1 => factor].boxed()
}

fn rounding() -> BoxedStrategy<Value> {
    let mode = select(vec!["half_up", "half_down", "half_even", "up", "down"]).prop_map(|mode| json!(mode)).boxed();
    let level = select(vec![json!("line"), json!("order")]).boxed();
    some_of(json!({}), vec![("mode", mode), ("level", level)])
}

/// A campaign without an id and without codes.
fn campaign() -> BoxedStrategy<Value> {
    let gives = prop_oneof![
        6 => (prop::collection::vec(discount(), 1..3), Just(Vec::new())),
        1 => (prop::collection::vec(discount(), 1..2), prop::collection::vec(earning(), 1..3)),
        2 => (Just(Vec::new()), prop::collection::vec(earning(), 1..3)),
    ];
    let bare = gives.prop_map(|(discounts, earning)| json!({ "discounts": discounts, "earning": earning }));
    let paused = prop::bool::weighted(0.1).prop_map(|paused| json!(if paused { "paused" } else { "active" })).boxed();
    let members = vec![
        ("when", rule_at_turn()),
        ("stacking", stacking()),
        ("rounding", rounding()),
        ("refund", Just(json!("reevaluate")).boxed()),
        ("status", paused.clone()),
        ("limits", prop_oneof![2 => Just(json!({ "total": 5 })), 1 => limits()].boxed()),
    ];
    with_some(bare.boxed(), members)
}

/// Which units bear a share that is measured on original prices, or cut by a budget, is not told by the oracle, so only
/// campaigns that take of all units alike have budgets or say `original` where others are measured on what is left. Of
/// campaigns that compete for lines none has a budget.
fn keep_plain(document: &mut Value) {
    let all_are = document["stacking"]["base"] == "original";
    let of_all = document["stacking"]["group"].clone();
    let picks = |discount: &Value| {
        let limits = ["maxUnits", "maxUnitsPerLine", "groupsOf", "countOff", "capSpread"];
        let of_units = limits.iter().any(|name| !discount[*name].is_null());
        let kinds = ["percent_off", "quantity_ladder", "spend_ladder", "fixed_price", "free_shipping"];
        let of_lines = discount["type"] == "amount_off" && discount["per"] != "unit";
        of_units || !(of_lines || kinds.iter().any(|kind| discount["type"] == *kind))
    };
    let of_products = |campaign: &Value| {
        let discounts = campaign["discounts"].as_array();
        let kinds = ["gift", "upgrade", "bundle"];
        discounts.is_some_and(|all| all.iter().any(|one| kinds.iter().any(|kind| one["type"] == *kind)))
    };
    // what is given has rules of its own for who takes which unit
    if document["campaigns"].as_array().is_some_and(|campaigns| campaigns.iter().any(of_products)) {
        document["stacking"]["perLine"] = Value::Null;
    }
    for campaign in document["campaigns"].as_array_mut().into_iter().flatten() {
        if of_products(campaign) {
            let own = &campaign["stacking"]["group"];
            if *own == "lines" || own.is_null() && of_all == "lines" {
                campaign["stacking"]["group"] = json!("open");
            }
        }
        let picks = campaign["discounts"].as_array().is_some_and(|discounts| discounts.iter().any(picks));
        if all_are || picks {
            campaign["stacking"]["base"] = Value::Null;
        }
        let group = [&campaign["stacking"]["group"], &of_all].into_iter().find(|group| !group.is_null()).cloned();
        if (picks || group == Some(json!("lines"))) && campaign["limits"].is_object() {
            for name in ["budget", "sharedBudget", "whenOverBudget"] {
                campaign["limits"][name] = Value::Null;
            }
        }
    }
}

/// More of them: eight to twelve, most of which any cart may have.
fn rivals() -> BoxedStrategy<Value> {
    let rival = (campaign(), prop::bool::weighted(0.7)).prop_map(|(mut campaign, is_open)| {
        if is_open {
            campaign["when"] = Value::Null;
        }
        campaign
    });
    document_of(prop::collection::vec((rival, prop::bool::weighted(0.3)), 8..=12).boxed())
}

/// Campaigns as a document, with what their rules call by name.
pub fn document_with(campaigns: Value) -> Value {
    json!({ "campaigns": campaigns, "rules": rules(), "segments": segments() })
}

/// A whole document.
fn document() -> BoxedStrategy<Value> {
    document_of(prop::collection::vec((campaign(), prop::bool::weighted(0.3)), 1..7).boxed())
}

/// A document of campaigns, each of which may be one by code.
fn document_of(campaigns: BoxedStrategy<Vec<(Value, bool)>>) -> BoxedStrategy<Value> {
    let campaigns = campaigns.prop_map(|campaigns| {
        let mut codes = CODES.iter();
        let named = campaigns.into_iter().enumerate().map(|(index, (mut campaign, by_code))| {
            campaign["id"] = json!(format!("c{index}"));
            if let Some(code) = codes.next().filter(|_| by_code) {
                campaign["codes"] = json!([code, format!("{code}-2")]);
            }
            campaign
        });
        named.collect::<Vec<_>>()
    });
    let pot = prop_oneof![amounts(0, 4000), amounts(0, 300)];
    let from = (amounts(0, 9000), amounts(0, 9000), prop::bool::ANY);
    (campaigns, policy(), pot, from)
        .prop_map(|(campaigns, policy, pot, (low, high, before))| {
            let mut document = json!({
                "campaigns": campaigns, "stacking": policy, "rules": rules(), "segments": segments(), "budgets": [{ "id": "pot", "amount": pot }],
                "levels": {
                    "counts": if before { "before_this_order" } else { "with_this_order" },
                    "steps": [{ "id": "low", "from": low }, { "id": "high", "from": high }],
                },
            });
            keep_plain(&mut document);
            document
        })
        .boxed()
}
