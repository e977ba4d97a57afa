//! Known answers of the cryptography in a real browser's wasm: `wasm-pack test --headless --chrome -- --test web_vectors`.
//! Everywhere else this file is empty.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that stumbles stops"
)]

#[path = "support/vectors_judged.rs"]
mod judged;
#[path = "support/vectors.rs"]
mod vectors;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
