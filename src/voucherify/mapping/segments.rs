//! Segments that ask for attributes, as the segments of documents, and back. Those that list customers, and those that ask what no
//! condition does, are told by requests: campaigns ask for them by name all the same.

use alloc::vec::Vec;

use serde_json::{json, Value};

use super::super::fields::{list, row, set, text, whole, Row};
use super::rules::{attribute, bounds, rule_of, BOUNDS};
use super::{Mapped, Report};

/// Attributes that are days, by the condition that asks how long ago they were.
const DAYS: [(&str, &str); 2] = [("created_at", "signed_up"), ("summary.orders.last_order_date", "last_order")];
const SPENT: &str = "summary.orders.total_amount";
const ORDERS: &str = "summary.orders.total_count";
/// What may be asked of how long ago a day was: the operators, the member of a condition, and the days by which they differ.
const AGO: [(&str, &str, i64); 6] = [
    ("$more_than", "longerAgoThan", 0),
    ("$more_than_ago", "longerAgoThan", 0),
    ("$more_than_or_equal", "longerAgoThan", 1),
    ("$less_than_or_equal", "within", 0),
    ("$less_than", "within", 1),
    ("$less_than_ago", "within", 1),
];

/// The rule of a segment: who is in it; null where requests have to tell.
///
/// ```
/// use counterfoil::voucherify::mapping::segments::to_rule;
/// use serde_json::json;
/// let runners = json!({ "id": "seg_1", "filter": { "junction": "and", "metadata.sport": { "conditions": { "$is": ["running"] } },
///     "summary.orders.total_amount": { "conditions": { "$more_than": [10000] } } } });
/// let mapped = to_rule(&runners, "EUR");
/// assert!(mapped.losses.is_empty());
/// assert_eq!(mapped.value, json!({ "all": [
///     { "type": "customer_attribute", "key": "sport", "in": ["running"] },
///     { "type": "total_spent", "moreThan": { "EUR": 10000 } } ] }));
/// ```
pub fn to_rule(segment: &Value, currency: &str) -> Mapped {
    let mut report = Report::default();
    let Some(filter) = segment["filter"].as_object() else {
        report.lost("type", "who is in it is a list of the shop's; requests tell it in `customer.segments`");
        return Mapped { losses: report.losses, ..Mapped::default() };
    };
    let mut conditions = Vec::new();
    for (name, asked) in filter.iter().filter(|(name, _)| *name != "junction") {
        match condition(name, &asked["conditions"], currency) {
            Some(condition) => conditions.push(condition),
            None => report.lost(
                &alloc::format!("filter.{name}"),
                "no condition of a document asks this; requests tell who is in the segment in `customer.segments`",
            ),
        }
    }
    if conditions.is_empty() && report.losses.is_empty() {
        report.lost("filter", "it asks nothing; requests tell who is in the segment in `customer.segments`");
    }
    let is_any = filter.get("junction").and_then(text).is_some_and(|junction| junction.eq_ignore_ascii_case("or"));
    // a part of what is asked would be another segment
    let value = match conditions.len() {
        _ if !report.losses.is_empty() => Value::Null,
        1 => conditions.pop().unwrap_or_default(),
        _ => json!({ if is_any { "any" } else { "all" }: conditions }),
    };
    Mapped { value, losses: report.losses, ..Mapped::default() }
}

fn condition(name: &str, conditions: &Value, currency: &str) -> Option<Value> {
    if let Some(key) = name.strip_prefix("metadata.") {
        return attribute("customer_attribute", key, conditions);
    }
    if let Some((_, kind)) = DAYS.iter().find(|(attribute, _)| *attribute == name) {
        return ago(kind, conditions);
    }
    let typed = |kind: &str, bounds: Row| {
        let mut told = row(&json!({ "type": kind }));
        told.extend(bounds);
        Some(Value::from(told))
    };
    match name {
        SPENT => typed("total_spent", bounds(conditions, |value| Some(json!({ currency: whole(value)? })))?),
        ORDERS => typed("order_count", bounds(conditions, |value| Some(whole(value)?.into()))?),
        "email" => {
            let asked = conditions.as_object().filter(|asked| asked.len() == 1)?;
            match asked.iter().next()? {
                (operator, _) if operator == "$has_value" => Some(json!({ "type": "email" })),
                (operator, ends) if operator == "$ends_with" => {
                    Some(json!({ "type": "email", "endsWith": list(ends) }))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn ago(kind: &str, conditions: &Value) -> Option<Value> {
    let mut told = row(&json!({ "type": kind }));
    for (operator, days) in conditions.as_object()? {
        let (_, member, less) = AGO.iter().find(|(known, ..)| known == operator)?;
        let days = whole(list(days).first()?)?.saturating_sub(*less);
        if days < 0 || told.contains_key(*member) {
            return None;
        }
        set(&mut told, member, json!({ "days": days }));
    }
    (told.len() > 1).then(|| told.into())
}

/// The segment of a rule, with what its filter asks.
pub fn to_segment(id: &str, rule: &Value, currency: &str) -> Mapped {
    let mut report = Report::default();
    let mut filter = Row::new();
    let is_any = rule["any"].is_array();
    let joined = if is_any { &rule["any"] } else { &rule["all"] };
    let conditions = if joined.is_array() { list(joined) } else { alloc::vec![rule] };
    set(&mut filter, "junction", if is_any { "or" } else { "and" });
    for condition in conditions {
        match asked(condition, currency) {
            Some((name, conditions)) if !filter.contains_key(&name) => {
                set(&mut filter, &name, json!({ "conditions": conditions }));
            }
            _ => {
                let kind = text(&condition["type"]).unwrap_or("rule");
                report.lost(&alloc::format!("segments.{kind}"), "no filter of a segment asks this");
            }
        }
    }
    let value = match report.losses.is_empty() {
        true => json!({ "id": id, "object": "segment", "type": "auto-update", "filter": filter }),
        false => Value::Null,
    };
    Mapped { value, losses: report.losses, ..Mapped::default() }
}

/// The attribute that a condition asks for, and what it asks.
fn asked(condition: &Value, currency: &str) -> Option<(alloc::string::String, Value)> {
    let numbers = |of: &dyn Fn(&Value) -> Value| {
        let mut conditions = Row::new();
        for (operator, bound) in BOUNDS.iter().take(4).filter(|(_, bound)| !condition[*bound].is_null()) {
            set(&mut conditions, operator, json!([of(&condition[*bound])]));
        }
        Value::from(conditions)
    };
    let kind = text(&condition["type"])?;
    if let Some((name, _)) = DAYS.iter().find(|(_, asks)| *asks == kind) {
        let mut conditions = Row::new();
        for (member, operator) in [("longerAgoThan", "$more_than"), ("within", "$less_than_or_equal")] {
            let span = row(&condition[member]);
            match span.get("days").and_then(whole) {
                Some(days) if span.len() == 1 => set(&mut conditions, operator, json!([days])),
                _ if span.is_empty() => {}
                _ => return None,
            }
        }
        return Some(((*name).into(), conditions.into()));
    }
    match kind {
        "customer_attribute" => {
            let rule = rule_of(condition, currency, false)?;
            Some((alloc::format!("metadata.{}", text(&rule["property"])?), rule["conditions"].clone()))
        }
        "total_spent" => Some((SPENT.into(), numbers(&|bound| bound[currency].clone()))),
        "order_count" if condition["every"].is_null() => Some((ORDERS.into(), numbers(&Value::clone))),
        "email" if condition["endsWith"].is_array() => {
            Some(("email".into(), json!({ "$ends_with": condition["endsWith"] })))
        }
        "email" => Some(("email".into(), json!({ "$has_value": [] }))),
        _ => None,
    }
}
