//! Formulas, worked out in fractions.

use serde_json::Value;

use super::numbers::decimal;
use super::till::Till;

/// A number as a fraction; what is below is above zero.
#[derive(Clone, Copy)]
pub(super) struct Fraction {
    above: i128,
    below: i128,
}

impl Fraction {
    fn new(above: i128, below: i128) -> Option<Fraction> {
        match below.signum() {
            0 => None,
            sign => Some(Fraction { above: above * sign, below: below * sign }),
        }
    }

    /// Without what is behind the point.
    pub(super) fn whole(self) -> i128 {
        self.above.div_euclid(self.below)
    }

    fn is_below(self, other: Fraction) -> bool {
        self.above * other.below < other.above * self.below
    }
}

impl Till<'_> {
    /// What a formula comes to for a discount; none where it has no number.
    pub(super) fn worked_out(&self, formula: &Value, discount: &Value) -> Option<Fraction> {
        if formula.is_string() {
            let (above, below) = decimal(formula);
            return Fraction::new(above, below);
        }
        let (name, of) = formula.as_object().unwrap().iter().next().unwrap();
        let number = |at: usize| self.worked_out(&of[at], discount);
        match name.as_str() {
            "money" => Fraction::new(self.amount(of)?, 1),
            "fact" => Fraction::new(self.fact(of.as_str().unwrap(), discount)?, 1),
            "floor" => Fraction::new(self.worked_out(of, discount)?.whole(), 1),
            "divide" => {
                let (one, other) = (number(0)?, number(1)?);
                Fraction::new(one.above * other.below, one.below * other.above)
            }
            "multiply" => {
                let (one, other) = (number(0)?, number(1)?);
                Fraction::new(one.above * other.above, one.below * other.below)
            }
            "subtract" => {
                let (one, other) = (number(0)?, number(1)?);
                Fraction::new(one.above * other.below - other.above * one.below, one.below * other.below)
            }
            "min" => {
                let (one, other) = (number(0)?, number(1)?);
                Some(if one.is_below(other) { one } else { other })
            }
            other => panic!("the oracle does not know the operation {other}"),
        }
    }

    fn fact(&self, name: &str, discount: &Value) -> Option<i128> {
        let selected = self.selected(&discount["lines"]);
        let all = self.selected(&Value::Null);
        let worth = |lines: &[usize]| lines.iter().map(|line| self.lines[*line].original()).sum();
        let prices = || selected.iter().map(|line| self.lines[*line].price);
        Some(match name {
            "units" => self.quantity(&selected),
            "lines" => i128::try_from(selected.len()).unwrap(),
            "subtotal" => worth(&selected),
            "left" => selected.iter().map(|line| self.lines[*line].left()).sum(),
            "order_units" => self.quantity(&all),
            "order_subtotal" => worth(&all),
            "cheapest_price" => prices().min()?,
            "dearest_price" => prices().max()?,
            "shipping" => self.shipping.iter().map(|(_, price, _)| price).sum(),
            other => panic!("the oracle does not know the fact {other}"),
        })
    }
}
