//! Amounts, and bounds of prices and numbers, as documents spell them.

use super::{Bound, LineBound, LineNumber, VocabularyBuilder};
use crate::money::{Currency, MAX_AMOUNT};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

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
