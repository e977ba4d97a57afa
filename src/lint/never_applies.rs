//! A campaign that cannot apply: its schedule is over, or two of its conditions exclude each other.

use alloc::format;

use super::rule::required;
use super::{Report, Shop};

pub(super) fn look(shop: &Shop<'_>, report: &mut Report<'_>) {
    for (index, subject) in shop.subjects.iter().enumerate() {
        if subject.record.stretch.until <= shop.life.from {
            let help = "take the campaign out of the documents, or let it run longer";
            report(index, "its schedule is over".into(), help, &subject.at.key("schedule").key("until"));
        }
        let Some(rule) = &subject.campaign.when else { continue };
        let conditions = required(rule, &subject.at.key("when"));
        if let Some(condition) = conditions.iter().find(|condition| condition.is_impossible()) {
            report(index, "no value is within these bounds".into(), "correct the bounds", &condition.at);
        }
        for (later, condition) in conditions.iter().enumerate() {
            let earlier = conditions.iter().take(later).find(|earlier| earlier.excludes(condition));
            if let Some(earlier) = earlier {
                let message = format!("this and the condition at {} can never both hold", earlier.at.as_str());
                report(index, message, "leave one of them out, or join them with `any`", &condition.at);
                break;
            }
        }
    }
}
