use alloc::boxed::Box;
use alloc::string::String;
use serde::{Deserialize, Serialize};

use crate::packed::packed;
use super::units::{Order, Quota};
use super::{Base, Document, Offer, Price, Pricing};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::facts::Facts;
use crate::money::{Amount, Rate, RoundingLevel};
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
///
/// "Half off the two cheapest":
/// `{ "type": "percent_off", "percent": "50", "maxUnits": 2, "pick": "cheapest" }`
///
/// With `maxUnits`, `maxUnitsPerLine` or `groupsOf` it is taken off so many units, and rounded on each line they are
/// of.
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
    /// How many units at most, over all lines.
    pub max_units: Option<i64>,
    /// How many units of each line at most.
    pub max_units_per_line: Option<i64>,
    /// Only whole groups of so many units; of seven in threes, six.
    pub groups_of: Option<i64>,
    /// With `maxUnits` or `groupsOf`: which units first; default the cheapest.
    #[serde(default)]
    pub pick: Order,
}

packed! {
    /// The compiled form.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compiled {
        rate: Rate,
        lines: Selector,
        cap: Option<AmountRow>,
        base: Base,
        quota: Option<Quota>,
    }
}

impl Document for PercentOff {
    type Compiled = Compiled;

    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        let rate = reading::percent(&self.percent, &at.key("percent"))?;
        let cap = self.cap.as_ref().map(|cap| reading::amounts(cap, vocabulary, &at.key("cap"))).transpose()?;
        let (most, most_per_line, groups_of) = (self.max_units, self.max_units_per_line, self.groups_of);
        let quota = Quota { most, most_per_line, groups_of, pick: self.pick }.compile(at)?;
        let quota = Some(quota).filter(|quota| quota.limit().is_some());
        Ok(Compiled { rate, lines: selector::compile(&self.lines, vocabulary), cap, base: self.base, quota })
    }
}

impl Compiled {
    fn off_units(&self, quota: &Quota, cap: Option<Amount>, pricing: &Pricing<'_>, offer: &mut Offer) {
        let level = pricing.level.unwrap_or(RoundingLevel::Line);
        let mut sum = Amount::ZERO;
        for picked in quota.picked(pricing, self.lines) {
            let left = picked.left_in_all(pricing);
            let measured = match self.base {
                Base::Running => left,
                Base::Original => Amount::new(picked.price).times(picked.count),
            };
            sum += measured;
            let share = match level {
                RoundingLevel::Line => self.rate.of(measured, pricing.rounding).at_most(left),
                RoundingLevel::Order => left,
            };
            offer.share(picked.line, share, picked.units);
        }
        let total = match level {
            RoundingLevel::Line => offer.total(),
            RoundingLevel::Order => self.rate.of(sum, pricing.rounding),
        };
        offer.spread = Some(cap.map_or(total, |cap| total.at_most(cap)));
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
        match &self.quota {
            Some(quota) => self.off_units(quota, cap, pricing, offer),
            None => pricing.offer_rate(self.rate, self.lines, self.base, cap, offer),
        }
    }
}
