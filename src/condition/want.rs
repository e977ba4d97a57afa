//! What would make a condition hold, or a discount give more: what near misses are made of.

use crate::facts::Facts;
use crate::selector::Selector;
use crate::time::Timestamp;
use crate::vocabulary::Word;

/// What is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want<'a> {
    /// More of the selected lines.
    More(Shortfall),
    /// Any one of these words, of the customer or the situation.
    Word(&'a [Word]),
    /// A moment not before this one.
    Moment(Timestamp),
    /// Units that a campaign gives come into the cart.
    Gift(Given),
}

/// Units of a gift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// The word of its sku or product.
    pub product: Word,
    /// How many.
    pub units: i64,
    /// What each of them costs otherwise, minor units.
    pub price: i64,
    /// What they cost together with the campaign.
    pub cost: i64,
}

/// How far a threshold is away: what has to be added to the selected lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// Which lines count.
    pub lines: Selector,
    /// The one of them that must reach the threshold by itself.
    pub line: Option<usize>,
    /// What of them is counted.
    pub measure: Measure,
    /// The threshold.
    pub required: i64,
    /// What the cart has.
    pub actual: i64,
}

/// What a threshold counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Money, minor units.
    Amount,
    /// Units.
    Quantity,
}

impl Shortfall {
    /// How much is missing; nothing or less when the threshold is reached.
    pub fn missing(&self) -> i64 {
        self.required.saturating_sub(self.actual)
    }
}

const DAY: i64 = 86_400_000;
const MINUTE: i64 = 60_000;
/// How many days are looked ahead.
const DAYS: i64 = 7;

/// The first of the next days, from the shopper's midnight, on which something holds.
pub(super) fn next_day(facts: &Facts<'_>, holds: &dyn Fn(&Facts<'_>) -> bool) -> Option<Timestamp> {
    let mut cart = facts.cart.clone();
    let ahead = i64::from(cart.utc_offset).saturating_mul(MINUTE);
    let today = cart.now.saturating_add(ahead).div_euclid(DAY);
    let midnight = |days: i64| today.saturating_add(days).saturating_mul(DAY).saturating_sub(ahead);
    (1..=DAYS).map(midnight).find(|moment| {
        cart.now = *moment;
        holds(&Facts { cart: &cart, ..*facts })
    })
}
