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
    /// Those of them that cost something.
    pub paid: i64,
    /// What is left of it after discounts, less what is paid without earning.
    pub left: i64,
    /// The same before discounts.
    pub before: i64,
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
    let (unearning, costing) = (unearning(quoted), costing(quoted));
    let ids = request.get("lines").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let of = |(place, json): (usize, &Json)| {
        let line = cart.given_line(place)?;
        let (price, discount) = quoted.answer.lines.get(place).copied()?;
        let paid = unearning.get(place).copied().unwrap_or(0);
        let rest = |worth: i64| worth.saturating_sub(paid).max(0);
        Some(Given {
            id: json.get("id")?.as_str()?.into(),
            line: line.line as usize,
            units: line.quantity.max(1),
            paid: costing.get(place).copied().unwrap_or(0),
            left: rest(price.saturating_sub(discount)),
            before: rest(price),
        })
    };
    let lines = ids.iter().enumerate().filter_map(of);
    lines.filter(|given| given.line < cart.bought_count()).collect()
}

/// The units of each line as given that cost something. Lines that are priced as one share them in their order, so that
/// it does not matter how a quantity is split.
fn costing(quoted: Quoted<'_>) -> Vec<i64> {
    let Quoted { cart, balances, .. } = quoted;
    let of_line = |line: usize| {
        let runs = balances.left_by_unit(cart, line);
        runs.iter().filter(|run| run.left > 0).fold(0_i64, |sum, run| sum.saturating_add(run.count))
    };
    let mut rest: Vec<i64> = (0..cart.lines.len()).map(of_line).collect();
    let take = |place: usize| {
        let given = cart.given_line(place)?;
        let rest = rest.get_mut(given.line as usize)?;
        let own = given.quantity.min(*rest);
        *rest = rest.saturating_sub(own);
        Some(own)
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

/// The units of each line of a cart that cost something.
pub(super) fn paid(cart: &Cart, given: &[Given]) -> Vec<i64> {
    let of = |line: usize| given.iter().filter(move |given| given.line == line);
    (0..cart.lines.len()).map(|line| of(line).fold(0_i64, |sum, given| sum.saturating_add(given.paid))).collect()
}

/// Balances of a cart of whose lines so much is left.
pub(super) fn balances(cart: &Cart, given: &[Given], of: impl Fn(&Given) -> i64) -> Balances {
    let mut balances = Balances::default();
    balances.start(cart);
    for line in 0..cart.lines.len() {
        let left = given.iter().filter(|given| given.line == line).fold(0, |sum, given| of(given).saturating_add(sum));
        let amount = balances.left(line).minor().saturating_sub(left);
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        balances.take(Share { promotion: 0, line, amount, manner: 0 });
    }
    balances
}
