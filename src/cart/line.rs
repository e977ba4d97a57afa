//! The lines of a cart, its shipping charges, and what is said of each.

use crate::money::{Amount, Rate, Rounding};
use crate::vocabulary::Word;

/// One line: units of one product at one price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Price of one unit, minor units.
    pub price: i64,
    /// What discounts leave of it at least; never above the price.
    pub floor: i64,
    /// Number of units.
    pub quantity: i64,
    /// Where the line's words begin in [`Cart::words`](super::Cart::words).
    pub words_from: u32,
    /// Where they end.
    pub words_until: u32,
}

impl Line {
    /// Price of all units.
    #[inline]
    pub fn subtotal(&self) -> i64 {
        Amount::new(self.price).times(self.quantity).minor()
    }

    pub(super) fn is_there(&self) -> bool {
        self.quantity > 0
    }
}

/// A line as the caller sent it: which of the engine's lines it is part of, and how many units it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenLine {
    /// Index into [`Cart::lines`](super::Cart::lines).
    pub line: u32,
    /// Units of it.
    pub quantity: i64,
}

/// What tells lines of one product at one price apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// The tax, in millionths.
    pub tax: i64,
    /// What one unit costs the shop, minor units, where a campaign asks.
    pub cost: i64,
    /// Whose gift the line is, by the number of the campaign, or [`NOBODY`](super::NOBODY); none when it is no gift.
    pub gift_of: Option<u32>,
}

/// A charge for shipping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipping {
    /// The method's word, zero when no rule names it.
    pub method: Word,
    /// Price, minor units.
    pub price: i64,
}

/// A line whose quantity is no whole number. It is one piece: the engine's line has one unit, at the price of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction {
    /// Index into [`Cart::lines`](super::Cart::lines).
    pub line: u32,
    /// Price of a whole unit, minor units.
    pub unit_price: i64,
    /// How much of it the piece is, in ten-thousandths.
    pub measure: i64,
}

/// Ten-thousandths in a whole unit.
pub const WHOLE_UNIT: i64 = 10_000;

impl Fraction {
    /// What an amount per unit comes to for the piece, halves up.
    pub fn of(&self, per_unit: Amount) -> Amount {
        Rate::ratio(self.measure, WHOLE_UNIT).map_or(per_unit, |share| share.of(per_unit, Rounding::HalfUp))
    }
}
