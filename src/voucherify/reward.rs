//! Rewards that points buy: a new voucher, credits or points on a card, or goods.

use alloc::string::ToString;

use serde_json::{json, Value};

use super::call::Call;
use super::customer::Customer;
use super::fault::Fault;
use super::fields::{count, row, set, text, whole, Row};
use super::redeemable::Redeemable;
use super::till::Gives;
use super::{campaign, card, earn, points, redeem, referral};

/// A customer's rewards that redeem themselves, in one day at most.
const MOST_A_DAY: i64 = 10;

/// Gives a reward to a customer; `told` is the reward of the redemption.
pub(super) fn give(call: &Call, reward: &Value, customer: &Customer, told: &mut Row) -> Result<(), Fault> {
    let Some(id) = text(&reward["id"]) else { return Ok(()) };
    if !reward["stock"].is_null() || !reward["redeemed"].is_null() {
        let mut kept = row(reward);
        set(&mut kept, "redeemed", count(&reward["redeemed"]).saturating_add(1));
        call.project.put("reward", id, kept.into());
    }
    if text(&reward["type"]) != Some("CAMPAIGN") {
        return Ok(());
    }
    let of = &reward["parameters"]["campaign"];
    let Some(campaign) = text(&of["id"]).and_then(|id| call.project.row("campaign", id)) else { return Ok(()) };
    let voucher = match whole(&of["balance"]) {
        // points go to the card that is there
        Some(balance) if text(&campaign["campaign_type"]) == Some("LOYALTY_PROGRAM") => {
            referral::credit(call, &campaign, balance, customer)?
        }
        Some(balance) => with_balance(call, campaign::publish(call, &campaign, customer)?, balance),
        None => campaign::publish(call, &campaign, customer)?,
    };
    let code = text(&voucher["code"]).unwrap_or_default().to_string();
    set(told, "voucher", json!({ "code": code, "id": voucher["id"], "object": "voucher" }));
    Ok(())
}

fn with_balance(call: &Call, mut voucher: Value, balance: i64) -> Value {
    if voucher["gift"].is_object() {
        voucher["gift"]["amount"] = balance.into();
        voucher["gift"]["balance"] = balance.into();
        call.project.put("voucher", text(&voucher["code"]).unwrap_or_default(), voucher.clone());
    }
    voucher
}

/// Redeems the rewards of a card's campaign that redeem themselves, as far as its points reach. Voucherify does so at
/// midnight; here it is done as soon as points come in.
pub(super) fn redeem_by_itself(call: &Call, code: &str, customer: &Customer) -> Result<(), Fault> {
    let Some(held) = call.project.row("voucher", code) else { return Ok(()) };
    let campaign = text(&held["campaign_id"]).unwrap_or_default();
    let today = ["auto-redeem", &customer.counted_as(), call.today().get(..10).unwrap_or_default()].join("|");
    for (_, assignment) in call.project.find("reward_assignment", &[("related_object_id", campaign)]) {
        let wanted = &assignment["parameters"]["auto_redeem"];
        let Some(id) = text(&assignment["reward_id"]).filter(|_| *wanted == true || wanted["active"] == true) else {
            continue;
        };
        let Some(reward) = call.project.row("reward", id) else { continue };
        while call.project.counter(&today) < MOST_A_DAY {
            let Some(row) = call.project.row("voucher", code) else { break };
            let held = Redeemable::of(call, "voucher", code, &json!({ "reward": { "id": id } }), row);
            let tier = card::tier(call, &held).unwrap_or_default();
            let mapped = &tier["rewards"][text(&assignment["id"]).unwrap_or_default()];
            let cost =
                earn::mapped_points(mapped, Gives::Points(count(&assignment["parameters"]["loyalty"]["points"])));
            if cost <= 0 || card::available(call, &held) < cost || points::is_sold_out(&reward) {
                break;
            }
            call.project.add(&today, 1);
            redeem_one(call, &held, &reward, &assignment, cost, customer)?;
        }
    }
    Ok(())
}

fn redeem_one(
    call: &Call,
    card: &Redeemable,
    reward: &Value,
    assignment: &Value,
    cost: i64,
    customer: &Customer,
) -> Result<(), Fault> {
    let id = call.id("r");
    let mut redemption = redeem::written(call, &id, card, customer);
    let mut told = row(&json!({
        "id": reward["id"], "name": reward["name"], "type": reward["type"], "points": cost,
        "assignment_id": assignment["id"], "object": "reward",
    }));
    give(call, reward, customer, &mut told)?;
    let mut voucher = row(&card::spend(call, card, cost, &id)?);
    let mut uses = voucher.get("redemption").map(row).unwrap_or_default();
    for (member, more) in [("redeemed_quantity", 1), ("redeemed_points", cost)] {
        let so_far = uses.get(member).map_or(0, count);
        set(&mut uses, member, so_far.saturating_add(more));
    }
    set(&mut voucher, "redemption", uses);
    call.project.put("voucher", &card.id, voucher.clone().into());
    for (member, value) in [("result", json!("SUCCESS")), ("status", json!("SUCCEEDED")), ("amount", cost.into())] {
        set(&mut redemption, member, value);
    }
    set(&mut redemption, "loyalty_card", json!({ "points": cost }));
    set(&mut redemption, "reward", told);
    set(&mut redemption, "voucher", voucher);
    redeem::put(call, &redemption);
    Ok(())
}
