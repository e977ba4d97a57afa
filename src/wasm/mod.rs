//! The room that knows JavaScript: numbers in, numbers out for the calls that are made often, wasm-bindgen and
//! serde-wasm-bindgen for the wide ones that are made once.

#[cfg(all(target_arch = "wasm32", feature = "workshop"))]
mod core;
pub mod flat;
pub mod layout;
#[cfg(all(target_arch = "wasm32", feature = "workshop"))]
mod plain;
#[cfg(all(target_arch = "wasm32", feature = "storefront"))]
mod storefront;

#[cfg(test)]
mod generated;
