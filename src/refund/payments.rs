//! Where the money goes: the last payment is paid back first.

use super::RefundPayment;
use alloc::vec::Vec;
use serde::Deserialize;

/// How an order was paid.
pub(super) struct PaidWith {
    /// What each payment of the request covered, and whether with points.
    payments: Vec<(i64, bool)>,
    /// What was due at the end.
    due: i64,
}

/// The payments of a request that has been read, and whose amounts so are whole numbers.
#[derive(Deserialize)]
struct Order {
    #[serde(default)]
    payments: Option<Vec<Payment>>,
}

#[derive(Deserialize)]
struct Payment {
    #[serde(rename = "type")]
    kind: alloc::string::String,
    amount: i64,
}

impl PaidWith {
    /// How an order of this total was paid.
    pub(super) fn read(order: &[u8], total: i64) -> PaidWith {
        let order: Option<Order> = serde_json::from_slice(order).ok();
        let mut due = total;
        let payments = order.and_then(|order| order.payments).unwrap_or_default().into_iter().map(|payment| {
            let covered = payment.amount.clamp(0, due);
            due = due.saturating_sub(covered);
            (covered, payment.kind == "points")
        });
        let payments = payments.collect();
        PaidWith { payments, due }
    }

    /// What was paid with points.
    pub(super) fn points(&self) -> i64 {
        self.payments.iter().filter(|(_, points)| *points).fold(0, |sum, (amount, _)| sum.saturating_add(*amount))
    }

    /// What goes back to points when so much is paid back in all.
    pub(super) fn points_back(&self, paid_back: i64) -> i64 {
        let parts = self.split(0, paid_back);
        let points = parts.iter().filter(|part| {
            let payment = part.payment.and_then(|payment| self.payments.get(payment));
            payment.is_some_and(|(_, points)| *points)
        });
        points.fold(0, |sum, part| sum.saturating_add(part.amount))
    }

    /// Where what is paid back after `before` and up to `after` goes.
    pub(super) fn split(&self, before: i64, after: i64) -> Vec<RefundPayment> {
        let payments = self.payments.iter().enumerate().rev().map(|(place, (amount, _))| (Some(place), *amount));
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
    fn what_was_paid_last_is_paid_back_first() {
        let order =
            br#"{ "payments": [ { "type": "gift_card", "amount": 300 }, { "type": "points", "amount": 200 } ] }"#;
        let split = |total, before, after| {
            let parts = PaidWith::read(order, total).split(before, after);
            parts.iter().map(|part| (part.payment, part.amount)).collect::<Vec<_>>()
        };
        assert_eq!(split(1000, 0, 499), [(None, 499)]);
        assert_eq!(split(1000, 0, 501), [(None, 500), (Some(1), 1)]);
        assert_eq!(split(1000, 499, 701), [(None, 1), (Some(1), 200), (Some(0), 1)]);
        // more was offered than was to be paid
        assert_eq!(split(400, 0, 400), [(Some(1), 100), (Some(0), 300)]);
        assert_eq!(PaidWith::read(b"{}", 5).split(0, 5), vec![RefundPayment { payment: None, amount: 5 }]);
    }
}
