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

/// Buy some units, get others free or cheaper. A unit is either bought or got; with `get.countsAsBought` it may be both.
///
/// "Buy two, get the third, the cheapest, at half price":
/// `{ "type": "buy_x_get_y", "buy": { "quantity": 2 }, "get": { "quantity": 1, "percent": "50" } }`
///
/// Without `get.lines`, or where they select the same, both come from the lines of `buy`, in groups of buy + get units.
/// With others, every `buy` units entitle to `get` units as far as these are in the cart.
///
/// With `buy.pick` the groups are formed one after another: each sets its bought units aside, then gets its own of
/// the rest. "Buy two, get the third free, each three from the dearest on": `{ "type": "buy_x_get_y",
/// "buy": { "quantity": 2, "pick": "dearest" }, "get": { "quantity": 1, "pick": "dearest" } }`. Without it the got
/// units are picked from all.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuyXGetY {
    /// What is bought.
    pub buy: Buy,
    /// What is got for it.
    pub get: Get,
    /// How many times at most; as often as the cart allows when absent.
    pub at_most: Option<i64>,
    /// Whether fewer units than entitled may be got; default: no where both come from the same lines, else yes.
    pub partial: Option<bool>,
    /// What the percentage is measured on; default the running balance of the units.
    #[serde(default)]
    pub base: Base,
    /// Whether units that are bought or got here are used up for later discounts that say so, and those of earlier ones
    /// for this one. Groups are then formed one after another; `buy.pick` is `dearest` when absent.
    #[serde(default)]
    pub uses_up: bool,
}

/// What is bought.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Buy {
    /// Units for one time.
    pub quantity: i64,
    /// Which lines; all when absent.
    pub lines: Option<LineSelector>,
    /// Which units are set aside first, group by group.
    pub pick: Option<Order>,
}

/// What is got.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Get {
    /// Units for one time.
    pub quantity: i64,
    /// Which lines; the bought ones when absent.
    pub lines: Option<LineSelector>,
    /// How much off them; default `"100"`.
    pub percent: Option<String>,
    /// Instead of a percentage: this much off each of them, per currency, minor units.
    pub amount: Option<Amounts>,
    /// Which units first; default the cheapest.
    #[serde(default)]
    pub pick: Order,
    /// How many units are got at most, over all times.
    pub max_units: Option<i64>,
    /// Whether got units count as bought too: "of each three, one free" instead of "for each three, one more free".
    #[serde(default)]
    pub counts_as_bought: bool,
}

impl Document for BuyXGetY {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let buy = reading::count(self.buy.quantity, &at.key("buy").key("quantity"))?;
        let get = reading::count(self.get.quantity, &at.key("get").key("quantity"))?;
        let at_most = self.at_most.map(|times| reading::count(times, &at.key("atMost"))).transpose()?;
        let of_get = at.key("get");
        let max_units = self.get.max_units.map(|units| reading::count(units, &of_get.key("maxUnits"))).transpose()?;
        let worth = worth_of_unit(&self.get.amount, &self.get.percent, vocabulary, &of_get)?;
        let bought = selector::compile(&self.buy.lines, vocabulary);
        let got = self.get.lines.as_ref().map_or(bought, |lines| lines.compile(vocabulary));
        let bought = Some(bought).filter(|bought| !vocabulary.select_the_same(*bought, got));
        let partial = self.partial.unwrap_or(bought.is_some());
        // which units are used up is known of groups that are formed one after another
        let bought_first = self.buy.pick.or(self.uses_up.then_some(Order::Dearest));
        if self.get.counts_as_bought && bought_first.is_some() {
            let help = "leave `buy.pick` and `usesUp` out, or `countsAsBought`";
            let at = of_get.key("countsAsBought");
            return Err(reading::invalid("units that are set aside as bought are not got", help, &at));
        }
        let groups = Groups {
            buy,
            bought,
            bought_first,
            get,
            got_first: self.get.pick,
            at_most,
            max_units,
            partial,
            counts_as_bought: self.get.counts_as_bought,
            buy_after: 0,
            across: false,
            uses_up: self.uses_up,
        };
        Ok(vec![Discount::Lines(OffLines {
            units: Units::Groups(groups),
            base: self.base,
            level: RoundingLevel::Line,
            ..OffLines::new(got, worth)
        })])
    }
}
