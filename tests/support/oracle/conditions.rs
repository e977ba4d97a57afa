//! Rules and their conditions.

use jiff::civil::Date;
use jiff::{Span, Timestamp, ToSpan};
use serde_json::Value;

use super::numbers::{amount, bought, count, members, price_of_line, whole};
use super::selection::{selects, several, shares_a_value};
use super::till::Till;

pub(super) fn rule_holds(rule: &Value, till: &Till<'_>) -> bool {
    if rule["all"].is_array() {
        members(rule, "all").iter().all(|rule| rule_holds(rule, till))
    } else if rule["any"].is_array() {
        members(rule, "any").iter().any(|rule| rule_holds(rule, till))
    } else if rule["not"].is_object() {
        !rule_holds(&rule["not"], till)
    } else {
        condition_holds(rule, till)
    }
}

pub(super) fn condition_holds(condition: &Value, till: &Till<'_>) -> bool {
    let request = till.request;
    let customer = &request["customer"];
    let lines = || bought(request).filter(|line| selects(&condition["lines"], line, request));
    let today = civil(request["now"].as_i64().unwrap(), request);
    match condition["type"].as_str().unwrap() {
        "min_subtotal" => {
            let least = amount(&condition["amount"], request);
            let selected = till.selected(&condition["lines"]).into_iter();
            let unsaid = till.rechecks.then_some("running");
            let worth: i128 = match condition["base"].as_str().or(unsaid) {
                Some("running") => selected.map(|line| till.lines[line].left()).sum(),
                Some("lanes") => selected.map(|line| till.after_lanes[line]).sum(),
                _ => lines().map(price_of_line).sum(),
            };
            least.is_some_and(|least| worth >= least)
        }
        "min_quantity" if condition["measured"] == "line" => {
            let selected = till.selected(&condition["lines"]).into_iter();
            selected.map(|line| count(&till.lines[line].units)).max() >= Some(whole(&condition["quantity"]))
        }
        "min_quantity" => lines().map(|line| whole(&line["quantity"])).sum::<i128>() >= whole(&condition["quantity"]),
        "contains" => lines().next().is_some(),
        "segment" => shares_a_value(&condition["anyOf"], &customer["segments"]),
        "country" => shares_a_value(&condition["in"], &request["country"]),
        "channel" => shares_a_value(&condition["in"], &request["channel"]),
        "customer_attribute" => {
            let value = &customer["attributes"][condition["key"].as_str().unwrap()];
            let is_there = !several(value).is_empty();
            // of several values the last whole number is compared
            let number = several(value).iter().filter_map(|value| value.as_i64()).next_back();
            (condition["in"].is_null() || shares_a_value(&condition["in"], value))
                && condition["present"].as_bool().is_none_or(|asked| asked == is_there)
                && condition["atLeast"].as_i64().is_none_or(|bound| number.is_some_and(|n| n >= bound))
                && condition["atMost"].as_i64().is_none_or(|bound| number.is_some_and(|n| n <= bound))
        }
        "order_count" => customer["orders"]["count"].as_i64().is_some_and(|count| {
            condition["atLeast"].as_i64().is_none_or(|bound| count >= bound)
                && condition["atMost"].as_i64().is_none_or(|bound| count <= bound)
        }),
        "last_order" => customer["orders"]["lastAt"].as_i64().is_some_and(|at| {
            let last = civil(at, request);
            let after = |span: &Value| last.checked_add(calendar_span(span)).unwrap();
            (condition["longerAgoThan"].is_null() || today > after(&condition["longerAgoThan"]))
                && (condition["within"].is_null() || today <= after(&condition["within"]))
        }),
        "birthday" => customer["birthday"].as_str().is_some_and(|text| {
            let born: Date = text.replace("--", "2000-").parse().unwrap();
            !returns_around(born, today, condition).is_empty()
        }),
        "anniversary" => customer["signedUpAt"].as_i64().is_some_and(|at| {
            let first = civil(at, request);
            let years = returns_around(first, today, condition);
            // the window is that of the earliest return it is in
            let years = years.first().map(|day| i64::from(day.year() - first.year()));
            years.is_some_and(|years| years > 0 && condition["years"].as_i64().is_none_or(|asked| asked == years))
        }),
        other => panic!("the oracle does not know the condition {other}"),
    }
}

/// The yearly returns of a day around whose window today is.
pub(super) fn returns_around(first: Date, today: Date, condition: &Value) -> Vec<Date> {
    let before = condition["daysBefore"].as_i64().unwrap_or(0);
    let after = condition["daysAfter"].as_i64().unwrap_or(0);
    let years = [today.year() - 1, today.year(), today.year() + 1];
    let on = |year: i16| first.with().year(year).build().unwrap_or_else(|_| Date::constant(year, 2, 28));
    let returns = years.into_iter().map(on);
    returns.filter(|day| *day - before.days() <= today && today <= *day + after.days()).collect()
}

pub(super) fn civil(at: i64, request: &Value) -> Date {
    let local = at + request["utcOffset"].as_i64().unwrap_or(0) * 60_000;
    Timestamp::from_millisecond(local).unwrap().to_zoned(jiff::tz::TimeZone::UTC).date()
}

pub(super) fn calendar_span(span: &Value) -> Span {
    match span["days"].as_i64() {
        Some(days) => days.days(),
        None => span["months"].as_i64().unwrap().months(),
    }
}
