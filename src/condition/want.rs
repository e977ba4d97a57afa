//! What would make a condition hold, or a discount give more: what near misses are made of.

use crate::cart::Line;
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
    /// Lines: units of one product at one price are one.
    Lines,
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

/// The midnight, on the shopper's clocks, with which the day began.
pub(super) fn midnight(facts: &Facts<'_>) -> Timestamp {
    let ahead = i64::from(facts.cart.utc_offset).saturating_mul(MINUTE);
    let into_day = facts.cart.now.saturating_add(ahead).rem_euclid(DAY);
    facts.cart.now.saturating_sub(into_day)
}

/// The first moment from now on, of one that may be past and the same time on the days after it, at which something holds.
pub(super) fn first_moment(
    facts: &Facts<'_>,
    from: Timestamp,
    holds: &dyn Fn(&Facts<'_>) -> bool,
) -> Option<Timestamp> {
    let mut cart = facts.cart.clone();
    let now = cart.now;
    let ahead = |moment: &Timestamp| (1..=DAYS.saturating_mul(DAY)).contains(&moment.saturating_sub(now));
    let moments = (0..=DAYS).map(|days| from.saturating_add(days.saturating_mul(DAY)));
    moments.filter(ahead).find(|moment| {
        cart.now = *moment;
        holds(&Facts { cart: &cart, ..*facts })
    })
}

/// The selected line that so many more units of it cost least for; of a piece by itself there are none.
pub(super) fn nearest_line(
    facts: &Facts<'_>,
    lines: Selector,
    units: &dyn Fn(usize, &Line) -> Option<i64>,
) -> Option<Shortfall> {
    let mut nearest: Option<(i64, Shortfall)> = None;
    facts.each_line(lines, |index, line| {
        let Some(missing) = units(index, line) else { return };
        let cost = line.price.saturating_mul(missing);
        let is_whole = facts.cart.fraction(index).is_none();
        if is_whole && line.price > 0 && nearest.is_none_or(|(known, _)| cost < known) {
            let (measure, actual) = (Measure::Quantity, line.quantity);
            let required = actual.saturating_add(missing);
            nearest = Some((cost, Shortfall { lines, line: Some(index), measure, required, actual }));
        }
    });
    nearest.map(|(_, shortfall)| shortfall)
}

/// How often a number goes into what is missing, the last time in part.
pub(super) fn times(missing: i64, of: i64) -> Option<i64> {
    missing.checked_add(of)?.checked_sub(1)?.checked_div(of).filter(|_| of > 0)
}
