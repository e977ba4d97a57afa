//! Voucherify's interface for workers: a call as JSON text, an answer as JSON text.

#![allow(unsafe_code, reason = "an export needs a name of its own")]

use super::exports::instance;

/// Answers the call in the buffer.
#[unsafe(no_mangle)]
extern "C" fn cf_voucherify(length: usize) -> u32 {
    let instance = instance();
    let answer = {
        let call = core::str::from_utf8(instance.input(0, length)).unwrap_or_default();
        crate::voucherify::answer(call)
    };
    instance.answer(answer.as_bytes())
}
