//! A discount that leaves nothing to pay of an order that may have it, by itself or with others that every order has.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value as Json;

use super::rule::{required, share, WHOLE};
use super::{Report, Shop, Subject};
use crate::campaign::StackingPolicy;
use crate::catalog::section::Base;

pub(super) fn look(shop: &Shop<'_>, report: &mut Report<'_>) {
    for (index, subject) in shop.subjects.iter().enumerate() {
        for (place, discount) in subject.campaign.discounts.iter().enumerate() {
            if is_bounded(subject, discount) {
                continue;
            }
            let at = subject.at.key("discounts").index(place);
            let text = |name: &str| discount.get(name).and_then(Json::as_str);
            match text("type") {
                Some("percent_off") if share(discount) == Some(WHOLE) => {
                    report(index, "everything is free".into(), "give it a `cap`, or select `lines`", &at);
                }
                Some("fixed_price" | "fixed_unit_price") if costs_nothing(discount) => {
                    report(index, "everything is free".into(), "write a price above zero, or select `lines`", &at.key("price"));
                }
                Some("amount_off") if text("per").is_none_or(|per| per == "order") => {
                    let amounts = discount.get("amount").and_then(Json::as_object).into_iter().flatten();
                    let covered = amounts.filter_map(|(currency, amount)| Some((currency, amount.as_i64()?)));
                    // nothing off an order of nothing is no present
                    for (currency, amount) in covered.filter(|(_, amount)| *amount > 0) {
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
    look_at_sums(shop, report);
}

/// Whether something keeps a discount from all that there is.
fn is_bounded(subject: &Subject<'_>, discount: &Json) -> bool {
    let bounds = [
        "lines",
        "cap",
        "capPerLine",
        "maxUnits",
        "maxUnitsPerLine",
        "groupsOf",
        "countOff",
        "excludeDiscounted",
        "onlyDiscounted",
        "perBundle",
    ];
    // a selector of nothing names every line
    let is_empty = |value: &Json| match value {
        Json::Null | Json::Bool(false) => true,
        value => value.as_object().is_some_and(|members| members.is_empty()),
    };
    let says = |name: &&str| discount.get(*name).is_some_and(|value| !is_empty(value));
    // what is on a code is the most that it takes
    let has_balance = subject.campaign.code_list.as_ref().is_some_and(|list| list.currency.is_some());
    has_balance || subject.campaign.min_margin.is_some() || bounds.iter().any(says)
}

/// Whether a price is nothing in some currency.
fn costs_nothing(discount: &Json) -> bool {
    let mut prices = discount.get("price").and_then(Json::as_object).into_iter().flatten();
    prices.any(|(_, price)| price.as_i64() == Some(0))
}

/// Shares of original prices add up; shares of what is left never reach all of it.
fn look_at_sums(shop: &Shop<'_>, report: &mut Report<'_>) {
    let limits = |policy: &StackingPolicy| {
        policy.preset.is_some() || policy.at_most.is_some() || policy.per_line.is_some() || policy.group.is_some()
    };
    let of_all = || shop.subjects.iter().enumerate().filter(|(_, one)| one.is_automatic() && one.campaign.when.is_none());
    if shop.policies.iter().any(limits) || of_all().any(|(_, one)| is_alone(one)) {
        return;
    }
    let combined = |one: &Subject<'_>| {
        let stacking = &one.campaign.stacking;
        stacking.group.is_none() && stacking.also_in.is_empty() && one.record.intervals.is_empty()
    };
    let shares = of_all().filter(|(_, one)| combined(one)).map(|(at, one)| (at, one, share_of_original(one)));
    let shares: Vec<_> = shares.filter(|(_, _, share)| *share > 0).collect();
    let mut told = BTreeSet::new();
    for moment in shares.iter().map(|(_, one, _)| one.record.stretch.from.max(shop.life.from)) {
        let runs = |one: &Subject<'_>| one.record.stretch.from <= moment && moment < one.record.stretch.until;
        let (mut sum, mut ids) = (0_i64, Vec::new());
        for (at, one, share) in shares.iter().filter(|(_, one, _)| runs(one)) {
            sum = sum.saturating_add(*share);
            if sum >= WHOLE {
                if told.insert(*at) {
                    let with = if ids.is_empty() { String::new() } else { format!("with {} ", ids.join(", ")) };
                    let message = format!("{with}everything is free: shares of original prices add up");
                    let help = "give one a `cap`, select `lines`, or leave `base` out: it is a share of what is left then";
                    report(*at, message, help, &one.at.key("discounts"));
                }
                break;
            }
            ids.push(format!("`{}`", one.campaign.id));
        }
    }
}

/// Whether it keeps other campaigns out.
fn is_alone(subject: &Subject<'_>) -> bool {
    subject.campaign.stacking.exclusive || subject.campaign.stacking.last
}

/// What a campaign takes of the original prices of all lines, but for discounts that take all by themselves.
fn share_of_original(subject: &Subject<'_>) -> i64 {
    let says = |discount: &Json, name: &str, what: &str| discount.get(name).and_then(Json::as_str) == Some(what);
    let of_campaign = subject.record.manners.base == Base::Original;
    let is_share = |discount: &&Json| {
        says(discount, "type", "percent_off")
            && (of_campaign || says(discount, "base", "original"))
            && !is_bounded(subject, discount)
    };
    let shares = subject.campaign.discounts.iter().filter(is_share).filter_map(share).filter(|share| *share < WHOLE);
    shares.fold(0, i64::saturating_add)
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
