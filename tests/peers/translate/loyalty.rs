//! Points: earning rules as campaigns that run after the promotions.

use serde_json::{json, Value};

use super::{object, selectors, Gaps, Shop, INFORMING};
use crate::form::{Earn, Promotion, Scope};

/// The campaigns of the earning rules.
pub fn campaigns(shop: &Shop<'_>, gaps: &mut Gaps) -> Vec<Value> {
    let loyalty = &shop.case.loyalty;
    for name in loyalty.unknown.keys() {
        gaps.add(format!("`{name}` of a loyalty programme"));
    }
    loyalty.earn.iter().enumerate().filter_map(|(index, earn)| campaign(shop, earn, index, gaps)).collect()
}

/// The levels, if there are any.
pub fn levels(shop: &Shop<'_>, gaps: &mut Gaps) -> Option<Value> {
    let loyalty = &shop.case.loyalty;
    let counts = match loyalty.tier_basis.as_deref() {
        None | Some("past_spend_plus_current") => "with_this_order",
        Some("past_spend") => "before_this_order",
        Some(other) => {
            gaps.add(format!("tiers by `{other}`"));
            return None;
        }
    };
    let mut steps = Vec::new();
    for tier in &loyalty.tiers {
        gaps.add_unknown("a tier", &tier.unknown, INFORMING);
        match tier.min_spent {
            Some(from) => steps.push(json!({ "id": tier.id, "from": shop.amount(from) })),
            None => gaps.add("a tier that is not reached by spending"),
        }
    }
    (!steps.is_empty()).then(|| json!({ "counts": counts, "steps": steps }))
}

fn campaign(shop: &Shop<'_>, earn: &Earn, index: usize, gaps: &mut Gaps) -> Option<Value> {
    gaps.add_unknown("an earning rule", &earn.unknown, &[INFORMING, &["id"]].concat());
    let rounding = match earn.rounding.as_deref() {
        None | Some("floor" | "down") => None,
        Some("ceil" | "up") => Some("up"),
        Some("round" | "half_up") => Some("half_up"),
        Some(other) => {
            gaps.add(format!("points rounded by `{other}`"));
            None
        }
    };
    let (Some(per), Some(points)) = (earn.per_amount, earn.points) else {
        gaps.add("points that do not follow an amount");
        return None;
    };
    // a rule of some products loses what is off these, and not what is off the order
    let of_order = |promotion: &Promotion| promotion.scope == Scope::Order;
    let is_of_some = !earn.filter.is_empty() && shop.case.promotions.iter().all(of_order);
    let rule = object([
        ("type", Some(json!("points_per_amount"))),
        ("points", Some(json!(points))),
        ("per", Some(shop.amount(per))),
        ("lines", selectors::counted(shop, &earn.filter, gaps)),
        ("rounding", rounding.map(|mode| json!(mode))),
        ("base", is_of_some.then(|| json!("original"))),
    ]);
    let priority = shop.case.promotions.len().saturating_add(1).saturating_add(index);
    Some(json!({ "id": format!("earn-{index}"), "earning": [rule], "stacking": { "priority": priority } }))
}
