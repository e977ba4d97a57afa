//! Leads: the first steps towards campaigns, and what a campaign asks for at any point on the way.

use super::answer::Answer;
use super::step::{another, is_any_product, is_open, Change, Step};
use super::ways::{ways, Verdict, NO_STEP};
use super::{screen, Disclosure};
use crate::cart::{Cart, EnteredCode, Line};
use crate::catalog::section::{Hinted, Record};
use crate::catalog::{Catalog, Promotion};
use crate::condition::{Condition, Given, Measure, Shortfall, Turn, Want};
use crate::discount::gifts::GiftState;
use crate::facts::Facts;
use crate::order;
use crate::selector::Selector;
use crate::time::Timestamp;
use crate::vocabulary::{LineNumber, Word};
use alloc::vec::Vec;

/// The farthest moment that is worth waiting for: seven days.
const MAX_WAIT: i64 = 7 * 86_400_000;
/// The farthest end that is worth a hurry: one day.
const MAX_HURRY: i64 = 86_400_000;

/// What asks for a step.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The campaign does not apply: its rule, its schedule, its code, or another code.
    Campaign,
    /// A discount of it gives more: its place.
    Discount(usize),
    /// It has a gift to accept.
    Gift,
    /// It will end.
    End,
}

/// The first step towards a campaign.
pub(super) struct Lead {
    pub(super) promotion: u32,
    pub(super) origin: Origin,
    pub(super) step: Step,
    pub(super) shortfall: Option<Shortfall>,
    /// What it costs; goods whose price is not known cost more than any.
    effort: i64,
    /// Goods, choices, time: each kind is given its turn.
    class: u8,
    /// Its place among those of its class.
    rank: usize,
}

/// All leads; each class by rising effort, then in the order of campaigns, and the classes taking turns.
pub(super) fn leads(catalog: &Catalog, facts: &Facts<'_>, now: &Answer, disclosure: Disclosure) -> Vec<Lead> {
    let cart = facts.cart;
    let mut leads: Vec<Lead> = Vec::new();
    let mut lead = |promotion: u32, origin: Origin, step: Step, shortfall: Option<Shortfall>| {
        let class = match step.change {
            Change::Spend { .. } | Change::Raise { .. } | Change::Add { .. } | Change::Another { .. } => 0,
            Change::Be(_) | Change::Enter(_) | Change::Remove(_) | Change::Accept(_) => 1,
            Change::Wait(_) | Change::Hurry(_) => 2,
        };
        let effort = step.effort(cart).unwrap_or(i64::MAX);
        let is_same = |known: &Lead| (known.promotion, known.origin, known.step) == (promotion, origin, step);
        if !leads.iter().any(is_same) {
            leads.push(Lead { promotion, origin, step, shortfall, effort, class, rank: leads.len() });
        }
    };
    for (index, promotion) in (0_u32..).zip(catalog.promotions()) {
        let record = &promotion.record;
        if !record.active || record.hinted == Hinted::None {
            continue;
        }
        let is_entered = cart.codes.contains(&EnteredCode::Campaign(index));
        let runs = screen::runs(promotion, cart.now);
        if promotion.by_code && !is_entered {
            if record.hinted == Hinted::All && runs {
                lead(index, Origin::Campaign, step(Change::Enter(index)), None);
            }
            continue;
        }
        if !runs && promotion.by_code && disclosure == Disclosure::Public && !record.stretch.contains(cart.now) {
            // that such a code will run is not told
            continue;
        }
        let wanted = wants(catalog, index, promotion, facts, now);
        for (condition, origin, want) in &wanted {
            let Some((step, shortfall)) = answer(*want, *condition, facts, cart.bought_count()) else { continue };
            lead(index, *origin, step, shortfall);
            // of the same line another condition may ask for fewer units
            for (other, _, want) in wanted.iter().filter(|_| *origin == Origin::Campaign) {
                if let Some((fewer, shortfall)) = fewer(&step, *want, *other, facts) {
                    lead(index, *origin, fewer, Some(shortfall));
                }
            }
        }
        let excluded = now.excluded.iter().find(|(promotion, _)| *promotion == index);
        let by = excluded.and_then(|(_, by)| now.applied.iter().find(|applied| applied.promotion == *by));
        if let Some(code) = by.and_then(|applied| applied.code) {
            lead(index, Origin::Campaign, step(Change::Remove(code)), None);
        }
        if let Some(end) = closes(record, cart.now).filter(|_| amount(now, index) > 0) {
            lead(index, Origin::End, step(Change::Hurry(end)), None);
        }
    }
    order::sort(&mut leads, |a, b| (a.class, a.effort, a.rank) < (b.class, b.effort, b.rank));
    let mut ranks = [0_usize; 3];
    for lead in &mut leads {
        if let Some(rank) = ranks.get_mut(usize::from(lead.class)) {
            lead.rank = *rank;
            *rank = rank.saturating_add(1);
        }
    }
    order::sort(&mut leads, |a, b| (a.rank, a.class) < (b.rank, b.class));
    leads
}

/// A step that no condition asks for.
fn step(change: Change) -> Step {
    Step { change, condition: None }
}

/// When a campaign that does not run opens next, if that is near.
fn opens(record: &Record, now: Timestamp) -> Option<Timestamp> {
    let from = now.max(record.stretch.from);
    let next = match record.intervals.is_empty() {
        true => Some(from).filter(|from| *from < record.stretch.until),
        false => record.intervals.iter().find(|interval| interval.until > from).map(|interval| interval.from.max(from)),
    };
    next.filter(|next| (1..=MAX_WAIT).contains(&next.saturating_sub(now)))
}

/// When a campaign that runs closes, if that is near.
fn closes(record: &Record, now: Timestamp) -> Option<Timestamp> {
    let interval = record.intervals.iter().find(|interval| interval.contains(now));
    let until = interval.map_or(i64::MAX, |interval| interval.until).min(record.stretch.until);
    Some(until).filter(|until| (1..=MAX_HURRY).contains(&until.saturating_sub(now)))
}

/// What a campaign asks for, as the cart is: to run, what would make its rule hold, or more for its discounts.
pub(super) fn wants<'c>(
    catalog: &Catalog,
    index: u32,
    promotion: &'c Promotion,
    facts: &Facts<'_>,
    answer: &Answer,
) -> Vec<(Option<u16>, Origin, Want<'c>)> {
    let record = &promotion.record;
    if !screen::runs(promotion, facts.cart.now) {
        let opens = opens(record, facts.cart.now);
        return opens.into_iter().map(|moment| (None, Origin::Campaign, Want::Moment(moment))).collect();
    }
    // by far most do not ask for what is left
    let (running, after_lanes) = match promotion.waits_for_turn {
        true => left_before(catalog, index, record, facts, answer),
        false => (Vec::new(), Vec::new()),
    };
    let turn = Turn { running: &running, after_lanes: &after_lanes };
    let want = |at: u16| -> Option<Want<'c>> {
        let condition = record.conditions.get(usize::from(at))?;
        let want = condition.shortfall_at(facts, &turn).map(Want::More).or_else(|| condition.want(facts))?;
        let is_told = match want {
            Want::Word(words) if record.hinted != Hinted::All => {
                words.first().is_some_and(|word| is_open(*word, facts))
            }
            _ => true,
        };
        is_told.then_some(want)
    };
    let ways = ways(&record.rule, |at| {
        let holds = |condition: &Condition| condition.refusal_at(facts, &turn).is_none();
        match record.conditions.get(usize::from(at)).is_some_and(holds) {
            true => Verdict::Holds,
            false if want(at).is_some() => Verdict::Within,
            false => Verdict::Beyond,
        }
    });
    if ways.first().is_some_and(|way| *way == NO_STEP) {
        let discounts = record.discounts.iter().enumerate();
        let more = discounts.flat_map(|(at, discount)| {
            let wants = discount.wants(facts);
            wants.into_iter().map(move |want| (None, Origin::Discount(at), want))
        });
        // a gift whose ordinary price is not known has no worth that could be proven
        let offers = answer
            .gifts
            .iter()
            .filter(|offer| offer.promotion == index && offer.state == GiftState::Proposed && offer.worth > 0);
        let gifts = offers.filter_map(|offer| {
            let price = offer.price.checked_add(offer.worth.checked_div(offer.quantity)?)?;
            let cost = offer.price.checked_mul(offer.quantity)?;
            let given = Given { product: offer.gift, units: offer.quantity, price, cost };
            Some((None, Origin::Gift, Want::Gift(given)))
        });
        return more.chain(gifts).collect();
    }
    let mut wanted: Vec<(Option<u16>, Origin, Want<'c>)> = Vec::new();
    for condition in ways.iter().flatten().flatten() {
        if !wanted.iter().any(|(known, ..)| *known == Some(*condition)) {
            wanted.extend(want(*condition).map(|want| (Some(*condition), Origin::Campaign, want)));
        }
    }
    wanted
}

/// What is left of each line where a campaign's turn is or would be, and what earlier lanes have left.
fn left_before(
    catalog: &Catalog,
    index: u32,
    record: &Record,
    facts: &Facts<'_>,
    answer: &Answer,
) -> (Vec<i64>, Vec<i64>) {
    let mut running: Vec<i64> = facts.cart.lines.iter().map(Line::subtotal).collect();
    let mut after_lanes = running.clone();
    let of = |record: &Record| (record.lane, record.manners.contest);
    for applied in answer.applied.iter().filter(|applied| applied.promotion < index) {
        let Some((lane, contest)) = catalog.promotion(applied.promotion).map(|other| of(&other.record)) else {
            continue;
        };
        // those that compete are measured before any of them takes something
        let is_rival = contest != 0 && (lane, contest) == of(record);
        let shares = answer.shares.get(applied.shares_from as usize..applied.shares_until as usize);
        for (given, amount) in shares.into_iter().flatten() {
            let Some(line) = facts.cart.given_line(*given as usize) else { continue };
            let take = |left: &mut i64| *left = left.saturating_sub(*amount);
            running.get_mut(line.line as usize).filter(|_| !is_rival).map(take);
            after_lanes.get_mut(line.line as usize).filter(|_| lane != record.lane).map(take);
        }
    }
    (running, after_lanes)
}

/// The step that answers a want, and the threshold that it reaches. Only the first `known` lines are the shopper's.
pub(super) fn answer(
    want: Want<'_>,
    condition: Option<u16>,
    facts: &Facts<'_>,
    known: usize,
) -> Option<(Step, Option<Shortfall>)> {
    let (change, shortfall) = match want {
        Want::More(shortfall) => (more(&shortfall, facts, known)?, Some(shortfall)),
        Want::Word(words) => (Change::Be(*words.first()?), None),
        Want::Moment(moment) => (Change::Wait(moment), None),
        Want::Gift(given) => (Change::Accept(given), None),
    };
    Some((Step { change, condition }, shortfall))
}

/// The step that answers a want with fewer units of a line than another step has.
fn fewer(step: &Step, want: Want<'_>, condition: Option<u16>, facts: &Facts<'_>) -> Option<(Step, Shortfall)> {
    let (Change::Raise { given, .. }, Want::More(miss)) = (step.change, want) else { return None };
    let line = facts.cart.given_line(given as usize)?.line as usize;
    let on_it = Shortfall { line: Some(line), ..miss };
    let fewer = Step { change: more(&on_it, facts, facts.cart.bought_count())?, condition };
    (miss.line.is_none_or(|only| only == line) && step.is_more_than(&fewer)).then_some((fewer, miss))
}

/// What adds so much to the selected lines with the least effort.
fn more(miss: &Shortfall, facts: &Facts<'_>, known: usize) -> Option<Change> {
    let missing = miss.missing();
    if missing <= 0 {
        return None;
    }
    if miss.measure == Measure::Amount && is_any_product(facts.vocabulary, miss.lines) && miss.line.is_none() {
        // of what is left out nothing comes in
        return Some(Change::Spend { amount: missing, lines: Selector::All });
    }
    if miss.measure == Measure::Lines {
        return another(facts, miss.lines);
    }
    // the cheapest line that counts; of equal ones what tells them apart decides, never their order
    let mut cheapest: Option<(usize, &Line)> = None;
    facts.each_line(miss.lines, |index, line| {
        let is_meant = index < known && miss.line.is_none_or(|only| only == index);
        // of a piece by itself there are no further units
        let is_meant = is_meant && facts.cart.fraction(index).is_none();
        if is_meant && line.price > 0 && cheapest.is_none_or(|(_, other)| is_cheaper(facts.cart, line, other)) {
            cheapest = Some((index, line));
        }
    });
    match (cheapest, miss.measure) {
        (Some((index, line)), measure) => {
            let units = match measure {
                Measure::Quantity | Measure::Lines => missing,
                Measure::Amount => missing.checked_add(line.price)?.checked_sub(1)?.checked_div(line.price)?,
            };
            let is_part = |at: &usize| facts.cart.given_line(*at).is_some_and(|given| given.line as usize == index);
            let given = (0..facts.cart.given_count()).find(is_part)?;
            Some(Change::Raise { units, given: u32::try_from(given).ok()? })
        }
        // of a line of which there are no further units, or which the shopper did not bring, nothing can be added
        (None, _) if miss.line.is_some() => None,
        (None, Measure::Amount) => {
            // lines that only numbers select are any products
            let is_any = |set| facts.vocabulary.selector_set(set).is_some_and(|set| set.groups.is_empty());
            let lines =
                if matches!(miss.lines, Selector::Set(set) if is_any(set)) { Selector::All } else { miss.lines };
            Some(Change::Spend { amount: missing.max(lowest_price(facts, miss.lines)?), lines })
        }
        // one unit of what is not in the cart is near; several are not, unless any product will do
        (None, _) if miss.lines == Selector::All || miss.required == 1 => {
            Some(Change::Add { units: missing, lines: miss.lines })
        }
        (None, _) => None,
    }
}

/// What a line of one unit costs at least to be selected; `None` where no such line is.
fn lowest_price(facts: &Facts<'_>, lines: Selector) -> Option<i64> {
    let Selector::Set(set) = lines else { return Some(0) };
    let bounds = facts.vocabulary.selector_set(set).map_or(&[][..], |set| &set.bounds);
    bounds.iter().try_fold(0, |lowest: i64, bound| {
        let least = facts.bound(bound.at_least, 0).unwrap_or(0);
        match bound.of {
            LineNumber::Units => {
                (least <= 1 && facts.bound(bound.at_most, 1).is_none_or(|most| most >= 1)).then_some(lowest)
            }
            _ => Some(lowest.max(least)),
        }
    })
}

fn is_cheaper(cart: &Cart, line: &Line, other: &Line) -> bool {
    let words = |line: &Line| -> Vec<Word> {
        let mut words = cart.words_of(line).to_vec();
        order::sort(&mut words, |a, b| a < b);
        words
    };
    let key = |line: &Line| (line.price, line.floor, line.quantity);
    (key(line), words(line)) < (key(other), words(other))
}

/// What a campaign took off.
pub(super) fn amount(answer: &Answer, promotion: u32) -> i64 {
    let own = answer.applied.iter().filter(|applied| applied.promotion == promotion);
    own.fold(0, |sum, applied| sum.saturating_add(applied.amount))
}
