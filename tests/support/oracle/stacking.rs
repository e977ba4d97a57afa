//! Who may apply, and when: priorities, lanes, groups, exclusivity, limits of how many.

use serde_json::{json, Value};

use super::conditions::rule_holds;
use super::limits::is_used_up;
use super::numbers::{amount, members};
use super::till::Till;

/// When a campaign has its turn: exclusive ones first, joint ones last; then by lane and priority. Those that compete for
/// lines come together, where the first of them has its place.
pub(super) fn rank(document: &Value, campaign: &Value) -> (i64, i64, i64, String, i64, String) {
    let of = |campaign: &Value| campaign["stacking"]["priority"].as_i64().unwrap_or(100);
    let (turn, lane) = lane(document, campaign);
    let own = (of(campaign), String::new());
    let (place, contest) = match contest(document, campaign) {
        None => own,
        Some(group) => {
            let rivals = members(document, "campaigns").iter().filter(|other| {
                self::contest(document, other).as_ref() == Some(&group) && self::lane(document, other).0 == turn
            });
            (rivals.map(of).min().unwrap(), group)
        }
    };
    (turn, lane, place, contest, of(campaign), campaign["id"].as_str().unwrap().to_owned())
}

/// What is declared of a campaign's group; null for one that is not declared, or none.
pub(super) fn group<'a>(document: &'a Value, campaign: &Value) -> &'a Value {
    let groups = members(&document["stacking"], "groups");
    groups.iter().find(|declared| declared["id"] == *group_id(document, campaign)).unwrap_or(&Value::Null)
}

pub(super) fn group_id<'a>(document: &'a Value, campaign: &'a Value) -> &'a Value {
    match &campaign["stacking"]["group"] {
        Value::Null => &document["stacking"]["group"],
        own => own,
    }
}

pub(super) fn is_also_in(campaign: &Value, group: &Value) -> bool {
    members(&campaign["stacking"], "alsoIn").contains(group)
}

/// The group whose campaigns compete for lines.
pub(super) fn contest(document: &Value, campaign: &Value) -> Option<String> {
    let group = group(document, campaign);
    (group["pick"] == "best_per_line").then(|| group["id"].as_str().unwrap().to_owned())
}

/// What a campaign says itself, or its group, or the document.
pub(super) fn said<'a>(document: &'a Value, campaign: &'a Value, name: &str) -> &'a Value {
    let own = &campaign["stacking"][name];
    let of_group = &group(document, campaign)[name];
    [own, of_group].into_iter().find(|value| !value.is_null()).unwrap_or(&document["stacking"][name])
}

pub(super) fn is_joint(document: &Value, campaign: &Value) -> bool {
    group(document, campaign)["combines"] == "joint"
}

/// Whether a campaign is one that applies alone.
pub(super) fn is_alone(document: &Value, campaign: &Value) -> bool {
    campaign["stacking"]["exclusive"] == true && !is_joint(document, campaign)
}

/// Whether it is of a group of exclusive ones, which apply with one another.
pub(super) fn is_of_exclusive(document: &Value, campaign: &Value) -> bool {
    group(document, campaign)["combines"] == "exclusive" && !is_alone(document, campaign)
}

/// Whether a campaign may be left out because others save more.
pub(super) fn is_chosen(document: &Value, campaign: &Value) -> bool {
    let own = group_id(document, campaign);
    let is_of = |declared: &&Value| declared["id"] == *own || is_also_in(campaign, &declared["id"]);
    let mut groups = members(&document["stacking"], "groups").iter().filter(is_of);
    let is_best = document["stacking"]["pick"] == "best" || groups.any(|group| group["pick"] == "best");
    !members(campaign, "discounts").is_empty() && contest(document, campaign).is_none() && is_best
}

/// The turn, and the lane within it.
pub(super) fn lane(document: &Value, campaign: &Value) -> (i64, i64) {
    let policy = &document["stacking"];
    let turn = match group(document, campaign)["combines"].as_str() {
        Some("exclusive") => 0,
        Some("joint") if policy["joint"] != "in_order" => 2,
        _ if campaign["stacking"]["exclusive"] == true && policy["exclusive"] == "first" => 0,
        _ => 1,
    };
    (turn, group(document, campaign)["lane"].as_i64().unwrap_or(0))
}

/// Whether a campaign that takes nothing applies all the same.
pub(super) fn keeps(document: &Value, campaign: &Value, till: &Till<'_>) -> bool {
    let is_covered = |discount: &Value| is_covered(discount, till.request);
    said(document, campaign, "noEffect") == "keep" && members(campaign, "discounts").iter().any(is_covered)
}

/// Whether a discount has the amounts that it needs in the cart's currency.
pub(super) fn is_covered(discount: &Value, request: &Value) -> bool {
    let has = |amounts: &Value| amount(amounts, request).is_some();
    let steps = members(discount, "steps");
    let step = |step: &Value| {
        (!step["from"].is_object() || has(&step["from"])) && (step["amount"].is_null() || has(&step["amount"]))
    };
    ["amount", "price", "cap", "capPerLine", "first", "additional"]
        .iter()
        .all(|name| discount[*name].is_null() || has(&discount[*name]))
        && (discount["get"]["amount"].is_null() || has(&discount["get"]["amount"]))
        && members(discount, "products").iter().all(|product| product["value"].is_null() || has(&product["value"]))
        && (steps.is_empty() || steps.iter().any(step))
        && has_all_money(&discount["formula"], request)
}

/// Whether every amount of a formula is told in the cart's currency.
fn has_all_money(formula: &Value, request: &Value) -> bool {
    match formula {
        Value::Object(of) => of.iter().all(|(name, of)| match name.as_str() {
            "money" => amount(of, request).is_some(),
            _ => has_all_money(of, request),
        }),
        Value::Array(of) => of.iter().all(|of| has_all_money(of, request)),
        _ => true,
    }
}

pub(super) fn runs(campaign: &Value, till: &Till<'_>) -> bool {
    let is_paused = campaign["status"] == "paused";
    let holds = campaign["when"].is_null() || rule_holds(&campaign["when"], till);
    !is_paused && is_entered(campaign, till.request) && !is_used_up(campaign, till.request) && holds
}

pub(super) fn is_entered(campaign: &Value, request: &Value) -> bool {
    let plain = |code: &Value| code.as_str().unwrap().to_uppercase().replace(['-', ' '], "");
    let codes: Vec<String> = members(campaign, "codes").iter().map(plain).collect();
    codes.is_empty() || members(request, "codes").iter().map(plain).any(|typed| codes.contains(&typed))
}

/// Who applied keeps others from applying; of a group, of all, of those by code and of the exclusive ones so many apply.
pub(super) fn is_excluded(campaign: &Value, applied: &[(&Value, i128)], document: &Value) -> bool {
    let policy = &document["stacking"];
    let before = || applied.iter().map(|(before, _)| *before);
    let closes = |before: &Value| is_alone(document, before) || before["stacking"]["last"] == true;
    let is_common = |before: &Value| {
        !is_joint(document, before) && !is_alone(document, before) && !is_of_exclusive(document, before)
    };
    let by_others = if is_joint(document, campaign) {
        false
    } else if is_alone(document, campaign) {
        before().any(|other| closes(other) || !is_joint(document, other))
    } else if is_of_exclusive(document, campaign) {
        before().any(|other| closes(other) || is_common(other))
    } else {
        before().any(|other| closes(other) || is_of_exclusive(document, other))
    };
    let is_full = |most: &Value, is_member: &dyn Fn(&Value) -> bool| {
        let Some(most) = most.as_u64() else { return false };
        is_member(campaign) && before().filter(|other| is_member(other)).count() >= usize::try_from(most).unwrap()
    };
    let of_group = |id: &Value| {
        let declared = members(policy, "groups").iter().find(|declared| declared["id"] == *id).unwrap_or(&Value::Null);
        let most = match declared["pick"].as_str() {
            Some("first" | "best") => json!(declared["atMost"].as_i64().unwrap_or(1)),
            Some(_) => Value::Null,
            None if declared["atMost"].is_null() => policy["groupAtMost"].clone(),
            None => declared["atMost"].clone(),
        };
        is_full(&most, &|other| group_id(document, other) == id || is_also_in(other, id))
    };
    let own = group_id(document, campaign);
    by_others
        || (!own.is_null() && of_group(own))
        || members(&campaign["stacking"], "alsoIn").iter().any(of_group)
        || is_full(&policy["atMost"], &|_| true)
        || is_full(&policy["codesAtMost"], &|other| !members(other, "codes").is_empty())
        || is_full(&policy["exclusiveAtMost"], &|other| group(document, other)["combines"] == "exclusive")
}
