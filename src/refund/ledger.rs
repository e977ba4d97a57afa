//! What every unit of an order cost, and who took what off it.

use super::payments::PaidWith;
use crate::balance::Run;
use crate::cart::Cart;
use crate::catalog::Catalog;
use crate::engine::{Desk, Disclosure};
use crate::quote::slots;
use alloc::vec::Vec;

/// What a campaign gave.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given {
    pub(super) promotion: u32,
    /// What it took off shipping.
    pub(super) shipping: i64,
    /// Whether it is evaluated again for what is kept.
    pub(super) reevaluates: bool,
}

/// An order as it was paid.
#[derive(Debug)]
pub(super) struct Ledger {
    /// By line as given: runs of equal units, those that cost least first.
    lines: Vec<Vec<Run>>,
    /// What each charge for shipping cost.
    pub(super) shipping: Vec<i64>,
    /// The campaigns that applied, in order.
    pub(super) given: Vec<Given>,
    /// The campaigns that gave points.
    pub(super) earners: Vec<u32>,
    /// The points that it gave.
    pub(super) points: i64,
    /// What the order cost.
    pub(super) total: i64,
    /// How it was paid.
    pub(super) paid_with: PaidWith,
}

/// What the codes of one campaign gave is told as one.
fn together(mut all: Vec<Given>, one: Given) -> Vec<Given> {
    match all.last_mut().filter(|last| last.promotion == one.promotion) {
        Some(last) => last.shipping = last.shipping.saturating_add(one.shipping),
        None => all.push(one),
    }
    all
}

impl Ledger {
    /// Evaluates the order as it was charged.
    pub(super) fn of(catalog: &Catalog, cart: &Cart, desk: &mut Desk) -> Ledger {
        desk.evaluate(catalog, cart, Disclosure::Full);
        let answer = desk.answer();
        let given = answer.applied.iter().map(|applied| {
            let shares = answer.shipping_shares.get(applied.shipping_from as usize..applied.shipping_until as usize);
            let shipping = shares.unwrap_or(&[]).iter().fold(0_i64, |sum, (_, share)| sum.saturating_add(*share));
            let reevaluates = catalog.promotion(applied.promotion).is_some_and(|known| known.record.reevaluates);
            Given { promotion: applied.promotion, shipping, reevaluates }
        });
        Ledger {
            lines: (0..cart.given_count()).map(|line| slots::units(cart, desk.balances(), answer, line)).collect(),
            shipping: answer.shipping_lines.iter().map(|(price, off)| price.saturating_sub(*off)).collect(),
            given: given.fold(Vec::new(), together),
            earners: desk.earners().to_vec(),
            points: answer.points,
            total: answer.total,
            paid_with: PaidWith::of(catalog, cart, answer),
        }
    }

    /// How many lines there are.
    pub(super) fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// How many units of a line were bought.
    pub(super) fn bought(&self, line: usize) -> i64 {
        self.runs(line).iter().fold(0, |sum, run| sum.saturating_add(run.count))
    }

    /// The units of a line from the `from`th to before the `until`th, those that cost least first.
    pub(super) fn slice(&self, line: usize, from: i64, until: i64) -> Vec<Run> {
        let mut passed = 0_i64;
        let mut found = Vec::new();
        for run in self.runs(line) {
            let end = passed.saturating_add(run.count);
            let count = end.min(until).saturating_sub(passed.max(from));
            if count > 0 {
                found.push(Run { count, ..run.clone() });
            }
            passed = end;
        }
        found
    }

    /// Whether all units come back.
    pub(super) fn is_all(&self, returned: &[i64]) -> bool {
        (0..self.line_count()).zip(returned).all(|(line, count)| self.bought(line) == *count)
    }

    /// What the returned units cost, and shipping with the last of them.
    pub(super) fn cost_of(&self, returned: &[i64]) -> i64 {
        if self.is_all(returned) {
            return self.total;
        }
        let lines = returned.iter().enumerate().flat_map(|(line, count)| self.slice(line, 0, *count));
        lines.fold(0, |sum, run| sum.saturating_add(run.left.saturating_mul(run.count)))
    }

    /// What the `count`th unit of a line cost, counted from 1.
    pub(super) fn cost_of_unit(&self, line: usize, count: i64) -> i64 {
        self.slice(line, count.saturating_sub(1), count).first().map_or(0, |run| run.left)
    }

    /// What is left of a line's units that are kept.
    pub(super) fn left_of_kept(&self, line: usize, returned: i64) -> i64 {
        let kept = self.slice(line, returned, i64::MAX);
        kept.iter().fold(0, |sum, run| sum.saturating_add(run.left.saturating_mul(run.count)))
    }

    /// What a campaign took off the units that are kept, and off shipping.
    pub(super) fn given_to_kept(&self, given: &Given, returned: &[i64]) -> i64 {
        if self.is_all(returned) {
            return 0;
        }
        let kept = returned.iter().enumerate().flat_map(|(line, count)| self.slice(line, *count, i64::MAX));
        kept.fold(given.shipping, |sum, run| {
            let own = run.taken.iter().filter(|(promotion, _)| *promotion == given.promotion);
            let each = own.fold(0_i64, |sum, (_, amount)| sum.saturating_add(*amount));
            sum.saturating_add(each.saturating_mul(run.count))
        })
    }

    fn runs(&self, line: usize) -> &[Run] {
        self.lines.get(line).map_or(&[], Vec::as_slice)
    }
}
