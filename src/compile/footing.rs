//! On what the discounts of a campaign stand, as its document says. The search for the best deal spares itself the
//! campaigns that can only help; what is not known here to be so is tried both ways.

use serde_json::Value as Json;

use crate::campaign::Campaign;
use crate::catalog::section::Footing;
use crate::money::RoundingLevel;

/// What all discounts of a campaign stand on.
pub(super) fn of(campaign: &Campaign) -> Footing {
    if campaign.discounts.iter().any(asks_what_was_taken) {
        return Footing::Taken;
    }
    // what is limited to some units is taken off the cheapest, not off all of a line; what a cost limits goes by that
    let limits = &campaign.limits;
    if limits.units.is_some() || limits.units_per_customer.is_some() || campaign.min_margin.is_some() {
        return Footing::Other;
    }
    let each = campaign.discounts.iter().map(|discount| of_one(discount, campaign.rounding.level));
    let joined = each.reduce(|all, one| match (all, one) {
        (Footing::Shipping, other) | (other, Footing::Shipping) => other,
        (all, one) if all == one => all,
        _ => Footing::Other,
    });
    joined.unwrap_or(Footing::Other)
}

/// Whether some selector in it says `discounted`.
fn asks_what_was_taken(discount: &Json) -> bool {
    match discount {
        Json::Object(members) => {
            members.get("discounted").is_some_and(Json::is_boolean) || members.values().any(asks_what_was_taken)
        }
        Json::Array(list) => list.iter().any(asks_what_was_taken),
        _ => false,
    }
}

fn of_one(discount: &Json, level: Option<RoundingLevel>) -> Footing {
    let says_only = |known: &[&str]| {
        let mut members = discount.as_object().into_iter().flat_map(|members| members.keys());
        members.all(|member| member == "type" || known.contains(&member.as_str()))
    };
    let of_all = discount.get("lines").is_none_or(Json::is_null);
    let text = |name: &str| discount.get(name).and_then(Json::as_str);
    match text("type") {
        Some("free_shipping") if says_only(&["cap", "methods"]) => Footing::Shipping,
        Some("off_shipping") if says_only(&["percent", "amount", "price", "cap", "methods"]) => Footing::Shipping,
        Some("percent_off") if says_only(&["percent", "lines", "base"]) => match level {
            Some(RoundingLevel::Line) => Footing::Line,
            Some(RoundingLevel::Unit) => Footing::Other,
            Some(RoundingLevel::Order) if !of_all => Footing::Other,
            None if !of_all => Footing::Line,
            Some(RoundingLevel::Order) | None => Footing::Order,
        },
        Some("amount_off") if says_only(&["amount", "lines", "per"]) => match text("per") {
            Some("line") => Footing::Line,
            Some("order") | None if of_all => Footing::Order,
            _ => Footing::Other,
        },
        _ => Footing::Other,
    }
}
