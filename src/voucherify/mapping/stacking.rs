//! How a project combines its redeemables, as the stacking of documents, and back. Categories are groups there.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::super::fields::{holds, list, row, set, set_if, text, whole, Row};
use super::{Mapped, Report};

/// Limits, each with the member of a document, and what a project has that says nothing.
const LIMITS: [(&str, &str, i64); 3] = [
    ("applicable_redeemables_limit", "atMost", 5),
    ("applicable_redeemables_per_category_limit", "groupAtMost", 1),
    ("applicable_exclusive_redeemables_limit", "exclusiveAtMost", 1),
];
const PER_EXCLUSIVE: &str = "applicable_exclusive_redeemables_per_category_limit";
const OWN_LIMITS: &str = "applicable_redeemables_category_limits";
/// The most redeemables of a request: what no limit comes to.
const MOST: i64 = 30;
/// Lists of categories, with what they say of a group.
const LISTS: [(&str, &str, &str); 6] = [
    // the exclusive ones first: a category in both lists is exclusive
    ("exclusive_categories", "combines", "exclusive"),
    ("joint_categories", "combines", "joint"),
    ("no_effect_skip_categories", "noEffect", "skip"),
    ("no_effect_redeem_anyway_categories", "noEffect", "keep"),
    ("initial_amount_mode_categories", "base", "original"),
    ("discounted_amount_mode_categories", "base", "line_level"),
];
/// Settings that are one of two words: the word that a document says something for, and what it says.
const WORDS: [(&str, &str, &str, &str); 4] = [
    ("grouped_redeemables_sorting_rule", "JOINT_ALWAYS_LAST", "joint", "with_exclusive"),
    ("redeemables_products_application_mode", "STACK", "perLine", "once"),
    ("redeemables_no_effect_rule", "REDEEM_ANYWAY", "noEffect", "skip"),
    ("discount_calculation_mode", "DISCOUNTED_AMOUNT", "base", "original"),
];
/// The other word of each of them.
const OTHER_WORDS: [&str; 4] = ["SORTING_RULE", "ONCE", "SKIP", "INITIAL_AMOUNT"];

/// The `stacking` of documents for the stacking rules of a project, as far as they are told, and its categories.
///
/// ```
/// use counterfoil::voucherify::mapping::stacking::to_stacking;
/// use serde_json::json;
/// let rules = json!({ "redeemables_application_mode": "ALL", "applicable_redeemables_limit": 3,
///     "redeemables_sorting_rule": "CATEGORY_HIERARCHY", "exclusive_categories": ["cat_sale"] });
/// let sale = json!({ "id": "cat_sale", "hierarchy": 2 });
/// let mapped = to_stacking(&rules, &[&sale]);
/// assert!(mapped.losses.is_empty());
/// assert_eq!(mapped.value, json!({ "preset": "voucherify_all", "atMost": 3,
///     "groups": [{ "id": "cat_sale", "lane": 1, "combines": "exclusive" }] }));
/// ```
pub fn to_stacking(rules: &Value, categories: &[&Value]) -> Mapped {
    let mut report = Report::default();
    let is_all = text(&rules["redeemables_application_mode"]) == Some("ALL");
    let mut policy = row(&json!({ "preset": if is_all { "voucherify_all" } else { "voucherify" } }));
    for (member, limit, default) in LIMITS {
        let most = most(rules, member, default);
        set_if(&mut policy, limit, (most != default).then_some(most));
    }
    for (member, usual, said, value) in WORDS {
        if text(&rules[member]).is_some_and(|word| word != usual) {
            set(&mut policy, said, value);
        }
    }
    let by_hierarchy = text(&rules["redeemables_sorting_rule"]) == Some("CATEGORY_HIERARCHY");
    if !by_hierarchy && !rules["redeemables_sorting_rule"].is_null() {
        report.lost(
            "redeemables_sorting_rule",
            "nothing depends on the order in which codes are typed; `priority` decides",
        );
    }
    if whole(&rules["redeemables_limit"]).is_some_and(|limit| limit != MOST) {
        report.lost("redeemables_limit", "how many codes a request may name is the same for all");
    }
    if text(&rules["redeemables_rollback_order_mode"]).is_some_and(|mode| mode != "WITH_ORDER") {
        report.lost("redeemables_rollback_order_mode", "what becomes of an order that is rolled back is the shop's");
    }
    let groups = groups(rules, categories, by_hierarchy);
    if !groups.is_empty() {
        set(&mut policy, "groups", groups);
    }
    Mapped { value: policy.into(), losses: report.losses, ..Mapped::default() }
}

/// What is lost of a category beside rules.
pub fn of_category(category: &Value, rules: &Value) -> Option<&'static str> {
    let by_hierarchy = text(&rules["redeemables_sorting_rule"]) == Some("CATEGORY_HIERARCHY");
    let is_lost = !by_hierarchy && !category["hierarchy"].is_null();
    is_lost.then_some("the stacking rules do not sort by it")
}

/// A limit; the default where nothing is said, as many as there may be where it is off.
fn most(rules: &Value, member: &str, default: i64) -> i64 {
    match rules.get(member) {
        None => default,
        Some(limit) => whole(limit).unwrap_or(MOST),
    }
}

fn groups(rules: &Value, categories: &[&Value], by_hierarchy: bool) -> Vec<Value> {
    let by_id: BTreeMap<&str, &Value> =
        categories.iter().filter_map(|category| Some((text(&category["id"])?, *category))).collect();
    let own_limits = row(&rules[OWN_LIMITS]);
    let named = LISTS.iter().flat_map(|(member, ..)| list(&rules[*member])).filter_map(text);
    let ids: BTreeSet<&str> = by_id.keys().copied().chain(named).chain(own_limits.keys().map(String::as_str)).collect();
    let group_limit = most(rules, "applicable_redeemables_per_category_limit", 1);
    let of_exclusive = most(rules, PER_EXCLUSIVE, 1);
    let group = |id: &str| {
        let category = by_id.get(id).copied().unwrap_or(&Value::Null);
        let mut group = row(&json!({ "id": id }));
        if by_hierarchy {
            set(&mut group, "lane", whole(&category["hierarchy"]).unwrap_or(1).saturating_sub(1));
        }
        let own_kind = text(&category["stacking_rules_type"]);
        for (member, said, value) in LISTS {
            let is_own = said == "combines" && own_kind.is_some_and(|kind| kind.eq_ignore_ascii_case(value));
            if (holds(&rules[member], id) || is_own) && !group.contains_key(said) {
                set(&mut group, said, value);
            }
        }
        let is_exclusive = group.get("combines").and_then(text) == Some("exclusive");
        let of_kind = (is_exclusive && of_exclusive != group_limit).then_some(of_exclusive);
        set_if(&mut group, "atMost", own_limits.get(id).and_then(whole).or(of_kind));
        group.into()
    };
    ids.into_iter().map(group).collect()
}

/// The `stacking_rules` and the `categories` of documents that combine so; nothing where they say nothing of it.
pub fn to_rules(policy: &Value) -> Mapped {
    let mut report = Report::default();
    let mut rules = Row::new();
    let is_all = match text(&policy["preset"]) {
        Some("voucherify") => false,
        Some("voucherify_all") => true,
        None => false,
        Some(other) => {
            report.lost("stacking.preset", &alloc::format!("no settings combine as `{other}` does"));
            return Mapped { losses: report.losses, ..Mapped::default() };
        }
    };
    let is_all = is_all || text(&policy["codes"]) == Some("all_or_none");
    set(&mut rules, "redeemables_application_mode", if is_all { "ALL" } else { "PARTIAL" });
    for (member, limit, _) in LIMITS {
        set_if(&mut rules, member, whole(&policy[limit]));
    }
    // groups that say nothing have the limit of all, exclusive ones too
    set_if(&mut rules, PER_EXCLUSIVE, whole(&policy["groupAtMost"]));
    for ((member, _, said, value), other) in WORDS.into_iter().zip(OTHER_WORDS) {
        match text(&policy[said]) {
            Some(said) if said == value => set(&mut rules, member, other),
            Some(other) if ["joint", "base"].contains(&said) => {
                report.lost(&alloc::format!("stacking.{said}"), &alloc::format!("no setting says `{other}`"));
            }
            _ => {}
        }
    }
    let mut categories = Vec::new();
    for group in list(&policy["groups"]) {
        let Some(id) = text(&group["id"]) else { continue };
        let mut category = row(&json!({ "id": id, "object": "category" }));
        if let Some(lane) = whole(&group["lane"]) {
            set(&mut category, "hierarchy", lane.saturating_add(1));
            set(&mut rules, "redeemables_sorting_rule", "CATEGORY_HIERARCHY");
        }
        for (member, said, value) in LISTS {
            if text(&group[said]) == Some(value) {
                let named = rules.entry(member).or_insert_with(|| json!([]));
                if let Some(named) = named.as_array_mut() {
                    named.push(id.into());
                }
            }
        }
        if let Some(limit) = whole(&group["atMost"]) {
            let limits = rules.entry(OWN_LIMITS).or_insert_with(|| json!({}));
            limits[id] = limit.into();
        }
        if text(&group["pick"]).is_some_and(|pick| pick != "first") {
            report.lost("stacking.groups.pick", "of a category the first ones apply");
        }
        categories.push(Value::from(category));
    }
    const KNOWN: [&str; 9] =
        ["preset", "codes", "atMost", "groupAtMost", "exclusiveAtMost", "joint", "perLine", "noEffect", "base"];
    for member in row(policy).keys().filter(|member| !KNOWN.contains(&member.as_str()) && *member != "groups") {
        report.lost(&alloc::format!("stacking.{member}"), "no setting says this");
    }
    let value = json!({ "stacking_rules": rules, "categories": categories });
    Mapped { value, losses: report.losses, ..Mapped::default() }
}

/// The category of an offer, and further ones whose limits it counts for.
pub(super) fn to_groups(offer: &Value) -> Row {
    let mut named: Vec<&str> =
        text(&offer["category_id"]).or_else(|| text(&offer["category"]["id"])).into_iter().collect();
    for category in list(&offer["categories"]) {
        let id = text(&category["id"]).or_else(|| text(category));
        named.extend(id.filter(|id| !named.contains(id)));
    }
    let mut stacking = Row::new();
    if let Some((own, others)) = named.split_first() {
        set(&mut stacking, "group", *own);
        if !others.is_empty() {
            set(&mut stacking, "alsoIn", others.iter().map(ToString::to_string).collect::<Vec<_>>());
        }
    }
    stacking
}

/// The same back.
pub(super) fn to_categories(stacking: &Value, offer: &mut Row) {
    let Some(own) = text(&stacking["group"]) else { return };
    set(offer, "category_id", own);
    let others: Vec<&str> = list(&stacking["alsoIn"]).into_iter().filter_map(text).collect();
    if !others.is_empty() {
        let all = core::iter::once(own).chain(others);
        set(offer, "categories", all.map(|id| json!({ "id": id })).collect::<Vec<_>>());
    }
}
