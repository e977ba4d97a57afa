//! Discounts whose number a formula works out, and back.

use alloc::format;
use alloc::string::String;

use serde_json::{json, Value};

use super::super::definition::{percent_text, Definition, Effect, Kind};
use super::super::fields::{decimal, row, set, text, whole, Row};
use super::formula::{told, translate, Asks, Counts};
use super::Report;

/// What a discount takes as documents call it, with the definition's type and effect, and what its number counts.
const TAKES: [(&str, &str, &str, Counts); 7] = [
    ("percent", "PERCENT", "percent_off", Counts::Number),
    ("amount", "AMOUNT", "amount_off", Counts::Money),
    ("amount_per_line", "AMOUNT", "amount_off", Counts::Money),
    ("amount_per_unit", "AMOUNT", "amount_off", Counts::Money),
    ("price", "FIXED", "fixed_amount", Counts::Money),
    ("unit_price", "FIXED", "fixed_amount", Counts::Money),
    ("price_per_line", "FIXED", "", Counts::Money),
];

/// The formula of a definition, or of the entry that it is for, as `formula_off`; nothing where no formula is said, or none that
/// an expression has.
pub(super) fn base(
    definition: &Definition,
    terms: &Row,
    whole_order: bool,
    currency: &str,
    report: &mut Report,
) -> Option<Row> {
    let (defined, effect) = (&definition.defined, definition.effect);
    let takes = match (definition.kind, effect) {
        (Kind::Percent, _) => "percent",
        (Kind::Fixed, Effect::Order) => "price",
        (Kind::Fixed, _) => "unit_price",
        (_, Effect::Items) => "amount_per_line",
        (_, Effect::Units) => "amount_per_unit",
        _ => "amount",
    };
    let (.., member, counts) = TAKES.iter().find(|(name, ..)| *name == takes)?;
    let own = terms.get("price_formula").and_then(text);
    let is_own = own.is_some() || terms.contains_key("price");
    let (member, formula, number) = match own {
        _ if is_own => (String::from("applicable_to.price_formula"), own, terms.get("price")),
        _ => (format!("discount.{member}_formula"), text(&defined[format!("{member}_formula")]), defined.get(*member)),
    };
    let formula = formula?;
    if effect == Effect::ByQuantity {
        report.rule_lost(&member, "what a formula works out is spread by amount; the number beside it is carried over");
        return None;
    }
    let asks = Asks { currency, lines: matches!(effect, Effect::Items | Effect::Units), whole_order };
    let expression = expression(formula, number, *counts, asks, &member, report)?;
    let mut off = row(&json!({ "type": "formula_off", "formula": expression }));
    if takes != "amount" {
        set(&mut off, "takes", takes);
    }
    Some(off)
}

/// The expression for a formula, and the number beside it where the formula has none.
pub(super) fn expression(
    formula: &str,
    number: Option<&Value>,
    counts: Counts,
    asks: Asks<'_>,
    member: &str,
    report: &mut Report,
) -> Option<Value> {
    let translated = match translate(formula, counts, asks) {
        Ok(translated) => translated,
        Err(why) => {
            report.rule_lost(member, &format!("{why}; the number beside it is carried over"));
            return None;
        }
    };
    if translated.asks_metadata {
        report.lost(member, "metadata that is no whole number counts as missing");
    }
    let number = number.filter(|number| !number.is_null());
    let beside = number.and_then(|number| match counts {
        Counts::Money => whole(number).map(|amount| json!({ "money": { asks.currency: amount } })),
        Counts::Number => decimal(number).map(|number| Value::from(percent_text(number))),
    });
    Some(match beside {
        Some(beside) => json!({ "default": [translated.expression, beside] }),
        None => translated.expression,
    })
}

/// A formula and the number beside it, of an expression.
pub(super) fn parts(expression: &Value, counts: Counts, currency: &str) -> (Result<String, String>, Option<Value>) {
    let beside = &expression["default"][1];
    let number = match counts {
        Counts::Money => whole(&beside["money"][currency]).map(Value::from),
        Counts::Number => decimal(beside).map(super::super::fields::number),
    };
    let formula = if number.is_some() { &expression["default"][0] } else { expression };
    (told(formula, counts, currency), number)
}

/// The definition of a `formula_off`.
pub(super) fn to_offer(discount: &Value, currency: &str, report: &mut Report) -> Option<(Kind, Value)> {
    let takes = text(&discount["takes"]).unwrap_or("amount");
    let found = TAKES.iter().find(|(name, .., member, _)| *name == takes && !member.is_empty());
    let Some((_, kind, member, counts)) = found else {
        report.lost("discounts.takes", "no offer takes this by a formula");
        return None;
    };
    let has_lines = discount["lines"].is_object();
    let effect = match takes {
        "percent" | "amount_per_line" | "unit_price" if has_lines || takes != "percent" => "APPLY_TO_ITEMS",
        "amount_per_unit" => "APPLY_TO_ITEMS_BY_QUANTITY",
        "amount" if has_lines => "APPLY_TO_ITEMS_PROPORTIONALLY",
        _ => "APPLY_TO_ORDER",
    };
    let mut defined = row(&json!({ "type": kind, "effect": effect }));
    let (formula, number) = parts(&discount["formula"], *counts, currency);
    match formula {
        Ok(formula) => set(&mut defined, &format!("{member}_formula"), formula),
        Err(why) => report.lost("discounts.formula", &why),
    }
    if let Some(number) = number {
        set(&mut defined, member, number);
    }
    let kind = match *kind {
        "PERCENT" => Kind::Percent,
        "FIXED" => Kind::Fixed,
        _ => Kind::Amount,
    };
    Some((kind, defined.into()))
}
