//! A campaign that cannot apply: its schedule is over, two of its conditions exclude each other, its limits allow nothing,
//! what it takes is nothing, or no line is left that it could take something off.

use alloc::collections::BTreeSet;
use alloc::format;

use serde_json::Value as Json;

use super::rule::{required, share, Required};
use super::{Report, Shop};
use crate::campaign::Campaign;

pub(super) fn look(shop: &Shop<'_>, report: &mut Report<'_>) {
    for (index, subject) in shop.subjects.iter().enumerate() {
        if subject.record.stretch.until <= shop.life.from {
            let help = "take the campaign out of the documents, or let it run longer";
            report(index, "its schedule is over".into(), help, &subject.at.key("schedule").key("until"));
        }
        if let Some(limit) = limit_of_nothing(subject.campaign) {
            let help = "take the campaign out of the documents, or raise the limit";
            report(index, "its limit allows nothing".into(), help, &subject.at.key("limits").key(limit));
        }
        for (place, discount) in subject.campaign.discounts.iter().enumerate() {
            if discount.get("lines").is_some_and(leaves_no_line) {
                let at = subject.at.key("discounts").index(place).key("lines").key("except");
                report(index, "every line that is selected is left out".into(), "leave out fewer lines", &at);
            }
            if let Some(member) = takes_nothing(discount) {
                let at = subject.at.key("discounts").index(place).key(member);
                report(index, "nothing is taken off".into(), "write more than zero, or take the discount out", &at);
            }
        }
        let Some(rule) = &subject.campaign.when else { continue };
        let conditions = required(rule, &subject.at.key("when"));
        if let Some(condition) = in_other_currencies(&subject.campaign.discounts, &conditions) {
            let message = "it holds in other currencies than those in which something is taken off";
            report(index, message.into(), "write the amounts of both in the same currencies", &condition.at);
        }
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

/// The limit by which nobody may ever have it.
fn limit_of_nothing(campaign: &Campaign) -> Option<&'static str> {
    let limits = &campaign.limits;
    let counted = [
        ("total", limits.total),
        ("perCustomer", limits.per_customer),
        ("perPeriod", limits.per_period),
        ("perCustomerInPeriod", limits.per_customer_in_period),
        ("units", limits.units),
        ("unitsPerCustomer", limits.units_per_customer),
    ];
    counted.into_iter().find(|(_, limit)| *limit == Some(0)).map(|(name, _)| name)
}

/// The member by which a discount takes nothing. Gifts are proposed at any price, and units are used up by discounts of nothing.
fn takes_nothing(discount: &Json) -> Option<&'static str> {
    let kind = discount.get("type").and_then(Json::as_str)?;
    if let Some(cap) = ["cap", "capPerLine"].into_iter().find(|cap| discount.get(*cap).is_some_and(is_nothing)) {
        return Some(cap);
    }
    if !["percent_off", "amount_off", "nth_unit", "bundle", "off_shipping"].contains(&kind) {
        return None;
    }
    let no_amount = discount.get("amount").is_some_and(is_nothing);
    let no_share = share(discount) == Some(0);
    no_amount.then_some("amount").or(no_share.then_some("percent"))
}

/// Whether amounts are nothing in every currency.
fn is_nothing(amounts: &Json) -> bool {
    amounts.as_object().is_some_and(|amounts| amounts.values().all(|amount| amount.as_i64() == Some(0)))
}

/// The condition that holds in none of the currencies in which something is given.
fn in_other_currencies<'a, 'b>(discounts: &[Json], conditions: &'a [Required<'b>]) -> Option<&'a Required<'b>> {
    let mut given = BTreeSet::new();
    for discount in discounts {
        // a share is given in any currency
        given.extend(["amount", "price"].iter().find_map(|name| discount.get(*name)?.as_object())?.keys());
    }
    conditions.iter().find(|condition| {
        condition.currencies().is_some_and(|asked| !given.is_empty() && !asked.iter().any(|currency| given.contains(currency)))
    })
}

/// Whether whatever a selector asks for is among what it excludes.
fn leaves_no_line(lines: &Json) -> bool {
    let values = |of: &Json, name: &str| of.get(name).and_then(Json::as_array).cloned();
    let Some(except) = lines.get("except") else { return false };
    ["products", "skus", "categories", "brands", "tags"].iter().any(|name| match (values(lines, name), values(except, name)) {
        (Some(asked), Some(excluded)) => asked.iter().all(|value| excluded.contains(value)),
        _ => false,
    })
}
