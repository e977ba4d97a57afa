//! Conditions: one yes/no question to the facts each, one file each.
//!
//! A new kind is one file beside this one, one line in the register below and one corpus file. The file holds
//! the document form (with its docs), the compiled form and the kind's own reasons; the register makes the
//! enum, the dispatch and the list of kinds.

use alloc::boxed::Box;
use serde::{Deserialize, Serialize};

use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::facts::Facts;
use crate::money::Amount;
use crate::pointer::Pointer;
use crate::reason::{Reason, ReasonKind};
use crate::selector::Selector;
use crate::vocabulary::{AmountRow, VocabularyBuilder, Word};

pub(crate) use min_subtotal::CURRENCY_NOT_COVERED;

/// The document form of a condition.
pub(crate) trait Document: for<'de> Deserialize<'de> {
    /// The form that a snapshot carries.
    type Compiled;

    /// Translates the document into the snapshot's vocabulary.
    ///
    /// # Errors
    /// A diagnostic at `at` when the document makes no sense.
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Self::Compiled, Box<Diagnostic>>;
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

    /// What is missing, when more of the same would make it hold.
    fn shortfall(&self, _facts: &Facts<'_>) -> Option<Shortfall> {
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

/// How far a threshold is away: what has to be added to the selected lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// Which lines count.
    pub lines: Selector,
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

macro_rules! conditions {
    ($($file:ident :: $Kind:ident),* $(,)?) => {
        $(mod $file; pub use $file::$Kind;)*

        $crate::packed::packed! {
            /// A compiled condition. The order of kinds is part of the signed format: new ones go last.
            #[derive(Clone, Debug, PartialEq, Serialize)]
            pub enum Condition {
                $(#[doc = concat!("`", stringify!($file), "`")] $Kind($file::Compiled),)*
            }
        }

        /// The `type` of every condition.
        pub const TYPES: &[&str] = &[$(stringify!($file)),*];

        /// What the document of each kind is made of, in the order of [`TYPES`].
        #[cfg(feature = "schema")]
        pub(crate) fn schemas(generator: &mut schemars::SchemaGenerator) -> alloc::vec::Vec<schemars::Schema> {
            alloc::vec![$(<$Kind as schemars::JsonSchema>::json_schema(generator)),*]
        }

        /// Every reason that a condition can give.
        pub(crate) const REASONS: &[&[&ReasonKind]] = &[$($file::REASONS),*];

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
                        document.compile(vocabulary, at).map(Condition::$Kind)
                    })*
                    _ => Err(reading::kind_unknown(kind, "condition", TYPES, at)),
                }
            }

            fn check(&self) -> &dyn Check {
                match self { $(Condition::$Kind(check) => check,)* }
            }

            /// Whether the condition holds for the cart as it came in.
            #[inline]
            pub fn holds(&self, facts: &Facts<'_>) -> bool {
                match self { $(Condition::$Kind(check) => check.holds(facts),)* }
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
}

impl Condition {
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

    /// What is missing, when more of the same would make the condition hold.
    pub fn shortfall(&self, facts: &Facts<'_>) -> Option<Shortfall> {
        self.check().shortfall(facts)
    }
}
