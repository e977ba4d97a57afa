use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use serde::Deserialize;

use super::bundles::PerBundle;
use super::lines::{Base, OffLines, Units, Worth};
use super::units::{Order, Quota};
use super::{Discount, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::money::{PriceMode, RoundingLevel};
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector};
use crate::vocabulary::{Amounts, VocabularyBuilder};

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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PercentOff {
    /// From `"0"` to `"100"`, up to seven decimals.
    pub percent: String,
    /// Which lines; all when absent.
    pub lines: Option<LineSelector>,
    /// The most it takes off in all.
    pub cap: Option<Amounts>,
    /// Of what the cap is; default the whole discount. With `line` the percentage is rounded on each line.
    #[serde(default)]
    pub cap_per: CapPer,
    /// Whether the cap is told without tax or with it; as the cart's prices are when absent.
    pub cap_tax: Option<PriceMode>,
    /// Whether shipping charges are discounted like lines; one cap is then for both.
    #[serde(default)]
    pub with_shipping: bool,
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
    /// Whether lines that an earlier discount took something of are left out.
    #[serde(default)]
    pub exclude_discounted: bool,
    /// Sets for each of which it is given: the percentages add up, to 100 at most, and unit limits do. Once when absent.
    pub per_bundle: Option<PerBundle>,
}

/// Of what a cap is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CapPer {
    /// All lines together.
    #[default]
    Order,
    /// Each line.
    Line,
}

impl Document for PercentOff {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let rate = reading::percent(&self.percent, &at.key("percent"))?;
        let mut off = OffLines::new(selector::compile(&self.lines, vocabulary), Worth::Rate(rate));
        off.base = self.base;
        off.with_shipping = self.with_shipping;
        off.undiscounted_only = self.exclude_discounted;
        off.cap = self.cap.as_ref().map(|cap| reading::amounts(cap, vocabulary, &at.key("cap"))).transpose()?;
        off.cap_tax = self.cap_tax;
        off.cap_per_line = self.cap_per == CapPer::Line;
        let of_cap = [("capPer", off.cap_per_line), ("capTax", self.cap_tax.is_some())];
        if let Some((name, _)) = of_cap.iter().find(|(_, said)| *said && self.cap.is_none()) {
            let help = "add the `cap`, or leave this out";
            return Err(reading::invalid("there is no cap that this could say more of", help, &at.key(name)));
        }
        if off.cap_per_line && self.with_shipping {
            let help = "leave `withShipping` out, or discount shipping on its own";
            return Err(reading::invalid("shipping is no line", help, &at.key("withShipping")));
        }
        let (most, most_per_line, groups_of) = (self.max_units, self.max_units_per_line, self.groups_of);
        let quota = Quota { most, most_per_line, groups_of, pick: self.pick, ..Quota::default() }.compile(at)?;
        if quota.limit().is_some() {
            if self.with_shipping {
                let help = "leave `withShipping` out, or discount shipping on its own";
                return Err(reading::invalid("shipping has no units", help, &at.key("withShipping")));
            }
            off.units = Units::Quota(quota);
            off.level = RoundingLevel::Line;
        }
        let per_bundle = at.key("perBundle");
        off.times = self.per_bundle.as_ref().map(|per| per.compile(vocabulary, &per_bundle)).transpose()?;
        Ok(vec![Discount::Lines(off)])
    }
}
