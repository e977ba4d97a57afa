use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use serde::Deserialize;

use super::groups::Groups;
use super::lines::{OffLines, Units};
use super::worth::{worth_of_unit, Base};
use super::units::Order;
use super::{Discount, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::money::RoundingLevel;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector};
use crate::vocabulary::{Amounts, VocabularyBuilder};

/// One unit of every so many, free or cheaper. The units are lined up by price and counted off in whole groups.
///
/// "Every third unit free, counted from the dearest": `{ "type": "nth_unit", "every": 3, "pick": "dearest" }`
/// "Of each three by rising price the first at half price": `{ "type": "nth_unit", "every": 3, "position": 1,
/// "percent": "50" }`
/// "For each three units, one of the cheapest free": `{ "type": "nth_unit", "every": 3, "position": 1, "across": true }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NthUnit {
    /// Units in a group.
    pub every: i64,
    /// Which of them; default the last.
    pub position: Option<i64>,
    /// How much off it; default `"100"`.
    pub percent: Option<String>,
    /// Instead of a percentage: this much off it, per currency, minor units.
    pub amount: Option<Amounts>,
    /// Which lines; all when absent.
    pub lines: Option<LineSelector>,
    /// From which units on they are counted; default the cheapest.
    #[serde(default)]
    pub pick: Order,
    /// How many groups at most.
    pub at_most: Option<i64>,
    /// Whether the first units of all groups are counted off before the second ones: of nine units in threes, the first are
    /// then units 1 to 3 and not 1, 4 and 7. Shopware picks so *across* groups (horizontally).
    #[serde(default)]
    pub across: bool,
    /// What the percentage is measured on; default the running balance of the units.
    #[serde(default)]
    pub base: Base,
    /// Whether the units of the groups are used up for later discounts that say so, and those of earlier ones for it.
    #[serde(default)]
    pub uses_up: bool,
}

impl Document for NthUnit {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let every = reading::count(self.every, &at.key("every"))?;
        let position = reading::count(self.position.unwrap_or(every), &at.key("position"))?;
        if position > every {
            let help = "count from 1 to `every`";
            return Err(reading::invalid("no group has so many units", help, &at.key("position")));
        }
        let at_most = self.at_most.map(|groups| reading::count(groups, &at.key("atMost"))).transpose()?;
        let worth = worth_of_unit(&self.amount, &self.percent, vocabulary, at)?;
        let groups = Groups {
            buy: position.saturating_sub(1),
            bought: None,
            bought_first: Some(self.pick),
            get: 1,
            got_first: self.pick,
            at_most,
            max_units: None,
            partial: false,
            counts_as_bought: false,
            buy_after: every.saturating_sub(position),
            across: self.across,
            uses_up: self.uses_up,
        };
        Ok(vec![Discount::Lines(OffLines {
            units: Units::Groups(groups),
            base: self.base,
            level: RoundingLevel::Line,
            ..OffLines::new(selector::compile(&self.lines, vocabulary), worth)
        })])
    }
}
