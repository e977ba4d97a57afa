//! Codes of vouchers, drawn from the call's random bytes.

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::call::Call;
use super::fields::{text, whole};

const ALPHANUMERIC: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Draws codes one after the other.
pub(super) struct Codes<'a> {
    call: &'a Call,
    bytes: Vec<u8>,
}

impl<'a> Codes<'a> {
    pub(super) fn of(call: &'a Call) -> Codes<'a> {
        Codes { call, bytes: Vec::new() }
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
