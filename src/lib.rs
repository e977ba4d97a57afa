//! Promotion and loyalty rules, compiled and signed once, evaluated wherever the cart is.

pub mod error;
pub mod money;
pub mod snapshot;
