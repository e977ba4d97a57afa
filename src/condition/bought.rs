use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Figure, VocabularyBuilder};
use super::last_bought::bought;
use super::number::{Compared, Number};
use super::bounds::counts;
use super::{Condition, Document};

/// How many earlier orders had some categories or products.
///
/// "Never bought tea before": `{ "type": "bought", "categories": ["tea"], "atMost": 0 }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Bought {
    /// This many or more.
    pub at_least: Option<i64>,
    /// More than this.
    pub more_than: Option<i64>,
    /// This many or fewer.
    pub at_most: Option<i64>,
    /// Fewer than this.
    pub less_than: Option<i64>,
    /// Orders with any of these categories.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Orders with any of these products.
    #[serde(default)]
    pub products: Vec<String>,
}

impl Document for Bought {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let words = bought(&self.categories, &self.products, vocabulary, at)?;
        let figures = words.into_iter().map(|word| vocabulary.number(Figure::BoughtCount(word))).collect();
        let [at_least, at_most] = counts(self.at_least, self.more_than, self.at_most, self.less_than, false, at)?;
        let of = Number::Figures(figures);
        let fact = vocabulary.fact("customer.orders.bought");
        Ok(Condition::Number(Compared { of, at_least, at_most, every: 0, fact }))
    }
}
