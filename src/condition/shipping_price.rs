use alloc::boxed::Box;
use serde::Deserialize;

use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Amounts, VocabularyBuilder};
use super::number::{Compared, Number};
use super::bounds::money;
use super::{Condition, Document};

/// What shipping costs, before discounts, is within bounds: all charges of the cart together.
///
/// "Not for bulky goods": `{ "type": "shipping_price", "atMost": { "EUR": 2000 } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShippingPrice {
    /// This much or more, per currency, minor units.
    pub at_least: Option<Amounts>,
    /// More than this.
    pub more_than: Option<Amounts>,
    /// This much or less.
    pub at_most: Option<Amounts>,
    /// Less than this.
    pub less_than: Option<Amounts>,
}

impl Document for ShippingPrice {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let [at_least, at_most] =
            money(&self.at_least, &self.more_than, &self.at_most, &self.less_than, vocabulary, at)?;
        let fact = vocabulary.fact("shipping");
        Ok(Condition::Number(Compared { of: Number::Shipping, at_least, at_most, every: 0, fact }))
    }
}
