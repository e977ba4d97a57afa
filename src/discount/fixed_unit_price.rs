use alloc::boxed::Box;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use serde::Deserialize;

use super::bundles::PerBundle;
use super::lines::OffLines;
use super::worth::Worth;
use super::terms::{CapSpread, CountOff, Terms};
use super::units::Order;
use super::{Discount, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::selector::LineSelector;
use crate::vocabulary::{Amounts, VocabularyBuilder};

/// Each unit of the selected lines costs this much; never more than without the campaign.
///
/// "All posters 9.90": `{ "type": "fixed_unit_price", "price": { "EUR": 990 }, "lines": { "categories": ["posters"] } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FixedUnitPrice {
    /// The price of one unit, per currency, minor units.
    pub price: Amounts,
    /// Which lines; all when absent.
    pub lines: Option<LineSelector>,
    /// What is compared with the price; default each unit.
    #[serde(default)]
    pub measured: Measured,
    /// The most it takes off in all.
    pub cap: Option<Amounts>,
    /// The most it takes off each line.
    pub cap_per_line: Option<Amounts>,
    /// How the cap falls on lines; default in proportion.
    #[serde(default)]
    pub cap_spread: CapSpread,
    /// How many units at most, over all lines.
    pub max_units: Option<i64>,
    /// How many units of each line at most.
    pub max_units_per_line: Option<i64>,
    /// Only whole groups of so many units; of seven in threes, six.
    pub groups_of: Option<i64>,
    /// Where only some are meant: which units or lines first; default the cheapest.
    #[serde(default)]
    pub pick: Order,
    /// Which units or lines, counted off from `pick` on; all when absent.
    pub count_off: Option<CountOff>,
    /// Whether lines that an earlier discount took something of are left out.
    #[serde(default)]
    pub exclude_discounted: bool,
    /// Whether it is only for lines that an earlier discount took something of.
    #[serde(default)]
    pub only_discounted: bool,
    /// Sets for each of which it is given: unit limits add up. Once when absent.
    pub per_bundle: Option<PerBundle>,
}

/// What a fixed unit price is compared with. It matters only after a discount that made some units of a line
/// cheaper than others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    /// Each unit comes down to the price by itself.
    #[default]
    Unit,
    /// The line as a whole comes down to price times quantity: a unit that is already free counts towards it.
    Line,
}

impl Document for FixedUnitPrice {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let price = reading::amounts(&self.price, vocabulary, &at.key("price"))?;
        let worth = match self.measured {
            Measured::Unit => Worth::UnitPrice(price),
            Measured::Line => Worth::UnitPriceOfLine(price),
        };
        let mut off = OffLines::of(&self.lines, worth, vocabulary);
        let terms = Terms {
            max_units: self.max_units,
            max_units_per_line: self.max_units_per_line,
            groups_of: self.groups_of,
            pick: self.pick,
            count_off: self.count_off.as_ref(),
            cap: self.cap.as_ref(),
            cap_per_line: self.cap_per_line.as_ref(),
            cap_spread: self.cap_spread,
            exclude_discounted: self.exclude_discounted,
            only_discounted: self.only_discounted,
            per_bundle: self.per_bundle.as_ref(),
        };
        let limit = terms.say_of(&mut off, vocabulary, at)?;
        if let Some(limit) = limit.filter(|_| self.measured == Measured::Line) {
            let help = format!("leave `measured` or `{limit}` out");
            return Err(reading::invalid(format!("`{limit}` needs units that are measured"), help, &at.key(limit)));
        }
        Ok(vec![Discount::Lines(off)])
    }
}
