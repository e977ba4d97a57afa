//! Conditions: one yes/no question to the facts each, one file each.
//!
//! A kind is what documents say; all are forms of the few compiled conditions, which bring their reasons, their index and
//! their shortfall. A new kind is one file beside this one, one line in the register below and one corpus file.

use alloc::boxed::Box;
use serde::{Deserialize, Serialize};

use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::facts::Facts;
use crate::money::Amount;
use crate::packed::packed;
use crate::pointer::Pointer;
use crate::reason::{Reason, ReasonKind};
use crate::selector::Selector;
use crate::vocabulary::{AmountRow, VocabularyBuilder, Word};

mod attribute;
mod bounds;
mod lines;
mod moment;
mod number;
mod texts;
mod want;
mod words;

pub use lines::Quantified;
pub use moment::{Ago, Clocks, Yearly};
pub use number::Compared;
pub(crate) use number::CURRENCY_NOT_COVERED;
pub use want::{Given, Measure, Shortfall, Want};
pub use words::Named;

/// The document form of a condition. Several are forms of the same compiled one.
pub(crate) trait Document: for<'de> Deserialize<'de> {
    /// Translates the document into the snapshot's vocabulary.
    ///
    /// # Errors
    /// A diagnostic at `at` when the document makes no sense.
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>>;
}

packed! {
    /// A compiled condition. The order of variants is part of the signed format: new ones go last.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub enum Condition {
        /// How much or how many.
        Number(Compared),
        /// What the customer or the situation is.
        Words(Named),
        /// How long ago.
        Moment(Ago),
        /// On which days of the year.
        Yearly(Yearly),
        /// Which lines are there.
        Lines(Quantified),
        /// What time it is for the shopper.
        Clocks(Clocks),
    }
}

/// The compiled form of a condition. Missing facts make it false.
pub(crate) trait Check {
    /// Whether it holds for the cart as it came in.
    fn holds(&self, facts: &Facts<'_>) -> bool;

    /// Why it does not hold; asked only then.
    fn refusal(&self, facts: &Facts<'_>) -> Reason;

    /// Whether it asks what earlier campaigns have left, so that it is asked again when its campaign's turn comes.
    fn waits_for_turn(&self) -> bool {
        false
    }

    /// Why it does not hold at its campaign's turn; asked only of those that wait for it.
    fn refusal_at(&self, _facts: &Facts<'_>, _turn: &Turn<'_>) -> Option<Reason> {
        None
    }

    /// Words of which at least one must occur for the condition to hold: the catalogue files the promotion
    /// under them. `None` when it may hold without any.
    fn index(&self) -> Option<Indexed<'_>> {
        None
    }

    /// The smallest subtotal of the whole cart with which the condition can hold.
    fn least_subtotal(&self) -> Option<AmountRow> {
        None
    }

    /// What would make it hold, when that is something that a shopper can do; asked only when it does not.
    fn want<'a>(&'a self, _facts: &Facts<'_>) -> Option<Want<'a>> {
        None
    }

    /// How far its threshold is away at its campaign's turn; asked only of those that wait for it and do not hold.
    fn shortfall_at(&self, _facts: &Facts<'_>, _turn: &Turn<'_>) -> Option<Shortfall> {
        None
    }
}

/// What is left of the lines when a campaign's turn comes, line by line, minor units.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'a> {
    /// By all campaigns before it.
    pub running: &'a [i64],
    /// By those of earlier lanes.
    pub after_lanes: &'a [i64],
}

impl Turn<'_> {
    /// What is left of the selected lines.
    fn sum(&self, facts: &Facts<'_>, lines: Selector, left: &[i64]) -> Amount {
        let mut sum = 0_i64;
        facts.each_line(lines, |line, _| sum = sum.saturating_add(left.get(line).copied().unwrap_or(0)));
        Amount::new(sum)
    }
}

/// Under which words a promotion is filed.
pub(crate) enum Indexed<'a> {
    /// Any of these words.
    Words(&'a [Word]),
    /// A selected line must be there.
    Lines(Selector),
}

macro_rules! conditions {
    ($($file:ident :: $Kind:ident),* $(,)?) => {
        $(mod $file; pub use $file::$Kind;)*

        /// The `type` of every condition.
        pub const TYPES: &[&str] = &[$(stringify!($file)),*];

        /// What the document of each kind is made of, in the order of [`TYPES`].
        #[cfg(feature = "schema")]
        pub(crate) fn schemas(generator: &mut schemars::SchemaGenerator) -> alloc::vec::Vec<schemars::Schema> {
            alloc::vec![$(<$Kind as schemars::JsonSchema>::json_schema(generator)),*]
        }

        impl Condition {
            /// Reads a condition of a campaign document and translates it.
            pub(crate) fn compile(
                document: &serde_json::Value,
                vocabulary: &mut VocabularyBuilder,
                at: &Pointer,
            ) -> Result<Condition, Box<Diagnostic>> {
                let (kind, members) = reading::kind(document, "condition", TYPES, at)?;
                match kind {
                    $(stringify!($file) => {
                        let document: $Kind = reading::members(members, at)?;
                        document.compile(vocabulary, at)
                    })*
                    _ => Err(reading::kind_unknown(kind, "condition", TYPES, at)),
                }
            }
        }
    };
}

conditions! {
    min_subtotal::MinSubtotal,
    min_quantity::MinQuantity,
    contains::Contains,
    segment::Segment,
    customer_attribute::CustomerAttribute,
    order_count::OrderCount,
    last_order::LastOrder,
    country::Country,
    channel::Channel,
    birthday::Birthday,
    anniversary::Anniversary,
    subtotal::Subtotal,
    quantity::Quantity,
    line_count::LineCount,
    attribute_sum::AttributeSum,
    lines_are::LinesAre,
    shipping_price::ShippingPrice,
    shipping_method::ShippingMethod,
    needs_shipping::NeedsShipping,
    account::Account,
    email::Email,
    signed_up::SignedUp,
    total_spent::TotalSpent,
    bought::Bought,
    last_bought::LastBought,
    region::Region,
    postcode::Postcode,
    device::Device,
    payment_method::PaymentMethod,
    cart_age::CartAge,
    clock::Clock,
    redemptions::Redemptions,
    order_attribute::OrderAttribute,
    variant::Variant,
    undiscounted::Undiscounted,
}

/// Every reason that a condition can give.
pub(crate) const REASONS: &[&[&ReasonKind]] = &[number::REASONS, words::REASONS, moment::REASONS, lines::REASONS];

impl Condition {
    fn check(&self) -> &dyn Check {
        match self {
            Condition::Number(check) => check,
            Condition::Words(check) => check,
            Condition::Moment(check) => check,
            Condition::Yearly(check) => check,
            Condition::Lines(check) => check,
            Condition::Clocks(check) => check,
        }
    }

    /// Whether the condition holds for the cart as it came in.
    #[inline]
    pub fn holds(&self, facts: &Facts<'_>) -> bool {
        match self {
            Condition::Number(number) => number.holds(facts),
            Condition::Words(words) => words.holds(facts),
            other => other.check().holds(facts),
        }
    }

    /// Why it does not hold; asked only then.
    pub fn refusal(&self, facts: &Facts<'_>) -> Reason {
        self.check().refusal(facts)
    }

    /// Whether it is asked again when its campaign's turn comes.
    pub fn waits_for_turn(&self) -> bool {
        self.check().waits_for_turn()
    }

    /// Why it does not hold at its campaign's turn.
    pub fn refusal_at(&self, facts: &Facts<'_>, turn: &Turn<'_>) -> Option<Reason> {
        let check = self.check();
        match check.waits_for_turn() {
            true => check.refusal_at(facts, turn),
            false => (!check.holds(facts)).then(|| check.refusal(facts)),
        }
    }

    /// Under which words a promotion with this condition can be filed.
    pub(crate) fn index(&self) -> Option<Indexed<'_>> {
        self.check().index()
    }

    /// The smallest subtotal of the whole cart with which the condition can hold.
    pub(crate) fn least_subtotal(&self) -> Option<AmountRow> {
        self.check().least_subtotal()
    }

    /// What would make it hold, when that is something that a shopper can do; asked only when it does not.
    pub fn want<'a>(&'a self, facts: &Facts<'_>) -> Option<Want<'a>> {
        self.check().want(facts)
    }

    /// How far its threshold is away, when it is asked again at its campaign's turn and does not hold then.
    pub fn shortfall_at(&self, facts: &Facts<'_>, turn: &Turn<'_>) -> Option<Shortfall> {
        let misses = self.waits_for_turn() && self.refusal_at(facts, turn).is_some();
        misses.then(|| self.check().shortfall_at(facts, turn)).flatten()
    }
}
