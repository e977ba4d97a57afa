use alloc::boxed::Box;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use serde::Deserialize;
use serde_json::Value as Json;

use super::bundles::PerBundle;
use super::formula::{self, Formula, Step, Takes};
use super::lines::{Grade, OffLines, Units};
use super::worth::Worth;
use super::terms::{CapSpread, CountOff, Terms};
use super::units::Order;
use super::{Discount, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::money::{Rate, RoundingLevel};
use crate::pointer::Pointer;
use crate::selector::LineSelector;
use crate::vocabulary::{Amounts, VocabularyBuilder};

/// As much off as a formula works out.
///
/// "One percent for every unit, at most thirty": `{ "type": "formula_off", "takes": "percent",
/// "formula": { "min": [{ "fact": "units" }, "30"] } }`
/// "5.00 for every full 50.00": `{ "type": "formula_off", "formula": { "multiply": [
/// { "floor": { "divide": [{ "fact": "subtotal" }, { "money": { "EUR": 5000 } }] } }, { "money": { "EUR": 500 } }] } }`
///
/// Money is in minor units, whatever the formula does with it; its number is rounded once, as the campaign rounds. A
/// number below zero takes nothing off; a formula that has no number neither, and the outcome says why.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FormulaOff {
    /// The expression: a decimal text, `{ "fact": … }`, `{ "customer": … }`, `{ "money": … }`, or an operation on others.
    #[cfg_attr(feature = "schema", schemars(with = "formula::Expression"))]
    pub formula: Json,
    /// What its number is; default an amount off the lines together.
    #[serde(default)]
    pub takes: Takes,
    /// Which lines; all when absent.
    pub lines: Option<LineSelector>,
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
    /// Only units that complete a group of so many.
    pub groups_of: Option<i64>,
    /// Which units or lines first; default the cheapest.
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
    /// Sets for each of which it is given, as for discounts that say their number. Once when absent.
    pub per_bundle: Option<PerBundle>,
}

impl Document for FormulaOff {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let steps = formula::compile(&self.formula, vocabulary, &at.key("formula"))?;
        let takes = self.takes;
        let by_line = steps.iter().any(|step| matches!(step, Step::Fact(fact) if fact.is_of_a_line()));
        if by_line && matches!(takes, Takes::Amount | Takes::Price) {
            let help = "take something off each line or unit, or ask for facts of the order";
            let message = "lines together have no line that the formula could ask about";
            return Err(reading::invalid(message, help, &at.key("takes")));
        }
        let mut off = OffLines::of(&self.lines, Worth::Rate(Rate::ONE), vocabulary);
        off.worth = Grade::Formula(Formula { takes, by_line, steps });
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
        if let Some(limit) = limit.filter(|_| !takes.is_of_units()) {
            let help = format!("take something off each unit, or leave `{limit}` out");
            return Err(reading::invalid(format!("`{limit}` needs units that are measured"), help, &at.key(limit)));
        }
        if by_line || off.units != Units::All {
            off.level = RoundingLevel::Line;
        }
        Ok(vec![Discount::Lines(off)])
    }
}
