//! The verdicts of the vectors, for each host: natively, and in wasm under wasm-bindgen's harness.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::vectors;

#[test]
fn signatures_of_wycheproof_have_its_verdicts() {
    assert_eq!(vectors::wycheproof_ed25519(), (vectors::WYCHEPROOF_ED25519, vec![]));
}

#[test]
fn signatures_that_verifiers_disagree_on_have_the_pinned_verdicts() {
    assert_eq!(vectors::edge_cases(), vectors::EDGE_CASES);
}

#[test]
fn boxes_of_wycheproof_have_its_verdicts() {
    assert_eq!(vectors::wycheproof_chacha20_poly1305(), (vectors::WYCHEPROOF_CHACHA20_POLY1305, vec![]));
}

#[test]
fn the_box_of_rfc_8439_is_sealed_and_opened() {
    assert!(vectors::rfc_8439_holds());
}

#[test]
fn keys_of_wycheproof_are_derived() {
    assert_eq!(vectors::wycheproof_hkdf_sha256(), (vectors::WYCHEPROOF_HKDF_SHA256, vec![]));
}

#[test]
fn keys_of_rfc_5869_are_derived() {
    assert_eq!(vectors::hkdf_sha256(), (vectors::HKDF_SHA256, vec![]));
}

#[test]
fn codes_are_stretched_as_rfc_9106_says() {
    assert_eq!(vectors::argon2id(), (vectors::ARGON2ID, vec![]));
}

#[test]
fn tokens_of_paseto_read_and_the_others_do_not() {
    assert_eq!(vectors::paseto_v4(), (vectors::PASETO_V4, vec![]));
}
