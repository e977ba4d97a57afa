//! An order as rules look at it: what of each line earns.

use alloc::vec::Vec;

use serde_json::Value as Json;

use super::Quoted;
use crate::balance::{Balances, Share};
use crate::cart::Cart;
use crate::money::{Amount, PriceMode, Rate, Rounding};
use crate::payment;

/// A line as given.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// Its id.
    pub id: alloc::string::String,
    /// The line of the cart that it is part of.
    pub line: usize,
    /// Its units.
    pub units: i64,
    /// Those of them that are not paid without earning.
    pub earning: i64,
    /// Those of these that cost something.
    pub paid: i64,
    /// What is left of it after discounts, less what is paid without earning.
    pub left: i64,
    /// The same before discounts.
    pub before: i64,
    /// What is paid of it without earning.
    pub without: i64,
}

impl Given {
    /// Whether nothing of it earns: points pay for all that it costs.
    pub fn is_paid_without(&self) -> bool {
        self.without > 0 && self.left == 0
    }
}

/// Members of a request that conditions do not ask for, and that name what only the shop's campaigns know.
const MONEY_MATTERS: &[&str] =
    &["codes", "payments", "redemptions", "budgets", "include", "declinedGifts", "stock", "cashRounding"];

/// A request without them: discounts are what the quote says.
pub(super) fn without_money_matters(request: &Json) -> Json {
    let mut asked = request.clone();
    if let Json::Object(members) = &mut asked {
        members.retain(|name, _| !MONEY_MATTERS.contains(&name.as_str()));
    }
    asked
}

/// The lines of a quoted order, as `cart` has them; gifts, which are not bought, aside.
pub(super) fn given(quoted: Quoted<'_>, cart: &Cart, request: &Json) -> Vec<Given> {
    let unearning = unearning(quoted);
    let costing = costing(quoted, &unearning);
    let ids = request.get("lines").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let of = |(place, json): (usize, &Json)| {
        let line = cart.given_line(place)?;
        let (price, discount) = quoted.answer.lines.get(place).copied()?;
        let without = unearning.get(place).copied().unwrap_or(0);
        let rest = |worth: i64| worth.saturating_sub(without).max(0);
        let (paid, covered) = costing.get(place).copied().unwrap_or_default();
        let units = line.quantity.max(1);
        Some(Given {
            id: json.get("id")?.as_str()?.into(),
            line: line.line as usize,
            units,
            earning: units.saturating_sub(covered),
            paid,
            left: rest(price.saturating_sub(discount)),
            before: rest(price),
            without,
        })
    };
    let lines = ids.iter().enumerate().filter_map(of);
    lines.filter(|given| given.line < cart.bought_count()).collect()
}

/// The units of each line as given that cost something and earn, and those that cost something and are paid without
/// earning: as many as that pays for in full, so a unit that is begun to be paid otherwise earns. Lines that are priced as
/// one share both in their order, so that it does not matter how a quantity is split.
fn costing(quoted: Quoted<'_>, unearning: &[i64]) -> Vec<(i64, i64)> {
    let Quoted { cart, answer, balances, .. } = quoted;
    let mut sums = alloc::vec![(0_i64, 0_i64); cart.lines.len()];
    for place in 0..cart.given_count() {
        let of_line = cart.given_line(place).and_then(|given| sums.get_mut(given.line as usize));
        let (Some((net, without)), Some((price, discount))) = (of_line, answer.lines.get(place)) else { continue };
        *net = net.saturating_add(price.saturating_sub(*discount));
        *without = without.saturating_add(unearning.get(place).copied().unwrap_or(0));
    }
    let of_line = |(line, (net, without)): (usize, (i64, i64))| {
        let runs = balances.left_by_unit(cart, line);
        let units = runs.iter().filter(|run| run.left > 0).fold(0_i64, |sum, run| sum.saturating_add(run.count));
        let covered = Rate::ratio(without.min(net), net.max(1));
        let covered = covered.map_or(0, |part| part.of(Amount::new(units), Rounding::Down).minor());
        (units.saturating_sub(covered), covered)
    };
    let mut rest: Vec<(i64, i64)> = sums.into_iter().enumerate().map(of_line).collect();
    let take = |place: usize| {
        let given = cart.given_line(place)?;
        let (paid, covered) = rest.get_mut(given.line as usize)?;
        let own = given.quantity.min(*paid);
        *paid = paid.saturating_sub(own);
        let gone = given.quantity.saturating_sub(own).min(*covered);
        *covered = covered.saturating_sub(gone);
        Some((own, gone))
    };
    (0..cart.given_count()).map(take).map(Option::unwrap_or_default).collect()
}

/// What is paid of each line as given without earning, at the cart's prices.
fn unearning(quoted: Quoted<'_>) -> Vec<i64> {
    let Quoted { catalog, cart, answer, .. } = quoted;
    let mut paid = alloc::vec![0_i64; answer.lines.len()];
    for used in &answer.payments {
        let Some(payment) = cart.payments.get(used.payment as usize) else { continue };
        let method = payment.method.and_then(|index| catalog.payments().get(index as usize));
        if payment::earns(payment, method) {
            continue;
        }
        let shares = answer.paid_shares.get(used.shares.0 as usize..used.shares.1 as usize).unwrap_or(&[]);
        for (line, share) in shares {
            let tax = answer.line_taxes.get(*line as usize).copied().unwrap_or(0);
            let (price, discount) = answer.lines.get(*line as usize).copied().unwrap_or_default();
            let net = price.saturating_sub(discount);
            // payments pay with tax; prices may be without
            let own = match cart.prices {
                PriceMode::Gross => *share,
                PriceMode::Net => Rate::ratio(net, net.saturating_add(tax))
                    .map_or(0, |rate| rate.of(Amount::new(*share), Rounding::HalfUp).minor()),
            };
            if let Some(place) = paid.get_mut(*line as usize) {
                *place = place.saturating_add(own);
            }
        }
    }
    paid
}

/// The sums of something of each line of a cart.
pub(super) fn sums(cart: &Cart, given: &[Given], what: impl Fn(&Given) -> i64) -> Vec<i64> {
    let of = |line: usize| given.iter().filter(move |given| given.line == line);
    (0..cart.lines.len()).map(|line| of(line).fold(0_i64, |sum, given| sum.saturating_add(what(given)))).collect()
}

/// Balances of a cart of whose lines so much is left.
pub(super) fn balances(cart: &Cart, given: &[Given], of: impl Fn(&Given) -> i64) -> Balances {
    let mut balances = Balances::default();
    balances.start(cart);
    for line in 0..cart.lines.len() {
        let left = given.iter().filter(|given| given.line == line).fold(0, |sum, given| of(given).saturating_add(sum));
        let amount = balances.left(line).minor().saturating_sub(left);
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        balances.take(Share::new(0, line, amount, 0));
    }
    balances
}
