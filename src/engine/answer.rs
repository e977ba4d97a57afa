//! What an evaluation finds, as numbers: indexes of lines, campaigns and codes, amounts in minor units. The
//! writers of `quote` give it names and words.

pub use super::step::{Change, Step};
pub use crate::condition::Measure;
use crate::payment;
use crate::reason::Reason;
use alloc::vec::Vec;

pub use crate::discount::gifts::{GiftOffer, GiftState};

/// A campaign that applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Index of the promotion.
    pub promotion: u32,
    /// Which entered code brought it, if one did.
    pub code: Option<u32>,
    /// What it took off lines and shipping.
    pub amount: i64,
    /// What the gifts are worth that it proposes and that are not in the cart.
    pub promise: i64,
    /// Where its shares of lines begin in [`Answer::shares`].
    pub shares_from: u32,
    /// Where they end.
    pub shares_until: u32,
    /// Where its shares of shipping begin in [`Answer::shipping_shares`].
    pub shipping_from: u32,
    /// Where they end.
    pub shipping_until: u32,
}

/// What became of an entered code that did not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It applied.
    Applied,
    /// Its own rules say no.
    Inapplicable,
    /// Another one won.
    Skipped,
    /// It is accepted and waits for the cart.
    Dormant,
    /// Only the central source can tell.
    Deferred,
}

impl Status {
    /// The word used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Status::Applied => "applied",
            Status::Inapplicable => "inapplicable",
            Status::Skipped => "skipped",
            Status::Dormant => "dormant",
            Status::Deferred => "deferred",
        }
    }
}

/// An entered code that did not apply.
#[derive(Clone, Copy, Debug)]
pub struct Refused {
    /// Its place among the entered codes.
    pub code: u32,
    /// Its campaign, when it may be told.
    pub promotion: Option<u32>,
    /// What became of it.
    pub status: Status,
    /// Where its reasons begin in [`Answer::reasons`].
    pub reasons_from: u32,
    /// Where they end.
    pub reasons_until: u32,
}

/// What became of a line that the request marks as a gift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GiftLine {
    /// The line as given.
    pub line: u32,
    /// Whose gift it is, if such a campaign is there.
    pub promotion: Option<u32>,
    /// How many units the campaign gives.
    pub given: i64,
    /// How many cost what they cost without it.
    pub charged: i64,
    /// Where the reasons for the latter begin in [`Answer::reasons`].
    pub reasons_from: u32,
    /// Where they end.
    pub reasons_until: u32,
}

/// What a payment pays.
#[derive(Clone, Copy, Debug)]
pub struct Paid {
    /// Its place among the payments.
    pub payment: u32,
    /// What became of it.
    pub status: payment::Status,
    /// What it pays, minor units.
    pub amount: i64,
    /// The points that are spent.
    pub points: Option<i64>,
    /// What is left on it.
    pub left: Option<i64>,
    /// Where its shares of lines begin and end in [`Answer::paid_shares`].
    pub shares: (u32, u32),
    /// Where its shares of shipping begin and end in [`Answer::paid_shipping`].
    pub shipping: (u32, u32),
    /// Why it pays no more.
    pub reason: Option<Reason>,
}

/// A near miss: steps that bring more, proven by taking them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The campaign.
    pub promotion: u32,
    /// What to do, one or two steps.
    pub steps: [Option<Step>; 2],
    /// By how much the order's discount grows then.
    pub worth: i64,
    /// What the campaign itself saves of it, against the same carts without the campaign.
    pub saves: i64,
    /// By how much its points grow.
    pub points: i64,
    /// What the steps cost; nothing where goods come in whose price is not known.
    pub effort: Option<i64>,
    /// What the threshold counts, where the first step has one.
    pub measure: Option<Measure>,
    /// The threshold.
    pub required: i64,
    /// Where the cart is.
    pub actual: i64,
}

/// The numbers of a quote. Reused from quote to quote.
#[derive(Debug, Default)]
pub struct Answer {
    /// Sum of the lines at original prices.
    pub subtotal: i64,
    /// What all discounts take off, shipping included.
    pub discount: i64,
    /// Sum of the shipping charges before discounts.
    pub shipping: i64,
    /// `subtotal + shipping - discount`.
    pub total: i64,
    /// What is left to pay after other payments.
    pub due: i64,
    /// Points earned.
    pub points: i64,
    /// By line as given: original price and what discounts take off it.
    pub lines: Vec<(i64, i64)>,
    /// By shipping charge: original price and what discounts take off it.
    pub shipping_lines: Vec<(i64, i64)>,
    /// The campaigns that applied, in order.
    pub applied: Vec<Applied>,
    /// Their shares: line as given, amount.
    pub shares: Vec<(u32, i64)>,
    /// Their shares of shipping: charge, amount.
    pub shipping_shares: Vec<(u32, i64)>,
    /// The codes that did not apply, in the order typed.
    pub refused: Vec<Refused>,
    /// Reasons of the refused codes.
    pub reasons: Vec<Reason>,
    /// Gifts, campaign by campaign.
    pub gifts: Vec<GiftOffer>,
    /// The lines that are marked as gifts, in the order given.
    pub gift_lines: Vec<GiftLine>,
    /// Points by campaign.
    pub earned: Vec<(u32, i64)>,
    /// What payments pay, in the order in which they are used.
    pub payments: Vec<Paid>,
    /// Their shares: line as given, amount.
    pub paid_shares: Vec<(u32, i64)>,
    /// Their shares of shipping: charge, amount.
    pub paid_shipping: Vec<(u32, i64)>,
    /// What rounding to coins adds to what is due.
    pub cash: Option<i64>,
    /// The tax of what is left, in all.
    pub tax: i64,
    /// The same by line as given, then by charge.
    pub line_taxes: Vec<i64>,
    /// By rate in millionths: net amount and tax.
    pub tax_rates: Vec<[i64; 3]>,
    /// Whether the search for the best deal was cut short, so that another combination may save more.
    pub is_cut: bool,
    /// The customer's level.
    pub level: Option<u32>,
    /// Near misses, when asked for.
    pub hints: Vec<Hint>,
    /// Where near misses are asked for: campaigns that another one keeps from applying.
    pub excluded: Vec<(u32, u32)>,
}

impl Answer {
    pub(super) fn clear(&mut self) {
        self.lines.clear();
        self.shipping_lines.clear();
        self.applied.clear();
        self.shares.clear();
        self.shipping_shares.clear();
        self.refused.clear();
        self.reasons.clear();
        self.gifts.clear();
        self.gift_lines.clear();
        self.earned.clear();
        self.hints.clear();
        self.payments.clear();
        self.paid_shares.clear();
        self.paid_shipping.clear();
        self.cash = None;
        self.tax = 0;
        self.line_taxes.clear();
        self.tax_rates.clear();
        self.excluded.clear();
        self.is_cut = false;
        self.level = None;
    }
}
