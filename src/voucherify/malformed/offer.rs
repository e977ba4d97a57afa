//! Offers as they are written: vouchers, tiers, what a campaign's vouchers have, and how points are earned.

use alloc::format;
use alloc::string::String;

use rust_decimal::Decimal;
use serde_json::Value;

use super::super::call::Call;
use super::super::fault::Fault;
use super::super::fields::{decimal, list, text, whole};
use super::super::moment;

const MONEY_EFFECTS: &[&str] = &[
    "APPLY_TO_ORDER",
    "APPLY_TO_ITEMS",
    "APPLY_TO_ITEMS_BY_QUANTITY",
    "APPLY_TO_ITEMS_PROPORTIONALLY",
    "APPLY_TO_ITEMS_PROPORTIONALLY_BY_QUANTITY",
];
const UNIT_EFFECTS: &[&str] =
    &["ADD_NEW_ITEMS", "ADD_MISSING_ITEMS", "ADD_SAME_ITEMS", "ADD_MANY_ITEMS", "REPLACE_ITEMS"];
const CALCULATIONS: &[&str] = &[
    "ORDER_AMOUNT",
    "ORDER_TOTAL_AMOUNT",
    "ORDER_METADATA",
    "ORDER_ITEMS_QUANTITY",
    "ORDER_ITEMS_AMOUNT",
    "ORDER_ITEMS_SUBTOTAL_AMOUNT",
    "CUSTOMER_METADATA",
    "CUSTOM_EVENT_METADATA",
];

/// A text that is one of some words, where it is there.
pub(in super::super) fn one_of(value: &Value, place: &str, words: &[&str]) -> Result<(), Fault> {
    if value.is_null() || text(value).is_some_and(|word| words.contains(&word)) {
        return Ok(());
    }
    Err(Fault::invalid(format!("Property {place} should be equal to one of the allowed values: {}", words.join(", "))))
}

fn missing(place: &str, member: &str) -> Fault {
    let of = if place.is_empty() { String::new() } else { format!("Property {place} ") };
    Fault::invalid(format!("{of}should have required property '{member}'"))
}

/// Whole numbers of a row that are not below zero, where they are there.
fn counts(row: &Value, place: &str, members: &[&str]) -> Result<(), Fault> {
    match members
        .iter()
        .find(|member| !row[**member].is_null() && whole(&row[**member]).is_none_or(|number| number < 0))
    {
        Some(member) => Err(Fault::invalid(format!("Property {place}.{member} should be integer"))),
        None => Ok(()),
    }
}

/// A voucher, or what the vouchers of a campaign have; one without a campaign says itself what it gives.
pub(super) fn voucher(call: &Call, row: &Value, place: &str, is_new: bool) -> Result<(), Fault> {
    one_of(&row["type"], &format!("{place}.type"), &["DISCOUNT_VOUCHER", "GIFT_VOUCHER", "LOYALTY_CARD"])?;
    let has_campaign = ["campaign", "campaign_id"].iter().any(|member| text(&row[*member]).is_some());
    if is_new && !has_campaign && row["type"] == "DISCOUNT_VOUCHER" && row["discount"].is_null() {
        return Err(missing(place, "discount"));
    }
    discount(&row["discount"], &format!("{place}.discount"))?;
    if row["gift"].is_object() && whole(&row["gift"]["amount"]).is_none_or(|amount| amount < 0) && is_new {
        return Err(Fault::invalid(format!("Property {place}.gift.amount should be integer")));
    }
    counts(&row["gift"], &format!("{place}.gift"), &["amount"])?;
    counts(&row["redemption"], &format!("{place}.redemption"), &["quantity"])?;
    times(call, row, place)?;
    // windows at intervals begin with the start, which may be the campaign's
    if is_new && !has_campaign && row["validity_timeframe"].is_object() && row["start_date"].is_null() {
        return Err(missing(place, "start_date"));
    }
    Ok(())
}

/// What a discount takes off, and how.
pub(super) fn discount(row: &Value, place: &str) -> Result<(), Fault> {
    if row.is_null() {
        return Ok(());
    }
    one_of(&row["type"], &format!("{place}.type"), &["AMOUNT", "PERCENT", "FIXED", "UNIT"])?;
    let told = text(&row["type"]);
    let effect = format!("{place}.effect");
    match told {
        Some("UNIT") => one_of(&row["effect"], &effect, UNIT_EFFECTS)?,
        Some(_) => one_of(&row["effect"], &effect, MONEY_EFFECTS)?,
        None => one_of(&row["effect"], &effect, &[MONEY_EFFECTS, UNIT_EFFECTS].concat())?,
    }
    let needed = match told {
        Some("AMOUNT") => Some("amount_off"),
        Some("PERCENT") => Some("percent_off"),
        // the products may have the prices, and units are one where nothing is said
        _ => None,
    };
    let lacks = |member: &&str| row[*member].is_null() && text(&row[format!("{member}_formula").as_str()]).is_none();
    if let Some(member) = needed.filter(lacks) {
        return Err(missing(place, member));
    }
    counts(row, place, &["amount_off", "fixed_amount", "unit_off", "amount_limit", "aggregated_amount_limit"])?;
    for (index, unit) in list(&row["units"]).into_iter().enumerate() {
        one_of(&unit["effect"], &format!("{place}.units[{index}].effect"), &["ADD_NEW_ITEMS", "ADD_MISSING_ITEMS"])?;
        counts(unit, &format!("{place}.units[{index}]"), &["unit_off"])?;
    }
    let percent = decimal(&row["percent_off"]);
    let is_share = |percent: Decimal| !percent.is_sign_negative() && percent <= Decimal::ONE_HUNDRED;
    if !row["percent_off"].is_null() && !percent.is_some_and(is_share) {
        return Err(Fault::invalid(format!("Property {place}.percent_off should be <= 100")));
    }
    Ok(())
}

/// Dates, days, hours and windows at intervals.
pub(super) fn times(call: &Call, row: &Value, place: &str) -> Result<(), Fault> {
    let zone = moment::zone(text(&call.project.settings()["timezone"]));
    let start = &row["start_date"];
    if !start.is_null() && text(start).and_then(|start| moment::parse(start, &zone)).is_none() {
        return Err(Fault::invalid(format!("Property {place}.start_date should be a date")));
    }
    days(&row["validity_day_of_week"], &format!("{place}.validity_day_of_week"))?;
    for (index, hours) in list(&row["validity_hours"]["daily"]).into_iter().enumerate() {
        let place = format!("{place}.validity_hours.daily[{index}]");
        for member in ["start_time", "expiration_time"] {
            let is_time = |time: &str| time.parse::<jiff::civil::Time>().is_ok();
            if !hours[member].is_null() && !text(&hours[member]).is_some_and(is_time) {
                return Err(Fault::invalid(format!("Property {place}.{member} should be a time as HH:mm")));
            }
        }
        days(&hours["days_of_week"], &format!("{place}.days_of_week"))?;
    }
    let frame = &row["validity_timeframe"];
    if frame.is_object() {
        for member in ["interval", "duration"] {
            if text(&frame[member]).and_then(moment::span).is_none() {
                return Err(Fault::invalid(format!(
                    "Property {place}.validity_timeframe.{member} should be a duration"
                )));
            }
        }
    }
    Ok(())
}

/// Days of the week: 0, Sunday, to 6.
fn days(days: &Value, place: &str) -> Result<(), Fault> {
    let is_day = |day: &&Value| whole(day).is_some_and(|day| (0..=6).contains(&day));
    match list(days).iter().position(|day| !is_day(day)) {
        Some(index) => Err(Fault::invalid(format!("Property {place}[{index}] should be a day from 0 to 6"))),
        None => Ok(()),
    }
}

/// A rule by which points are earned.
pub(super) fn earning_rule(call: &Call, row: &Value) -> Result<(), Fault> {
    let loyalty = &row["loyalty"];
    one_of(&loyalty["type"], ".loyalty.type", &["FIXED", "PROPORTIONAL"])?;
    one_of(&loyalty["calculation_type"], ".loyalty.calculation_type", CALCULATIONS)?;
    if loyalty["type"] == "PROPORTIONAL" && loyalty["calculation_type"].is_null() {
        return Err(missing(".loyalty", "calculation_type"));
    }
    times(call, row, "")
}
