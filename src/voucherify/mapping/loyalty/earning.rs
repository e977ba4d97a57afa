//! What an earning rule earns.

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::super::super::fields::{count, list, row, set, text, whole, Row};
use super::super::super::target::Named;
use super::super::formula::{Asks, Counts};
use super::super::times::TIMES;
use super::super::{discount, dynamic, rules, times, Report, Shop};
use super::{by_level, expiry, CHANGES, PROPORTIONAL};

/// What a rule is a part of.
pub(super) struct Of<'a> {
    pub campaign: &'a Value,
    pub tiers: &'a [Value],
    /// What documents call the programme.
    pub programme: &'a str,
}

/// What a rule earns; nothing where it is off, or asks what nothing here asks.
pub(super) fn rule(rule: &Value, of: &Of<'_>, shop: &Shop<'_>, report: &mut Report) -> Option<Value> {
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
    let mut own = Report::default();
    let schedule = times::schedule(&when_it_runs(rule, of.campaign), shop, &mut own);
    let mut conditions: Vec<Value> = list(&rule["validation_rule"])
        .into_iter()
        .filter_map(|asked| rules::when(asked, currency, &mut limits, &mut own))
        .collect();
    report.losses.append(&mut own.losses);
    if own.is_unsafe {
        lost(report, "validation_rule", "a rule of it is lost, so that it would earn too much: it is left out");
        return None;
    }
    if let Some(tier) = text(&rule["loyalty_tier"]["id"]).filter(|tier| *tier != "__ANY__") {
        if event == "customer.loyalty.tier.left" {
            lost(report, "loyalty_tier", "who has left a level is on none that could be asked for: it is left out");
            return None;
        }
        conditions.push(json!({ "type": "customer_attribute", "key": level_of(of.programme), "in": [tier] }));
    }
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
    let pending = &rule["pending_points"];
    if text(&pending["period_type"]).is_some_and(|period| period != "DAY") {
        lost(report, "pending_points.period_type", "points are pending for days");
    }
    if let Some(days) = whole(&pending["period_value"]).filter(|days| *days > 0) {
        set(&mut told, "pendingDays", days);
    }
    if let Some(expiry) = expiry(&rule["expiration_rules"]) {
        set(&mut told, "expiry", expiry);
    }
    if let Some(schedule) = schedule {
        set(&mut told, "schedule", schedule);
    }
    if rule["active"] == false {
        lost(report, "active", "a rule that is off is left out");
        return None;
    }
    let by_level = by_level(of.tiers, |tier| &tier["earning_rules"][id]);
    if !by_level.is_empty() {
        set(&mut told, "byLevel", by_level);
    }
    Some(told.into())
}

/// When a rule earns: by its own dates, else by those of its campaign.
fn when_it_runs(rule: &Value, campaign: &Value) -> Value {
    let of = |member: &'static str| [&rule[member], &campaign[member]].into_iter().find(|own| !own.is_null());
    let told = TIMES.iter().filter_map(|member| of(member).map(|own| ((*member).into(), own.clone())));
    Value::Object(told.collect())
}

/// Under which name conditions ask for a member's level.
pub(super) fn level_of(programme: &str) -> String {
    alloc::format!("{programme}.level")
}
