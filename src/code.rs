//! Codes as people type them and as the engine compares them.

use alloc::string::String;

/// The longest code that is looked at, in bytes after normalisation.
pub const MAX_CODE_LENGTH: usize = 64;

/// The one normalisation: ASCII letters become upper case; spaces, tabs, no-break spaces and hyphens go.
///
/// Every host and every tool compares codes in this form only. Other characters stay as they are, so a code
/// with umlauts must be typed with them.
///
/// ```
/// use counterfoil::code::normalise;
/// assert_eq!(normalise(" welcome-10 "), "WELCOME10");
/// assert_eq!(normalise("Sommer\u{a0}25"), "SOMMER25");
/// ```
pub fn normalise(typed: &str) -> String {
    symbols(typed).collect()
}

/// The same, symbol by symbol, for who has no use for a text of its own.
#[inline]
pub fn symbols(typed: &str) -> impl Iterator<Item = char> + '_ {
    typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase())
}
