//! A promotion as a campaign: who, when, with what it combines. What it takes off is in `discounts`.

use counterfoil::code::normalise;
use jiff::civil::{Date, DateTime, Time};
use jiff::Timestamp;
use serde_json::{json, Value};

use super::{conditions, discounts, object, selectors, stacking, Gaps, Shop, INFORMING};
use crate::form::{Effect, Promotion, Scope, Trigger, Valid};

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
    let shop = &shop.told_in(promotion.currency.as_ref());
    // the running order decides, not the number that the source gave
    gaps.add_unknown("a promotion", &promotion.unknown, &[INFORMING, &["priority"]].concat());
    let codes = match (promotion.trigger, &promotion.code) {
        (Trigger::Automatic, _) => asking_code(shop, promotion, index).map(|code| json!([code])),
        (Trigger::Code, Some(_)) => code(shop, promotion, index).map(|code| json!([code])),
        (Trigger::Code, None) => {
            gaps.add("a code that is not told");
            None
        }
    };
    let mut when = conditions::conditions(shop, &promotion.when, discounted_before(promotion).is_some(), gaps);
    let given = discounts::given(shop, promotion, gaps)?;
    when.extend(given.condition);
    if !matches!(promotion.scope, Scope::Shipping | Scope::OrderAndShipping) {
        let charges = selectors::charges_of(shop, &promotion.filter);
        when.extend(charges.map(|charges| json!({ "type": "shipping_method", "in": charges })));
    }
    let priority = index.saturating_add(1);
    let yes = |said: bool| said.then_some(json!(true));
    let group = stacking::group(shop, promotion).map(|group| json!(group));
    // percentages of lines say so themselves
    let is_price = matches!(
        promotion.effect,
        Effect::FixedUnitPrice(_) | Effect::FixedOrderPrice(_) | Effect::FixedShippingPrice(_)
    );
    let is_other = match &promotion.effect {
        Effect::Percent(effect) => promotion.scope == Scope::Shipping || effect.cap_scope.as_deref() == Some("unit"),
        _ => is_price,
    };
    let base = (stacking::is_on_original(shop) && is_other).then(|| json!("original"));
    let combining = object([
        ("priority", Some(json!(priority))),
        ("exclusive", yes(promotion.exclusive)),
        ("last", yes(promotion.stop)),
        ("group", group),
        ("base", base),
    ]);
    Some(object([
        ("id", Some(json!(id))),
        ("codes", codes),
        ("status", (promotion.active == Some(false)).then(|| json!("paused"))),
        ("when", (!when.is_empty()).then(|| json!({ "all": when }))),
        ("discounts", Some(json!(given.discounts))),
        ("stacking", Some(combining)),
        ("schedule", promotion.valid.as_ref().map(|valid| schedule(valid, gaps))),
        ("limits", limits(shop, promotion, gaps)),
        ("rounding", rounding(shop, given.level, gaps)),
    ]))
}

/// The code that brings it. A code brings one campaign: of several promotions with the same one, the later ones have codes
/// of their own, which are entered with it.
pub fn code(shop: &Shop<'_>, promotion: &Promotion, index: usize) -> Option<String> {
    let code = promotion.code.as_ref().filter(|_| promotion.trigger == Trigger::Code)?;
    let before = shop.case.promotions.iter().take(index).filter(|before| before.trigger == Trigger::Code);
    let is_taken = before.filter_map(|before| before.code.as_ref()).any(|other| normalise(other) == normalise(code));
    Some(if is_taken { format!("{code}-{index}") } else { code.clone() })
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
    let of_lines = matches!(promotion.scope, Scope::Lines | Scope::Units | Scope::Set);
    promotion.when.iter().find_map(|when| when.line_has_no_discount).map(|none| !none).filter(|_| of_lines)
}

/// From when until when: whole days of a zone, or moments.
fn schedule(valid: &Valid, gaps: &mut Gaps) -> Value {
    gaps.add_unknown("`valid`", &valid.unknown, INFORMING);
    let is_inclusive = valid.inclusive_dates.unwrap_or(true);
    let zone = valid.timezone.as_deref().unwrap_or("UTC");
    let from = valid.from_date.as_ref().and_then(|text| beginning(text, zone));
    let until = valid.to_date.as_ref().and_then(|text| match text.parse::<Date>() {
        Ok(last) if is_inclusive && !has_time(text) => {
            last.tomorrow().ok().map(|day| day.to_datetime(Time::midnight()))
        }
        _ => beginning(text, zone),
    });
    gaps.add_if(from.is_none() && valid.from_date.is_some(), "the moment in `from_date`");
    gaps.add_if(until.is_none() && valid.to_date.is_some(), "the moment in `to_date`");
    let civil = |moment: DateTime| json!(moment.to_string());
    object([
        ("from", from.map(civil)),
        ("until", until.map(civil)),
        ("timeZone", valid.timezone.as_ref().map(|zone| json!(zone))),
    ])
}

fn has_time(text: &str) -> bool {
    text.contains([':', 'T'])
}

/// A moment on the clocks of a zone: with an offset, without one, or the midnight that a day begins with.
fn beginning(text: &str, zone: &str) -> Option<DateTime> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment.in_tz(zone).ok()?.datetime());
    }
    text.parse::<DateTime>().ok()
}

/// How often a promotion may be used, and what it may cost.
fn limits(shop: &Shop<'_>, promotion: &Promotion, gaps: &mut Gaps) -> Option<Value> {
    let (limits, used) = (&promotion.limits, &promotion.used);
    gaps.add_unknown("`limits`", &limits.unknown, &[]);
    gaps.add_unknown("`used`", &used.unknown, &[]);
    let (mut total, mut per_customer) = (limits.total, limits.per_customer);
    let (mut budget, mut when_over) = (None, None);
    if let Some(told) = &promotion.budget {
        gaps.add_unknown("a budget", &told.unknown, &[INFORMING, &["attribute"]].concat());
        match told.kind.as_deref() {
            None | Some("spend") => {
                budget = Some(shop.told_in(told.currency.as_ref()).amount(told.limit));
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
            Some("use_by_attribute" | "usage_by_attribute") => per_customer = Some(told.limit),
            Some("usage" | "usage_count") => total = Some(total.map_or(told.limit, |total| total.min(told.limit))),
            Some(other) => gaps.add(format!("budgets of `{other}`")),
        }
    }
    let limits = object([
        ("total", total.map(|total| json!(total))),
        ("perCustomer", per_customer.map(|customer| json!(customer))),
        ("budget", budget),
        ("whenOverBudget", when_over),
    ]);
    Some(limits).filter(|limits| *limits != json!({}))
}

/// What the request tells of redemptions before.
pub fn redemptions(shop: &Shop<'_>) -> Vec<Value> {
    let told = |(index, promotion): (usize, &Promotion)| {
        let budget = promotion.budget.as_ref();
        let used = |kinds: &[&str]| {
            let kind = budget.and_then(|budget| budget.kind.as_deref()).unwrap_or("spend");
            budget.filter(|_| kinds.contains(&kind)).and_then(|budget| budget.used)
        };
        object([
            ("campaign", Some(json!(campaign_id((index, promotion))))),
            ("total", used(&["usage", "usage_count"]).max(promotion.used.total).map(|total| json!(total))),
            (
                "byCustomer",
                used(&["use_by_attribute", "usage_by_attribute"])
                    .max(promotion.used.per_customer)
                    .map(|used| json!(used)),
            ),
            ("spent", used(&["spend"]).map(|spent| json!(spent))),
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
        Some("half_even" | "bankers") => "half_even",
        Some("floor" | "down" | "truncate") => "down",
        Some("ceil" | "ceiling" | "up") => "up",
        Some(other) => {
            gaps.add(format!("the rounding `{other}`"));
            return None;
        }
    };
    let level = match rounding.level.as_deref() {
        None => by_scope,
        Some(level @ ("line" | "order" | "unit")) => level,
        Some("item") => "unit",
        Some("cart" | "total") => "order",
        Some(other) => {
            gaps.add(format!("rounding on each {other}"));
            return None;
        }
    };
    Some(json!({ "mode": mode, "level": level }))
}
