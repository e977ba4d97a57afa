//! A campaign that applies to every cart and keeps out all that come after it.

use alloc::format;
use serde_json::Value as Json;

use super::{Report, Shop, Subject};

pub(super) fn look(shop: &Shop<'_>, report: &mut Report<'_>) {
    let groups = shop.limited_groups();
    for (index, winner) in shop.subjects.iter().enumerate() {
        let stacking = &winner.campaign.stacking;
        let keeps_out_all = stacking.exclusive && shop.is_by_priority();
        let group = stacking.group.as_deref().filter(|group| groups.get(group) == Some(&1));
        if !applies_to_every_cart(winner) || (!keeps_out_all && group.is_none()) {
            continue;
        }
        let is_loser = |other: &&Subject<'_>| {
            let competes = keeps_out_all || other.campaign.stacking.group.as_deref() == group;
            competes && other.record.active && winner.covers(other, shop.life)
        };
        let losers = shop.subjects.iter().skip(index.saturating_add(1)).filter(is_loser);
        let mut ids = losers.map(|loser| loser.campaign.id.as_str());
        let Some(first) = ids.next() else { continue };
        let message = match ids.count() {
            0 => format!("it applies to every cart, so that `{first}` never does"),
            more => format!("it applies to every cart, so that `{first}` and {more} more never do"),
        };
        report(index, message, "give it a higher `priority`, or a condition", &winner.at.key("stacking"));
    }
}

fn applies_to_every_cart(subject: &Subject<'_>) -> bool {
    let campaign = subject.campaign;
    let takes_of_any = |discount: &Json| {
        let kind = discount.get("type").and_then(Json::as_str);
        matches!(kind, Some("percent_off" | "amount_off")) && discount.get("lines").is_none_or(Json::is_null)
    };
    subject.is_automatic() && campaign.when.is_none() && campaign.discounts.iter().any(takes_of_any)
}
