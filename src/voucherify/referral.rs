//! Friends who come by a code: what its holder and the friend get for it, once for each friend.

use alloc::string::ToString;

use serde_json::{json, Value};

use super::call::Call;
use super::card::Card;
use super::customer::Customer;
use super::fault::Fault;
use super::fields::{count, row, set, text, whole, Row};
use super::redeemable::Redeemable;
use super::{campaign, publish, reward};

/// A referral code is redeemed: where the redemption is what counts, the friend is brought by it.
pub(super) fn redeemed(call: &Call, code: &Redeemable, friend: &Customer) -> Result<(), Fault> {
    match text(&code.campaign["referral_program"]["conversion_event_type"]) {
        None | Some("redemption") => convert(call, code, friend),
        Some(_) => Ok(()),
    }
}

/// A custom event that names a referral code: where this event is what counts, the friend is brought by it.
pub(super) fn happened(call: &Call, event: &str, friend: &Customer) -> Result<(), Fault> {
    let Some(named) = text(&call.body["referral"]["code"]) else { return Ok(()) };
    let code = Redeemable::load(call, &json!({ "object": "voucher", "id": named }))?;
    let program = &code.campaign["referral_program"];
    let wanted = &program["custom_event"];
    let is_it = [&wanted["name"], &wanted["id"]].into_iter().any(|name| text(name) == Some(event));
    if text(&program["conversion_event_type"]) != Some("custom_event") || !is_it {
        return Ok(());
    }
    if code.holder().is_some_and(|holder| friend.is(&holder)) {
        let message = "voucher cannot be redeemed by referrer";
        return Err(Fault::of_voucher("referrer_not_permitted_to_redeem", message, &code.id));
    }
    convert(call, &code, friend)
}

fn convert(call: &Call, code: &Redeemable, friend: &Customer) -> Result<(), Fault> {
    let campaign = code.campaign_id();
    let Some(holder) = code.holder().filter(|_| friend.is_known() && !campaign.is_empty()) else { return Ok(()) };
    let once = ["referral", campaign, &holder, &friend.counted_as()].join("|").to_string();
    if call.project.counter(&once) > 0 {
        return Ok(());
    }
    call.project.add(&once, 1);
    let given = &code.campaign["referral_program"]["referee_reward"];
    let parent = &given["related_object_parent"];
    if let Some(parent) = text(&parent["id"]).or_else(|| text(&parent["name"])) {
        credit(call, &campaign::load(call, parent)?, count(&given["amount"]), friend)?;
    }
    let referrer = Customer::read(call, &json!({ "id": holder }));
    for (_, assignment) in call.project.find("reward_assignment", &[("related_object_id", campaign)]) {
        let tier = &assignment["parameters"]["referral"];
        if text(&tier["segment"]["id"]).is_some_and(|segment| !friend.is_in(call, segment)) {
            continue;
        }
        let named = text(&assignment["id"]).unwrap_or_default();
        let brought = ["referrals", campaign, &holder, named].join("|").to_string();
        call.project.add(&brought, 1);
        // for each friend, or once so many came
        if whole(&tier["unique_referees"]).is_some_and(|wanted| wanted != call.project.counter(&brought)) {
            continue;
        }
        if let Some(stored) = text(&assignment["reward_id"]).and_then(|id| call.project.row("reward", id)) {
            reward::give(call, &stored, &referrer, &mut Row::new())?;
        }
    }
    Ok(())
}

/// Credits or points for a customer, on the card of a campaign that the customer holds, or on a new one.
pub(super) fn credit(call: &Call, campaign: &Value, amount: i64, customer: &Customer) -> Result<Value, Fault> {
    let id = text(&campaign["id"]).unwrap_or_default();
    let voucher = match publish::held(call, customer, id).into_iter().next() {
        Some(voucher) => voucher,
        None => campaign::publish(call, campaign, customer)?,
    };
    let code = text(&voucher["code"]).unwrap_or_default().to_string();
    if voucher["loyalty_card"].is_object() {
        let mut card = Card::open(call, &code, &voucher, campaign)?;
        card.adjust(call, amount, None)?;
        return Ok(card.keep(call));
    }
    let mut kept = row(&voucher);
    let mut gift = row(&voucher["gift"]);
    for member in ["amount", "balance"] {
        set(&mut gift, member, count(&voucher["gift"][member]).saturating_add(amount));
    }
    set(&mut kept, "gift", gift);
    let kept = Value::from(kept);
    call.project.put("voucher", &code, kept.clone());
    Ok(kept)
}
