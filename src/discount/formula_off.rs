use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use serde::Deserialize;
use serde_json::Value as Json;

use super::formula::{self, Formula, Step, Takes};
use super::lines::{Grade, OffLines, Worth};
use super::{Discount, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::money::{Rate, RoundingLevel};
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector};
use crate::vocabulary::{Amounts, VocabularyBuilder};

/// As much off as a formula works out.
///
/// "One percent for every unit, at most thirty": `{ "type": "formula_off", "takes": "percent",
/// "formula": { "min": [{ "fact": "units" }, "30"] } }`
/// "5.00 for every full 50.00": `{ "type": "formula_off", "formula": { "multiply": [
/// { "floor": { "divide": [{ "fact": "subtotal" }, { "money": { "EUR": 5000 } }] } }, { "money": { "EUR": 500 } }] } }`
///
/// Money is in minor units, whatever the formula does with it; its number is rounded once, as the campaign rounds. A
/// number below zero takes nothing off; a formula that has no number neither, and the outcome says why.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FormulaOff {
    /// The expression: a decimal text, `{ "fact": … }`, `{ "customer": … }`, `{ "money": … }`, or an operation on others.
    pub formula: Json,
    /// What its number is; default an amount off the lines together.
    #[serde(default)]
    pub takes: Taken,
    /// Which lines; all when absent.
    pub lines: Option<LineSelector>,
    /// The most it takes off in all.
    pub cap: Option<Amounts>,
}

/// What the number of a formula is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Taken {
    /// An amount off the lines together, spread over them.
    #[default]
    Amount,
    /// An amount off each line.
    AmountPerLine,
    /// An amount off each unit.
    AmountPerUnit,
    /// A percentage off, from 0 to 100; decimals beyond the seventh are dropped.
    Percent,
    /// What each unit comes down to.
    UnitPrice,
    /// What the lines together come down to.
    Price,
    /// What each line comes down to.
    PricePerLine,
}

impl Document for FormulaOff {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let steps = formula::compile(&self.formula, vocabulary, &at.key("formula"))?;
        let takes = match self.takes {
            Taken::Amount => Takes::Amount,
            Taken::AmountPerLine => Takes::AmountPerLine,
            Taken::AmountPerUnit => Takes::AmountPerUnit,
            Taken::Percent => Takes::Percent,
            Taken::UnitPrice => Takes::UnitPrice,
            Taken::Price => Takes::Price,
            Taken::PricePerLine => Takes::PricePerLine,
        };
        let by_line = steps.iter().any(|step| matches!(step, Step::Fact(fact) if fact.is_of_a_line()));
        if by_line && matches!(self.takes, Taken::Amount | Taken::Price) {
            let help = "take something off each line or unit, or ask for facts of the order";
            let message = "lines together have no line that the formula could ask about";
            return Err(reading::invalid(message, help, &at.key("takes")));
        }
        let mut off = OffLines::new(selector::compile(&self.lines, vocabulary), Worth::Rate(Rate::ONE));
        off.worth = Grade::Formula(Formula { takes, by_line, steps });
        if by_line {
            off.level = RoundingLevel::Line;
        }
        off.cap = self.cap.as_ref().map(|cap| reading::amounts(cap, vocabulary, &at.key("cap"))).transpose()?;
        Ok(vec![Discount::Lines(off)])
    }
}
