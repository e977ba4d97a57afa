//! When a voucher or a tier may be used at all.

use alloc::string::String;

use jiff::tz::TimeZone;
use jiff::Span;
use serde_json::Value;

use super::call::Call;
use super::customer::Customer;
use super::fault::Fault;
use super::fields::{count, list, text, whole};
use super::moment;
use super::redeemable::Redeemable;
use super::session;
use crate::time::Timestamp;

/// Why a redeemable may not be used now, if so.
pub(super) fn refusal(call: &Call, redeemable: &Redeemable, customer: &Customer) -> Option<Fault> {
    let zone = moment::zone(text(&call.project.settings()["timezone"]));
    let (row, campaign) = (&redeemable.row, &redeemable.campaign);
    if row["active"] == false {
        return Some(if redeemable.is_tier() {
            inactive(redeemable)
        } else {
            Fault::of_voucher("voucher_disabled", "voucher is disabled", &redeemable.id)
        });
    }
    if campaign["active"] == false {
        return Some(Fault::new(400, "campaign_not_active", "campaign is not active", redeemable.id.clone()));
    }
    let date = |member: &str| {
        let own = text(&row[member]).or_else(|| text(&campaign[member]));
        own.and_then(|date| moment::parse(date, &zone))
    };
    if date("start_date").is_some_and(|start| call.now < start) {
        return Some(too_early(redeemable));
    }
    if expiry(call, redeemable, &zone).or_else(|| date("expiration_date")).is_some_and(|end| call.now > end) {
        return Some(too_late(redeemable));
    }
    if is_out_of_hours(call, row, &zone) || (names_no_hours(row) && is_out_of_hours(call, campaign, &zone)) {
        return Some(not_now(redeemable));
    }
    if redeemable.is_tier() {
        return None;
    }
    if let Some(quantity) = whole(&row["redemption"]["quantity"]) {
        let used = count(&row["redemption"]["redeemed_quantity"]);
        let locked = session::locked(call, redeemable, "quantity");
        if used.saturating_add(locked) >= quantity {
            return Some(Fault::of_voucher("quantity_exceeded", "quantity exceeded", &redeemable.id));
        }
    }
    if redeemable.is_referral() {
        let holder = redeemable.holder();
        if customer.is_known() && holder.is_some_and(|holder| customer.is(&holder)) {
            let message = "voucher cannot be redeemed by referrer";
            return Some(Fault::of_voucher("referrer_not_permitted_to_redeem", message, &redeemable.id));
        }
    }
    None
}

fn inactive(redeemable: &Redeemable) -> Fault {
    Fault::new(400, "promotion_inactive", "Inactive Promotion", redeemable.id.clone())
}

fn too_early(redeemable: &Redeemable) -> Fault {
    if redeemable.is_tier() {
        return inactive(redeemable);
    }
    Fault::of_voucher("voucher_not_active", "voucher is not active yet", &redeemable.id)
}

fn too_late(redeemable: &Redeemable) -> Fault {
    if redeemable.is_tier() {
        return inactive(redeemable);
    }
    Fault::of_voucher("voucher_expired", "voucher expired", &redeemable.id)
}

fn not_now(redeemable: &Redeemable) -> Fault {
    if redeemable.is_tier() {
        return Fault::new(400, "promotion_not_active_now", "promotion not active now", redeemable.id.clone());
    }
    Fault::of_voucher("voucher_not_active_now", "voucher not active now", &redeemable.id)
}

/// The end of a voucher that is valid for so long after it was published.
fn expiry(call: &Call, redeemable: &Redeemable, zone: &TimeZone) -> Option<Timestamp> {
    let span = text(&redeemable.row["activity_duration_after_publishing"])
        .or_else(|| text(&redeemable.campaign["activity_duration_after_publishing"]))?;
    let published: Option<String> = text(&redeemable.row["published_at"]).map(Into::into).or_else(|| {
        let publication = call.project.one("publication", "voucher.code", &redeemable.id)?;
        text(&publication["created_at"]).map(Into::into)
    });
    let published = moment::clock(moment::parse(&published?, zone)?, zone)?;
    Some(moment::after(&published, moment::span(span)?, 1)?.timestamp().as_millisecond())
}

fn names_no_hours(row: &Value) -> bool {
    ["validity_timeframe", "validity_day_of_week", "validity_hours"].iter().all(|member| row[*member].is_null())
}

fn is_out_of_hours(call: &Call, row: &Value, zone: &TimeZone) -> bool {
    let Some(now) = moment::clock(call.now, zone) else { return false };
    let weekday = i64::from(now.weekday().to_sunday_zero_offset());
    let days = list(&row["validity_day_of_week"]);
    if !days.is_empty() && !days.iter().any(|day| whole(day) == Some(weekday)) {
        return true;
    }
    let daily = list(&row["validity_hours"]["daily"]);
    let is_open = |hours: &Value| {
        let days = list(&hours["days_of_week"]);
        let time = |member: &str| text(&hours[member]).and_then(|time| time.parse::<jiff::civil::Time>().ok());
        (days.is_empty() || days.iter().any(|day| whole(day) == Some(weekday)))
            && time("start_time").is_none_or(|start| now.time() >= start)
            && time("expiration_time").is_none_or(|end| now.time() < end)
    };
    if !daily.is_empty() && !daily.into_iter().any(is_open) {
        return true;
    }
    let frame = &row["validity_timeframe"];
    let span = |member: &str| text(&frame[member]).and_then(moment::span);
    let start = text(&row["start_date"]).and_then(|start| moment::parse(start, zone));
    let Some((start, (interval, duration))) = start.zip(span("interval").zip(span("duration"))) else { return false };
    in_window(start, interval, duration, call.now, zone) == Some(false)
}

/// Whether a moment is in one of the windows that begin at the start and after each interval.
pub(super) fn in_window(
    start: Timestamp,
    interval: Span,
    duration: Span,
    now: Timestamp,
    zone: &TimeZone,
) -> Option<bool> {
    if now < start {
        return Some(false);
    }
    let first = moment::clock(start, zone)?;
    let begins = |times: i64| moment::after(&first, interval, times);
    let length = begins(1)?.timestamp().as_millisecond().checked_sub(start).filter(|length| *length > 0)?;
    // months differ in length, so the count is near and one or two steps lead there
    let mut times = now.checked_sub(start)?.checked_div(length)?;
    while times > 0 && begins(times)?.timestamp().as_millisecond() > now {
        times = times.saturating_sub(1);
    }
    while begins(times.saturating_add(1))?.timestamp().as_millisecond() <= now {
        times = times.saturating_add(1);
    }
    let end = moment::after(&begins(times)?, duration, 1)?;
    Some(now < end.timestamp().as_millisecond())
}
