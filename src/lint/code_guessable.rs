//! A code for a few orders that is so short that trying finds it.

use alloc::format;

use super::{is_for_few, Report, Shop};
use crate::code;

/// Fewer symbols than this are found by trying: 36^4 is 1.7 million codes.
const LEAST_LENGTH: usize = 5;
/// The same of codes that are digits only.
const LEAST_DIGITS: usize = 8;

pub(super) fn look(shop: &Shop<'_>, report: &mut Report<'_>) {
    for (index, subject) in shop.subjects.iter().enumerate() {
        for (place, typed) in subject.campaign.codes.iter().enumerate() {
            let code = code::normalise(typed);
            let least = if code.bytes().all(|byte| byte.is_ascii_digit()) { LEAST_DIGITS } else { LEAST_LENGTH };
            if is_for_few(subject.campaign) && code.len() < least {
                let message = format!("the code `{typed}` is found by trying");
                let help = "use a longer code; five letters, or eight digits, are the least";
                report(index, message, help, &subject.at.key("codes").index(place));
            }
        }
    }
}
