use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use serde::Deserialize;

use super::lines::{OffLines, Units};
use super::worth::Worth;
use super::terms::{CountOff, Terms};
use super::units::Order;
use super::{Discount, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::selector::LineSelector;
use crate::vocabulary::{Amounts, VocabularyBuilder};

/// The selected lines together, or each of them, come down to a price; never more than without the campaign.
///
/// "The whole order for 42.00": `{ "type": "fixed_price", "price": { "EUR": 4200 } }`
/// "Each pair of shoes, however many laces, 30.00": `{ "type": "fixed_price", "price": { "EUR": 3000 }, "per": "line",
/// "lines": { "categories": ["shoes"] } }`
///
/// What it saves for the order is spread over the lines in proportion to what is left of them.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FixedPrice {
    /// The price, per currency, minor units.
    pub price: Amounts,
    /// Of what; default the order.
    #[serde(default)]
    pub per: Per,
    /// Which lines; all when absent.
    pub lines: Option<LineSelector>,
    /// With `per: order`: whether shipping is part of the price.
    #[serde(default)]
    pub with_shipping: bool,
    /// Where only some are meant: which units or lines first; default the cheapest.
    #[serde(default)]
    pub pick: Order,
    /// Which units or lines, counted off from `pick` on; all when absent. Of a price for each line only lines.
    pub count_off: Option<CountOff>,
    /// Whether lines that an earlier discount took something of are left out.
    #[serde(default)]
    pub exclude_discounted: bool,
    /// Whether it is only for lines that an earlier discount took something of.
    #[serde(default)]
    pub only_discounted: bool,
}

/// What comes down to the price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// The selected lines together.
    #[default]
    Order,
    /// Each line.
    Line,
}

impl Document for FixedPrice {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let price = reading::amounts(&self.price, vocabulary, &at.key("price"))?;
        let worth = match self.per {
            Per::Order => Worth::Price(price),
            Per::Line => Worth::PriceOfLine(price),
        };
        if self.with_shipping && self.per != Per::Order {
            let help = "leave `withShipping` out, or say `per`: `order`";
            return Err(reading::invalid("shipping is no line", help, &at.key("withShipping")));
        }
        let mut off = OffLines::of(&self.lines, worth, vocabulary);
        off.with_shipping = self.with_shipping;
        let terms = Terms {
            pick: self.pick,
            count_off: self.count_off.as_ref(),
            exclude_discounted: self.exclude_discounted,
            only_discounted: self.only_discounted,
            ..Terms::default()
        };
        let limit = terms.say_of(&mut off, vocabulary, at)?;
        if let Some(limit) = limit.filter(|_| self.per == Per::Line) {
            let help = "count off by `line`, or say a `fixed_unit_price`";
            return Err(reading::invalid("a line's price is for all of its units", help, &at.key(limit)));
        }
        if self.with_shipping && off.units != Units::All {
            let help = "leave `withShipping` out, or discount shipping on its own";
            return Err(reading::invalid("shipping is no line", help, &at.key("withShipping")));
        }
        Ok(vec![Discount::Lines(off)])
    }
}
