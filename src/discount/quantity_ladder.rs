use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use serde::Deserialize;

use super::amount_off::Per;
use super::ladder::{ladder, step_worth, LadderTerms, Measured, Threshold};
use super::worth::Base;
use super::{Discount, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::selector::LineSelector;
use crate::vocabulary::{Amounts, VocabularyBuilder};

/// The more units, the more is taken off, of all of them.
///
/// "5 % from 3 units, 10 % from 6": `{ "type": "quantity_ladder", "steps": [ { "from": 3, "percent": "5" },
/// { "from": 6, "percent": "10" } ] }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuantityLadder {
    /// The steps, by rising quantity.
    pub steps: Vec<Step>,
    /// Which lines count and are discounted; all when absent.
    pub lines: Option<LineSelector>,
    /// Which lines count, when not those that are discounted; `{}` is all.
    pub counts: Option<LineSelector>,
    /// Off what an `amount` of a step is taken; default the order.
    #[serde(default)]
    pub per: Per,
    /// On what a percentage is measured; default the running balance.
    #[serde(default)]
    pub base: Base,
    /// The most it takes off in all.
    pub cap: Option<Amounts>,
    /// What must reach a step; default the lines together.
    #[serde(default)]
    pub measured: Measured,
}

/// A step of a ladder: an amount or a percentage.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// From this many units on.
    pub from: i64,
    /// This amount off.
    pub amount: Option<Amounts>,
    /// Or this percentage off.
    pub percent: Option<String>,
}

impl Document for QuantityLadder {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let of_discount = at;
        let at = at.key("steps");
        reading::some(&self.steps, &at)?;
        let mut steps = Vec::with_capacity(self.steps.len());
        let mut before = 0;
        for (index, step) in self.steps.iter().enumerate() {
            let at = at.index(index);
            let from = reading::count(step.from, &at.key("from"))?;
            if before >= from {
                let help = "write the steps by rising `from`";
                return Err(reading::invalid("the step does not come after the one before it", help, &at.key("from")));
            }
            before = from;
            steps.push((Threshold::Quantity(from), step_worth((&step.amount, &step.percent), self.per, vocabulary, &at)?));
        }
        let (measured, base) = (self.measured, self.base);
        let terms = LadderTerms { measured, base, lines: &self.lines, counts: &self.counts, cap: &self.cap };
        Ok(vec![Discount::Lines(ladder(steps, &terms, vocabulary, of_discount)?)])
    }
}
