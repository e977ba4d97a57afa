//! A code for a few orders that is so short that trying finds it: at the shop, which slows trying down, or in the file, where
//! a sealed campaign can be tried without anybody noticing.

use alloc::format;

use super::{is_for_few, Report, Shop};
use crate::campaign::Visibility;
use crate::code;

/// Fewer symbols than this are found by trying: 36^4 is 1.7 million codes.
const LEAST_LENGTH: usize = 5;
/// The same of codes that are digits only.
const LEAST_DIGITS: usize = 8;
/// Fewer symbols than this of a sealed campaign's code are found by trying: 60 bits, as of generated codes.
const LEAST_SEALED: usize = 12;
/// The same of codes that are digits only.
const LEAST_SEALED_DIGITS: usize = 18;

pub(super) fn look(shop: &Shop<'_>, report: &mut Report<'_>) {
    for (index, subject) in shop.subjects.iter().enumerate() {
        for (place, typed) in subject.campaign.codes.iter().enumerate() {
            let code = code::normalise(typed);
            let is_sealed = subject.campaign.visibility() == Visibility::Sealed;
            let least = match (code.bytes().all(|byte| byte.is_ascii_digit()), is_sealed) {
                (true, true) => LEAST_SEALED_DIGITS,
                (true, false) => LEAST_DIGITS,
                (false, true) => LEAST_SEALED,
                (false, false) => LEAST_LENGTH,
            };
            if is_for_few(subject.campaign) && code.len() < least {
                let message = format!("the code `{typed}` is found by trying");
                let help = match is_sealed {
                    true => "use a generated code of twelve symbols or more, or leave it to the edge by `visibility`",
                    false => "use a longer code; five letters, or eight digits, are the least",
                };
                report(index, message, help, &subject.at.key("codes").index(place));
            }
        }
    }
}
