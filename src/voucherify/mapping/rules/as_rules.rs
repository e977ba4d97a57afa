//! Conditions and limits of a document as rules.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::super::super::fields::{list, row, set, text, Row};
use super::super::Report;
use super::{BOUNDS, PERIODS};

/// The rules of a document's condition and limits.
pub(in super::super) fn to_rules(document: &Value, currency: &str, rules: &mut Row, report: &mut Report) {
    let mut number = 0_u32;
    let mut next = |rule: Value, rules: &mut Row| {
        number = number.saturating_add(1);
        set(rules, &number.to_string(), rule);
        number.to_string()
    };
    let mut logic: Vec<String> = Vec::new();
    if !document["when"].is_null() {
        logic.extend(written(&document["when"], currency, rules, report, &mut next, true));
    }
    let limits = &document["limits"];
    let period = PERIODS.iter().find(|(_, period)| limits["period"] == *period).map(|(end, _)| *end);
    for (member, value) in row(limits).into_iter().filter(|(member, _)| member != "period" || period.is_none()) {
        let name = match (member.as_str(), period) {
            ("total", _) => "campaign.redemptions.count".to_string(),
            ("perCustomer", _) => "redemption.count.per_customer".to_string(),
            ("perPeriod", Some(period)) => alloc::format!("campaign.redemptions.count{period}"),
            ("perCustomerInPeriod", Some(period)) => alloc::format!("campaign.redemptions.customers_count{period}"),
            ("budget", _) => "campaign.orders.amount_discounted".to_string(),
            _ => {
                report.rule_lost(&alloc::format!("limits.{member}"), "no rule of an offer says this");
                continue;
            }
        };
        let most = if member == "budget" { value[currency].clone() } else { value };
        logic.push(next(json!({ "name": name, "conditions": { "$less_than_or_equal": [most] } }), rules));
    }
    if !logic.is_empty() {
        set(rules, "logic", logic.join(" and "));
    }
}

type Next<'a> = dyn FnMut(Value, &mut Row) -> String + 'a;

fn written(
    condition: &Value,
    currency: &str,
    rules: &mut Row,
    report: &mut Report,
    next: &mut Next<'_>,
    outer: bool,
) -> Option<String> {
    for (member, word) in [("all", " and "), ("any", " or ")] {
        if let Some(conditions) = condition[member].as_array() {
            let parts: Vec<String> = conditions
                .iter()
                .filter_map(|condition| written(condition, currency, rules, report, next, false))
                .collect();
            let joined = parts.join(word);
            return match parts.len() {
                0 => None,
                1 => Some(joined),
                _ if outer && member == "all" => Some(joined),
                _ => Some(alloc::format!("({joined})")),
            };
        }
    }
    let (asked, is_not) = if condition["not"].is_object() { (&condition["not"], true) } else { (condition, false) };
    if let Some(rule) = rule_of(asked, currency, is_not) {
        return Some(next(rule, rules));
    }
    if is_not {
        return Some(alloc::format!("not {}", written(asked, currency, rules, report, next, false)?));
    }
    let name = text(&asked["type"]).unwrap_or("when");
    report.rule_lost(&alloc::format!("when.{name}"), "no rule of an offer asks this");
    None
}

/// The rule that asks what a condition does.
pub(in super::super) fn rule_of(asked: &Value, currency: &str, is_not: bool) -> Option<Value> {
    let is = if is_not { "$is_not" } else { "$is" };
    let kind = text(&asked["type"])?;
    if is_not && !["segment", "contains"].contains(&kind) {
        return None;
    }
    let bounded = |of: &dyn Fn(&Value) -> Value| {
        let mut conditions = Row::new();
        for (operator, member) in BOUNDS.iter().take(4) {
            if !asked[*member].is_null() {
                set(&mut conditions, operator, json!([of(&asked[*member])]));
            }
        }
        conditions
    };
    Some(match kind {
        "segment" => json!({ "name": "customer.segment", "conditions": { is: asked["anyOf"] } }),
        "customer_attribute" | "order_attribute" => {
            let name = if kind == "order_attribute" { "order.metadata" } else { "customer.metadata" };
            let mut conditions = bounded(&Value::clone);
            for (member, operator) in [
                ("in", "$is"),
                ("notIn", "$is_not"),
                ("startsWith", "$starts_with"),
                ("endsWith", "$ends_with"),
                ("contains", "$contains"),
            ] {
                if asked[member].is_array() {
                    set(&mut conditions, operator, asked[member].clone());
                }
            }
            if let Some(present) = asked["present"].as_bool() {
                set(&mut conditions, if present { "$has_value" } else { "$is_unknown" }, json!([]));
            }
            json!({ "name": name, "property": asked["key"], "conditions": conditions })
        }
        "subtotal" if asked["lines"].is_null() => {
            let name = if text(&asked["base"]) == Some("running") { "order.amount" } else { "order.initial_amount" };
            json!({ "name": name, "conditions": bounded(&|value| value[currency].clone()) })
        }
        "line_count" if asked["lines"].is_null() => {
            json!({ "name": "order.items.count", "conditions": bounded(&Value::clone) })
        }
        "contains" => {
            let lines = row(&asked["lines"]);
            let (name, ids) = match lines.iter().next().map(|(member, ids)| (member.as_str(), ids)) {
                Some(("products", ids)) if lines.len() == 1 => ("product.id", bare(ids)),
                Some(("skus", ids)) if lines.len() == 1 => ("sku.id", bare(ids)),
                Some(("categories", _)) if lines.len() == 1 => ("product.id", entries(&asked["lines"])),
                // a line that is of several members is of all of them, which no rule asks
                _ if lines.keys().filter(|member| *member != "except").count() > 1 => return None,
                _ => {
                    let which = if is_not { "none" } else { "any" };
                    let told = meant(&lines)?;
                    return Some(json!({ "name": alloc::format!("order.items.{which}"), "conditions": told }));
                }
            };
            json!({ "name": name, "conditions": { is: ids } })
        }
        "quantity" | "subtotal" => {
            let (of, conditions) = if kind == "quantity" {
                ("order.items.aggregated_quantity", bounded(&Value::clone))
            } else {
                ("order.items.aggregated_amount", bounded(&|value| value[currency].clone()))
            };
            let mut are = row(&asked["lines"]);
            // what stands beside products or variants is where these are from
            let from = are.remove("categories").filter(|_| are.contains_key("products") || are.contains_key("skus"));
            let mut told = match &from {
                None => meant(&row(&asked["lines"]))?,
                Some(_) => meant(&are)?,
            };
            if let Some(categories) = from {
                set(&mut told, "$from", entries(&json!({ "categories": categories })));
            }
            let inner = json!({ "1": { "name": of, "conditions": conditions } });
            json!({ "name": "order.items.any", "conditions": told, "rules": inner })
        }
        "lines_are" => {
            let which = text(&asked["which"])?;
            let which = if which == "dearest" { "most_expensive" } else { which };
            let mut are = row(&asked["are"]);
            let mut inner = Row::new();
            for (member, name) in [("quantity", "order.items.quantity"), ("unitPrice", "order.items.price")] {
                let Some(limits) = are.remove(member) else { continue };
                let conditions: Row = BOUNDS
                    .iter()
                    .take(4)
                    .filter(|(_, bound)| !limits[*bound].is_null())
                    .map(|(operator, bound)| {
                        let value = if member == "quantity" { &limits[*bound] } else { &limits[*bound][currency] };
                        ((*operator).to_string(), json!([value]))
                    })
                    .collect();
                let number = inner.len().saturating_add(1).to_string();
                set(&mut inner, &number, json!({ "name": name, "conditions": conditions }));
            }
            for (property, conditions) in metadata(&mut are) {
                let number = inner.len().saturating_add(1).to_string();
                let rule = json!({ "name": "order.items.metadata", "property": property, "conditions": conditions });
                set(&mut inner, &number, rule);
            }
            let mut conditions = meant(&are)?;
            if asked["lines"].is_object() {
                set(&mut conditions, "$from", entries(&asked["lines"]));
            }
            let mut told = row(&json!({ "name": alloc::format!("order.items.{which}"), "conditions": conditions }));
            if !inner.is_empty() {
                set(&mut told, "rules", inner);
            }
            told.into()
        }
        _ => return None,
    })
}

/// What is asked of attributes of lines, by attribute; it is taken out.
fn metadata(are: &mut Row) -> Row {
    let mut by_name = Row::new();
    let lists = [(are.remove("attributes"), "$is"), (taken_of_except(are), "$is_not")];
    for (attributes, operator) in lists {
        for (name, values) in attributes.iter().flat_map(Value::as_object).flatten() {
            by_name.entry(name.as_str()).or_insert_with(|| json!({}))[operator] = values.clone();
        }
    }
    let numbers = are.remove("numbers");
    for (name, limits) in numbers.iter().flat_map(Value::as_object).flatten() {
        for (operator, bound) in BOUNDS.iter().take(4).filter(|(_, bound)| !limits[*bound].is_null()) {
            by_name.entry(name.as_str()).or_insert_with(|| json!({}))[*operator] = json!([limits[*bound]]);
        }
    }
    by_name
}

fn taken_of_except(are: &mut Row) -> Option<Value> {
    let except = are.get_mut("except")?.as_object_mut()?;
    let attributes = except.remove("attributes");
    if except.is_empty() {
        are.remove("except");
    }
    attributes
}

fn bare(ids: &Value) -> Vec<Value> {
    list(ids).into_iter().map(|id| json!({ "id": id })).collect()
}

fn entries(lines: &Value) -> Vec<Value> {
    let mut entries = Vec::new();
    for (member, object) in [("products", "product"), ("skus", "sku"), ("categories", "products_collection")] {
        entries.extend(list(&lines[member]).into_iter().map(|id| json!({ "id": id, "object": object })));
    }
    entries
}

/// Which lines are meant: of products, variants or collections, and not of others; none where they are told by more.
fn meant(lines: &Row) -> Option<Row> {
    const KNOWN: [&str; 4] = ["products", "skus", "categories", "except"];
    const EXCEPT: [&str; 3] = ["products", "skus", "categories"];
    let except = lines.get("except").map(row).unwrap_or_default();
    if !lines.keys().all(|member| KNOWN.contains(&member.as_str()))
        || !except.keys().all(|member| EXCEPT.contains(&member.as_str()))
    {
        return None;
    }
    let mut told = Row::new();
    for (operator, named) in [("$is", entries(&lines.clone().into())), ("$is_not", entries(&except.into()))] {
        if !named.is_empty() {
            set(&mut told, operator, named);
        }
    }
    Some(told)
}
