use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use serde::Deserialize;
use serde_json::Value as Json;

use super::formula::{Formula, Takes};
use super::shipping::{self, ChargeWorth, OffShipping};
use super::{Discount, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector};
use crate::vocabulary::{Amounts, VocabularyBuilder};

/// Shipping is cheaper: by a percentage or an amount, or down to a price.
///
/// "Half off express": `{ "type": "off_shipping", "percent": "50", "methods": ["express"] }`
/// "Express for 4.90": `{ "type": "off_shipping", "price": { "EUR": 490 }, "methods": ["express"] }`
/// "1 % off for each unit": `{ "type": "off_shipping", "formula": { "fact": "order_units" }, "takes": "percent" }`
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
    /// Or what a formula works out about the order: an expression as that of `formula_off`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<super::formula::Expression>"))]
    pub formula: Option<Json>,
    /// What its number is: `amount` (default), `percent` or `price`.
    #[serde(default)]
    pub takes: Takes,
    /// The lines that the formula asks about; all when absent.
    pub lines: Option<LineSelector>,
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
        let worth = match (&self.percent, &self.amount, &self.price, &self.formula) {
            (Some(percent), None, None, None) => ChargeWorth::Rate(reading::percent(percent, &at.key("percent"))?),
            (None, Some(amount), None, None) => {
                ChargeWorth::Amount(reading::amounts(amount, vocabulary, &at.key("amount"))?)
            }
            (None, None, Some(price), None) => {
                ChargeWorth::Price(reading::amounts(price, vocabulary, &at.key("price"))?)
            }
            (None, None, None, Some(formula)) => {
                let lines = selector::compile(&self.lines, vocabulary);
                ChargeWorth::Formula((self.worked_out(formula, vocabulary, at)?, lines))
            }
            _ => {
                let help = "say `percent`, `amount`, `price` or `formula`";
                return Err(reading::invalid("one thing is taken off", help, at));
            }
        };
        let of_formula = [("takes", self.takes != Takes::Amount), ("lines", self.lines.is_some())];
        if let Some((name, _)) = of_formula.into_iter().find(|(_, is_said)| *is_said && self.formula.is_none()) {
            let help = format!("write a `formula`, or leave `{name}` out");
            return Err(reading::invalid("only a formula needs this", help, &at.key(name)));
        }
        let together = self.per == Per::Order;
        let of_amount = self.formula.is_some() && self.takes == Takes::Amount;
        if together && self.cap.is_none() && self.amount.is_none() && !of_amount {
            let help = "leave `per` out, or say an `amount` or a `cap`";
            return Err(reading::invalid("nothing here is for all charges together", help, &at.key("per")));
        }
        let methods = shipping::methods(&self.methods, vocabulary, at)?;
        let cap = self.cap.as_ref().map(|cap| reading::amounts(cap, vocabulary, &at.key("cap"))).transpose()?;
        Ok(vec![Discount::Shipping(OffShipping { methods, worth, cap, together })])
    }
}

impl ShippingReduction {
    /// Its formula, compiled.
    fn worked_out(
        &self,
        formula: &Json,
        vocabulary: &mut VocabularyBuilder,
        at: &Pointer,
    ) -> Result<Formula, Box<Diagnostic>> {
        let takes = self.takes;
        if !matches!(takes, Takes::Amount | Takes::Percent | Takes::Price) {
            let help = "say `amount`, `percent` or `price`";
            return Err(reading::invalid("a charge has neither lines nor units", help, &at.key("takes")));
        }
        Ok(Formula { takes, ..Formula::alone(formula, vocabulary, &at.key("formula"))? })
    }
}
