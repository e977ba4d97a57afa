//! Settling: the tax of what is left, what payments pay of it, and what is due in coins.

use alloc::vec;
use alloc::vec::Vec;

use super::answer::{Answer, Paid};
use crate::allocate::Allocation;
use crate::balance::Balances;
use crate::cart::{Cart, CashRounding};
use crate::catalog::Catalog;
use crate::facts::Facts;
use crate::money::{Amount, PriceMode, Rate, Rounding};
use crate::payment::{self, Bill, Method, Terms};
use crate::selector::Selector;

/// Settles what the answer's totals come to. Returns what is paid of each of the engine's lines without earning
/// points, at the cart's prices; nothing when all of it earns.
pub(super) fn settle(
    facts: &Facts<'_>,
    catalog: &Catalog,
    balances: &Balances,
    allocation: &mut Allocation,
    answer: &mut Answer,
) -> Vec<i64> {
    let cart = facts.cart;
    answer.due = answer.total;
    let is_plain = cart.payments.is_empty() && cart.cash.is_none() && !cart.wants_taxes;
    if is_plain && cart.prices == PriceMode::Gross {
        return Vec::new();
    }
    let charges = answer.shipping_lines.iter().map(|(price, discount)| price.saturating_sub(*discount));
    let left: Vec<i64> = balances.lines().iter().copied().chain(charges).collect();
    let taxes = taxes(cart, &left, allocation, answer);
    let mut given = Given::new(cart, answer);
    answer.line_taxes = given.spread(cart, &taxes, allocation);
    answer.tax = taxes.iter().fold(0, |sum, tax| sum.saturating_add(*tax));
    let mut open = left.clone();
    if cart.prices == PriceMode::Net {
        open.iter_mut().zip(&taxes).for_each(|(open, tax)| *open = open.saturating_add(*tax));
        given.open.iter_mut().zip(&answer.line_taxes).for_each(|(open, tax)| *open = open.saturating_add(*tax));
    }
    let total = open.iter().fold(0_i64, |sum, part| sum.saturating_add(*part));
    let whole = open.clone();
    let mut bill = Bill { open, lines: cart.lines.len(), total };
    let unearning = pay(facts, catalog, &mut bill, &mut given, allocation, answer);
    let due = bill.open.iter().fold(0_i64, |sum, part| sum.saturating_add(*part));
    let rounded = cart.cash.map(|cash| in_coins(due, cash));
    answer.cash = rounded.map(|rounded| rounded.saturating_sub(due));
    answer.due = rounded.unwrap_or(due);
    // what is paid is told with tax, what is earned on may be without
    let at_own_prices = |((paid, left), whole): ((i64, &i64), &i64)| match cart.prices {
        PriceMode::Gross => paid,
        PriceMode::Net => {
            Rate::ratio(*left, *whole).map_or(0, |share| share.of(Amount::new(paid), Rounding::HalfUp).minor())
        }
    };
    unearning.into_iter().zip(&left).zip(&whole).map(at_own_prices).collect()
}

/// Lines as given, and what is open of each; charges after them.
struct Given {
    lines: Vec<usize>,
    open: Vec<i64>,
}

impl Given {
    fn new(cart: &Cart, answer: &Answer) -> Given {
        let parts = answer.lines.iter().chain(&answer.shipping_lines);
        let of_line = |index| cart.given_line(index).map_or(0, |given| given.line as usize);
        let charges = (0..cart.shipping.len()).map(|charge| cart.lines.len().saturating_add(charge));
        Given {
            lines: (0..cart.given_count()).map(of_line).chain(charges).collect(),
            open: parts.map(|(price, discount)| price.saturating_sub(*discount)).collect(),
        }
    }

    /// Shares of the engine's lines over those as given, in proportion to what is open of them.
    fn spread(&self, cart: &Cart, shares: &[i64], allocation: &mut Allocation) -> Vec<i64> {
        if cart.given.is_empty() {
            return shares.to_vec();
        }
        let mut parts = vec![0; self.open.len()];
        for (line, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0) {
            let members = || (0..self.open.len()).filter(|at| self.lines.get(*at) == Some(&line));
            let mut weights: Vec<i64> = members().map(|at| self.open.get(at).copied().unwrap_or(0)).collect();
            allocation.split(*share, &mut weights);
            for (at, part) in members().zip(weights) {
                if let Some(place) = parts.get_mut(at) {
                    *place = part;
                }
            }
        }
        parts
    }
}

/// The tax of each line and charge; its sums by rate go into the answer.
fn taxes(cart: &Cart, left: &[i64], allocation: &mut Allocation, answer: &mut Answer) -> Vec<i64> {
    let lines = cart.lines.len();
    let rate = |part: usize| match part.checked_sub(lines) {
        None => cart.tax_of_line(part),
        Some(charge) => cart.tax_of_charge(charge),
    };
    let mut taxes: Vec<i64> = vec![0; left.len()];
    let mut rates: Vec<i64> = (0..left.len()).map(rate).collect();
    crate::order::sort(&mut rates, |a, b| a < b);
    rates.dedup();
    for known in rates {
        let of_rate = || (0..left.len()).filter(|part| rate(*part) == known);
        let parts: Vec<i64> = of_rate().map(|part| left.get(part).copied().unwrap_or(0)).collect();
        let sum: Amount = parts.iter().map(|part| Amount::new(*part)).sum();
        let own = if cart.rounds_tax_in_total {
            let mut shares = parts;
            allocation.split(cart.tax(known, sum).minor(), &mut shares);
            shares
        } else {
            parts.iter().map(|part| cart.tax(known, Amount::new(*part)).minor()).collect()
        };
        let tax = own.iter().fold(0_i64, |sum, tax| sum.saturating_add(*tax));
        for (part, tax) in of_rate().zip(own) {
            if let Some(place) = taxes.get_mut(part) {
                *place = tax;
            }
        }
        let net = if cart.prices == PriceMode::Net { sum.minor() } else { sum.minor().saturating_sub(tax) };
        answer.tax_rates.push([known, net, tax]);
    }
    taxes
}

/// Lets payments pay, one after the other; what they pay of each part without earning.
fn pay(
    facts: &Facts<'_>,
    catalog: &Catalog,
    bill: &mut Bill,
    given: &mut Given,
    allocation: &mut Allocation,
    answer: &mut Answer,
) -> Vec<i64> {
    let cart = facts.cart;
    let mut unearning = Vec::new();
    let mut shares = Vec::new();
    for place in payment::order(&cart.payments, catalog.payments()) {
        let Some(payment) = cart.payments.get(place) else { continue };
        let method = payment.method.and_then(|index| catalog.payments().get(index as usize));
        let covers = method.filter(|method| method.is_restricted()).map(|method| parts_of(facts, method));
        let amount = |row| facts.amount(row).map(Amount::minor);
        let terms = Terms {
            method,
            covers: covers.as_deref(),
            // a limit that does not cover the currency must not turn into "no limit"
            most: method.and_then(|method| method.most).map(|row| amount(row).unwrap_or(0)),
            worth: method.and_then(|method| method.exchange.as_ref()).and_then(|exchange| amount(exchange.worth)),
        };
        let used = payment::pay(payment, terms, (cart.currency, cart.now), bill, allocation, &mut shares);
        if !payment::earns(payment, method) && used.amount > 0 {
            unearning.resize(bill.lines, 0_i64);
            unearning.iter_mut().zip(&shares).for_each(|(sum, share)| *sum = sum.saturating_add(*share));
        }
        let of_given = given.spread(cart, &shares, allocation);
        given.open.iter_mut().zip(&of_given).for_each(|(open, share)| *open = open.saturating_sub(*share));
        let lines = cart.given_count();
        let index32 = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let (from, shipping_from) = (index32(answer.paid_shares.len()), index32(answer.paid_shipping.len()));
        for (part, share) in of_given.into_iter().enumerate().filter(|(_, share)| *share > 0) {
            match part.checked_sub(lines) {
                None => answer.paid_shares.push((index32(part), share)),
                Some(charge) => answer.paid_shipping.push((index32(charge), share)),
            }
        }
        answer.payments.push(Paid {
            payment: index32(place),
            status: used.status,
            amount: used.amount,
            points: used.points,
            left: used.left,
            shares: (from, index32(answer.paid_shares.len())),
            shipping: (shipping_from, index32(answer.paid_shipping.len())),
            reason: used.why(),
        });
    }
    unearning
}

/// Which lines and charges a method may pay.
fn parts_of(facts: &Facts<'_>, method: &Method) -> Vec<bool> {
    let cart = facts.cart;
    let mut covers = vec![method.lines == Selector::All; cart.lines.len()];
    facts.each_line(method.lines, |line, _| {
        if let Some(covered) = covers.get_mut(line) {
            *covered = true;
        }
    });
    covers.resize(cart.lines.len().saturating_add(cart.shipping.len()), method.shipping);
    covers
}

/// What is due as a multiple of the smallest coin.
fn in_coins(due: i64, cash: CashRounding) -> i64 {
    Rate::ratio(1, cash.to).map_or(due, |one| one.of(Amount::new(due), cash.mode).times(cash.to).minor())
}
