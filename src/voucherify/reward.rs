//! Rewards that points buy: a new voucher, credits or points on a card, or goods.

use alloc::string::ToString;

use serde_json::{json, Value};

use super::call::Call;
use super::customer::Customer;
use super::fault::Fault;
use super::fields::{count, row, set, text, whole, Row};
use super::{campaign, card::Card};

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
    let mut voucher = campaign::publish(call, &campaign, customer)?;
    let code = text(&voucher["code"]).unwrap_or_default().to_string();
    if let Some(balance) = whole(&of["balance"]) {
        if voucher["gift"].is_object() {
            let mut gift = row(&voucher["gift"]);
            set(&mut gift, "amount", balance);
            set(&mut gift, "balance", balance);
            voucher["gift"] = gift.into();
            call.project.put("voucher", &code, voucher.clone());
        } else if voucher["loyalty_card"].is_object() {
            let mut card = Card::open(call, &code, &voucher, &campaign)?;
            card.adjust(call, balance, None)?;
            voucher = card.keep(call);
        }
    }
    set(told, "voucher", json!({ "code": code, "id": voucher["id"], "object": "voucher" }));
    Ok(())
}
