use alloc::boxed::Box;
use alloc::format;
use serde::{Deserialize, Serialize};

use crate::packed::packed;
use super::units::{self, Order, Quota};
use super::{Document, Offer, Price, Pricing};
use crate::balance::{Bearing, Pick};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::facts::Facts;
use crate::money::Amount;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector, Selector};
use crate::vocabulary::{AmountRow, Amounts, VocabularyBuilder};

/// Each unit of the selected lines costs this much; never more than without the campaign.
///
/// "All posters 9.90": `{ "type": "fixed_unit_price", "price": { "EUR": 990 }, "lines": { "categories": ["posters"] } }`
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FixedUnitPrice {
    /// The price of one unit, per currency, minor units.
    pub price: Amounts,
    /// Which lines; all when absent.
    pub lines: Option<LineSelector>,
    /// What is compared with the price; default each unit.
    #[serde(default)]
    pub measured: Measured,
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
    /// What a fixed unit price is compared with. It matters only after a discount that made some units of a line
    /// cheaper than others.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Measured {
        /// Each unit comes down to the price by itself.
        #[default]
        Unit,
        /// The line as a whole comes down to price times quantity: a unit that is already free counts towards it.
        Line,
    }
}

packed! {
    /// The compiled form.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compiled {
        price: AmountRow,
        lines: Selector,
        measured: Measured,
        quota: Option<Quota>,
    }
}

impl Document for FixedUnitPrice {
    type Compiled = Compiled;

    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        let price = reading::amounts(&self.price, vocabulary, &at.key("price"))?;
        let (most, most_per_line, groups_of) = (self.max_units, self.max_units_per_line, self.groups_of);
        let quota = Quota { most, most_per_line, groups_of, pick: self.pick }.compile(at)?;
        if let Some(limit) = quota.limit().filter(|_| self.measured == Measured::Line) {
            let help = format!("leave `measured` or `{limit}` out");
            return Err(reading::invalid(format!("`{limit}` needs units that are measured"), help, &at.key(limit)));
        }
        let quota = Some(quota).filter(|quota| quota.limit().is_some());
        let lines = selector::compile(&self.lines, vocabulary);
        Ok(Compiled { price, lines, measured: self.measured, quota })
    }
}

/// What units cost above `price`.
fn above(price: Amount, left: &[(i64, i64)]) -> Amount {
    left.iter().map(|(count, left)| (Amount::new(*left) - price).or_zero().times(*count)).sum()
}

impl Price for Compiled {
    fn covers(&self, facts: &Facts<'_>) -> bool {
        facts.amount(self.price).is_some()
    }

    fn offer(&self, pricing: &Pricing<'_>, offer: &mut Offer) {
        let Some(price) = pricing.facts.amount(self.price) else { return };
        if let Some(quota) = &self.quota {
            for picked in quota.picked(pricing, self.lines) {
                let bearing = Bearing::DownTo(price.minor());
                offer.share_by_unit(picked.line, above(price, &picked.left(pricing)), picked.units, bearing);
            }
            return;
        }
        pricing.facts.each_line(self.lines, |index, line| match self.measured {
            Measured::Line => {
                offer.share(index, pricing.balances.left(index) - price.times(line.quantity), Pick::Every);
            }
            Measured::Unit => {
                let left = units::left_of(pricing, index, line.quantity, Order::Dearest);
                offer.share_by_unit(index, above(price, &left), Pick::Every, Bearing::DownTo(price.minor()));
            }
        });
    }
}
