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
use crate::vocabulary::{AmountRow, Vocabulary};

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
        /// What campaigns may cost.
        pub budgets: Vec<Budget>,
        /// What customers become by spending.
        pub levels: Levels,
        /// What members earn, keep and spend: [`loyalty::Section`](crate::loyalty::Section), of which quotes know nothing.
        pub loyalty: Vec<u8>,
    }
}

packed! {
    /// How campaigns combine.
    #[derive(Debug, Default, Serialize)]
    pub struct Stacking {
        /// Whether the combination applies that saves most, of all campaigns.
        pub best: bool,
        /// Whether no code applies unless all do.
        pub all_codes: bool,
        /// Sets of campaigns of which only so many apply.
        pub groups: Vec<Group>,
    }

    /// A set of campaigns of which only so many apply.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub struct Group {
        /// How many of its campaigns may apply.
        pub limit: u16,
        /// Whether those of them apply that save most.
        pub best: bool,
        /// Whether it is no group of its own: all campaigns, those by code, or the exclusive ones.
        pub of_all: bool,
    }

    /// In which manner a campaign combines.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub struct Manners {
        /// With whom.
        pub combines: Combines,
        /// Whether none applies after it.
        pub last: bool,
        /// What its discounts are measured on.
        pub base: Base,
        /// Whether it applies even when it takes nothing.
        pub keeps: bool,
        /// Whether its discounts on lines leave out the lines that have one of another campaign.
        pub once: bool,
        /// The group whose campaigns compete for lines, from 1 on; 0 for none.
        pub contest: u16,
    }

    /// What discounts are measured on.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub enum Base {
        /// What earlier campaigns have left.
        Running,
        /// Original prices.
        Original,
        /// On lines, what discounts on lines have left; else what all have.
        LineLevel,
    }

    /// With whom a campaign combines.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub enum Combines {
        /// With common and joint ones.
        Common,
        /// With joint ones.
        Alone,
        /// With exclusive and joint ones.
        Exclusive,
        /// With all.
        Joint,
        /// With exclusive and joint ones; where it qualifies the common ones do not apply, whoever's turn is first.
        Foreseen,
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
        /// More than that, and on what earlier campaigns took of which lines.
        Taken,
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
        /// The sets that it is in of which only so many apply.
        pub groups: Vec<u16>,
        /// In which manner it combines.
        pub manners: Manners,
        /// Its conditions in document order.
        pub conditions: Vec<Condition>,
        /// The rule over them, in postfix order; empty when there is none.
        pub rule: Vec<Node>,
        /// What it takes off.
        pub discounts: Vec<Discount>,
        /// What it earns.
        pub earning: Vec<Earning>,
        /// How often it may be used and what it may cost.
        pub limits: Vec<Limit>,
        /// The lane in which it is applied, by number; campaigns come lane by lane.
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
        /// How many times its cost a unit is left at least by its discounts.
        pub margin: Option<Rate>,
    }
}

packed! {
    /// A limit of a campaign.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub struct Limit {
        /// What is limited.
        pub what: Limited,
        /// The most redemptions; of a budget its number.
        pub most: i64,
    }

    /// What is limited.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub enum Limited {
        /// Redemptions in all.
        Total,
        /// Redemptions by one customer.
        Customer,
        /// Redemptions in a period.
        Period,
        /// Redemptions by one customer in a period.
        CustomerInPeriod,
        /// What it takes is drawn from a budget, as far as that has it.
        Budget,
        /// What it takes is drawn from a budget, which must have the whole.
        WholeBudget,
        /// What it takes is drawn from a budget, which must have anything.
        OpenBudget,
        /// Units that its discounts are taken off.
        Units,
        /// The same of one customer.
        CustomerUnits,
        /// Codes of it in one order.
        Codes,
    }

    /// What one or several campaigns may cost.
    #[derive(Clone, Debug, Serialize)]
    pub struct Budget {
        /// Its name; empty for one of a single campaign.
        pub id: String,
        /// The amount.
        pub amount: AmountRow,
    }

    /// What customers become by spending.
    #[derive(Clone, Debug, Default, Serialize)]
    pub struct Levels {
        /// Whether this order counts.
        pub with_this_order: bool,
        /// The levels, by id.
        pub steps: Vec<Level>,
    }

    /// A level.
    #[derive(Clone, Debug, Serialize)]
    pub struct Level {
        /// Its name.
        pub id: String,
        /// From which spend on.
        pub from: AmountRow,
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
