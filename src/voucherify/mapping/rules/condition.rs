//! A rule as a condition.

use alloc::vec::Vec;

use serde_json::{json, Value};

use super::super::super::fields::{list, row, set, text, whole, Row};
use super::super::super::logic::Tree;
use super::{join, BOUNDS};

/// Operators that name what is meant, and those that name what is not.
const IS: [&str; 2] = ["$is", "$in"];
const IS_NOT: [&str; 2] = ["$is_not", "$not_in"];

/// Whether what stands within a rule of this name is asked of the lines that it means.
pub(super) fn asks_lines(name: &str) -> bool {
    name == "product.id" || name == "sku.id" || which_of(name).is_some()
}

/// Which lines `order.items.any` and the like ask about, as a condition names them.
fn which_of(name: &str) -> Option<&str> {
    match name.strip_prefix("order.items.")? {
        which @ ("any" | "every" | "none" | "cheapest") => Some(which),
        "most_expensive" => Some("dearest"),
        _ => None,
    }
}

/// The condition of a rule, what stands within it left to the caller; none where no condition asks all of it.
pub(super) fn condition(rule: &Value, currency: &str) -> Option<Value> {
    let conditions = &rule["conditions"];
    let property = text(&rule["property"]).unwrap_or_default();
    match text(&rule["name"])? {
        "customer.segment" | "customer.segments" => segment(conditions),
        "customer.metadata" => attribute("customer_attribute", property, conditions),
        "order.metadata" => attribute("order_attribute", property, conditions),
        "order.amount" => amount("running", conditions, currency),
        "order.initial_amount" => amount("original", conditions, currency),
        "order.items.count" => {
            let mut told = row(&json!({ "type": "line_count" }));
            told.extend(bounds(conditions, |value| Some(value.clone()))?);
            Some(told.into())
        }
        name => of_some_line(name, property, conditions, currency),
    }
}

/// A rule about what some line is, or every one.
fn of_some_line(name: &str, property: &str, conditions: &Value, currency: &str) -> Option<Value> {
    let (which, asks) = match name {
        "product.metadata" | "sku.metadata" | "order.items.metadata_any" => ("any", "metadata"),
        "product.metadata.match_all" | "sku.metadata.match_all" | "order.items.metadata_each" => ("every", "metadata"),
        "product.price" | "sku.price" | "order.items.price_any" => ("any", "price"),
        "order.items.price_each" => ("every", "price"),
        "product.quantity" | "sku.quantity" => ("any", "quantity"),
        _ => return None,
    };
    let mut are = Row::new();
    asked_of_lines(asks, property, conditions, currency, &mut are)?;
    Some(json!({ "type": "lines_are", "which": which, "are": are }))
}

/// Writes what is asked of each line by itself.
fn asked_of_lines(asks: &str, property: &str, conditions: &Value, currency: &str, are: &mut Row) -> Option<()> {
    match asks {
        "quantity" => set(are, "quantity", bounds(conditions, |value| Some(value.clone()))?),
        "price" => set(are, "unitPrice", bounds(conditions, |value| Some(json!({ currency: whole(value)? })))?),
        _ => {
            for (operator, wanted) in conditions.as_object()? {
                let values = list(wanted);
                if !values.iter().all(|value| value.is_string() || value.is_boolean() || value.is_i64()) {
                    return None;
                }
                let within = match operator.as_str() {
                    is if IS.contains(&is) => are.entry("attributes").or_insert_with(|| json!({})),
                    is if IS_NOT.contains(&is) => {
                        let except = are.entry("except").or_insert_with(|| json!({})).as_object_mut()?;
                        except.entry("attributes").or_insert_with(|| json!({}))
                    }
                    other => {
                        let (_, bound) = BOUNDS.iter().take(6).find(|(known, _)| *known == other)?;
                        let numbers = are.entry("numbers").or_insert_with(|| json!({}));
                        numbers[property][*bound] = whole(values.first()?)?.into();
                        continue;
                    }
                };
                // two lists of one attribute would both have to hold
                if !within[property].is_null() || values.is_empty() {
                    return None;
                }
                within[property] = json!(values);
            }
        }
    }
    Some(())
}

/// Whether a condition asks for attributes of lines.
pub(super) fn asks_attributes(condition: &Value) -> bool {
    match condition {
        Value::Object(members) => {
            let asks = |of: &str| members.get(of).is_some_and(Value::is_object);
            asks("attributes") || asks("numbers") || members.values().any(asks_attributes)
        }
        Value::Array(elements) => elements.iter().any(asks_attributes),
        _ => false,
    }
}

fn segment(conditions: &Value) -> Option<Value> {
    let mut asked = Vec::new();
    for (operator, segments) in conditions.as_object()? {
        let is_not = IS_NOT.contains(&operator.as_str());
        if !is_not && !IS.contains(&operator.as_str()) {
            return None;
        }
        let names: Option<Vec<&str>> =
            list(segments).into_iter().map(|segment| text(segment).or_else(|| text(&segment["id"]))).collect();
        let is_in = json!({ "type": "segment", "anyOf": names.filter(|names| !names.is_empty())? });
        asked.push(if is_not { json!({ "not": is_in }) } else { is_in });
    }
    join("all", asked)
}

/// The condition of a rule about lines, with what stands within it.
pub(super) fn of_lines(name: &str, rule: &Value, currency: &str) -> Option<Value> {
    let conditions = row(&rule["conditions"]);
    let known = |operator: &str| IS.contains(&operator) || IS_NOT.contains(&operator) || operator == "$from";
    if !conditions.keys().all(|operator| known(operator)) {
        return None;
    }
    let named = |operators: &[&str]| -> Vec<&Value> {
        operators.iter().flat_map(|operator| list(&rule["conditions"][*operator])).collect()
    };
    let object = if name == "sku.id" { "sku" } else { "product" };
    let (is, is_not, from) = (named(&IS), named(&IS_NOT), named(&["$from"]));
    let Some(which) = which_of(name) else {
        return products(&is, &is_not, object, &rule["rules"], currency);
    };
    let mut are = one_list(&is, object)?;
    if !is_not.is_empty() {
        set(&mut are, "except", lists(&is_not, object)?);
    }
    let from = one_list(&from, object)?;
    // sums are of all lines that are meant, whatever else is asked of each
    let meant = are.clone();
    let mut told = row(&json!({ "type": "lines_are", "which": which }));
    let mut more = Vec::new();
    for inner in inner_rules(&rule["rules"])? {
        let what = text(&inner["name"])?.rsplit('.').next()?;
        let is_one = matches!(which, "cheapest" | "dearest");
        match what {
            "discount_applicable" => {}
            // of one line its units are all there are
            "aggregated_quantity" if !is_one && which != "none" => {
                let lines = both(&meant, &from)?;
                let mut asked = row(&json!({ "type": "quantity", "lines": lines }));
                asked.extend(bounds(&inner["conditions"], |value| Some(value.clone()))?);
                more.push(asked.into());
            }
            "aggregated_amount" if !is_one && which != "none" => {
                more.push(of_amount(&both(&meant, &from)?, &inner["conditions"], currency)?);
            }
            "quantity" | "aggregated_quantity" | "price" | "metadata" if which != "none" => {
                let asks = if what == "aggregated_quantity" { "quantity" } else { what };
                let property = text(&inner["property"]).unwrap_or_default();
                asked_of_lines(asks, property, &inner["conditions"], currency, &mut are)?;
            }
            _ => return None,
        }
    }
    // what is summed up of the lines says that there are some
    if which != "any" || more.is_empty() || are != meant {
        if !from.is_empty() {
            set(&mut told, "lines", from);
        }
        set(&mut told, "are", are);
        more.insert(0, told.into());
    }
    join("all", more)
}

/// `product.id` and `sku.id`: some line is of the ones, none of the others; what stands within is asked of the lines.
fn products(is: &[&Value], is_not: &[&Value], object: &str, inner: &Value, currency: &str) -> Option<Value> {
    let mut asked = Vec::new();
    let lines = one_list(is, object)?;
    for inner in inner_rules(inner)? {
        match text(&inner["name"])?.rsplit('.').next()? {
            // which products the discount is for
            "discount_applicable" => {}
            "aggregated_quantity" if !lines.is_empty() => {
                let mut told = row(&json!({ "type": "quantity", "lines": lines }));
                told.extend(bounds(&inner["conditions"], |value| Some(value.clone()))?);
                asked.push(told.into());
            }
            "aggregated_amount" if !lines.is_empty() => asked.push(of_amount(&lines, &inner["conditions"], currency)?),
            _ => return None,
        }
    }
    if !lines.is_empty() {
        asked.insert(0, json!({ "type": "contains", "lines": lines }));
    }
    for (member, ids) in lists(is_not, object)? {
        asked.push(json!({ "not": { "type": "contains", "lines": { member: ids } } }));
    }
    join("all", asked)
}

/// The rules within a rule, where all of them must hold.
fn inner_rules(rules: &Value) -> Option<Vec<&Value>> {
    let Some(members) = rules.as_object() else { return Some(Vec::new()) };
    let numbers = members.iter().filter(|(_, rule)| rule.is_object()).map(|(number, _)| number.as_str());
    let numbers: Vec<&str> = numbers.collect();
    let tree = Tree::read(text(&rules["logic"]).unwrap_or_default(), numbers.iter().copied());
    let is_whole = tree.is_all() && numbers.iter().all(|number| tree.names(number));
    is_whole.then(|| numbers.iter().map(|number| &rules[*number]).collect())
}

/// What lines of two selectors have in common: of what both name, only what is in both lists.
fn both(one: &Row, other: &Row) -> Option<Row> {
    let mut lines = one.clone();
    for (member, value) in other {
        match lines.get(member) {
            None => set(&mut lines, member, value.clone()),
            // a line has one product and one variant
            Some(own) if matches!(member.as_str(), "products" | "skus") => {
                let shared: Vec<&Value> = list(own).into_iter().filter(|name| list(value).contains(name)).collect();
                if shared.is_empty() {
                    return None;
                }
                let shared = json!(shared);
                set(&mut lines, member, shared);
            }
            Some(_) => return None,
        }
    }
    Some(lines)
}

/// Products, variants and collections by the members of a selector.
fn lists(entries: &[&Value], object: &str) -> Option<Row> {
    let mut lines = Row::new();
    for entry in entries {
        let member = match text(&entry["object"]).or_else(|| text(&entry["type"])).unwrap_or(object) {
            "sku" => "skus",
            "products_collection" => "categories",
            _ => "products",
        };
        let name = text(&entry["id"]).or_else(|| text(entry))?;
        lines.entry(member).or_insert_with(|| json!([])).as_array_mut()?.push(name.into());
    }
    Some(lines)
}

/// The same where they are one kind: values of several members would all have to hold.
fn one_list(entries: &[&Value], object: &str) -> Option<Row> {
    lists(entries, object).filter(|lines| lines.len() <= 1)
}

fn of_amount(lines: &Row, conditions: &Value, currency: &str) -> Option<Value> {
    let mut told = row(&amount("running", conditions, currency)?);
    set(&mut told, "lines", lines.clone());
    Some(told.into())
}

fn amount(base: &str, conditions: &Value, currency: &str) -> Option<Value> {
    let mut told = row(&json!({ "type": "subtotal", "base": base }));
    told.extend(bounds(conditions, |value| Some(json!({ currency: whole(value)? })))?);
    Some(told.into())
}

/// The bounds that conditions set; nothing where they set others than bounds.
pub(in super::super) fn bounds(conditions: &Value, of: impl Fn(&Value) -> Option<Value>) -> Option<Row> {
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

/// The condition on an attribute; none where an operator is none of its members.
pub(in super::super) fn attribute(kind: &str, key: &str, conditions: &Value) -> Option<Value> {
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
