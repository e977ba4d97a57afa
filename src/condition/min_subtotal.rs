use alloc::boxed::Box;
use serde::Deserialize;

use super::number::{Base, Compared, Number};
use super::{Condition, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::money::PriceMode;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector};
use crate::vocabulary::{Amounts, Bound, VocabularyBuilder};

/// The selected lines are worth at least `amount`. The threshold names its base, and none is met or missed by what
/// the campaign itself takes off: a discount never disqualifies itself.
///
/// "Carts from 50.00": `{ "type": "min_subtotal", "amount": { "EUR": 5000 } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MinSubtotal {
    /// The threshold per currency, minor units; reaching it exactly is enough.
    pub amount: Amounts,
    /// Which lines count; all when absent.
    pub lines: Option<LineSelector>,
    /// What of them counts; their original prices when absent.
    #[serde(default)]
    pub base: Base,
    /// Whether they count without tax or with it; as the cart's prices are when absent.
    pub tax: Option<PriceMode>,
}

impl Document for MinSubtotal {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let at_least = Bound::Money(reading::amounts(&self.amount, vocabulary, &at.key("amount"))?);
        let selected = (selector::compile(&self.lines, vocabulary), self.base);
        let of = match self.tax {
            None => Number::Subtotal(selected),
            Some(mode) => Number::TaxedSubtotal((selected, mode)),
        };
        let fact = vocabulary.fact("subtotal");
        Ok(Condition::Number(Compared { of, at_least, at_most: Bound::Open, every: 0, fact }))
    }
}
