//! Known answers of the cryptography, natively. `web_vectors.rs` and `node_vectors.rs` judge the same ones in wasm.

#![allow(clippy::arithmetic_side_effects, reason = "a test that stumbles stops")]

#[cfg(test)]
#[path = "support/vectors_judged.rs"]
mod judged;
#[cfg(test)]
#[path = "support/vectors.rs"]
mod vectors;
