//! Numbers of documents and requests, exactly.

use serde_json::Value;

/// A percentage of an amount, with its fraction rounded as the campaign says.
pub(super) fn share_of(amount: i128, percent: &Value, rounding: &Value) -> i128 {
    let (numerator, denominator) = decimal(percent);
    let (numerator, denominator) = (amount * numerator, denominator * 100);
    let (below, rest) = (numerator / denominator, numerator % denominator);
    let up = match rounding["mode"].as_str().unwrap_or("half_up") {
        "half_up" => 2 * rest >= denominator,
        "half_down" => 2 * rest > denominator,
        "half_even" => 2 * rest > denominator || (2 * rest == denominator && below % 2 == 1),
        "up" => rest > 0,
        _ => false,
    };
    below + i128::from(up)
}

/// A decimal as a fraction: "12.5" is 125 tenths.
pub(super) fn decimal(text: &Value) -> (i128, i128) {
    let text = text.as_str().unwrap();
    let (before, after) = text.split_once('.').unwrap_or((text, ""));
    let denominator = 10_i128.pow(u32::try_from(after.len()).unwrap());
    (format!("{before}{after}").parse().unwrap(), denominator)
}

/// The lines that are no gifts.
pub(super) fn bought(request: &Value) -> impl Iterator<Item = &Value> {
    members(request, "lines").iter().filter(|line| line["giftOf"].is_null())
}

pub(super) fn amount(amounts: &Value, request: &Value) -> Option<i128> {
    amounts[request["currency"].as_str().unwrap()].as_i64().map(i128::from)
}

pub(super) fn price_of_line(line: &Value) -> i128 {
    whole(&line["unitPrice"]) * whole(&line["quantity"])
}

pub(super) fn whole(value: &Value) -> i128 {
    i128::from(value.as_i64().unwrap())
}

pub(super) fn count(units: &[i128]) -> i128 {
    i128::try_from(units.len()).unwrap()
}

pub(super) fn number(value: i128) -> i64 {
    i64::try_from(value).unwrap()
}

pub(super) fn members<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object[name].as_array().map_or(&[], Vec::as_slice)
}
