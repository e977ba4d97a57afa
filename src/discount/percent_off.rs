use serde::{Deserialize, Serialize};

use super::{Base, Document, Offer, Price, Pricing};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::facts::Facts;
use crate::money::Rate;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector, Selector};
use crate::vocabulary::{AmountRow, Amounts, VocabularyBuilder};

/// A percentage off the selected lines.
///
/// "Ten percent off shoes, at most 20.00":
/// `{ "type": "percent_off", "percent": "10", "lines": { "categories": ["shoes"] }, "cap": { "EUR": 2000 } }`
///
/// Without `lines` it is an order benefit and rounded once; with `lines` each line is rounded by itself. The
/// campaign's `rounding.level` decides otherwise.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PercentOff {
    /// From `"0"` to `"100"`, up to seven decimals.
    pub percent: String,
    /// Which lines; all when absent.
    pub lines: Option<LineSelector>,
    /// The most it takes off in all.
    pub cap: Option<Amounts>,
    /// What it is measured on; default the running balance.
    #[serde(default)]
    pub base: Base,
}

/// The compiled form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compiled {
    rate: Rate,
    lines: Selector,
    cap: Option<AmountRow>,
    base: Base,
}

impl Document for PercentOff {
    type Compiled = Compiled;

    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        let rate = reading::percent(&self.percent, &at.key("percent"))?;
        let cap = self.cap.as_ref().map(|cap| reading::amounts(cap, vocabulary, &at.key("cap"))).transpose()?;
        Ok(Compiled { rate, lines: selector::compile(&self.lines, vocabulary), cap, base: self.base })
    }
}

impl Price for Compiled {
    fn covers(&self, facts: &Facts<'_>) -> bool {
        self.cap.is_none_or(|cap| facts.amount(cap).is_some())
    }

    fn offer(&self, pricing: &Pricing<'_>, offer: &mut Offer) {
        let cap = match self.cap {
            // a cap that does not cover the currency must not turn into "no cap"
            Some(row) => match pricing.facts.amount(row) {
                Some(cap) => Some(cap),
                None => return,
            },
            None => None,
        };
        pricing.offer_rate(self.rate, self.lines, self.base, cap, offer);
    }
}
