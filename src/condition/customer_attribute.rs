use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Subject, Value, VocabularyBuilder};
use super::attribute::Attribute;
use super::moment::Span;
use super::words::Told;
use super::{Condition, Document};

/// An attribute of the customer: everything that is said of it must hold.
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
    /// The value is none of these, and there is one.
    pub not_in: Option<Vec<Value>>,
    /// The value is a text that begins with one of these.
    pub starts_with: Option<Vec<String>>,
    /// The value is a text that ends with one of these.
    pub ends_with: Option<Vec<String>>,
    /// The value is a text that contains one of these.
    pub contains: Option<Vec<String>>,
    /// The value is a whole number, this or more.
    pub at_least: Option<i64>,
    /// The value is a whole number, more than this.
    pub more_than: Option<i64>,
    /// The value is a whole number, this or less.
    pub at_most: Option<i64>,
    /// The value is a whole number, less than this.
    pub less_than: Option<i64>,
    /// The value is a whole number above zero that this divides: every tenth visit.
    pub every: Option<i64>,
    /// The value is a moment, UTC milliseconds, more than this ago.
    pub longer_ago_than: Option<Span>,
    /// The value is a moment within this span.
    pub within: Option<Span>,
    /// The attribute is there (`true`) or is not (`false`).
    pub present: Option<bool>,
}

impl Document for CustomerAttribute {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let patterns = [&self.starts_with, &self.ends_with, &self.contains];
        let bounds = [self.at_least, self.more_than, self.at_most, self.less_than, self.every];
        let attribute = Attribute {
            of: Subject::CustomerAttribute.named(&self.key),
            told: Told::CustomerAttribute,
            any_of: &self.r#in,
            none_of: &self.not_in,
            patterns,
            bounds,
            spans: [self.longer_ago_than, self.within],
            present: self.present,
        };
        attribute.compile(vocabulary, at)
    }
}
