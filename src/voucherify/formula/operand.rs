//! What a formula may ask of an order, a line, a voucher or a moment.

use rust_decimal::Decimal;
use serde_json::Value;

use super::super::fields::{count, text};
use super::super::line::Line;
use super::super::moment;
use super::{major, Scope, Term};

/// A name without brackets. The outer nothing is a name that is unknown.
pub(super) fn value(name: &str, scope: &Scope<'_>) -> Option<Option<Term>> {
    let upper = name.to_ascii_uppercase();
    if let Some(of) = upper.strip_prefix("CHEAPEST_ORDER_ITEM_") {
        return of_line(of, extreme(scope, false));
    }
    if let Some(of) = upper.strip_prefix("MOST_EXPENSIVE_ORDER_ITEM_") {
        return of_line(of, extreme(scope, true));
    }
    if let Some(of) = upper.strip_prefix("ORDER_ITEM_") {
        return of_line(of, scope.item());
    }
    let units = || scope.order.lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.quantity));
    let whole = |number: i64| Some(Some(Term::Number(Decimal::from(number))));
    let date = |value: &Value| Some(text(value).map(|text| Term::Text(text.into())));
    let stored = scope.redeemable;
    match upper.as_str() {
        "ORDER_AMOUNT" => Some(Some(Term::Number(major(scope.order.amount)))),
        "ORDER_TOTAL_AMOUNT" => Some(Some(Term::Number(major(scope.order.left())))),
        "ORDER_INITIAL_AMOUNT" => Some(Some(Term::Number(major(scope.order.initial_amount)))),
        "ORDER_ITEMS_QUANTITY" => whole(i64::try_from(scope.order.lines.len()).unwrap_or(i64::MAX)),
        "ORDER_UNITS_QUANTITY" => whole(units()),
        "VOUCHER_REDEMPTION_QUANTITY" => Some(Term::of(&stored["redemption"]["quantity"])),
        "VOUCHER_REDEEMED_QUANTITY" => whole(count(&stored["redemption"]["redeemed_quantity"])),
        "VOUCHER_PUBLISH_COUNT" => whole(count(&stored["publish"]["count"])),
        "VOUCHER_START_DATE" | "PROMOTION_TIER_START_DATE" => date(&stored["start_date"]),
        "VOUCHER_EXPIRATION_DATE" | "PROMOTION_TIER_EXPIRATION_DATE" => date(&stored["expiration_date"]),
        "CUSTOMER_BIRTHDATE" => {
            let birthdate = &scope.customer["birthdate"];
            date(if birthdate.is_null() { &scope.customer["birthday"] } else { birthdate })
        }
        "TODAY" => Some(moment::clock(scope.now, scope.zone).map(|now| Term::Text(alloc::format!("{}", now.date())))),
        "NOW" => Some(Some(Term::Text(moment::iso(scope.now)))),
        "TRUE" => Some(Some(Term::Flag(true))),
        "FALSE" => Some(Some(Term::Flag(false))),
        _ => None,
    }
}

fn of_line(of: &str, line: Option<&Line>) -> Option<Option<Term>> {
    let number = |number: Option<i64>| number.map(|number| Term::Number(major(number)));
    match of {
        "PRICE" => Some(line.and_then(|line| number(line.unit_price()))),
        "AMOUNT" => Some(line.and_then(|line| number(line.amount))),
        "SUBTOTAL" | "SUBTOTAL_AMOUNT" => Some(line.and_then(|line| number(line.amount.map(|_| line.left())))),
        "UNITS_QUANTITY" | "QUANTITY" => Some(line.map(|line| Term::Number(Decimal::from(line.quantity)))),
        _ => None,
    }
}

/// The line with the lowest or the highest price; of equal ones that with the lowest subtotal, then the first.
pub(super) fn extreme<'a>(scope: &Scope<'a>, dearest: bool) -> Option<&'a Line> {
    let priced = scope.order.lines.iter().filter_map(|line| Some((line.unit_price()?, line)));
    let better = |best: (i64, &'a Line), next: (i64, &'a Line)| {
        let wins = if dearest { next.0 > best.0 } else { next.0 < best.0 };
        if wins || (next.0 == best.0 && next.1.left() < best.1.left()) {
            next
        } else {
            best
        }
    };
    priced.reduce(better).map(|(_, line)| line)
}
