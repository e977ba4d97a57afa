//! Balances changed by hand.

use serde_json::{json, Value};

use super::call::Call;
use super::card::{self, Card};
use super::fault::Fault;
use super::fields::{count, row, set, text, whole, Row};
use super::redeemable::Redeemable;
use super::Reply;

/// `POST /vouchers/{code}/balance`, `POST /loyalties/{campaign}/members/{code}/balance`.
pub(super) fn change(call: &Call) -> Result<Reply, Fault> {
    let entry = json!({ "object": "voucher", "id": call.named("code") });
    let redeemable = Redeemable::load(call, &entry)?;
    if redeemable.is_loyalty() {
        return points(call, &redeemable);
    }
    if !redeemable.is_gift() {
        let details = "Balance can be changed of gift cards and loyalty cards only";
        return Err(Fault::new(400, "invalid_voucher", "Invalid voucher", details));
    }
    let amount = whole(&call.body["amount"]).ok_or_else(|| missing("amount"))?;
    let balance = redeemable.balance().saturating_add(amount);
    if balance < 0 {
        return Err(Fault::of_voucher("gift_amount_exceeded", "gift amount exceeded", &redeemable.id));
    }
    let mut voucher = row(&redeemable.row);
    let mut gift = row(&redeemable.row["gift"]);
    let total = if amount < 0 {
        let subtracted = gift.get("subtracted_amount").map_or(0, count).saturating_sub(amount);
        set(&mut gift, "subtracted_amount", subtracted);
        count(&redeemable.row["gift"]["amount"])
    } else {
        count(&redeemable.row["gift"]["amount"]).saturating_add(amount)
    };
    set(&mut gift, "amount", total);
    set(&mut gift, "balance", balance);
    set(&mut voucher, "gift", gift);
    set(&mut voucher, "updated_at", call.today());
    call.project.put("voucher", &redeemable.id, voucher.into());
    let mut body = told(&redeemable, "gift_voucher");
    set(&mut body, "amount", amount);
    set(&mut body, "total", total);
    set(&mut body, "balance", balance);
    Ok(Reply::ok(body))
}

fn points(call: &Call, redeemable: &Redeemable) -> Result<Reply, Fault> {
    let points =
        whole(&call.body["points"]).or_else(|| whole(&call.body["amount"])).ok_or_else(|| missing("points"))?;
    let mut card = Card::open(call, &redeemable.id, &redeemable.row, &redeemable.campaign)?;
    let expiry = match text(&call.body["expiration_type"]) {
        Some("NON_EXPIRING") => Some(json!({ "type": "never" })),
        Some("CUSTOM_DATE") => {
            let details = "Property .expiration_date should be a date";
            let day = card::moment_of(call, &call.body["expiration_date"]).ok_or_else(|| Fault::invalid(details))?;
            // the day counts in full
            let zone = card::zone(call);
            let next = crate::time::CivilDate::from_days(zone.date_at(day).days().saturating_add(1));
            Some(json!({ "type": "at", "moment": zone.start_of(next) }))
        }
        _ => None,
    };
    card.adjust(call, points, expiry)?;
    let voucher = card.keep(call);
    let loyalty = &voucher["loyalty_card"];
    let mut body = told(redeemable, "loyalty_card");
    set(&mut body, "points", points);
    set(&mut body, "total", count(&loyalty["points"]));
    set(&mut body, "balance", count(&loyalty["balance"]));
    Ok(Reply::ok(body))
}

fn told(redeemable: &Redeemable, kind: &str) -> Row {
    let id = redeemable.row["id"].as_str().unwrap_or(&redeemable.id);
    row(&json!({
        "type": kind, "object": "balance", "operation_type": "MANUAL",
        "related_object": { "type": "voucher", "id": id },
    }))
}

fn missing(member: &str) -> Fault {
    Fault::invalid(alloc::format!("Property .{member} should be integer"))
}

/// `GET /loyalties/{campaign}/members/{code}/points-expiration`.
pub(super) fn expiration(call: &Call) -> Result<Reply, Fault> {
    let redeemable = Redeemable::load(call, &json!({ "object": "voucher", "id": call.named("code") }))?;
    let card = Card::open(call, &redeemable.id, &redeemable.row, &redeemable.campaign)?;
    let statement = card.statement(call);
    let zone = card::zone(call);
    let buckets: alloc::vec::Vec<Value> = super::fields::list(&statement["expiring"])
        .into_iter()
        .enumerate()
        .map(|(index, bucket)| {
            let last = zone.date_at(count(&bucket["at"]).saturating_sub(1));
            json!({
                "id": alloc::format!("lopb_{index}"), "voucher_id": redeemable.row["id"], "campaign_id": redeemable.campaign_id(),
                "bucket": { "total_points": bucket["amount"] }, "expires_at": crate::ledger::calendar::text(last),
                "status": "ACTIVE", "object": "loyalty_points_bucket",
            })
        })
        .collect();
    Ok(Reply::ok(json!({ "object": "list", "data_ref": "data", "data": buckets, "total": buckets.len() })))
}
