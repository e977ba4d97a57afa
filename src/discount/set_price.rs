use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use serde::Deserialize;

use super::sets::Sets;
use super::units::Order;
use super::{Discount, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector};
use crate::vocabulary::{Amounts, VocabularyBuilder};

/// Sets of units at one price. Sets are formed from the units with the most left on, so the shopper saves most,
/// unless `pick` says otherwise; a set that is already cheaper is left alone.
///
/// "Any three for 20.00": `{ "type": "set_price", "size": 3, "price": { "EUR": 2000 } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetPrice {
    /// Units in a set.
    pub size: i64,
    /// Price of a set, per currency, minor units.
    pub price: Amounts,
    /// From which lines; all when absent.
    pub lines: Option<LineSelector>,
    /// How many sets at most.
    pub at_most: Option<i64>,
    /// From which units on sets are formed; default the dearest.
    pub pick: Option<Order>,
    /// Whether units of the sets are used up for later discounts that say so, and those of earlier ones for these sets.
    #[serde(default)]
    pub uses_up: bool,
}

impl Document for SetPrice {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let size = reading::count(self.size, &at.key("size"))?;
        let price = reading::amounts(&self.price, vocabulary, &at.key("price"))?;
        let at_most = self.at_most.map(|sets| reading::count(sets, &at.key("atMost"))).transpose()?;
        let pick = self.pick.unwrap_or(Order::Dearest);
        let lines = selector::compile(&self.lines, vocabulary);
        Ok(vec![Discount::Sets(Sets { size, price, lines, at_most, pick, uses_up: self.uses_up })])
    }
}
