//! Campaigns that compete with the same priority: which of them applies falls to their ids.

use alloc::format;

use super::{Report, Shop, Subject};

pub(super) fn look(shop: &Shop<'_>, report: &mut Report<'_>) {
    if !shop.is_by_priority() {
        return;
    }
    let groups = shop.limited_groups();
    let priority = |subject: &Subject<'_>| subject.campaign.stacking.priority.unwrap_or(100);
    for (index, subject) in shop.subjects.iter().enumerate() {
        let stacking = &subject.campaign.stacking;
        let group = stacking.group.as_deref().filter(|group| groups.contains_key(group));
        // the order of application is by lane and priority, so those that tie stand together
        let tied = shop.subjects.iter().take(index).rev().take_while(|earlier| {
            earlier.record.lane == subject.record.lane && priority(earlier) == priority(subject)
        });
        let mut rivals = tied.filter(|earlier| {
            let same_group = group.is_some() && earlier.campaign.stacking.group.as_deref() == group;
            let exclusive = stacking.exclusive || earlier.campaign.stacking.exclusive;
            (same_group || exclusive) && subject.record.active && earlier.record.active && subject.meets(earlier)
        });
        if let Some(rival) = rivals.next() {
            let message = format!("it competes with `{}` at the same priority; the id decides", rival.campaign.id);
            report(index, message, "give each its own `stacking.priority`", &subject.at.key("stacking"));
        }
    }
}
