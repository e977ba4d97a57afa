use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use serde::Deserialize;
use serde_json::Value as Json;

use super::bundles::PerBundle;
use super::formula::Formula;
use super::gifts::{Choice, Gifts};
use super::worth::{worth_of_unit, Worth};
use super::{Discount, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::money::Rate;
use crate::pointer::Pointer;
use crate::vocabulary::{Amounts, Spelling, Subject, VocabularyBuilder, Word};

/// Units of products that are given, in the cart or not.
///
/// "A mug for free": `{ "type": "gift", "products": [{ "sku": "MUG", "value": { "EUR": 900 } }] }`
///
/// What is not in the cart is proposed in the quote's `gifts`; the shopper accepts by adding a line with `giftOf`, or
/// declines. Nothing is counted for a proposal. A gift line is priced here, and by no other campaign; it counts as bought
/// for none.
///
/// "One of two samples with every 30.00 spent on cosmetics": name both products, `"choose": 1`, and what a set is in
/// `perBundle`.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Gift {
    /// What is given; with `choose`, what there is to choose from.
    pub products: Vec<GiftProduct>,
    /// How many of the products the shopper may choose; all when absent.
    pub choose: Option<u32>,
    /// Whether units that are in the cart anyhow count towards the gift; default `new`.
    #[serde(default)]
    pub units: GiftUnits,
    /// How much off each unit; default `"100"`.
    pub percent: Option<String>,
    /// Instead of a percentage: this much off each unit, per currency, minor units.
    pub amount: Option<Amounts>,
    /// Or the price of each unit.
    pub price: Option<Amounts>,
    /// Sets for each of which the gift is given; once when absent.
    pub per_bundle: Option<PerBundle>,
}

/// A product that is given.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GiftProduct {
    /// Its stock keeping unit.
    pub sku: Option<String>,
    /// Or its product, whatever the variant.
    pub product: Option<String>,
    /// How many units; default 1.
    pub quantity: Option<i64>,
    /// A formula for how many, fractions dropped; where it has no number, `quantity` counts.
    #[cfg_attr(feature = "schema", schemars(with = "Option<super::formula::Expression>"))]
    pub quantity_formula: Option<Json>,
    /// What a unit costs otherwise, per currency, minor units. It tells shoppers what the gift is worth, and `best` what to
    /// choose. Needed where the gift is not free and has no price of its own.
    pub value: Option<Amounts>,
}

/// Which units a gift is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GiftUnits {
    /// Further ones, whatever is in the cart; the default.
    #[default]
    New,
    /// So many in all: those in the cart become free, dearest first, and only missing ones are proposed.
    Missing,
}

impl GiftProduct {
    pub(super) fn word(
        &self,
        vocabulary: &mut VocabularyBuilder,
        at: &Pointer,
    ) -> Result<Word, Box<Diagnostic>> {
        match (&self.sku, &self.product) {
            (Some(sku), None) => Ok(vocabulary.word(Subject::Sku.dimension(), Spelling::Text(sku.clone()))),
            (None, Some(product)) => Ok(vocabulary.word(Subject::Product.dimension(), Spelling::Text(product.clone()))),
            _ => Err(reading::invalid("a gift is one thing", "say `sku` or `product`", at)),
        }
    }

    fn compile(
        &self,
        charge: Worth,
        vocabulary: &mut VocabularyBuilder,
        at: &Pointer,
    ) -> Result<Choice, Box<Diagnostic>> {
        let is_known = charge == Worth::Rate(Rate::ONE) || matches!(charge, Worth::UnitPrice(_));
        let value = self.value.as_ref().map(|value| reading::amounts(value, vocabulary, &at.key("value"))).transpose()?;
        if value.is_none() && !is_known {
            let message = "without the `value` of the product nobody knows what it costs as a gift";
            return Err(reading::diagnostic("field_missing", message, "add `value`", &at.key("value")));
        }
        let units = reading::count(self.quantity.unwrap_or(1), &at.key("quantity"))?;
        let of_formula = at.key("quantityFormula");
        let formula = self.quantity_formula.as_ref().map(|formula| Formula::of_order(formula, vocabulary, &of_formula));
        Ok(Choice { gift: self.word(vocabulary, at)?, units, value, formula: formula.transpose()? })
    }
}

impl Document for Gift {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let of_products = at.key("products");
        reading::some(&self.products, &of_products)?;
        let all = u32::try_from(self.products.len()).unwrap_or(u32::MAX);
        let choose = self.choose.unwrap_or(all);
        if !(1..=all).contains(&choose) {
            let help = "choose from one product to as many as are named";
            return Err(reading::invalid("there are not so many products to choose", help, &at.key("choose")));
        }
        let charge = match &self.price {
            None => worth_of_unit(&self.amount, &self.percent, vocabulary, at)?,
            Some(price) if self.amount.is_none() && self.percent.is_none() => {
                Worth::UnitPrice(reading::amounts(price, vocabulary, &at.key("price"))?)
            }
            Some(_) => {
                let help = "say `price`, `amount` or `percent`";
                return Err(reading::invalid("a gift has one price", help, &at.key("price")));
            }
        };
        let mut options = Vec::new();
        for (index, product) in self.products.iter().enumerate() {
            options.push(product.compile(charge, vocabulary, &of_products.index(index))?);
        }
        let times = self.per_bundle.as_ref().map(|per| per.compile(vocabulary, &at.key("perBundle"))).transpose()?;
        let missing = self.units == GiftUnits::Missing;
        Ok(vec![Discount::Gifts(Gifts { options, choose, missing, charge, times, replaces: None })])
    }
}
