//! The room that knows JavaScript: numbers in, numbers out. Texts cross as UTF-8 bytes in the module's memory.

#[cfg(all(target_arch = "wasm32", feature = "tools"))]
mod codes;
pub mod description;
#[cfg(all(target_arch = "wasm32", not(feature = "sealed")))]
mod exports;
pub mod failure;
pub mod flat;
pub mod layout;
#[cfg(all(target_arch = "wasm32", feature = "tools"))]
pub mod ledger;
pub mod opening;
#[cfg(all(target_arch = "wasm32", feature = "workshop", not(feature = "sealed")))]
mod preview;
#[cfg(all(target_arch = "wasm32", feature = "sealed"))]
mod sealed;
#[cfg(all(target_arch = "wasm32", not(feature = "sealed")))]
mod sessions;
#[cfg(all(target_arch = "wasm32", any(feature = "storefront", feature = "sealed")))]
mod storefront;
#[cfg(all(target_arch = "wasm32", feature = "tools"))]
mod voucherify;
#[cfg(all(target_arch = "wasm32", feature = "tools"))]
pub mod workshop;

#[cfg(test)]
mod generated;
