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
mod refusals;
mod resolve;
pub(crate) mod screen;
mod search;
mod settle;
pub mod step;
mod totals;
#[cfg(feature = "workshop")]
pub mod watched;
mod ways;

use crate::balance::Balances;
use crate::cart::{Cart, MISSING};
use crate::catalog::Catalog;
use crate::condition;
use crate::discount;
use crate::facts::{Facts, Tallies};
use crate::payment;
use crate::reason::{Reason, ReasonKind};

use answer::{Answer, Refused, Status};
use apply::Till;
use contest::Shop;
use counter::Counter;
use plan::{Matching, Standing};
use resolve::{resolve_automatic, resolve_codes};
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
        standing.clear(catalog.groups().len(), plan::foreseen(catalog, matching));
        till.kept = catalog.kept(cart.currency);
        till.open(&facts);
        till.keep_bases(&facts, catalog.has_bases());
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
