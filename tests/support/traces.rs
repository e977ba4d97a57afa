//! The laws that every trace obeys: it tells the same story as the quote, with every balance following from the last.

use std::collections::BTreeMap;

use counterfoil::Engine;
use serde_json::Value;

use crate::laws::{list, number, Broken};
use crate::shop;

/// Laws of the trace of a request, beside the quote that it was answered with.
pub fn laws(engine: &mut Engine, body: &str, quote: &Value) -> Broken {
    let text = shop::trace(engine, body).expect("what is answered is traced");
    let told: Value = serde_json::from_str(&text).expect("a trace is JSON");
    let trace = &told["trace"];
    let mut broken = Vec::new();
    let mut law = |name: &str, holds: bool| {
        if !holds {
            broken.push(format!("{name}: {trace} of {quote}"));
        }
    };
    law("a traced quote is the quote", told["quote"] == *quote);
    let campaigns = list(trace, "campaigns");
    let outcomes = list(quote, "outcomes");
    for outcome in outcomes.iter().filter(|outcome| outcome["redeemable"].is_string()) {
        let told = campaigns.iter().filter(|campaign| campaign["redeemable"] == outcome["redeemable"]);
        let told: Vec<&Value> = told.collect();
        law("every outcome is told once", told.len() == 1);
        let own = || outcomes.iter().filter(|o| o["redeemable"] == outcome["redeemable"] && o["status"] == "applied");
        let applied = own().next().is_some();
        // a campaign may apply once for each of several codes
        let taken: i64 = own().map(|outcome| number(outcome, "discount")).sum();
        for campaign in told {
            law("a campaign is told to have applied where it did", campaign["applied"] == applied);
            law("why a code did not apply is told", applied || !list(campaign, "reasons").is_empty());
            law("a campaign is told with what it took", !applied || number(campaign, "amount") == taken);
        }
    }
    let mut left: BTreeMap<&str, i64> = BTreeMap::new();
    for campaign in campaigns {
        let mut taken = 0;
        for discount in list(campaign, "discounts") {
            for share in list(discount, "shares").iter().chain(list(discount, "shipping")) {
                // a charge for shipping has one name, a line as many as it was sent in
                let name = share["shipping"].as_str().or_else(|| share["lines"][0].as_str()).unwrap();
                let before = *left.entry(name).or_insert(number(share, "before"));
                law("a balance follows from the last", before == number(share, "before"));
                law(
                    "what is left is what was less what is taken",
                    before - number(share, "taken") == number(share, "after"),
                );
                left.insert(name, number(share, "after"));
                taken += number(share, "taken");
            }
            let spread = &discount["spread"];
            if spread.is_object() {
                let shares = list(discount, "shares").len() + list(discount, "shipping").len();
                law("every share has its weight", list(spread, "weights").len() >= shares);
            }
        }
        law("shares sum to their campaign", taken == number(campaign, "amount"));
        let earned = list(quote, "earned").iter().filter(|earned| earned["redeemable"] == campaign["redeemable"]);
        law(
            "points are told",
            number(campaign, "points") == earned.map(|earned| number(earned, "points")).sum::<i64>(),
        );
        law("who took nothing says why", campaign["applied"] == true || !list(campaign, "reasons").is_empty());
    }
    for (line, told) in list(quote, "lines").iter().zip(list(trace, "lines")) {
        let runs = list(told, "units");
        let total: i64 = runs.iter().map(|run| number(run, "count") * number(run, "total")).sum();
        law("units sum to their line", line["id"] == told["id"] && total == number(line, "total"));
        for run in runs {
            law("steps lead from the price to the total", leads(run));
        }
    }
    for (charge, told) in list(quote, "shipping").iter().zip(list(trace, "shipping")) {
        law("charges cost what they cost", charge["id"] == told["id"] && charge["total"] == told["total"]);
        law("steps lead from the price to the total", leads(told));
    }
    broken
}

/// Whether each step begins where the last one ended.
fn leads(told: &Value) -> bool {
    let mut at = number(told, "price");
    list(told, "steps").iter().all(|step| {
        let begins = number(step, "before") == at && number(step, "taken") > 0;
        at -= number(step, "taken");
        begins && number(step, "after") == at
    }) && at == number(told, "total")
}
