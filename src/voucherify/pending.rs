//! Points that a card has earned and cannot spend yet, lot by lot: told, made active, corrected, taken back.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::call::Call;
use super::card::Card;
use super::fault::Fault;
use super::fields::{count, text, whole};
use super::moment;
use super::redeemable::Redeemable;
use super::Reply;

/// What the ids of pending points begin with; the lot follows.
const PREFIX: &str = "lopp_";

fn open(call: &Call) -> Result<(Redeemable, Card), Fault> {
    let held = Redeemable::load(call, &json!({ "object": "voucher", "id": call.named("code") }))?;
    if !held.is_loyalty() {
        return Err(Fault::not_found("loyalty_card", call.named("code")));
    }
    let card = Card::open(call, &held.id, &held.row, &held.campaign)?;
    Ok((held, card))
}

/// The lot that the address names.
fn named(call: &Call, card: &Card) -> Result<(String, i64), Fault> {
    let id = call.named("points");
    let lot = id.strip_prefix(PREFIX).unwrap_or_default();
    let found = card.pending(call).into_iter().find(|(pending, ..)| pending == lot);
    found.map(|(lot, points, _)| (lot, points)).ok_or_else(|| Fault::not_found("loyalty_pending_points", id))
}

/// `GET /loyalties/{campaign}/members/{code}/pending-points`.
pub(super) fn list(call: &Call) -> Result<Reply, Fault> {
    let (held, card) = open(call)?;
    let mut pending = card.pending(call);
    pending.sort_by(|left, right| (left.2, &left.0).cmp(&(right.2, &right.0)));
    let told = pending.into_iter().map(|(lot, points, active)| {
        let rule = lot.split_once(':').map_or("", |(_, rule)| rule);
        let (id, day) = ([PREFIX, &lot].concat(), moment::iso(active));
        json!({
            "id": id, "voucher_id": held.row["id"], "campaign_id": held.campaign_id(),
            "customer_id": held.holder(), "points": points, "activates_at": day.get(..10),
            "details": { "source": { "type": "EARNING_RULE", "object_id": rule } }, "object": "loyalty_pending_points",
        })
    });
    let data: Vec<Value> = told.collect();
    let total = data.len();
    Ok(Reply::ok(json!({ "object": "list", "data_ref": "data", "data": data, "total": total, "has_more": false })))
}

/// `POST …/pending-points/{points}/activate`.
pub(super) fn activate(call: &Call) -> Result<Reply, Fault> {
    let (held, mut card) = open(call)?;
    let (lot, _) = named(call, &card)?;
    card.activate(call, &lot)?;
    card.keep(call);
    spend_by_itself(call, &held)?;
    Ok(Reply { status: 204, body: Value::Null })
}

/// `POST …/pending-points/{points}/cancel`.
pub(super) fn cancel(call: &Call) -> Result<Reply, Fault> {
    let (_, mut card) = open(call)?;
    let (lot, points) = named(call, &card)?;
    card.correct(call, &lot, points.saturating_neg())?;
    card.keep(call);
    Ok(Reply { status: 204, body: Value::Null })
}

/// `POST …/pending-points/{points}/balance`: more points, or fewer.
pub(super) fn correct(call: &Call) -> Result<Reply, Fault> {
    let (held, mut card) = open(call)?;
    let (lot, there) = named(call, &card)?;
    let points = whole(&call.body["points"]).ok_or_else(|| Fault::invalid("Property .points should be integer"))?;
    if there.saturating_add(points) < 0 {
        let message = "loyalty card points exceeded";
        return Err(Fault::of_voucher("loyalty_card_points_exceeded", message, &held.id));
    }
    card.correct(call, &lot, points)?;
    let kept = card.keep(call);
    let id = text(&held.row["id"]).unwrap_or(&held.id).to_string();
    let loyalty = &kept["loyalty_card"];
    Ok(Reply::ok(json!({
        "points": points, "total": there.saturating_add(points), "balance": count(&loyalty["balance"]),
        "type": "loyalty_card", "object": "balance", "operation_type": "MANUAL",
        "related_object": { "type": "voucher", "id": id },
    })))
}

fn spend_by_itself(call: &Call, held: &Redeemable) -> Result<(), Fault> {
    let Some(holder) = held.holder() else { return Ok(()) };
    let customer = super::customer::Customer::read(call, &json!({ "id": holder }));
    super::reward::redeem_by_itself(call, &held.id, &customer)
}
