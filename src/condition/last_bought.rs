use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Figure, Subject, VocabularyBuilder, Word};
use super::moment::{Ago, Moment, Span};
use super::{Condition, Document};

/// How long ago the customer bought something of some categories or products.
///
/// "Six months after buying shoes": `{ "type": "last_bought", "categories": ["shoes"], "longerAgoThan": { "months": 6 } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LastBought {
    /// Orders with any of these categories.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Orders with any of these products.
    #[serde(default)]
    pub products: Vec<String>,
    /// More than this ago.
    pub longer_ago_than: Option<Span>,
    /// Within this span.
    pub within: Option<Span>,
}

impl Document for LastBought {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let (longer_ago_than, within) = (self.longer_ago_than, self.within);
        if (longer_ago_than, within) == (None, None) {
            return Err(reading::invalid("the condition asks nothing", "say `longerAgoThan` or `within`", at));
        }
        let words = bought(&self.categories, &self.products, vocabulary, at)?;
        let figures = words.into_iter().map(|word| vocabulary.number(Figure::LastBought(word))).collect();
        let fact = vocabulary.fact("customer.orders.bought");
        Ok(Condition::Moment(Ago { of: Moment::Figures(figures), longer_ago_than, within, fact }))
    }
}

/// The words of categories and products that may have been bought.
pub(super) fn bought(
    categories: &[String],
    products: &[String],
    vocabulary: &mut VocabularyBuilder,
    at: &Pointer,
) -> Result<Vec<Word>, Box<Diagnostic>> {
    if categories.is_empty() && products.is_empty() {
        return Err(reading::invalid("the condition asks for nothing bought", "name `categories` or `products`", at));
    }
    let mut words = vocabulary.texts(Subject::Category, categories);
    words.extend(vocabulary.texts(Subject::Product, products));
    Ok(words)
}
