use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use serde::Deserialize;

use super::number::{Compared, Number};
use super::words::{Named, Told};
use super::{Condition, Document};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Spelling, Subject, Value, VocabularyBuilder};

/// An attribute of the customer has one of some values, is a whole number within bounds, or is there at all.
/// Everything that is said must hold.
///
/// "For premium customers": `{ "type": "customer_attribute", "key": "status", "in": ["premium"] }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomerAttribute {
    /// Which attribute of `customer.attributes`.
    pub key: String,
    /// The value is one of these.
    pub r#in: Option<Vec<Value>>,
    /// The value is a whole number, this or more.
    pub at_least: Option<i64>,
    /// The value is a whole number, this or less.
    pub at_most: Option<i64>,
    /// The attribute is there (`true`) or is not (`false`).
    pub present: Option<bool>,
}

impl Document for CustomerAttribute {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        if self.r#in.is_none() && self.at_least.is_none() && self.at_most.is_none() && self.present.is_none() {
            let help = "say `in`, `atLeast`, `atMost` or `present`";
            return Err(reading::invalid("the condition asks nothing", help, at));
        }
        let dimension = Subject::CustomerAttribute.named(&self.key);
        let any_of = match &self.r#in {
            Some(values) => {
                reading::some(values, &at.key("in"))?;
                Some(values.iter().map(|value| vocabulary.word(dimension.clone(), value.into())).collect())
            }
            None => None,
        };
        let there = vocabulary.word(dimension.clone(), Spelling::Present);
        let dimension = vocabulary.dimension(dimension);
        let number = (self.at_least.is_some() || self.at_most.is_some()).then(|| {
            let of = Number::Figures(vec![vocabulary.number(&self.key)]);
            Compared::between(of, self.at_least, self.at_most, dimension)
        });
        let told = Told::CustomerAttribute;
        let present = self.present;
        Ok(Condition::Words(Named { told, dimension, any_of, none_of: Vec::new(), there, present, number, ago: None }))
    }
}
