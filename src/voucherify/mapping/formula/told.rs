//! Expressions of documents as Voucherify's formulas.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use rust_decimal::Decimal;
use serde_json::Value;

use super::super::super::fields::{decimal, text};
use super::tree::FACTS;
use super::Counts;

/// The formula for an expression; what of it no formula tells.
pub(in super::super) fn told(expression: &Value, counts: Counts, currency: &str) -> Result<String, String> {
    let teller = Teller { currency };
    match counts {
        Counts::Money => teller.major(expression),
        Counts::Number => teller.plain(expression),
    }
}

struct Teller<'a> {
    currency: &'a str,
}

/// The operation of an expression and what it works on.
fn operation(expression: &Value) -> Option<(&str, &Value)> {
    let members = expression.as_object()?;
    let named = members.iter().find(|(name, _)| !["then", "else", "places"].contains(&name.as_str()))?;
    Some((named.0.as_str(), named.1))
}

fn fact(name: &Value) -> Option<&'static (&'static str, &'static str, bool)> {
    FACTS.iter().find(|(_, fact, _)| name.as_str() == Some(fact))
}

/// Whether an expression comes to an amount.
fn is_money(expression: &Value) -> bool {
    let Some((name, of)) = operation(expression) else { return false };
    let any = || of.as_array().is_some_and(|operands| operands.iter().any(is_money));
    match name {
        "money" => true,
        "fact" => fact(of).is_some_and(|(.., is_money)| *is_money),
        "divide" => is_money(&of[0]) && !is_money(&of[1]) && !is_hundred(&of[1]),
        "multiply" | "add" | "subtract" | "min" | "max" | "default" | "remainder" => any(),
        "if" => is_money(&expression["then"]) || is_money(&expression["else"]),
        "round" | "floor" | "ceil" => is_money(of),
        _ => false,
    }
}

fn is_hundred(expression: &Value) -> bool {
    expression.as_str() == Some("100")
}

const SIGNS: [(&str, &str); 7] = [
    ("add", "+"),
    ("subtract", "-"),
    ("multiply", "*"),
    ("divide", "/"),
    ("remainder", "%"),
    ("above", ">"),
    ("at_least", ">="),
];

type Told = Result<String, String>;

impl Teller<'_> {
    /// The formula whose number times a hundred is that of the expression.
    fn major(&self, expression: &Value) -> Told {
        if let Some(number) = decimal(expression) {
            return Ok(number.checked_div(Decimal::ONE_HUNDRED).unwrap_or_default().normalize().to_string());
        }
        let (name, of) = operation(expression).ok_or("an expression is empty")?;
        let each = |operands: &Value| -> Result<Vec<String>, String> {
            operands.as_array().into_iter().flatten().map(|operand| self.major(operand)).collect()
        };
        match name {
            "money" => {
                let minor = decimal(&of[self.currency]).ok_or("it has no amount in this currency")?;
                Ok(minor.checked_div(Decimal::ONE_HUNDRED).unwrap_or_default().normalize().to_string())
            }
            "fact" => match fact(of) {
                Some((name, _, true)) => Ok((*name).to_string()),
                Some((name, ..)) => Ok(format!("({name} / 100)")),
                None => Err(format!("no formula asks for `{}`", text(of).unwrap_or_default())),
            },
            "add" | "subtract" | "remainder" => joined(name, &each(of)?),
            "min" | "max" | "default" => called(name, &each(of)?),
            "multiply" if is_hundred(&of[1]) => self.plain(&of[0]),
            "multiply" | "divide" => {
                let operands = of.as_array().map_or(&[][..], Vec::as_slice);
                let amount = match name {
                    "divide" => 0,
                    _ => operands.iter().position(is_money).unwrap_or(0),
                };
                let each = operands.iter().enumerate();
                let told = each.map(|(place, one)| if place == amount { self.major(one) } else { self.plain(one) });
                joined(name, &told.collect::<Result<Vec<_>, _>>()?)
            }
            "if" => self.choice(expression, &|branch| self.major(branch)),
            "round" | "floor" | "ceil" => {
                let places = expression["places"].as_i64().unwrap_or(0).saturating_add(2);
                rounded(name, &self.major(of)?, places)
            }
            _ => Ok(format!("({} / 100)", self.plain(expression)?)),
        }
    }

    /// The formula whose number is that of the expression.
    fn plain(&self, expression: &Value) -> Told {
        if let Some(number) = decimal(expression) {
            return Ok(number.normalize().to_string());
        }
        let (name, of) = operation(expression).ok_or("an expression is empty")?;
        let by_major = |operands: &[Value]| operands.iter().any(is_money);
        let each = |is_money: bool| -> Result<Vec<String>, String> {
            let operands = of.as_array().into_iter().flatten();
            operands.map(|operand| if is_money { self.major(operand) } else { self.plain(operand) }).collect()
        };
        match name {
            "money" => Ok(decimal(&of[self.currency]).ok_or("it has no amount in this currency")?.to_string()),
            "fact" => match fact(of) {
                Some((name, _, true)) => Ok(format!("({name} * 100)")),
                Some((name, ..)) => Ok((*name).to_string()),
                None => Err(format!("no formula asks for `{}`", text(of).unwrap_or_default())),
            },
            "customer" => Ok(format!("CUSTOMER_METADATA(\"{}\")", text(of).unwrap_or_default())),
            "attribute" => Ok(format!("ORDER_METADATA(\"{}\")", text(of).unwrap_or_default())),
            "divide" if is_hundred(&of[1]) && is_money(&of[0]) => self.major(&of[0]),
            "divide" => joined(name, &each(is_money(&of[0]) && is_money(&of[1]))?),
            "add" | "subtract" | "multiply" | "remainder" => joined(name, &each(false)?),
            "above" | "at_least" => joined(name, &each(by_major(of.as_array().map_or(&[], Vec::as_slice)))?),
            "equal" => {
                let told = each(by_major(of.as_array().map_or(&[], Vec::as_slice)))?;
                Ok(format!("({})", told.join(" = ")))
            }
            "all" => Ok(format!("({})", each(false)?.join(" AND "))),
            "any" => Ok(format!("({})", each(false)?.join(" OR "))),
            "not" => Ok(format!("NOT({})", self.plain(of)?)),
            "min" | "max" | "default" => called(name, &each(false)?),
            "power" => Ok(format!("POW({})", each(false)?.join("; "))),
            "if" => self.choice(expression, &|branch| self.plain(branch)),
            "round" | "floor" | "ceil" => rounded(name, &self.plain(of)?, expression["places"].as_i64().unwrap_or(0)),
            other => Err(format!("no formula does `{other}`")),
        }
    }

    fn choice(&self, expression: &Value, branch: &dyn Fn(&Value) -> Told) -> Told {
        let asked = self.plain(&expression["if"])?;
        Ok(format!("IF({asked}; {}; {})", branch(&expression["then"])?, branch(&expression["else"])?))
    }
}

fn joined(name: &str, operands: &[String]) -> Told {
    let sign = SIGNS.iter().find(|(known, _)| *known == name).map_or("+", |(_, sign)| sign);
    Ok(format!("({})", operands.join(&format!(" {sign} "))))
}

fn called(name: &str, operands: &[String]) -> Told {
    let name = match name {
        "min" => "MIN",
        "max" => "MAX",
        _ => "DEFAULT_TO",
    };
    Ok(format!("{name}({})", operands.join("; ")))
}

fn rounded(name: &str, inner: &str, places: i64) -> Told {
    Ok(format!("{}({inner}; {places})", name.to_ascii_uppercase()))
}
