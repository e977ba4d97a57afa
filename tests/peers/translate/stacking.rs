//! How promotions combine. Sequential application in the running order is what campaigns with rising priorities do.

use std::collections::BTreeSet;

use counterfoil::code::normalise;
use serde_json::{json, Value};

use super::{object, Gaps, Shop, INFORMING};
use crate::form::{Effect, Filter, Promotion, Scope, Stacking, Trigger};

/// Whether percentages and prices are measured on original prices.
pub fn is_on_original(shop: &Shop<'_>) -> bool {
    shop.case.stacking.base.as_deref() == Some("original_amount")
}

/// Notes what the case's way of combining needs and the engine has not. A promotion alone combines with nothing.
pub fn check(shop: &Shop<'_>, gaps: &mut Gaps) {
    let stacking = &shop.case.stacking;
    if shop.case.promotions.len() < 2 {
        return;
    }
    match stacking.mode.as_deref() {
        None | Some("sequential" | "parallel" | "best_deal" | "best_per_line" | "one_per_group") => {}
        Some("lanes") => check_lanes(shop, gaps),
        Some(other) => gaps.add(format!("{other} stacking")),
    }
    // the promotions stand in running order, whatever it follows from
    gaps.add_unknown("`stacking`", &stacking.unknown, &[INFORMING, &["order", "allocation_aware"]].concat());
    let of_group = stacking.within_group.as_deref();
    gaps.add_if(!matches!(of_group, None | Some("first" | "best")), "what applies within a group");
    if let Some(other) = stacking.base.as_deref().filter(|base| !["remaining_amount", "original_amount"].contains(base))
    {
        gaps.add(format!("the base `{other}`"));
    }
    let says_so = |promotion: &Promotion| match &promotion.effect {
        Effect::BuyXGetY(_) => true,
        Effect::FixedSetPrice(effect) => effect.set_size.or(promotion.set.as_ref().and_then(|set| set.size)).is_some(),
        Effect::NthFree(effect) => effect.condition_units.is_some_and(|units| units > effect.free_units),
        _ => false,
    };
    let unsaid = contested(shop).iter().any(|(one, other)| !says_so(one) || !says_so(other));
    gaps.add_if(unsaid, "units of sets used up by an earlier promotion");
}

/// Whether promotions of the case would count the same units.
pub fn is_contested(shop: &Shop<'_>) -> bool {
    !contested(shop).is_empty()
}

/// Promotions that would count the same units.
fn contested<'a>(shop: &Shop<'a>) -> Vec<(&'a Promotion, &'a Promotion)> {
    let entered: Vec<&Promotion> =
        shop.case.promotions.iter().filter(|promotion| is_entered(shop, promotion)).collect();
    let mut pairs = Vec::new();
    for (index, one) in entered.iter().enumerate() {
        let later = entered.iter().skip(index.saturating_add(1));
        pairs.extend(later.filter(|other| share_units(shop, one, other)).map(|other| (*one, *other)));
    }
    pairs
}

/// Lanes one after the other are groups with a number.
fn check_lanes(shop: &Shop<'_>, gaps: &mut Gaps) {
    gaps.add_if(pick_within(shop.case.stacking.within_lane.as_deref()).is_none(), "what applies within a lane");
}

/// The lanes in their order; those that are not declared come after the others as they run.
fn lanes<'a>(shop: &Shop<'a>) -> Vec<&'a String> {
    let declared = shop.case.stacking.lanes.iter();
    let mut lanes: Vec<&String> = Vec::new();
    for lane in declared.chain(shop.case.promotions.iter().filter_map(|promotion| promotion.lane.as_ref())) {
        if !lanes.contains(&lane) {
            lanes.push(lane);
        }
    }
    lanes
}

/// Which promotions of a lane apply.
fn pick_within(told: Option<&str>) -> Option<&'static str> {
    match told {
        None | Some("all") => Some("all"),
        Some("best") => Some("best"),
        Some("first") => Some("first"),
        Some("best_per_item" | "best_per_line") => Some("best_per_line"),
        Some(_) => None,
    }
}

/// The stacking group of a promotion, if it is in one.
pub fn group(shop: &Shop<'_>, promotion: &Promotion) -> Option<String> {
    let mode = shop.case.stacking.mode.as_deref();
    // one that keeps all others out is not compared with them; of several the best one is looked for
    let exclusive = shop.case.promotions.iter().filter(|one| one.exclusive).count();
    if promotion.exclusive && exclusive == 1 && mode != Some("best_per_line") {
        return None;
    }
    match mode {
        Some("best_deal" | "best_per_line") => Some("candidates".to_owned()),
        Some("one_per_group") => {
            let told = |one: &Promotion| one.group.clone().or_else(|| one.lane.clone());
            // where the case tells no groups, they are what promotions take something off
            let none_told = shop.case.promotions.iter().all(|one| told(one).is_none());
            told(promotion).or_else(|| none_told.then(|| target(promotion.scope).to_owned()))
        }
        Some("lanes") => promotion.lane.clone(),
        _ => None,
    }
}

/// What a promotion takes something off.
fn target(scope: Scope) -> &'static str {
    match scope {
        Scope::Order | Scope::OrderAndShipping => "order",
        Scope::Lines | Scope::Units | Scope::Set => "lines",
        Scope::Shipping => "shipping",
    }
}

/// How the document's campaigns combine.
pub fn policy(shop: &Shop<'_>) -> Value {
    let Stacking { mode, within_lane, within_group, recheck_conditions, .. } = &shop.case.stacking;
    let groups = match mode.as_deref() {
        // one of them applies, the best
        Some("best_deal") => json!([{ "id": "candidates", "pick": "best" }]),
        Some("best_per_line") => json!([{ "id": "candidates", "pick": "best_per_line" }]),
        Some("lanes") => {
            let pick = pick_within(within_lane.as_deref());
            let lane = |(number, id): (usize, &String)| json!({ "id": id, "pick": pick, "lane": number });
            lanes(shop).into_iter().enumerate().map(lane).collect()
        }
        Some("one_per_group") => {
            let ids: BTreeSet<String> =
                shop.case.promotions.iter().filter_map(|promotion| group(shop, promotion)).collect();
            // the better one replaces the lesser, unless the case says otherwise
            let pick = within_group.as_deref().unwrap_or("best");
            ids.iter().map(|id| json!({ "id": id, "pick": pick })).collect()
        }
        _ => json!([]),
    };
    object([
        ("groups", Some(groups)),
        ("base", (mode.as_deref() == Some("parallel")).then(|| json!("original"))),
        ("recheck", recheck_conditions.then(|| json!(true))),
        // where one that is exclusive may apply, it applies alone
        ("exclusive", Some(json!("first"))),
    ])
}

/// The code that brings a promotion, as codes are compared.
fn own_code(promotion: &Promotion) -> Option<String> {
    promotion.code.as_deref().filter(|_| promotion.trigger == Trigger::Code).map(normalise)
}

/// Whether it needs no code, or its code is entered.
pub fn is_entered(shop: &Shop<'_>, promotion: &Promotion) -> bool {
    let is_typed = |code: String| shop.case.codes.iter().any(|typed| normalise(typed) == code);
    promotion.trigger == Trigger::Automatic || own_code(promotion).is_some_and(is_typed)
}

/// Whether some line has units that both promotions would count as bought, got or part of a set.
fn share_units(shop: &Shop<'_>, one: &Promotion, other: &Promotion) -> bool {
    let (one, other) = (counted_units(one), counted_units(other));
    let takes = |filters: &[&Filter], line| filters.iter().any(|filter| filter.selects(line));
    shop.case.cart.lines.iter().any(|line| takes(&one, line) && takes(&other, line))
}

/// From which lines a promotion uses units up; none for one that does not.
fn counted_units(promotion: &Promotion) -> Vec<&Filter> {
    match &promotion.effect {
        Effect::BuyXGetY(effect) => {
            let buy = effect.buy.filter.as_ref().unwrap_or(&promotion.filter);
            vec![buy, effect.get.filter.as_ref().unwrap_or(buy)]
        }
        Effect::NthFree(_) | Effect::FixedSetPrice(_) => vec![&promotion.filter],
        _ => Vec::new(),
    }
}
