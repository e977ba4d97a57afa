//! Loyalty campaigns as programmes of the `loyalty` document, and back: what earns, tiers, rewards, when points expire.

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::super::card;
use super::super::fields::{count, list, row, set, text, whole, Row};
use super::super::target::Named;
use super::super::tier;
use super::formula::{Asks, Counts};
use super::{discount, dynamic, rules, times, Mapped, Report, Shop};

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
    let earning: Vec<Value> =
        parts.earning_rules.iter().filter_map(|rule| earning(rule, parts.tiers, shop, &mut report)).collect();
    set(&mut programme, "earning", earning);
    if !parts.tiers.is_empty() {
        set(&mut programme, "levels", levels(campaign, parts.tiers, &mut report));
    }
    let rewards: Vec<Value> = parts
        .rewards
        .iter()
        .filter_map(|assigned| reward(assigned, parts.tiers, currency, spelled, &mut report))
        .collect();
    if !rewards.is_empty() {
        set(&mut programme, "rewards", rewards);
    }
    for member in ["start_date", "expiration_date", "validity_timeframe", "validity_day_of_week", "validity_hours"] {
        if !campaign[member].is_null() {
            report.lost(member, "a programme runs always; write a `schedule` at its rules");
        }
    }
    Mapped { value: programme.into(), losses: report.losses, ..Mapped::default() }
}

fn expiry(rules: &Value) -> Option<Value> {
    let mut expiry = row(&card::expiry(rules)?);
    expiry.retain(|_, value| !value.is_null());
    Some(expiry.into())
}

fn earning(rule: &Value, tiers: &[Value], shop: &Shop<'_>, report: &mut Report) -> Option<Value> {
    let currency = shop.currency;
    let id = text(&rule["id"]).unwrap_or("rule");
    let event = text(&rule["event"]).unwrap_or("order.paid");
    let segment = text(&rule["segment"]["id"]);
    let on = match (event, CHANGES.iter().find(|(name, _)| *name == event)) {
        ("order.paid", _) => json!("order"),
        ("customer.segment.entered", _) => json!({ "segment": segment.unwrap_or_default() }),
        (_, Some((_, change))) => json!({ "level": [change] }),
        (custom, _) => json!({ "event": custom }),
    };
    let mut told = row(&json!({ "id": id, "on": on }));
    let loyalty = &rule["loyalty"];
    let lost = |report: &mut Report, member: &str, why: &str| {
        report.lost(&alloc::format!("{id}.{member}"), why);
    };
    let formula = text(&loyalty["points_formula"]).and_then(|formula| {
        let asks = Asks { currency, lines: false, whole_order: true };
        let place = alloc::format!("{id}.loyalty.points_formula");
        let points = loyalty.get("points");
        // a rule that is lost here would hold back the whole programme: the number beside it earns
        let mut own = Report::default();
        let expression = dynamic::expression(formula, points, Counts::Number, asks, &place, &mut own);
        report.losses.append(&mut own.losses);
        expression
    });
    let kind = text(&loyalty["calculation_type"]);
    match PROPORTIONAL.iter().find(|(name, ..)| Some(*name) == kind) {
        Some((name, [object, member], of)) => {
            let per = &loyalty[*object][*member];
            let every = whole(&per["every"]).unwrap_or(1);
            let is_money = matches!(*of, "subtotal" | "total");
            set(&mut told, "points", per["points"].clone());
            set(&mut told, "every", if is_money { json!({ currency: every }) } else { every.into() });
            set(
                &mut told,
                "of",
                match *of {
                    "attribute" | "customer" => json!({ *of: per["property"] }),
                    plain => plain.into(),
                },
            );
            if *object == "order_items" {
                let mut named = Named::default();
                let single = json!([per]);
                named.add(if per["applicable_to"].is_array() { &per["applicable_to"] } else { &single }, &Value::Null);
                let entries: Vec<&Value> = named.included.iter().collect();
                if let Some(lines) = discount::selector(&entries, &[], report) {
                    set(&mut told, "lines", lines);
                }
            }
            if *name == "ORDER_ITEMS_SUBTOTAL_AMOUNT" {
                lost(report, "calculation_type", "the lines' shares of discounts of the order count as well");
            }
        }
        None if kind.is_none() => match formula {
            Some(formula) => set(&mut told, "formula", formula),
            None => set(&mut told, "points", count(&loyalty["points"])),
        },
        None => {
            lost(report, "loyalty.calculation_type", "this way of earning is not known");
            return None;
        }
    }
    let mut limits = Row::new();
    let mut conditions: Vec<Value> = list(&rule["validation_rule"])
        .into_iter()
        .filter_map(|asked| rules::when(asked, currency, &mut limits, report))
        .collect();
    if let Some(segment) = segment.filter(|_| event != "customer.segment.entered") {
        conditions.push(json!({ "type": "segment", "anyOf": [segment] }));
    }
    if !limits.is_empty() {
        lost(report, "validation_rule", "how often a rule pays is written as its `limits`");
    }
    match conditions.len() {
        0 => {}
        1 => set(&mut told, "when", conditions.pop().unwrap_or_default()),
        _ => set(&mut told, "when", json!({ "all": conditions })),
    }
    if let Some(days) = whole(&rule["pending_points"]["period_value"]).filter(|days| *days > 0) {
        set(&mut told, "pendingDays", days);
    }
    if let Some(expiry) = expiry(&rule["expiration_rules"]) {
        set(&mut told, "expiry", expiry);
    }
    if let Some(schedule) = times::schedule(rule, shop, report) {
        set(&mut told, "schedule", schedule);
    }
    if text(&rule["loyalty_tier"]["id"]).is_some_and(|tier| tier != "__ANY__") {
        lost(report, "loyalty_tier", "a rule of a change of level pays for all levels");
    }
    if rule["active"] == false {
        lost(report, "active", "a rule that is off is left out");
        return None;
    }
    let by_level = by_level(tiers, |tier| &tier["earning_rules"][id]);
    if !by_level.is_empty() {
        set(&mut told, "byLevel", by_level);
    }
    Some(told.into())
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

/// A programme as Voucherify has it: `campaign`, `earning_rules`, `loyalty_tiers`, `rewards` and `reward_assignments`.
pub fn to_campaign(programme: &Value, currency: &str) -> Mapped {
    let mut report = Report::default();
    let id = &programme["id"];
    let mut campaign = row(&json!({
        "id": id, "object": "campaign", "campaign_type": "LOYALTY_PROGRAM", "type": "AUTO_UPDATE",
        "name": if programme["name"].is_null() { id } else { &programme["name"] },
    }));
    let mut card = row(&json!({ "points": 0 }));
    if let Some(rules) = expiration_rules(&programme["expiry"], &mut report) {
        set(&mut card, "expiration_rules", rules);
    }
    set(&mut campaign, "voucher", json!({ "type": "LOYALTY_CARD", "loyalty_card": card }));
    let kept = &programme["levels"];
    let mut tiers: Vec<Row> = list(&kept["list"])
        .into_iter()
        .map(|level| {
            let points = json!({ "from": level["from"], "to": level["to"] });
            row(&json!({ "id": level["id"], "object": "loyalty_tier", "name": level["id"], "campaign_id": id, "points": points }))
        })
        .collect();
    if kept.is_object() {
        set(&mut campaign, "loyalty_tiers_expiration", tier::tiers_expiration(kept));
    }
    let mut map = |by_level: &Value, member: &str, name: &str| {
        for tier in &mut tiers {
            let mapped = &by_level[tier.get("id").and_then(text).unwrap_or_default()];
            if mapped.is_null() {
                continue;
            }
            let told = match super::super::fields::decimal(&mapped["factor"]) {
                Some(factor) => json!({ "type": "MULTIPLY", "multiplier": super::super::fields::number(factor) }),
                None => json!({ "type": "CUSTOM", "points": mapped["points"] }),
            };
            let mut all = tier.get(member).map(row).unwrap_or_default();
            set(&mut all, name, told);
            set(tier, member, all);
        }
    };
    let mut earning = Vec::new();
    for rule in list(&programme["earning"]) {
        map(&rule["byLevel"], "earning_rules", text(&rule["id"]).unwrap_or_default());
        earning.push(earned(rule, id, currency, &mut report));
    }
    let (mut rewards, mut assignments) = (Vec::new(), Vec::new());
    for reward in list(&programme["rewards"]) {
        map(&reward["byLevel"], "rewards", text(&reward["id"]).unwrap_or_default());
        let (stored, assigned) = given(reward, id, currency, &mut report);
        rewards.push(stored);
        assignments.push(assigned);
    }
    for member in ["limits", "pendingDays", "whenSpent", "campaignPoints"] {
        if !programme[member].is_null() {
            report.lost(member, "a loyalty campaign does not say this");
        }
    }
    let value = json!({
        "campaign": campaign, "earning_rules": earning, "loyalty_tiers": tiers, "rewards": rewards,
        "reward_assignments": assignments,
    });
    Mapped { value, losses: report.losses, ..Mapped::default() }
}

fn expiration_rules(expiry: &Value, report: &mut Report) -> Option<Value> {
    let round_to = &expiry["roundTo"];
    Some(match text(&expiry["type"])? {
        "after_months" => {
            let mut rules = row(&json!({ "period_type": "MONTH", "period_value": expiry["months"] }));
            let rounded = [
                ("month", "END_OF_MONTH"),
                ("quarter", "END_OF_QUARTER"),
                ("half_year", "END_OF_HALF_YEAR"),
                ("year", "END_OF_YEAR"),
            ];
            if let Some((_, name)) = rounded.iter().find(|(name, _)| round_to.as_str() == Some(name)) {
                set(&mut rules, "rounding_type", *name);
            } else if let Some(month) = whole(&round_to["monthOfYear"]) {
                set(&mut rules, "rounding_type", "PARTICULAR_MONTH");
                set(&mut rules, "rounding_value", month);
            }
            rules.into()
        }
        "after_days" => json!({ "period_type": "DAY", "period_value": expiry["days"] }),
        "fixed_day" => {
            json!({ "period_type": "FIXED_DAY_OF_YEAR", "fixed_month": expiry["month"], "fixed_day": expiry["day"] })
        }
        "never" => return None,
        _ => {
            report.lost("expiry", "points of Voucherify expire by months, days or on a day of the year");
            return None;
        }
    })
}

fn earned(rule: &Value, campaign: &Value, currency: &str, report: &mut Report) -> Value {
    let on = &rule["on"];
    let mut told = row(&json!({ "id": rule["id"], "object": "earning_rule", "campaign_id": campaign, "active": true }));
    let change = text(&on["level"][0]).and_then(|change| CHANGES.iter().find(|(_, name)| *name == change));
    let event = match (text(&on["event"]), change, text(&on["segment"])) {
        (Some(event), ..) => event,
        (_, Some((event, _)), _) => event,
        (.., Some(segment)) => {
            set(&mut told, "segment", json!({ "id": segment }));
            "customer.segment.entered"
        }
        _ => "order.paid",
    };
    set(&mut told, "event", event);
    let has_lines = rule["lines"].is_object();
    let of = &rule["of"];
    let measure = ["attribute", "customer"].into_iter().find(|member| !of[*member].is_null());
    let kind = match (measure, text(of)) {
        _ if rule["every"].is_null() => None,
        (Some("customer"), _) => Some("CUSTOMER_METADATA"),
        (Some(_), _) if event == "order.paid" => Some("ORDER_METADATA"),
        (Some(_), _) => Some("CUSTOM_EVENT_METADATA"),
        (_, Some("units")) => Some("ORDER_ITEMS_QUANTITY"),
        (_, Some("subtotal")) => Some(if has_lines { "ORDER_ITEMS_AMOUNT" } else { "ORDER_AMOUNT" }),
        _ => Some(if has_lines { "ORDER_ITEMS_SUBTOTAL_AMOUNT" } else { "ORDER_TOTAL_AMOUNT" }),
    };
    let loyalty = match PROPORTIONAL.iter().find(|(name, ..)| Some(*name) == kind) {
        Some((name, [object, member], _)) => {
            let every = if rule["every"].is_object() { &rule["every"][currency] } else { &rule["every"] };
            let mut per = row(&json!({ "every": every, "points": rule["points"] }));
            if let Some(measure) = measure {
                set(&mut per, "property", of[measure].clone());
            }
            if has_lines {
                set(&mut per, "applicable_to", json!(discount::entries(&rule["lines"])));
            }
            json!({ "type": "PROPORTIONAL", "calculation_type": name, *object: { *member: per } })
        }
        None if !rule["formula"].is_null() => {
            let (formula, number) = dynamic::parts(&rule["formula"], Counts::Number, currency);
            if let Err(why) = &formula {
                report.lost(&alloc::format!("{}.formula", text(&rule["id"]).unwrap_or_default()), why);
            }
            json!({ "type": "FIXED", "points": number, "points_formula": formula.ok() })
        }
        None => json!({ "type": "FIXED", "points": rule["points"] }),
    };
    set(&mut told, "loyalty", loyalty);
    let mut asked = Row::new();
    rules::to_rules(&json!({ "when": rule["when"] }), currency, &mut asked, report);
    if !asked.is_empty() {
        set(&mut told, "validation_rule", json!({ "rules": asked }));
    }
    if let Some(days) = whole(&rule["pendingDays"]) {
        set(&mut told, "pending_points", json!({ "period_type": "DAY", "period_value": days }));
    }
    if let Some(rules) = expiration_rules(&rule["expiry"], report) {
        set(&mut told, "expiration_rules", rules);
    }
    times::offered(&rule["schedule"], &mut told, report);
    for member in ["boosts", "limits", "rounding"] {
        if !rule[member].is_null() {
            report.lost(
                &alloc::format!("{}.{member}", text(&rule["id"]).unwrap_or_default()),
                "an earning rule does not say this",
            );
        }
    }
    told.into()
}

fn given(reward: &Value, campaign: &Value, currency: &str, report: &mut Report) -> (Value, Value) {
    let gives = &reward["gives"];
    let id = text(&reward["id"]).unwrap_or_default();
    let (kind, parameters) = match text(&gives["type"]) {
        Some("product") => ("MATERIAL", json!({ "product": { "id": gives["sku"] } })),
        Some("gift_card") => {
            ("CAMPAIGN", json!({ "campaign": { "type": "GIFT_VOUCHERS", "balance": gives["amount"][currency] } }))
        }
        Some("credit") => {
            let of = json!({ "id": gives["programme"], "type": "LOYALTY_PROGRAM", "balance": gives["amount"] });
            ("CAMPAIGN", json!({ "campaign": of }))
        }
        Some("coupon") => ("CAMPAIGN", json!({ "campaign": { "id": gives["campaign"], "type": "DISCOUNT_COUPONS" } })),
        _ => {
            report.lost(&alloc::format!("{id}.gives"), "a reward of Voucherify is a code, a card or a product");
            ("MATERIAL", json!({}))
        }
    };
    let stored_id = alloc::format!("rew-of-{id}");
    let mut stored = row(&json!({ "id": stored_id, "object": "reward", "type": kind, "parameters": parameters }));
    for member in ["name", "stock"] {
        if !reward[member].is_null() {
            set(&mut stored, member, reward[member].clone());
        }
    }
    let mut parameters = row(&json!({ "loyalty": { "points": count(&reward["points"]) } }));
    if !reward["automatic"].is_null() {
        set(&mut parameters, "auto_redeem", true);
    }
    let assigned = json!({
        "id": id, "object": "reward_assignment", "reward_id": stored_id, "related_object_id": campaign,
        "related_object_type": "campaign", "parameters": parameters,
    });
    (stored.into(), assigned)
}
