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
    changes_something(amount)?;
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
    changes_something(points)?;
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
        Some("PROGRAM_RULES") | None => None,
        Some(_) => return Err(unfit("Property .expiration_type should be equal to one of the allowed values")),
    };
    card.adjust(call, points, expiry)?;
    card.keep(call);
    if let Some(holder) = redeemable.holder() {
        let customer = super::customer::Customer::read(call, &json!({ "id": holder }));
        super::reward::redeem_by_itself(call, &redeemable.id, &customer)?;
    }
    let voucher = call.project.row("voucher", &redeemable.id).unwrap_or_default();
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

fn changes_something(amount: i64) -> Result<(), Fault> {
    if amount == 0 {
        return Err(unfit("A balance changes by more or less than 0"));
    }
    Ok(())
}

fn unfit(details: &str) -> Fault {
    Fault::new(400, "invalid_add_balance_params", "Invalid add balance params", details)
}

fn missing(member: &str) -> Fault {
    Fault::invalid(alloc::format!("Property .{member} should be integer"))
}

/// `POST /loyalties/{campaign}/members/{code}/transfers`: points from other cards, which expire as if earned today.
pub(super) fn transfer(call: &Call) -> Result<Reply, Fault> {
    let open = |code: &str| {
        let card = Redeemable::load(call, &json!({ "object": "voucher", "id": code }))?;
        if card.is_loyalty() {
            return Ok(card);
        }
        Err(Fault::new(400, "invalid_voucher", "Invalid voucher", "Points are transferred between loyalty cards"))
    };
    let into = open(call.named("code"))?;
    for transfer in super::fields::list(&call.body) {
        let named = text(&transfer["code"]).ok_or_else(|| Fault::invalid("Property .code should be string"))?;
        let from = open(named)?;
        let points = whole(&transfer["points"]).filter(|points| *points > 0 && from.id != into.id);
        let points = points.ok_or_else(|| missing("points"))?;
        if points > card::available(call, &from) {
            let message = "loyalty card points exceeded";
            return Err(Fault::of_voucher("loyalty_card_points_exceeded", message, &from.id));
        }
        let mut giving = Card::open(call, &from.id, &from.row, &from.campaign)?;
        giving.adjust(call, points.saturating_neg(), None)?;
        giving.keep(call);
        let held = call.project.row("voucher", &into.id).unwrap_or_default();
        let mut taking = Card::open(call, &into.id, &held, &into.campaign)?;
        taking.adjust(call, points, None)?;
        taking.keep(call);
    }
    Ok(Reply::ok(call.project.row("voucher", &into.id).unwrap_or_default()))
}

/// `GET /loyalties/{campaign}/members/{code}/tiers`: the tier that a member is in.
pub(super) fn tiers(call: &Call) -> Result<Reply, Fault> {
    let held = Redeemable::load(call, &json!({ "object": "voucher", "id": call.named("code") }))?;
    let tier = card::tier(call, &held).map(|tier| {
        let card = Card::open(call, &held.id, &held.row, &held.campaign);
        let standing = card.map(|card| card.standing(call)).unwrap_or_default();
        let mut told = row(&tier);
        set(
            &mut told,
            "expiration",
            json!({
                "customer_id": held.holder(), "campaign_id": held.campaign_id(), "tier_id": tier["id"],
                "start_date": standing["since"], "expiration_date": standing["until"],
            }),
        );
        told
    });
    let data: alloc::vec::Vec<Row> = tier.into_iter().collect();
    Ok(Reply::ok(json!({ "object": "list", "data_ref": "data", "total": data.len(), "data": data })))
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
