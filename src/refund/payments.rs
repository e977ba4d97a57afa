//! Where the money goes: the last payment is paid back first.

use super::RefundPayment;
use crate::cart::Cart;
use crate::catalog::Catalog;
use crate::engine::answer::Answer;
use crate::money::{Amount, Rate, Rounding};
use crate::payment;
use alloc::vec::Vec;

/// How an order was paid.
#[derive(Debug)]
pub(super) struct PaidWith {
    /// What each payment covered, in the order in which they were used: its place in the request, the amount, and
    /// whether nothing was earned on it.
    payments: Vec<(usize, i64, bool)>,
    /// What was due at the end.
    due: i64,
}

impl PaidWith {
    /// How the order that was just answered was paid.
    pub(super) fn of(catalog: &Catalog, cart: &Cart, answer: &Answer) -> PaidWith {
        let mut due = answer.total;
        let paid = answer.payments.iter().fold(0_i64, |sum, paid| sum.saturating_add(paid.amount));
        let payable = answer.due.saturating_sub(answer.cash.unwrap_or(0)).saturating_add(paid);
        // with taxes on top payments cover more than the prices that are paid back
        let at_own_prices = Rate::ratio(answer.total, payable).unwrap_or(Rate::ONE);
        let payments = answer.payments.iter().map(|paid| {
            let place = paid.payment as usize;
            let covered = at_own_prices.of(Amount::new(paid.amount), Rounding::HalfUp).minor().clamp(0, due);
            due = due.saturating_sub(covered);
            let payment = cart.payments.get(place);
            let method = payment.and_then(|payment| catalog.payments().get(payment.method? as usize));
            (place, covered, payment.is_some_and(|payment| !payment::earns(payment, method)))
        });
        let payments = payments.collect();
        PaidWith { payments, due }
    }

    /// What was paid without earning, as with points.
    pub(super) fn points(&self) -> i64 {
        self.payments.iter().filter(|(.., points)| *points).fold(0, |sum, (_, amount, _)| sum.saturating_add(*amount))
    }

    /// What goes back to points when so much is paid back in all.
    pub(super) fn points_back(&self, paid_back: i64) -> i64 {
        let parts = self.split(0, paid_back);
        let points = parts
            .iter()
            .filter(|part| self.payments.iter().any(|(place, _, points)| *points && part.payment == Some(*place)));
        points.fold(0, |sum, part| sum.saturating_add(part.amount))
    }

    /// Where what is paid back after `before` and up to `after` goes.
    pub(super) fn split(&self, before: i64, after: i64) -> Vec<RefundPayment> {
        let payments = self.payments.iter().rev().map(|(place, amount, _)| (Some(*place), *amount));
        let mut passed = 0_i64;
        let mut parts = Vec::new();
        for (payment, covered) in core::iter::once((None, self.due)).chain(payments) {
            let end = passed.saturating_add(covered);
            let amount = end.min(after).saturating_sub(passed.max(before));
            if amount > 0 {
                parts.push(RefundPayment { payment, amount });
            }
            passed = end;
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn what_was_used_last_is_paid_back_first() {
        let paid = |payments: &[(usize, i64, bool)], due| PaidWith { payments: payments.to_vec(), due };
        let split = |due, before, after| {
            let parts = paid(&[(1, 300, false), (0, 200, true)], due).split(before, after);
            parts.iter().map(|part| (part.payment, part.amount)).collect::<Vec<_>>()
        };
        assert_eq!(split(500, 0, 499), [(None, 499)]);
        assert_eq!(split(500, 0, 501), [(None, 500), (Some(0), 1)]);
        assert_eq!(split(500, 499, 701), [(None, 1), (Some(0), 200), (Some(1), 1)]);
        assert_eq!(split(0, 0, 400), [(Some(0), 200), (Some(1), 200)]);
        assert_eq!(paid(&[], 5).split(0, 5), vec![RefundPayment { payment: None, amount: 5 }]);
    }
}
