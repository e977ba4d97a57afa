//! Several redeemables of one request, one after the other: who may combine, in which order, and what each leaves.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::apply::{apply, Applied, Around, Manner};
use super::fault::Fault;
use super::fields::{holds, text, whole};
use super::order::Order;
use super::redeemable::Redeemable;
use super::rule::{self, Asked};
use super::validity;

/// The stacking rules of a new project.
pub(super) fn defaults() -> Value {
    json!({
        "redeemables_limit": 30, "applicable_redeemables_limit": 5, "applicable_redeemables_per_category_limit": 1,
        "applicable_redeemables_category_limits": {}, "applicable_exclusive_redeemables_limit": 1,
        "applicable_exclusive_redeemables_per_category_limit": 1, "exclusive_categories": [], "joint_categories": [],
        "redeemables_application_mode": "ALL", "redeemables_sorting_rule": "REQUESTED_ORDER",
        "grouped_redeemables_sorting_rule": "JOINT_ALWAYS_LAST", "redeemables_products_application_mode": "STACK",
        "redeemables_no_effect_rule": "REDEEM_ANYWAY", "no_effect_skip_categories": [],
        "no_effect_redeem_anyway_categories": [], "redeemables_rollback_order_mode": "WITH_ORDER",
        "discount_calculation_mode": "DISCOUNTED_AMOUNT", "initial_amount_mode_categories": [],
        "discounted_amount_mode_categories": [],
    })
}

/// The stacking rules of a project, as answers tell them.
pub(super) fn told(settings: &Value) -> Value {
    let mut rules = super::fields::row(&defaults());
    rules.extend(super::fields::row(&settings["stacking_rules"]));
    rules.into()
}

/// What became of a redeemable.
#[derive(Clone, Debug)]
pub(super) enum Verdict {
    /// It applies: what it did, and the order after it.
    Applicable(Applied, Boxed),
    /// Its own rules say no.
    Inapplicable(Fault),
    /// Another one keeps it from applying: the key of why.
    Skipped(&'static str),
}

type Boxed = alloc::boxed::Box<Order>;

/// A redeemable of the request and what became of it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// As the request names it.
    pub(super) sent: Value,
    /// What it is, where it is there.
    pub(super) redeemable: Option<Redeemable>,
    /// What became of it.
    pub(super) verdict: Verdict,
}

/// What became of a request.
#[derive(Debug)]
pub(super) struct Stack {
    /// The entries, in the order in which they were decided.
    pub(super) entries: Vec<Entry>,
    /// The order in the end.
    pub(super) order: Order,
    /// Whether it is valid as a whole.
    pub(super) valid: bool,
}

/// The words for why a redeemable is skipped.
pub(super) fn words(key: &str) -> &'static str {
    match key {
        "applicable_redeemables_limit_exceeded" => "Applicable redeemables limit exceeded",
        "applicable_redeemables_per_category_limit_exceeded" => "Applicable redeemables limit per category exceeded",
        "applicable_exclusive_redeemables_limit_exceeded" => "Applicable exclusive redeemables limit exceeded",
        "applicable_exclusive_redeemables_per_category_limit_exceeded" => {
            "Applicable exclusive redeemables limit per category exceeded"
        }
        "exclusion_rules_not_met" => "Redeemable cannot be applied due to exclusion rules",
        "preceding_validation_failed" => "Redeemable cannot be applied due to preceding validation failure",
        _ => "Redeemable cannot be applied due to no effect",
    }
}

/// Why a redeemable alone says no to an order, or what it does to it.
pub(super) fn decide(
    around: &Around<'_>,
    redeemable: &Redeemable,
    order: &Order,
    manner: Manner,
    asked: Asks,
) -> Result<(Applied, Order), Fault> {
    if let Some(fault) = validity::refusal(around.call, redeemable, around.customer) {
        return Err(fault);
    }
    let mut after = order.clone();
    let outcome = apply(around, redeemable, &mut after, manner);
    let used = outcome.as_ref().map_or(0, |applied| applied.used);
    let applied = outcome?;
    rule::refusal(&Asked {
        call: around.call,
        customer: around.customer,
        redeemable,
        before: order,
        after: &after,
        metadata: around.metadata,
        used,
        event: &Value::Null,
        audience_only: asked.audience_only,
        uncounted: asked.uncounted,
    })?;
    Ok((applied, after))
}

/// Which rules are asked.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asks {
    /// Only those about the customer.
    pub(super) audience_only: bool,
    /// None that count redemptions.
    pub(super) uncounted: bool,
}

/// The entries of a request: what they name, or why a request cannot be.
pub(super) fn entries(around: &Around<'_>, sent: &Value) -> Result<Vec<Value>, Fault> {
    let project = &around.call.project;
    let Some(sent) = sent.as_array().filter(|sent| !sent.is_empty()) else {
        return Err(Fault::invalid("Property .redeemables should NOT have fewer than 1 items"));
    };
    for (index, entry) in sent.iter().enumerate() {
        let missing = |member: &str| {
            Fault::invalid(alloc::format!("Property .redeemables[{index}] should have required property '{member}'"))
        };
        for member in ["id", "object"] {
            text(&entry[member]).ok_or_else(|| missing(member))?;
        }
        let object = text(&entry["object"]).unwrap_or_default();
        if !["voucher", "promotion_tier", "promotion_stack"].contains(&object) {
            let details =
                alloc::format!("Property .redeemables[{index}].object should be equal to one of the allowed values");
            return Err(Fault::invalid(details));
        }
        let is_same = |other: &&Value| other["id"] == entry["id"] && other["object"] == entry["object"];
        if sent.iter().filter(is_same).count() > 1 {
            let details = "Duplicated redeemables detected in one redemption";
            return Err(Fault::new(400, "duplicated_redeemables", "Duplicated redeemables detected", details));
        }
    }
    let limit = whole(&project.stacking("redeemables_limit")).unwrap_or(30);
    if i64::try_from(sent.len()).unwrap_or(i64::MAX) > limit {
        let details = alloc::format!("Property .redeemables should NOT have more than {limit} items");
        return Err(Fault::invalid(details));
    }
    let Some(stack) = sent.iter().find(|entry| text(&entry["object"]) == Some("promotion_stack")) else {
        return Ok(sent.clone());
    };
    if sent.len() > 1 {
        let details = "Promotion stack cannot be combined with other redeemables";
        return Err(Fault::new(400, "invalid_redeemables", "Invalid redeemables", details));
    }
    let id = text(&stack["id"]).unwrap_or_default();
    let row = project.row("promotion_stack", id).ok_or_else(|| Fault::not_found("promotion_stack", id))?;
    Ok(tiers_of(&row).into_iter().map(|id| json!({ "object": "promotion_tier", "id": id })).collect())
}

/// The tiers of a promotion stack, in its order.
pub(super) fn tiers_of(stack: &Value) -> Vec<String> {
    let tiers = &stack["tiers"];
    let ids = if tiers["ids"].is_array() { &tiers["ids"] } else { tiers };
    let listed = super::fields::list(ids);
    listed.into_iter().filter_map(|tier| text(tier).or_else(|| text(&tier["id"]))).map(String::from).collect()
}

/// Decides the entries one after the other.
pub(super) fn run(around: &Around<'_>, sent: &[Value], order: Order) -> Stack {
    let project = &around.call.project;
    let mut loaded: Vec<(Value, Result<Redeemable, Fault>)> =
        sent.iter().map(|entry| (entry.clone(), Redeemable::load(around.call, entry))).collect();
    let desk = Desk::new(around);
    desk.sort(&mut loaded, &order);
    let all = project.stacking("redeemables_application_mode") != "PARTIAL";
    let mut stack = Stack { entries: Vec::new(), order, valid: true };
    let mut counted = Counted::default();
    let exclusive_ahead = loaded.iter().any(|(_, redeemable)| {
        redeemable
            .as_ref()
            .is_ok_and(|redeemable| desk.is_exclusive(redeemable) && desk.is_valid(redeemable, &stack.order))
    });
    let mut failed = false;
    for (sent, redeemable) in loaded {
        let verdict = match &redeemable {
            _ if failed && all => Verdict::Skipped("preceding_validation_failed"),
            Err(fault) => Verdict::Inapplicable(fault.clone()),
            Ok(redeemable) if exclusive_ahead && !desk.is_exclusive(redeemable) && !desk.is_joint(redeemable) => {
                Verdict::Skipped("exclusion_rules_not_met")
            }
            Ok(redeemable) => match desk.over_limit(redeemable, &counted) {
                Some(key) => Verdict::Skipped(key),
                None => desk.verdict(redeemable, &stack.order),
            },
        };
        match &verdict {
            Verdict::Applicable(_, after) => {
                stack.order = (**after).clone();
                if let Ok(redeemable) = &redeemable {
                    desk.count(redeemable, &mut counted);
                }
            }
            Verdict::Inapplicable(_) => failed = true,
            Verdict::Skipped(_) => {}
        }
        stack.entries.push(Entry { sent, redeemable: redeemable.ok(), verdict });
    }
    let applies = |entry: &Entry| matches!(entry.verdict, Verdict::Applicable(..));
    stack.valid = if all { !failed } else { stack.entries.iter().any(applies) };
    if all && failed {
        for entry in stack.entries.iter_mut().filter(|entry| applies(entry)) {
            entry.verdict = Verdict::Skipped("preceding_validation_failed");
        }
    }
    stack
}

/// How many were applied so far.
#[derive(Default)]
struct Counted {
    all: i64,
    exclusive: i64,
    by_category: BTreeMap<String, i64>,
}

struct Desk<'a> {
    around: &'a Around<'a>,
    exclusive: Value,
    joint: Value,
}

impl<'a> Desk<'a> {
    fn new(around: &'a Around<'a>) -> Desk<'a> {
        let project = &around.call.project;
        Desk {
            around,
            exclusive: project.stacking("exclusive_categories"),
            joint: project.stacking("joint_categories"),
        }
    }

    fn setting(&self, member: &str) -> Value {
        self.around.call.project.stacking(member)
    }

    fn is_in(&self, redeemable: &Redeemable, setting: &str) -> bool {
        let categories = self.setting(setting);
        redeemable.categories.iter().any(|category| holds(&categories, category))
    }

    fn is_exclusive(&self, redeemable: &Redeemable) -> bool {
        redeemable.categories.iter().any(|category| holds(&self.exclusive, category))
    }

    fn is_joint(&self, redeemable: &Redeemable) -> bool {
        redeemable.categories.iter().any(|category| holds(&self.joint, category))
    }

    fn is_valid(&self, redeemable: &Redeemable, order: &Order) -> bool {
        decide(self.around, redeemable, order, self.manner(redeemable), Asks::default()).is_ok()
    }

    fn hierarchy(&self, redeemable: &Redeemable) -> i64 {
        let of = |category: &String| {
            let of_row = [&redeemable.row, &redeemable.campaign]
                .into_iter()
                .flat_map(|row| super::fields::list(&row["categories"]).into_iter().chain([&row["category"]]));
            let own = of_row.filter(|own| text(&own["id"]) == Some(category)).find_map(|own| whole(&own["hierarchy"]));
            let stored = || whole(&self.around.call.project.row("category", category)?["hierarchy"]);
            own.or_else(stored).unwrap_or(1)
        };
        redeemable.categories.iter().map(of).min().unwrap_or(1)
    }

    /// Requested order or the categories' hierarchy; exclusive ones first and joint ones last.
    fn sort(&self, loaded: &mut [(Value, Result<Redeemable, Fault>)], order: &Order) {
        if self.setting("redeemables_sorting_rule") == "CATEGORY_HIERARCHY" {
            loaded
                .sort_by_key(|(_, redeemable)| redeemable.as_ref().map_or(1, |redeemable| self.hierarchy(redeemable)));
        }
        let has_exclusive = loaded.iter().any(|(_, redeemable)| {
            redeemable
                .as_ref()
                .is_ok_and(|redeemable| self.is_exclusive(redeemable) && self.is_valid(redeemable, order))
        });
        if has_exclusive && self.setting("grouped_redeemables_sorting_rule") == "JOINT_ALWAYS_LAST" {
            loaded.sort_by_key(|(_, redeemable)| match redeemable {
                Ok(redeemable) if self.is_exclusive(redeemable) => 0,
                Ok(redeemable) if self.is_joint(redeemable) => 1,
                _ => 2,
            });
        }
    }

    fn manner(&self, redeemable: &Redeemable) -> Manner {
        let initial = self.setting("discount_calculation_mode") == "INITIAL_AMOUNT";
        let of_initial = (initial && !self.is_in(redeemable, "discounted_amount_mode_categories"))
            || self.is_in(redeemable, "initial_amount_mode_categories");
        Manner { of_initial, once: self.setting("redeemables_products_application_mode") == "ONCE" }
    }

    fn over_limit(&self, redeemable: &Redeemable, counted: &Counted) -> Option<&'static str> {
        let limit = |member: &str| whole(&self.setting(member));
        let is_over = |count: i64, limit: Option<i64>| limit.is_some_and(|limit| count >= limit);
        let is_exclusive = self.is_exclusive(redeemable);
        if is_over(counted.all, limit("applicable_redeemables_limit")) {
            return Some("applicable_redeemables_limit_exceeded");
        }
        if is_exclusive && is_over(counted.exclusive, limit("applicable_exclusive_redeemables_limit")) {
            return Some("applicable_exclusive_redeemables_limit_exceeded");
        }
        let own_limits = self.setting("applicable_redeemables_category_limits");
        for category in &redeemable.categories {
            let count = counted.by_category.get(category).copied().unwrap_or(0);
            let is_exclusive = holds(&self.exclusive, category);
            let own = whole(&own_limits[category.as_str()]);
            if is_exclusive
                && is_over(count, own.or_else(|| limit("applicable_exclusive_redeemables_per_category_limit")))
            {
                return Some("applicable_exclusive_redeemables_per_category_limit_exceeded");
            }
            if !is_exclusive && is_over(count, own.or_else(|| limit("applicable_redeemables_per_category_limit"))) {
                return Some("applicable_redeemables_per_category_limit_exceeded");
            }
        }
        None
    }

    fn count(&self, redeemable: &Redeemable, counted: &mut Counted) {
        counted.all = counted.all.saturating_add(1);
        counted.exclusive = counted.exclusive.saturating_add(i64::from(self.is_exclusive(redeemable)));
        for category in &redeemable.categories {
            let count = counted.by_category.entry(category.to_string()).or_default();
            *count = count.saturating_add(1);
        }
    }

    fn verdict(&self, redeemable: &Redeemable, order: &Order) -> Verdict {
        match decide(self.around, redeemable, order, self.manner(redeemable), Asks::default()) {
            Err(fault) => Verdict::Inapplicable(fault),
            Ok((applied, _)) if !applied.has_effect && self.skips(redeemable) => Verdict::Skipped("no_effect"),
            Ok((applied, after)) => Verdict::Applicable(applied, after.into()),
        }
    }

    fn skips(&self, redeemable: &Redeemable) -> bool {
        let skips = self.setting("redeemables_no_effect_rule") == "SKIP";
        (skips && !self.is_in(redeemable, "no_effect_redeem_anyway_categories"))
            || self.is_in(redeemable, "no_effect_skip_categories")
    }
}
