//! Points: earning rules as campaigns that run after the promotions.

use serde_json::{json, Value};

use super::{object, selectors, Gaps, Shop, INFORMING};
use crate::form::Earn;

/// The campaigns of the earning rules.
pub fn campaigns(shop: &Shop<'_>, gaps: &mut Gaps) -> Vec<Value> {
    let loyalty = &shop.case.loyalty;
    for name in loyalty.unknown.keys() {
        match name.as_str() {
            "tiers" => gaps.add("loyalty tiers"),
            // they only say more about tiers
            name if name.starts_with("tier") || name.starts_with("past_") => {}
            name => gaps.add(format!("`{name}` of a loyalty programme")),
        }
    }
    loyalty.earn.iter().enumerate().filter_map(|(index, earn)| campaign(shop, earn, index, gaps)).collect()
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
    let rule = object([
        ("type", Some(json!("points_per_amount"))),
        ("points", Some(json!(points))),
        ("per", Some(shop.amount(per))),
        ("lines", selectors::counted(shop, &earn.filter, gaps)),
        ("rounding", rounding.map(|mode| json!(mode))),
    ]);
    let priority = shop.case.promotions.len().saturating_add(1).saturating_add(index);
    Some(json!({ "id": format!("earn-{index}"), "earning": [rule], "stacking": { "priority": priority } }))
}
