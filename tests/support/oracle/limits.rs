//! How often campaigns may be used, and what they may cost.

use std::collections::BTreeMap;

use serde_json::Value;

use super::numbers::{amount, members};

/// Whether the request tells that a campaign was used as often as it may be.
pub(super) fn is_used_up(campaign: &Value, request: &Value) -> bool {
    let told = members(request, "redemptions").iter().filter(|told| told["campaign"] == campaign["id"]);
    let limits = [
        ("total", "total"),
        ("perCustomer", "byCustomer"),
        ("perPeriod", "inPeriod"),
        ("perCustomerInPeriod", "byCustomerInPeriod"),
    ];
    let is_reached = |told: &Value| {
        limits.iter().any(|(limit, count)| {
            let limit = campaign["limits"][limit].as_i64();
            limit.is_some_and(|limit| told[count].as_i64().is_some_and(|count| count >= limit))
        })
    };
    told.into_iter().any(is_reached)
}

/// The budgets that a campaign draws from: its own by its id, a shared one by its name.
pub(super) fn budgets_of(campaign: &Value) -> Vec<String> {
    let own = (!campaign["limits"]["budget"].is_null()).then(|| format!("of {}", campaign["id"]));
    let shared = campaign["limits"]["sharedBudget"].as_str().map(str::to_owned);
    own.into_iter().chain(shared).collect()
}

/// What every budget has left before this cart; none where it is not in the cart's currency.
pub(super) fn left_of_budgets(document: &Value, request: &Value) -> BTreeMap<String, Option<i128>> {
    let most = |told: &mut dyn Iterator<Item = &Value>| told.filter_map(Value::as_i64).max().map_or(0, i128::from);
    let mut left = BTreeMap::new();
    for budget in members(document, "budgets") {
        let mut told = members(request, "budgets").iter().filter(|told| told["id"] == budget["id"]);
        let spent = most(&mut told.by_ref().map(|told| &told["spent"]));
        let amount = amount(&budget["amount"], request);
        left.insert(budget["id"].as_str().unwrap().to_owned(), amount.map(|amount| (amount - spent).max(0)));
    }
    for campaign in members(document, "campaigns").iter().filter(|campaign| !campaign["limits"]["budget"].is_null()) {
        let mut told = members(request, "redemptions").iter().filter(|told| told["campaign"] == campaign["id"]);
        let spent = most(&mut told.by_ref().map(|told| &told["spent"]));
        let amount = amount(&campaign["limits"]["budget"], request);
        left.insert(format!("of {}", campaign["id"]), amount.map(|amount| (amount - spent).max(0)));
    }
    left
}
