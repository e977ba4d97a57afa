use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use serde::Deserialize;

use super::bundles::{Bundle as Of, BundlePart, Bundles};
use super::worth::Worth;
use super::units::Order;
use super::{Discount, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Amounts, VocabularyBuilder};

/// Mixed sets at a price, or cheaper: so many units of each of several kinds of lines make a set.
///
/// "A tent, two mats and anything from the kitchen range for 200.00":
/// `{ "type": "bundle", "of": [{ "lines": { "products": ["tent"] } }, { "quantity": 2, "lines": { "products": ["mat"] } },
/// { "lines": { "categories": ["kitchen"] } }], "price": { "EUR": 20000 } }`
///
/// As many sets are formed as the cart holds, at most `atMost`. A unit is in one set at most; one that fits several parts
/// goes where the sets need it. Sets take the dearest units, so the shopper saves most, unless `pick` says otherwise. Of
/// sets at a price only so many are formed as save something. What they save is spread over their units.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Bundle {
    /// What a set consists of; at most eight parts.
    pub of: Vec<BundlePart>,
    /// Price of a set, per currency, minor units.
    pub price: Option<Amounts>,
    /// Or how much off the sets: from `"0"` to `"100"`.
    pub percent: Option<String>,
    /// Or this much off each set.
    pub amount: Option<Amounts>,
    /// How many sets at most.
    pub at_most: Option<i64>,
    /// Which units sets take first; default the dearest.
    pub pick: Option<Order>,
}

impl Document for Bundle {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let worth = match (&self.price, &self.percent, &self.amount) {
            (Some(price), None, None) => Worth::Price(reading::amounts(price, vocabulary, &at.key("price"))?),
            (None, Some(percent), None) => Worth::Rate(reading::percent(percent, &at.key("percent"))?),
            (None, None, Some(amount)) => Worth::Amount(reading::amounts(amount, vocabulary, &at.key("amount"))?),
            _ => {
                let help = "write one of `price`, `percent`, `amount`";
                return Err(reading::invalid("a set has one price, or one thing off", help, at));
            }
        };
        let bundle = Of::compile(&self.of, self.at_most, vocabulary, at)?;
        let pick = self.pick.unwrap_or(Order::Dearest);
        Ok(vec![Discount::Bundles(Bundles { bundle, worth, pick })])
    }
}
