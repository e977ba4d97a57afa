//! Discounts: what is given, one file each.
//!
//! A discount *offers* shares of lines from the running balances; the engine allocates and takes them. It never
//! looks at other campaigns and never writes a balance. A new kind is one file, one line in the register below
//! and one corpus file.

use alloc::boxed::Box;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::balance::{Balances, Bearing, Pick};
use crate::campaign::reading;
use crate::condition::Shortfall;
use crate::error::Diagnostic;
use crate::facts::Facts;
use crate::money::{Amount, Rate, Rounding, RoundingLevel};
use crate::packed::packed;
use crate::pointer::Pointer;
use crate::selector::Selector;
use crate::vocabulary::VocabularyBuilder;

mod groups;
mod ladder;
mod units;

/// The document form of a discount.
pub(crate) trait Document: for<'de> Deserialize<'de> {
    /// The form that a snapshot carries.
    type Compiled;

    /// Translates the document into the snapshot's vocabulary.
    ///
    /// # Errors
    /// A diagnostic at `at` when the document makes no sense.
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Self::Compiled, Box<Diagnostic>>;
}

/// The compiled form of a discount.
pub(crate) trait Price {
    /// Offers what the discount would take from the balances as they are.
    fn offer(&self, pricing: &Pricing<'_>, offer: &mut Offer);

    /// Whether the amounts it needs are given in the cart's currency.
    fn covers(&self, _facts: &Facts<'_>) -> bool {
        true
    }

    /// The next threshold of the discount itself: a further step of a ladder, a further free unit.
    fn next_step(&self, _facts: &Facts<'_>) -> Option<Shortfall> {
        None
    }
}

/// What a discount may look at.
#[derive(Clone, Copy)]
pub struct Pricing<'a> {
    /// The cart as it came in.
    pub facts: Facts<'a>,
    /// What is left of its lines.
    pub balances: &'a Balances,
    /// What is left of its shipping charges, minor units.
    pub shipping: &'a [i64],
    /// The campaign's rounding.
    pub rounding: Rounding,
    /// The campaign's rounding level, when it names one.
    pub level: Option<RoundingLevel>,
}

/// A share of one line that a discount offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfferedShare {
    /// Index of the line.
    pub line: usize,
    /// Minor units; a weight when the offer spreads one amount.
    pub amount: Amount,
    /// From which units.
    pub units: Pick,
    /// How they bear it.
    pub bearing: Bearing,
}

/// What a discount offers: shares as they are, or one amount to be spread over them as weights.
#[derive(Debug, Default)]
pub struct Offer {
    /// Shares of lines.
    pub shares: Vec<OfferedShare>,
    /// The amount to spread; without it each share is taken as it is.
    pub spread: Option<Amount>,
    /// Shares of shipping charges: index and minor units.
    pub shipping: Vec<(usize, Amount)>,
}

impl Offer {
    /// Empties the offer for the next discount and keeps what it has allocated.
    pub fn clear(&mut self) {
        self.shares.clear();
        self.spread = None;
        self.shipping.clear();
    }

    fn share(&mut self, line: usize, amount: Amount, units: Pick) {
        self.share_by_unit(line, amount, units, Bearing::InProportion);
    }

    fn share_by_unit(&mut self, line: usize, amount: Amount, units: Pick, bearing: Bearing) {
        if amount.is_positive() {
            self.shares.push(OfferedShare { line, amount, units, bearing });
        }
    }

    /// The sum of the shares.
    pub fn total(&self) -> Amount {
        self.shares.iter().map(|share| share.amount).sum()
    }
}

packed! {
    /// What a share is measured on.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Base {
        /// What earlier discounts have left; the default.
        #[default]
        Running,
        /// The original price, as far as it is still there.
        Original,
    }
}

impl Pricing<'_> {
    /// Offers a rate of the selected lines, rounded on each line or once on their sum, with an optional cap.
    pub(crate) fn offer_rate(&self, rate: Rate, lines: Selector, base: Base, cap: Option<Amount>, offer: &mut Offer) {
        let by_default = if lines == Selector::All { RoundingLevel::Order } else { RoundingLevel::Line };
        let on = |index: usize, line: &crate::cart::Line| match base {
            Base::Running => self.balances.left(index),
            Base::Original => Amount::new(line.subtotal()),
        };
        match self.level.unwrap_or(by_default) {
            RoundingLevel::Line => {
                self.facts.each_line(lines, |index, line| {
                    let share = rate.of(on(index, line), self.rounding).at_most(self.balances.left(index));
                    offer.share(index, share, Pick::Every);
                });
                offer.spread = cap.filter(|cap| offer.total() > *cap);
            }
            RoundingLevel::Order => {
                let mut sum = Amount::ZERO;
                self.facts.each_line(lines, |index, line| {
                    sum += on(index, line);
                    offer.share(index, self.balances.left(index), Pick::Every);
                });
                let total = rate.of(sum, self.rounding);
                offer.spread = Some(cap.map_or(total, |cap| total.at_most(cap)));
            }
        }
    }

    /// Offers one amount spread over what is left of the selected lines.
    pub(crate) fn offer_amount(&self, amount: Amount, lines: Selector, offer: &mut Offer) {
        self.facts.each_line(lines, |index, _| offer.share(index, self.balances.left(index), Pick::Every));
        offer.spread = Some(amount);
    }
}

macro_rules! discounts {
    ($($file:ident :: $Kind:ident),* $(,)?) => {
        $(mod $file; pub use $file::$Kind;)*

        $crate::packed::packed! {
            /// A compiled discount. The order of kinds is part of the signed format: new ones go last.
            #[derive(Clone, Debug, PartialEq, Serialize)]
            pub enum Discount {
                $(#[doc = concat!("`", stringify!($file), "`")] $Kind($file::Compiled),)*
            }
        }

        /// The `type` of every discount.
        pub const TYPES: &[&str] = &[$(stringify!($file)),*];

        impl Discount {
            /// Reads a discount of a campaign document and translates it.
            pub(crate) fn compile(
                document: &serde_json::Value,
                vocabulary: &mut VocabularyBuilder,
                at: &Pointer,
            ) -> Result<Discount, Box<Diagnostic>> {
                let (kind, members) = reading::kind(document, "discount", TYPES, at)?;
                match kind {
                    $(stringify!($file) => {
                        let document: $Kind = reading::members(members, at)?;
                        document.compile(vocabulary, at).map(Discount::$Kind)
                    })*
                    _ => Err(reading::kind_unknown(kind, "discount", TYPES, at)),
                }
            }

            /// Offers what the discount would take from the balances as they are.
            #[inline]
            pub fn offer(&self, pricing: &Pricing<'_>, offer: &mut Offer) {
                match self { $(Discount::$Kind(discount) => discount.offer(pricing, offer),)* }
            }

            /// Whether the amounts it needs are given in the cart's currency.
            pub fn covers(&self, facts: &Facts<'_>) -> bool {
                match self { $(Discount::$Kind(discount) => discount.covers(facts),)* }
            }

            /// The next threshold of the discount itself.
            pub fn next_step(&self, facts: &Facts<'_>) -> Option<Shortfall> {
                match self { $(Discount::$Kind(discount) => discount.next_step(facts),)* }
            }
        }
    };
}

discounts! {
    percent_off::PercentOff,
    amount_off::AmountOff,
    fixed_unit_price::FixedUnitPrice,
    buy_x_get_y::BuyXGetY,
    quantity_ladder::QuantityLadder,
    spend_ladder::SpendLadder,
    set_price::SetPrice,
    free_shipping::FreeShipping,
}
