use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::packed::packed;
use super::{Check, Document, Indexed};
use crate::campaign::reading;
use crate::error::{Diagnostic, FixBy};
use crate::facts::Facts;
use crate::pointer::Pointer;
use crate::reason::{ParamKind, Reason, ReasonKind};
use crate::vocabulary::{Dimension, Spelling, Value, VocabularyBuilder, Word};

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

static NOT_MET: ReasonKind = ReasonKind {
    code: "customer_attribute_not_met",
    message: "this campaign is for customers with another value of an attribute",
    help: "the attribute `{attribute}` of the customer decides",
    fix_by: FixBy::Shopper,
    params: &[("attribute", ParamKind::Attribute)],
    waits_for_cart: false,
};

static MISSING: ReasonKind = ReasonKind {
    code: "customer_attribute_missing",
    message: "an attribute of the customer is not known",
    help: "sign in, or pass `customer.attributes.{attribute}` with the request",
    fix_by: FixBy::Shopper,
    params: &[("attribute", ParamKind::Attribute)],
    waits_for_cart: false,
};

pub(super) const REASONS: &[&ReasonKind] = &[&NOT_MET, &MISSING];

packed! {
    /// The compiled form.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compiled {
        attribute: u16,
        any_of: Option<Vec<Word>>,
        number: u16,
        at_least: Option<i64>,
        at_most: Option<i64>,
        there: Word,
        present: Option<bool>,
    }
}

impl Document for CustomerAttribute {
    type Compiled = Compiled;

    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        if self.r#in.is_none() && self.at_least.is_none() && self.at_most.is_none() && self.present.is_none() {
            let help = "say `in`, `atLeast`, `atMost` or `present`";
            return Err(reading::invalid("the condition asks nothing", help, at));
        }
        let dimension = Dimension::CustomerAttribute(self.key.clone());
        let any_of = match &self.r#in {
            Some(values) => {
                reading::some(values, &at.key("in"))?;
                Some(values.iter().map(|value| vocabulary.word(dimension.clone(), value.into())).collect())
            }
            None => None,
        };
        let compares = self.at_least.is_some() || self.at_most.is_some();
        let number = if compares { vocabulary.number(&self.key) } else { u16::MAX };
        let there = vocabulary.word(dimension.clone(), Spelling::Present);
        let attribute = vocabulary.dimension(dimension);
        let (at_least, at_most) = (self.at_least, self.at_most);
        Ok(Compiled { attribute, any_of, number, at_least, at_most, there, present: self.present })
    }
}

impl Check for Compiled {
    #[inline]
    fn holds(&self, facts: &Facts<'_>) -> bool {
        let one_of = self.any_of.as_ref().is_none_or(|words| words.iter().any(|word| facts.has(*word)));
        let compares = self.at_least.is_some() || self.at_most.is_some();
        let bounded = !compares
            || facts.number(self.number).is_some_and(|value| {
                self.at_least.is_none_or(|bound| value >= bound) && self.at_most.is_none_or(|bound| value <= bound)
            });
        one_of && bounded && self.present.is_none_or(|present| facts.has(self.there) == present)
    }

    fn refusal(&self, facts: &Facts<'_>) -> Reason {
        let kind = if facts.has(self.there) || self.present == Some(false) { &NOT_MET } else { &MISSING };
        Reason::new(kind, [i64::from(self.attribute), 0, 0])
    }

    fn index(&self) -> Option<Indexed<'_>> {
        match &self.any_of {
            Some(words) => Some(Indexed::Words(words)),
            None if self.present == Some(false) => None,
            None => Some(Indexed::Words(core::slice::from_ref(&self.there))),
        }
    }
}
