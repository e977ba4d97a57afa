//! Validation rules: named questions, joined by a text of logic, each with the merchant's own words for when it fails.

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::call::Call;
use super::customer::Customer;
use super::fault::Fault;
use super::fields::{at, list, text};
use super::line::Line;
use super::order::Order;
use super::redeemable::Redeemable;
use super::target::{means, Named};
use super::{count, logic, predicate};

/// What rules are asked about.
pub(super) struct Asked<'a> {
    pub(super) call: &'a Call,
    pub(super) customer: &'a Customer,
    pub(super) redeemable: &'a Redeemable,
    /// The order before this redeemable.
    pub(super) before: &'a Order,
    /// The order after it.
    pub(super) after: &'a Order,
    /// Metadata of the redemption.
    pub(super) metadata: &'a Value,
    /// Credits or points that are used.
    pub(super) used: i64,
    /// The custom event that earns.
    pub(super) event: &'a Value,
    /// Whether only rules about the customer are asked.
    pub(super) audience_only: bool,
    /// Whether rules that count redemptions are left out.
    pub(super) uncounted: bool,
}

/// Why the rules of the redeemable say no, if they do.
pub(super) fn refusal(asked: &Asked<'_>) -> Result<(), Fault> {
    asked.redeemable.rules.iter().try_for_each(|set| refusal_of(asked, set))
}

/// The same of one set of rules.
pub(super) fn refusal_of(asked: &Asked<'_>, set: &Value) -> Result<(), Fault> {
    let Some(rules) = set["rules"].as_object() else { return Ok(()) };
    let numbered: Vec<(&String, &Value)> = rules.iter().filter(|(_, rule)| rule.is_object()).collect();
    let mut needs_customer = false;
    let answers: Vec<(String, bool)> = numbered
        .iter()
        .map(|(number, rule)| {
            let name = text(&rule["name"]).unwrap_or_default();
            if is_left_out(asked, name) {
                return ((*number).clone(), true);
            }
            needs_customer |= asks_who(name) && !asked.customer.is_known();
            ((*number).clone(), holds(asked, rule))
        })
        .collect();
    if needs_customer {
        let details = "Customer is required to validate rules";
        return Err(Fault::new(400, "missing_customer", "Missing customer", details));
    }
    if logic::holds(text(&set["rules"]["logic"]).unwrap_or_default(), &answers) {
        return Ok(());
    }
    let failed = |number: &str| answers.iter().any(|(answered, holds)| answered == number && !holds);
    let mut failing: Vec<&(&String, &Value)> = numbered.iter().filter(|(number, _)| failed(number)).collect();
    failing.sort_by_key(|(number, _)| number.parse::<u32>().unwrap_or(u32::MAX));
    let worded = failing.iter().find_map(|(_, rule)| text(&rule["error"]["message"]));
    let own_words = worded.or_else(|| text(&set["error"]["message"])).map(String::from);
    let name = failing.first().and_then(|(_, rule)| text(&rule["name"])).unwrap_or_default();
    let (key, of) = class(name);
    // with the merchant's own words the text is still the older one, which speaks of segments
    let rules = if name == "customer.segment" && own_words.is_some() { "segment" } else { "validation" };
    let message = alloc::format!("{of} does not match {rules} rules");
    let details = match text(&set["id"]).filter(|_| key == "redemption_rules_violated") {
        Some(id) => {
            let what = asked.redeemable.kind_name();
            alloc::format!("{what} cannot be redeemed because of violated validation rules: {id}")
        }
        None => message.clone(),
    };
    Err(Fault { own_words, ..Fault::new(400, key, &message, details) })
}

fn class(name: &str) -> (&'static str, &'static str) {
    match name.split('.').next() {
        Some("customer") => ("customer_rules_violated", "customer"),
        Some("order" | "product" | "sku") => ("order_rules_violated", "order"),
        _ => ("redemption_rules_violated", "redemption"),
    }
}

fn asks_who(name: &str) -> bool {
    name.starts_with("customer.") || name.contains("per_customer") || name.contains("customers_count")
}

/// Whether a rule is not asked in a check of eligibility.
pub(super) fn is_left_out(asked: &Asked<'_>, name: &str) -> bool {
    (asked.audience_only && !name.starts_with("customer.")) || (asked.uncounted && counts(name))
}

/// Whether a rule is one of those that eligibility leaves out: what was redeemed before, and the order's amount.
pub(super) fn counts(name: &str) -> bool {
    name == "order.amount"
        || ["campaign.orders.", "campaign.redemptions.", "redemption.count.per_customer"]
            .iter()
            .any(|counted| name.starts_with(counted))
}

fn holds(asked: &Asked<'_>, rule: &Value) -> bool {
    let name = text(&rule["name"]).unwrap_or_default();
    if let Some(which) = name.strip_prefix("order.items.").filter(|which| LINES.contains(which)) {
        return lines(asked, rule, which);
    }
    if let Some(object) = name.strip_suffix(".id").filter(|object| ["product", "sku"].contains(object)) {
        return products(asked, rule, object);
    }
    let is_so = is_so(asked, rule, name);
    is_so && nested(&rule["rules"], &|inner| holds(asked, inner))
}

const LINES: &[&str] = &["any", "every", "none", "cheapest", "most_expensive"];

/// Rules within a rule.
fn nested(rules: &Value, holds: &dyn Fn(&Value) -> bool) -> bool {
    let Some(members) = rules.as_object() else { return true };
    let answers: Vec<(String, bool)> = members
        .iter()
        .filter(|(_, rule)| rule.is_object())
        .map(|(number, rule)| (number.clone(), holds(rule)))
        .collect();
    logic::holds(text(&rules["logic"]).unwrap_or_default(), &answers)
}

fn is_so(asked: &Asked<'_>, rule: &Value, name: &str) -> bool {
    let conditions = &rule["conditions"];
    let property = text(&rule["property"]).unwrap_or_default();
    let is = |value: Value| predicate::holds(conditions, &value, asked.call.now, &asked.call.project);
    let order = asked.before;
    if let Some(counted) = count::asked(asked, name) {
        return is(counted.into());
    }
    match name {
        "customer.segment" | "customer.segments" => segment(asked, conditions),
        "customer.metadata" => is(asked.customer.row["metadata"][property].clone()),
        "order.amount" => is(order.left().into()),
        "order.total_amount" => is(asked.after.left().into()),
        "order.initial_amount" => is(order.initial_amount.into()),
        "order.items.count" => is(order.lines.len().into()),
        "order.metadata" => {
            is(order.sent.get("metadata").map(|metadata| metadata[property].clone()).unwrap_or_default())
        }
        "order.items.price_any" => order.lines.iter().any(|line| is(line.unit_price().into())),
        "order.items.price_each" => order.lines.iter().all(|line| is(line.unit_price().into())),
        "order.items.metadata_any" => order.lines.iter().any(|line| is(line.metadata("line")[property].clone())),
        "order.items.metadata_each" => order.lines.iter().all(|line| is(line.metadata("line")[property].clone())),
        "redemption.metadata" => is(asked.metadata[property].clone()),
        "redemption.reward.pay_with_points.points_used" => is(asked.used.into()),
        "redemption.api_key" => is(asked.call.path["api_key"].clone()),
        "redemption.user.login" => is(asked.call.path["user"].clone()),
        "custom_event.metadata" => is(asked.event["metadata"][property].clone()),
        "publication.redeemable_by_linked_customer" => {
            let is_holder = asked.redeemable.holder().is_none_or(|holder| asked.customer.is(&holder));
            predicate::holds(conditions, &is_holder.into(), asked.call.now, &asked.call.project)
        }
        _ => of_lines(asked, rule, name),
    }
}

fn segment(asked: &Asked<'_>, conditions: &Value) -> bool {
    let Some(conditions) = conditions.as_object() else { return true };
    conditions.iter().all(|(operator, segments)| {
        let names = list(segments);
        let is_in = names
            .into_iter()
            .filter_map(|segment| text(segment).or_else(|| text(&segment["id"])))
            .any(|segment| asked.customer.is_in(asked.call, segment));
        is_in != matches!(operator.as_str(), "$is_not" | "$not_in")
    })
}

/// Rules about products and variants that stand by themselves, and attributes of the customer.
fn of_lines(asked: &Asked<'_>, rule: &Value, name: &str) -> bool {
    let (conditions, property) = (&rule["conditions"], text(&rule["property"]).unwrap_or_default());
    let is = |value: Value| predicate::holds(conditions, &value, asked.call.now, &asked.call.project);
    if let Some(attribute) = name.strip_prefix("customer.") {
        return is(at(&asked.customer.row, attribute).clone());
    }
    let Some((object, what)) = name.split_once('.').filter(|(object, _)| ["product", "sku"].contains(object)) else {
        return false;
    };
    let lines = &asked.before.lines;
    match what {
        "price" => lines.iter().any(|line| is(line.unit_price().into())),
        "quantity" => lines.iter().any(|line| is(line.quantity.into())),
        "discount_applicable" => true,
        "metadata" => lines.iter().any(|line| is(line.metadata(object)[property].clone())),
        "metadata.match_all" => lines.iter().all(|line| is(line.metadata(object)[property].clone())),
        _ => false,
    }
}

/// `order.items.any` and the like: which lines are of the products, and what is asked of those.
fn lines(asked: &Asked<'_>, rule: &Value, which: &str) -> bool {
    let conditions = &rule["conditions"];
    let from = list(&conditions["$from"]);
    let is_from = |line: &Line| from.is_empty() || from.iter().any(|entry| means(asked.call, entry, line));
    let pool: Vec<&Line> = asked.before.lines.iter().filter(|line| is_from(line)).collect();
    let wanted =
        |operators: &[&str]| -> Vec<&Value> { operators.iter().flat_map(|is| list(&conditions[*is])).collect() };
    let (is, is_not) = (wanted(&["$is", "$in"]), wanted(&["$is_not", "$not_in"]));
    let among = |line: &&Line, entries: &[&Value]| entries.iter().any(|entry| means(asked.call, entry, line));
    let fits = |line: &&Line| (is.is_empty() || among(line, &is)) && !among(line, &is_not);
    let lines: Vec<&Line> = match which {
        "cheapest" | "most_expensive" => {
            let priced = pool.iter().copied().filter(|line| line.unit_price().is_some());
            let extreme = if which == "cheapest" {
                priced.min_by_key(|line| line.unit_price())
            } else {
                priced.max_by_key(|line| (line.unit_price(), core::cmp::Reverse(line.left())))
            };
            extreme.into_iter().collect()
        }
        _ => pool,
    };
    let fitting: Vec<&Line> = lines.iter().copied().filter(|line| fits(line)).collect();
    let asks = |line: &[&Line], every: bool| nested(&rule["rules"], &|inner| of_matched(asked, inner, line, every));
    match which {
        "none" => fitting.is_empty() || (rule["rules"].is_object() && !asks(&fitting, false)),
        "every" => !lines.is_empty() && fitting.len() == lines.len() && asks(&fitting, true),
        _ => !fitting.is_empty() && asks(&fitting, false),
    }
}

/// `product.id`, `sku.id`: some line is of the products; what stands within is asked of those lines.
fn products(asked: &Asked<'_>, rule: &Value, object: &str) -> bool {
    let conditions = &rule["conditions"];
    let named = |operators: &[&str]| -> Vec<Value> {
        let entries = operators.iter().flat_map(|is| list(&conditions[*is]));
        entries.map(|entry| entry_of(entry, object)).collect()
    };
    let of = |entries: &[Value]| -> Vec<&Line> {
        let is = |line: &&Line| entries.iter().any(|entry| means(asked.call, entry, line));
        asked.before.lines.iter().filter(is).collect()
    };
    let (is, is_not) = (named(&["$is", "$in"]), named(&["$is_not", "$not_in"]));
    let matched = of(&is);
    let is_there = is.is_empty() || !matched.is_empty();
    is_there && of(&is_not).is_empty() && nested(&rule["rules"], &|inner| of_matched(asked, inner, &matched, false))
}

/// An id alone, or an object, as an entry that names a product or a variant.
fn entry_of(named: &Value, object: &str) -> Value {
    let mut entry = if named.is_object() { named.clone() } else { json!({ "id": named, "source_id": named }) };
    if entry["object"].is_null() {
        entry["object"] = object.into();
    }
    entry
}

/// A rule about lines that were matched.
fn of_matched(asked: &Asked<'_>, rule: &Value, lines: &[&Line], every: bool) -> bool {
    let name = text(&rule["name"]).unwrap_or_default();
    let property = text(&rule["property"]).unwrap_or_default();
    let is = |value: Value| predicate::holds(&rule["conditions"], &value, asked.call.now, &asked.call.project);
    let some = |of: &dyn Fn(&Line) -> Value| {
        if every {
            lines.iter().all(|line| is(of(line)))
        } else {
            lines.iter().any(|line| is(of(line)))
        }
    };
    let sum = |of: &dyn Fn(&Line) -> i64| lines.iter().fold(0_i64, |sum, line| sum.saturating_add(of(line)));
    match name.rsplit('.').next() {
        Some("aggregated_quantity") => is(sum(&|line| line.quantity).into()),
        Some("aggregated_amount") => is(sum(&Line::left).into()),
        Some("quantity") => some(&|line| line.quantity.into()),
        Some("price") => some(&|line| line.unit_price().into()),
        Some("amount" | "subtotal" | "subtotal_amount") => some(&|line| line.left().into()),
        Some("metadata") => some(&|line| line.metadata("line")[property].clone()),
        Some("discount_applicable" | "discount_applicable_for") => true,
        _ => holds(asked, rule),
    }
}

/// Older rules say within a product's rule that the discount is for that product.
pub(super) fn older_targets(rules: &Value, named: &mut Named) {
    let Some(members) = rules.as_object() else { return };
    for rule in members.values().filter(|rule| rule.is_object()) {
        let name = text(&rule["name"]).unwrap_or_default();
        let applies = |inner: &Value| {
            text(&inner["name"]).is_some_and(|name| name.ends_with("discount_applicable"))
                && list(&inner["conditions"]["$is"]).iter().any(|is| **is == true || is.as_str() == Some("true"))
        };
        let is_applicable = rule["rules"].as_object().is_some_and(|inner| inner.values().any(applies));
        if let Some(object) = name.strip_suffix(".id").filter(|_| is_applicable) {
            let entries = list(&rule["conditions"]["$is"]).into_iter().map(|entry| entry_of(entry, object));
            named.included.extend(entries);
        }
    }
}
