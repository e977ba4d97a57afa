//! Known signatures in a real browser's wasm: `wasm-pack test --headless --chrome -- --test web_vectors`.
//! Everywhere else this file is empty.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that stumbles stops"
)]

#[path = "support/vectors.rs"]
mod vectors;

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn wycheproof_agrees_on_every_vector() {
    assert_eq!(vectors::wycheproof(), (151, vec![]));
}

#[wasm_bindgen_test]
fn signatures_that_verifiers_disagree_on_have_the_pinned_verdicts() {
    assert_eq!(vectors::edge_cases(), vectors::EDGE_CASES);
}
