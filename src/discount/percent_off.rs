use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use serde::Deserialize;

use super::bundles::PerBundle;
use super::lines::{OffLines, Units};
use super::worth::{Base, Worth};
use super::terms::{CapSpread, CountOff, Terms};
use super::units::Order;
use super::{Discount, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::money::{PriceMode, RoundingLevel};
use crate::pointer::Pointer;
use crate::selector::LineSelector;
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
/// With `maxUnits`, `maxUnitsPerLine`, `groupsOf` or `countOff` it is taken off so many units, and rounded on each line
/// they are of.
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
    /// The most it takes off each line, beside the cap of all; it is then rounded on each line.
    pub cap_per_line: Option<Amounts>,
    /// How the cap falls on lines; default in proportion.
    #[serde(default)]
    pub cap_spread: CapSpread,
    /// Whether the caps are told without tax or with it; as the cart's prices are when absent.
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
        let mut off = OffLines::of(&self.lines, Worth::Rate(rate), vocabulary);
        off.base = self.base;
        off.with_shipping = self.with_shipping;
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
        off.cap_tax = self.cap_tax;
        let per_line = self.cap_per == CapPer::Line;
        let of_cap = [("capPer", per_line && self.cap.is_none()), ("capTax", self.cap_tax.is_some())];
        let has_cap = self.cap.is_some() || self.cap_per_line.is_some();
        if let Some((name, _)) = of_cap.iter().find(|(name, said)| *said && (*name == "capPer" || !has_cap)) {
            let help = "add the `cap`, or leave this out";
            return Err(reading::invalid("there is no cap that this could say more of", help, &at.key(name)));
        }
        if per_line {
            if off.line_cap.is_some() || off.cap_in_turn {
                let help = "say `capPerLine` beside a `cap` of all lines";
                return Err(reading::invalid("the cap is of each line", help, &at.key("capPer")));
            }
            off.line_cap = off.cap.take();
        }
        let by_line = off.line_cap.is_some() || off.units != Units::All;
        if by_line && self.with_shipping {
            let message = if limit.is_some() { "shipping has no units" } else { "shipping is no line" };
            let help = "leave `withShipping` out, or discount shipping on its own";
            return Err(reading::invalid(message, help, &at.key("withShipping")));
        }
        if off.units != Units::All {
            off.level = RoundingLevel::Line;
        }
        Ok(vec![Discount::Lines(off)])
    }
}
