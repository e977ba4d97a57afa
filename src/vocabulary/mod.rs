//! The words a snapshot's rules speak: every category, attribute value, segment, country … that some rule
//! names has a small number, every amount a row with one cell per currency, every attribute that is compared
//! as a number a place.
//!
//! Carts are translated into these numbers once; after that no string is touched.

mod builder;
mod part;
mod range;

use crate::digits;
use crate::money::{Amount, Currency};
use crate::packed::packed;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

pub use builder::VocabularyBuilder;
pub use part::{Told, Used, VocabularyPart};
pub use range::{Amounts, NumberRange, PriceRange};

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
