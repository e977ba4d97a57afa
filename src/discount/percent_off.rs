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
use crate::money::RoundingLevel;
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

impl Document for PercentOff {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let rate = reading::percent(&self.percent, &at.key("percent"))?;
        let mut off = OffLines::new(selector::compile(&self.lines, vocabulary), Worth::Rate(rate));
        off.base = self.base;
        off.undiscounted_only = self.exclude_discounted;
        off.cap = self.cap.as_ref().map(|cap| reading::amounts(cap, vocabulary, &at.key("cap"))).transpose()?;
        let (most, most_per_line, groups_of) = (self.max_units, self.max_units_per_line, self.groups_of);
        let quota = Quota { most, most_per_line, groups_of, pick: self.pick, ..Quota::default() }.compile(at)?;
        if quota.limit().is_some() {
            off.units = Units::Quota(quota);
            off.level = RoundingLevel::Line;
        }
        let per_bundle = at.key("perBundle");
        off.times = self.per_bundle.as_ref().map(|per| per.compile(vocabulary, &per_bundle)).transpose()?;
        Ok(vec![Discount::Lines(off)])
    }
}
