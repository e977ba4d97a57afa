//! Paying with points, and rewards that points buy.

use rust_decimal::Decimal;
use serde_json::{json, Value};

use super::apply::{Applied, Around};
use super::call::Call;
use super::fault::Fault;
use super::fields::{decimal, text, whole};
use super::order::Order;
use super::redeemable::Redeemable;
use super::session;
use super::till::{self, Exchange, Gives, Off, Part};

/// What a reward that pays makes of points.
fn exchange(reward: &Value) -> Option<Exchange> {
    let coin = &reward["parameters"]["coin"];
    let worth = decimal(&coin["exchange_ratio"])?.checked_mul(Decimal::ONE_HUNDRED)?;
    Exchange::of(worth, decimal(&coin["points_ratio"])?)
}

/// The reward that an entry asks for.
pub(super) fn reward(call: &Call, redeemable: &Redeemable) -> Result<Value, Fault> {
    let Some(id) = text(&redeemable.entry["reward"]["id"]) else {
        let details = "A reward is required when redeeming a LOYALTY_CARD";
        return Err(Fault::new(400, "missing_reward", "Missing reward", details));
    };
    call.project.row("reward", id).ok_or_else(|| Fault::not_found("reward", id))
}

/// The assignment of a reward to the campaign of a card.
pub(super) fn assignment(call: &Call, reward: &Value, campaign: &str) -> Value {
    let Some(id) = text(&reward["id"]) else { return Value::Null };
    let assignments = call.project.find("reward_assignment", &[("reward_id", id)]);
    let of_campaign = |assignment: &Value| text(&assignment["related_object_id"]).is_none_or(|of| of == campaign);
    assignments.into_iter().map(|(_, row)| row).find(of_campaign).unwrap_or_default()
}

/// Whether a reward's stock is used up.
pub(super) fn is_sold_out(reward: &Value) -> bool {
    whole(&reward["stock"]).is_some_and(|stock| whole(&reward["redeemed"]).unwrap_or(0) >= stock)
}

/// Points for money, or points for a reward.
pub(super) fn pay(around: &Around<'_>, redeemable: &Redeemable, order: &mut Order) -> Result<Applied, Fault> {
    let reward = reward(around.call, redeemable)?;
    let balance = super::card::available(around.call, redeemable);
    let free = balance.saturating_sub(session::locked(around.call, redeemable, "points")).max(0);
    let asked = whole(&redeemable.entry["reward"]["points"]);
    let exceeded = || Fault::of_voucher("loyalty_card_points_exceeded", "loyalty card points exceeded", &redeemable.id);
    let assignment = assignment(around.call, &reward, redeemable.campaign_id());
    let points = match exchange(&reward).filter(|_| text(&reward["type"]) != Some("MATERIAL")) {
        Some(exchange) => {
            let left = order.left();
            let points = asked.unwrap_or_else(|| exchange.cost(left).min(free));
            if points > free || points < 0 {
                return Err(exceeded());
            }
            let part = Part::piece(left, Off::Amount(exchange.value(points)));
            order.take(till::take(&[part], &[]).into_iter().sum());
            points
        }
        None => {
            let cost = whole(&assignment["parameters"]["loyalty"]["points"])
                .or_else(|| whole(&reward["parameters"]["loyalty"]["points"]))
                .or_else(|| whole(&reward["points"]));
            let tier = super::card::tier(around.call, redeemable).unwrap_or_default();
            let mapped = &tier["rewards"][text(&assignment["id"]).unwrap_or_default()];
            let points = super::earn::mapped_points(mapped, Gives::Points(cost.or(asked).unwrap_or(0)));
            if points > free {
                return Err(exceeded());
            }
            if is_sold_out(&reward) {
                return Err(Fault::new(400, "quantity_exceeded", "quantity exceeded", redeemable.id.clone()));
            }
            points
        }
    };
    let result = json!({
        "loyalty_card": { "points": points, "balance": balance, "exchange_ratio": reward["parameters"]["coin"]["exchange_ratio"],
            "points_ratio": reward["parameters"]["coin"]["points_ratio"] },
        "reward": { "id": reward["id"], "name": reward["name"], "type": reward["type"], "points": points, "assignment_id": assignment["id"],
            "object": "reward" },
    });
    Ok(Applied { result, used: points, has_effect: points > 0, ..Applied::default() })
}
