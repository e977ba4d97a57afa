//! A code for a few orders in a campaign that everyone may read: the code stands in the snapshot, for whoever opens the
//! browser's tools.

use alloc::format;

use super::{is_for_few, Report, Shop};
use crate::campaign::Visibility;

pub(super) fn look(shop: &Shop<'_>, report: &mut Report<'_>) {
    for (index, subject) in shop.subjects.iter().enumerate() {
        let is_open = subject.campaign.visibility() == Visibility::Open;
        if !is_open || !is_for_few(subject.campaign) {
            continue;
        }
        for (place, typed) in subject.campaign.codes.iter().enumerate() {
            let message = format!("the code `{typed}` is for a few, and everyone can read it in what browsers download");
            let help = "set `visibility` to `edge`, or to `sealed` where pages must preview it by themselves";
            report(index, message, help, &subject.at.key("codes").index(place));
        }
    }
}
