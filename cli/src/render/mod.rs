//! What people read. Machines get JSON and never a word from here.

mod cases;
mod fault;
mod quote;
mod table;
mod trace;

use std::io::{self, Write};

pub use cases::{failed_case, summary};
pub use fault::fault;
pub use quote::quote;
pub use table::{fields, table, Column};
pub use trace::trace;

use crate::fault::Fault;

/// Writes a line to the standard output.
///
/// # Errors
/// What the system says.
pub fn say(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Writes bytes to the standard output as they are, and a line's end.
///
/// # Errors
/// What the system says.
pub fn say_bytes(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Writes a value as JSON for people and machines alike to the standard output.
///
/// # Errors
/// What the system says.
pub fn say_json(value: &impl serde::Serialize) -> io::Result<()> {
    say_bytes(&serde_json::to_vec_pretty(value)?)
}

/// Tells what is going on, beside the output proper. That nobody listens is no reason to stop.
pub fn note(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Writes faults to the standard output, where they are what was asked for.
///
/// # Errors
/// What the system says.
pub fn tell(faults: &[Fault]) -> io::Result<()> {
    faults.iter().try_for_each(|one| say(&fault(one)))
}

/// Writes faults beside the output proper.
pub fn complain(faults: &[Fault]) {
    for one in faults {
        note(&fault(one));
    }
}

/// `1 campaign`, `2 campaigns`.
pub fn count(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
