//! Near misses: which small change of the cart would bring more, and what it would bring. Each is proven by
//! evaluating the cart with the step taken, except where any product would do and none is in the cart.

use super::answer::{Answer, Hint, Step};
use super::{screen, Desk, Disclosure};
use crate::cart::{Cart, Line, MAX_LINES, MAX_PRICE, MAX_QUANTITY};
use crate::catalog::Catalog;
use crate::condition::{Measure, Shortfall};
use crate::facts::Facts;
use crate::order;
use crate::selector::Selector;
use alloc::vec;
use alloc::vec::Vec;

/// Most steps that are tried for one quote, nearest first.
const MAX_TRIED: usize = 24;
/// Most hints that are returned.
const MAX_HINTS: usize = 8;

/// A threshold that the cart does not reach.
struct Miss {
    /// How near the cart comes to it.
    reached: i128,
    /// Its place among the misses, in the order of campaigns.
    rank: usize,
    promotion: u32,
    shortfall: Shortfall,
}

/// Finds the near misses of a cart.
pub(super) fn look(catalog: &Catalog, facts: &Facts<'_>, now: &Answer, aside: &mut Desk) -> Vec<Hint> {
    let mut misses: Vec<Miss> = Vec::new();
    let mut missed = |promotion: u32, shortfall: Shortfall| {
        // in parts of the threshold
        let actual = i128::from(shortfall.actual).saturating_mul(1_000_000);
        let reached = actual.checked_div(i128::from(shortfall.required)).unwrap_or(i128::MIN);
        misses.push(Miss { reached, rank: misses.len(), promotion, shortfall });
    };
    for (index, promotion) in (0_u32..).zip(catalog.promotions()) {
        let entered = facts.cart.codes.contains(&crate::cart::EnteredCode::Campaign(index));
        if promotion.by_code && !entered || !screen::runs(promotion, facts.cart.now) {
            continue;
        }
        if screen::qualifies(promotion, facts) {
            promotion.record.discounts.iter().filter_map(|d| d.next_step(facts)).for_each(|step| missed(index, step));
        } else if promotion.is_conjunction {
            let mut failing = promotion.record.conditions.iter().filter(|condition| !condition.holds(facts));
            if let (Some(condition), None) = (failing.next(), failing.next()) {
                condition.shortfall(facts).into_iter().for_each(|shortfall| missed(index, shortfall));
            }
        }
    }
    // nearest first, then in the order of the campaigns
    order::sort(&mut misses, |a, b| (b.reached, a.rank) < (a.reached, b.rank));
    misses.truncate(MAX_TRIED);
    let mut hints: Vec<Hint> = Vec::new();
    for Miss { promotion, shortfall: miss, .. } in misses {
        let Some((step, cost, cart)) = take(facts, &miss) else { continue };
        let worth = match cart {
            Some(cart) => {
                aside.evaluate(catalog, &cart, Disclosure::Full);
                let then = aside.answer();
                let reaches = then.applied.iter().any(|applied| applied.promotion == promotion);
                let worth = then.discount.saturating_sub(now.discount);
                if !reaches || worth <= 0 {
                    continue;
                }
                worth
            }
            None => 0,
        };
        let (required, actual) = (miss.required, miss.actual);
        let is_money = miss.measure == Measure::Amount;
        let hint = Hint { promotion, step, worth, cost, required, actual, is_money };
        let place = hints.iter().position(|known| is_better(&hint, known)).unwrap_or(hints.len());
        hints.insert(place, hint);
    }
    hints.truncate(MAX_HINTS);
    hints
}

/// Whether a hint brings more for the same effort; compared without a division.
fn is_better(a: &Hint, b: &Hint) -> bool {
    let cross = |x: &Hint, y: &Hint| i128::from(x.worth).saturating_mul(i128::from(y.cost.max(1)));
    (cross(a, b), b.promotion) > (cross(b, a), a.promotion)
}

/// Takes the step in a copy of the cart: the step, what it costs, and the cart, if prices are known to take it with.
fn take(facts: &Facts<'_>, miss: &Shortfall) -> Option<(Step, i64, Option<Cart>)> {
    let missing = miss.required.saturating_sub(miss.actual);
    if missing <= 0 {
        return None;
    }
    let mut cart = facts.cart.clone();
    if miss.measure == Measure::Amount && miss.lines == Selector::All {
        add_line(&mut cart, missing, 1, &[])?;
        return Some((Step::Spend { amount: missing }, missing, Some(cart)));
    }
    // the cheapest line that counts: the least effort
    let mut cheapest: Option<(usize, &Line)> = None;
    facts.each_line(miss.lines, |index, line| {
        if line.price > 0 && cheapest.is_none_or(|(_, known)| line.price < known.price) {
            cheapest = Some((index, line));
        }
    });
    match (cheapest, miss.measure) {
        (Some((index, line)), measure) => {
            let units = match measure {
                Measure::Quantity => missing,
                Measure::Amount => missing.checked_add(line.price)?.checked_sub(1)?.checked_div(line.price)?,
            };
            let position =
                (0..cart.given_count()).find(|at| cart.given_line(*at).is_some_and(|g| g.line as usize == index))?;
            let quantity = cart.given_line(position)?.quantity.saturating_add(units);
            if quantity > MAX_QUANTITY || !cart.set_quantity(position, quantity) || cart.check_total().is_err() {
                return None;
            }
            let given = u32::try_from(position).ok()?;
            Some((Step::AddUnits { units, line: Some(given) }, line.price.saturating_mul(units), Some(cart)))
        }
        (None, Measure::Amount) => {
            let words = sample(facts, miss.lines)?;
            add_line(&mut cart, missing, 1, &words)?;
            Some((Step::Spend { amount: missing }, missing, Some(cart)))
        }
        // any product would do, but the price of none is known: the distance can be told, the worth cannot
        (None, Measure::Quantity) if miss.lines == Selector::All => {
            Some((Step::AddUnits { units: missing, line: None }, 0, None))
        }
        // a campaign whose products are not in the cart is no near miss
        (None, Measure::Quantity) => None,
    }
}

fn add_line(cart: &mut Cart, price: i64, quantity: i64, words: &[u32]) -> Option<()> {
    let from = cart.words.len();
    cart.words.extend_from_slice(words);
    if price > MAX_PRICE || cart.given_count() >= MAX_LINES {
        return None;
    }
    cart.push_line(price, 0, quantity, from, None);
    cart.check_total().ok()
}

/// Words that a selected line would carry.
fn sample(facts: &Facts<'_>, lines: Selector) -> Option<Vec<u32>> {
    match lines {
        Selector::All => Some(Vec::new()),
        Selector::Word(word) => Some(vec![word]),
        Selector::Set(set) => {
            facts.vocabulary.selector_set(set)?.groups.iter().map(|group| group.first().copied()).collect()
        }
    }
}
