//! Known answers of the cryptography in Node's wasm: `wasm-pack test --node -- --test node_vectors`. Everywhere else this
//! file is empty.

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
