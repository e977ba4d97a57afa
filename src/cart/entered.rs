//! What the shopper typed, and how often campaigns were used before.

#[cfg(feature = "workshop")]
use crate::money::Currency;

/// What a typed code stands for in this snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnteredCode {
    /// No campaign of the snapshot has it.
    Unknown,
    /// A code of this campaign (index into the catalogue's promotions).
    Campaign(u32),
    /// A code of this campaign that is entered before.
    Again(u32),
}

/// What is known of an entered code that is one of many, besides its campaign.
#[cfg(feature = "workshop")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnTerms {
    /// Its place among the entered codes.
    pub code: u32,
    /// Its campaign.
    pub campaign: u32,
    /// What has become of it.
    pub standing: OwnStanding,
    /// The moment from which it is no more, UTC milliseconds, or [`MISSING`](super::MISSING).
    pub until: i64,
    /// What is on it, minor units, or [`MISSING`](super::MISSING) where its campaign says what it takes off.
    pub balance: i64,
    /// The currency of that.
    pub currency: Option<Currency>,
}

/// What has become of a code that is one of many.
#[cfg(feature = "workshop")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnStanding {
    /// It can be used.
    Good,
    /// It has been taken back.
    Revoked,
    /// It has been used as often as it may be, or nothing is left on it.
    Spent,
    /// It is for another customer.
    Foreign,
}

/// How often a campaign was used, as the request tells; [`MISSING`](super::MISSING) where it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redemptions {
    /// The campaign.
    pub campaign: u32,
    /// In all, by this customer, in this period, by this customer in this period; units discounted in all, and of this
    /// customer.
    pub counts: [i64; 6],
    /// What its discounts have taken of its own budget, minor units.
    pub spent: i64,
}
