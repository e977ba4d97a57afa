//! Voucherify's formulas: texts that work out a number from the order, the customer and the redeemable. Money in them is in
//! major units.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use jiff::tz::TimeZone;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

use super::line::Line;
use super::order::Order;
use crate::time::Timestamp;

mod function;
mod operand;
mod parse;

pub(super) use parse::{tokens, Token};

/// What a formula may ask about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    /// The order as it stands.
    pub(super) order: &'a Order,
    /// The line, where it is worked out for each.
    pub(super) line: Option<usize>,
    /// The customer.
    pub(super) customer: &'a Value,
    /// The voucher or the tier.
    pub(super) redeemable: &'a Value,
    /// Metadata of the redemption.
    pub(super) metadata: &'a Value,
    /// The event that earns, and the publication.
    pub(super) event: &'a Value,
    /// The moment.
    pub(super) now: Timestamp,
    /// The project's time zone.
    pub(super) zone: &'a TimeZone,
}

impl<'a> Scope<'a> {
    /// The same for a line.
    pub(super) fn of_line(&self, line: usize) -> Scope<'a> {
        Scope { line: Some(line), ..*self }
    }

    fn item(&self) -> Option<&'a Line> {
        self.order.lines.get(self.line?)
    }
}

/// What a part of a formula comes to.
#[derive(Clone, Debug, PartialEq)]
enum Term {
    Number(Decimal),
    Text(String),
    Flag(bool),
    List(Vec<Term>),
}

impl Term {
    fn of(value: &Value) -> Option<Term> {
        match value {
            Value::Number(_) => super::fields::decimal(value).map(Term::Number),
            Value::String(text) => Some(Term::Text(text.clone())),
            Value::Bool(flag) => Some(Term::Flag(*flag)),
            Value::Array(values) => Some(Term::List(values.iter().filter_map(Term::of).collect())),
            Value::Null | Value::Object(_) => None,
        }
    }

    fn number(&self) -> Option<Decimal> {
        match self {
            Term::Number(number) => Some(*number),
            Term::Text(text) => text.trim().parse().ok(),
            Term::Flag(flag) => Some(Decimal::from(u8::from(*flag))),
            Term::List(_) => None,
        }
    }

    fn holds(&self) -> Option<bool> {
        match self {
            Term::Flag(flag) => Some(*flag),
            Term::Number(number) => Some(!number.is_zero()),
            Term::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Term::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            Term::Text(_) | Term::List(_) => None,
        }
    }

    fn text(&self) -> String {
        match self {
            Term::Number(number) => number.normalize().to_string(),
            Term::Text(text) => text.clone(),
            Term::Flag(flag) => flag.to_string(),
            Term::List(terms) => terms.iter().map(Term::text).collect::<Vec<_>>().join(","),
        }
    }

    fn equals(&self, other: &Term) -> bool {
        match (self, other) {
            (Term::Text(left), Term::Text(right)) => left == right,
            _ => match (self.number(), other.number()) {
                (Some(left), Some(right)) => left == right,
                _ => self.text() == other.text(),
            },
        }
    }
}

/// What a formula comes to, as JSON; nothing where it cannot be worked out.
pub(super) fn value(formula: &str, scope: &Scope<'_>) -> Option<Value> {
    Some(match parse::formula(formula, scope)? {
        Term::Number(number) => super::fields::number(number),
        Term::Text(text) => text.into(),
        Term::Flag(flag) => flag.into(),
        Term::List(terms) => terms.iter().map(|term| Value::from(term.text())).collect(),
    })
}

/// The number it comes to.
pub(super) fn number(formula: &str, scope: &Scope<'_>) -> Option<Decimal> {
    parse::formula(formula, scope)?.number()
}

/// The number rounded to a whole one, halves up.
pub(super) fn rounded(formula: &str, scope: &Scope<'_>) -> Option<i64> {
    round(number(formula, scope)?, 0).to_i64()
}

/// The amount it comes to, in minor units.
pub(super) fn money(formula: &str, scope: &Scope<'_>) -> Option<i64> {
    round(number(formula, scope)?.checked_mul(Decimal::ONE_HUNDRED)?, 0).to_i64()
}

/// Halves up.
fn round(number: Decimal, places: u32) -> Decimal {
    number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

/// An amount in major units.
fn major(minor: i64) -> Decimal {
    Decimal::new(minor, 2)
}
