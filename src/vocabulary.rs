//! The words a snapshot's rules speak: every category, attribute value, segment, country … that some rule
//! names has a small number, every amount a row with one cell per currency, every attribute that is compared
//! as a number a place.
//!
//! Carts are translated into these numbers once; after that no string is touched.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::digits;
use crate::money::{Amount, Currency, MAX_AMOUNT};
use crate::packed::packed;

/// A word's number. Zero is no word: what no rule names.
pub type Word = u32;

packed! {
    /// Of what a word speaks.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
    pub enum Subject {
        /// A line's category.
        Category,
        /// A line's stock keeping unit.
        Sku,
        /// A line's product.
        Product,
        /// A named attribute of a line.
        LineAttribute,
        /// A segment the customer is in.
        Segment,
        /// A named attribute of the customer.
        CustomerAttribute,
        /// The country of delivery.
        Country,
        /// The sales channel.
        Channel,
        /// A shipping method.
        ShippingMethod,
        /// The region of delivery.
        Region,
        /// The postcode of delivery.
        Postcode,
        /// The kind of device.
        Device,
        /// How the order is paid.
        PaymentMethod,
        /// Whether something has to be shipped.
        NeedsShipping,
        /// A named attribute of the order.
        OrderAttribute,
        /// The customer's e-mail address.
        Email,
        /// Whether the customer is signed in.
        SignedIn,
        /// How often the customer has redeemed a campaign.
        Redemptions,
        /// The customer's variant of an experiment.
        Experiment,
        /// A line whose price is below its regular one.
        OnSale,
        /// A line that has a value of a customer's attribute; named after that attribute, its words are the dimensions
        /// of lines that are compared with it.
        Favourite,
        /// What only reasons name: a number or a moment of the request, by where it stands there.
        Fact,
    }

    /// What a word describes.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
    pub struct Dimension {
        /// Of what it speaks.
        pub of: Subject,
        /// The name of the attribute, or the word JSON has for the dimension.
        pub name: String,
    }
}

impl Subject {
    /// What it is called in tables for other languages, and the word JSON has for it where it has no names of its own.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Subject::Category => ("Category", "categories"),
            Subject::Sku => ("Sku", "sku"),
            Subject::Product => ("Product", "product"),
            Subject::LineAttribute => ("LineAttribute", ""),
            Subject::Segment => ("Segment", "segments"),
            Subject::CustomerAttribute => ("CustomerAttribute", ""),
            Subject::Country => ("Country", "country"),
            Subject::Channel => ("Channel", "channel"),
            Subject::ShippingMethod => ("ShippingMethod", "shipping"),
            Subject::Region => ("Region", "region"),
            Subject::Postcode => ("Postcode", "postcode"),
            Subject::Device => ("Device", "device"),
            Subject::PaymentMethod => ("PaymentMethod", "paymentMethod"),
            Subject::NeedsShipping => ("NeedsShipping", "needsShipping"),
            Subject::OrderAttribute => ("OrderAttribute", ""),
            Subject::Email => ("Email", "customer.email"),
            Subject::SignedIn => ("SignedIn", "customer.signedIn"),
            Subject::Redemptions => ("Redemptions", ""),
            Subject::Experiment => ("Experiment", ""),
            Subject::OnSale => ("OnSale", "regularPrice"),
            Subject::Favourite => ("Favourite", ""),
            Subject::Fact => ("Fact", ""),
        }
    }

    /// The dimension, of a subject that has but one.
    pub fn dimension(self) -> Dimension {
        self.named(self.names().1)
    }

    /// The dimension of this name.
    pub fn named(self, name: &str) -> Dimension {
        Dimension { of: self, name: name.to_owned() }
    }
}

/// The value of an attribute, as documents and requests spell it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Value {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Number(i64),
    /// Text, compared exactly.
    Text(String),
}

packed! {
    /// What a word stands for. The tags are part of the signed format.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
    pub enum Spelling {
        /// Text.
        Text(String),
        /// A whole number.
        Number(i64),
        /// `true` or `false`.
        Boolean(bool),
        /// Any value at all: the attribute is there.
        Present,
        /// Texts that begin so.
        StartsWith(String),
        /// Texts that end so.
        EndsWith(String),
        /// Texts that contain this.
        Contains(String),
    }
}

impl From<&Value> for Spelling {
    fn from(value: &Value) -> Spelling {
        match value {
            Value::Boolean(b) => Spelling::Boolean(*b),
            Value::Number(n) => Spelling::Number(*n),
            Value::Text(t) => Spelling::Text(t.clone()),
        }
    }
}

impl Spelling {
    /// Whether it stands for this text among others, as a pattern.
    pub fn fits(&self, text: &[u8]) -> bool {
        match self {
            Spelling::StartsWith(part) => text.starts_with(part.as_bytes()),
            Spelling::EndsWith(part) => text.ends_with(part.as_bytes()),
            // the library's search is made for long texts, and large
            Spelling::Contains(part) => {
                (0..=text.len()).any(|at| text.get(at..).is_some_and(|rest| rest.starts_with(part.as_bytes())))
            }
            _ => false,
        }
    }

    /// As text, for parameters of reasons.
    pub fn text(&self) -> String {
        match self {
            Spelling::Text(t) | Spelling::StartsWith(t) | Spelling::EndsWith(t) | Spelling::Contains(t) => t.clone(),
            Spelling::Number(n) => {
                let mut text = String::new();
                digits::push(&mut text, *n);
                text
            }
            Spelling::Boolean(b) => String::from(if *b { "true" } else { "false" }),
            Spelling::Present => String::new(),
        }
    }
}

/// Amounts per currency, as a campaign document spells them: `{ "EUR": 5000 }`, minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Amounts(
    #[cfg_attr(feature = "schema", schemars(extend("minProperties" = 1, "propertyNames" = { "pattern": "^[A-Z]{3}$" })))]
    pub BTreeMap<String, i64>,
);

/// Bounds of a price, as a campaign document spells them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PriceRange {
    /// The lowest price, per currency, minor units.
    #[serde(default, deserialize_with = "bound", skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Amounts>,
    /// More than this price.
    #[serde(default, deserialize_with = "bound", skip_serializing_if = "Option::is_none")]
    pub more_than: Option<Amounts>,
    /// The highest price.
    #[serde(default, deserialize_with = "bound", skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Amounts>,
    /// Less than this price.
    #[serde(default, deserialize_with = "bound", skip_serializing_if = "Option::is_none")]
    pub less_than: Option<Amounts>,
}

/// Bounds of a number, as a campaign document spells them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NumberRange {
    /// This or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<i64>,
    /// More than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_than: Option<i64>,
    /// This or less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<i64>,
    /// Less than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub less_than: Option<i64>,
}

impl NumberRange {
    /// The bounds of a number of lines that it sets.
    pub fn bounds(&self, of: LineNumber) -> impl Iterator<Item = LineBound> {
        let lower = [(self.at_least, 0), (self.more_than, 1)];
        let upper = [(self.at_most, 0), (self.less_than, -1)];
        let moved = |(bound, step): (Option<i64>, i64)| bound.map(|bound| Bound::Count(bound.saturating_add(step)));
        let lower = lower.into_iter().filter_map(moved).map(move |at_least| (at_least, Bound::Open));
        let upper = upper.into_iter().filter_map(moved).map(move |at_most| (Bound::Open, at_most));
        lower.chain(upper).map(move |(at_least, at_most)| LineBound { of, at_least, at_most })
    }
}

impl PriceRange {
    /// The bounds of a number of lines that it sets.
    pub fn bounds(&self, of: LineNumber, vocabulary: &mut VocabularyBuilder) -> Vec<LineBound> {
        let mut bounds = Vec::new();
        for (amounts, is_lower, step) in [
            (&self.at_least, true, 0),
            (&self.more_than, true, 1),
            (&self.at_most, false, 0),
            (&self.less_than, false, -1),
        ] {
            let Some(Amounts(amounts)) = amounts else { continue };
            let moved = amounts.iter().map(|(code, minor)| (code.clone(), minor.saturating_add(step)));
            let row = Bound::Money(vocabulary.amounts(&Amounts(moved.collect())));
            let (at_least, at_most) = if is_lower { (row, Bound::Open) } else { (Bound::Open, row) };
            bounds.push(LineBound { of, at_least, at_most });
        }
        bounds
    }
}

/// A bound that makes sense: some amount, in currencies that there are.
fn bound<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Amounts>, D::Error> {
    let amounts = Amounts::deserialize(deserializer)?;
    let is_sound = |(code, minor): (&String, &i64)| Currency::parse(code).is_some() && (0..=MAX_AMOUNT).contains(minor);
    if amounts.0.is_empty() || !amounts.0.iter().all(is_sound) {
        return Err(D::Error::custom("this is no price in currencies of three capital letters"));
    }
    Ok(Some(amounts))
}

packed! {
    /// A row of the amounts table.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(transparent)]
    pub struct AmountRow(pub u32);
}

/// The cell of a currency that the document does not name.
pub(crate) const NOT_COVERED: i64 = -1;

packed! {
    /// A selector as the engine asks it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub enum Selector {
        /// Every line.
        All,
        /// Lines that carry this word: by far the most common.
        Word(Word),
        /// Lines that satisfy a [`SelectorSet`] of the vocabulary.
        Set(u32),
    }
}

packed! {
    /// A selector of several words: at least one word of each group, and none of `except`.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
    pub struct SelectorSet {
        /// Groups; a line must carry a word of each.
        pub groups: Vec<Vec<Word>>,
        /// Words that a line must not carry.
        pub except: Vec<Word>,
        /// Bounds of the line's numbers.
        pub bounds: Vec<LineBound>,
    }

    /// Bounds of a number of a line.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub struct LineBound {
        /// Which number.
        pub of: LineNumber,
        /// This or more.
        pub at_least: Bound,
        /// This or less.
        pub at_most: Bound,
    }

    /// A number of a line.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub enum LineNumber {
        /// The price of a unit, before discounts.
        UnitPrice,
        /// The price of all its units, before discounts.
        Subtotal,
        /// Its units.
        Units,
        /// An attribute that is compared as a number, by its place.
        Attribute(u32),
        /// What earlier campaigns took of it.
        Taken,
    }

    /// A bound that is part of the range.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub enum Bound {
        /// There is none.
        Open,
        /// A count.
        Count(i64),
        /// Money, in the cart's currency.
        Money(AmountRow),
    }
}

impl SelectorSet {
    /// Whether a line with these words is selected, if its numbers are within the bounds.
    #[inline]
    pub fn matches(&self, words: &[Word]) -> bool {
        self.groups.iter().all(|group| group.iter().any(|word| words.contains(word)))
            && !self.except.iter().any(|word| words.contains(word))
    }
}

packed! {
    /// All that the rules of one snapshot name.
    #[derive(Clone, Debug, Default, PartialEq, Serialize)]
    pub struct Vocabulary {
        /// The currencies that some amount names, in order of code.
        pub currencies: Vec<Currency>,
        /// Amounts, row after row, one cell per currency; -1 where a currency is not covered.
        pub amounts: Vec<i64>,
        /// What words describe.
        pub dimensions: Vec<Dimension>,
        /// The words: number 1 first, each with the index of its dimension.
        pub words: Vec<(u16, Spelling)>,
        /// Numbers of the customer and the situation that some rule compares.
        pub numbers: Vec<Figure>,
        /// Dimensions of lines' attributes that some rule compares as numbers.
        pub line_numbers: Vec<u16>,
        /// Selectors that name more than one word.
        pub selectors: Vec<SelectorSet>,
        /// Whether categories are paths: a line in `shoes/running` is in `shoes` too.
        pub has_category_paths: bool,
        /// The experiments.
        pub experiments: Vec<Experiment>,
    }

    /// A number of the customer or the situation.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub enum Figure {
        /// An attribute of this dimension.
        Attribute(u16),
        /// How many earlier orders had this category or product.
        BoughtCount(Word),
        /// What was spent on it, minor units.
        BoughtSpent(Word),
        /// When it was bought last.
        LastBought(Word),
        /// What was spent in all earlier orders.
        Spent,
        /// When the cart was begun.
        CartBegun,
    }

    /// An experiment: who is given which variant.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub struct Experiment {
        /// The dimension of its variants, which has its id as its name.
        pub dimension: u16,
        /// The variants in order, each with its weight.
        pub variants: Vec<(Word, u32)>,
    }
}

/// The variant of those who are held out of an experiment.
pub const HELD_OUT: &str = "held_out";

impl Vocabulary {
    /// How many words there are, number 0 included.
    pub fn word_count(&self) -> usize {
        self.words.len().saturating_add(1)
    }

    /// The column of a currency in the amounts table.
    pub fn currency(&self, currency: Currency) -> Option<usize> {
        self.currencies.iter().position(|c| *c == currency)
    }

    /// The amount of a row in the currency of a column; `None` when the document does not cover it.
    #[inline]
    pub fn amount(&self, row: AmountRow, currency: usize) -> Option<Amount> {
        let at = usize::try_from(row.0).ok()?.checked_mul(self.currencies.len())?.checked_add(currency)?;
        let minor = *self.amounts.get(at)?;
        (minor != NOT_COVERED).then_some(Amount::new(minor))
    }

    /// What a word stands for.
    pub fn spelling(&self, word: Word) -> Option<&(u16, Spelling)> {
        self.words.get(usize::try_from(word).ok()?.checked_sub(1)?)
    }

    /// The set behind a selector of several words.
    #[inline]
    pub fn selector_set(&self, index: u32) -> Option<&SelectorSet> {
        self.selectors.get(usize::try_from(index).ok()?)
    }
}

/// Collects the vocabulary while documents are compiled. Numbers are given in order of first use, so the same
/// campaigns in the same order give the same vocabulary.
#[derive(Debug, Default)]
pub struct VocabularyBuilder {
    dimensions: BTreeMap<Dimension, u16>,
    words: BTreeMap<(u16, Spelling), Word>,
    amounts: Vec<Amounts>,
    /// The categories within each one, at any depth.
    within: BTreeMap<String, Vec<String>>,
    vocabulary: Vocabulary,
}

impl VocabularyBuilder {
    /// The index of a dimension.
    pub fn dimension(&mut self, dimension: Dimension) -> u16 {
        if let Some(known) = self.dimensions.get(&dimension) {
            return *known;
        }
        let index = u16::try_from(self.vocabulary.dimensions.len()).unwrap_or(u16::MAX);
        self.vocabulary.dimensions.push(dimension.clone());
        self.dimensions.insert(dimension, index);
        index
    }

    /// The number of a word.
    pub fn word(&mut self, dimension: Dimension, spelling: Spelling) -> Word {
        let key = (self.dimension(dimension), spelling);
        if let Some(known) = self.words.get(&key) {
            return *known;
        }
        self.vocabulary.words.push(key.clone());
        let word = u32::try_from(self.vocabulary.words.len()).unwrap_or(u32::MAX);
        self.words.insert(key, word);
        word
    }

    /// The words that texts are; of a category those within it too.
    pub fn texts(&mut self, of: Subject, texts: &[String]) -> Vec<Word> {
        let mut words = Vec::new();
        for text in texts {
            let inner = self.within.get(text).filter(|_| of == Subject::Category).cloned().unwrap_or_default();
            for text in core::iter::once(text.clone()).chain(inner) {
                let word = self.word(of.dimension(), Spelling::Text(text));
                if !words.contains(&word) {
                    words.push(word);
                }
            }
        }
        words
    }

    /// Puts a category within another.
    pub fn put_within(&mut self, category: &str, above: &str) {
        self.within.entry(above.to_owned()).or_default().push(category.to_owned());
    }

    /// The variants of an experiment.
    pub fn variants(&self, experiment: &str) -> Option<Vec<(String, Word)>> {
        let dimension = self.dimensions.get(&Subject::Experiment.named(experiment))?;
        let experiment = self.vocabulary.experiments.iter().find(|known| known.dimension == *dimension)?;
        let name =
            |word: Word| self.vocabulary.spelling(word).map_or_else(String::new, |(_, spelling)| spelling.text());
        Some(experiment.variants.iter().map(|(word, _)| (name(*word), *word)).collect())
    }

    /// The dimension by which reasons name a fact: where it stands in a request.
    pub fn fact(&mut self, place: &str) -> u16 {
        self.dimension(Subject::Fact.named(place))
    }

    /// A row of amounts; equal rows are kept once.
    pub fn amounts(&mut self, amounts: &Amounts) -> AmountRow {
        let index = self.amounts.iter().position(|known| known == amounts).unwrap_or_else(|| {
            self.amounts.push(amounts.clone());
            self.amounts.len().saturating_sub(1)
        });
        AmountRow(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The place of a number.
    pub fn number(&mut self, figure: Figure) -> u32 {
        place(&mut self.vocabulary.numbers, figure)
    }

    /// The place of a line's attribute that is compared as a number.
    pub fn line_number(&mut self, attribute: &str) -> u32 {
        let dimension = self.dimension(Subject::LineAttribute.named(attribute));
        place(&mut self.vocabulary.line_numbers, dimension)
    }

    /// Says that categories are paths.
    pub fn split_categories(&mut self) {
        self.vocabulary.has_category_paths = true;
    }

    /// Adds an experiment of these variants and their weights; the last one is held out.
    pub fn experiment(&mut self, id: &str, variants: &[(&str, u32)]) {
        let dimension = Subject::Experiment.named(id);
        let word =
            |(name, weight): &(&str, u32)| (self.word(dimension.clone(), Spelling::Text((*name).to_owned())), *weight);
        let variants = variants.iter().map(word).collect();
        let dimension = self.dimension(dimension);
        self.vocabulary.experiments.push(Experiment { dimension, variants });
    }

    /// A selector of several words; equal ones are kept once.
    pub fn selector(&mut self, set: SelectorSet) -> Selector {
        let sets = &mut self.vocabulary.selectors;
        let index = sets.iter().position(|known| *known == set).unwrap_or_else(|| {
            sets.push(set);
            sets.len().saturating_sub(1)
        });
        Selector::Set(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The finished vocabulary.
    pub fn finish(mut self) -> Vocabulary {
        let mut currencies: Vec<Currency> =
            self.amounts.iter().flat_map(|row| row.0.keys()).filter_map(|code| Currency::parse(code)).collect();
        currencies.sort();
        currencies.dedup();
        for row in &self.amounts {
            for currency in &currencies {
                let cell = row.0.get(currency.code()).copied().unwrap_or(NOT_COVERED);
                self.vocabulary.amounts.push(cell);
            }
        }
        self.vocabulary.currencies = currencies;
        self.vocabulary
    }
}

/// The place of a value that is kept once.
fn place<T: PartialEq>(known: &mut Vec<T>, value: T) -> u32 {
    let index = known.iter().position(|known| *known == value).unwrap_or_else(|| {
        known.push(value);
        known.len().saturating_sub(1)
    });
    u32::try_from(index).unwrap_or(u32::MAX)
}
