//! A promotion as a campaign: who, when, with what it combines. What it takes off is in `discounts`.

use serde_json::{json, Value};

use super::{conditions, discounts, object, stacking, Gaps, Shop, INFORMING};
use crate::form::{Effect, Promotion, Trigger, Uses, Valid};

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
    gaps.add_if(promotion.budget.is_some(), "budgets");
    gaps.add_if(
        promotion.exclude_already_discounted && !leaves_out_discounted(promotion),
        "units that are already discounted",
    );
    let codes = match (promotion.trigger, &promotion.code) {
        (Trigger::Automatic, _) => None,
        (Trigger::Code, Some(code)) => Some(json!([code])),
        (Trigger::Code, None) => {
            gaps.add("a code that is not told");
            None
        }
    };
    let mut when = conditions::conditions(shop, &promotion.when, gaps);
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
        ("limits", limits(&promotion.limits, &promotion.used, gaps)),
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

/// Limits that are not reached. A quote does not count uses, so it cannot know the others.
fn limits(limits: &Uses, used: &Uses, gaps: &mut Gaps) -> Option<Value> {
    gaps.add_unknown("`limits`", &limits.unknown, &[]);
    gaps.add_unknown("`used`", &used.unknown, &[]);
    let is_reached = |limit: Option<i64>, used: Option<i64>| limit.is_some_and(|limit| used.unwrap_or(0) >= limit);
    let used_up = is_reached(limits.total, used.total) || is_reached(limits.per_customer, used.per_customer);
    gaps.add_if(used_up, "limits that are used up");
    let limits = object([
        ("total", limits.total.map(|total| json!(total))),
        ("perCustomer", limits.per_customer.map(|customer| json!(customer))),
    ]);
    Some(limits).filter(|limits| *limits != json!({}))
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
