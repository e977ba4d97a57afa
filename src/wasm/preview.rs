//! What a member would earn, has and can have, beside the quote: the one export that `counterfoil/loyalty` has besides those of
//! every build, and the workshop has too. In the same manner: what is asked is in the buffer, the answer at the address it returns.

#![allow(unsafe_code, reason = "an export needs a name of its own")]

use super::exports::instance;
use super::flat;
use crate::request::Moment;

/// Answers the preview that is asked in the buffer: `{ "quote": …, "programmes": [ … ] }`.
#[unsafe(no_mangle)]
extern "C" fn cf_preview(length: usize, now: f64, fallback: f64) -> u32 {
    let moment = Moment { given: flat::whole(now), fallback: flat::whole(fallback) };
    let instance = instance();
    match instance.with_engine(length, |engine, body| engine.preview_bytes(body, moment)) {
        Ok(told) => instance.answer(&told),
        Err(error) => instance.refuse(error),
    }
}
