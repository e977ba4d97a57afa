//! A discount that leaves nothing to pay of an order that may have it.

use alloc::format;
use serde_json::Value as Json;

use super::rule::required;
use super::{Report, Shop, Subject};

pub(super) fn look(shop: &Shop<'_>, report: &mut Report<'_>) {
    for (index, subject) in shop.subjects.iter().enumerate() {
        // what is on a code is the most that it takes
        if subject.campaign.code_list.as_ref().is_some_and(|list| list.currency.is_some()) {
            continue;
        }
        for (place, discount) in subject.campaign.discounts.iter().enumerate() {
            let says = |name: &str| discount.get(name).filter(|value| !value.is_null());
            let is_bounded = ["lines", "cap", "maxUnits", "maxUnitsPerLine", "groupsOf", "methods"];
            if is_bounded.iter().any(|bound| says(bound).is_some()) {
                continue;
            }
            let at = subject.at.key("discounts").index(place);
            let text = |name: &str| says(name).and_then(Json::as_str);
            match text("type") {
                Some("percent_off") if text("percent") == Some("100") => {
                    report(index, "everything is free".into(), "give it a `cap`, or select `lines`", &at);
                }
                Some("amount_off") if text("per").is_none_or(|per| per == "order") => {
                    let amounts = says("amount").and_then(Json::as_object).into_iter().flatten();
                    let covered = amounts.filter_map(|(currency, amount)| Some((currency, amount.as_i64()?)));
                    for (currency, amount) in covered {
                        if least_subtotal(subject, currency).is_some_and(|least| least <= amount) {
                            let message = format!("an order of {amount} minor units of {currency} costs nothing");
                            report(index, message, "ask for a `min_subtotal` above the amount", &at.key("amount"));
                            break;
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// The smallest order that the campaign asks for. One by code that asks for none is a present by intent.
fn least_subtotal(subject: &Subject<'_>, currency: &str) -> Option<i64> {
    let rule = subject.campaign.when.as_ref();
    let conditions = rule.map(|rule| required(rule, subject.at)).unwrap_or_default();
    let asked = conditions.iter().filter_map(|condition| condition.min_subtotal(currency)).max();
    let asks_for_something_else = rule.is_some() && asked.is_none();
    match asked {
        Some(least) => Some(least),
        None => (subject.is_automatic() && !asks_for_something_else).then_some(0),
    }
}
