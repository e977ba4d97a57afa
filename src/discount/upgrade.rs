use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use serde::Deserialize;

use super::gift::GiftProduct;
use super::gifts::{Choice, Gifts, Replaced};
use super::worth::Worth;
use super::{Discount, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::money::Rate;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector};
use crate::vocabulary::{Amounts, VocabularyBuilder};

/// Units of the cart are replaced by a better product, which costs what they cost.
///
/// "The large bottle for the price of the small one": `{ "type": "upgrade", "lines": { "skus": ["OIL-S"] },
/// "to": { "sku": "OIL-L", "value": { "EUR": 1900 } } }`
///
/// It is proposed among the quote's `gifts`. The shopper accepts with a line of the better product that has `giftOf`; the
/// lines that it `replaces` stay in the request, so that what they reached stays reached. What is left of the replaced
/// units is then paid for the better product instead, or `price` when that is said; one that costs less costs no more than
/// before. Units of the cheapest lines are replaced first.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Upgrade {
    /// Units of which lines are replaced.
    pub lines: LineSelector,
    /// How many of them, of one line, for one unit of the better product; default 1.
    pub quantity: Option<i64>,
    /// The better product. Its own `quantity` is 1.
    pub to: GiftProduct,
    /// What it costs, per currency, minor units; what the replaced units cost when absent.
    pub price: Option<Amounts>,
    /// How many units of the better product at most.
    pub at_most: Option<i64>,
}

impl Document for Upgrade {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let units = reading::count(self.quantity.unwrap_or(1), &at.key("quantity"))?;
        let at_most = self.at_most.map(|units| reading::count(units, &at.key("atMost"))).transpose()?;
        let of_product = at.key("to");
        if self.to.quantity.is_some_and(|quantity| quantity != 1) {
            let help = "replace units by one; `atMost` says how often";
            return Err(reading::invalid("units are replaced by one unit", help, &of_product.key("quantity")));
        }
        let gift = self.to.word(vocabulary, &of_product)?;
        let value = self.to.value.as_ref();
        let value = value.map(|value| reading::amounts(value, vocabulary, &of_product.key("value"))).transpose()?;
        let charge = match &self.price {
            Some(price) => Worth::UnitPrice(reading::amounts(price, vocabulary, &at.key("price"))?),
            None => Worth::Rate(Rate::ONE),
        };
        let lines = selector::compile(&Some(self.lines.clone()), vocabulary);
        let replaces = Some(Replaced { lines, units, at_most, at_their_price: self.price.is_none() });
        let options = vec![Choice { gift, units: 1, value, formula: None }];
        Ok(vec![Discount::Gifts(Gifts { options, choose: 1, missing: false, charge, times: None, replaces })])
    }
}
