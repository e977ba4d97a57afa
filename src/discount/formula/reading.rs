//! From an expression of a document to steps.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Value as Json};

use super::{Fact, Step, MAX_DEPTH, MAX_STEPS};
use crate::campaign::reading;
use crate::digits;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Amounts, Figure, Subject, VocabularyBuilder};

/// The facts by the names that documents have for them.
pub(super) const FACTS: &[(&str, Fact)] = &[
    ("subtotal", Fact::Subtotal),
    ("left", Fact::Left),
    ("units", Fact::Units),
    ("lines", Fact::Lines),
    ("cheapest_price", Fact::CheapestPrice),
    ("dearest_price", Fact::DearestPrice),
    ("order_subtotal", Fact::OrderSubtotal),
    ("order_left", Fact::OrderLeft),
    ("order_units", Fact::OrderUnits),
    ("order_lines", Fact::OrderLines),
    ("shipping", Fact::Shipping),
    ("orders", Fact::Orders),
    ("unit_price", Fact::UnitPrice),
    ("line_subtotal", Fact::LineSubtotal),
    ("line_left", Fact::LineLeft),
    ("line_units", Fact::LineUnits),
];

/// Operations on two operands or more, from the left to the right.
pub(super) const OF_MANY: &[(&str, Step)] = &[
    ("add", Step::Add),
    ("multiply", Step::Multiply),
    ("min", Step::Min),
    ("max", Step::Max),
    ("all", Step::Min),
    ("any", Step::Max),
];

/// Operations on two operands.
pub(super) const OF_TWO: &[(&str, Step)] = &[
    ("subtract", Step::Subtract),
    ("divide", Step::Divide),
    ("remainder", Step::Remainder),
    ("power", Step::Power),
    ("at_least", Step::NotBelow),
    ("above", Step::Above),
    ("equal", Step::Equal),
    ("default", Step::Default),
];

/// Reads an expression.
///
/// # Errors
/// A diagnostic at `at` when it makes no sense, or is longer or deeper than a formula may be.
pub fn compile(
    expression: &Json,
    vocabulary: &mut VocabularyBuilder,
    at: &Pointer,
) -> Result<Vec<Step>, Box<Diagnostic>> {
    let mut steps = Vec::new();
    Writer { vocabulary, steps: &mut steps }.expression(expression, 1, at)?;
    Ok(steps)
}

struct Writer<'a> {
    vocabulary: &'a mut VocabularyBuilder,
    steps: &'a mut Vec<Step>,
}

impl Writer<'_> {
    fn step(&mut self, step: Step, at: &Pointer) -> Result<(), Box<Diagnostic>> {
        if self.steps.len() >= MAX_STEPS {
            let help = format!("write a formula of at most {MAX_STEPS} steps");
            return Err(reading::diagnostic("rule_too_large", "the formula is too long", help, at));
        }
        self.steps.push(step);
        Ok(())
    }

    /// Writes an expression whose number will be the `depth`th that is open.
    fn expression(&mut self, expression: &Json, depth: usize, at: &Pointer) -> Result<(), Box<Diagnostic>> {
        if depth > MAX_DEPTH {
            let help = format!("keep at most {MAX_DEPTH} numbers open at once");
            return Err(reading::diagnostic("rule_too_large", "the formula is too deep", help, at));
        }
        match expression {
            Json::String(text) => self.step(constant(text, at)?, at),
            Json::Number(number) => self.step(constant(&number.to_string(), at)?, at),
            Json::Object(members) => self.operation(members, depth, at),
            _ => Err(reading::invalid("this is no expression", HELP, at)),
        }
    }

    fn operation(&mut self, members: &Map<String, Json>, depth: usize, at: &Pointer) -> Result<(), Box<Diagnostic>> {
        let beside = ["then", "else", "places"];
        let mut names = members.keys().filter(|name| !beside.contains(&name.as_str()));
        let (Some(name), None) = (names.next(), names.next()) else {
            return Err(reading::invalid("an expression is one operation", HELP, at));
        };
        let taken: &[&str] = match name.as_str() {
            "if" => &["then", "else"],
            "round" | "floor" | "ceil" => &["places"],
            _ => &[],
        };
        if let Some(other) = members.keys().find(|other| *other != name && !taken.contains(&other.as_str())) {
            let help = format!("`{name}` stands alone here");
            return Err(reading::diagnostic(
                "field_unknown",
                format!("`{name}` has no `{other}`"),
                help,
                &at.key(other),
            ));
        }
        let of = members.get(name).unwrap_or(&Json::Null);
        let place = at.key(name);
        let step = |list: &[(&str, Step)]| list.iter().find(|(known, _)| known == name).map(|(_, step)| *step);
        match name.as_str() {
            "fact" => {
                let fact = FACTS.iter().find(|(known, _)| of.as_str() == Some(known));
                let known: Vec<String> = FACTS.iter().map(|(name, _)| format!("`{name}`")).collect();
                let help = format!("use one of {}", known.join(", "));
                let (_, fact) = fact.ok_or_else(|| reading::invalid("there is no such fact", help, &place))?;
                self.step(Step::Fact(*fact), at)
            }
            "customer" | "attribute" => {
                let (whose, subject) = match name.as_str() {
                    "customer" => ("customer", Subject::CustomerAttribute),
                    _ => ("order", Subject::OrderAttribute),
                };
                let Some(attribute) = of.as_str() else {
                    let help = format!("name an attribute of the {whose}");
                    return Err(reading::invalid("this is no text", help, &place));
                };
                let dimension = self.vocabulary.dimension(subject.named(attribute));
                let figure = self.vocabulary.number(Figure::Attribute(dimension));
                self.step(Step::Figure(figure), at)
            }
            "money" => {
                let amounts: Amounts = reading::value(of, &place)?;
                let row = reading::amounts(&amounts, self.vocabulary, &place)?;
                self.step(Step::Money(row), at)
            }
            "not" => {
                self.expression(of, depth, &place)?;
                self.step(Step::Not, at)
            }
            "round" | "floor" | "ceil" => {
                let places = members.get("places").map_or(Some(0), Json::as_i64).filter(|n| PLACES.contains(n));
                let help = "write a whole number from -12 to 12; below zero are tens, hundreds …";
                let places = places.ok_or_else(|| reading::invalid("these are no places", help, &at.key("places")))?;
                self.expression(of, depth, &place)?;
                self.step(
                    match name.as_str() {
                        "round" => Step::Round(places),
                        "floor" => Step::Floor(places),
                        _ => Step::Ceil(places),
                    },
                    at,
                )
            }
            "if" => {
                self.expression(of, depth, &place)?;
                for (more, branch) in (1..).zip(taken) {
                    let help = "write all of `if`, `then` and `else`";
                    let missing =
                        || reading::diagnostic("field_missing", format!("missing field `{branch}`"), help, at);
                    let branch_of = members.get(*branch).ok_or_else(missing)?;
                    self.expression(branch_of, depth.saturating_add(more), &at.key(branch))?;
                }
                self.step(Step::If, at)
            }
            _ => match (step(OF_MANY), step(OF_TWO)) {
                (Some(step), _) => self.operands(step, of, (2, MAX_STEPS), depth, &place),
                (_, Some(step)) => self.operands(step, of, (2, 2), depth, &place),
                _ => Err(reading::invalid(format!("there is no operation `{name}`"), HELP, &place)),
            },
        }
    }

    fn operands(
        &mut self,
        step: Step,
        of: &Json,
        (least, most): (usize, usize),
        depth: usize,
        at: &Pointer,
    ) -> Result<(), Box<Diagnostic>> {
        let operands = of.as_array().filter(|list| (least..=most).contains(&list.len()));
        let help = if most == least { "write a list of two" } else { "write a list of two or more" };
        let operands = operands.ok_or_else(|| reading::invalid("these are not its operands", help, at))?;
        for (index, operand) in operands.iter().enumerate() {
            self.expression(operand, depth.saturating_add(index.min(1)), &at.index(index))?;
            if index > 0 {
                self.step(step, at)?;
            }
        }
        Ok(())
    }
}

const HELP: &str = "write a decimal text, or an object such as { \"multiply\": [{ \"fact\": \"subtotal\" }, \"0.1\"] }";

/// Places that a number can be rounded to.
pub(super) const PLACES: core::ops::RangeInclusive<i64> = -12..=12;

/// A decimal with up to nine decimals.
fn constant(text: &str, at: &Pointer) -> Result<Step, Box<Diagnostic>> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let places = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let parts = u32::try_from(places).ok().filter(|places| *places <= 9);
    let parts = parts.and_then(|places| digits::decimal(digits, places)).and_then(|parts| parts.checked_mul(sign));
    match (parts, u8::try_from(places)) {
        (Some(parts), Ok(places)) => Ok(Step::Constant((parts, places))),
        _ => {
            let help = "write a decimal with at most nine decimals, such as \"12.5\"";
            Err(reading::invalid(format!("`{text}` is no number"), help, at))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use serde_json::json;

    fn steps(expression: Json) -> Result<Vec<Step>, (&'static str, String)> {
        let compiled = compile(&expression, &mut VocabularyBuilder::default(), &Pointer::root());
        compiled.map_err(|fault| (fault.code, fault.at.unwrap().pointer))
    }

    #[test]
    fn an_expression_becomes_postfix() {
        let formula = json!({ "round": { "multiply": [{ "fact": "subtotal" }, "0.125", 2] }, "places": -1 });
        let expected = vec![
            Step::Fact(Fact::Subtotal),
            Step::Constant((125, 3)),
            Step::Multiply,
            Step::Constant((2, 0)),
            Step::Multiply,
            Step::Round(-1),
        ];
        assert_eq!(steps(formula), Ok(expected));
    }

    #[test]
    fn faults_name_their_place() {
        for (formula, code, at) in [
            (json!(null), "field_invalid", ""),
            (json!("1e3"), "field_invalid", ""),
            (json!("1.0000000001"), "field_invalid", ""),
            (json!({}), "field_invalid", ""),
            (json!({ "add": ["1"] }), "field_invalid", "/add"),
            (json!({ "divide": ["1", "2", "3"] }), "field_invalid", "/divide"),
            (json!({ "add": ["1", { "sum": [] }] }), "field_invalid", "/add/1/sum"),
            (json!({ "fact": "weather" }), "field_invalid", "/fact"),
            (json!({ "round": "1", "places": 13 }), "field_invalid", "/places"),
            (json!({ "add": ["1", "2"], "places": 1 }), "field_unknown", "/places"),
            (json!({ "if": "1", "then": "2" }), "field_missing", ""),
            (json!({ "money": {} }), "field_invalid", "/money"),
        ] {
            assert_eq!(steps(formula.clone()), Err((code, at.to_string())), "{formula}");
        }
    }

    #[test]
    fn length_and_depth_are_bounded() {
        let many = |count: usize| json!({ "add": vec!["1"; count] });
        assert_eq!(steps(many(32)).map(|steps| steps.len()), Ok(63));
        assert_eq!(steps(many(33)).map_err(|(code, _)| code), Err("rule_too_large"));
        let deep = |depth: usize| (1..depth).fold(json!("1"), |inner, _| json!({ "add": ["1", inner] }));
        assert!(steps(deep(MAX_DEPTH)).is_ok());
        assert_eq!(steps(deep(MAX_DEPTH + 1)).map_err(|(code, _)| code), Err("rule_too_large"));
    }
}
