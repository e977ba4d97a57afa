use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use serde::Deserialize;

use super::shipping::{self, ChargeWorth, OffShipping};
use super::{Discount, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Amounts, VocabularyBuilder};

/// Shipping is cheaper: by a percentage or an amount, or down to a price.
///
/// "Half off express": `{ "type": "off_shipping", "percent": "50", "methods": ["express"] }`
/// "Express for 4.90": `{ "type": "off_shipping", "price": { "EUR": 490 }, "methods": ["express"] }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShippingReduction {
    /// A percentage off each charge, rounded on it.
    pub percent: Option<String>,
    /// Or an amount off.
    pub amount: Option<Amounts>,
    /// Or the price that each charge comes down to; never more than before.
    pub price: Option<Amounts>,
    /// Of what `amount` and `cap` are; default each charge. Of all charges together they are spread in proportion to what
    /// is left of them.
    #[serde(default)]
    pub per: Per,
    /// The most it takes off.
    pub cap: Option<Amounts>,
    /// Which methods, by the `id` of the request's shipping charges; all when absent.
    pub methods: Option<Vec<String>>,
}

/// Of what an amount off shipping is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Each charge.
    #[default]
    Charge,
    /// All of them together.
    Order,
}

impl Document for ShippingReduction {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let worth = match (&self.percent, &self.amount, &self.price) {
            (Some(percent), None, None) => ChargeWorth::Rate(reading::percent(percent, &at.key("percent"))?),
            (None, Some(amount), None) => {
                ChargeWorth::Amount(reading::amounts(amount, vocabulary, &at.key("amount"))?)
            }
            (None, None, Some(price)) => ChargeWorth::Price(reading::amounts(price, vocabulary, &at.key("price"))?),
            _ => return Err(reading::invalid("one thing is taken off", "say `percent`, `amount` or `price`", at)),
        };
        let together = self.per == Per::Order;
        if together && self.cap.is_none() && self.amount.is_none() {
            let help = "leave `per` out, or say an `amount` or a `cap`";
            return Err(reading::invalid("nothing here is for all charges together", help, &at.key("per")));
        }
        let methods = shipping::methods(&self.methods, vocabulary, at)?;
        let cap = self.cap.as_ref().map(|cap| reading::amounts(cap, vocabulary, &at.key("cap"))).transpose()?;
        Ok(vec![Discount::Shipping(OffShipping { methods, worth, cap, together })])
    }
}
