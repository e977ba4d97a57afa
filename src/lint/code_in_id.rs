//! A campaign for a few orders whose id tells its code: ids stand in quotes and in the snapshot, where every
//! shopper can read them.

use super::{is_for_few, Report, Shop};
use crate::code;

/// The shortest code that is looked for; a shorter one is found in many words.
const LEAST_LENGTH: usize = 4;

pub(super) fn look(shop: &Shop<'_>, report: &mut Report<'_>) {
    for (index, subject) in shop.subjects.iter().enumerate() {
        let bare = |text: &str| code::normalise(text).replace(['_', '.'], "");
        let id = bare(&subject.campaign.id);
        let tells = |typed: &&alloc::string::String| {
            let code = bare(typed);
            code.len() >= LEAST_LENGTH && id.contains(&code)
        };
        if subject.campaign.codes.iter().any(|typed| tells(&typed)) && is_for_few(subject.campaign) {
            let message = "the id tells the code, and quotes and snapshots show the id".into();
            report(index, message, "name the campaign by what it is for", &subject.at.key("id"));
        }
    }
}
