//! Rules and their conditions.

use jiff::civil::Date;
use jiff::{Span, Timestamp, ToSpan};
use serde_json::Value;

use super::bounds::{in_money, within};
use super::numbers::{amount, count, members, whole};
use super::selection::{fits, selects, several, shares_a_value, told};
use super::till::Till;

pub(super) fn rule_holds(rule: &Value, till: &Till<'_>) -> bool {
    if rule["all"].is_array() {
        members(rule, "all").iter().all(|rule| rule_holds(rule, till))
    } else if rule["any"].is_array() {
        members(rule, "any").iter().any(|rule| rule_holds(rule, till))
    } else if rule["not"].is_object() {
        !rule_holds(&rule["not"], till)
    } else if rule["rule"].is_string() {
        rule_holds(&till.document["rules"][rule["rule"].as_str().unwrap()], till)
    } else {
        condition_holds(rule, till)
    }
}

fn condition_holds(condition: &Value, till: &Till<'_>) -> bool {
    let request = till.request;
    let (customer, orders) = (&request["customer"], &request["customer"]["orders"]);
    let at = |value: &Value| value.as_i64();
    match condition["type"].as_str().unwrap() {
        "min_subtotal" => {
            let least = amount(&condition["amount"], request);
            least.is_some_and(|least| worth(condition, till) >= least)
        }
        "subtotal" => in_money(condition, worth(condition, till), request),
        "min_quantity" if condition["measured"] == "line" => {
            let selected = till.selected(&condition["lines"]).into_iter();
            selected.map(|line| count(&till.lines[line].units)).max() >= Some(whole(&condition["quantity"]))
        }
        "min_quantity" => till.quantity(&till.selected(&condition["lines"])) >= whole(&condition["quantity"]),
        "quantity" => within(condition, Some(till.quantity(&till.selected(&condition["lines"])))),
        "line_count" => within(condition, i128::try_from(till.selected(&condition["lines"]).len()).ok()),
        "attribute_sum" => within(condition, sum_of(condition, till)),
        "undiscounted" => till.selected(&condition["lines"]).iter().all(|line| till.lines[*line].is_whole()),
        "contains" => !till.selected(&condition["lines"]).is_empty(),
        "lines_are" => lines_are(condition, till),
        "shipping_price" => in_money(condition, till.shipping.iter().map(|(_, price, _)| price).sum(), request),
        "shipping_method" => till.shipping.iter().any(|(method, ..)| shares_a_value(&condition["in"], method)),
        "needs_shipping" => request["needsShipping"] == condition["is"],
        "account" => request["customer"]["signedIn"] == (condition["is"] == "signed_in"),
        "email" if condition["endsWith"].is_null() => !told(&customer["email"]).is_null(),
        "email" => fits(condition, &told(&customer["email"])),
        "segment" => {
            members(condition, "anyOf").iter().any(|name| match &till.document["segments"][name.as_str().unwrap()] {
                Value::Null => shares_a_value(name, &customer["segments"]),
                declared => rule_holds(declared, till),
            })
        }
        "country" | "channel" | "region" | "device" => {
            fits(condition, &told(&request[condition["type"].as_str().unwrap()]))
        }
        "payment_method" => fits(condition, &told(&request["paymentMethod"])),
        "postcode" => {
            let plain = |text: &str| text.to_ascii_uppercase().replace([' ', '-'], "");
            let postcode = request["postcode"].as_str().map(plain).unwrap_or_default();
            let starts = members(condition, "startsWith").iter().map(|start| plain(start.as_str().unwrap()));
            !postcode.is_empty() && starts.into_iter().any(|start| postcode.starts_with(&start))
        }
        "customer_attribute" => attribute_holds(condition, &customer["attributes"], till),
        "order_attribute" => attribute_holds(condition, &request["attributes"], till),
        "order_count" => {
            let nth = |every: i64| at(&orders["count"]).is_some_and(|count| (count + 1) % every == 0);
            at(&orders["count"]).is_some()
                && within(condition, at(&orders["count"]).map(i128::from))
                && condition["every"].as_i64().is_none_or(nth)
        }
        "total_spent" => at(&orders["spent"]).is_some_and(|spent| in_money(condition, i128::from(spent), request)),
        "bought" => {
            let counts = bought_parts(condition, till).filter_map(|part| part["count"].as_i64());
            let orders = counts.map(i128::from).reduce(|all, some| all + some);
            orders.is_some() && within(condition, orders)
        }
        "last_bought" => {
            is_ago(condition, bought_parts(condition, till).filter_map(|part| part["lastAt"].as_i64()).max(), till)
        }
        "redemptions" => {
            let times = customer["redemptions"][condition["campaign"].as_str().unwrap()].as_i64();
            times.is_some() && within(condition, times.map(i128::from))
        }
        "last_order" => is_ago(condition, at(&orders["lastAt"]), till),
        "signed_up" => is_ago(condition, at(&customer["signedUpAt"]), till),
        "cart_age" => is_ago(condition, at(&request["startedAt"]), till),
        "clock" => clock_shows(condition, request),
        "birthday" => customer["birthday"].as_str().is_some_and(|text| {
            let born: Date = text.replace("--", "2000-").parse().unwrap();
            !returns_around(born, today(request), condition).is_empty()
        }),
        "anniversary" => at(&customer["signedUpAt"]).is_some_and(|at| {
            let first = civil(at, request);
            let years = returns_around(first, today(request), condition);
            // the window is that of the earliest return it is in
            let years = years.first().map(|day| i64::from(day.year() - first.year()));
            years.is_some_and(|years| years > 0 && condition["years"].as_i64().is_none_or(|asked| asked == years))
        }),
        other => panic!("the oracle does not know the condition {other}"),
    }
}

/// What the selected lines are worth at the prices that the condition names.
fn worth(condition: &Value, till: &Till<'_>) -> i128 {
    let unsaid = till.rechecks.then_some("running");
    let selected = till.selected(&condition["lines"]).into_iter();
    match condition["base"].as_str().or(unsaid) {
        Some("running") => selected.map(|line| till.lines[line].left()).sum(),
        Some("lanes") => selected.map(|line| till.after_lanes[line]).sum(),
        _ => selected.map(|line| till.lines[line].original()).sum(),
    }
}

/// An attribute of the selected lines times their units; of all of them it must be known.
fn sum_of(condition: &Value, till: &Till<'_>) -> Option<i128> {
    let selected = till.selected(&condition["lines"]).into_iter();
    let of_line = |line: usize| {
        let value = &till.lines[line].properties["attributes"][condition["key"].as_str().unwrap()];
        let number = several(value).iter().filter_map(|value| value.as_i64()).next_back()?;
        Some(i128::from(number) * count(&till.lines[line].units))
    };
    selected.map(of_line).sum()
}

fn lines_are(condition: &Value, till: &Till<'_>) -> bool {
    let looked_at = till.selected(&condition["lines"]);
    let is_so = |line: &usize| selects(&condition["are"], &till.lines[*line], till.request);
    let price = |line: &&usize| till.lines[**line].price;
    match condition["which"].as_str().unwrap() {
        "any" => looked_at.iter().any(is_so),
        "every" => !looked_at.is_empty() && looked_at.iter().all(is_so),
        "none" => !looked_at.iter().any(is_so),
        "cheapest" => looked_at.iter().min_by_key(price).is_some_and(is_so),
        // of equal ones the first
        _ => looked_at.iter().rev().max_by_key(price).is_some_and(is_so),
    }
}

/// An attribute that is as the condition says, whatever it says of it.
fn attribute_holds(condition: &Value, attributes: &Value, till: &Till<'_>) -> bool {
    let value = &attributes[condition["key"].as_str().unwrap()];
    // of several values the last whole number is compared
    let number = several(value).iter().filter_map(|value| value.as_i64()).next_back();
    let asks_when = !condition["longerAgoThan"].is_null() || !condition["within"].is_null();
    fits(condition, value)
        && within(condition, number.map(i128::from))
        && condition["every"].as_i64().is_none_or(|every| number.is_some_and(|n| n > 0 && n % every == 0))
        && (!asks_when || is_ago(condition, number, till))
}

/// Parts of the history that have one of the categories or products.
fn bought_parts<'a>(condition: &'a Value, till: &Till<'a>) -> impl Iterator<Item = &'a Value> {
    let parts = members(&till.request["customer"]["orders"], "bought").iter();
    parts.filter(|part| {
        shares_a_value(&condition["categories"], &part["category"])
            || shares_a_value(&condition["products"], &part["product"])
    })
}

/// Whether a moment is known and so long ago, or within so long.
fn is_ago(condition: &Value, at: Option<i64>, till: &Till<'_>) -> bool {
    let (Some(at), request) = (at, till.request) else { return false };
    let is_over = |span: &Value| match span["hours"].as_i64() {
        Some(hours) => whole(&request["now"]) > i128::from(at) + i128::from(hours) * 3_600_000,
        None => today(request) > civil(at, request).checked_add(calendar_span(span)).unwrap(),
    };
    (condition["longerAgoThan"].is_null() || is_over(&condition["longerAgoThan"]))
        && (condition["within"].is_null() || !is_over(&condition["within"]))
}

/// Whether the shopper's clocks show one of the days and hours; hours across midnight are of the day they begin on.
fn clock_shows(condition: &Value, request: &Value) -> bool {
    let local = whole(&request["now"]) + request["utcOffset"].as_i64().map_or(0, i128::from) * 60_000;
    let minute = i64::try_from(local.rem_euclid(86_400_000) / 60_000).unwrap();
    let bound = |name: &str, otherwise: i64| match condition["hours"][name].as_str() {
        None => otherwise,
        Some(text) => text[..2].parse::<i64>().unwrap() * 60 + text[3..].parse::<i64>().unwrap(),
    };
    let (from, until) = (bound("from", 0), bound("until", 1_440));
    let is_day = |date: Date| {
        let name = format!("{:?}", date.weekday()).to_lowercase();
        condition["weekdays"].is_null() || shares_a_value(&condition["weekdays"], &Value::from(name))
    };
    let date = today(request);
    if from < until {
        return (from..until).contains(&minute) && is_day(date);
    }
    minute >= from && is_day(date) || minute < until && is_day(date - 1.days())
}

fn today(request: &Value) -> Date {
    civil(request["now"].as_i64().unwrap(), request)
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
