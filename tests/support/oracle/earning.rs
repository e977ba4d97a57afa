//! Points.

use serde_json::Value;

use super::lines::Line;
use super::numbers::{decimal, members, whole};
use super::spreading::spread;
use super::till::Till;

/// Points for the money of each rule, times all factors, fractions dropped once for each rule.
pub(super) fn points(rules: &[&Value], till: &Till<'_>) -> i128 {
    let (mut above, mut below) = (1, 1);
    for rule in rules.iter().filter(|rule| rule["type"] == "points_multiplier") {
        let (numerator, denominator) = decimal(&rule["factor"]);
        (above, below) = (above * numerator, below * denominator);
    }
    let left: Vec<i128> = till.lines.iter().map(Line::left).collect();
    let payments = members(till.request, "payments").iter().filter(|payment| payment["type"] == "points");
    let paid = spread(payments.map(|payment| whole(&payment["amount"])).sum(), &left);
    let mut points = 0;
    for rule in rules.iter().filter(|rule| rule["type"] == "points_per_amount") {
        let Some(per) = till.amount(&rule["per"]) else { continue };
        let worth = |line: usize| if rule["base"] == "original" { till.lines[line].original() } else { left[line] };
        let lines = till.selected(&rule["lines"]);
        let money: i128 = lines.into_iter().map(|line| (worth(line) - paid[line]).max(0)).sum();
        points += money * whole(&rule["points"]) * above / (per * below);
    }
    points
}
