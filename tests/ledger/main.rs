//! The ledger: the corpus of histories, random histories beside an obvious model, and all interleavings of a few
//! commands. `docs/corpus.md` describes the histories; `PROPERTY_CASES` says how many random ones there are.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "a test that stumbles stops"
)]

mod book;
#[path = "../support/compare.rs"]
mod compare;
mod export;
mod facts;
mod histories;
mod interleavings;
mod laws;
mod level_hints;
mod members;
mod model;
mod orders;
#[path = "../support/output.rs"]
mod output;
mod pages;
mod random;
mod random_forgetting;
mod random_members;
mod random_points;
mod random_returns;
mod reach;
mod refusals;
mod retold;
mod voucherify_facts;

#[path = "../support/shop.rs"]
#[allow(dead_code, reason = "the ledger asks for no traces and refunds")]
mod shop;
