//! Codes of vouchers, drawn from the call's random bytes.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::call::Call;
use super::fault::Fault;
use super::fields::{text, whole};

const ALPHANUMERIC: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Among so many codes two are hardly ever the same.
const PLENTY: i64 = 1_000_000_000;

/// Draws codes one after the other.
pub(super) struct Codes<'a> {
    call: &'a Call,
    bytes: Vec<u8>,
    drawn: BTreeSet<String>,
}

impl<'a> Codes<'a> {
    pub(super) fn of(call: &'a Call) -> Codes<'a> {
        Codes { call, bytes: Vec::new(), drawn: BTreeSet::new() }
    }

    /// A code as `code_config` asks for it: `#` of a pattern is one symbol.
    pub(super) fn draw(&mut self, config: &Value) -> String {
        let charset: Vec<char> = text(&config["charset"]).unwrap_or(ALPHANUMERIC).chars().collect();
        let prefix = text(&config["prefix"]).unwrap_or_default();
        let postfix = text(&config["postfix"]).unwrap_or_default();
        let mut code = String::from(prefix);
        match text(&config["pattern"]) {
            Some(pattern) => {
                for symbol in pattern.chars() {
                    code.push(if symbol == '#' { self.symbol(&charset) } else { symbol });
                }
            }
            None => {
                for _ in 0..whole(&config["length"]).unwrap_or(8).clamp(1, 128) {
                    let symbol = self.symbol(&charset);
                    code.push(symbol);
                }
            }
        }
        code.push_str(postfix);
        code
    }

    /// A code that no voucher has.
    pub(super) fn fresh(&mut self, config: &Value) -> Result<String, Fault> {
        self.all_fresh(config, 1)?.pop().ok_or_else(too_few)
    }

    /// So many codes that no voucher has. All that are tried are drawn at once, whichever of them are taken, so that a call
    /// that is asked again with more rows draws the same.
    pub(super) fn all_fresh(&mut self, config: &Value, wanted: usize) -> Result<Vec<String>, Fault> {
        let tries =
            if room(config) >= PLENTY { wanted.saturating_add(2) } else { wanted.saturating_mul(3).saturating_add(50) };
        let mut fresh = Vec::new();
        for _ in 0..tries {
            let code = self.draw(config);
            if self.drawn.insert(code.clone()) && self.call.project.row("voucher", &code).is_none() {
                fresh.push(code);
            }
        }
        if fresh.len() < wanted {
            return Err(too_few());
        }
        fresh.truncate(wanted);
        Ok(fresh)
    }

    /// A symbol, each as likely as the others: bytes beyond the last whole round of the set are dropped.
    fn symbol(&mut self, charset: &[char]) -> char {
        let size = charset.len().clamp(1, 256);
        let whole_rounds = 256_usize.saturating_sub(256_usize.checked_rem(size).unwrap_or(0));
        loop {
            let Some(byte) = self.bytes.pop() else {
                self.bytes = self.call.draw();
                continue;
            };
            if usize::from(byte) < whole_rounds {
                let place = usize::from(byte).checked_rem(size).unwrap_or(0);
                return charset.get(place).copied().unwrap_or('0');
            }
        }
    }
}

/// How many codes there can be.
fn room(config: &Value) -> i64 {
    let symbols = match text(&config["pattern"]) {
        Some(pattern) => pattern.chars().filter(|symbol| *symbol == '#').count(),
        None => usize::try_from(whole(&config["length"]).unwrap_or(8).clamp(1, 128)).unwrap_or(8),
    };
    let charset: BTreeSet<char> = text(&config["charset"]).unwrap_or(ALPHANUMERIC).chars().collect();
    let size = i64::try_from(charset.len()).unwrap_or(i64::MAX);
    (0..symbols).fold(1_i64, |codes, _| codes.saturating_mul(size))
}

/// Codes are drawn at random, so of all that there can be half must be left at least.
pub(super) fn check(config: &Value, wanted: i64) -> Result<(), Fault> {
    if wanted > 1 && wanted > room(config).checked_div(2).unwrap_or(0) {
        return Err(too_few());
    }
    Ok(())
}

fn too_few() -> Fault {
    let details = "The code config allows too few codes; take a longer pattern or more symbols";
    Fault::new(400, "invalid_code_config", "Invalid code config", details)
}
