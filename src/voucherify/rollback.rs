//! Rollbacks: a redemption undone, with its counters, its balance and its order.

use alloc::string::ToString;
use alloc::vec::Vec;

use jiff::ToSpan;
use serde_json::{json, Value};

use super::call::Call;
use super::card::Card;
use super::customer::Customer;
use super::fault::Fault;
use super::fields::{count, list, row, set, set_if, text, Row};
use super::{moment, redeem, Reply};

/// `POST /redemptions/{id}/rollback`.
pub(super) fn single(call: &Call) -> Result<Reply, Fault> {
    let redemption = load(call)?;
    if text(&redemption["related_object_type"]) == Some("redemption") {
        let details = "Redemption is a parent redemption; roll it back with all its redemptions";
        return Err(Fault::new(400, "invalid_redemption", "Invalid redemption", details));
    }
    if text(&redemption["redemption"]).is_some() {
        let details = "Redemption is part of a stack; roll the parent redemption back";
        return Err(Fault::new(400, "invalid_redemption_parent", "Invalid redemption parent", details));
    }
    let rollback = undo(call, &redemption, None)?;
    let order = undone_order(call, &redemption, &[&rollback]);
    let mut body = row(&rollback);
    set(&mut body, "order", order);
    redeem::put(call, &body);
    Ok(Reply::ok(body))
}

/// `POST /redemptions/{parent}/rollbacks`.
pub(super) fn stack(call: &Call) -> Result<Reply, Fault> {
    let parent = load(call)?;
    if text(&parent["related_object_type"]) != Some("redemption") {
        let details = "Redemption is not a parent redemption";
        return Err(Fault::new(400, "invalid_redemption", "Invalid redemption", details));
    }
    check(call, &parent)?;
    let parent_id = call.id("rr");
    let id = text(&parent["id"]).unwrap_or_default();
    let mut children = call.project.find("redemption", &[("redemption", id)]);
    children.retain(|(_, child)| child["result"] == "SUCCESS" && text(&child["object"]) == Some("redemption"));
    // what was applied last is undone first
    children.sort_by(|(_, left), (_, right)| text(&right["date"]).cmp(&text(&left["date"])));
    let mut rollbacks = Vec::new();
    for (_, child) in &children {
        rollbacks.push(undo(call, child, Some(&parent_id))?);
    }
    let order = undone_order(call, &parent, &rollbacks.iter().collect::<Vec<_>>());
    for rollback in &mut rollbacks {
        let mut kept = row(rollback);
        set(&mut kept, "order", order.clone());
        redeem::put(call, &kept);
        *rollback = kept.into();
    }
    let mut told = written(call, &parent_id, &parent);
    set(&mut told, "order", order.clone());
    redeem::put(call, &told);
    mark(call, &parent, &parent_id);
    Ok(Reply::ok(json!({ "rollbacks": rollbacks, "parent_rollback": told, "order": order })))
}

fn load(call: &Call) -> Result<Value, Fault> {
    let id = call.named("redemption");
    let redemption = call.project.row("redemption", id).ok_or_else(|| Fault::not_found("redemption", id))?;
    check(call, &redemption)?;
    Ok(redemption)
}

fn check(call: &Call, redemption: &Value) -> Result<(), Fault> {
    let id = text(&redemption["id"]).unwrap_or_default();
    if redemption["status"] == "ROLLED_BACK" {
        let details = alloc::format!("Redemption with id {id} was already rolled back");
        return Err(Fault::new(400, "already_rolled_back", "Already rolled back", details));
    }
    if redemption["result"] != "SUCCESS" || text(&redemption["object"]) == Some("redemption_rollback") {
        let details = "Only a successful redemption can be rolled back";
        return Err(Fault::new(400, "invalid_redemption", "Invalid redemption", details));
    }
    let zone = moment::zone(None);
    let made = text(&redemption["date"]).and_then(|date| moment::parse(date, &zone));
    let last = made.and_then(|made| moment::after(&moment::clock(made, &zone)?, 3.months(), 1));
    if last.is_some_and(|last| last.timestamp().as_millisecond() < call.now) {
        let details = "Redemption was made more than three months ago";
        return Err(Fault::new(400, "invalid_rollback_params", "Invalid rollback params", details));
    }
    Ok(())
}

fn undo(call: &Call, redemption: &Value, parent: Option<&str>) -> Result<Value, Fault> {
    let id = call.id("rr");
    let mut rollback = written(call, &id, redemption);
    set_if(&mut rollback, "redemption_rollback", parent);
    let used = count(&redemption["amount"]);
    if let Some(code) = text(&redemption["voucher"]["code"]) {
        let voucher = restored(call, code, redemption, used)?;
        for (member, part) in [("gift", "amount"), ("loyalty_card", "points")] {
            if redemption[member].is_object() {
                set(&mut rollback, "amount", used.saturating_neg());
                set(&mut rollback, member, json!({ part: used.saturating_neg() }));
            }
        }
        set(&mut rollback, "voucher", voucher);
    }
    for member in ["promotion_tier", "reward"] {
        if !redemption[member].is_null() {
            set(&mut rollback, member, redemption[member].clone());
        }
    }
    redeem::uncount(call, redemption);
    mark(call, redemption, &id);
    Ok(rollback.into())
}

fn restored(call: &Call, code: &str, redemption: &Value, used: i64) -> Result<Value, Fault> {
    let Some(mut voucher) = call.project.row("voucher", code) else { return Ok(redemption["voucher"].clone()) };
    if redemption["loyalty_card"].is_object() && used > 0 {
        let campaign =
            text(&voucher["campaign_id"]).and_then(|id| call.project.row("campaign", id)).unwrap_or_default();
        let mut card = Card::open(call, code, &voucher, &campaign)?;
        card.give_back(call, text(&redemption["id"]).unwrap_or_default())?;
        voucher = card.keep(call);
    }
    let mut restored = row(&voucher);
    if redemption["gift"].is_object() {
        let mut gift = row(&voucher["gift"]);
        set(&mut gift, "balance", count(&voucher["gift"]["balance"]).saturating_add(used));
        set(&mut restored, "gift", gift);
    }
    let mut uses = row(&voucher["redemption"]);
    let mut less = |member: &str, by: i64| {
        if let Some(value) = uses.get(member).map(count) {
            set(&mut uses, member, value.saturating_sub(by).max(0));
        }
    };
    less("redeemed_quantity", 1);
    less("redeemed_amount", used);
    less("redeemed_points", used);
    set(&mut restored, "redemption", uses);
    let restored = Value::from(restored);
    call.project.put("voucher", code, restored.clone());
    Ok(restored)
}

fn written(call: &Call, id: &str, redemption: &Value) -> Row {
    let reason = text(&call.query["reason"]).or_else(|| text(&call.body["reason"]));
    let sent = Customer::read(call, &call.body["customer"]);
    let mut rollback = row(&json!({
        "id": id, "object": "redemption_rollback", "date": call.today(), "created_at": call.today(), "result": "SUCCESS",
        "status": "SUCCEEDED", "redemption": redemption["id"], "reason": reason,
        "tracking_id": redemption["tracking_id"], "customer_id": redemption["customer_id"],
        "customer": redemption["customer"], "related_object_type": redemption["related_object_type"],
        "related_object_id": redemption["related_object_id"], "channel": redemption["channel"],
        "metadata": if call.body["metadata"].is_object() { call.body["metadata"].clone() } else { json!({}) },
    }));
    if sent.is_known() {
        set(&mut rollback, "customer", sent.told());
    }
    if let Some(tracking) = text(&call.query["tracking_id"]) {
        set(&mut rollback, "tracking_id", tracking);
    }
    for member in ["voucher_id", "promotion_tier_id", "campaign_id"] {
        if !redemption[member].is_null() {
            set(&mut rollback, member, redemption[member].clone());
        }
    }
    rollback
}

/// A redemption says that it was rolled back.
fn mark(call: &Call, redemption: &Value, rollback: &str) {
    let mut marked = row(redemption);
    set(&mut marked, "status", "ROLLED_BACK");
    let rollbacks = json!([{ "id": rollback, "date": call.today() }]);
    set(&mut marked, "related_redemptions", json!({ "rollbacks": rollbacks }));
    redeem::put(call, &marked);
}

/// The order without what was redeemed, if orders go with their redemptions.
fn undone_order(call: &Call, redemption: &Value, rollbacks: &[&Value]) -> Value {
    let kept = &redemption["order"];
    let stored = text(&kept["id"]).and_then(|id| call.project.row("order", id)).unwrap_or_else(|| kept.clone());
    let mut order = row(&stored);
    let mut listed = order.get("redemptions").map(row).unwrap_or_default();
    for rollback in rollbacks {
        let id = text(&rollback["redemption"]).unwrap_or_default().to_string();
        let mut entry = listed.get(&id).map(row).unwrap_or_default();
        set(&mut entry, "rollback_id", rollback["id"].clone());
        set(&mut entry, "rollback_date", rollback["date"].clone());
        set(&mut listed, &id, entry);
    }
    if !listed.is_empty() {
        set(&mut order, "redemptions", listed);
    }
    if call.project.stacking("redeemables_rollback_order_mode") != "WITHOUT_ORDER" {
        without_discounts(&mut order);
        set(&mut order, "status", "CANCELED");
    }
    if call.body["order"].is_object() {
        for member in ["status", "metadata"] {
            if !call.body["order"][member].is_null() {
                set(&mut order, member, call.body["order"][member].clone());
            }
        }
    }
    let order = Value::from(order);
    if let Some(id) = text(&order["id"]) {
        call.project.put("order", id, order.clone());
    }
    order
}

fn without_discounts(order: &mut Row) {
    const DISCOUNTS: &[&str] = &[
        "discount_amount",
        "items_discount_amount",
        "total_discount_amount",
        "applied_discount_amount",
        "items_applied_discount_amount",
        "total_applied_discount_amount",
        "initial_amount",
    ];
    let amount = order.get("initial_amount").or_else(|| order.get("amount")).map_or(0, count);
    for member in DISCOUNTS {
        order.remove(*member);
    }
    set(order, "amount", amount);
    set(order, "total_amount", amount);
    let items = order.get("items").map(list).unwrap_or_default();
    let kept: Vec<Value> = items
        .into_iter()
        .filter(|item| item["initial_quantity"].is_null() || count(&item["initial_quantity"]) > 0)
        .map(|item| {
            let mut item = row(item);
            if let (Some(units), Some(amount)) = (item.remove("initial_quantity"), item.remove("initial_amount")) {
                set(&mut item, "quantity", units);
                set(&mut item, "amount", amount);
            }
            const OF_LINE: &[&str] = &[
                "discount_amount",
                "applied_discount_amount",
                "discount_quantity",
                "applied_discount_quantity",
                "applied_quantity",
                "applied_quantity_amount",
                "application_details",
            ];
            for member in OF_LINE {
                item.remove(*member);
            }
            if let Some(amount) = item.get("amount").cloned() {
                set(&mut item, "subtotal_amount", amount);
            }
            item.into()
        })
        .collect();
    if order.contains_key("items") {
        set(order, "items", kept);
    }
}
