//! The room that knows JavaScript: numbers in, numbers out for the calls that are made often, wasm-bindgen and
//! serde-wasm-bindgen for the wide ones that are made once.

#[cfg(target_arch = "wasm32")]
mod core;
pub mod flat;
pub mod layout;
#[cfg(target_arch = "wasm32")]
mod plain;

#[cfg(test)]
mod generated;
