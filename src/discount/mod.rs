//! Discounts: what is given, one file each.
//!
//! A discount *offers* shares of lines from the running balances; the engine allocates and takes them. It never
//! looks at other campaigns and never writes a balance. A kind is what documents say; most are forms of the few
//! compiled discounts. A new kind is one file, one line in the register below and one corpus file.

use alloc::boxed::Box;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::balance::{Balances, Manner};
use crate::campaign::reading;
use crate::condition::Want;
use crate::error::Diagnostic;
use crate::facts::Facts;
use crate::money::{Amount, Rate, Rounding, RoundingLevel};
use crate::packed::packed;
use crate::pointer::Pointer;
use crate::reason::ReasonKind;
use crate::vocabulary::VocabularyBuilder;
use crate::watch::Watching;

mod bundles;
mod caps;
mod formula;
pub mod gifts;
mod groups;
mod ladder;
mod lines;
mod sets;
mod shipping;
mod terms;
mod units;
mod worth;

pub use bundles::Bundles;
#[cfg(all(feature = "schema", feature = "workshop"))]
pub(crate) use formula::Expression;
#[cfg(feature = "workshop")]
pub use formula::Formula;
#[cfg(feature = "workshop")]
pub(crate) use formula::Measured;
pub(crate) use formula::REASONS;
pub use gifts::Gifts;
pub use lines::OffLines;
pub use sets::Sets;
pub use shipping::OffShipping;

use gifts::GiftOffer;

/// The document form of a discount: what a campaign says. Several are forms of the same compiled one, and one may be
/// several that are taken one after the other.
pub(crate) trait Document: for<'de> Deserialize<'de> {
    /// Translates the document into the snapshot's vocabulary.
    ///
    /// # Errors
    /// A diagnostic at `at` when the document makes no sense.
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Vec<Discount>, Box<Diagnostic>>;
}

packed! {
    /// A compiled discount. The order of variants is part of the signed format: new ones go last.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub enum Discount {
        /// Off lines.
        Lines(OffLines),
        /// Sets at one price.
        Sets(Sets),
        /// Off shipping charges.
        Shipping(OffShipping),
        /// Off units of mixed sets.
        Bundles(Bundles),
        /// Units that are given.
        Gifts(Gifts),
    }
}

impl Discount {
    /// Offers what the discount would take from the balances as they are.
    #[inline]
    pub fn offer(&self, pricing: &Pricing<'_>, offer: &mut Offer) {
        match self {
            Discount::Lines(off) => off.offer(pricing, offer),
            Discount::Sets(sets) => sets.offer(pricing, offer),
            Discount::Shipping(off) => off.offer(pricing, offer),
            Discount::Bundles(bundles) => bundles.offer(pricing, offer),
            Discount::Gifts(gifts) => gifts.offer(pricing, offer),
        }
    }

    /// Whether the amounts it needs are given in the cart's currency.
    pub fn covers(&self, facts: &Facts<'_>) -> bool {
        match self {
            Discount::Lines(off) => off.covers(facts),
            Discount::Sets(sets) => sets.covers(facts),
            Discount::Shipping(off) => off.covers(facts),
            Discount::Bundles(bundles) => bundles.covers(facts),
            Discount::Gifts(gifts) => gifts.covers(facts),
        }
    }

    /// Whether it is on certain lines, or on certain units, and not on the whole order or its shipping.
    pub fn is_of_lines(&self) -> bool {
        match self {
            Discount::Lines(off) => off.is_of_lines(),
            Discount::Sets(_) | Discount::Bundles(_) | Discount::Gifts(_) => true,
            Discount::Shipping(_) => false,
        }
    }

    /// Whether it is known which units it is taken off.
    pub(crate) fn counts_units(&self) -> bool {
        match self {
            Discount::Lines(off) => off.counts_units(),
            _ => false,
        }
    }

    /// What would make the discount itself give more: a further step of a ladder, a further free unit.
    pub fn wants<'a>(&'a self, facts: &Facts<'_>) -> Vec<Want<'a>> {
        let more = match self {
            Discount::Lines(off) => off.wants(facts),
            Discount::Sets(sets) => sets.next_step(facts).into_iter().collect(),
            Discount::Shipping(off) => return off.want(facts).into_iter().collect(),
            Discount::Bundles(bundles) => bundles.wants(facts),
            Discount::Gifts(gifts) => gifts.wants(facts),
        };
        more.into_iter().map(Want::More).collect()
    }
}

/// What a discount may look at.
#[derive(Clone, Copy)]
pub struct Pricing<'a> {
    /// The cart as it came in.
    pub facts: Facts<'a>,
    /// What is left of its lines.
    pub balances: &'a Balances,
    /// Whose units are used up: what was really taken, whatever it is measured on.
    pub taken: &'a Balances,
    /// What is left of its shipping charges, minor units.
    pub shipping: &'a [i64],
    /// Whose discount it is.
    pub promotion: u32,
    /// How many units the campaign's limits leave it.
    pub units: i64,
    /// How many times its cost it leaves of a unit at least.
    pub margin: Option<Rate>,
    /// The campaign's rounding.
    pub rounding: Rounding,
    /// The campaign's rounding level, when it names one.
    pub level: Option<RoundingLevel>,
    /// Who writes down what is rounded and cut.
    pub watch: Watching<'a>,
}

/// What a discount offers: shares as they are, or one amount to be spread over them as weights.
#[derive(Debug, Default)]
pub struct Offer {
    /// Shares of lines: index of the line, and the manner as [`Share`](crate::balance::Share) has it.
    pub shares: Vec<(u32, u32)>,
    /// How much each is, minor units; a weight when the offer spreads one amount.
    pub amounts: Vec<i64>,
    /// The manners that shares refer to.
    pub manners: Vec<Manner>,
    /// The amount to spread over lines and shipping; without it each share is taken as it is.
    pub spread: Option<Amount>,
    /// The most that each share may become when the amount is spread; none when the weights are what is left.
    pub limits: Vec<i64>,
    /// How many units it is taken off, where they are limited.
    pub units: i64,
    /// Units that the discount uses up: index of the line, and how many.
    pub used: Vec<(usize, i64)>,
    /// Shares of shipping charges: index and minor units.
    pub shipping: Vec<(usize, Amount)>,
    /// Units that are given: those in the cart, and those that could be there.
    pub gifts: Vec<GiftOffer>,
    /// Which gift of its campaign it is.
    pub choice: u32,
    /// What the proposed ones are worth.
    pub promise: i64,
    /// Why a formula has no number, if one has none.
    pub fault: Option<&'static ReasonKind>,
}

impl Offer {
    /// Empties the offer for the next discount and keeps what it has allocated.
    pub fn clear(&mut self) {
        self.shares.clear();
        self.amounts.clear();
        self.manners.clear();
        self.spread = None;
        self.limits.clear();
        self.used.clear();
        self.units = 0;
        self.shipping.clear();
        self.gifts.clear();
        self.promise = 0;
        self.fault = None;
    }

    /// A share of all units of a line alike.
    #[inline]
    fn share(&mut self, line: usize, amount: Amount) {
        self.add(line, amount, 0);
    }

    /// A share of some units of a line, or one that they do not bear in proportion.
    fn share_in(&mut self, manner: Manner, line: usize, amount: Amount) {
        self.manners.push(manner);
        let place = u32::try_from(self.manners.len()).unwrap_or(0);
        self.add(line, amount, place);
    }

    #[inline]
    fn add(&mut self, line: usize, amount: Amount, manner: u32) {
        if amount.is_positive() {
            self.shares.push((u32::try_from(line).unwrap_or(u32::MAX), manner));
            self.amounts.push(amount.minor());
        }
    }

    /// The manner of a share by its place.
    pub fn manner(&self, place: u32) -> Manner {
        (place as usize).checked_sub(1).and_then(|at| self.manners.get(at)).copied().unwrap_or(Manner::PLAIN)
    }

    /// The sum of the shares.
    pub fn total(&self) -> Amount {
        let lines: Amount = self.amounts.iter().map(|amount| Amount::new(*amount)).sum();
        lines + self.of_shipping()
    }

    /// The sum of the shares of shipping.
    pub fn of_shipping(&self) -> Amount {
        self.shipping.iter().map(|(_, share)| *share).sum()
    }
}

macro_rules! discounts {
    ($($file:ident :: $Kind:ident),* $(,)?) => {
        $(mod $file; pub use $file::$Kind;)*

        /// The `type` of every discount.
        pub const TYPES: &[&str] = &[$(stringify!($file)),*];

        /// What the document of each kind is made of, in the order of [`TYPES`].
        #[cfg(feature = "schema")]
        pub(crate) fn schemas(generator: &mut schemars::SchemaGenerator) -> alloc::vec::Vec<schemars::Schema> {
            alloc::vec![$(<$Kind as schemars::JsonSchema>::json_schema(generator)),*]
        }

        impl Discount {
            /// Reads a discount of a campaign document and translates it.
            pub(crate) fn compile(
                document: &serde_json::Value,
                vocabulary: &mut VocabularyBuilder,
                at: &Pointer,
            ) -> Result<Vec<Discount>, Box<Diagnostic>> {
                let (kind, members) = reading::kind(document, "discount", TYPES, at)?;
                match kind {
                    $(stringify!($file) => {
                        let document: $Kind = reading::members(members, at)?;
                        document.compile(vocabulary, at)
                    })*
                    _ => Err(reading::kind_unknown(kind, "discount", TYPES, at)),
                }
            }
        }
    };
}

discounts! {
    percent_off::PercentOff,
    amount_off::AmountOff,
    fixed_unit_price::FixedUnitPrice,
    fixed_price::FixedPrice,
    first_and_additional::FirstAndAdditional,
    buy_x_get_y::BuyXGetY,
    nth_unit::NthUnit,
    quantity_ladder::QuantityLadder,
    spend_ladder::SpendLadder,
    set_price::SetPrice,
    free_shipping::FreeShipping,
    bundle::Bundle,
    gift::Gift,
    upgrade::Upgrade,
    off_shipping::ShippingReduction,
    formula_off::FormulaOff,
}
