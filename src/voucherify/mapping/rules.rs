//! Validation rules as conditions and limits, and back.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::super::fields::{list, row, set, text, whole, Row};
use super::super::logic::Tree;
use super::Report;

const BOUNDS: [(&str, &str); 8] = [
    ("$more_than", "moreThan"),
    ("$more_than_or_equal", "atLeast"),
    ("$less_than", "lessThan"),
    ("$less_than_or_equal", "atMost"),
    ("$greater_than", "moreThan"),
    ("$greater_than_or_equal", "atLeast"),
    ("$is", "is"),
    ("$in", "is"),
];

/// The condition of a set of rules; what counts redemptions becomes a limit.
pub(super) fn when(set_of_rules: &Value, currency: &str, limits: &mut Row, report: &mut Report) -> Option<Value> {
    let rules = set_of_rules["rules"].as_object()?;
    let numbers: Vec<&str> =
        rules.iter().filter(|(_, rule)| rule.is_object()).map(|(number, _)| number.as_str()).collect();
    let tree = Tree::read(text(&set_of_rules["rules"]["logic"]).unwrap_or_default(), numbers.iter().copied());
    let is_all = matches!(&tree, Tree::Rule(_))
        || matches!(&tree, Tree::All(trees) if trees.iter().all(|tree| matches!(tree, Tree::Rule(_))));
    for number in &numbers {
        let words = &rules[*number]["error"]["message"];
        if !words.is_null() {
            report.lost("validation_rule.error", "refusals have words of their own; a shop words them by `code`");
        }
    }
    if !set_of_rules["error"].is_null() {
        report.lost("validation_rule.error", "refusals have words of their own; a shop words them by `code`");
    }
    of_tree(&tree, &mut |number| {
        let rule = &set_of_rules["rules"][number];
        let name = text(&rule["name"]).unwrap_or_default();
        if name == "publication.redeemable_by_linked_customer" && rule["conditions"] == json!({ "$is": [true] }) {
            match is_all {
                true => report.for_holders = true,
                false => report.rule_lost(name, "whose a code is holds by itself, not as one of several choices"),
            }
            return None;
        }
        if let Some(limit) = limit(name) {
            if !is_all {
                report.rule_lost(name, "a limit holds by itself, not as one of several choices");
            } else if !take_limit(limit, rule, currency, limits) {
                report.rule_lost(name, "a limit is told as the most there may be");
            }
            return None;
        }
        let condition = condition(rule, currency);
        if condition.is_none() {
            report.rule_lost(name, "no condition of a document asks this");
        }
        condition
    })
}

fn of_tree(tree: &Tree, of: &mut dyn FnMut(&str) -> Option<Value>) -> Option<Value> {
    let mut joined = |trees: &[Tree], word: &str| {
        let mut conditions: Vec<Value> = trees.iter().filter_map(|tree| of_tree(tree, of)).collect();
        if conditions.len() > 1 {
            Some(json!({ word: conditions }))
        } else {
            conditions.pop()
        }
    };
    match tree {
        Tree::Rule(number) => of(number),
        Tree::All(trees) => joined(trees, "all"),
        Tree::Any(trees) => joined(trees, "any"),
        Tree::Not(tree) => of_tree(tree, of).map(|condition| json!({ "not": condition })),
    }
}

fn limit(name: &str) -> Option<&'static str> {
    Some(match name {
        "campaign.redemptions.count.daily"
        | "campaign.redemptions.count.weekly"
        | "campaign.redemptions.count.monthly" => "perPeriod",
        "campaign.redemptions.customers_count.daily"
        | "campaign.redemptions.customers_count.weekly"
        | "campaign.redemptions.customers_count.monthly" => "perCustomerInPeriod",
        "campaign.redemptions.count" => "total",
        "redemption.count.per_customer" | "campaign.redemptions.customers_count" => "perCustomer",
        "campaign.orders.amount_discounted" => "budget",
        _ => return None,
    })
}

const PERIODS: [(&str, &str); 3] = [(".daily", "day"), (".weekly", "week"), (".monthly", "month")];

fn take_limit(limit: &str, rule: &Value, currency: &str, limits: &mut Row) -> bool {
    let conditions = &rule["conditions"];
    let first = |operator: &str| list(&conditions[operator]).first().and_then(|value| whole(value));
    let most = first("$less_than_or_equal").or_else(|| first("$less_than").map(|most| most.saturating_sub(1)));
    let Some(most) = most else { return false };
    let period = text(&rule["name"]).and_then(|name| PERIODS.iter().find(|(end, _)| name.ends_with(end)));
    if let Some((_, period)) = period {
        // one period is told for both limits of periods
        if limits.get("period").is_some_and(|told| told.as_str() != Some(period)) {
            return false;
        }
        set(limits, "period", *period);
    }
    let value = if limit == "budget" { json!({ currency: most }) } else { most.into() };
    set(limits, limit, value);
    true
}

/// The values that an operator names.
fn values(conditions: &Value, operators: &[&str]) -> Vec<Value> {
    let named = operators.iter().flat_map(|operator| list(&conditions[*operator]));
    named.map(|value| if value["id"].is_string() { value["id"].clone() } else { value.clone() }).collect()
}

fn condition(rule: &Value, currency: &str) -> Option<Value> {
    let conditions = &rule["conditions"];
    let (is, is_not) = (values(conditions, &["$is", "$in"]), values(conditions, &["$is_not", "$not_in"]));
    let property = text(&rule["property"]).unwrap_or_default();
    let negated =
        |condition: Value| if is.is_empty() && !is_not.is_empty() { json!({ "not": condition }) } else { condition };
    let named = if is.is_empty() { &is_not } else { &is };
    Some(match text(&rule["name"])? {
        "customer.segment" if !named.is_empty() => negated(json!({ "type": "segment", "anyOf": named })),
        "customer.metadata" => attribute("customer_attribute", property, conditions)?,
        "order.metadata" => attribute("order_attribute", property, conditions)?,
        "order.amount" => amount("running", conditions, currency)?,
        "order.initial_amount" => amount("original", conditions, currency)?,
        "order.items.count" => {
            let mut told = row(&json!({ "type": "line_count" }));
            told.extend(bounds(conditions, |value| Some(value.clone()))?);
            told.into()
        }
        name @ ("product.id" | "sku.id")
            if !named.is_empty() && rule["rules"].as_object().is_none_or(|inner| inner.is_empty()) =>
        {
            let member = if name == "sku.id" { "skus" } else { "products" };
            negated(json!({ "type": "contains", "lines": { member: named } }))
        }
        name => of_lines(name.strip_prefix("order.items.")?, rule, currency)?,
    })
}

/// `order.items.any` and the like.
fn of_lines(which: &str, rule: &Value, currency: &str) -> Option<Value> {
    let which = match which {
        "any" | "every" | "none" | "cheapest" => which,
        "most_expensive" => "dearest",
        _ => return None,
    };
    let is = list(&rule["conditions"]["$is"]);
    let are = selector(&is)?;
    let mut inner =
        rule["rules"].as_object().into_iter().flat_map(|rules| rules.values()).filter(|rule| rule.is_object());
    let told = match (inner.next(), inner.next()) {
        (None, _) => json!({ "type": "lines_are", "which": which, "are": are }),
        (Some(asked), None) if which == "any" => {
            let conditions = &asked["conditions"];
            let of = text(&asked["name"])?.rsplit('.').next()?;
            let mut told = match of {
                "aggregated_quantity" => row(&json!({ "type": "quantity", "lines": are })),
                "aggregated_amount" => row(&json!({ "type": "subtotal", "base": "running", "lines": are })),
                _ => return None,
            };
            let is_money = of == "aggregated_amount";
            let bounds = bounds(conditions, |value| {
                Some(if is_money { json!({ currency: whole(value)? }) } else { value.clone() })
            });
            told.extend(bounds?);
            told.into()
        }
        _ => return None,
    };
    let from = list(&rule["conditions"]["$from"]);
    if from.is_empty() {
        return Some(told);
    }
    let mut told = row(&told);
    set(&mut told, "lines", selector(&from)?);
    Some(told.into())
}

fn selector(entries: &[&Value]) -> Option<Value> {
    let mut lines = Row::new();
    for entry in entries {
        let object = text(&entry["object"]).or_else(|| text(&entry["type"]));
        let member = match object {
            Some("sku") => "skus",
            Some("products_collection") => "categories",
            _ => "products",
        };
        let name = text(&entry["id"]).or_else(|| text(entry))?;
        let listed = lines.entry(member).or_insert_with(|| json!([]));
        listed.as_array_mut()?.push(name.into());
    }
    // values of several members would all have to hold
    (lines.len() == 1).then(|| lines.into())
}

fn amount(base: &str, conditions: &Value, currency: &str) -> Option<Value> {
    let mut told = row(&json!({ "type": "subtotal", "base": base }));
    told.extend(bounds(conditions, |value| Some(json!({ currency: whole(value)? })))?);
    Some(told.into())
}

/// The bounds that conditions set; nothing where they set others than bounds.
fn bounds(conditions: &Value, of: impl Fn(&Value) -> Option<Value>) -> Option<Row> {
    let mut bounds = Row::new();
    for (operator, values) in conditions.as_object()? {
        let (_, member) = BOUNDS.iter().find(|(known, _)| known == operator)?;
        let listed = list(values);
        let value = of(listed.first()?)?;
        match *member {
            "is" if listed.len() == 1 => {
                set(&mut bounds, "atLeast", value.clone());
                set(&mut bounds, "atMost", value);
            }
            "is" => return None,
            member => set(&mut bounds, member, value),
        }
    }
    (!bounds.is_empty()).then_some(bounds)
}

const WORDS: [(&str, &str); 3] =
    [("$starts_with", "startsWith"), ("$ends_with", "endsWith"), ("$contains", "contains")];

fn attribute(kind: &str, key: &str, conditions: &Value) -> Option<Value> {
    let mut told = row(&json!({ "type": kind, "key": key }));
    for (operator, wanted) in conditions.as_object()? {
        let listed = list(wanted);
        let whole_first = || listed.first().and_then(|value| whole(value));
        match operator.as_str() {
            "$is" | "$in" => set(&mut told, "in", json!(listed)),
            "$is_not" | "$not_in" => set(&mut told, "notIn", json!(listed)),
            "$has_value" => set(&mut told, "present", true),
            "$is_unknown" => set(&mut told, "present", false),
            other => match WORDS.iter().find(|(word, _)| *word == other) {
                Some((_, member)) => set(&mut told, member, json!(listed)),
                None => {
                    let (_, member) = BOUNDS.iter().find(|(known, _)| *known == other)?;
                    set(&mut told, member, whole_first()?);
                }
            },
        }
    }
    Some(told.into())
}

/// The rules of a document's condition and limits.
pub(super) fn to_rules(document: &Value, currency: &str, rules: &mut Row, report: &mut Report) {
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
    for (member, value) in row(limits) {
        let name = match member.as_str() {
            "total" => "campaign.redemptions.count",
            "perCustomer" => "redemption.count.per_customer",
            "budget" => "campaign.orders.amount_discounted",
            _ => {
                report.lost(&alloc::format!("limits.{member}"), "no rule of an offer says this");
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
    match rule_of(asked, currency, is_not) {
        Some(rule) => Some(next(rule, rules)),
        None => {
            let name = text(&asked["type"]).unwrap_or("when");
            report.lost(&alloc::format!("when.{name}"), "no rule of an offer asks this");
            None
        }
    }
}

fn rule_of(asked: &Value, currency: &str, is_not: bool) -> Option<Value> {
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
            let (name, ids) = match (&asked["lines"]["products"], &asked["lines"]["skus"]) {
                (Value::Null, Value::Null) => return None,
                (Value::Null, skus) => ("sku.id", skus),
                (products, _) => ("product.id", products),
            };
            let ids: Vec<Value> = list(ids).into_iter().map(|id| json!({ "id": id })).collect();
            json!({ "name": name, "conditions": { is: ids } })
        }
        "quantity" | "subtotal" => {
            let (of, conditions) = if kind == "quantity" {
                ("order.items.aggregated_quantity", bounded(&Value::clone))
            } else {
                ("order.items.aggregated_amount", bounded(&|value| value[currency].clone()))
            };
            let inner = json!({ "1": { "name": of, "conditions": conditions } });
            json!({ "name": "order.items.any", "conditions": { "$is": entries(&asked["lines"]) }, "rules": inner })
        }
        "lines_are" => {
            let which = text(&asked["which"])?;
            let which = if which == "dearest" { "most_expensive" } else { which };
            let mut conditions = row(&json!({ "$is": entries(&asked["are"]) }));
            if asked["lines"].is_object() {
                set(&mut conditions, "$from", entries(&asked["lines"]));
            }
            json!({ "name": alloc::format!("order.items.{which}"), "conditions": conditions })
        }
        _ => return None,
    })
}

fn entries(lines: &Value) -> Vec<Value> {
    let mut entries = Vec::new();
    for (member, object) in [("products", "product"), ("skus", "sku"), ("categories", "products_collection")] {
        entries.extend(list(&lines[member]).into_iter().map(|id| json!({ "id": id, "object": object })));
    }
    entries
}
