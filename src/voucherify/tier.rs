//! How long loyalty tiers are kept, in Voucherify's words and the ledger's.

use serde_json::{json, Value};

use super::fields::{row, set, text, whole};
use super::moment;

/// Which points count for tiers, when one begins and how long it is kept, as the ledger has it.
pub(super) fn levels_of(kept: &Value) -> Value {
    let by_period = text(&kept["qualification_type"]) == Some("POINTS_IN_PERIOD");
    let end = &kept["expiration_date"];
    let keep = match text(&end["type"]) {
        Some("END_OF_NEXT_PERIOD") => "end_of_next_period",
        Some("END_OF_PERIOD") => "end_of_period",
        // some time after the period, or after the balance dropped
        Some("CUSTOM") if by_period => "end_of_period",
        Some(_) => "balance_drop",
        None if by_period => "end_of_period",
        None => "balance_drop",
    };
    let rounding = &end["rounding"];
    let period = text(&kept["qualification_period"]).or_else(|| text(&rounding["type"]));
    let every = match period {
        Some("YEAR") => "year",
        Some("HALF_YEAR") => "half_year",
        Some("QUARTER") => "quarter",
        _ => "month",
    };
    let by = if by_period { "points_in_period" } else { "balance" };
    let mut levels = row(&json!({ "by": by, "every": every, "keep": keep, "extendMonths": 0 }));
    if by_period && text(&kept["start_date"]["type"]) == Some("NEXT_PERIOD") {
        set(&mut levels, "starts", "next_period");
    }
    if let Some(span) = text(&end["extend"]).and_then(moment::span) {
        let months = i64::from(span.get_months()).saturating_add(i64::from(span.get_years()).saturating_mul(12));
        let days = i64::from(span.get_days()).saturating_add(i64::from(span.get_weeks()).saturating_mul(7));
        set(&mut levels, "extendMonths", months.max(0));
        if days > 0 {
            set(&mut levels, "extendDays", days);
        }
    }
    if let Some(round_to) = round_to(rounding).filter(|_| text(&end["type"]) == Some("CUSTOM")) {
        set(&mut levels, "roundTo", round_to);
    }
    levels.into()
}

/// The months of Voucherify's rounding of tiers are counted from 0.
fn round_to(rounding: &Value) -> Option<Value> {
    if text(&rounding["strategy"]) == Some("START") {
        return None;
    }
    Some(match text(&rounding["type"])? {
        "MONTH" => json!("month"),
        "QUARTER" => json!("quarter"),
        "HALF_YEAR" => json!("half_year"),
        "YEAR" => json!("year"),
        _ => json!({ "monthOfYear": whole(&rounding["value"])?.saturating_add(1) }),
    })
}

/// The same as campaigns of Voucherify have it.
pub(super) fn tiers_expiration(levels: &Value) -> Value {
    let by_period = text(&levels["by"]) == Some("points_in_period");
    let round_to = &levels["roundTo"];
    let kind = match text(&levels["keep"]) {
        _ if !round_to.is_null() => "CUSTOM",
        Some("balance_drop") => "BALANCE_DROP",
        Some("end_of_next_period") => "END_OF_NEXT_PERIOD",
        _ => "END_OF_PERIOD",
    };
    let period = text(&levels["every"]).unwrap_or("month").to_ascii_uppercase();
    let mut end = row(&json!({ "type": kind }));
    let (months, days) = (whole(&levels["extendMonths"]).unwrap_or(0), whole(&levels["extendDays"]).unwrap_or(0));
    match (months, days) {
        (0, 0) => {}
        (months, 0) => set(&mut end, "extend", alloc::format!("P{months}M")),
        (0, days) => set(&mut end, "extend", alloc::format!("P{days}D")),
        (months, days) => set(&mut end, "extend", alloc::format!("P{months}M{days}D")),
    }
    if let Some(stretch) = text(round_to) {
        set(&mut end, "rounding", json!({ "type": stretch.to_ascii_uppercase(), "strategy": "END" }));
    } else if let Some(month) = whole(&round_to["monthOfYear"]) {
        let value = month.saturating_sub(1);
        set(&mut end, "rounding", json!({ "type": "CUSTOM", "strategy": "END", "unit": "MONTH", "value": value }));
    }
    let start = if text(&levels["starts"]) == Some("next_period") { "NEXT_PERIOD" } else { "IMMEDIATE" };
    json!({
        "qualification_type": if by_period { "POINTS_IN_PERIOD" } else { "BALANCE" }, "qualification_period": period,
        "start_date": { "type": start }, "expiration_date": end,
    })
}
