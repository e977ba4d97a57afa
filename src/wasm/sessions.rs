//! What the module exports of sessions: carts that are kept, so that a change costs only the change. A session is named by its
//! number; a refusal, and a number that names none, is not-a-number.

#![allow(unsafe_code, reason = "an export needs a name of its own")]

use super::exports::{instance, tell_totals, Core};
use super::flat;

/// Keeps the flat request in the buffer as a session; returns its number.
#[unsafe(no_mangle)]
extern "C" fn cf_session_open(count: usize) -> f64 {
    let Some(core) = &mut instance().core else { return f64::NAN };
    if core.read(count).is_none() {
        return f64::NAN;
    }
    let cart = core::mem::take(&mut core.cart);
    let free = core.sessions.iter().position(Option::is_none).unwrap_or(core.sessions.len());
    match core.sessions.get_mut(free) {
        Some(place) => *place = Some(cart),
        None => core.sessions.push(Some(cart)),
    }
    core.evaluate(free);
    flat::slot(i64::try_from(free).unwrap_or(-1))
}

/// Replaces a session's cart by the flat request in the buffer; returns the total.
#[unsafe(no_mangle)]
extern "C" fn cf_session_replace(session: usize, count: usize) -> f64 {
    let Some(core) = &mut instance().core else { return f64::NAN };
    // a refused request leaves the session as it was
    if core.read(count).is_none() {
        return f64::NAN;
    }
    if let Some(Some(kept)) = core.sessions.get_mut(session) {
        core::mem::swap(kept, &mut core.cart);
    }
    core.evaluate(session)
}

/// Sets the quantity of a line of a session; returns the total.
#[unsafe(no_mangle)]
extern "C" fn cf_session_set_quantity(session: usize, line: usize, quantity: f64) -> f64 {
    let Some(core) = &mut instance().core else { return f64::NAN };
    let Some(Some(cart)) = core.sessions.get_mut(session) else { return f64::NAN };
    match flat::set_quantity(cart, line, quantity) {
        Some(()) => core.evaluate(session),
        None => f64::NAN,
    }
}

/// Makes a session's answer the last one, at the moment `now`, or at its own where that is not-a-number.
#[unsafe(no_mangle)]
extern "C" fn cf_session_at(session: usize, now: f64) -> f64 {
    let Some(core) = &mut instance().core else { return f64::NAN };
    match (core.sessions.get_mut(session), flat::whole(now)) {
        (Some(Some(cart)), Some(now)) => cart.now = now,
        // nothing has been evaluated since
        _ if core.current == Some(session) => return flat::slot(core.engine.answer().total),
        _ => {}
    }
    core.evaluate(session)
}

/// Forgets a session.
#[unsafe(no_mangle)]
extern "C" fn cf_session_close(session: usize) {
    let Some(core) = &mut instance().core else { return };
    if let Some(place) = core.sessions.get_mut(session) {
        *place = None;
    }
}

impl Core {
    /// Makes the answer of a session the last one; returns its total.
    fn evaluate(&mut self, session: usize) -> f64 {
        self.current = Some(session);
        let Some(Some(cart)) = self.sessions.get(session) else { return f64::NAN };
        tell_totals(&mut self.engine, cart, &mut self.totals)
    }
}
