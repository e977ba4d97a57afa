//! Known signatures, natively. `web_vectors.rs` judges the same ones in wasm.

#![allow(clippy::arithmetic_side_effects, reason = "a test that stumbles stops")]

#[cfg(test)]
#[path = "support/vectors.rs"]
mod vectors;

#[test]
fn wycheproof_agrees_on_every_vector() {
    assert_eq!(vectors::wycheproof(), (151, vec![]));
}

#[test]
fn signatures_that_verifiers_disagree_on_have_the_pinned_verdicts() {
    assert_eq!(vectors::edge_cases(), vectors::EDGE_CASES);
}
