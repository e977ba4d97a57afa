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

/// The more is spent, at original prices, the more is taken off.
///
/// "10, 25, 50 off from 100, 200, 300": `{ "type": "spend_ladder", "steps": [
/// { "from": { "EUR": 10000 }, "amount": { "EUR": 1000 } }, … ] }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SpendLadder {
    /// The steps, by rising threshold.
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
    /// From this subtotal on.
    pub from: Amounts,
    /// This amount off.
    pub amount: Option<Amounts>,
    /// Or this percentage off.
    pub percent: Option<String>,
}

impl Document for SpendLadder {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let of_discount = at;
        let at = at.key("steps");
        reading::some(&self.steps, &at)?;
        let mut steps = Vec::with_capacity(self.steps.len());
        let mut before: Option<&Amounts> = None;
        for (index, step) in self.steps.iter().enumerate() {
            let at = at.index(index);
            let rises = |earlier: &Amounts| {
                step.from.0.iter().all(|(code, minor)| earlier.0.get(code).is_some_and(|low| low < minor))
            };
            if !before.is_none_or(rises) {
                let help = "write the steps by rising `from`, in the same currencies";
                return Err(reading::invalid("the step does not come after the one before it", help, &at.key("from")));
            }
            before = Some(&step.from);
            let from = reading::amounts(&step.from, vocabulary, &at.key("from"))?;
            steps.push((Threshold::Spend(from), step_worth((&step.amount, &step.percent), self.per, vocabulary, &at)?));
        }
        let (measured, base) = (self.measured, self.base);
        let terms = LadderTerms { measured, base, lines: &self.lines, counts: &self.counts, cap: &self.cap };
        Ok(vec![Discount::Lines(ladder(steps, &terms, vocabulary, of_discount)?)])
    }
}
