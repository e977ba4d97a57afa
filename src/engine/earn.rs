//! Earning: points for what is left to pay, by the rules of the campaigns that qualified.

use crate::balance::Balances;
use crate::catalog::Catalog;
use crate::earning::points_per_amount::{Compiled as PerAmount, EarningBase};
use crate::earning::Earning;
use crate::facts::Facts;
use crate::money::{Amount, Rate, Rounding};
use alloc::vec::Vec;

/// Adds up the points of the `earners`, in order; writes points by campaign. A multiplier is credited with what
/// it adds.
pub(super) fn earn(
    facts: &Facts<'_>,
    catalog: &Catalog,
    balances: &Balances,
    earners: &[u32],
    unearning: &[i64],
    earned: &mut Vec<(u32, i64)>,
) -> i64 {
    let facts = &Facts { left: Some(balances.lines()), ..*facts };
    let mut base: Vec<(Amount, Rate, Rounding)> = Vec::new();
    let rules = || {
        let promotions = earners.iter().filter_map(|index| Some((*index, catalog.promotion(*index)?)));
        promotions.flat_map(|(index, promotion)| promotion.record.earning.iter().map(move |rule| (index, rule)))
    };
    let mut points = 0_i64;
    for (index, rule) in rules() {
        if let Earning::PointsPerAmount(rule) = rule {
            let Some(per) = facts.amount(rule.per) else { continue };
            let Some(rate) = Rate::ratio(rule.points, per.minor()) else { continue };
            let eligible = eligible(facts, rule, balances, unearning);
            let own = rate.of(eligible, rule.rounding).minor();
            base.push((eligible, rate, rule.rounding));
            credit(earned, index, own);
            points = points.saturating_add(own);
        }
    }
    let mut factor = Rate::ONE;
    for (index, rule) in rules() {
        if let Earning::PointsMultiplier(rule) = rule {
            factor = factor.then(&rule.factor);
            // fractions are rounded once for each base rule, after all factors so far
            let of = |(eligible, rate, rounding): &(Amount, Rate, Rounding)| {
                rate.then(&factor).of(*eligible, *rounding).minor()
            };
            let with = base.iter().map(of).fold(0_i64, i64::saturating_add);
            credit(earned, index, with.saturating_sub(points));
            points = with;
        }
    }
    points
}

fn credit(earned: &mut Vec<(u32, i64)>, promotion: u32, points: i64) {
    if points != 0 {
        earned.push((promotion, points));
    }
}

/// The money that earns: the selected lines, less what is paid of them without earning.
fn eligible(facts: &Facts<'_>, rule: &PerAmount, balances: &Balances, unearning: &[i64]) -> Amount {
    let mut sum = Amount::ZERO;
    facts.each_line(rule.lines, |index, line| {
        let worth = match rule.base {
            EarningBase::Discounted => balances.left(index),
            EarningBase::Original => Amount::new(line.subtotal()),
        };
        sum += (worth - Amount::new(unearning.get(index).copied().unwrap_or(0))).or_zero();
    });
    sum
}
