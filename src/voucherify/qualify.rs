//! Qualifications: which offers a customer and an order may have, each worked out by itself.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::apply::Applied;
use super::call::Call;
use super::customer::Customer;
use super::definition::{Effect, Kind};
use super::fault::Fault;
use super::fields::{list, row, set, set_if, text, whole};
use super::order::Order;
use super::redeemable::Redeemable;
use super::stacking::{self, Asks};
use super::target::{listing, means};
use super::validate::{decided, expand, ordered};
use super::{predicate, Reply};

/// An offer that is open to the customer.
struct Offer {
    told: Value,
    created: String,
    worth: i64,
}

/// `POST /qualifications`.
pub(super) fn qualifications(call: &Call) -> Result<Reply, Fault> {
    let scenario = text(&call.body["scenario"]).unwrap_or("ALL");
    let customer = Customer::read(call, &call.body["customer"]);
    let order = Order::read(call, &call.body["order"])?;
    let options = &call.body["options"];
    let mut offers = offers(call, scenario, &customer, &order)?;
    let filters = &options["filters"];
    if filters.is_object() {
        offers.retain(|offer| predicate::filter(filters, &offer.told["asked"], call.now, &call.project));
    }
    match text(&options["sorting_rule"]) {
        Some("BEST_DEAL") => offers.sort_by_key(|offer| core::cmp::Reverse(offer.worth)),
        Some("LEAST_DEAL") => offers.sort_by_key(|offer| offer.worth),
        _ => offers.sort_by(|left, right| right.created.cmp(&left.created)),
    }
    if let Some(after) = text(&options["starting_after"]) {
        offers.retain(|offer| offer.created.as_str() < after);
    }
    let limit = whole(&options["limit"]).unwrap_or(5).clamp(1, 50);
    let limit = usize::try_from(limit).unwrap_or(5);
    let has_more = offers.len() > limit;
    offers.truncate(limit);
    let next = offers.last().map(|offer| offer.created.clone());
    let data: Vec<Value> = offers
        .into_iter()
        .map(|offer| {
            let mut told = row(&offer.told);
            told.remove("asked");
            told.into()
        })
        .collect();
    let mut redeemables = row(&json!({
        "object": "list", "data_ref": "data", "total": data.len(), "data": data, "has_more": has_more,
    }));
    set_if(&mut redeemables, "more_starting_after", next.filter(|_| has_more));
    let mut echo = order.echo();
    set(&mut echo, "object", "order");
    let body = json!({
        "redeemables": redeemables, "tracking_id": customer.tracking(), "order": ordered(echo, &customer),
        "stacking_rules": stacking::told(call.project.settings()),
    });
    Ok(Reply::ok(body))
}

fn offers(call: &Call, scenario: &str, customer: &Customer, order: &Order) -> Result<Vec<Offer>, Fault> {
    const KNOWN: &[&str] = &[
        "ALL",
        "CUSTOMER_WALLET",
        "AUDIENCE_ONLY",
        "PRODUCTS",
        "PRODUCTS_DISCOUNT",
        "PROMOTION_STACKS",
        "PRODUCTS_BY_CUSTOMER",
        "PRODUCTS_DISCOUNT_BY_CUSTOMER",
    ];
    if !KNOWN.contains(&scenario) {
        return Err(Fault::invalid("Property .scenario should be equal to one of the allowed values"));
    }
    let by_customer = scenario == "CUSTOMER_WALLET" || scenario.ends_with("BY_CUSTOMER");
    let mut offers = Vec::new();
    if scenario == "PROMOTION_STACKS" {
        for (id, stack) in call.project.all("promotion_stack") {
            offers.extend(of_stack(call, &id, &stack, customer, order));
        }
        return Ok(offers);
    }
    let mut redeemables = vouchers(call, customer, !by_customer);
    if !by_customer {
        let tiers = call.project.all("promotion_tier").into_iter();
        redeemables.extend(tiers.map(|(id, row)| Redeemable::of(call, "promotion_tier", &id, &json!({}), row)));
    }
    let fits = |redeemable: &Redeemable| match scenario {
        name if name.starts_with("PRODUCTS_DISCOUNT") => is_of_lines(redeemable) && is_for(call, redeemable, order),
        name if name.starts_with("PRODUCTS") => {
            is_for(call, redeemable, order) && (is_of_lines(redeemable) || asks_for(call, redeemable, order))
        }
        _ => true,
    };
    let asks = Asks { audience_only: scenario == "AUDIENCE_ONLY", uncounted: true };
    for redeemable in redeemables.iter().filter(|redeemable| fits(redeemable)) {
        offers.extend(of(call, redeemable, customer, order, asks));
    }
    if scenario == "AUDIENCE_ONLY" {
        offers.extend(campaigns(call, customer));
    }
    Ok(offers)
}

/// The vouchers that the customer holds, and those that everybody may use.
pub(super) fn vouchers(call: &Call, customer: &Customer, public: bool) -> Vec<Redeemable> {
    let mut found: Vec<(String, Value)> = Vec::new();
    for (member, name) in [
        ("holder_id", &customer.id),
        ("holder_id", &customer.source),
        ("holder.id", &customer.id),
        ("holder.source_id", &customer.source),
    ] {
        let Some(name) = name else { continue };
        for (code, voucher) in call.project.find("voucher", &[(member, name)]) {
            if !found.iter().any(|(known, _)| *known == code) {
                found.push((code, voucher));
            }
        }
    }
    if public {
        let alone = call.project.without("voucher", "campaign_id");
        let shared = call.project.find("campaign", &[("type", "STANDALONE")]).into_iter();
        let shared = shared.flat_map(|(id, _)| call.project.find("voucher", &[("campaign_id", &id)]));
        let is_open = |voucher: &Value| {
            let named = &voucher["campaign"];
            let is_held = !voucher["holder_id"].is_null() || voucher["holder"].is_object();
            !is_held && (named.is_null() || !voucher["campaign_id"].is_null()) && voucher["loyalty_card"].is_null()
        };
        for (code, voucher) in alone.into_iter().chain(shared).filter(|(_, voucher)| is_open(voucher)) {
            if !found.iter().any(|(known, _)| *known == code) {
                found.push((code, voucher));
            }
        }
    }
    found.into_iter().map(|(code, row)| Redeemable::of(call, "voucher", &code, &json!({}), row)).collect()
}

fn is_of_lines(redeemable: &Redeemable) -> bool {
    redeemable.discount().is_some_and(|discount| discount.kind == Kind::Unit || discount.effect != Effect::Order)
}

/// Whether a line of the order is among the products of the offer.
fn is_for(call: &Call, redeemable: &Redeemable, order: &Order) -> bool {
    let named = &redeemable.named;
    if named.included.is_empty() || named.all {
        return true;
    }
    order.lines.iter().any(|line| named.included.iter().any(|entry| means(call, entry, line)))
}

/// Whether a rule of the offer asks for products.
fn asks_for(call: &Call, redeemable: &Redeemable, order: &Order) -> bool {
    let asks = |rule: &Value| {
        let name = text(&rule["name"]).unwrap_or_default();
        let is_of_products = ["product.", "sku.", "order.items."].iter().any(|stem| name.starts_with(stem));
        let entries = list(&rule["conditions"]["$is"]);
        is_of_products && order.lines.iter().any(|line| entries.iter().any(|entry| means(call, entry, line)))
    };
    redeemable.rules.iter().filter_map(|set| set["rules"].as_object()).any(|rules| rules.values().any(asks))
}

fn of(call: &Call, redeemable: &Redeemable, customer: &Customer, order: &Order, asks: Asks) -> Option<Offer> {
    let (applied, after) = if redeemable.is_loyalty() {
        // without a reward a card leaves the order as it is
        super::validity::refusal(call, redeemable, customer).is_none().then(|| {
            let points = super::card::available(call, redeemable);
            (Applied { result: json!({ "loyalty_card": { "points": points } }), ..Applied::default() }, order.clone())
        })?
    } else {
        decided(call, redeemable, customer, order, asks).ok()?
    };
    let shown = if applied.has_effect { after.after_step() } else { plain(&after) };
    let mut told = row(&json!({
        "id": redeemable.id, "object": redeemable.object, "created_at": redeemable.row["created_at"],
        "result": applied.result, "order": ordered(shown, customer), "applicable_to": listing(&applied.told),
        "inapplicable_to": listing(&applied.excluded), "metadata": redeemable.metadata(),
    }));
    for member in ["name", "banner"] {
        if !redeemable.row[member].is_null() {
            set(&mut told, member, redeemable.row[member].clone());
        }
    }
    if !redeemable.campaign_id().is_empty() {
        set(&mut told, "campaign_id", redeemable.campaign_id());
        set(&mut told, "campaign_name", redeemable.campaign["name"].clone());
    }
    if asks.audience_only {
        let omitted: Vec<Value> = omitted(redeemable);
        let status = if omitted.is_empty() { "FULLY_VALID" } else { "PARTIALLY_VALID" };
        set(&mut told, "validation_status", status);
        if !omitted.is_empty() {
            set(&mut told, "validation_omitted_rules", omitted);
        }
    }
    if list(&call.body["options"]["expand"]).iter().any(|part| part.as_str() == Some("validation_rules")) {
        set(&mut told, "validation_rules_assignments", listing(&redeemable.rules));
    }
    expand(call, &mut told, redeemable);
    let asked = json!({
        "category_id": redeemable.categories, "campaign_id": redeemable.campaign_id(),
        "campaign_type": redeemable.campaign["campaign_type"], "resource_id": redeemable.id,
        "resource_type": redeemable.object, "voucher_type": redeemable.row["type"], "code": redeemable.row["code"],
        "holder_role": if redeemable.holder().is_some() { "OWNER" } else { "" },
    });
    set(&mut told, "asked", asked);
    let created = text(&redeemable.row["created_at"]).unwrap_or_default().to_string();
    Some(Offer { worth: after.step_amount(), created, told: told.into() })
}

/// An order on which nothing had an effect says nothing of one.
fn plain(order: &Order) -> super::fields::Row {
    let mut shown = order.after_step();
    for member in ["applied_discount_amount", "items_applied_discount_amount", "total_applied_discount_amount"] {
        shown.remove(member);
    }
    for member in ["discount_amount", "items_discount_amount", "total_discount_amount"] {
        if shown.get(member).and_then(whole) == Some(0) {
            shown.remove(member);
        }
    }
    shown
}

fn omitted(redeemable: &Redeemable) -> Vec<Value> {
    let names = redeemable.rules.iter().filter_map(|set| set["rules"].as_object()).flat_map(|rules| rules.values());
    let mut omitted: Vec<Value> = Vec::new();
    for name in names.filter_map(|rule| text(&rule["name"])).filter(|name| !name.starts_with("customer.")) {
        if !omitted.iter().any(|known| known.as_str() == Some(name)) {
            omitted.push(name.into());
        }
    }
    omitted
}

fn of_stack(call: &Call, id: &str, stack: &Value, customer: &Customer, order: &Order) -> Option<Offer> {
    let zone = super::moment::zone(text(&call.project.settings()["timezone"]));
    let around = super::apply::Around { call, customer, metadata: &Value::Null, zone: &zone };
    let tiers = stacking::tiers_of(stack).into_iter().map(|id| json!({ "object": "promotion_tier", "id": id }));
    let run = stacking::run(&around, &tiers.collect::<Vec<_>>(), order.clone());
    if !run.valid || stack["active"] == false {
        return None;
    }
    let told = json!({
        "id": id, "object": "promotion_stack", "name": stack["name"], "created_at": stack["created_at"],
        "order": ordered(run.order.in_all(), customer), "campaign_id": stack["campaign_id"], "result": {},
        "metadata": stack["metadata"], "asked": { "resource_id": id, "resource_type": "promotion_stack", "campaign_id": stack["campaign_id"] },
    });
    let created = text(&stack["created_at"]).unwrap_or_default().to_string();
    let worth = run.order.total_discount().saturating_sub(order.total_discount());
    Some(Offer { told, created, worth })
}

/// Campaigns whose vouchers the customer may be given.
fn campaigns(call: &Call, customer: &Customer) -> Vec<Offer> {
    let empty = json!({});
    let Ok(order) = Order::read(call, &empty) else { return Vec::new() };
    let mut offers = Vec::new();
    for (id, campaign) in call.project.all("campaign") {
        if matches!(text(&campaign["campaign_type"]), Some("PROMOTION") | None) {
            continue;
        }
        let row = json!({ "campaign_id": id, "id": id });
        let redeemable = Redeemable::of(call, "voucher", &id, &empty, row);
        let asks = Asks { audience_only: true, uncounted: true };
        if decided(call, &redeemable, customer, &order, asks).is_ok() {
            let told = json!({
                "id": id, "object": "campaign", "name": campaign["name"], "created_at": campaign["created_at"],
                "campaign_id": id, "campaign_name": campaign["name"], "metadata": campaign["metadata"], "result": {},
                "asked": { "resource_id": id, "resource_type": "campaign", "campaign_id": id, "campaign_type": campaign["campaign_type"] },
            });
            let created = text(&campaign["created_at"]).unwrap_or_default().to_string();
            offers.push(Offer { told, created, worth: 0 });
        }
    }
    offers
}

/// The older forms: vouchers or campaigns whose rules a customer and an order meet.
pub(super) fn older(call: &Call, object: &str) -> Result<Reply, Fault> {
    let customer = Customer::read(call, &call.body["customer"]);
    let order = Order::read(call, &call.body["order"])?;
    let only = call.query["audienceRulesOnly"].as_str() == Some("true");
    let asks = Asks { audience_only: only, uncounted: true };
    let found: Vec<Offer> = if object == "campaign" {
        campaigns(call, &customer)
    } else {
        let vouchers = vouchers(call, &customer, true);
        vouchers.iter().filter_map(|voucher| of(call, voucher, &customer, &order, asks)).collect()
    };
    let rows: Vec<Value> =
        found.iter().filter_map(|offer| call.project.row(object, text(&offer.told["id"])?)).collect();
    let data = if object == "campaign" { "campaigns" } else { "vouchers" };
    let total = rows.len();
    Ok(Reply::ok(json!({
        "object": "list", "total": total, "data_ref": "data", "data": rows, "qualified_list": data,
        "tracking_id": customer.tracking(),
    })))
}

/// `GET /promotions/tiers?is_available=true`: the tiers that may be used now.
pub(super) fn available_tiers(call: &Call) -> Reply {
    let nobody = Customer::default();
    let tiers: Vec<Value> = call
        .project
        .all("promotion_tier")
        .into_iter()
        .filter(|(id, row)| {
            let tier = Redeemable::of(call, "promotion_tier", id, &json!({}), row.clone());
            super::validity::refusal(call, &tier, &nobody).is_none()
        })
        .map(|(_, row)| row)
        .collect();
    let limit = usize::try_from(whole(&call.query["limit"]).unwrap_or(100).clamp(1, 100)).unwrap_or(100);
    let page = usize::try_from(whole(&call.query["page"]).unwrap_or(1).max(1)).unwrap_or(1);
    let total = tiers.len();
    let shown: Vec<Value> = tiers.into_iter().skip(page.saturating_sub(1).saturating_mul(limit)).take(limit).collect();
    Reply::ok(json!({ "object": "list", "data_ref": "tiers", "tiers": shown, "total": total, "has_more": false }))
}
