use alloc::boxed::Box;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use serde::Deserialize;

use super::bundles::PerBundle;
use super::lines::{OffLines, Units, Worth};
use super::units::{Order, Quota};
use super::{Discount, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector};
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
    /// How many units at most, over all lines.
    pub max_units: Option<i64>,
    /// How many units of each line at most.
    pub max_units_per_line: Option<i64>,
    /// Only whole groups of so many units; of seven in threes, six.
    pub groups_of: Option<i64>,
    /// With `maxUnits` or `groupsOf`: which units first; default the cheapest.
    #[serde(default)]
    pub pick: Order,
    /// Whether lines that an earlier discount took something of are left out.
    #[serde(default)]
    pub exclude_discounted: bool,
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
        let (most, most_per_line, groups_of) = (self.max_units, self.max_units_per_line, self.groups_of);
        let quota = Quota { most, most_per_line, groups_of, pick: self.pick, ..Quota::default() }.compile(at)?;
        let mut off = OffLines::new(selector::compile(&self.lines, vocabulary), worth);
        off.undiscounted_only = self.exclude_discounted;
        if let Some(limit) = quota.limit() {
            if self.measured == Measured::Line {
                let help = format!("leave `measured` or `{limit}` out");
                return Err(reading::invalid(format!("`{limit}` needs units that are measured"), help, &at.key(limit)));
            }
            off.units = Units::Quota(quota);
        }
        let per_bundle = at.key("perBundle");
        off.times = self.per_bundle.as_ref().map(|per| per.compile(vocabulary, &per_bundle)).transpose()?;
        Ok(vec![Discount::Lines(off)])
    }
}
