use serde::{Deserialize, Serialize};

use super::{Base, Document, Offer, Price, Pricing};
use crate::campaign::reading;
use crate::condition::{Measure, Shortfall};
use crate::error::Diagnostic;
use crate::facts::Facts;
use crate::money::Rate;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector, Selector};
use crate::vocabulary::VocabularyBuilder;

/// The more units, the higher the percentage, on all of them.
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
}

/// A step of a ladder.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// From this many units on.
    pub from: i64,
    /// This much off.
    pub percent: String,
}

/// The compiled form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compiled {
    steps: Vec<(i64, Rate)>,
    lines: Selector,
}

impl Document for QuantityLadder {
    type Compiled = Compiled;

    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        let at = at.key("steps");
        reading::some(&self.steps, &at)?;
        let mut steps: Vec<(i64, Rate)> = Vec::with_capacity(self.steps.len());
        for (index, step) in self.steps.iter().enumerate() {
            let at = at.index(index);
            let from = reading::count(step.from, &at.key("from"))?;
            if steps.last().is_some_and(|(before, _)| *before >= from) {
                let help = "write the steps by rising `from`";
                return Err(reading::invalid("the step does not come after the one before it", help, &at.key("from")));
            }
            steps.push((from, reading::percent(&step.percent, &at.key("percent"))?));
        }
        Ok(Compiled { steps, lines: selector::compile(&self.lines, vocabulary) })
    }
}

impl Price for Compiled {
    fn offer(&self, pricing: &Pricing<'_>, offer: &mut Offer) {
        let quantity = pricing.facts.quantity(self.lines);
        let reached = self.steps.iter().rev().find(|(from, _)| *from <= quantity);
        if let Some((_, rate)) = reached {
            pricing.offer_rate(*rate, self.lines, Base::Running, None, offer);
        }
    }

    fn next_step(&self, facts: &Facts<'_>) -> Option<Shortfall> {
        let actual = facts.quantity(self.lines);
        let (required, _) = *self.steps.iter().find(|(from, _)| *from > actual)?;
        Some(Shortfall { lines: self.lines, measure: Measure::Quantity, required, actual })
    }
}
