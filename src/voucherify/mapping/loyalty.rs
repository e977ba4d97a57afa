//! Loyalty campaigns as programmes of the `loyalty` document, and back: what earns, tiers, rewards, when points expire.

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::super::card;
use super::super::fields::{count, row, set, text, whole, Row};
use super::super::tier;
use super::times::TIMES;
use super::{Mapped, Report, Shop};

mod as_campaign;
mod earning;

pub use as_campaign::to_campaign;

/// A loyalty campaign with what belongs to it, in Voucherify's field names.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// The campaign.
    pub campaign: &'a Value,
    /// Its earning rules, each with the rule assigned to it as `validation_rule`.
    pub earning_rules: &'a [Value],
    /// Its tiers.
    pub tiers: &'a [Value],
    /// Its assignments of rewards, each with the reward as `reward`.
    pub rewards: &'a [Value],
}

const PROPORTIONAL: [(&str, [&str; 2], &str); 8] = [
    ("ORDER_AMOUNT", ["order", "amount"], "subtotal"),
    ("ORDER_TOTAL_AMOUNT", ["order", "total_amount"], "total"),
    ("ORDER_METADATA", ["order", "metadata"], "attribute"),
    ("ORDER_ITEMS_QUANTITY", ["order_items", "quantity"], "units"),
    ("ORDER_ITEMS_AMOUNT", ["order_items", "amount"], "subtotal"),
    ("ORDER_ITEMS_SUBTOTAL_AMOUNT", ["order_items", "subtotal_amount"], "total"),
    ("CUSTOMER_METADATA", ["customer", "metadata"], "customer"),
    ("CUSTOM_EVENT_METADATA", ["custom_event", "metadata"], "attribute"),
];

const CHANGES: [(&str, &str); 5] = [
    ("customer.loyalty.tier.joined", "joined"),
    ("customer.loyalty.tier.upgraded", "upgraded"),
    ("customer.loyalty.tier.prolonged", "prolonged"),
    ("customer.loyalty.tier.downgraded", "downgraded"),
    ("customer.loyalty.tier.left", "left"),
];

/// The programme of a loyalty campaign, without `id`. `spelled` gives the id that documents use for one of Voucherify's.
pub fn to_programme(parts: &Parts<'_>, shop: &Shop<'_>, spelled: &dyn Fn(&str) -> String) -> Mapped {
    let currency = shop.currency;
    let mut report = Report::default();
    let campaign = parts.campaign;
    let mut programme = Row::new();
    if let Some(name) = text(&campaign["name"]) {
        set(&mut programme, "name", name);
    }
    if let Some(expiry) = expiry(&card::rules_of(campaign, &Value::Null)) {
        set(&mut programme, "expiry", expiry);
    }
    if count(&campaign["voucher"]["loyalty_card"]["points"]) != 0 {
        report.lost("voucher.loyalty_card.points", "members begin without points; post what new ones get");
    }
    let is_off = campaign["active"] == false;
    let of = earning::Of {
        campaign,
        tiers: parts.tiers,
        programme: &spelled(text(&campaign["id"]).or_else(|| text(&campaign["name"])).unwrap_or_default()),
    };
    let rules = parts.earning_rules.iter().filter(|_| !is_off);
    let earning: Vec<Value> = rules.filter_map(|rule| earning::rule(rule, &of, shop, &mut report)).collect();
    set(&mut programme, "earning", earning);
    if !parts.tiers.is_empty() {
        set(&mut programme, "levels", levels(campaign, parts.tiers, &mut report));
    }
    let rewards: Vec<Value> = parts
        .rewards
        .iter()
        .filter(|_| !is_off)
        .filter_map(|assigned| reward(assigned, parts.tiers, currency, spelled, &mut report))
        .collect();
    if !rewards.is_empty() {
        set(&mut programme, "rewards", rewards);
    }
    if is_off {
        report.lost(
            "active",
            "nothing is earned in a campaign that is off and nothing bought: its rules and rewards are left out",
        );
    } else if !parts.rewards.is_empty() {
        for member in TIMES.iter().filter(|member| !campaign[**member].is_null()) {
            report.lost(member, "its rules earn by it; what there is of points may be spent always");
        }
    }
    Mapped { value: programme.into(), losses: report.losses, ..Mapped::default() }
}

fn expiry(rules: &Value) -> Option<Value> {
    let mut expiry = row(&card::expiry(rules)?);
    expiry.retain(|_, value| !value.is_null());
    Some(expiry.into())
}

/// What members of a tier get or pay instead.
fn by_level<'a>(tiers: &'a [Value], of: impl Fn(&'a Value) -> &'a Value) -> Row {
    let mut by_level = Row::new();
    for tier in tiers {
        let (mapped, id) = (of(tier), text(&tier["id"]).unwrap_or_default());
        match text(&mapped["type"]) {
            Some("MULTIPLY") => {
                let factor = super::super::fields::decimal(&mapped["multiplier"]).unwrap_or_default();
                set(&mut by_level, id, json!({ "factor": super::super::definition::percent_text(factor) }));
            }
            Some("CUSTOM") => set(&mut by_level, id, json!({ "points": mapped["points"] })),
            _ => {}
        }
    }
    by_level
}

fn levels(campaign: &Value, tiers: &[Value], report: &mut Report) -> Value {
    let mut levels = row(&tier::levels_of(&campaign["loyalty_tiers_expiration"]));
    let mut list: Vec<Row> = Vec::new();
    for tier in tiers {
        let mut level = row(&json!({ "id": tier["id"], "from": count(&tier["points"]["from"]) }));
        if let Some(to) = whole(&tier["points"]["to"]) {
            set(&mut level, "to", to);
        }
        list.push(level);
        if !tier["name"].is_null() && tier["name"] != tier["id"] {
            report.lost(
                &alloc::format!("{}.name", text(&tier["id"]).unwrap_or_default()),
                "levels have an id; their names stand in the shop",
            );
        }
    }
    list.sort_by_key(|level| level.get("from").map_or(0, count));
    set(&mut levels, "list", json!(list));
    let kept = &campaign["loyalty_tiers_expiration"];
    if text(&kept["start_date"]["type"]) == Some("NEXT_PERIOD") && levels.get("starts").is_none() {
        let why = "a level begins when it is reached where the balance counts";
        report.lost("loyalty_tiers_expiration.start_date", why);
    }
    if text(&kept["expiration_date"]["rounding"]["strategy"]) == Some("START") {
        let why = "a level is kept to the end of a stretch of the calendar";
        report.lost("loyalty_tiers_expiration.expiration_date.rounding", why);
    }
    levels.into()
}

fn reward(
    assigned: &Value,
    tiers: &[Value],
    currency: &str,
    spelled: &dyn Fn(&str) -> String,
    report: &mut Report,
) -> Option<Value> {
    let stored = &assigned["reward"];
    let id = text(&assigned["id"]).or_else(|| text(&stored["id"])).unwrap_or("reward");
    let of = &stored["parameters"]["campaign"];
    let campaign = || spelled(text(&of["id"]).unwrap_or_default());
    let balance = whole(&of["balance"]).unwrap_or(0);
    let gives = match (text(&stored["type"]), text(&of["type"])) {
        (Some("MATERIAL"), _) => {
            let product = &stored["parameters"]["product"];
            json!({ "type": "product", "sku": text(&product["sku_id"]).or_else(|| text(&product["id"])) })
        }
        (Some("CAMPAIGN"), Some("GIFT_VOUCHERS")) => json!({ "type": "gift_card", "amount": { currency: balance } }),
        (Some("CAMPAIGN"), Some("LOYALTY_PROGRAM")) => {
            json!({ "type": "credit", "programme": campaign(), "amount": balance })
        }
        (Some("CAMPAIGN"), _) => json!({ "type": "coupon", "campaign": campaign() }),
        // points that pay are a kind of payment of the shop
        (Some("COIN"), _) => return None,
        _ => {
            report.lost(&alloc::format!("{id}.type"), "this kind of reward is not known");
            return None;
        }
    };
    let mut told = row(&json!({ "id": spelled(id), "gives": gives }));
    if let Some(points) = whole(&assigned["parameters"]["loyalty"]["points"]) {
        set(&mut told, "points", points);
    }
    if let Some(name) = text(&stored["name"]) {
        set(&mut told, "name", name);
    }
    if let Some(stock) = whole(&stored["stock"]) {
        set(&mut told, "stock", stock.saturating_sub(whole(&stored["redeemed"]).unwrap_or(0)).max(0));
    }
    let by_itself = &assigned["parameters"]["auto_redeem"];
    if *by_itself == true || by_itself["active"] == true {
        set(&mut told, "automatic", "affordable");
    }
    let by_level = by_level(tiers, |tier| &tier["rewards"][id]);
    if !by_level.is_empty() {
        set(&mut told, "byLevel", by_level);
    }
    Some(told.into())
}
