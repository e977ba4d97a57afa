//! Validations: what redeemables would do to an order, and why some would not.

use alloc::vec::Vec;

use serde_json::{json, Value};

use super::apply::{Applied, Around};
use super::call::Call;
use super::customer::Customer;
use super::fault::Fault;
use super::fields::{list, row, set, set_if, text, Row};
use super::order::Order;
use super::redeemable::Redeemable;
use super::stacking::{self, Asks, Entry, Stack, Verdict};
use super::target::listing;
use super::{moment, session, Reply};

/// `POST /validations`.
pub(super) fn stackable(call: &Call) -> Result<Reply, Fault> {
    let (stack, customer) = stacked(call)?;
    let asked = session::asked(call);
    if let Some(asked) = asked.as_ref().filter(|_| stack.valid) {
        for entry in &stack.entries {
            if let (Some(redeemable), Verdict::Applicable(applied, _)) = (&entry.redeemable, &entry.verdict) {
                if !redeemable.is_tier() {
                    session::hold(call, asked, redeemable, applied.used);
                }
            }
        }
    }
    let mut body = lists(call, &stack, &customer);
    set(&mut body, "id", call.id("valid"));
    set(&mut body, "valid", stack.valid);
    if stack.valid {
        set(&mut body, "order", ordered(stack.order.in_all(), &customer));
    }
    set_if(&mut body, "session", asked.map(|asked| asked.told));
    set(&mut body, "tracking_id", customer.tracking());
    set(&mut body, "stacking_rules", stacking::told(call.project.settings()));
    Ok(Reply::ok(body))
}

/// Decides the redeemables of the body.
pub(super) fn stacked(call: &Call) -> Result<(Stack, Customer), Fault> {
    let mut customer = Customer::read(call, &call.body["customer"]);
    if call.endpoint == "redemptions" {
        // before anything is counted, so that all of it is counted under the id that stays
        customer.keep(call);
    }
    let zone = moment::zone(text(&call.project.settings()["timezone"]));
    let around = Around { call, customer: &customer, metadata: &call.body["metadata"], zone: &zone };
    let entries = stacking::entries(&around, &call.body["redeemables"])?;
    let order = Order::read(call, &call.body["order"])?;
    let stack = stacking::run(&around, &entries, order);
    Ok((stack, customer))
}

/// The lists of an answer: all redeemables, and those that do not apply once more.
pub(super) fn lists(call: &Call, stack: &Stack, customer: &Customer) -> Row {
    let told: Vec<Value> = stack.entries.iter().map(|entry| told(call, entry, customer)).collect();
    let with = |status: &str| -> Vec<Value> { told.iter().filter(|told| told["status"] == status).cloned().collect() };
    let (inapplicable, skipped) = (with("INAPPLICABLE"), with("SKIPPED"));
    let mut body = Row::new();
    if !inapplicable.is_empty() {
        set(&mut body, "inapplicable_redeemables", inapplicable);
    }
    if !skipped.is_empty() {
        set(&mut body, "skipped_redeemables", skipped);
    }
    set(&mut body, "redeemables", told);
    body
}

fn told(call: &Call, entry: &Entry, customer: &Customer) -> Value {
    let mut told = row(&json!({ "id": entry.sent["id"], "object": entry.sent["object"] }));
    match &entry.verdict {
        Verdict::Applicable(applied, after) => {
            set(&mut told, "status", "APPLICABLE");
            set(&mut told, "order", ordered(after.after_step(), customer));
            set(&mut told, "applicable_to", listing(&applied.told));
            set(&mut told, "inapplicable_to", listing(&applied.excluded));
            set(&mut told, "result", applied.result.clone());
            if let Some(redeemable) = &entry.redeemable {
                set(&mut told, "metadata", redeemable.metadata());
                expand(call, &mut told, redeemable);
            }
        }
        Verdict::Inapplicable(fault) => {
            set(&mut told, "status", "INAPPLICABLE");
            let details = json!({ "key": fault.key, "message": fault.message });
            set(&mut told, "result", json!({ "error": fault.body(&call.request()), "details": details }));
            set_if(&mut told, "metadata", entry.redeemable.as_ref().map(Redeemable::metadata));
        }
        Verdict::Skipped(key) => {
            set(&mut told, "status", "SKIPPED");
            set(&mut told, "result", json!({ "details": { "key": key, "message": stacking::words(key) } }));
        }
    }
    told.into()
}

/// What the options of a request ask for besides.
pub(super) fn expand(call: &Call, told: &mut Row, redeemable: &Redeemable) {
    let asks = |what: &str| list(&call.body["options"]["expand"]).iter().any(|part| part.as_str() == Some(what));
    if asks("category") || !redeemable.categories.is_empty() {
        let categories = redeemable.categories.iter().map(|id| {
            let stored = call.project.row("category", id);
            stored.unwrap_or_else(|| json!({ "id": id, "object": "category" }))
        });
        set(told, "categories", categories.collect::<Vec<_>>());
    }
    if asks("redeemable") {
        for member in ["name", "banner", "campaign", "campaign_id"] {
            if !redeemable.row[member].is_null() {
                set(told, member, redeemable.row[member].clone());
            }
        }
    }
}

/// An order of an answer, with who ordered.
pub(super) fn ordered(mut order: Row, customer: &Customer) -> Value {
    set(&mut order, "customer_id", customer.id.clone().map_or(Value::Null, Value::from));
    order.entry("referrer_id").or_insert(Value::Null);
    if customer.is_known() {
        set(&mut order, "customer", customer.told());
    }
    order.into()
}

/// `POST /vouchers/{code}/validate`.
pub(super) fn voucher(call: &Call) -> Result<Reply, Fault> {
    let customer = Customer::read(call, &call.body["customer"]);
    let entry = json!({
        "object": "voucher", "id": call.named("code"), "gift": call.body["gift"], "reward": call.body["reward"],
    });
    let decided = alone(call, &entry, &customer);
    let (redeemable, applied, order) = match decided {
        Ok(decided) => decided,
        Err(fault) if is_of_request(&fault) => return Err(fault),
        Err(fault) => {
            let mut body = row(&json!({ "valid": false, "code": call.named("code") }));
            let words = reason(&fault);
            set(&mut body, "reason", words);
            set(&mut body, "error", fault.of_single(&call.request()));
            set(&mut body, "tracking_id", customer.tracking());
            set(&mut body, "metadata", stored_metadata(call));
            return Ok(Reply::ok(body));
        }
    };
    let asked = session::asked(call);
    if let Some(asked) = &asked {
        session::hold(call, asked, &redeemable, applied.used);
    }
    let mut body = row(&json!({ "valid": true, "code": redeemable.id }));
    set(&mut body, "applicable_to", listing(&applied.told));
    set(&mut body, "inapplicable_to", listing(&applied.excluded));
    for (member, value) in row(&applied.result) {
        if member == "loyalty_card" {
            set(&mut body, "loyalty", json!({ "points_cost": value["points"] }));
        } else if member == "gift" {
            let mut gift = row(&redeemable.row["gift"]);
            gift.extend(row(&value));
            set(&mut body, "gift", gift);
        } else {
            set(&mut body, &member, value);
        }
    }
    set(&mut body, "order", ordered(order.after_step(), &customer));
    set(&mut body, "tracking_id", customer.tracking());
    set_if(&mut body, "session", asked.map(|asked| asked.told));
    set(&mut body, "metadata", redeemable.metadata());
    for member in ["campaign", "campaign_id", "start_date", "expiration_date"] {
        if !redeemable.row[member].is_null() {
            set(&mut body, member, redeemable.row[member].clone());
        }
    }
    Ok(Reply::ok(body))
}

fn stored_metadata(call: &Call) -> Value {
    let stored = call.project.row("voucher", call.named("code")).unwrap_or_default();
    if stored["metadata"].is_null() {
        json!({})
    } else {
        stored["metadata"].clone()
    }
}

/// The words for why a voucher says no, for whoever shows them.
fn reason(fault: &Fault) -> &str {
    &fault.message
}

/// Whether a refusal is of the request, and not of the voucher.
fn is_of_request(fault: &Fault) -> bool {
    const OF_REQUEST: &[&str] = &[
        "invalid_payload",
        "missing_reward",
        "missing_customer",
        "missing_order_items_amount",
        "metadata_validation_failed",
        "not_found",
        "missing_order",
        "missing_amount",
    ];
    OF_REQUEST.contains(&fault.key)
}

/// Decides one redeemable by itself.
pub(super) fn alone(call: &Call, entry: &Value, customer: &Customer) -> Result<(Redeemable, Applied, Order), Fault> {
    let redeemable = Redeemable::load(call, entry)?;
    let order = Order::read(call, &call.body["order"])?;
    let (applied, after) = decided(call, &redeemable, customer, &order, Asks::default())?;
    Ok((redeemable, applied, after))
}

/// The same of what is loaded.
pub(super) fn decided(
    call: &Call,
    redeemable: &Redeemable,
    customer: &Customer,
    order: &Order,
    asks: Asks,
) -> Result<(Applied, Order), Fault> {
    let zone = moment::zone(text(&call.project.settings()["timezone"]));
    let around = Around { call, customer, metadata: &call.body["metadata"], zone: &zone };
    let manner = super::apply::Manner {
        of_initial: call.project.stacking("discount_calculation_mode") == "INITIAL_AMOUNT",
        once: false,
    };
    stacking::decide(&around, redeemable, order, manner, asks)
}

/// `POST /promotions/validation`: every tier that is active and whose rules hold, each by itself.
pub(super) fn promotions(call: &Call) -> Result<Reply, Fault> {
    let customer = Customer::read(call, &call.body["customer"]);
    let order = Order::read(call, &call.body["order"])?;
    let mut promotions: Vec<Value> = Vec::new();
    for (id, tier) in call.project.all("promotion_tier") {
        let redeemable = Redeemable::of(call, "promotion_tier", &id, &json!({}), tier);
        if let Ok((applied, after)) = decided(call, &redeemable, &customer, &order, Asks::default()) {
            promotions.push(promotion(&redeemable, &applied, &after, &customer));
        }
    }
    promotions.sort_by_key(|promotion| super::fields::whole(&promotion["hierarchy"]).unwrap_or(i64::MAX));
    let mut body = row(&json!({ "valid": !promotions.is_empty(), "promotions": promotions }));
    set(&mut body, "tracking_id", customer.tracking());
    Ok(Reply::ok(body))
}

/// `POST /promotions/tiers/{id}/validation`.
pub(super) fn tier(call: &Call) -> Result<Reply, Fault> {
    let customer = Customer::read(call, &call.body["customer"]);
    let entry = json!({ "object": "promotion_tier", "id": call.named("tier") });
    match alone(call, &entry, &customer) {
        Ok((redeemable, applied, after)) => {
            let Value::Object(mut body) = promotion(&redeemable, &applied, &after, &customer) else {
                return Ok(Reply::ok(Row::new()));
            };
            set(&mut body, "tracking_id", customer.tracking());
            Ok(Reply::ok(body))
        }
        Err(fault) if is_of_request(&fault) => Err(fault),
        Err(fault) => {
            let mut body = row(&json!({ "valid": false, "id": call.named("tier"), "reason": reason(&fault) }));
            set(&mut body, "error", fault.of_single(&call.request()));
            set(&mut body, "tracking_id", customer.tracking());
            Ok(Reply::ok(body))
        }
    }
}

fn promotion(redeemable: &Redeemable, applied: &Applied, after: &Order, customer: &Customer) -> Value {
    let mut told = row(&json!({ "valid": true, "id": redeemable.id, "object": "promotion_tier" }));
    for member in ["name", "banner", "hierarchy", "campaign"] {
        if !redeemable.row[member].is_null() {
            set(&mut told, member, redeemable.row[member].clone());
        }
    }
    set_if(&mut told, "discount", applied.result.get("discount").cloned());
    let amount = after.step_amount();
    if applied.has_effect {
        set(&mut told, "discount_amount", amount);
        set(&mut told, "applied_discount_amount", amount);
    }
    set(&mut told, "order", ordered(after.after_step(), customer));
    set(&mut told, "applicable_to", listing(&applied.told));
    set(&mut told, "inapplicable_to", listing(&applied.excluded));
    set(&mut told, "metadata", redeemable.metadata());
    told.into()
}
