//! What the order is paid with.

use crate::money::{Currency, Rounding};

/// How the amount that is due is rounded to what coins there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CashRounding {
    /// The smallest coin, minor units.
    pub to: i64,
    /// What becomes of a part of it.
    pub mode: Rounding,
}

/// What a payment is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaymentKind {
    /// Loyalty points.
    Points,
    /// A gift card.
    GiftCard,
    /// Credit with the shop.
    StoreCredit,
    /// Anything else.
    Other,
}

impl PaymentKind {
    /// The kind by its place in [`PAYMENTS`](crate::request::shape::PAYMENTS).
    pub fn at(place: i64) -> PaymentKind {
        match place {
            0 => PaymentKind::Points,
            1 => PaymentKind::GiftCard,
            2 => PaymentKind::StoreCredit,
            _ => PaymentKind::Other,
        }
    }
}

/// A payment as the caller knows it; a number that is not given is [`MISSING`](super::MISSING).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// What with.
    pub kind: PaymentKind,
    /// Whether it has an id.
    pub is_named: bool,
    /// The method of the snapshot: its index; nothing when none is named.
    pub method: Option<u32>,
    /// Whether a method is named that the snapshot does not have.
    pub is_unknown: bool,
    /// What shall be paid with it, minor units.
    pub amount: i64,
    /// The same in points.
    pub points: i64,
    /// What is on it, minor units, or points.
    pub balance: i64,
    /// When it ends, UTC milliseconds.
    pub expires_at: i64,
    /// Its rank among the payments; lower ones are used first.
    pub priority: i64,
    /// The currency of its balance, when it is told.
    pub currency: Option<Currency>,
}
