//! Redemptions: what validations say, done and written down.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::apply::Applied;
use super::call::Call;
use super::card;
use super::count::{self, Redeemed};
use super::customer::Customer;
use super::earn;
use super::fault::Fault;
use super::fields::{count as number, row, set, set_if, text, Row};
use super::order::Order;
use super::redeemable::Redeemable;
use super::stacking::{Entry, Stack, Verdict};
use super::validate::{lists, ordered, stacked};
use super::{session, Reply};

/// `POST /redemptions`.
pub(super) fn stackable(call: &Call) -> Result<Reply, Fault> {
    let (stack, customer) = stacked(call)?;
    if !stack.valid {
        return Ok(refused(call, &stack, &customer));
    }
    let done = redeem(call, &stack, &customer)?;
    let mut body = Row::new();
    let told = lists(call, &stack, &customer);
    for list in ["inapplicable_redeemables", "skipped_redeemables"] {
        set(&mut body, list, told.get(list).cloned().unwrap_or_else(|| json!([])));
    }
    set(&mut body, "order", done.order);
    set_if(&mut body, "parent_redemption", done.parent);
    set(&mut body, "redemptions", done.redemptions);
    Ok(Reply::ok(body))
}

/// One redeemable: `POST /vouchers/{code}/redemption`, `POST /promotions/tiers/{id}/redemption`.
pub(super) fn single(call: &Call, entry: Value) -> Result<Reply, Fault> {
    let mut customer = Customer::read(call, &call.body["customer"]);
    // before anything is counted, so that all of it is counted under the id that stays
    customer.keep(call);
    let zone = super::moment::zone(text(&call.project.settings()["timezone"]));
    let around = super::apply::Around { call, customer: &customer, metadata: &call.body["metadata"], zone: &zone };
    let order = Order::read(call, &call.body["order"])?;
    let stack = super::stacking::run(&around, &[entry], order);
    if !stack.valid {
        return Ok(refused(call, &stack, &customer));
    }
    let mut done = redeem(call, &stack, &customer)?;
    let Some(Value::Object(mut redemption)) = done.redemptions.pop() else {
        let skipped = lists(call, &stack, &customer);
        let mut body = row(&json!({ "result": "FAILURE", "order": done.order }));
        body.extend(skipped);
        return Ok(Reply::ok(body));
    };
    set(&mut redemption, "order", done.order);
    Ok(Reply::ok(redemption))
}

/// `POST /vouchers/{code}/redemption`.
pub(super) fn voucher(call: &Call) -> Result<Reply, Fault> {
    let entry = json!({
        "object": "voucher", "id": call.named("code"), "gift": call.body["gift"], "reward": call.body["reward"],
    });
    single(call, entry)
}

/// `POST /promotions/tiers/{id}/redemption`.
pub(super) fn tier(call: &Call) -> Result<Reply, Fault> {
    single(call, json!({ "object": "promotion_tier", "id": call.named("tier") }))
}

/// The answer to a redemption that fails, which is written down too.
fn refused(call: &Call, stack: &Stack, customer: &Customer) -> Reply {
    let failed = stack.entries.iter().find_map(|entry| match &entry.verdict {
        Verdict::Inapplicable(fault) => Some((entry, fault)),
        _ => None,
    });
    let Some((entry, fault)) = failed else {
        let fault = Fault::new(400, "invalid_redeemables", "Invalid redeemables", "No redeemable can be applied");
        return Reply { status: 400, body: fault.body(&call.request()) };
    };
    if let Some(redeemable) = &entry.redeemable {
        let mut kept = written(call, &call.id("rf"), redeemable, customer);
        set(&mut kept, "result", "FAILURE");
        set(&mut kept, "status", "FAILED");
        set(&mut kept, "failure_code", fault.key);
        set(&mut kept, "failure_message", fault.message.clone());
        put(call, &kept);
    }
    Reply { status: fault.status, body: fault.body(&call.request()) }
}

/// What was redeemed.
struct Done {
    redemptions: Vec<Value>,
    parent: Option<Value>,
    order: Value,
}

fn redeem(call: &Call, stack: &Stack, customer: &Customer) -> Result<Done, Fault> {
    let applied = |entry: &&Entry| matches!(entry.verdict, Verdict::Applicable(..));
    let entries: Vec<&Entry> = stack.entries.iter().filter(applied).collect();
    let parent_id = (entries.len() > 1).then(|| call.id("r"));
    let mut order = row(&ordered(stack.order.in_all(), customer));
    let order_id = text(order.get("id").unwrap_or(&Value::Null)).map_or_else(|| call.id("ord"), String::from);
    set(&mut order, "id", order_id.clone());
    order.entry("status").or_insert_with(|| "PAID".into());
    if text(&order["status"]).is_none_or(|status| status == "CREATED" && call.body["order"]["status"].is_null()) {
        set(&mut order, "status", "PAID");
    }
    order.entry("created_at").or_insert_with(|| call.today().into());
    let mut listed = order.get("redemptions").map(row).unwrap_or_default();
    let mut redemptions = Vec::new();
    for entry in entries {
        let (Some(redeemable), Verdict::Applicable(applied, after)) = (&entry.redeemable, &entry.verdict) else {
            continue;
        };
        let mut step = row(&ordered(after.after_step(), customer));
        set(&mut step, "id", order_id.clone());
        set(&mut step, "status", order["status"].clone());
        let redemption = one(call, redeemable, applied, after, customer, &parent_id, step)?;
        set(
            &mut listed,
            text(&redemption["id"]).unwrap_or_default(),
            json!({
                "date": redemption["date"], "related_object_type": redemption["related_object_type"],
                "related_object_id": redemption["related_object_id"], "related_object_parent_id": redeemable.row["campaign_id"],
            }),
        );
        redemptions.push(redemption);
    }
    let ids: Vec<Value> = redemptions.iter().map(|redemption| redemption["id"].clone()).collect();
    let parent = parent_id.map(|id| {
        set(
            &mut listed,
            &id,
            json!({
                "date": call.today(), "related_object_type": "redemption", "related_object_id": id, "stacked": ids,
            }),
        );
        let mut parent = row(&json!({
            "id": id, "object": "redemption", "date": call.today(), "created_at": call.today(), "result": "SUCCESS",
            "status": "SUCCEEDED", "related_object_type": "redemption", "related_object_id": id,
            "customer_id": customer.id, "tracking_id": customer.tracking(), "customer": customer.told(),
            "metadata": call.body["metadata"],
        }));
        set(&mut parent, "order", Value::from(order.clone()));
        parent
    });
    set(&mut order, "redemptions", listed);
    call.project.put("order", &order_id, order.clone().into());
    let parent = parent.map(|mut parent| {
        set(&mut parent, "order", Value::from(order.clone()));
        put(call, &parent);
        Value::from(parent)
    });
    if text(&order["status"]) == Some("PAID") {
        earn::order_paid(call, customer, &stack.order, &order_id)?;
    }
    Ok(Done { redemptions, parent, order: order.into() })
}

fn one(
    call: &Call,
    redeemable: &Redeemable,
    applied: &Applied,
    after: &Order,
    customer: &Customer,
    parent: &Option<String>,
    order: Row,
) -> Result<Value, Fault> {
    let mut redemption = written(call, &call.id("r"), redeemable, customer);
    set(&mut redemption, "result", "SUCCESS");
    set(&mut redemption, "status", "SUCCEEDED");
    set(&mut redemption, "order", order);
    set_if(&mut redemption, "redemption", parent.clone());
    let mut voucher = row(&redeemable.row);
    if redeemable.is_gift() {
        set(&mut redemption, "amount", applied.used);
        set(&mut redemption, "gift", json!({ "amount": applied.used }));
        let mut gift = row(&voucher["gift"]);
        set(&mut gift, "balance", redeemable.balance().saturating_sub(applied.used));
        set(&mut voucher, "gift", gift);
    }
    if redeemable.is_loyalty() {
        set(&mut redemption, "amount", applied.used);
        set(&mut redemption, "loyalty_card", json!({ "points": applied.used }));
        let mut reward = row(&applied.result["reward"]);
        if let Some(stored) = text(&reward["id"]).and_then(|id| call.project.row("reward", id)) {
            for member in ["parameters", "name", "type", "metadata"] {
                reward.entry(member).or_insert_with(|| stored[member].clone());
            }
            super::reward::give(call, &stored, customer, &mut reward)?;
        }
        set(&mut redemption, "reward", reward);
        let id = text(&redemption["id"]).unwrap_or_default().to_string();
        voucher = row(&card::spend(call, redeemable, applied.used, &id)?);
    }
    if !redeemable.is_tier() {
        let mut uses = row(&voucher.get("redemption").cloned().unwrap_or_default());
        let used = |uses: &Row, member: &str| uses.get(member).map_or(0, number);
        let redeemed = used(&uses, "redeemed_quantity").saturating_add(1);
        set(&mut uses, "redeemed_quantity", redeemed);
        if redeemable.is_gift() {
            let amount = used(&uses, "redeemed_amount").saturating_add(applied.used);
            set(&mut uses, "redeemed_amount", amount);
        }
        if redeemable.is_loyalty() {
            let points = used(&uses, "redeemed_points").saturating_add(applied.used);
            set(&mut uses, "redeemed_points", points);
        }
        set(&mut voucher, "redemption", uses);
        call.project.put("voucher", &redeemable.id, voucher.clone().into());
        set(&mut redemption, "voucher", voucher);
        if let Some(key) = session::key(call) {
            let id = session::id(&redeemable.id, &key);
            if call.project.row("session", &id).is_some() {
                call.project.delete("session", &id);
            }
        }
    }
    if redeemable.is_referral() {
        super::referral::redeemed(call, redeemable, customer)?;
    }
    let counted = Counted::of(redeemable, after, customer);
    set(&mut redemption, "counted", counted.told(&applied.units));
    count::note(call, &counted.redeemed(call.now), 1);
    for (name, units) in &applied.units {
        call.project.add(name, *units);
    }
    put(call, &redemption);
    redemption.remove("counted");
    Ok(redemption.into())
}

/// Under what a redemption is counted, kept with it so that a rollback finds it.
struct Counted {
    redeemable: String,
    campaign: String,
    customer: String,
    amount: i64,
    discount: i64,
}

impl Counted {
    fn of(redeemable: &Redeemable, after: &Order, customer: &Customer) -> Counted {
        Counted {
            redeemable: redeemable.counted_as(),
            campaign: redeemable.campaign_id().into(),
            customer: customer.counted_as(),
            amount: after.amount,
            discount: after.step_amount(),
        }
    }

    fn read(kept: &Value) -> Counted {
        let own = |member: &str| text(&kept[member]).unwrap_or_default().to_string();
        let (amount, discount) = (number(&kept["amount"]), number(&kept["discount"]));
        let (redeemable, campaign, customer) = (own("redeemable"), own("campaign"), own("customer"));
        Counted { redeemable, campaign, customer, amount, discount }
    }

    fn told(&self, units: &[(String, i64)]) -> Value {
        json!({
            "redeemable": self.redeemable, "campaign": self.campaign, "customer": self.customer, "amount": self.amount,
            "discount": self.discount, "units": units,
        })
    }

    fn redeemed(&self, at: i64) -> Redeemed<'_> {
        let (amount, discount) = (self.amount, self.discount);
        Redeemed {
            redeemable: &self.redeemable,
            campaign: &self.campaign,
            customer: &self.customer,
            at,
            amount,
            discount,
        }
    }
}

/// Takes back what a redemption counted.
pub(super) fn uncount(call: &Call, redemption: &Value) {
    let zone = super::moment::zone(None);
    let at = text(&redemption["date"]).and_then(|date| super::moment::parse(date, &zone)).unwrap_or(call.now);
    let kept = &redemption["counted"];
    count::note(call, &Counted::read(kept).redeemed(at), -1);
    for unit in kept["units"].as_array().into_iter().flatten() {
        if let Some(name) = text(&unit[0]) {
            call.project.add(name, number(&unit[1]).saturating_neg());
        }
    }
}

pub(super) fn written(call: &Call, id: &str, redeemable: &Redeemable, customer: &Customer) -> Row {
    let row_id = text(&redeemable.row["id"]).unwrap_or(&redeemable.id);
    let mut redemption = row(&json!({
        "id": id, "object": "redemption", "date": call.today(), "created_at": call.today(),
        "customer_id": customer.id, "tracking_id": customer.tracking(), "customer": customer.told(),
        "metadata": if call.body["metadata"].is_object() { call.body["metadata"].clone() } else { json!({}) },
        "redemption": null, "related_object_type": redeemable.object, "related_object_id": row_id,
        "channel": { "channel_type": "API", "channel_id": if call.client_side { "client" } else { "server" } },
    }));
    let kept = if redeemable.is_tier() { "promotion_tier_id" } else { "voucher_id" };
    set(&mut redemption, kept, row_id);
    if !redeemable.campaign_id().is_empty() {
        set(&mut redemption, "campaign_id", redeemable.campaign_id());
    }
    set(&mut redemption, redeemable.object, redeemable.row.clone());
    if !call.body["session"].is_null() {
        set(&mut redemption, "session", call.body["session"].clone());
    }
    redemption
}

/// Writes a redemption.
pub(super) fn put(call: &Call, redemption: &Row) {
    if let Some(id) = redemption.get("id").and_then(text) {
        call.project.put("redemption", id, redemption.clone().into());
    }
}
