use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::packed::packed;
use super::ladder::{self, Measured, Taken};
use super::{Document, Offer, Price, Pricing};
use crate::campaign::reading;
use crate::condition::{Measure, Shortfall};
use crate::error::Diagnostic;
use crate::facts::Facts;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector, Selector};
use crate::vocabulary::{Amounts, VocabularyBuilder};

/// The more units, the more is taken off, of all of them.
///
/// "5 % from 3 units, 10 % from 6": `{ "type": "quantity_ladder", "steps": [ { "from": 3, "percent": "5" },
/// { "from": 6, "percent": "10" } ] }`
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuantityLadder {
    /// The steps, by rising quantity.
    pub steps: Vec<Step>,
    /// Which lines count and are discounted; all when absent.
    pub lines: Option<LineSelector>,
    /// What must reach a step; default the lines together.
    #[serde(default)]
    pub measured: Measured,
}

/// A step of a ladder: an amount or a percentage.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// From this many units on.
    pub from: i64,
    /// This amount off.
    pub amount: Option<Amounts>,
    /// Or this percentage off.
    pub percent: Option<String>,
}

packed! {
    /// The compiled form.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compiled {
        steps: Vec<(i64, Taken)>,
        lines: Selector,
        measured: Measured,
    }
}

impl Document for QuantityLadder {
    type Compiled = Compiled;

    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        let at = at.key("steps");
        reading::some(&self.steps, &at)?;
        let mut steps: Vec<(i64, Taken)> = Vec::with_capacity(self.steps.len());
        for (index, step) in self.steps.iter().enumerate() {
            let at = at.index(index);
            let from = reading::count(step.from, &at.key("from"))?;
            if steps.last().is_some_and(|(before, _)| *before >= from) {
                let help = "write the steps by rising `from`";
                return Err(reading::invalid("the step does not come after the one before it", help, &at.key("from")));
            }
            steps.push((from, Taken::compile(&step.amount, &step.percent, vocabulary, &at)?));
        }
        Ok(Compiled { steps, lines: selector::compile(&self.lines, vocabulary), measured: self.measured })
    }
}

impl Price for Compiled {
    fn offer(&self, pricing: &Pricing<'_>, offer: &mut Offer) {
        let reached = |line: Option<&crate::cart::Line>| {
            let quantity = line.map_or_else(|| pricing.facts.quantity(self.lines), |line| line.quantity);
            self.steps.iter().rev().find(|(from, _)| *from <= quantity).map(|(_, taken)| *taken)
        };
        ladder::offer(self.measured, self.lines, pricing, reached, offer);
    }

    fn next_step(&self, facts: &Facts<'_>) -> Option<Shortfall> {
        if self.measured == Measured::Line {
            return None;
        }
        let actual = facts.quantity(self.lines);
        let (required, _) = *self.steps.iter().find(|(from, _)| *from > actual)?;
        Some(Shortfall { lines: self.lines, measure: Measure::Quantity, required, actual })
    }
}
