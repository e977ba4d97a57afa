//! How generated codes look: symbols that nobody mistakes, and one that catches a slip of the finger.

use alloc::string::String;
use alloc::vec::Vec;

use super::fingerprint::readable;
use crate::error::{Diagnostic, Document, Error, FixBy};

/// Crockford's base 32: digits and capitals without `I`, `L`, `O` and `U`.
pub const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The fewest random symbols of a code: 60 bits, so that trying does not find one.
pub const MIN_SYMBOLS: usize = 12;

/// The most: with more, two symbols would weigh the same in the check symbol.
const MAX_SYMBOLS: usize = 30;

/// How the codes of a batch look.
///
/// `#` stands for a random symbol, `*` for the check symbol; everything else stands for itself.
///
/// ```
/// use counterfoil::codes::Pattern;
/// let pattern = Pattern::parse("TEA-####-####-####-*")?;
/// let code = pattern.fill(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 31]).unwrap();
/// assert_eq!(code, "TEA-0123-4567-89AZ-P");
/// assert!(pattern.is_sound("tea 0123 4567 89az p"));
/// // two symbols in each other's place, and one that was misread
/// assert!(!pattern.is_sound("TEA-0132-4567-89AZ-P"));
/// assert!(!pattern.is_sound("TEA-0123-4561-89AZ-P"));
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    symbols: usize,
}

impl Pattern {
    /// Sixteen symbols, one of them the check symbol.
    pub const DEFAULT: &'static str = "####-####-####-###*";

    /// Reads a pattern.
    ///
    /// # Errors
    /// `pattern_invalid`: fewer than [`MIN_SYMBOLS`] random symbols or more than 30, more than one check symbol, a code that
    /// would be longer than 64 characters, or something that is no letter, digit, `-`, `#` or `*`.
    pub fn parse(text: &str) -> Result<Pattern, Error> {
        let refused = |message: &str, help: &str| {
            Diagnostic::new("pattern_invalid", message, help).fix_by(FixBy::Merchant).at(Document::Campaign, "")
        };
        let count = |wanted: char| text.chars().filter(|symbol| *symbol == wanted).count();
        let symbols = count('#');
        if !text.chars().all(|symbol| symbol.is_ascii_alphanumeric() || matches!(symbol, '-' | '#' | '*')) {
            let help = "use letters, digits and `-` besides `#` and `*`";
            return Err(refused("the pattern has other symbols", help).into());
        }
        if !(MIN_SYMBOLS..=MAX_SYMBOLS).contains(&symbols) {
            let help = "write 12 to 30 `#`; with fewer, trying finds a code";
            return Err(refused("the pattern has too few or too many random symbols", help)
                .number("symbols", i64::try_from(symbols).unwrap_or(i64::MAX))
                .into());
        }
        if count('*') > 1 || text.len() > crate::code::MAX_CODE_LENGTH {
            let help = "write one `*` at most, and 64 characters at most";
            return Err(refused("the pattern has several check symbols, or is too long", help).into());
        }
        Ok(Pattern { text: String::from(text), symbols })
    }

    /// How many random symbols a code has, five bits each.
    pub fn symbols(&self) -> usize {
        self.symbols
    }

    /// How many codes there can be, as a power of two.
    pub fn bits(&self) -> usize {
        self.symbols.saturating_mul(5)
    }

    /// The code with these symbols, of which the lowest five bits count; `None` when there are too few.
    pub fn fill(&self, random: &[u8]) -> Option<String> {
        let chosen = random.get(..self.symbols)?;
        let mut symbols = chosen.iter().map(|value| value & 31);
        let mut code = String::with_capacity(self.text.len());
        for symbol in self.text.chars() {
            match symbol {
                '#' => code.push(letter(symbols.next()?)),
                '*' => code.push(letter(check_of(chosen.iter().map(|value| value & 31)))),
                other => code.push(other.to_ascii_uppercase()),
            }
        }
        Some(code)
    }

    /// Whether a code as it was typed can be one of these: it has their form, and its check symbol is right. It need not
    /// have been issued. Without a check symbol the form alone decides.
    pub fn is_sound(&self, typed: &str) -> bool {
        let typed: String = readable(typed).collect();
        let mut given = typed.bytes();
        let mut random = Vec::with_capacity(self.symbols);
        let mut check = None;
        for symbol in self.text.chars().filter(|symbol| *symbol != '-') {
            let Some(byte) = given.next() else { return false };
            match (symbol, value(byte)) {
                ('#', Some(value)) => random.push(value),
                ('*', Some(value)) => check = Some(value),
                ('#' | '*', None) => return false,
                (fixed, _) if readable_byte(fixed) != byte => return false,
                _ => {}
            }
        }
        given.next().is_none() && check.is_none_or(|check| check == check_of(random.into_iter()))
    }
}

fn readable_byte(fixed: char) -> u8 {
    let text = String::from(fixed);
    let symbol = readable(&text).next();
    symbol.and_then(|symbol| u8::try_from(symbol).ok()).unwrap_or(0)
}

fn letter(value: u8) -> char {
    ALPHABET.get(usize::from(value)).map_or('0', |byte| char::from(*byte))
}

fn value(byte: u8) -> Option<u8> {
    let place = ALPHABET.iter().position(|letter| *letter == byte)?;
    u8::try_from(place).ok()
}

/// The check symbol: each symbol times a different power of x in the field of 32 elements (x^5 + x^2 + 1), all added. A
/// single wrong symbol, and any two that change places, change the sum.
fn check_of(symbols: impl Iterator<Item = u8>) -> u8 {
    let doubled = |value: u8| {
        let shifted = value << 1;
        if shifted & 0x20 == 0 {
            shifted
        } else {
            shifted ^ 0x25
        }
    };
    // Horner's rule: the first symbol is doubled most often, the last once
    symbols.fold(0, |sum, symbol| doubled(sum ^ symbol))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn every_wrong_symbol_and_every_exchange_is_caught() {
        let pattern = Pattern::parse(&format!("{}*", "#".repeat(MAX_SYMBOLS))).unwrap();
        let random: Vec<u8> = (0..30).map(|at: u8| at.wrapping_mul(7).wrapping_add(3) % 32).collect();
        let code = pattern.fill(&random).unwrap();
        assert!(pattern.is_sound(&code));
        for at in 0..code.len() {
            for other in ALPHABET {
                let mut wrong = code.clone().into_bytes();
                wrong[at] = *other;
                let wrong = String::from_utf8(wrong).unwrap();
                assert_eq!(pattern.is_sound(&wrong), wrong == code, "{wrong}");
            }
            for second in 0..at {
                let mut swapped = code.clone().into_bytes();
                swapped.swap(at, second);
                let swapped = String::from_utf8(swapped).unwrap();
                assert_eq!(pattern.is_sound(&swapped), swapped == code, "{swapped}");
            }
        }
        assert!(!pattern.is_sound(&code[1..]) && !pattern.is_sound(&format!("{code}0")));
    }

    #[test]
    fn patterns_have_bounds() {
        let of = |symbols: usize| Pattern::parse(&"#".repeat(symbols)).map(|pattern| pattern.bits());
        assert_eq!(of(MIN_SYMBOLS - 1).unwrap_err().code(), "pattern_invalid");
        assert_eq!((of(MIN_SYMBOLS).unwrap(), of(MAX_SYMBOLS).unwrap()), (60, 150));
        assert_eq!(of(MAX_SYMBOLS + 1).unwrap_err().code(), "pattern_invalid");
        for wrong in ["############**", "############ä", "############ x", ""] {
            assert_eq!(Pattern::parse(wrong).unwrap_err().code(), "pattern_invalid", "{wrong}");
        }
        let long = |fixed: usize| Pattern::parse(&format!("############{}", "A".repeat(fixed)));
        assert!(long(52).is_ok());
        assert!(long(53).is_err());
        assert_eq!(Pattern::parse(Pattern::DEFAULT).unwrap().bits(), 75);
    }

    #[test]
    fn what_stands_for_itself_is_compared_as_it_is_read() {
        let pattern = Pattern::parse("OIL-############").unwrap();
        let code = pattern.fill(&[9; 12]).unwrap();
        assert_eq!(code, "OIL-999999999999");
        assert!(pattern.is_sound("oil999999999999") && pattern.is_sound("011-999999999999"));
        assert!(!pattern.is_sound("OIM-999999999999"));
        assert_eq!(pattern.fill(&[9; 11]), None);
    }
}
