//! Promotion and loyalty rules, compiled and signed once, evaluated wherever the cart is.

#![no_std]

extern crate alloc;
#[cfg(any(test, feature = "workshop"))]
extern crate std;

pub mod allocate;
pub mod balance;
pub mod campaign;
pub mod cart;
pub mod catalog;
pub mod code;
pub mod codes;
pub mod compile;
pub mod condition;
pub mod digits;
pub mod discount;
pub mod earning;
pub mod engine;
pub mod error;
pub mod experiment;
pub mod facts;
mod host;
pub mod json;
#[cfg(feature = "workshop")]
pub mod ledger;
pub mod lint;
#[cfg(feature = "workshop")]
pub mod loyalty;
#[cfg(feature = "workshop")]
pub mod member;
pub mod money;
pub mod order;
mod packed;
pub mod payment;
pub mod pointer;
#[cfg(feature = "sealing")]
pub mod publication;
pub mod quote;
pub mod reason;
pub mod refund;
pub mod request;
#[cfg(feature = "schema")]
pub mod schema;
#[cfg(feature = "sealing")]
pub mod sealed;
pub mod selector;
pub mod snapshot;
pub mod threshold;
pub mod time;
#[cfg(feature = "workshop")]
pub mod trace;
#[cfg(feature = "sealing")]
mod unsealing;
pub mod vocabulary;
#[cfg(feature = "workshop")]
pub mod voucherify;
pub mod wasm;
pub mod watch;

pub use host::{Engine, Options};
#[cfg(feature = "sealing")]
pub use unsealing::unseal;
