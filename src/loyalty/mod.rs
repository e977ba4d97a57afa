//! Loyalty as documents say it: programmes of points, punches or credit, what earns them, levels, rewards, invitations.
//! The compiler translates it for the snapshot; from there come the ledger's programme, which decides, and
//! [`member`](crate::member), which previews and tells the ledger what somebody has earned.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

mod document;
mod gives;
mod terms;
mod worth;

pub use document::{Boost, ByLevel, Conversion, Every, Loyalty, Of, On, Programme, Referrals, Rule, Step, NOTHING_BUT};
pub use gives::{Automatic, Gives, Reward, Variants};
pub use terms::{account_of, of_segment, segment_in, stock_of, CONVERSION};
pub use worth::{Base, Grade, Order, OrderFormula, PerEvery, Worth};

use crate::money::Rate;
use crate::packed::packed;

#[cfg(doctest)]
#[doc = include_str!("../../docs/loyalty.md")]
struct Page;

packed! {
    /// The loyalty part of a snapshot's campaigns.
    #[derive(Debug, Serialize)]
    pub struct Section {
        /// The [`Loyalty`] document as JSON, without what is compiled.
        pub terms: Vec<u8>,
        /// The conditions and schedules of its rules, and those of segments, compiled as campaigns are: a `campaigns`
        /// section of its own, so that they take no part in a quote.
        pub rules: Vec<u8>,
        /// What the rules give.
        pub earners: Vec<Earner>,
    }

    /// What a rule gives, compiled.
    #[derive(Debug, Serialize)]
    pub struct Earner {
        /// Its programme and its id, as [`Rule::key`] joins them.
        pub key: String,
        /// How much.
        pub worth: Worth,
        /// The factors of its boosts, in their order.
        pub boosts: Vec<Rate>,
        /// What members of a level get instead.
        pub by_level: Vec<(String, Grade)>,
    }
}
