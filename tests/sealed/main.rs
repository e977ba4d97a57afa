//! Sealed campaigns, from documents to a quote: what everyone downloads does not tell them, a code opens its own, and with their
//! codes they answer as if they had never been sealed.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::float_arithmetic,
    clippy::panic,
    reason = "a test that stumbles stops"
)]

#[cfg(test)]
mod boxes;
#[cfg(test)]
mod campaigns;
#[cfg(test)]
#[path = "../support/case.rs"]
#[allow(dead_code, reason = "the runner of the corpus reads the rest")]
mod case;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod guesses;
#[cfg(test)]
mod shop;
