//! Which lines: a selector as documents spell it and as the engine asks it.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::vocabulary::{
    Dimension, LineNumber, NumberRange, PriceRange, Spelling, Subject, Value, VocabularyBuilder, Word,
};
pub use crate::vocabulary::{Selector, SelectorSet};

/// What is wrong with a list without values.
pub(crate) const EMPTY: &str = "the list is empty";

/// What is wrong with a list of more than [`MAX_VALUES`].
pub(crate) const TOO_LONG: &str = "the list has more than 10000 values";

/// Values of one list of a selector. A sale may name thousands of products; more share a category or an attribute.
pub const MAX_VALUES: usize = 10_000;

/// Which lines of a cart, as a campaign document spells it. Fields combine with *and*, the values of one
/// field with *or*; a selector without fields means every line, and a list without values is refused. Exclusions win, and
/// each value excludes by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LineSelector {
    /// Lines in any of these categories.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "some")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub categories: Vec<String>,
    /// Lines of any of these stock keeping units.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "some")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub skus: Vec<String>,
    /// Lines of any of these products.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "some")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub products: Vec<String>,
    /// Lines of any of these brands: the attribute `brand`.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "some")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub brands: Vec<String>,
    /// Lines with any of these tags: the attribute `tags`.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "some")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub tags: Vec<String>,
    /// Lines whose attribute has any of the values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "some_of_each")]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, AttributeValues>"))]
    pub attributes: BTreeMap<String, Vec<Value>>,
    /// Lines whose unit price, before discounts, is in this range. In a currency that a bound is not told in none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<PriceRange>,
    /// Lines of which all units together, before discounts, cost so much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtotal: Option<PriceRange>,
    /// Lines of so many units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<NumberRange>,
    /// Lines whose attribute is a whole number in this range.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub numbers: BTreeMap<String, NumberRange>,
    /// Lines whose price is below their `regularPrice` (`true`), or is not (`false`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_sale: Option<bool>,
    /// Lines that an earlier campaign took something of (`true`), or nothing of (`false`). For discounts and for what is
    /// earned; conditions look at the cart as it came in and ask `undiscounted`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discounted: Option<bool>,
    /// Lines that have what the customer likes best.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub favourites: Option<Favourites>,
    /// But not lines that have any of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub except: Option<Exclusion>,
}

/// Values of an attribute, at least one.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
struct AttributeValues(
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    #[serde(deserialize_with = "some")]
    Vec<Value>,
);

/// A list that has values: one without would read as none, and so as every line.
fn some<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let values = Vec::deserialize(deserializer)?;
    match values.len() {
        0 => Err(D::Error::custom(EMPTY)),
        1..=MAX_VALUES => Ok(values),
        _ => Err(D::Error::custom(TOO_LONG)),
    }
}

fn some_of_each<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Vec<Value>>, D::Error> {
    let named: BTreeMap<String, AttributeValues> = Deserialize::deserialize(deserializer)?;
    Ok(named.into_iter().map(|(name, AttributeValues(values))| (name, values)).collect())
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
    /// Lines of any of these brands: the attribute `brand`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub brands: Vec<String>,
    /// Lines with any of these tags: the attribute `tags`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Lines whose attribute has any of the values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Vec<Value>>,
}

/// Leaves out lines of a selector besides those that it leaves out itself.
pub(crate) fn leave_out(selector: &mut Option<LineSelector>, lines: &Exclusion) {
    selector.get_or_insert_default().except.get_or_insert_default().add(lines);
}

impl Exclusion {
    /// The lines that sell gift cards, where no document says so.
    pub(crate) fn gift_cards() -> Exclusion {
        Exclusion { categories: [String::from("gift-cards")].to_vec(), ..Exclusion::default() }
    }

    /// Leaves out what another one leaves out too.
    fn add(&mut self, other: &Exclusion) {
        let lists = [
            (&mut self.categories, &other.categories),
            (&mut self.skus, &other.skus),
            (&mut self.products, &other.products),
            (&mut self.brands, &other.brands),
            (&mut self.tags, &other.tags),
        ];
        for (own, others) in lists {
            own.extend(others.iter().cloned());
        }
        for (attribute, values) in &other.attributes {
            self.attributes.entry(attribute.clone()).or_default().extend(values.iter().cloned());
        }
    }
}

/// What the customer likes best: names of the customer's attributes, whose values are compared with what lines have. All
/// that is named must agree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Favourites {
    /// The attribute that names categories, compared as they are spelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub categories: Option<String>,
    /// The attribute that names products.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub products: Option<String>,
    /// The attribute that names stock keeping units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skus: Option<String>,
    /// For attributes of lines, the attribute of the customer that names their values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
}

impl Favourites {
    /// Groups of one word each.
    fn groups(&self, vocabulary: &mut VocabularyBuilder) -> Vec<Vec<Word>> {
        let fields =
            [(Subject::Category, &self.categories), (Subject::Product, &self.products), (Subject::Sku, &self.skus)];
        let mut found = Vec::new();
        for (subject, liked) in fields {
            let Some(liked) = liked else { continue };
            found.push(favourite(liked, subject.dimension(), vocabulary));
        }
        for (attribute, liked) in &self.attributes {
            found.push(favourite(liked, Subject::LineAttribute.named(attribute), vocabulary));
        }
        found
    }
}

/// The word of lines that have in a dimension what an attribute of the customer names: the number of the dimension.
fn favourite(liked: &str, dimension: Dimension, vocabulary: &mut VocabularyBuilder) -> Vec<Word> {
    let of = Spelling::Number(i64::from(vocabulary.dimension(dimension)));
    [vocabulary.word(Subject::Favourite.named(liked), of)].to_vec()
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
        for (name, values) in [("brand", &self.brands), ("tags", &self.tags)] {
            if !values.is_empty() {
                groups.push(named(vocabulary, name, values));
            }
        }
        for (name, values) in self.attributes.iter().filter(|(_, values)| !values.is_empty()) {
            groups.push(attribute(vocabulary, name, values));
        }
        groups.extend(self.favourites.iter().flat_map(|liked| liked.groups(vocabulary)));
        let mut except = Vec::new();
        let on_sale =
            |vocabulary: &mut VocabularyBuilder| vocabulary.word(Subject::OnSale.dimension(), Spelling::Boolean(true));
        match self.on_sale {
            Some(true) => groups.push([on_sale(vocabulary)].to_vec()),
            Some(false) => except.push(on_sale(vocabulary)),
            None => {}
        }
        if let Some(excluded) = &self.except {
            except.extend(vocabulary.texts(Subject::Category, &excluded.categories));
            except.extend(vocabulary.texts(Subject::Sku, &excluded.skus));
            except.extend(vocabulary.texts(Subject::Product, &excluded.products));
            except.extend(named(vocabulary, "brand", &excluded.brands));
            except.extend(named(vocabulary, "tags", &excluded.tags));
            for (name, values) in &excluded.attributes {
                except.extend(attribute(vocabulary, name, values));
            }
        }
        let mut bounds = Vec::new();
        for (range, of) in [(&self.unit_price, LineNumber::UnitPrice), (&self.subtotal, LineNumber::Subtotal)] {
            bounds.extend(range.iter().flat_map(|range| range.bounds(of, vocabulary)));
        }
        bounds.extend(self.quantity.iter().flat_map(|range| range.bounds(LineNumber::Units)));
        let something = |is_discounted| match is_discounted {
            true => NumberRange { at_least: Some(1), ..NumberRange::default() },
            false => NumberRange { at_most: Some(0), ..NumberRange::default() },
        };
        bounds.extend(self.discounted.iter().flat_map(|told| something(*told).bounds(LineNumber::Taken)));
        for (name, range) in &self.numbers {
            let place = vocabulary.line_number(name);
            bounds.extend(range.bounds(LineNumber::Attribute(place)));
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

fn named(vocabulary: &mut VocabularyBuilder, name: &str, values: &[String]) -> Vec<Word> {
    let dimension = Subject::LineAttribute.named(name);
    values.iter().map(|value| vocabulary.word(dimension.clone(), Spelling::Text(value.clone()))).collect()
}

fn attribute(vocabulary: &mut VocabularyBuilder, name: &str, values: &[Value]) -> Vec<Word> {
    let dimension = Subject::LineAttribute.named(name);
    values.iter().map(|value| vocabulary.word(dimension.clone(), value.into())).collect()
}
