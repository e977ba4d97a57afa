//! The ledger for workers: JSON texts in, JSON texts out, as they come from and go into storage.

use alloc::string::String;
use wasm_bindgen::prelude::*;

use crate::ledger::json;

/// Decides a command on the rows that were loaded: an object with `answer`, `events`, `repeated`, `state` (the rows
/// afterwards) and `touched` (which of them to store). A text that cannot be read is a refusal too.
#[wasm_bindgen(js_name = ledgerDecide)]
pub fn decide(programme: &str, state: &str, command: &str) -> String {
    json::carry_out(programme, state, command)
}

/// The rows that a command needs, as far as those show that are loaded: load them and ask again until nothing new is
/// named.
#[wasm_bindgen(js_name = ledgerRows)]
pub fn rows(programme: &str, state: &str, command: &str) -> String {
    json::rows(programme, state, command)
}

/// The statement of an account at `now`, UTC milliseconds.
#[wasm_bindgen(js_name = ledgerStatement)]
pub fn statement(programme: &str, state: &str, account: &str, now: f64) -> String {
    json::statement(programme, state, account, super::flat::whole(now).unwrap_or(0))
}
