//! How often something was redeemed: counters by redeemable, campaign, customer and civil day, week or month.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::call::Call;
use super::fields::text;
use super::rule::Asked;
use crate::ledger::calendar::{self, Every, WeekStart, Zone};
use crate::time::Timestamp;

const PERIODS: [(&str, Option<Every>); 4] =
    [("", None), ("daily", Some(Every::Day)), ("weekly", Some(Every::Week)), ("monthly", Some(Every::Month))];

fn name(call: &Call, what: &str, of: &str, customer: &str, every: Option<Every>, at: Timestamp) -> String {
    let zone: Zone = text(&call.project.settings()["timezone"]).and_then(Zone::parse).unwrap_or_default();
    let week = match text(&call.project.settings()["week_start"]) {
        Some("SUNDAY" | "sunday") => WeekStart::Sunday,
        _ => WeekStart::Monday,
    };
    let first = every.map(|every| (every, every.first_day(zone.date_at(at), week)));
    let period = first.map(|(every, day)| alloc::format!("{}:{}", every.name(), calendar::text(day)));
    [what, of, customer, period.as_deref().unwrap_or_default()].join("|")
}

/// What a rule counts, with the redemption that is asked about; nothing for other rules.
pub(super) fn asked(asked: &Asked<'_>, rule: &str) -> Option<i64> {
    let (call, campaign) = (asked.call, asked.redeemable.campaign_id());
    let customer = asked.customer.counted_as();
    let own = asked.redeemable.counted_as();
    let counted = |what: &str, of: &str, customer: &str, period: &str| {
        let every = PERIODS.iter().find(|(name, _)| *name == period)?.1;
        Some(call.project.counter(&name(call, what, of, customer, every, call.now)))
    };
    let (stem, period) = match rule.rsplit_once('.') {
        Some((stem, period @ ("daily" | "weekly" | "monthly"))) => (stem, period),
        _ => (rule, ""),
    };
    let (before, this) = match stem {
        "campaign.redemptions.count" => (counted("uses", campaign, "", period)?, 1),
        "campaign.redemptions.customers_count" => (counted("uses", campaign, &customer, period)?, 1),
        "redemption.count" => (counted("uses", &own, "", period)?, 1),
        "redemption.count.per_customer" => (counted("uses", &own, &customer, period)?, 1),
        "redemption.gift.amount" => (counted("discounts", campaign, "", period)?, asked.used),
        "campaign.orders.amount" => (counted("orders", campaign, "", period)?, asked.before.amount),
        "campaign.orders.amount_discounted" => (counted("discounts", campaign, "", period)?, asked.after.step_amount()),
        _ => return None,
    };
    Some(before.saturating_add(this))
}

/// Counts a redemption, or takes it back with `sign` -1, on the day on which it was made.
pub(super) fn note(call: &Call, redeemed: &Redeemed<'_>, sign: i64) {
    let mut of: Vec<&str> = alloc::vec![redeemed.redeemable];
    of.extend(Some(redeemed.campaign).filter(|campaign| !campaign.is_empty()));
    for of in of {
        for customer in ["", redeemed.customer] {
            for (_, every) in PERIODS {
                call.project.add(&name(call, "uses", of, customer, every, redeemed.at), sign);
            }
            if redeemed.customer.is_empty() {
                break;
            }
        }
    }
    if !redeemed.campaign.is_empty() {
        for (what, amount) in [("orders", redeemed.amount), ("discounts", redeemed.discount)] {
            for (_, every) in PERIODS {
                let id = name(call, what, redeemed.campaign, "", every, redeemed.at).to_string();
                call.project.add(&id, amount.saturating_mul(sign));
            }
        }
    }
}

/// A redemption that counts.
pub(super) struct Redeemed<'a> {
    pub(super) redeemable: &'a str,
    pub(super) campaign: &'a str,
    pub(super) customer: &'a str,
    pub(super) at: Timestamp,
    pub(super) amount: i64,
    pub(super) discount: i64,
}
