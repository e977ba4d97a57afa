use alloc::boxed::Box;
use alloc::format;
use serde::{Deserialize, Serialize};

use crate::packed::packed;
use super::units::{Order, Quota};
use super::{Document, Offer, Price, Pricing};
use crate::balance::{Bearing, Pick};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::facts::Facts;
use crate::money::Amount;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector, Selector};
use crate::vocabulary::{AmountRow, Amounts, VocabularyBuilder};

/// An amount off: once for the order and spread over the selected lines, on each line, or on each unit.
///
/// "20.00 off": `{ "type": "amount_off", "amount": { "EUR": 2000 } }`
/// "3.00 off each mug, at most two mugs": `{ "type": "amount_off", "amount": { "EUR": 300 }, "per": "unit",
/// "lines": { "categories": ["mugs"] }, "maxUnits": 2 }`
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmountOff {
    /// How much, per currency, minor units. Never more than what is left.
    pub amount: Amounts,
    /// Off what; default the order.
    #[serde(default)]
    pub per: Per,
    /// Which lines; all when absent.
    pub lines: Option<LineSelector>,
    /// With `per: unit`: how many units at most, over all lines.
    pub max_units: Option<i64>,
    /// With `per: unit`: how many units of each line at most.
    pub max_units_per_line: Option<i64>,
    /// With `per: unit`: only whole groups of so many units; of seven in threes, six.
    pub groups_of: Option<i64>,
    /// With `maxUnits` or `groupsOf`: which units first; default the cheapest.
    #[serde(default)]
    pub pick: Order,
}

packed! {
    /// Off what an amount is taken.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Per {
        /// Once, spread over the lines in proportion to what is left of them.
        #[default]
        Order,
        /// Off each line.
        Line,
        /// Off each unit.
        Unit,
    }
}

packed! {
    /// The compiled form.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compiled {
        amount: AmountRow,
        per: Per,
        lines: Selector,
        quota: Quota,
    }
}

impl Document for AmountOff {
    type Compiled = Compiled;

    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        let amount = reading::amounts(&self.amount, vocabulary, &at.key("amount"))?;
        let (most, most_per_line, groups_of) = (self.max_units, self.max_units_per_line, self.groups_of);
        let quota = Quota { most, most_per_line, groups_of, pick: self.pick }.compile(at)?;
        if let Some(limit) = quota.limit().filter(|_| self.per != Per::Unit) {
            let help = format!("say `per`: `unit`, or leave `{limit}` out");
            return Err(reading::invalid(format!("`{limit}` needs an amount per unit"), help, &at.key(limit)));
        }
        Ok(Compiled { amount, per: self.per, lines: selector::compile(&self.lines, vocabulary), quota })
    }
}

impl Compiled {
    fn off_units(&self, amount: Amount, pricing: &Pricing<'_>, offer: &mut Offer) {
        for picked in self.quota.picked(pricing, self.lines) {
            let left = picked.left(pricing);
            let share = left.iter().map(|(count, left)| amount.at_most(Amount::new(*left)).times(*count)).sum();
            offer.share_by_unit(picked.line, share, picked.units, Bearing::Each(amount.minor()));
        }
    }
}

impl Price for Compiled {
    fn covers(&self, facts: &Facts<'_>) -> bool {
        facts.amount(self.amount).is_some()
    }

    fn offer(&self, pricing: &Pricing<'_>, offer: &mut Offer) {
        let Some(amount) = pricing.facts.amount(self.amount) else { return };
        match self.per {
            Per::Order => pricing.offer_amount(amount, self.lines, offer),
            Per::Line => pricing.facts.each_line(self.lines, |index, _| {
                offer.share(index, amount.at_most(pricing.balances.left(index)), Pick::Every);
            }),
            Per::Unit => self.off_units(amount, pricing, offer),
        }
    }
}
