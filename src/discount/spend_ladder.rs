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
use crate::money::Amount;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector, Selector};
use crate::vocabulary::{AmountRow, Amounts, VocabularyBuilder};

/// The more is spent, at original prices, the more is taken off.
///
/// "10, 25, 50 off from 100, 200, 300": `{ "type": "spend_ladder", "steps": [
/// { "from": { "EUR": 10000 }, "amount": { "EUR": 1000 } }, … ] }`
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SpendLadder {
    /// The steps, by rising threshold.
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
    /// From this subtotal on.
    pub from: Amounts,
    /// This amount off.
    pub amount: Option<Amounts>,
    /// Or this percentage off.
    pub percent: Option<String>,
}

packed! {
    /// The compiled form.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compiled {
        steps: Vec<(AmountRow, Taken)>,
        lines: Selector,
        measured: Measured,
    }
}

impl Document for SpendLadder {
    type Compiled = Compiled;

    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
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
            steps.push((from, Taken::compile(&step.amount, &step.percent, vocabulary, &at)?));
        }
        Ok(Compiled { steps, lines: selector::compile(&self.lines, vocabulary), measured: self.measured })
    }
}

impl Price for Compiled {
    fn covers(&self, facts: &Facts<'_>) -> bool {
        self.steps.iter().any(|(from, _)| facts.amount(*from).is_some())
    }

    fn offer(&self, pricing: &Pricing<'_>, offer: &mut Offer) {
        let facts = &pricing.facts;
        let reached = |line: Option<&crate::cart::Line>| {
            let spent = line.map_or_else(|| facts.subtotal(self.lines), |line| Amount::new(line.subtotal()));
            let is_reached = |row: AmountRow| facts.amount(row).is_some_and(|from| from <= spent);
            self.steps.iter().rev().find(|(from, _)| is_reached(*from)).map(|(_, taken)| *taken)
        };
        ladder::offer(self.measured, self.lines, pricing, reached, offer);
    }

    fn next_step(&self, facts: &Facts<'_>) -> Option<Shortfall> {
        if self.measured == Measured::Line {
            return None;
        }
        let actual = facts.subtotal(self.lines).minor();
        let thresholds = self.steps.iter().filter_map(|(from, _)| facts.amount(*from));
        let required = thresholds.map(|from| from.minor()).find(|from| *from > actual)?;
        Some(Shortfall { lines: self.lines, measure: Measure::Amount, required, actual })
    }
}
