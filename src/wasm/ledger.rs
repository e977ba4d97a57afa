//! The ledger for workers: JSON texts in, JSON texts out, as they come from and go into storage. The texts of a call stand
//! one after another in the buffer for bytes; an answer is never a refusal of the call, but may be one of the ledger.

#![allow(unsafe_code, reason = "an export needs a name of its own")]

use super::exports::{instance, Instance};
use super::flat;
use crate::ledger::json;

/// Decides a command on the rows that were loaded: an object with `answer`, `events`, `repeated`, `state` (the rows
/// afterwards) and `touched` (which of them to store). A text that cannot be read is a refusal too.
#[unsafe(no_mangle)]
extern "C" fn cf_ledger_decide(programme: usize, state: usize, command: usize) -> u32 {
    told([programme, state, command], |[programme, state, command]| json::carry_out(programme, state, command))
}

/// The rows that a command needs, as far as those show that are loaded: load them and ask again until nothing new is
/// named.
#[unsafe(no_mangle)]
extern "C" fn cf_ledger_rows(programme: usize, state: usize, command: usize) -> u32 {
    told([programme, state, command], |[programme, state, command]| json::rows(programme, state, command))
}

/// The statement of an account at `now`, UTC milliseconds.
#[unsafe(no_mangle)]
extern "C" fn cf_ledger_statement(programme: usize, state: usize, account: usize, now: f64) -> u32 {
    let now = flat::whole(now).unwrap_or(0);
    told([programme, state, account], |[programme, state, account]| json::statement(programme, state, account, now))
}

/// What the limits for everybody have left of an allowance.
#[unsafe(no_mangle)]
extern "C" fn cf_ledger_remaining(programme: usize, state: usize, allowance: usize, now: f64) -> u32 {
    let now = flat::whole(now).unwrap_or(0);
    told([programme, state, allowance], |[programme, state, name]| json::remaining(programme, state, name, now))
}

/// Who brought most friends.
#[unsafe(no_mangle)]
extern "C" fn cf_ledger_leaders(state: usize) -> u32 {
    told([state, 0, 0], |[state, ..]| json::leader_board(state))
}

/// What inviting friends brings.
#[unsafe(no_mangle)]
extern "C" fn cf_ledger_growth(figures: usize) -> u32 {
    told([figures, 0, 0], |[figures, ..]| json::growth(figures))
}

/// What the quote of a request uses.
#[unsafe(no_mangle)]
extern "C" fn cf_ledger_charge(programme: usize, request: usize, quote: usize) -> u32 {
    told([programme, request, quote], |[programme, request, quote]| json::charge(programme, request, quote))
}

/// What is to be asked next for an order that is kept in several places.
#[unsafe(no_mangle)]
extern "C" fn cf_ledger_order(order: usize, said: usize, now: f64) -> u32 {
    let now = flat::whole(now).unwrap_or(0);
    told([order, said, 0], |[order, said, _]| json::order(order, said, now))
}

/// Cuts the buffer into texts of these lengths, asks, and hands over what is told.
fn told(lengths: [usize; 3], ask: impl FnOnce([&str; 3]) -> alloc::string::String) -> u32 {
    let instance = instance();
    let mut from = 0_usize;
    let texts = lengths.map(|length| {
        let text = cut(instance, from, length);
        from = from.saturating_add(length);
        text
    });
    let answer = ask(texts);
    instance.answer(answer.as_bytes())
}

/// A text of the buffer. One that is no UTF-8 is no JSON either.
fn cut(instance: &Instance, from: usize, length: usize) -> &str {
    core::str::from_utf8(instance.input(from, length)).unwrap_or("\u{fffd}")
}
