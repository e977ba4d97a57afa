//! The engine: a cart and the campaigns of a snapshot in, an answer out, in seven steps.
//!
//! The answer is a function of the two alone. Nothing is redeemed by it, nothing remembered.

use alloc::vec::Vec;

pub mod answer;
mod apply;
mod contest;
mod counter;
mod earn;
mod gifts;
mod hint;
mod lead;
pub mod limits;
#[cfg(feature = "workshop")]
mod own;
pub(crate) mod plan;
pub(crate) mod screen;
mod search;
mod settle;
pub mod step;
#[cfg(feature = "workshop")]
pub mod watched;
mod ways;

use crate::balance::Balances;
use crate::cart::{Cart, EnteredCode, MISSING};
use crate::catalog::{Catalog, Promotion};
use crate::condition;
use crate::condition::{Turn, CURRENCY_NOT_COVERED};
use crate::discount;
use crate::facts::{Facts, Tallies};
use crate::order;
use crate::payment;
use crate::reason::{Reason, ReasonKind};
use crate::watch::{Note, Watch};

use answer::{Answer, Applied, Refused, Status};
use apply::Till;
use contest::Shop;
use counter::Counter;
use plan::{Matching, Standing};
use search::Search;

/// How much a refusal tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Disclosure {
    /// To shoppers: a code that is unknown, not running yet or no more gets one identical answer, so that the
    /// explanation is no oracle. The default.
    #[default]
    Public,
    /// To merchants and their tools: the true reason.
    Full,
}

/// Space to evaluate in, kept from quote to quote: a warm evaluation allocates nothing.
#[derive(Debug, Default)]
pub struct Desk {
    tallies: Tallies,
    matching: Matching,
    standing: Standing,
    till: Till,
    search: Search,
    earners: Vec<u32>,
    entered: Vec<(u32, u32)>,
    used_up: Vec<(u32, Reason)>,
    answer: Answer,
    /// A campaign that is taken for none.
    omitted: Option<u32>,
    /// Codes that do not apply, where that stops all others: each with its reasons.
    failing: Vec<(Refused, Vec<Reason>)>,
}

impl Desk {
    /// The last answer.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    /// The balances after the last evaluation.
    pub fn balances(&self) -> &Balances {
        &self.till.balances
    }

    /// Evaluates a cart.
    pub fn evaluate(&mut self, catalog: &Catalog, cart: &Cart, disclosure: Disclosure) {
        self.failing.clear();
        self.run(catalog, cart, disclosure);
        if catalog.takes_all_codes() && cart.codes.len() > 1 {
            let (answer, omitted) = (&self.answer, self.omitted);
            let failing = answer.refused.iter().filter_map(|one| {
                let why = answer.reasons.get(one.reasons_from as usize..one.reasons_until as usize)?;
                let fails = matches!(one.status, Status::Inapplicable | Status::Dormant);
                // what only has nothing to take is passed over
                let is_idle = why.iter().any(|reason| core::ptr::eq(reason.kind, &plan::NO_EFFECT));
                // of a campaign that there is not no code was entered
                let is_of_omitted = omitted.is_some() && one.promotion == omitted;
                (fails && !is_idle && !is_of_omitted).then(|| (*one, why.to_vec()))
            });
            self.failing = failing.collect();
            if !self.failing.is_empty() {
                self.run(catalog, cart, disclosure);
            }
        }
    }

    fn run(&mut self, catalog: &Catalog, cart: &Cart, disclosure: Disclosure) {
        self.tallies.count(cart, catalog.vocabulary().word_count());
        let column = catalog.currency(cart.currency);
        let Desk { tallies, matching, standing, till, search, earners, entered, used_up, answer, omitted, failing } =
            self;
        let currency = column.unwrap_or(usize::MAX);
        let facts = Facts { cart, tallies, vocabulary: catalog.vocabulary(), currency, left: None };
        answer.clear();
        entered.clear();
        earners.clear();
        matching.clear(catalog.promotions().len());

        resolve_automatic(catalog, &facts, column, matching);
        used_up.clear();
        limits::used_up(catalog, cart, used_up);
        used_up.iter().for_each(|(index, _)| matching.remove(*index));
        if failing.is_empty() {
            resolve_codes(catalog, &facts, disclosure, used_up, matching, entered, answer);
        }

        if let Some(omitted) = *omitted {
            matching.remove(omitted);
        }
        standing.clear(catalog.groups().len());
        till.kept = catalog.kept(cart.currency);
        till.open(&facts);
        till.keep_original(&facts, catalog.has_originals());
        if !catalog.budgets().is_empty() {
            till.purse.open(catalog, &facts);
        }
        if catalog.has_choices() {
            search.clear();
            search.run(catalog, &facts, matching, till);
            answer.leave_out(search, entered, matching);
        }
        // after the search, whose notes are not the run's
        if !failing.is_empty() {
            answer.refuse_all(&facts, failing, &till.watch);
        }
        let mut counter = Counter { shop: Shop { catalog, facts: &facts }, standing, till, earners, entered, answer };
        let mut contested = 0_u32;
        for (base, mut bits) in matching.words() {
            while bits != 0 {
                let index = base.wrapping_add(bits.trailing_zeros());
                bits &= bits.wrapping_sub(1);
                let Some(promotion) = catalog.promotion(index) else { continue };
                if promotion.record.manners.contest == 0 {
                    counter.serve(index, promotion);
                } else if index >= contested {
                    contested = counter.let_compete(index, matching);
                }
            }
        }
        if !cart.gifts.is_empty() {
            gifts::tell(&gifts::Outcome { catalog, facts: &facts, standing, search }, till, answer);
        }
        answer.sum_up(cart, till);
        let unearning = settle::settle(&facts, catalog, &till.balances, &mut till.allocation, answer);
        answer.points = earn::earn(&facts, catalog, &till.balances, earners, &unearning, &mut answer.earned);
        if !catalog.levels().steps.is_empty() && cart.spent != MISSING {
            let levels = catalog.levels();
            let order = if levels.with_this_order { till.balances.total().minor() } else { 0 };
            answer.level = limits::level(&levels.steps, cart.spent.saturating_add(order), &facts);
        }
    }

    /// The campaigns whose rules of earning counted in the last evaluation, in order.
    pub fn earners(&self) -> &[u32] {
        &self.earners
    }

    /// The points that `earners` give for what `balances` have left of a cart, of which so much is paid without earning.
    pub fn points(
        &mut self,
        catalog: &Catalog,
        cart: &Cart,
        balances: &Balances,
        earners: &[u32],
        unearning: i64,
    ) -> i64 {
        self.tallies.count(cart, catalog.vocabulary().word_count());
        let currency = catalog.currency(cart.currency).unwrap_or(usize::MAX);
        let facts = Facts { cart, tallies: &self.tallies, vocabulary: catalog.vocabulary(), currency, left: None };
        let mut parts = balances.lines().to_vec();
        self.till.allocation.split(unearning, &mut parts);
        earn::earn(&facts, catalog, balances, earners, &parts, &mut Vec::new())
    }

    /// Evaluates a cart and looks for near misses, each proven by evaluating the cart with the step taken.
    pub fn evaluate_with_hints(&mut self, catalog: &Catalog, cart: &Cart, disclosure: Disclosure, aside: &mut Desk) {
        self.evaluate(catalog, cart, disclosure);
        let hints = hint::look(catalog, &self.facts(catalog, cart), &self.answer, disclosure, aside);
        self.answer.hints = hints;
    }

    /// What all other campaigns take off a cart.
    fn discount_without(&mut self, catalog: &Catalog, cart: &Cart, promotion: u32) -> i64 {
        self.omitted = Some(promotion);
        self.evaluate(catalog, cart, Disclosure::Full);
        self.omitted = None;
        self.answer.discount
    }

    /// What can be asked of the cart that was evaluated last.
    pub(crate) fn facts<'a>(&'a self, catalog: &'a Catalog, cart: &'a Cart) -> Facts<'a> {
        let currency = catalog.currency(cart.currency).unwrap_or(usize::MAX);
        Facts { cart, tallies: &self.tallies, vocabulary: catalog.vocabulary(), currency, left: None }
    }
}

/// Step 1 and 2 for promotions that need no code: by index, so that cost follows matches.
fn resolve_automatic(catalog: &Catalog, facts: &Facts<'_>, column: Option<usize>, matching: &mut Matching) {
    let now = facts.cart.now;
    let mut consider = |index: u32| {
        if let Some(promotion) = catalog.promotion(index) {
            if screen::runs(promotion, now) && screen::qualifies(promotion, facts) {
                matching.insert(index);
            }
        }
    };
    for word in facts.tallies.words() {
        catalog.filed_under(*word).iter().for_each(|index| consider(*index));
    }
    let subtotal = facts.subtotal(crate::selector::Selector::All).minor();
    for (needed, index) in catalog.by_subtotal(column) {
        if *needed > subtotal {
            break;
        }
        consider(*index);
    }
}

/// Step 1 and 2 for entered codes: each gets exactly one outcome, here or when it is applied.
fn resolve_codes(
    catalog: &Catalog,
    facts: &Facts<'_>,
    disclosure: Disclosure,
    used_up: &[(u32, Reason)],
    matching: &mut Matching,
    entered: &mut Vec<(u32, u32)>,
    answer: &mut Answer,
) {
    for (code, typed) in (0_u32..).zip(&facts.cart.codes) {
        let known = match typed {
            EnteredCode::Campaign(index) | EnteredCode::Again(index) => {
                catalog.promotion(*index).map(|promotion| (*index, promotion))
            }
            EnteredCode::Unknown => None,
        };
        let Some((index, promotion)) = known else {
            answer.refuse(code, None, Status::Inapplicable, Reason::new(&screen::CODE_UNKNOWN, [0; 3]));
            continue;
        };
        #[cfg(feature = "workshop")]
        if let Some((reason, is_public)) = own::refusal(facts.cart, code) {
            let (campaign, reason) = match is_public || disclosure == Disclosure::Full {
                true => (Some(index), reason),
                false => (None, Reason::new(&screen::CODE_UNKNOWN, [0; 3])),
            };
            answer.refuse(code, campaign, Status::Inapplicable, reason);
            continue;
        }
        if !screen::runs(promotion, facts.cart.now) {
            let reason = screen::why_not_running(promotion, facts.cart.now);
            let may_be_told = disclosure == Disclosure::Full || core::ptr::eq(reason.kind, &screen::OUTSIDE_SCHEDULE);
            let (campaign, reason) = match may_be_told {
                true => (Some(index), reason),
                false => (None, Reason::new(&screen::CODE_UNKNOWN, [0; 3])),
            };
            answer.refuse(code, campaign, Status::Inapplicable, reason);
            continue;
        }
        let before = entered.iter().filter(|(promotion, _)| *promotion == index).count();
        let is_again = matches!(typed, EnteredCode::Again(_));
        if before > 0 && (is_again || before >= limits::codes(&promotion.record)) {
            answer.refuse(code, Some(index), Status::Skipped, Reason::new(&plan::ALREADY_ENTERED, [0; 3]));
            continue;
        }
        let told = used_up.iter().find(|(promotion, _)| *promotion == index).map(|(_, reason)| *reason);
        let with_it = |before| limits::used_up_with(index, &promotion.record, facts.cart, before);
        if let Some(reason) = told.or_else(|| Some(before).filter(|before| *before > 0).and_then(with_it)) {
            answer.refuse(code, Some(index), Status::Inapplicable, reason);
            continue;
        }
        entered.push((index, code));
        if screen::qualifies(promotion, facts) {
            matching.insert(index);
            continue;
        }
        answer.refuse_unqualified(code, index, promotion, facts, None);
    }
}

impl Answer {
    fn refuse(&mut self, code: u32, promotion: Option<u32>, status: Status, reason: Reason) {
        let from = self.reasons.len();
        self.reasons.push(reason);
        self.refuse_since(from, code, promotion, status);
    }

    /// Refuses all codes, those that fail for their own reasons.
    #[cold]
    fn refuse_all(&mut self, facts: &Facts<'_>, failing: &[(Refused, Vec<Reason>)], watch: &Watch) {
        for (code, typed) in (0_u32..).zip(&facts.cart.codes) {
            let from = self.reasons.len();
            match (failing.iter().find(|(refused, _)| refused.code == code), typed) {
                (Some((refused, reasons)), _) => {
                    self.reasons.extend_from_slice(reasons);
                    self.refuse_since(from, code, refused.promotion, refused.status);
                    if let Some(promotion) = refused.promotion {
                        watch.note(|| Note::Lost { promotion, reasons: reasons.clone() });
                    }
                }
                (None, EnteredCode::Campaign(index) | EnteredCode::Again(index)) => {
                    let reason = Reason::new(&plan::OTHER_CODE_FAILS, [0; 3]);
                    self.refuse(code, Some(*index), Status::Skipped, reason);
                    watch.note(|| Note::Lost { promotion: *index, reasons: [reason].to_vec() });
                }
                // what is unknown fails by itself
                (None, EnteredCode::Unknown) => {}
            }
        }
    }

    /// Takes the campaigns out without which the order saves more; their codes hear of it.
    fn leave_out(&mut self, search: &Search, entered: &[(u32, u32)], matching: &mut Matching) {
        self.is_cut = search.is_cut();
        for index in search.left_out() {
            matching.remove(*index);
            for (_, code) in entered.iter().filter(|(promotion, _)| promotion == index) {
                let reason = Reason::new(&plan::OTHERS_SAVE_MORE, [0; 3]);
                self.refuse(*code, Some(*index), Status::Skipped, reason);
            }
        }
    }

    /// Passes over a campaign for another one; a code that brought it hears of it.
    fn skip(&mut self, code: Option<u32>, index: u32, reason: Reason) {
        if let Some(code) = code {
            self.refuse(code, Some(index), Status::Skipped, reason);
        }
    }

    /// A campaign that is used up; a code that brought it hears of it.
    fn refuse_for(&mut self, code: Option<u32>, index: u32, reason: Reason) {
        if let Some(code) = code {
            self.refuse(code, Some(index), Status::Inapplicable, reason);
        }
    }

    /// Refuses a code whose campaign's rule does not hold, of the cart or at its turn.
    fn refuse_unqualified(
        &mut self,
        code: u32,
        index: u32,
        promotion: &Promotion,
        facts: &Facts<'_>,
        turn: Option<&Turn<'_>>,
    ) {
        let from = self.reasons.len();
        let waits = screen::why_not_qualified(promotion, facts, turn, &mut self.reasons);
        self.refuse_since(from, code, Some(index), if waits { Status::Dormant } else { Status::Inapplicable });
    }

    /// Remembers the thresholds of what is left that a campaign misses at its turn.
    #[cold]
    fn note_missed_at_turn(&mut self, index: u32, promotion: &Promotion, facts: &Facts<'_>, turn: &Turn<'_>) {
        for (at, condition) in (0_u16..).zip(&promotion.record.conditions) {
            if let Some(shortfall) = condition.shortfall_at(facts, turn) {
                self.missed_at_turn.push((index, at, shortfall));
            }
        }
    }

    /// Refuses a code with the reasons from `from` on.
    fn refuse_since(&mut self, from: usize, code: u32, promotion: Option<u32>, status: Status) {
        let index32 = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let (reasons_from, reasons_until) = (index32(from), index32(self.reasons.len()));
        self.refused.push(Refused { code, promotion, status, reasons_from, reasons_until });
    }

    /// A campaign that takes nothing: an entered code hears of it, unless the campaign earns points instead.
    fn note_without_effect(
        &mut self,
        index: u32,
        promotion: &Promotion,
        facts: &Facts<'_>,
        code: Option<u32>,
        fault: Option<&'static ReasonKind>,
    ) {
        let Some(code) = code else { return };
        let record = &promotion.record;
        if record.earning.is_empty() {
            let covers = plan::covers(promotion, facts);
            let (status, kind) = match gifts::why_none(&self.gifts, index).or(fault.filter(|_| covers)) {
                Some(kind) => (if kind.waits_for_cart { Status::Dormant } else { Status::Inapplicable }, kind),
                None if covers => (Status::Dormant, &plan::NO_EFFECT),
                None => (Status::Inapplicable, &CURRENCY_NOT_COVERED),
            };
            self.refuse(code, Some(index), status, Reason::new(kind, [0; 3]));
            return;
        }
        self.apply_without_discount(index, Some(code));
    }

    /// A campaign that applies and takes nothing.
    fn apply_without_discount(&mut self, index: u32, code: Option<u32>) {
        let index32 = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let (shares, shipping) = (index32(self.shares.len()), index32(self.shipping_shares.len()));
        self.applied.push(Applied {
            promotion: index,
            code,
            amount: 0,
            promise: 0,
            shares_from: shares,
            shares_until: shares,
            shipping_from: shipping,
            shipping_until: shipping,
        });
    }

    /// Totals, line by line and in all; shares of merged lines go back to the lines as given.
    fn sum_up(&mut self, cart: &Cart, till: &mut Till) {
        // codes are refused at three steps; shoppers see them in the order typed
        order::sort(&mut self.refused, |a, b| a.code < b.code);
        if cart.given.is_empty() {
            let left = till.balances.lines().iter();
            self.lines.extend(cart.lines.iter().zip(left).map(|(line, left)| {
                let subtotal = line.subtotal();
                (subtotal, subtotal.saturating_sub(*left))
            }));
        } else {
            self.split_over_given(cart, till);
        }
        self.shipping_lines.extend(
            cart.shipping
                .iter()
                .zip(&till.shipping)
                .map(|(charge, left)| (charge.price, charge.price.saturating_sub(*left))),
        );
        let sum = |lines: &[(i64, i64)]| {
            lines.iter().fold((0_i64, 0_i64), |(price, discount), line| {
                (price.saturating_add(line.0), discount.saturating_add(line.1))
            })
        };
        let (subtotal, lines_discount) = sum(&self.lines);
        let (shipping, shipping_discount) = sum(&self.shipping_lines);
        self.subtotal = subtotal;
        self.shipping = shipping;
        self.discount = lines_discount.saturating_add(shipping_discount);
        self.total = subtotal.saturating_add(shipping).saturating_sub(self.discount);
    }

    /// Shares of a merged line are split over its given lines by what is left of each at that point, so that no
    /// given line bears more than its price.
    fn split_over_given(&mut self, cart: &Cart, till: &mut Till) {
        let mut left: Vec<i64> = Vec::with_capacity(cart.given.len());
        for (index, given) in (0_u32..).zip(&cart.given) {
            let price = cart.lines.get(given.line as usize).map_or(0, |line| line.price);
            // of a gift, which nobody else takes of, only the units that are given bear anything
            let gift = self.gift_lines.iter().find(|gift| gift.line == index);
            left.push(price.saturating_mul(gift.map_or(given.quantity, |gift| gift.given)));
            self.lines.push((price.saturating_mul(given.quantity), 0));
        }
        let mut split = Vec::with_capacity(self.shares.len());
        for applied in &mut self.applied {
            let from = split.len();
            let shares = self.shares.get(applied.shares_from as usize..applied.shares_until as usize).unwrap_or(&[]);
            for (line, amount) in shares {
                let members =
                    || (0_u32..).zip(&cart.given).filter(|(_, given)| given.line == *line).map(|(index, _)| index);
                let mut parts: Vec<i64> =
                    members().map(|index| left.get(index as usize).copied().unwrap_or(0)).collect();
                till.allocation.split(*amount, &mut parts);
                for (index, part) in members().zip(parts) {
                    if part == 0 {
                        continue;
                    }
                    if let (Some(left), Some(line)) = (left.get_mut(index as usize), self.lines.get_mut(index as usize))
                    {
                        *left = left.saturating_sub(part);
                        line.1 = line.1.saturating_add(part);
                    }
                    split.push((index, part));
                }
            }
            if let Some(fresh) = split.get_mut(from..) {
                order::sort(fresh, |a, b| a.0 < b.0);
            }
            let index32 = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
            applied.shares_from = index32(from);
            applied.shares_until = index32(split.len());
        }
        self.shares = split;
    }
}

/// Every kind of reason and of step that a quote can give, in a fixed order: the engine's own, then the conditions'.
pub fn reasons() -> impl Iterator<Item = &'static ReasonKind> {
    let own = [
        screen::REASONS,
        plan::REASONS,
        gifts::REASONS,
        limits::REASONS,
        payment::REASONS,
        discount::REASONS,
        step::STEPS,
        #[cfg(feature = "workshop")]
        own::REASONS,
    ];
    own.into_iter().chain(condition::REASONS.iter().copied()).flatten().copied()
}
