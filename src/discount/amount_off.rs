use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use serde::Deserialize;

use super::bundles::PerBundle;
use super::lines::{OffLines, Units};
use super::worth::Worth;
use super::terms::{CapSpread, CountOff, Terms};
use super::units::Order;
use super::{Discount, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::selector::LineSelector;
use crate::vocabulary::{Amounts, VocabularyBuilder};

/// An amount off: once for the order and spread over the selected lines, on each line, or on each unit.
///
/// "20.00 off": `{ "type": "amount_off", "amount": { "EUR": 2000 } }`
/// "3.00 off each mug, at most two mugs": `{ "type": "amount_off", "amount": { "EUR": 300 }, "per": "unit",
/// "lines": { "categories": ["mugs"] }, "maxUnits": 2 }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmountOff {
    /// How much, per currency, minor units. Never more than what is left.
    pub amount: Amounts,
    /// Off what; default the order.
    #[serde(default)]
    pub per: Per,
    /// With `per: order`: in proportion to what it is spread; default `amount`.
    pub spread_by: Option<SpreadBy>,
    /// Which lines; all when absent.
    pub lines: Option<LineSelector>,
    /// With `per: order`: whether it is spread over shipping charges too.
    #[serde(default)]
    pub with_shipping: bool,
    /// The most it takes off in all.
    pub cap: Option<Amounts>,
    /// With `per: unit`: the most it takes off each line.
    pub cap_per_line: Option<Amounts>,
    /// With `per: line` or `unit`: how the cap falls on lines; default in proportion.
    #[serde(default)]
    pub cap_spread: CapSpread,
    /// How many units at most, over all lines; an amount off the order, or off each line, is then borne by these.
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
    /// Sets for each of which it is given: the amounts add up; of an amount per unit the unit limits do. Once when absent.
    pub per_bundle: Option<PerBundle>,
}

/// Off what an amount is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// In proportion to what an amount is spread over lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SpreadBy {
    /// What is left of them.
    Amount,
    /// Their units. What a line cannot bear falls on the others.
    Quantity,
    /// Nothing: each line bears the same. What a line cannot bear falls on the others.
    Line,
}

impl Document for AmountOff {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let amount = reading::amounts(&self.amount, vocabulary, &at.key("amount"))?;
        let worth = match self.per {
            Per::Order if self.spread_by == Some(SpreadBy::Quantity) => Worth::AmountByQuantity(amount),
            Per::Order if self.spread_by == Some(SpreadBy::Line) => Worth::AmountByLine(amount),
            Per::Order => Worth::Amount(amount),
            Per::Line => Worth::AmountPerLine(amount),
            Per::Unit => Worth::AmountPerUnit(amount),
        };
        if self.spread_by.is_some() && self.per != Per::Order {
            let help = "leave `spreadBy` out, or take the amount off the order";
            return Err(reading::invalid("only an amount off the order is spread", help, &at.key("spreadBy")));
        }
        if self.with_shipping && !matches!(worth, Worth::Amount(_)) {
            let help = "leave `withShipping` out, or take an amount off the order, spread by `amount`";
            return Err(reading::invalid("only what is spread by amount is spread over shipping", help, &at.key("withShipping")));
        }
        let mut off = OffLines::of(&self.lines, worth, vocabulary);
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
        terms.say_of(&mut off, vocabulary, at)?;
        if self.with_shipping && off.units != Units::All {
            let help = "leave `withShipping` out, or discount shipping on its own";
            return Err(reading::invalid("shipping is no line", help, &at.key("withShipping")));
        }
        Ok(vec![Discount::Lines(off)])
    }
}
