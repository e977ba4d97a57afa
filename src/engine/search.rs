//! The best deal: which of the matching campaigns to leave out, so that the others save the shopper most.
//!
//! The search goes through the campaigns in order of application and tries each first with it, then without. The first
//! combination with the largest saving is kept, so ties fall to priority, then id. It is exact as long as it is not
//! cut short, which the answer tells: branches are dropped only when they cannot save more.

use super::answer::Answer;
use super::apply::Till;
use super::plan::{Before, Matching, Standing};
use super::screen;
use crate::catalog::section::Footing;
use crate::catalog::{Catalog, Promotion};
use crate::discount::Discount;
use crate::facts::Facts;
use alloc::vec::Vec;

/// Most campaigns that are chosen among; further ones apply by priority.
const MAX_CHOICES: usize = 64;
/// Most times that a campaign is tried at its turn.
const MAX_TRIES: u32 = 1 << 16;

/// A campaign that may apply.
#[derive(Debug)]
struct Candidate {
    index: u32,
    /// Whether it may be left out.
    optional: bool,
    /// The most that it can take or promise, whatever applied before.
    ceiling: i64,
    /// What it and all after it can promise at most.
    promises: i64,
    /// The most that it and all after it can take: when nothing applied yet, and when something did.
    rest: (i64, i64),
}

/// The search, and the space for it.
#[derive(Debug, Default)]
pub(super) struct Search {
    candidates: Vec<Candidate>,
    /// Whom the branch that is looked at leaves out.
    omitted: Vec<u32>,
    /// Whom the best combination leaves out.
    left_out: Vec<u32>,
    saved: Option<i64>,
    tries: u32,
    is_cut: bool,
    standing: Standing,
    /// The campaigns of the branch that applied, each with the standing before it.
    trail: Vec<(u32, Before)>,
    shares: Answer,
    /// A campaign that must be in the combination, for who asks what it would save.
    #[cfg(feature = "workshop")]
    demanded: Option<u32>,
}

/// What every branch looks at.
struct Shop<'a> {
    catalog: &'a Catalog,
    facts: &'a Facts<'a>,
}

impl Search {
    /// Whom the best combination leaves out, in order.
    pub(super) fn left_out(&self) -> &[u32] {
        &self.left_out
    }

    /// Whether the search was cut short, so that another combination may save more.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    pub(super) fn clear(&mut self) {
        self.left_out.clear();
        self.is_cut = false;
    }

    /// What the best combination saves; `None` when there is none.
    #[cfg(feature = "workshop")]
    pub(super) fn saved(&self) -> Option<i64> {
        self.saved
    }

    /// From now on a combination must have this campaign.
    #[cfg(feature = "workshop")]
    pub(super) fn demand(&mut self, campaign: Option<u32>) {
        self.demanded = campaign;
    }

    /// Whether what is demanded is in the branch, at its end.
    #[cfg(feature = "workshop")]
    fn is_complete(&self) -> bool {
        self.demanded.is_none_or(|demanded| self.trail.iter().any(|(index, _)| *index == demanded))
    }

    /// Nothing can be demanded.
    #[cfg(not(feature = "workshop"))]
    #[inline(always)]
    #[expect(clippy::unused_self, reason = "the workshop's has one")]
    fn is_complete(&self) -> bool {
        true
    }

    /// Finds the best combination. The till is open and is left as it was.
    pub(super) fn run(&mut self, catalog: &Catalog, facts: &Facts<'_>, matching: &Matching, till: &mut Till) {
        self.list(catalog, facts, matching, till);
        self.standing.clear(catalog.group_count());
        self.shares.clear();
        self.omitted.clear();
        self.trail.clear();
        self.saved = None;
        self.tries = 0;
        self.descend(&Shop { catalog, facts }, till, 0, 0);
        till.open(facts);
    }

    fn list(&mut self, catalog: &Catalog, facts: &Facts<'_>, matching: &Matching, till: &mut Till) {
        self.candidates.clear();
        let mut choices = 0_usize;
        for index in matching.iter() {
            let Some(promotion) = catalog.promotion(index) else { continue };
            let record = &promotion.record;
            if record.discounts.is_empty() {
                continue;
            }
            let is_chosen = catalog.picks_best() || record.group.is_some_and(|group| catalog.group_picks_best(group));
            let (takes, promises) = till.ceiling(index, promotion, facts);
            let ceiling = takes.saturating_add(promises);
            // what is given may be worth nothing that is known, and yet keeps others from applying
            let matters = ceiling > 0 || record.discounts.iter().any(|discount| matches!(discount, Discount::Gifts(_)));
            let optional = is_chosen && matters && choices < MAX_CHOICES;
            self.is_cut |= is_chosen && matters && !optional;
            choices = choices.saturating_add(usize::from(optional));
            self.candidates.push(Candidate { index, optional, ceiling, promises, rest: (0, 0) });
        }
        self.look_back(catalog);
    }

    /// From the last candidate to the first: what the rest can take at most, and who need not be left out.
    fn look_back(&mut self, catalog: &Catalog) {
        let mut by_group: Vec<Vec<i64>> = Vec::new();
        by_group.resize_with(catalog.group_count(), Vec::new);
        let (mut together, mut alone, mut promises) = (0_i64, 0_i64, 0_i64);
        let mut after = Suffix::default();
        for candidate in self.candidates.iter_mut().rev() {
            let Some(promotion) = catalog.promotion(candidate.index) else { continue };
            let record = &promotion.record;
            let limit = record.group.and_then(|group| Some((group, catalog.group_limit(group)?)));
            let rivals = limit.and_then(|(group, limit)| Some((by_group.get_mut(usize::from(group))?, limit)));
            let has_rivals =
                record.exclusive || after.is_exclusive || rivals.as_ref().is_some_and(|(r, _)| !r.is_empty());
            if !has_rivals && after.is_monotone {
                // whatever it takes, the campaigns after it leave no more than without it
                candidate.optional = false;
            }
            let worth = match rivals {
                None => candidate.ceiling,
                Some((rivals, limit)) => {
                    let place = rivals.partition_point(|rival| *rival >= candidate.ceiling);
                    rivals.insert(place, candidate.ceiling);
                    match rivals.get(usize::from(limit)).copied() {
                        // the least of the group no longer counts
                        Some(beyond) => {
                            rivals.truncate(usize::from(limit));
                            candidate.ceiling.saturating_sub(beyond)
                        }
                        None => candidate.ceiling,
                    }
                }
            };
            if record.exclusive {
                alone = alone.max(candidate.ceiling);
            } else {
                together = together.saturating_add(worth);
            }
            promises = promises.saturating_add(candidate.promises);
            candidate.promises = promises;
            candidate.rest = (together.max(alone), together);
            after.prepend(promotion, catalog);
        }
    }

    fn descend(&mut self, shop: &Shop<'_>, till: &mut Till, from: usize, taken: i64) {
        let (mut at, mut taken) = (from, taken);
        let omitted_before = self.omitted.len();
        loop {
            let Some(candidate) = self.candidates.get(at) else {
                if self.saved.is_none_or(|saved| taken > saved) && self.is_complete() {
                    self.saved = Some(taken);
                    self.left_out.clear();
                    self.left_out.extend_from_slice(&self.omitted);
                }
                break;
            };
            let (index, optional) = (candidate.index, candidate.optional);
            let rest = if taken == 0 { candidate.rest.0 } else { candidate.rest.1 };
            let most = taken.saturating_add(rest.min(till.left().saturating_add(candidate.promises)));
            if self.saved.is_some_and(|saved| most <= saved) {
                break;
            }
            if self.tries >= MAX_TRIES && self.saved.is_some() {
                self.is_cut = true;
                break;
            }
            at = at.saturating_add(1);
            let Some(promotion) = shop.catalog.promotion(index) else { continue };
            if self.standing.excluded_by(promotion, shop.catalog).is_some() {
                continue;
            }
            let mark = till.mark(&self.shares, shop.catalog.has_turns());
            if shop.catalog.has_turns() {
                let turn = till.turn(promotion.record.lane);
                if promotion.waits_for_turn && !screen::qualifies_at(promotion, shop.facts, &turn) {
                    continue;
                }
            }
            self.tries = self.tries.saturating_add(1);
            let Some(applied) = till.take(index, promotion, shop.facts, &mut self.shares) else { continue };
            let trail = self.trail.len();
            self.trail.push((index, self.standing.before(promotion)));
            self.standing.applied(index, promotion);
            let with_it = taken.saturating_add(applied.amount).saturating_add(applied.promise);
            if !optional {
                taken = with_it;
                continue;
            }
            self.descend(shop, till, at, with_it);
            for (later, before) in self.trail.drain(trail..).rev() {
                if let Some(promotion) = shop.catalog.promotion(later) {
                    self.standing.back_to(before, promotion);
                }
            }
            till.rewind(mark, &mut self.shares);
            self.omitted.push(index);
        }
        self.omitted.truncate(omitted_before);
    }
}

/// What is known of the campaigns from one on to the last.
#[derive(Debug)]
struct Suffix {
    /// Whether one of them applies only alone.
    is_exclusive: bool,
    /// Whether they leave no more of anything when less is there before them.
    is_monotone: bool,
    /// Whether all of them look at nothing but the total.
    is_of_orders: bool,
}

impl Default for Suffix {
    fn default() -> Suffix {
        Suffix { is_exclusive: false, is_monotone: true, is_of_orders: true }
    }
}

impl Suffix {
    fn prepend(&mut self, promotion: &Promotion, catalog: &Catalog) {
        let record = &promotion.record;
        self.is_exclusive |= record.exclusive;
        let footing = if catalog.is_on_original() { Footing::Line } else { record.footing };
        // lines first and orders after them: each step then leaves no more when less is there, to the minor unit
        self.is_monotone &= !promotion.waits_for_turn
            && record.discounts.iter().all(shrinks_with_the_cart)
            && match footing {
                Footing::Line | Footing::Shipping => true,
                Footing::Order => self.is_of_orders,
                Footing::Other => false,
            };
        self.is_of_orders &= matches!(footing, Footing::Order | Footing::Shipping);
    }
}

/// Whether the discount takes no more when less is left: its worth for the whole cart is then a ceiling.
pub(super) fn shrinks_with_the_cart(discount: &Discount) -> bool {
    match discount {
        Discount::Lines(off) => off.shrinks_with_the_cart(),
        Discount::Sets(_) | Discount::Shipping(_) | Discount::Bundles(_) => true,
        // units that were given already are passed over for others
        Discount::Gifts(_) => false,
    }
}
