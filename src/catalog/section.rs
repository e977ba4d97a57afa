//! The `campaigns` section of a snapshot: what compiling writes and opening reads. Its shape is the signed
//! format: members are only ever added at the end, under a new format number.

use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;

use crate::condition::Condition;
use crate::discount::Discount;
use crate::earning::Earning;
use crate::money::{Rate, Rounding, RoundingLevel};
use crate::packed::packed;
use crate::payment::Method;
use crate::time::Interval;
use crate::vocabulary::Vocabulary;

/// The format number of the section.
pub const FORMAT: u16 = 1;

packed! {
    /// The whole section.
    #[derive(Debug, Serialize)]
    pub struct Section {
        /// [`FORMAT`].
        pub format: u16,
        /// What the rules name.
        pub vocabulary: Vocabulary,
        /// How campaigns combine.
        pub stacking: Stacking,
        /// Shared codes, normalised and sorted, each with the index of its record.
        pub codes: Vec<(String, u32)>,
        /// One [`Record`] per campaign in order of application, each encoded by itself, so that a record of a later
        /// format sets one campaign aside and not all.
        pub records: Vec<Vec<u8>>,
        /// Which records a cart can match.
        pub index: Index,
        /// How many times its cost a unit is sold for at least.
        pub margin: Option<Rate>,
        /// What payments may be used for, by rising id.
        pub payments: Vec<Method>,
    }
}

packed! {
    /// How campaigns combine.
    #[derive(Debug, Default, Serialize)]
    pub struct Stacking {
        /// Whether the combination applies that saves most, of all campaigns.
        pub best: bool,
        /// Whether every discount is measured on original prices.
        pub on_original: bool,
        /// The groups.
        pub groups: Vec<Group>,
    }

    /// A stacking group.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub struct Group {
        /// How many of its campaigns may apply; `None` is all.
        pub limit: Option<u16>,
        /// Whether those of them apply that save most.
        pub best: bool,
    }

    /// What hints may tell of a campaign.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub enum Hinted {
        /// Nothing.
        None,
        /// How to reach it, to those whom it is for.
        Open,
        /// Its first code, its country and its segment too, to anyone.
        All,
    }

    /// On what the discounts of a campaign stand: what decides how much is left after them.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub enum Footing {
        /// Shipping charges, each by itself.
        Shipping,
        /// Lines, each by what is left of it alone.
        Line,
        /// The order, by what is left of it in all.
        Order,
        /// More than that.
        Other,
    }
}

packed! {
    /// The index over automatic promotions: each is filed under words of which one must occur, or by the subtotal
    /// it needs.
    #[derive(Debug, Default, Serialize)]
    pub struct Index {
        /// By word: where its records begin in `filed`; one more entry than there are words, word 0 included.
        pub starts: Vec<u32>,
        /// Records, word after word.
        pub filed: Vec<u32>,
        /// For each currency and once more for any other: the records that are not filed under a word, by rising
        /// subtotal needed.
        pub by_subtotal: Vec<Vec<(i64, u32)>>,
    }
}

packed! {
    /// One campaign.
    #[derive(Clone, Debug, Serialize)]
    pub struct Record {
        /// Its id.
        pub id: String,
        /// Whether it runs at all.
        pub active: bool,
        /// From its first to its last moment.
        pub stretch: Interval,
        /// Inside the stretch, when it recurs; sorted, disjoint.
        pub intervals: Vec<Interval>,
        /// Its stacking group.
        pub group: Option<u16>,
        /// Whether it applies only alone.
        pub exclusive: bool,
        /// Its conditions in document order.
        pub conditions: Vec<Condition>,
        /// The rule over them, in postfix order; empty when there is none.
        pub rule: Vec<Node>,
        /// What it takes off.
        pub discounts: Vec<Discount>,
        /// What it earns.
        pub earning: Vec<Earning>,
        /// Whether redemptions are limited in all, and per customer.
        pub limited: (bool, bool),
        /// In which lane it is applied.
        pub lane: i64,
        /// On what its discounts stand.
        pub footing: Footing,
        /// What hints may tell of it.
        pub hinted: Hinted,
        /// What becomes of fractions.
        pub rounding: Rounding,
        /// Where percentages are rounded, when it says.
        pub level: Option<RoundingLevel>,
        /// Whether it is evaluated again for what is kept when units are returned.
        pub reevaluates: bool,
    }
}

packed! {
    /// One step of a rule in postfix order.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub enum Node {
        /// The verdict of a condition.
        Condition(u16),
        /// All of the last so many verdicts.
        All(u16),
        /// Any of the last so many verdicts.
        Any(u16),
        /// The opposite of the last verdict.
        Not,
        /// The last verdict, of what stands in the document by its name.
        Named,
    }
}
