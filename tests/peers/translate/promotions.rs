//! A promotion as a campaign: who, when, with what it combines. What it takes off is in `discounts`.

use serde_json::{json, Value};

use super::{conditions, discounts, object, stacking, Gaps, Shop, INFORMING};
use crate::form::{Budget, Effect, Promotion, Scope, Trigger, Valid};

/// The id of a promotion's campaign: the form's own, where that is one.
pub fn campaign_id((index, promotion): (usize, &Promotion)) -> String {
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    match promotion.id.as_bytes() {
        [] => format!("promotion-{index}"),
        id if id.len() <= 64 && id.iter().all(|byte| sound(*byte)) => promotion.id.clone(),
        _ => format!("promotion-{index}"),
    }
}

/// The campaign; nothing when it cannot be said.
pub fn campaign(shop: &Shop<'_>, promotion: &Promotion, id: &str, index: usize, gaps: &mut Gaps) -> Option<Value> {
    // the running order decides, not the number that the source gave
    gaps.add_unknown("a promotion", &promotion.unknown, &[INFORMING, &["priority"]].concat());
    gaps.add_if(
        promotion.exclude_already_discounted && !leaves_out_discounted(promotion),
        "units that are already discounted",
    );
    let codes = match (promotion.trigger, &promotion.code) {
        (Trigger::Automatic, _) => asking_code(shop, promotion, index).map(|code| json!([code])),
        (Trigger::Code, Some(code)) => Some(json!([code])),
        (Trigger::Code, None) => {
            gaps.add("a code that is not told");
            None
        }
    };
    let mut when = conditions::conditions(shop, &promotion.when, discounted_before(promotion).is_some(), gaps);
    let given = discounts::given(shop, promotion, index, gaps)?;
    when.extend(given.condition);
    let priority = index.saturating_add(1);
    let exclusive = promotion.exclusive.then_some(json!(true));
    let group = stacking::group(shop, promotion).map(|group| json!(group));
    let combining = object([("priority", Some(json!(priority))), ("exclusive", exclusive), ("group", group)]);
    Some(object([
        ("id", Some(json!(id))),
        ("codes", codes),
        ("when", (!when.is_empty()).then(|| json!({ "all": when }))),
        ("discounts", Some(json!(given.discounts))),
        ("stacking", Some(combining)),
        ("schedule", promotion.valid.as_ref().map(|valid| schedule(valid, gaps))),
        ("limits", limits(shop, promotion, gaps)),
        ("rounding", rounding(shop, given.level, gaps)),
    ]))
}

/// What the catalogue took off before any promotion: campaigns that come first.
pub fn of_catalogue(shop: &Shop<'_>) -> Vec<Value> {
    let mut campaigns = Vec::new();
    for line in &shop.case.cart.lines {
        let Some(off) = line.catalog_discount_per_unit.filter(|off| *off > 0) else { continue };
        let amount = shop.amount(off);
        campaigns.push(json!({
            "id": format!("catalogue-{}", campaigns.len()),
            "discounts": [{ "type": "amount_off", "amount": amount, "per": "unit", "lines": { "skus": [line.id] } }],
            "stacking": { "priority": 0 }
        }));
    }
    campaigns
}

/// Whether it is only for lines that have a discount already, or only for the others, where it is for lines at all.
pub fn discounted_before(promotion: &Promotion) -> Option<bool> {
    if promotion.exclude_already_discounted {
        return Some(false);
    }
    let of_lines = matches!(promotion.scope, Scope::Lines | Scope::Units) && leaves_out_discounted(promotion);
    let told = promotion.when.iter().find_map(|when| when.line_has_no_discount).map(|none| !none);
    told.filter(|_| of_lines && promotion.every_nth.is_none())
}

/// Whether what it takes off can leave out lines that are already discounted.
fn leaves_out_discounted(promotion: &Promotion) -> bool {
    matches!(
        promotion.effect,
        Effect::Percent(_) | Effect::Amount(_) | Effect::FixedUnitPrice(_) | Effect::FixedOrderPrice(_)
    )
}

/// Whole days in a zone.
fn schedule(valid: &Valid, gaps: &mut Gaps) -> Value {
    gaps.add_unknown("`valid`", &valid.unknown, INFORMING);
    let is_inclusive = valid.inclusive_dates.unwrap_or(true);
    let day = |text: &String| text.parse::<jiff::civil::Date>().ok();
    let midnight = |day: jiff::civil::Date| json!(format!("{day}T00:00"));
    let from = valid.from_date.as_ref().and_then(day);
    let last = valid.to_date.as_ref().and_then(day);
    let until = if is_inclusive { last.and_then(|last| last.tomorrow().ok()) } else { last };
    gaps.add_if(from.is_none() && valid.from_date.is_some(), "times of day in `from_date`");
    gaps.add_if(until.is_none() && valid.to_date.is_some(), "times of day in `to_date`");
    object([
        ("from", from.map(midnight)),
        ("until", until.map(midnight)),
        ("timeZone", valid.timezone.as_ref().map(|zone| json!(zone))),
    ])
}

/// How often a promotion may be used, and what it may cost.
fn limits(shop: &Shop<'_>, promotion: &Promotion, gaps: &mut Gaps) -> Option<Value> {
    let (limits, used) = (&promotion.limits, &promotion.used);
    gaps.add_unknown("`limits`", &limits.unknown, &[]);
    gaps.add_unknown("`used`", &used.unknown, &[]);
    let mut total = limits.total;
    let (mut budget, mut when_over) = (None, None);
    if let Some(told) = &promotion.budget {
        gaps.add_unknown("a budget", &told.unknown, INFORMING);
        match told.kind.as_deref() {
            None | Some("spend") => {
                budget = Some(shop.amount(told.limit));
                when_over = match told.when_over.as_deref() {
                    // who sells it next to nothing is told that it is over, and not given the rest
                    None | Some("refuse") => Some(json!("refuse")),
                    Some("cap") => Some(json!("cap")),
                    Some("overdraw") => Some(json!("overdraw")),
                    Some(other) => {
                        gaps.add(format!("a budget that is over: `{other}`"));
                        None
                    }
                };
            }
            Some("usage") => total = Some(total.map_or(told.limit, |total| total.min(told.limit))),
            Some(other) => gaps.add(format!("budgets of `{other}`")),
        }
    }
    let limits = object([
        ("total", total.map(|total| json!(total))),
        ("perCustomer", limits.per_customer.map(|customer| json!(customer))),
        ("budget", budget),
        ("whenOverBudget", when_over),
    ]);
    Some(limits).filter(|limits| *limits != json!({}))
}

/// What the request tells of redemptions before.
pub fn redemptions(shop: &Shop<'_>) -> Vec<Value> {
    let told = |(index, promotion): (usize, &Promotion)| {
        let is_of_uses = |budget: &&Budget| budget.kind.as_deref() == Some("usage");
        let budget = promotion.budget.as_ref();
        let uses = budget.filter(is_of_uses).and_then(|budget| budget.used);
        let spent = budget.filter(|budget| !is_of_uses(budget)).and_then(|budget| budget.used);
        object([
            ("campaign", Some(json!(campaign_id((index, promotion))))),
            ("total", uses.max(promotion.used.total).map(|total| json!(total))),
            ("byCustomer", promotion.used.per_customer.map(|customer| json!(customer))),
            ("spent", spent.map(|spent| json!(spent))),
        ])
    };
    shop.case.promotions.iter().enumerate().map(told).collect()
}

/// A promotion that applies by itself tells no reason; where one is asked for, it is asked by a code.
pub fn asking_code(shop: &Shop<'_>, promotion: &Promotion, index: usize) -> Option<String> {
    let is_strict = shop.case.strict.iter().any(|name| name == "rejections");
    let rejections = shop.case.expect.rejections.as_ref().filter(|_| is_strict)?;
    let is_asked = promotion.trigger == Trigger::Automatic && rejections.contains_key(&promotion.id);
    is_asked.then(|| format!("why-not-{index}"))
}

/// The case's rounding, else half up at the level of the promotion's scope.
fn rounding(shop: &Shop<'_>, by_scope: &str, gaps: &mut Gaps) -> Option<Value> {
    let rounding = &shop.case.rounding;
    gaps.add_unknown("`rounding`", &rounding.unknown, INFORMING);
    let mode = match rounding.mode.as_deref() {
        None | Some("half_up") => "half_up",
        Some("half_down") => "half_down",
        Some("half_even") => "half_even",
        Some("floor" | "down") => "down",
        Some("ceil" | "up") => "up",
        Some(other) => {
            gaps.add(format!("the rounding `{other}`"));
            return None;
        }
    };
    let level = match rounding.level.as_deref() {
        None => by_scope,
        Some(level @ ("line" | "order")) => level,
        Some(other) => {
            gaps.add(format!("rounding on each {other}"));
            return None;
        }
    };
    Some(json!({ "mode": mode, "level": level }))
}
