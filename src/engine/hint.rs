//! Near misses: which small change would bring more, and what it would bring. Each is proven by evaluating the cart
//! with the change made.
//!
//! A *lead* is the first step towards a campaign. It is followed: the step is taken on a copy of the cart, the copy is
//! evaluated, and if the campaign still does not reach, what is missing then gives the next step. A hint has two
//! steps at most.
//!
//! The cost has a bound: at most 48 evaluations to find the hints of a quote, and at most 32 to tell what the campaigns
//! of the 8 that are returned save by themselves.

use super::answer::{Answer, Hint};
use super::lead::{amount, answer, leads, wants, Lead, Origin};
use super::step::{Change, Step};
use super::{plan, screen, Desk, Disclosure};
use crate::cart::Cart;
use crate::catalog::{Catalog, Promotion};
use crate::condition::{Shortfall, Want};
use crate::discount::gifts::GiftState;
use crate::facts::Facts;
use crate::order;
use crate::selector::Selector;
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// Most evaluations to find the hints of one quote.
const MAX_TRIED: usize = 48;
/// Most evaluations for one lead: a threshold of what is left may take a few.
const MAX_ROUNDS: usize = 5;
/// Most hints that are returned.
const MAX_HINTS: usize = 8;
/// Most steps of a hint.
pub(super) const MAX_STEPS: usize = 2;

/// Finds the near misses of a cart.
pub(super) fn look(
    catalog: &Catalog,
    facts: &Facts<'_>,
    now: &Answer,
    disclosure: Disclosure,
    aside: &mut Desk,
) -> Vec<Hint> {
    let (found, short) = (Vec::new(), Vec::new());
    let mut search = Search { catalog, base: facts.cart, now, aside, left: MAX_TRIED, found, short };
    for lead in leads(catalog, facts, now, disclosure) {
        search.follow(&lead);
    }
    let mut found = search.found;
    order::sort(&mut found, |a, b| is_better(a, b) == Ordering::Less);
    let mut told: Vec<&(Origin, Hint)> = Vec::new();
    for one in &found {
        // of several ways to a campaign the best one, and none that asks for more of what less is enough of
        let is_same_way = |other: &&(Origin, Hint)| is_way_to_same(one, other);
        let asks_for_more = found.iter().filter(is_same_way).any(|(_, other)| asks_for_more(&one.1, other));
        if told.len() < MAX_HINTS && !asks_for_more && !told.iter().any(|other| is_way_to_same(one, other)) {
            told.push(one);
        }
    }
    let mut hints: Vec<Hint> = told.iter().map(|(_, hint)| *hint).collect();
    hints.iter_mut().for_each(|hint| hint.saves = saves(catalog, facts.cart, hint, search.aside));
    hints
}

/// Whether two hints are ways to the same campaign, or to the same gift, of which one is told.
fn is_way_to_same((of_a, a): &(Origin, Hint), (of_b, b): &(Origin, Hint)) -> bool {
    (a.promotion, of_a) == (b.promotion, of_b) && matches!(of_a, Origin::Campaign | Origin::Gift)
}

/// Whether the steps of a hint are those of another with more of one.
fn asks_for_more(hint: &Hint, less: &Hint) -> bool {
    let mut steps = hint.steps.iter().zip(&less.steps);
    let is_more =
        |(a, b): (&Option<Step>, &Option<Step>)| a == b || matches!((a, b), (Some(a), Some(b)) if a.is_more_than(b));
    hint.steps != less.steps && steps.all(is_more)
}

/// By how much more the campaign itself saves once the steps are taken, or less once it has ended.
fn saves(catalog: &Catalog, base: &Cart, hint: &Hint, aside: &mut Desk) -> i64 {
    let mut own = |cart: &Cart| {
        aside.evaluate(catalog, cart, Disclosure::Full);
        let with = aside.answer().discount;
        // one that takes nothing may keep others out
        with.saturating_sub(aside.discount_without(catalog, cart, hint.promotion))
    };
    let mut cart = base.clone();
    for step in hint.steps.iter().flatten() {
        // they could be taken before
        let _ = step.take(&mut cart, catalog, hint.promotion);
    }
    let more = own(&cart).saturating_sub(own(base));
    let is_end = hint.steps.iter().flatten().any(|step| matches!(step.change, Change::Hurry(_)));
    if is_end {
        more.saturating_neg()
    } else {
        more
    }
}

/// What a campaign earned.
fn points(answer: &Answer, promotion: u32) -> i64 {
    let own = answer.earned.iter().filter(|(index, _)| *index == promotion);
    own.fold(0, |sum, (_, points)| sum.saturating_add(*points))
}

/// Follows leads.
struct Search<'a> {
    catalog: &'a Catalog,
    base: &'a Cart,
    now: &'a Answer,
    aside: &'a mut Desk,
    /// How many evaluations are left.
    left: usize,
    found: Vec<(Origin, Hint)>,
    /// First steps that were not enough, each with its campaign.
    short: Vec<(u32, Step)>,
}

impl Search<'_> {
    fn follow(&mut self, lead: &Lead) {
        let mut near = None;
        let found = self.proven(lead, &mut near).or(near);
        self.found.extend(found.map(|hint| (lead.origin, hint)));
    }

    /// Takes the steps of a lead until they reach the campaign. One that only proposes a gift then is kept as `near`.
    fn proven(&mut self, lead: &Lead, near: &mut Option<Hint>) -> Option<Hint> {
        let mut steps = vec![lead.step];
        let mut last = lead.shortfall;
        let mut origin = lead.origin;
        let mut scaled_step = None;
        for round in 0..MAX_ROUNDS {
            let mut cart = self.base.clone();
            steps.iter().try_for_each(|step| step.take(&mut cart, self.catalog, lead.promotion))?;
            self.left = self.left.checked_sub(1)?;
            self.aside.evaluate(self.catalog, &cart, Disclosure::Full);
            match self.reached(lead, &steps, &cart) {
                (Some(hint), true) => return Some(self.smallest(lead, steps, scaled_step, hint)),
                (hint, _) => *near = near.or(hint),
            }
            if round == 0 {
                self.short.push((lead.promotion, lead.step));
            }
            // what it gives is not worth it, or a step of its own was the last thing to try, but for a gift that it brings
            let is_last = origin != Origin::Campaign || amount(self.aside.answer(), lead.promotion) > 0;
            if is_last && proposed(self.aside.answer(), lead.promotion) <= proposed(self.now, lead.promotion) {
                return None;
            }
            let promotion = self.catalog.promotion(lead.promotion)?;
            let facts = self.aside.facts(self.catalog, &cart);
            let mut cheapest: Option<(i64, Step, Option<Shortfall>, Origin)> = None;
            for (condition, of, want) in wants(self.catalog, lead.promotion, promotion, &facts, self.aside.answer()) {
                if is_last && of != Origin::Gift {
                    continue;
                }
                let is_same = steps.last().is_some_and(|step| step.condition.is_some() && step.condition == condition);
                let want = match want {
                    // once what is missing has been added again, it is clear how much of that counts
                    Want::More(still) if is_same && round > 0 => Want::More(scaled(&still, last)?),
                    other => other,
                };
                let known = self.base.bought_count();
                let Some((step, shortfall)) = answer(want, condition, &facts, known) else { continue };
                let effort = step.effort(&cart).unwrap_or(i64::MAX);
                if cheapest.is_none_or(|(known, ..)| effort < known) {
                    cheapest = Some((effort, step, shortfall, of));
                }
            }
            let (_, step, shortfall, of) = cheapest?;
            (last, origin) = (shortfall, of);
            let joined = steps.iter_mut().position(|known| {
                let joined = known.joined(&step);
                *known = joined.unwrap_or(*known);
                joined.is_some()
            });
            match joined {
                Some(at) => scaled_step = Some(at),
                None => steps.push(step),
            }
            if steps.len() > MAX_STEPS {
                return None;
            }
        }
        None
    }

    /// The hint with as little of a step as reaches the campaign: what was scaled up may be a little more, because discounts
    /// are rounded, and where less of it was not enough, though a rule asks for no more, what is enough is between the two.
    fn smallest(&mut self, lead: &Lead, mut steps: Vec<Step>, scaled_step: Option<usize>, reached: Hint) -> Hint {
        let mut hint = reached;
        let is_short = |(of, step): &&(u32, Step)| *of == lead.promotion && lead.step.is_more_than(step);
        let short = self.short.iter().filter(is_short).filter_map(|(_, step)| step.size()).max();
        let (at, mut not_enough) = match (scaled_step, short) {
            (Some(at), _) => (at, 0),
            (None, Some(size)) => (0, size),
            (None, None) => return hint,
        };
        let mut stride = 1;
        while let Some(size) = steps.get(at).and_then(Step::size) {
            let Some(half) = size.saturating_sub(not_enough).checked_div(2).filter(|half| *half > 0) else { break };
            let less = size.saturating_sub(half.min(stride));
            let mut fewer = steps.clone();
            fewer.iter_mut().skip(at).take(1).for_each(|step| *step = step.of_size(less));
            let mut cart = self.base.clone();
            let taken = fewer.iter().try_for_each(|step| step.take(&mut cart, self.catalog, lead.promotion));
            let Some(left) = taken.and_then(|()| self.left.checked_sub(1)) else { break };
            self.left = left;
            self.aside.evaluate(self.catalog, &cart, Disclosure::Full);
            match self.reached(lead, &fewer, &cart) {
                (Some(smaller), true) => (hint, steps, stride) = (smaller, fewer, stride.saturating_mul(2)),
                _ => not_enough = less,
            }
        }
        hint
    }

    /// The hint, when the campaign gives more on the cart with the steps taken and the whole is worth it, or comes near
    /// without money; and which of the two.
    fn reached(&self, lead: &Lead, steps: &[Step], cart: &Cart) -> (Option<Hint>, bool) {
        let (now, then) = match lead.origin {
            // what is there now is lost then
            Origin::End => (self.aside.answer(), self.now),
            _ => (self.now, self.aside.answer()),
        };
        let index = lead.promotion;
        let worth = then.discount.saturating_sub(now.discount);
        let more_points = then.points.saturating_sub(now.points);
        let grew = amount(then, index) > amount(now, index) || points(then, index) > points(now, index);
        let brings = grew && (worth > 0 || worth == 0 && more_points > 0);
        // what is worth something by others alone is no way to this one
        let comes_near = worth == 0 && self.is_any_product(lead, cart) || proposed(then, index) > proposed(now, index);
        if !brings && (worth < 0 || more_points < 0 || !comes_near) {
            return (None, false);
        }
        let effort = steps.iter().try_fold(0_i64, |sum, step| Some(sum.saturating_add(step.effort(self.base)?)));
        let (required, actual) = lead.shortfall.map_or((1, 0), |miss| (miss.required, miss.actual));
        let measure = lead.shortfall.map(|miss| miss.measure);
        let steps = [steps.first().copied(), steps.get(1).copied()];
        let (saves, points) = (0, more_points);
        (Some(Hint { promotion: index, steps, worth, saves, points, effort, measure, required, actual }), brings)
    }

    /// Whether any product would do and no price is known: the distance can be told, its worth cannot.
    fn is_any_product(&self, lead: &Lead, cart: &Cart) -> bool {
        let is_any = matches!(
            lead.step.change,
            Change::Add { lines: Selector::All, .. } | Change::Another { lines: Selector::All, .. }
        );
        let qualifies = |promotion: &Promotion| {
            let facts = self.aside.facts(self.catalog, cart);
            let is_known = promotion.record.discounts.is_empty() || plan::covers(promotion, &facts);
            is_known && screen::qualifies(promotion, &facts)
        };
        is_any && self.catalog.promotion(lead.promotion).is_some_and(qualifies)
    }
}

/// How many units of a campaign's gifts could be accepted.
fn proposed(answer: &Answer, promotion: u32) -> i64 {
    let own = answer.gifts.iter().filter(|gift| gift.promotion == promotion && gift.state == GiftState::Proposed);
    own.fold(0, |sum, gift| sum.saturating_add(gift.quantity))
}

/// How much to add when what was added did not count in full: in the same proportion, so much more that it does.
fn scaled(still: &Shortfall, last: Option<Shortfall>) -> Option<Shortfall> {
    let before = last?.missing();
    let missing = still.missing();
    let counted = before.checked_sub(missing).filter(|counted| *counted > 0)?;
    let more = i128::from(missing).checked_mul(i128::from(before))?.checked_add(i128::from(counted))?;
    let more = i64::try_from(more.checked_sub(1)?.checked_div(i128::from(counted))?).ok()?;
    Some(Shortfall { required: still.actual.checked_add(more)?, ..*still })
}

/// Which of two hints comes first: the one that brings more money for the same effort, then more points; one whose
/// effort is not known comes after all others. Ties fall to more money, to fewer steps, to the order of campaigns.
fn is_better((of_a, a): &(Origin, Hint), (of_b, b): &(Origin, Hint)) -> Ordering {
    let place = |origin: Origin| match origin {
        Origin::Campaign => 0,
        Origin::Discount(at) => at.saturating_add(1),
        Origin::Gift => usize::MAX.saturating_sub(1),
        Origin::End => usize::MAX,
    };
    let tie = (a.steps.iter().flatten().count(), a.promotion, place(*of_a)).cmp(&(
        b.steps.iter().flatten().count(),
        b.promotion,
        place(*of_b),
    ));
    // compared without a division
    let per_effort =
        |gain: i64, other: Option<i64>| i128::from(gain).saturating_mul(i128::from(other.unwrap_or(1).max(1)));
    let money = per_effort(b.worth, a.effort).cmp(&per_effort(a.worth, b.effort));
    let points = per_effort(b.points, a.effort).cmp(&per_effort(a.points, b.effort));
    let known = a.effort.is_none().cmp(&b.effort.is_none());
    known.then(money).then(points).then(b.worth.cmp(&a.worth)).then(tie)
}
