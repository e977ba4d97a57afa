//! Near misses: which small change of the cart would bring more, and what it would bring. Each is proven by
//! evaluating the cart with the step taken.

use super::answer::{Answer, Hint, Step};
use super::{screen, Desk, Disclosure};
use crate::cart::{Cart, Line, MAX_LINES, MAX_PRICE, MAX_QUANTITY};
use crate::catalog::Catalog;
use crate::condition::{Measure, Shortfall};
use crate::facts::Facts;
use crate::selector::Selector;

/// Most steps that are tried for one quote, nearest first.
const MAX_TRIED: usize = 24;
/// Most hints that are returned.
const MAX_HINTS: usize = 8;

/// Finds the near misses of a cart.
pub(super) fn look(catalog: &Catalog, facts: &Facts<'_>, now: &Answer, aside: &mut Desk) -> Vec<Hint> {
    let mut misses: Vec<(u32, Shortfall)> = Vec::new();
    for (index, promotion) in (0_u32..).zip(catalog.promotions()) {
        let entered = facts.cart.codes.contains(&crate::cart::EnteredCode::Campaign(index));
        if promotion.by_code && !entered || !screen::runs(promotion, facts.cart.now) {
            continue;
        }
        if screen::qualifies(promotion, facts) {
            misses.extend(promotion.record.discounts.iter().filter_map(|d| d.next_step(facts)).map(|s| (index, s)));
        } else if promotion.is_conjunction {
            let mut failing = promotion.record.conditions.iter().filter(|condition| !condition.holds(facts));
            if let (Some(condition), None) = (failing.next(), failing.next()) {
                misses.extend(condition.shortfall(facts).map(|shortfall| (index, shortfall)));
            }
        }
    }
    // nearest first, in parts of the threshold
    misses.sort_by_key(|(index, miss)| {
        let reached = i128::from(miss.actual).saturating_mul(1_000_000).checked_div(i128::from(miss.required));
        (core::cmp::Reverse(reached), *index)
    });
    misses.truncate(MAX_TRIED);
    let mut hints: Vec<Hint> = Vec::new();
    for (promotion, miss) in misses {
        let Some((step, cost, cart)) = take(facts, &miss) else { continue };
        aside.evaluate(catalog, &cart, Disclosure::Full);
        let then = aside.answer();
        let reaches = then.applied.iter().any(|applied| applied.promotion == promotion);
        let worth = then.discount.saturating_sub(now.discount);
        if reaches && worth > 0 {
            let (required, actual) = (miss.required, miss.actual);
            let is_money = miss.measure == Measure::Amount;
            hints.push(Hint { promotion, step, worth, cost, required, actual, is_money });
        }
    }
    // best worth per effort first, without a division
    hints.sort_by(|a, b| {
        let cross = |x: &Hint, y: &Hint| i128::from(x.worth).saturating_mul(i128::from(y.cost.max(1)));
        cross(b, a).cmp(&cross(a, b)).then_with(|| a.promotion.cmp(&b.promotion))
    });
    hints.truncate(MAX_HINTS);
    hints
}

/// Takes the step in a copy of the cart: the step, what it costs, and the cart.
fn take(facts: &Facts<'_>, miss: &Shortfall) -> Option<(Step, i64, Cart)> {
    let missing = miss.required.saturating_sub(miss.actual);
    if missing <= 0 {
        return None;
    }
    let mut cart = facts.cart.clone();
    if miss.measure == Measure::Amount && miss.lines == Selector::All {
        add_line(&mut cart, missing, 1, &[])?;
        return Some((Step::Spend { amount: missing }, missing, cart));
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
            Some((Step::AddUnits { units, line: Some(given) }, line.price.saturating_mul(units), cart))
        }
        (None, Measure::Amount) => {
            let words = sample(facts, miss.lines)?;
            add_line(&mut cart, missing, 1, &words)?;
            Some((Step::Spend { amount: missing }, missing, cart))
        }
        // the price of a product that is not in the cart is not known, so nothing can be proven
        (None, Measure::Quantity) => None,
    }
}

fn add_line(cart: &mut Cart, price: i64, quantity: i64, words: &[u32]) -> Option<()> {
    let from = cart.words.len();
    cart.words.extend_from_slice(words);
    if price > MAX_PRICE || cart.given_count() >= MAX_LINES {
        return None;
    }
    cart.push_line(price, quantity, from, None);
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
