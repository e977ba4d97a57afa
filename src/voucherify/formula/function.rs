//! The functions of formulas.

use alloc::string::String;

use jiff::civil::Date;
use jiff::{Unit, Zoned};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

use super::super::line::Line;
use super::super::moment;
use super::operand::extreme;
use super::{Scope, Term};

type Arguments<'a> = &'a [Option<Term>];

/// Calls a function. The outer nothing is a function that is unknown.
pub(super) fn call(name: &str, arguments: Arguments<'_>, scope: &Scope<'_>) -> Option<Option<Term>> {
    let upper = name.to_ascii_uppercase();
    if let Some(metadata) = metadata(&upper, scope) {
        let key = argument(arguments, 0).map(|term| term.text());
        return Some(key.and_then(|key| Term::of(&metadata[key.as_str()])));
    }
    Some(match upper.as_str() {
        "MIN" | "MAX" => extremum(arguments, upper == "MAX"),
        "POW" => power(arguments),
        "ABS" => number(arguments, 0).map(|number| Term::Number(number.abs())),
        "ROUND" => rounded(arguments, RoundingStrategy::MidpointAwayFromZero),
        "FLOOR" => rounded(arguments, RoundingStrategy::ToNegativeInfinity),
        "CEIL" => rounded(arguments, RoundingStrategy::ToPositiveInfinity),
        "IF" => match argument(arguments, 0).and_then(Term::holds) {
            Some(true) => argument(arguments, 1).cloned(),
            Some(false) => argument(arguments, 2).cloned(),
            None => None,
        },
        "IN_ARRAY" | "NOT_IN_ARRAY" | "CONTAINS" | "STARTS_WITH" | "ENDS_WITH" => {
            let operator = match upper.as_str() {
                "CONTAINS" => "contains",
                "STARTS_WITH" => "startsWith",
                "ENDS_WITH" => "endsWith",
                other => other,
            };
            let both = argument(arguments, 0).zip(argument(arguments, 1));
            both.and_then(|(left, right)| super::parse::compare(left, operator, right)).map(Term::Flag)
        }
        "NOT" => argument(arguments, 0).and_then(Term::holds).map(|flag| Term::Flag(!flag)),
        "DEFAULT_TO" => arguments.iter().flatten().next().cloned(),
        "SWITCH" => switch(arguments),
        "SWITCH_CASE" => {
            Some(Term::List(alloc::vec![argument(arguments, 0)?.clone(), argument(arguments, 1)?.clone()]))
        }
        "ARRAY" => Some(Term::List(arguments.iter().flatten().cloned().collect())),
        "DATE" | "DATE_TIME" => argument(arguments, 0).cloned(),
        "DAY_OF_MONTH" => day(arguments, 0, scope).map(|date| whole(i64::from(date.day()))),
        "MONTH" => day(arguments, 0, scope).map(|date| whole(i64::from(date.month()))),
        "YEAR" => day(arguments, 0, scope).map(|date| whole(i64::from(date.year()))),
        "DAYS_SINCE" | "MONTHS_SINCE" | "YEARS_SINCE" | "DAYS_UNTIL" | "MONTHS_UNTIL" | "YEARS_UNTIL" => {
            between(&upper, arguments, scope)
        }
        "DATE_IS" | "DATE_IS_NOT" | "IS_AFTER" | "IS_BEFORE" => dated(&upper, arguments, scope).map(Term::Flag),
        _ => return None,
    })
}

fn metadata(name: &str, scope: &Scope<'_>) -> Option<Value> {
    let of_line = |line: Option<&Line>, of: &str| line.map(|line| line.metadata(of)).unwrap_or_default();
    let of_item = |name: &str, line: Option<&Line>| match name {
        "METADATA" => Some(of_line(line, "line")),
        "PRODUCT_METADATA" => Some(of_line(line, "product")),
        "SKU_METADATA" => Some(of_line(line, "sku")),
        _ => None,
    };
    if let Some(of) = name.strip_prefix("CHEAPEST_ORDER_ITEM_") {
        return of_item(of, extreme(scope, false));
    }
    if let Some(of) = name.strip_prefix("MOST_EXPENSIVE_ORDER_ITEM_") {
        return of_item(of, extreme(scope, true));
    }
    if let Some(of) = name.strip_prefix("ORDER_ITEM_") {
        return of_item(of, scope.item());
    }
    Some(match name {
        "ORDER_METADATA" => scope.order.sent.get("metadata").cloned().unwrap_or_default(),
        "CUSTOMER_METADATA" => scope.customer["metadata"].clone(),
        "REDEEMABLE_METADATA" | "VOUCHER_METADATA" | "PROMOTION_TIER_METADATA" => scope.redeemable["metadata"].clone(),
        "REDEMPTION_METADATA" => scope.metadata.clone(),
        "PUBLICATION_METADATA" => scope.redeemable["publish"]["metadata"].clone(),
        "CUSTOM_EVENT_METADATA" | "EVENT_METADATA" => scope.event["metadata"].clone(),
        _ => return None,
    })
}

fn argument<'a>(arguments: Arguments<'a>, index: usize) -> Option<&'a Term> {
    arguments.get(index)?.as_ref()
}

fn number(arguments: Arguments<'_>, index: usize) -> Option<Decimal> {
    argument(arguments, index)?.number()
}

fn whole(number: i64) -> Term {
    Term::Number(Decimal::from(number))
}

fn extremum(arguments: Arguments<'_>, highest: bool) -> Option<Term> {
    let numbers: Option<alloc::vec::Vec<Decimal>> =
        arguments.iter().map(|term| term.as_ref().and_then(Term::number)).collect();
    let numbers = numbers?;
    let found = if highest { numbers.into_iter().max() } else { numbers.into_iter().min() };
    found.map(Term::Number)
}

fn power(arguments: Arguments<'_>) -> Option<Term> {
    let (base, exponent) = (number(arguments, 0)?, number(arguments, 1)?.to_i64()?);
    let times = u32::try_from(exponent.unsigned_abs()).ok().filter(|times| *times <= 64)?;
    let raised = (0..times).try_fold(Decimal::ONE, |product, _| product.checked_mul(base))?;
    Some(Term::Number(if exponent < 0 { Decimal::ONE.checked_div(raised)? } else { raised }))
}

/// Places below zero are tens, hundreds.
fn rounded(arguments: Arguments<'_>, strategy: RoundingStrategy) -> Option<Term> {
    let (exact, places) = (number(arguments, 0)?, number(arguments, 1).map_or(Some(0), |places| places.to_i64())?);
    let digits = u32::try_from(places.unsigned_abs()).ok().filter(|digits| *digits <= 12)?;
    if places >= 0 {
        return Some(Term::Number(exact.round_dp_with_strategy(digits, strategy)));
    }
    let unit = Decimal::from(10_i64.checked_pow(digits)?);
    Some(Term::Number(exact.checked_div(unit)?.round_dp_with_strategy(0, strategy).checked_mul(unit)?))
}

fn switch(arguments: Arguments<'_>) -> Option<Term> {
    let subject = argument(arguments, 0);
    let mut otherwise = None;
    for term in arguments.iter().skip(1) {
        match term {
            Some(Term::List(case)) => {
                if let (Some(subject), [value, result]) = (subject, case.as_slice()) {
                    if value.equals(subject) {
                        return Some(result.clone());
                    }
                }
            }
            other => otherwise.clone_from(other),
        }
    }
    otherwise
}

fn instant(arguments: Arguments<'_>, index: usize, scope: &Scope<'_>) -> Option<Zoned> {
    let text: String = argument(arguments, index)?.text();
    moment::clock(moment::parse(&text, scope.zone)?, scope.zone)
}

fn day(arguments: Arguments<'_>, index: usize, scope: &Scope<'_>) -> Option<Date> {
    instant(arguments, index, scope).map(|at| at.date())
}

/// Compares two dates: by the day whether they are the same, by the moment which is earlier.
pub(super) fn dated(name: &str, arguments: Arguments<'_>, scope: &Scope<'_>) -> Option<bool> {
    Some(match name {
        "DATE_IS" => days(arguments, scope).map(|(left, right)| left == right)?,
        "DATE_IS_NOT" => days(arguments, scope).map(|(left, right)| left != right)?,
        "IS_AFTER" => instants(arguments, scope).map(|(left, right)| left > right)?,
        "IS_BEFORE" => instants(arguments, scope).map(|(left, right)| left < right)?,
        _ => return None,
    })
}

fn days(arguments: Arguments<'_>, scope: &Scope<'_>) -> Option<(Date, Date)> {
    Some((day(arguments, 0, scope)?, day(arguments, 1, scope)?))
}

fn instants(arguments: Arguments<'_>, scope: &Scope<'_>) -> Option<(Zoned, Zoned)> {
    Some((instant(arguments, 0, scope)?, instant(arguments, 1, scope)?))
}

/// Whole days, months or years between a day and today.
fn between(name: &str, arguments: Arguments<'_>, scope: &Scope<'_>) -> Option<Term> {
    let (date, today) = (day(arguments, 0, scope)?, moment::clock(scope.now, scope.zone)?.date());
    let (from, until) = if name.ends_with("SINCE") { (date, today) } else { (today, date) };
    let unit = match name.split('_').next() {
        Some("DAYS") => Unit::Day,
        Some("MONTHS") => Unit::Month,
        _ => Unit::Year,
    };
    let span = from.until((unit, until)).ok()?;
    Some(whole(match unit {
        Unit::Day => i64::from(span.get_days()),
        Unit::Month => i64::from(span.get_months()),
        _ => i64::from(span.get_years()),
    }))
}
