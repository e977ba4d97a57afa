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
use super::rule::{self, counts, Asked};
use super::stacking::{self, Asks};
use super::target::{listing, means};
use super::validate::{decided, expand, ordered};
use super::{predicate, session, Reply};

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
    if scenario.starts_with("PRODUCTS") {
        if call.body["order"].is_null() {
            return Err(Fault::new(400, "missing_order", "Missing order", "Products are asked about by an order"));
        }
        if order.lines.is_empty() {
            let details = "Products are asked about by the items of the order";
            return Err(Fault::new(400, "missing_order_items", "Missing order items", details));
        }
    }
    let is_wallet = scenario == "CUSTOMER_WALLET";
    let by_customer = is_wallet || scenario.ends_with("BY_CUSTOMER");
    let mut offers = Vec::new();
    if scenario == "PROMOTION_STACKS" {
        for (id, stack) in call.project.all("promotion_stack") {
            offers.extend(of_stack(call, &id, &stack, customer, order));
        }
        return Ok(offers);
    }
    let mut redeemables = vouchers(call, customer, !by_customer);
    if !is_wallet {
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
    if scenario == "AUDIENCE_ONLY" || scenario == "PRODUCTS" || scenario == "PRODUCTS_DISCOUNT" {
        redeemables.extend(campaigns(call));
    }
    // where an offer may still be completed, a bundle that is not there yet is told with what it lacks
    let is_complete = |offer: &Offer| {
        !matches!(scenario, "ALL" | "CUSTOMER_WALLET") || whole(&offer.told["result"]["bundle"]["quantity"]) != Some(0)
    };
    let fitting = redeemables.iter().filter(|redeemable| fits(redeemable));
    let told = fitting.filter_map(|redeemable| of(call, redeemable, customer, order, asks));
    offers.extend(told.filter(is_complete));
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
    let is_campaign = text(&redeemable.row["object"]) == Some("campaign");
    let (applied, after) = if is_campaign && redeemable.discount().is_none() {
        // nobody holds a card of it yet
        audience_only_refusal(call, redeemable, customer, order, asks)?;
        (Applied { result: json!({}), ..Applied::default() }, order.clone())
    } else if redeemable.is_loyalty() {
        // without a reward a card leaves the order as it is
        super::validity::refusal(call, redeemable, customer).is_none().then(|| {
            let points = super::card::available(call, redeemable);
            (Applied { result: json!({ "loyalty_card": { "points": points } }), ..Applied::default() }, order.clone())
        })?
    } else {
        decided(call, redeemable, customer, order, asks).ok()?
    };
    let mut result = row(&applied.result);
    let held = session::own(call, redeemable, "credits");
    if redeemable.is_gift() && held > 0 {
        let mut gift = row(&applied.result["gift"]);
        set(&mut gift, "locked_credits", held);
        set(&mut result, "gift", gift);
    }
    let shown = if applied.has_effect { after.after_step() } else { plain(&after) };
    let mut told = row(&json!({
        "id": redeemable.id, "object": if is_campaign { "campaign" } else { redeemable.object }, "created_at": redeemable.row["created_at"],
        "result": result, "order": ordered(shown, customer), "applicable_to": listing(&applied.told),
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
    if list(&call.body["options"]["expand"]).iter().any(|part| part.as_str() == Some("validation_rules")) {
        set(&mut told, "validation_rules_assignments", listing(&assignments(call, redeemable, asks)));
    }
    expand(call, &mut told, redeemable);
    let asked = json!({
        "category_id": redeemable.categories, "campaign_id": redeemable.campaign_id(),
        "campaign_type": redeemable.campaign["campaign_type"], "resource_id": redeemable.id,
        "resource_type": told["object"], "voucher_type": redeemable.row["type"], "code": redeemable.row["code"],
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

/// Nothing where the rules of a campaign say no.
fn audience_only_refusal(
    call: &Call,
    redeemable: &Redeemable,
    customer: &Customer,
    order: &Order,
    asks: Asks,
) -> Option<()> {
    if super::validity::refusal(call, redeemable, customer).is_some() {
        return None;
    }
    let asked = Asked {
        call,
        customer,
        redeemable,
        before: order,
        after: order,
        metadata: &Value::Null,
        used: 0,
        event: &Value::Null,
        audience_only: asks.audience_only,
        uncounted: asks.uncounted,
    };
    rule::refusal(&asked).ok()
}

/// The rules of an offer as they are assigned to it, with the numbers of those that were not asked.
fn assignments(call: &Call, redeemable: &Redeemable, asks: Asks) -> Vec<Value> {
    let related = text(&redeemable.row["id"]).unwrap_or(&redeemable.id);
    let told = redeemable.rules.iter().map(|rule| {
        let rules = rule["rules"].as_object().into_iter().flatten();
        let is_omitted =
            |name: &str| (asks.audience_only && !name.starts_with("customer.")) || (asks.uncounted && counts(name));
        let omitted: Vec<&String> =
            rules.filter(|(_, asked)| text(&asked["name"]).is_some_and(is_omitted)).map(|(number, _)| number).collect();
        let assigned = text(&rule["id"])
            .into_iter()
            .flat_map(|id| call.project.find("validation_rules_assignment", &[("rule_id", id)]))
            .map(|(_, assignment)| assignment)
            .find(|assignment| {
                [related, redeemable.id.as_str(), redeemable.campaign_id()]
                    .contains(&text(&assignment["related_object_id"]).unwrap_or_default())
            });
        let mut told = row(&assigned.unwrap_or_else(
            || json!({ "rule_id": rule["id"], "related_object_id": related, "related_object_type": redeemable.object }),
        ));
        set(&mut told, "object", "validation_rules_assignment");
        set(&mut told, "validation_status", if omitted.is_empty() { "VALID" } else { "PARTIALLY_VALID" });
        if !omitted.is_empty() {
            set(&mut told, "validation_omitted_rules", json!(omitted));
        }
        told.into()
    });
    told.collect()
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

/// Campaigns whose vouchers a customer may be given: each stands for one of them.
fn campaigns(call: &Call) -> Vec<Redeemable> {
    let all = call.project.all("campaign").into_iter();
    let gives = |campaign: &Value| !matches!(text(&campaign["campaign_type"]), Some("PROMOTION") | None);
    all.filter(|(_, campaign)| gives(campaign))
        .map(|(id, campaign)| {
            let mut voucher = row(&campaign["voucher"]);
            voucher.remove("code_config");
            for member in ["id", "name", "created_at", "metadata"] {
                set(&mut voucher, member, campaign[member].clone());
            }
            set(&mut voucher, "campaign_id", id.clone());
            set(&mut voucher, "object", "campaign");
            Redeemable::of(call, "voucher", &id, &json!({}), voucher.into())
        })
        .collect()
}

/// The older forms: vouchers or campaigns whose rules a customer and an order meet.
pub(super) fn older(call: &Call, object: &str) -> Result<Reply, Fault> {
    let customer = Customer::read(call, &call.body["customer"]);
    let mut sent = call.body["order"].clone();
    if object == "product" && sent["items"].is_null() {
        let id = call.named("product");
        call.project.row("product", id).ok_or_else(|| Fault::not_found("product", id))?;
        sent = json!({ "items": [{ "product_id": id, "quantity": 1 }] });
    }
    let order = Order::read(call, &sent)?;
    let only = call.query["audienceRulesOnly"].as_str() == Some("true");
    let asks = Asks { audience_only: only, uncounted: true };
    let found: Vec<Offer> = if object == "campaign" {
        let asks = Asks { audience_only: true, ..asks };
        campaigns(call).iter().filter_map(|campaign| of(call, campaign, &customer, &order, asks)).collect()
    } else {
        let vouchers = vouchers(call, &customer, true);
        let for_it = vouchers.iter().filter(|voucher| object != "product" || is_for(call, voucher, &order));
        for_it.filter_map(|voucher| of(call, voucher, &customer, &order, asks)).collect()
    };
    let object = if object == "product" { "voucher" } else { object };
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
