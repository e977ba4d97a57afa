//! The core in a real browser, without the TypeScript around it: `wasm-pack test --headless --chrome -- --test web`.
//! Everywhere else this file is empty.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that stumbles stops")]

use counterfoil::snapshot::{KeyRing, Policy, Profile};
use counterfoil::{Engine, Options};
use serde_json::Value;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const SNAPSHOT: &[u8] = include_bytes!("attacks/valid/snapshot.bin");
const KEY_RING: &str = include_str!("attacks/valid/key-ring.json");
const BODY: &[u8] = br#"{ "currency": "EUR", "lines": [{ "id": "a", "unitPrice": 4500, "quantity": 2 }] }"#;
/// 2026-03-01T10:00:00Z.
const NOW: i64 = 1_772_359_200_000;

fn open(snapshot: &[u8], profile: Profile) -> Result<Engine, counterfoil::error::Error> {
    let ring: KeyRing = serde_json::from_str(KEY_RING).unwrap();
    Engine::open(snapshot, &ring, Options { policy: Policy::at(NOW, profile), disclosure: Default::default() })
}

#[wasm_bindgen_test]
fn a_signed_snapshot_quotes() {
    let mut engine = open(SNAPSHOT, Profile::Storefront).unwrap();
    let quote: Value = serde_json::from_slice(engine.quote_bytes(BODY, Some(NOW)).unwrap()).unwrap();
    assert_eq!(quote["total"], 8100);
    assert_eq!(quote["outcomes"][0]["redeemable"], "ten-percent");
}

#[wasm_bindgen_test]
fn any_flipped_byte_is_refused() {
    for at in 0..SNAPSHOT.len() {
        let mut flipped = SNAPSHOT.to_vec();
        flipped[at] ^= 1;
        assert!(open(&flipped, Profile::Storefront).is_err(), "byte {at}");
    }
}

#[wasm_bindgen_test]
fn the_other_half_is_refused() {
    assert_eq!(open(SNAPSHOT, Profile::Edge).unwrap_err().code(), "profile_mismatch");
}
