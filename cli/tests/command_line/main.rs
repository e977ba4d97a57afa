//! The command line as people and scripts run it: the real binary, real files, exit codes and what is printed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that stumbles stops"
)]

mod check;
mod codes;
mod keygen;
mod moving;
mod publish;
mod quote;
mod roles;
mod sealed;
mod test;
mod verify;
mod worker;
mod workshop;
