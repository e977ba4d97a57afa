//! Voucherify's formulas as expressions of documents, and back. Their money is in major units, that of documents in minor
//! ones; a formula that asks for what no expression can tell has no counterpart.

mod told;
mod tree;

pub(super) use told::told;
use tree::{Name, Operation, Tree};

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use rust_decimal::Decimal;
use serde_json::{json, Value};

/// What the number of an expression counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    /// An amount, minor units.
    Money,
    /// A plain number.
    Number,
}

/// What a formula may ask about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asks<'a> {
    /// The currency of its amounts.
    pub(super) currency: &'a str,
    /// Whether it is worked out for each line.
    pub(super) lines: bool,
    /// Whether all lines of the order are meant, so that the cheapest of them is the cheapest of the order.
    pub(super) whole_order: bool,
}

/// An expression, and what is known of it.
#[derive(Clone, Debug)]
pub(super) struct Translated {
    /// The expression of a document.
    pub(super) expression: Value,
    /// Whether it asks for metadata, of which documents know whole numbers.
    pub(super) asks_metadata: bool,
}

/// The expression for a formula; what it names that no expression has otherwise.
pub(super) fn translate(text: &str, counts: Counts, asks: Asks<'_>) -> Result<Translated, String> {
    let tree = tree::read(text)?;
    let writer = Writer { asks };
    writer.check(&tree)?;
    let expression = match counts {
        Counts::Money => writer.minor(&tree),
        Counts::Number => writer.plain(&tree),
    };
    if steps(&expression) > MAX_STEPS {
        return Err("it is longer than a formula of a document may be".into());
    }
    Ok(Translated { expression, asks_metadata: asks_metadata(&tree) })
}

/// What documents take.
const MAX_STEPS: usize = 60;

/// How many steps an expression is.
fn steps(expression: &Value) -> usize {
    match expression {
        Value::Object(members) => members.values().fold(1, |sum, value| sum.saturating_add(steps(value))),
        Value::Array(list) => list.iter().fold(0, |sum, value| sum.saturating_add(steps(value)).saturating_add(1)),
        _ => 1,
    }
}

fn each(tree: &Tree, any: &dyn Fn(&Tree) -> bool) -> bool {
    any(tree)
        || match tree {
            Tree::Number(_) | Tree::Name(_) => false,
            Tree::Of(_, trees) => trees.iter().any(|tree| each(tree, any)),
        }
}

fn asks_metadata(tree: &Tree) -> bool {
    each(tree, &|tree| matches!(tree, Tree::Name(Name::Order(_) | Name::Customer(_))))
}

/// Whether a tree comes to an amount: 1 of amounts, 0 of numbers; a number that stands by itself is whatever is asked.
fn degree(tree: &Tree) -> Option<i32> {
    match tree {
        Tree::Number(_) => None,
        Tree::Name(name) => Some(i32::from(name.is_money())),
        Tree::Of(operation, trees) => {
            let first = || trees.first().and_then(degree);
            match operation {
                Operation::Multiply => Some(trees.iter().filter_map(degree).sum()),
                Operation::Divide => {
                    let [over, under] = trees.as_slice() else { return None };
                    Some(degree(over).unwrap_or(0).saturating_sub(degree(under).unwrap_or(0)))
                }
                Operation::If => trees.iter().skip(1).find_map(degree),
                Operation::Power => Some(0),
                operation if operation.is_question() => Some(0),
                Operation::Round(..) | Operation::Negative => first(),
                _ => trees.iter().find_map(degree),
            }
        }
    }
}

struct Writer<'a> {
    asks: Asks<'a>,
}

impl Writer<'_> {
    fn check(&self, tree: &Tree) -> Result<(), String> {
        match tree {
            Tree::Number(_) => Ok(()),
            Tree::Name(name) if name.is_of_line() && !self.asks.lines => {
                Err("it asks about a line where there is none".into())
            }
            Tree::Name(name) if name.is_extreme() && !self.asks.whole_order => {
                Err("the cheapest and the dearest are those of the lines that it is for".into())
            }
            Tree::Name(_) => Ok(()),
            Tree::Of(Operation::Power, trees) if trees.iter().any(|tree| degree(tree).unwrap_or(0) != 0) => {
                Err("powers are of plain numbers".into())
            }
            Tree::Of(_, trees) => trees.iter().try_for_each(|tree| self.check(tree)),
        }
    }

    /// The expression whose number is a hundred times that of the tree: minor units where it comes to major ones.
    fn minor(&self, tree: &Tree) -> Value {
        let hundred = || json!({ "multiply": [self.plain(tree), "100"] });
        match tree {
            Tree::Number(number) => self.amount(*number),
            Tree::Name(name) if name.is_money() => name.expression(),
            Tree::Name(_) => hundred(),
            Tree::Of(operation, trees) => match (operation, trees.as_slice()) {
                (Operation::Multiply, [left, right]) => {
                    let is_amount = |tree: &Tree| degree(tree) == Some(1);
                    let is_number = |tree: &Tree| matches!(tree, Tree::Number(_));
                    if is_amount(left) || (!is_amount(right) && is_number(left)) {
                        json!({ "multiply": [self.minor(left), self.plain(right)] })
                    } else if is_amount(right) || is_number(right) {
                        json!({ "multiply": [self.plain(left), self.minor(right)] })
                    } else {
                        hundred()
                    }
                }
                (Operation::Divide, [over, under]) if degree(over) != Some(0) => {
                    json!({ "divide": [self.minor(over), self.plain(under)] })
                }
                (Operation::If, [asked, then, otherwise]) => {
                    json!({ "if": self.plain(asked), "then": self.minor(then), "else": self.minor(otherwise) })
                }
                (Operation::Round(way, places), [inner]) if *places >= -10 => {
                    way_of(way, self.minor(inner), places.saturating_sub(2))
                }
                (operation, trees) => match operation.keeps_money() {
                    Some(name) => json!({ name: trees.iter().map(|tree| self.minor(tree)).collect::<Vec<_>>() }),
                    None if *operation == Operation::Negative => {
                        json!({ "subtract": ["0", trees.first().map(|tree| self.minor(tree))] })
                    }
                    None => hundred(),
                },
            },
        }
    }

    /// The expression whose number is that of the tree.
    fn plain(&self, tree: &Tree) -> Value {
        match tree {
            Tree::Number(number) => number.normalize().to_string().into(),
            Tree::Name(name) if name.is_money() => json!({ "divide": [name.expression(), "100"] }),
            Tree::Name(name) => name.expression(),
            Tree::Of(operation, trees) => {
                // what compares or divides amounts says the same of minor units
                let by_minor = operation.is_about_both() && trees.iter().any(|tree| degree(tree) == Some(1));
                let operands = || -> Vec<Value> {
                    let written = trees.iter().map(|tree| if by_minor { self.minor(tree) } else { self.plain(tree) });
                    written.collect()
                };
                match (operation, trees.as_slice()) {
                    (Operation::Divide, [over, under]) if degree(over) == Some(1) && degree(under) == Some(1) => {
                        json!({ "divide": [self.minor(over), self.minor(under)] })
                    }
                    (Operation::If, [asked, then, otherwise]) => {
                        json!({ "if": self.plain(asked), "then": self.plain(then), "else": self.plain(otherwise) })
                    }
                    (Operation::Round(way, places), [inner]) => way_of(way, self.plain(inner), *places),
                    (Operation::Negative, [inner]) => json!({ "subtract": ["0", self.plain(inner)] }),
                    (Operation::Not, [inner]) => json!({ "not": self.plain(inner) }),
                    (Operation::Below, _) => json!({ "above": reversed(operands()) }),
                    (Operation::NotAbove, _) => json!({ "at_least": reversed(operands()) }),
                    (Operation::Differs, _) => json!({ "not": { "equal": operands() } }),
                    _ => json!({ operation.name(): operands() }),
                }
            }
        }
    }

    /// An amount in major units, as an amount of the currency where it is one.
    fn amount(&self, major: Decimal) -> Value {
        let minor = major.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(major).normalize();
        match i64::try_from(minor) {
            Ok(whole) if minor.is_integer() && whole > 0 => json!({ "money": { self.asks.currency: whole } }),
            _ => minor.to_string().into(),
        }
    }
}

fn reversed(mut operands: Vec<Value>) -> Vec<Value> {
    operands.reverse();
    operands
}

fn way_of(way: &str, inner: Value, places: i64) -> Value {
    let mut rounded = json!({ way: inner });
    if places != 0 {
        rounded["places"] = places.into();
    }
    rounded
}

#[cfg(test)]
mod tests;
