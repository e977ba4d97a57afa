use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use serde::Deserialize;

use super::shipping::{self, ChargeWorth, OffShipping};
use super::{Discount, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::money::Rate;
use crate::pointer::Pointer;
use crate::vocabulary::{Amounts, VocabularyBuilder};

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

impl Document for FreeShipping {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>> {
        let methods = shipping::methods(&self.methods, vocabulary, at)?;
        let cap = self.cap.as_ref().map(|cap| reading::amounts(cap, vocabulary, &at.key("cap"))).transpose()?;
        let worth = ChargeWorth::Rate(Rate::ONE);
        Ok(vec![Discount::Shipping(OffShipping { methods, worth, cap, together: false })])
    }
}
