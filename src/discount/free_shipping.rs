use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::packed::packed;
use super::{Discount, Document, Offer, Pricing};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::facts::Facts;
use crate::money::Amount;
use crate::pointer::Pointer;
use crate::vocabulary::{AmountRow, Amounts, Spelling, Subject, VocabularyBuilder, Word};

/// Shipping is free, or cheaper by at most `cap` for each charge.
///
/// "Free standard shipping": `{ "type": "free_shipping", "methods": ["standard"] }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FreeShipping {
    /// Which methods, by the `id` of the request's shipping charges; all when absent.
    pub methods: Option<Vec<String>>,
    /// The most it takes off each charge.
    pub cap: Option<Amounts>,
}

packed! {
    /// A discount on shipping charges, compiled.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct OffShipping {
        methods: Option<Vec<Word>>,
        cap: Option<AmountRow>,
    }
}

impl Document for FreeShipping {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let methods = match &self.methods {
            Some(methods) => {
                reading::some(methods, &at.key("methods"))?;
                let word = |name: &String| vocabulary.word(Subject::ShippingMethod.dimension(), Spelling::Text(name.clone()));
                Some(methods.iter().map(word).collect())
            }
            None => None,
        };
        let cap = self.cap.as_ref().map(|cap| reading::amounts(cap, vocabulary, &at.key("cap"))).transpose()?;
        Ok(vec![Discount::Shipping(OffShipping { methods, cap })])
    }
}

impl OffShipping {
    /// Whether the cap is given in the cart's currency.
    pub(super) fn covers(&self, facts: &Facts<'_>) -> bool {
        self.cap.is_none_or(|cap| facts.amount(cap).is_some())
    }

    /// Offers shares of the charges.
    pub(super) fn offer(&self, pricing: &Pricing<'_>, offer: &mut Offer) {
        let cap = match self.cap {
            Some(row) => match pricing.facts.amount(row) {
                Some(cap) => cap,
                None => return,
            },
            None => Amount::new(i64::MAX),
        };
        for (index, (charge, left)) in pricing.facts.cart.shipping.iter().zip(pricing.shipping).enumerate() {
            let covered = self.methods.as_ref().is_none_or(|methods| methods.contains(&charge.method));
            let share = Amount::new(*left).at_most(cap);
            if covered && share.is_positive() {
                offer.shipping.push((index, share));
            }
        }
    }
}
