//! Earning rules: what an order, an event or a segment is worth in points.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use rust_decimal::Decimal;
use serde_json::{json, Value};

use super::apply::Around;
use super::call::Call;
use super::card::{self, Card};
use super::customer::Customer;
use super::fault::Fault;
use super::fields::{count, decimal, list, row, set, text};
use super::formula::{self, Scope};
use super::line::Line;
use super::order::Order;
use super::redeemable::Redeemable;
use super::rule::{self, Asked};
use super::target::means;
use super::till::{self, Gives};
use super::{moment, Reply};

/// What may earn.
pub(super) struct Occasion<'a> {
    pub(super) call: &'a Call,
    pub(super) customer: &'a Customer,
    pub(super) order: &'a Order,
    /// The custom event, or nothing.
    pub(super) event: &'a Value,
    /// Its name, or `order.paid`.
    pub(super) name: &'a str,
}

/// Points of a rule.
pub(super) struct Earned {
    pub(super) rule: Value,
    pub(super) points: i64,
}

/// The points that the rules of a campaign give for an occasion; every rule that matches pays.
pub(super) fn points(occasion: &Occasion<'_>, campaign: &Value, card: &Redeemable) -> Vec<Earned> {
    let id = text(&campaign["id"]).unwrap_or_default();
    let rules = occasion.call.project.find("earning_rule", &[("campaign_id", id)]);
    let matching = rules.into_iter().map(|(_, rule)| rule).filter(|rule| matches(occasion, rule, campaign, card));
    let earned = matching.filter_map(|rule| {
        let points = of_rule(occasion, &rule, card);
        (points > 0).then_some(Earned { rule, points })
    });
    earned.collect()
}

fn matches(occasion: &Occasion<'_>, rule: &Value, campaign: &Value, card: &Redeemable) -> bool {
    let call = occasion.call;
    let zone = moment::zone(text(&call.project.settings()["timezone"]));
    let date = |member: &str| {
        text(&rule[member]).or_else(|| text(&campaign[member])).and_then(|date| moment::parse(date, &zone))
    };
    let is_named = text(&rule["event"]) == Some(occasion.name);
    let is_now = rule["active"] != false
        && date("start_date").is_none_or(|start| call.now >= start)
        && date("expiration_date").is_none_or(|end| call.now <= end);
    let segment = text(&rule["segment"]["id"]);
    let tier = text(&rule["loyalty_tier"]["id"]).filter(|tier| *tier != "__ANY__");
    let is_of_tier = tier.is_none_or(|tier| card::tier(call, card).is_some_and(|held| text(&held["id"]) == Some(tier)));
    if !is_named || !is_now || !is_of_tier || segment.is_some_and(|segment| !occasion.customer.is_in(call, segment)) {
        return false;
    }
    let asked = Asked {
        call,
        customer: occasion.customer,
        redeemable: card,
        before: occasion.order,
        after: occasion.order,
        metadata: &Value::Null,
        used: 0,
        event: occasion.event,
        audience_only: false,
        uncounted: false,
    };
    rules_of(call, rule).iter().all(|set| rule::refusal_of(&asked, set).is_ok())
}

/// The validation rules of an earning rule: its own, the one that it names, and those that are assigned to it.
fn rules_of(call: &Call, rule: &Value) -> Vec<Value> {
    let assigned = text(&rule["id"])
        .map(|id| call.project.find("validation_rules_assignment", &[("related_object_id", id)]))
        .unwrap_or_default();
    let named = text(&rule["validation_rule_id"]).map(String::from);
    let ids = assigned.iter().filter_map(|(_, row)| text(&row["rule_id"]).map(String::from)).chain(named);
    let stored = ids.filter_map(|id| call.project.row("validation_rule", &id));
    stored.chain([rule["validation_rule"].clone()]).collect()
}

/// What a rule gives, as the card's tier has it.
fn of_rule(occasion: &Occasion<'_>, rule: &Value, card: &Redeemable) -> i64 {
    let tier = card::tier(occasion.call, card).unwrap_or_default();
    let mapped = &tier["earning_rules"][text(&rule["id"]).unwrap_or_default()];
    gives(occasion, rule, card).map_or(0, |gives| mapped_points(mapped, gives))
}

fn gives(occasion: &Occasion<'_>, rule: &Value, card: &Redeemable) -> Option<Gives> {
    let loyalty = &rule["loyalty"];
    let zone = moment::zone(text(&occasion.call.project.settings()["timezone"]));
    let around = Around { call: occasion.call, customer: occasion.customer, metadata: &Value::Null, zone: &zone };
    let scope = Scope { event: occasion.event, ..around.scope(occasion.order, &card.row) };
    let worked_out = text(&loyalty["points_formula"]).and_then(|formula| formula::rounded(formula, &scope));
    let is_proportional = text(&loyalty["type"]) == Some("PROPORTIONAL");
    if let Some(points) = worked_out.or_else(|| (!is_proportional).then(|| count(&loyalty["points"]))) {
        return Some(Gives::Points(points));
    }
    let kind = text(&loyalty["calculation_type"]).unwrap_or_default();
    let per = basis(loyalty, kind);
    let worth = match kind {
        "ORDER_AMOUNT" => Some(occasion.order.amount.into()),
        "ORDER_TOTAL_AMOUNT" => Some(occasion.order.left().into()),
        "ORDER_METADATA" => metadata(&occasion.order.sent.get("metadata").cloned().unwrap_or_default(), per),
        "CUSTOMER_METADATA" => metadata(&occasion.customer.row["metadata"], per),
        "CUSTOM_EVENT_METADATA" => metadata(&occasion.event["metadata"], per),
        "ORDER_ITEMS_QUANTITY" => Some(lines(occasion, per, |line| line.quantity.saturating_sub(line.free)).into()),
        "ORDER_ITEMS_AMOUNT" => Some(lines(occasion, per, |line| line.amount.unwrap_or(0)).into()),
        "ORDER_ITEMS_SUBTOTAL_AMOUNT" => Some(lines(occasion, per, Line::left).into()),
        _ => None,
    };
    Some(Gives::Each { worth: worth?, every: decimal(&per["every"])?, points: count(&per["points"]) })
}

/// Where a proportional rule says how many points it gives for what.
fn basis<'a>(loyalty: &'a Value, kind: &str) -> &'a Value {
    match kind {
        "ORDER_AMOUNT" => &loyalty["order"]["amount"],
        "ORDER_TOTAL_AMOUNT" => &loyalty["order"]["total_amount"],
        "ORDER_METADATA" => &loyalty["order"]["metadata"],
        "CUSTOMER_METADATA" => &loyalty["customer"]["metadata"],
        "CUSTOM_EVENT_METADATA" => &loyalty["custom_event"]["metadata"],
        "ORDER_ITEMS_QUANTITY" => &loyalty["order_items"]["quantity"],
        "ORDER_ITEMS_AMOUNT" => &loyalty["order_items"]["amount"],
        _ => &loyalty["order_items"]["subtotal_amount"],
    }
}

fn metadata(metadata: &Value, per: &Value) -> Option<Decimal> {
    decimal(&metadata[text(&per["property"])?])
}

/// The sum over the lines that a rule is for, each once.
fn lines(occasion: &Occasion<'_>, per: &Value, of: fn(&Line) -> i64) -> i64 {
    let listed = list(&per["applicable_to"]);
    let is_for = |line: &&Line| {
        if listed.is_empty() {
            per["id"].is_null() || means(occasion.call, per, line)
        } else {
            listed.iter().any(|entry| means(occasion.call, entry, line))
        }
    };
    occasion.order.lines.iter().filter(is_for).fold(0, |sum, line| sum.saturating_add(of(line)))
}

/// Points as a tier has them: multiplied, to the nearest whole ones, or its own.
pub(super) fn mapped_points(mapped: &Value, gives: Gives) -> i64 {
    let by_tier = match text(&mapped["type"]) {
        Some("MULTIPLY") => {
            decimal(&mapped["multiplier"]).map(|factor| json!({ "factor": factor.normalize().to_string() }))
        }
        Some("CUSTOM") => Some(json!({ "points": count(&mapped["points"]) })),
        _ => None,
    };
    till::points(gives, by_tier.as_ref())
}

/// The loyalty cards of a customer, with their campaigns.
pub(super) fn cards(call: &Call, customer: &Customer) -> Vec<Redeemable> {
    let mut found: Vec<Redeemable> = Vec::new();
    for id in [&customer.id, &customer.source].into_iter().flatten() {
        for (code, row) in call.project.find("voucher", &[("holder_id", id)]) {
            let card = Redeemable::of(call, "voucher", &code, &Value::Null, row);
            if card.is_loyalty() && !found.iter().any(|known| known.id == card.id) {
                found.push(card);
            }
        }
    }
    found
}

/// The loyalty cards on which an occasion earns: those of the customer, and new ones of campaigns that take whoever earns there
/// for the first time.
fn earning_cards(occasion: &Occasion<'_>) -> Result<Vec<Redeemable>, Fault> {
    let Occasion { call, customer, .. } = *occasion;
    let mut held = cards(call, customer);
    if !customer.is_known() {
        return Ok(held);
    }
    for (id, campaign) in call.project.find("campaign", &[("campaign_type", "LOYALTY_PROGRAM")]) {
        let is_member = held.iter().any(|card| card.campaign_id() == id);
        if is_member || campaign["auto_join"] != true || campaign["active"] == false {
            continue;
        }
        if !points(occasion, &campaign, &not_held_yet(call, &id)).is_empty() {
            let card = super::campaign::publish(call, &campaign, customer)?;
            let code = text(&card["code"]).unwrap_or_default().to_string();
            held.push(Redeemable::of(call, "voucher", &code, &Value::Null, card));
        }
    }
    Ok(held)
}

/// A card of a campaign, as one would be that nobody has yet.
fn not_held_yet(call: &Call, campaign: &str) -> Redeemable {
    let row = json!({ "type": "LOYALTY_CARD", "campaign_id": campaign, "loyalty_card": { "points": 0, "balance": 0 } });
    Redeemable::of(call, "voucher", "", &Value::Null, row)
}

/// Points for an order that is paid, on all cards of the customer.
pub(super) fn order_paid(call: &Call, customer: &Customer, order: &Order, id: &str) -> Result<(), Fault> {
    let occasion = Occasion { call, customer, order, event: &Value::Null, name: "order.paid" };
    if customer.is_known() {
        credit(&occasion, &earning_cards(&occasion)?, id)?;
    }
    Ok(())
}

/// Credits what an occasion earns.
pub(super) fn credit(occasion: &Occasion<'_>, cards: &[Redeemable], source: &str) -> Result<Vec<Value>, Fault> {
    let mut credited = Vec::new();
    for card in cards {
        let earned = points(occasion, &card.campaign, card);
        if earned.is_empty() || card.campaign["active"] == false || card.row["active"] == false {
            continue;
        }
        let mut account = Card::open(occasion.call, &card.id, &card.row, &card.campaign)?;
        let before = account.standing(occasion.call);
        for earned in &earned {
            let rule = text(&earned.rule["id"]).unwrap_or_default();
            let own = &earned.rule["expiration_rules"];
            let rules = if own.is_object() { own.clone() } else { card::rules_of(&card.campaign, &card.row) };
            let pending = count(&earned.rule["pending_points"]["period_value"]);
            let lot = [source, rule].join(":");
            account.earn(occasion.call, &lot, earned.points, pending, &rules)?;
            let event = json!({
                "id": occasion.call.id("evt"), "object": "event", "type": "customer.voucher.loyalty_card.points_added",
                "created_at": occasion.call.today(), "customer_id": occasion.customer.id, "campaign_id": card.campaign_id(),
                "related_object_id": card.id, "points": earned.points, "earning_rule": { "id": rule },
            });
            occasion.call.project.put("event", text(&event["id"]).unwrap_or_default(), event.clone());
            credited.push(event);
        }
        let after = account.standing(occasion.call);
        account.keep(occasion.call);
        if let Some(name) = moved(&before, &after, occasion.call, card.campaign_id()) {
            let again = Occasion { name, event: &Value::Null, ..*occasion };
            // a tier that is reached by points of a tier is not rewarded once more
            if !occasion.name.starts_with("customer.loyalty.tier.") {
                credit(&again, &reloaded(occasion.call, card), source)?;
            }
        }
        super::reward::redeem_by_itself(occasion.call, &card.id, occasion.customer)?;
    }
    Ok(credited)
}

/// The card as it is by now.
fn reloaded(call: &Call, card: &Redeemable) -> Vec<Redeemable> {
    let row = call.project.row("voucher", &card.id);
    row.into_iter().map(|row| Redeemable::of(call, "voucher", &card.id, &Value::Null, row)).collect()
}

/// What became of a card's tier, as events name it.
fn moved(before: &Value, after: &Value, call: &Call, campaign: &str) -> Option<&'static str> {
    let from = |tier: &Value| {
        let tiers = call.project.find("loyalty_tier", &[("campaign_id", campaign)]);
        let held = tiers.into_iter().find(|(id, _)| text(&tier["id"]) == Some(id));
        held.map(|(_, tier)| count(&tier["points"]["from"]))
    };
    match (from(before), from(after)) {
        (None, Some(_)) => Some("customer.loyalty.tier.joined"),
        (Some(_), None) => Some("customer.loyalty.tier.left"),
        (Some(was), Some(is)) if is > was => Some("customer.loyalty.tier.upgraded"),
        (Some(was), Some(is)) if is < was => Some("customer.loyalty.tier.downgraded"),
        (Some(_), Some(_)) if before["until"] != after["until"] => Some("customer.loyalty.tier.prolonged"),
        _ => None,
    }
}

/// `{ before, after }` of a customer that was made or changed: whoever enters a segment by it may earn.
pub(super) fn customer_changed(call: &Call) -> Result<Reply, Fault> {
    let (before, customer) = (&call.body["before"], Customer::read(call, &call.body["after"]));
    let was = Customer { row: before.clone(), ..customer.clone() };
    let order = Order::read(call, &Value::Null)?;
    let mut rules = call.project.find("earning_rule", &[("event", "customer.segment.entered")]);
    rules.retain(|(_, rule)| {
        let segment = text(&rule["segment"]["id"]).unwrap_or_default();
        customer.is_in(call, segment) && (before.is_null() || !was.is_in(call, segment))
    });
    if !rules.is_empty() {
        let name = "customer.segment.entered";
        let occasion = Occasion { call, customer: &customer, order: &order, event: &Value::Null, name };
        let source = call.id("seg");
        credit(&occasion, &earning_cards(&occasion)?, &source)?;
    }
    Ok(Reply::ok(row(&json!({ "entered": rules.len() }))))
}

/// `POST /loyalties/{campaign}/qualifications`: the points that an order would earn.
pub(super) fn estimate(call: &Call) -> Result<Reply, Fault> {
    let customer = Customer::read(call, &call.body["customer"]);
    let order = Order::read(call, &call.body["order"])?;
    let campaign = super::campaign::load(call, call.named("campaign"))?;
    if campaign["active"] == false {
        return Err(Fault::new(400, "campaign_not_active", "campaign is not active", call.named("campaign")));
    }
    let id = text(&campaign["id"]).unwrap_or_default();
    let own = cards(call, &customer).into_iter().find(|card| card.campaign_id() == id);
    if own.is_none() && campaign["auto_join"] == false {
        let message = "campaign does not allow auto join";
        return Err(Fault::new(400, "campaign_not_allow_auto_join", message, id));
    }
    if own.as_ref().is_some_and(|card| card.row["active"] == false) {
        return Err(Fault::new(400, "loyalty_card_not_active", "loyalty card is not active", id));
    }
    let card = own.unwrap_or_else(|| not_held_yet(call, id));
    let occasion = Occasion { call, customer: &customer, order: &order, event: &Value::Null, name: "order.paid" };
    let points =
        points(&occasion, &campaign, &card).iter().fold(0_i64, |sum, earned| sum.saturating_add(earned.points));
    let told = json!({ "id": id, "name": campaign["name"], "object": "campaign" });
    Ok(Reply::ok(json!({ "campaign": told, "points_estimation": points })))
}

/// `POST /events`: a custom event, and what it earns.
pub(super) fn event(call: &Call) -> Result<Reply, Fault> {
    let Some(name) = text(&call.body["event"]) else {
        return Err(Fault::invalid("Property .event should be string"));
    };
    let mut customer = Customer::read(call, &call.body["customer"]);
    if !customer.is_known() {
        return Err(Fault::new(400, "missing_customer", "Missing customer", "Customer is required to track an event"));
    }
    customer.keep(call);
    let order = Order::read(call, &Value::Null)?;
    let id = call.id("evt");
    let mut event = row(&json!({
        "id": id, "object": "event", "event": name, "type": name, "created_at": call.today(),
        "customer_id": customer.id, "metadata": call.body["metadata"],
    }));
    for member in ["referral", "loyalty"] {
        if !call.body[member].is_null() {
            set(&mut event, member, call.body[member].clone());
        }
    }
    let event = Value::from(event);
    call.project.put("event", &id, event.clone());
    let occasion = Occasion { call, customer: &customer, order: &order, event: &event, name };
    let cards = match text(&call.body["loyalty"]["code"]) {
        Some(code) => cards(call, &customer).into_iter().filter(|card| card.id == code).collect(),
        None => earning_cards(&occasion)?,
    };
    credit(&occasion, &cards, &id)?;
    super::referral::happened(call, name, &customer)?;
    let told = json!({
        "object": "event", "type": name, "customer": customer.told(), "referral": call.body["referral"],
        "loyalty": call.body["loyalty"],
    });
    Ok(Reply::ok(told))
}

/// The points of a rule, for a request that only asks: `{ order, customer, earning_rules }`.
pub(super) fn named_rules(call: &Call) -> Result<Reply, Fault> {
    let customer = Customer::read(call, &call.body["customer"]);
    let order = Order::read(call, &call.body["order"])?;
    let sent = &call.body["event"];
    let name = text(sent).or_else(|| text(&sent["event"])).or_else(|| text(&sent["name"])).unwrap_or("order.paid");
    let metadata = if sent["metadata"].is_null() { &call.body["metadata"] } else { &sent["metadata"] };
    let event = json!({ "metadata": metadata });
    let loyalty_card = json!({ "points": call.body["balance"], "balance": call.body["balance"] });
    let card = json!({ "type": "LOYALTY_CARD", "loyalty_card": loyalty_card });
    let card = Redeemable::of(call, "voucher", "", &Value::Null, card);
    let occasion = Occasion { call, customer: &customer, order: &order, event: &event, name };
    let told: Vec<Value> = list(&call.body["earning_rules"])
        .into_iter()
        .filter(|rule| rule["event"].is_null() || text(&rule["event"]) == Some(name))
        .map(|rule| json!({ "id": rule["id"], "points": of_rule(&occasion, rule, &card) }))
        .collect();
    let sum = told.iter().fold(0_i64, |sum, told| sum.saturating_add(count(&told["points"])));
    Ok(Reply::ok(json!({ "points": sum, "points_estimation": sum, "earning_rules": told })))
}
