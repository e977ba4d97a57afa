use serde::{Deserialize, Serialize};

use super::units::{self, Order};
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
}

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

/// The compiled form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compiled {
    price: AmountRow,
    lines: Selector,
    measured: Measured,
}

impl Document for FixedUnitPrice {
    type Compiled = Compiled;

    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        let price = reading::amounts(&self.price, vocabulary, &at.key("price"))?;
        Ok(Compiled { price, lines: selector::compile(&self.lines, vocabulary), measured: self.measured })
    }
}

impl Price for Compiled {
    fn covers(&self, facts: &Facts<'_>) -> bool {
        facts.amount(self.price).is_some()
    }

    fn offer(&self, pricing: &Pricing<'_>, offer: &mut Offer) {
        let Some(price) = pricing.facts.amount(self.price) else { return };
        pricing.facts.each_line(self.lines, |index, line| match self.measured {
            Measured::Line => {
                offer.share(index, pricing.balances.left(index) - price.times(line.quantity), Pick::Every);
            }
            Measured::Unit => {
                let left = units::left_of(pricing, index, line.quantity, Order::Dearest);
                let above = |(count, left): &(i64, i64)| (Amount::new(*left) - price).or_zero().times(*count);
                let share = left.iter().map(above).sum();
                offer.share_by_unit(index, share, Pick::Every, Bearing::DownTo(price.minor()));
            }
        });
    }
}
