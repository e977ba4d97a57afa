//! Names as documents spell them.

use alloc::format;
use alloc::string::String;

/// A name as an id of a document: letters, digits, `-`, `_` and `.`, at most 64.
pub fn slug(name: &str) -> String {
    let is_kept = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let spelled: String = name.chars().map(|letter| if is_kept(letter) { letter } else { '-' }).collect();
    if spelled == name && name.len() <= 64 && !name.is_empty() {
        return spelled;
    }
    let stem: String = spelled.chars().take(50).collect();
    format!("{stem}-{}", fingerprint(name))
}

/// A short name of a text: FNV-1a, which names and does not protect.
pub fn fingerprint(text: &str) -> String {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:012x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, step) & 0xffff_ffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_what_documents_may_spell() {
        assert_eq!(slug("camp_A.1-x"), "camp_A.1-x");
        assert_ne!(slug("SALE $10"), slug("SALE %10"));
        assert!(slug(&"x".repeat(100)).len() <= 64);
    }
}
