use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Subject, VocabularyBuilder};
use super::words::{Named, Told};
use super::{Condition, Document};

/// The cart has a charge of one of some shipping methods.
///
/// "Collected in the shop": `{ "type": "shipping_method", "in": ["pick-up"] }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShippingMethod {
    /// Methods, by the `id` of the request's shipping charges.
    pub r#in: Vec<String>,
}

impl Document for ShippingMethod {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        reading::some(&self.r#in, &at.key("in"))?;
        let dimension = vocabulary.dimension(Subject::ShippingMethod.dimension());
        let any_of = vocabulary.texts(Subject::ShippingMethod, &self.r#in);
        Ok(Condition::Words(Named::one_of(Told::Fact, dimension, any_of)))
    }
}
