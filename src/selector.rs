//! Which lines: a selector as documents spell it and as the engine asks it.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::vocabulary::{Amounts, Dimension, PriceRange, Spelling, Value, VocabularyBuilder, Word};
pub use crate::vocabulary::{Selector, SelectorSet};

/// Which lines of a cart, as a campaign document spells it. Fields combine with *and*, the values of one
/// field with *or*; an empty selector means every line. Exclusions win, and each value excludes by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LineSelector {
    /// Lines in any of these categories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Lines of any of these stock keeping units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skus: Vec<String>,
    /// Lines of any of these products.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<String>,
    /// Lines whose attribute has any of the values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Vec<Value>>,
    /// Lines whose unit price, before discounts, is in this range. In a currency that a bound is not told in none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<PriceRange>,
    /// But not lines that have any of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub except: Option<Exclusion>,
}

/// What a selector leaves out: a line that has any one of the values is not selected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Exclusion {
    /// Lines in any of these categories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Lines of any of these stock keeping units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skus: Vec<String>,
    /// Lines of any of these products.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<String>,
    /// Lines whose attribute has any of the values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Vec<Value>>,
}

impl LineSelector {
    /// Translates the selector into the vocabulary.
    pub fn compile(&self, vocabulary: &mut VocabularyBuilder) -> Selector {
        let mut groups = Vec::new();
        let fields = [
            (Dimension::Category, &self.categories),
            (Dimension::Sku, &self.skus),
            (Dimension::Product, &self.products),
        ];
        for (dimension, values) in fields {
            if !values.is_empty() {
                groups.push(texts(vocabulary, &dimension, values));
            }
        }
        for (name, values) in self.attributes.iter().filter(|(_, values)| !values.is_empty()) {
            groups.push(attribute(vocabulary, name, values));
        }
        let mut except = Vec::new();
        if let Some(excluded) = &self.except {
            except.extend(texts(vocabulary, &Dimension::Category, &excluded.categories));
            except.extend(texts(vocabulary, &Dimension::Sku, &excluded.skus));
            except.extend(texts(vocabulary, &Dimension::Product, &excluded.products));
            for (name, values) in &excluded.attributes {
                except.extend(attribute(vocabulary, name, values));
            }
        }
        let mut bound = |of: fn(&PriceRange) -> &Option<Amounts>| {
            self.unit_price.as_ref().and_then(|range| of(range).as_ref()).map(|amounts| vocabulary.amounts(amounts))
        };
        let (at_least, at_most) = (bound(|range| &range.at_least), bound(|range| &range.at_most));
        let is_plain = except.is_empty() && at_least.is_none() && at_most.is_none();
        match groups.as_slice() {
            [] if is_plain => Selector::All,
            [group] if is_plain && group.len() == 1 => {
                group.first().map_or(Selector::All, |word| Selector::Word(*word))
            }
            _ => vocabulary.selector(SelectorSet { groups, except, at_least, at_most }),
        }
    }
}

/// Translates a selector that a document may leave out: then every line is meant.
pub fn compile(selector: &Option<LineSelector>, vocabulary: &mut VocabularyBuilder) -> Selector {
    selector.as_ref().map_or(Selector::All, |selector| selector.compile(vocabulary))
}

fn texts(vocabulary: &mut VocabularyBuilder, dimension: &Dimension, values: &[String]) -> Vec<Word> {
    values.iter().map(|value| vocabulary.word(dimension.clone(), Spelling::Text(value.clone()))).collect()
}

fn attribute(vocabulary: &mut VocabularyBuilder, name: &str, values: &[Value]) -> Vec<Word> {
    let dimension = Dimension::LineAttribute(name.to_owned());
    values.iter().map(|value| vocabulary.word(dimension.clone(), value.into())).collect()
}
