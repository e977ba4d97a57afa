//! Which lines: a selector as documents spell it and as the engine asks it.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::vocabulary::{Amounts, Bound, LineBound, LineNumber, PriceRange, Subject, Value, VocabularyBuilder, Word};
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
        let set = self.set(vocabulary);
        fold(set, vocabulary)
    }

    fn set(&self, vocabulary: &mut VocabularyBuilder) -> SelectorSet {
        let mut groups = Vec::new();
        let fields =
            [(Subject::Category, &self.categories), (Subject::Sku, &self.skus), (Subject::Product, &self.products)];
        for (subject, values) in fields {
            if !values.is_empty() {
                groups.push(vocabulary.texts(subject, values));
            }
        }
        for (name, values) in self.attributes.iter().filter(|(_, values)| !values.is_empty()) {
            groups.push(attribute(vocabulary, name, values));
        }
        let mut except = Vec::new();
        if let Some(excluded) = &self.except {
            except.extend(vocabulary.texts(Subject::Category, &excluded.categories));
            except.extend(vocabulary.texts(Subject::Sku, &excluded.skus));
            except.extend(vocabulary.texts(Subject::Product, &excluded.products));
            for (name, values) in &excluded.attributes {
                except.extend(attribute(vocabulary, name, values));
            }
        }
        let mut bounds = Vec::new();
        if let Some(range) = &self.unit_price {
            let mut bound = |amounts: &Option<Amounts>| match amounts {
                Some(amounts) => Bound::Money(vocabulary.amounts(amounts)),
                None => Bound::Open,
            };
            let (at_least, at_most) = (bound(&range.at_least), bound(&range.at_most));
            if (at_least, at_most) != (Bound::Open, Bound::Open) {
                bounds.push(LineBound { of: LineNumber::UnitPrice, at_least, at_most });
            }
        }
        SelectorSet { groups, except, bounds }
    }
}

/// The smallest form of a selector.
fn fold(set: SelectorSet, vocabulary: &mut VocabularyBuilder) -> Selector {
    let is_plain = set.except.is_empty() && set.bounds.is_empty();
    match set.groups.as_slice() {
        [] if is_plain => Selector::All,
        [group] if is_plain && group.len() == 1 => group.first().map_or(Selector::All, |word| Selector::Word(*word)),
        _ => vocabulary.selector(set),
    }
}

/// Translates a selector that a document may leave out: then every line is meant.
pub fn compile(selector: &Option<LineSelector>, vocabulary: &mut VocabularyBuilder) -> Selector {
    selector.as_ref().map_or(Selector::All, |selector| selector.compile(vocabulary))
}

/// Translates the selector of the lines that both select.
pub fn compile_both(
    one: &Option<LineSelector>,
    other: &Option<LineSelector>,
    vocabulary: &mut VocabularyBuilder,
) -> Selector {
    let mut both = SelectorSet::default();
    for selector in [one, other].into_iter().flatten() {
        let SelectorSet { groups, except, bounds } = selector.set(vocabulary);
        both.groups.extend(groups);
        both.except.extend(except);
        both.bounds.extend(bounds);
    }
    fold(both, vocabulary)
}

fn attribute(vocabulary: &mut VocabularyBuilder, name: &str, values: &[Value]) -> Vec<Word> {
    let dimension = Subject::LineAttribute.named(name);
    values.iter().map(|value| vocabulary.word(dimension.clone(), value.into())).collect()
}
