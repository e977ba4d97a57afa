//! The best deal: which of the matching campaigns to leave out, so that the others save the shopper most.
//!
//! The search goes through the campaigns in order of application and tries each first with it, then without. The first
//! combination with the largest saving is kept, so ties fall to priority, then id. It is exact as long as it is not
//! cut short, which the answer tells: branches are dropped only when they cannot save more.

use super::answer::Answer;
use super::apply::Till;
use super::contest::{self, Fate, Shop};
use super::limits::{self, is_budget};
use super::plan::{self, Before, Matching, Standing};
use super::screen;
use crate::cart::Cart;
use crate::catalog::section::{Base, Combines, Footing};
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
    /// The campaigns of the best combination.
    #[cfg(feature = "workshop")]
    best: Vec<u32>,
    /// A campaign that must be in the combination, for who asks what it would save.
    #[cfg(feature = "workshop")]
    demanded: Option<u32>,
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

    /// The campaigns of the best combination, in order.
    #[cfg(feature = "workshop")]
    pub(super) fn best(&self) -> &[u32] {
        &self.best
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
        self.standing.clear(catalog.groups().len(), plan::foreseen(catalog, matching));
        self.shares.clear();
        self.omitted.clear();
        self.trail.clear();
        self.saved = None;
        self.tries = 0;
        self.descend(&Shop { catalog, facts }, till, 0, 0);
        till.open(facts);
        till.keep_bases(facts, catalog.has_bases());
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
            let (takes, promises) = till.ceiling(index, promotion, facts);
            let codes = i64::try_from(limits::entered(index, record, facts.cart)).unwrap_or(1);
            let (takes, promises) = (takes.saturating_mul(codes), promises.saturating_mul(codes));
            let ceiling = takes.saturating_add(promises);
            // what is given may be worth nothing that is known, and yet keeps others from applying; so does what is kept
            let gives = || record.discounts.iter().any(|discount| matches!(discount, Discount::Gifts(_)));
            let is_chosen = catalog.is_choice(record) && (ceiling > 0 || record.manners.keeps || gives());
            let optional = is_chosen && choices < MAX_CHOICES;
            self.is_cut |= is_chosen && !optional;
            choices = choices.saturating_add(usize::from(optional));
            self.candidates.push(Candidate { index, optional, ceiling, promises, rest: (0, 0) });
        }
        self.look_back(catalog, facts.cart);
    }

    /// From the last candidate to the first: what the rest can take at most, and who need not be left out.
    fn look_back(&mut self, catalog: &Catalog, cart: &Cart) {
        let mut by_group: Vec<Vec<i64>> = Vec::new();
        by_group.resize_with(catalog.groups().len(), Vec::new);
        let (mut together, mut alone, mut promises) = (0_i64, 0_i64, 0_i64);
        let mut after = Suffix::default();
        let combines = |candidate: &Candidate| catalog.promotion(candidate.index).map(|it| it.record.manners.combines);
        let has_joint = self.candidates.iter().any(|candidate| combines(candidate) == Some(Combines::Joint));
        for candidate in self.candidates.iter_mut().rev() {
            let Some(promotion) = catalog.promotion(candidate.index) else { continue };
            let record = &promotion.record;
            // a set of its own tells most of how much it competes
            let narrowest = record.groups.first().copied();
            let limit = narrowest.and_then(|group| Some((group, catalog.groups().get(usize::from(group))?.limit)));
            let is_full = |group: &u16| by_group.get(usize::from(*group)).is_some_and(|rivals| !rivals.is_empty());
            let has_rivals = after.is_choosy || Suffix::chooses(promotion) || record.groups.iter().any(is_full);
            if !has_rivals && after.is_monotone {
                // whatever it takes, the campaigns after it leave no more than without it
                candidate.optional = false;
            }
            for group in record.groups.iter().skip(1) {
                if let Some(rivals) = by_group.get_mut(usize::from(*group)) {
                    rivals.push(0);
                }
            }
            let rivals = limit.and_then(|(group, limit)| Some((by_group.get_mut(usize::from(group))?, limit)));
            let is_alone = record.manners.combines == Combines::Alone && !has_joint;
            // what stays alone is no part of what others take together, and displaces none of them
            let joins = if is_alone { 0 } else { candidate.ceiling };
            let worth = match rivals {
                None => joins,
                Some((rivals, limit)) => {
                    let place = rivals.partition_point(|rival| *rival >= joins);
                    rivals.insert(place, joins);
                    match rivals.get(usize::from(limit)).copied() {
                        // the least of the group no longer counts
                        Some(beyond) => {
                            rivals.truncate(usize::from(limit));
                            joins.saturating_sub(beyond)
                        }
                        None => joins,
                    }
                }
            };
            if is_alone {
                alone = alone.max(candidate.ceiling);
            }
            together = together.saturating_add(worth);
            promises = promises.saturating_add(candidate.promises);
            candidate.promises = promises;
            candidate.rest = (together.max(alone), together);
            after.prepend(promotion, cart);
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
                    #[cfg(feature = "workshop")]
                    {
                        self.best = self.trail.iter().map(|(index, _)| *index).collect();
                    }
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
            if promotion.record.manners.contest != 0 {
                (at, taken) = self.contend(shop, till, at, taken);
                continue;
            }
            let mark = till.mark(&self.shares, shop.catalog.has_turns());
            let trail = self.trail.len();
            let codes = limits::entered(index, &promotion.record, shop.facts.cart);
            let each = (0..codes).map_while(|_| self.admit(shop, till, index, promotion));
            let Some(amount) = each.reduce(i64::saturating_add) else { continue };
            let with_it = taken.saturating_add(amount);
            if !optional {
                taken = with_it;
                continue;
            }
            self.descend(shop, till, at, with_it);
            for (later, before) in self.trail.drain(trail..).rev() {
                if let Some(promotion) = shop.catalog.promotion(later) {
                    self.standing.back_to(before, &promotion.record);
                }
            }
            till.rewind(mark, &mut self.shares);
            self.omitted.push(index);
        }
        self.omitted.truncate(omitted_before);
    }

    /// Lets a campaign apply once more; what it takes and promises, nothing where it may not.
    fn admit(&mut self, shop: &Shop<'_>, till: &mut Till, index: u32, promotion: &Promotion) -> Option<i64> {
        if self.standing.refusal(index, &promotion.record, shop.catalog).is_some() {
            return None;
        }
        if shop.catalog.has_turns() {
            let turn = till.turn(promotion.record.lane);
            if promotion.waits_for_turn && !screen::qualifies_at(promotion, shop.facts, &turn) {
                return None;
            }
        }
        self.tries = self.tries.saturating_add(1);
        let amount = match till.take(index, promotion, shop.facts, &mut self.shares) {
            Some(applied) => applied.amount.saturating_add(applied.promise),
            None if till.purse.refusal().is_none() && plan::keeps(promotion, shop.facts) => 0,
            None => return None,
        };
        self.trail.push((index, self.standing.before()));
        self.standing.applied(index, &promotion.record);
        Some(amount)
    }

    /// Lets campaigns compete for lines, from the candidate before `at` on; where the search goes on, and with how much.
    fn contend(&mut self, shop: &Shop<'_>, till: &mut Till, at: usize, taken: i64) -> (usize, i64) {
        let from = at.saturating_sub(1);
        let of = |index: u32| shop.catalog.promotion(index).map(|it| (it.record.manners.contest, it.record.lane));
        let rest = self.candidates.get(from..).unwrap_or(&[]);
        let first = rest.first().and_then(|candidate| of(candidate.index));
        let members: Vec<u32> =
            rest.iter().map(|candidate| candidate.index).take_while(|index| of(*index) == first).collect();
        if shop.catalog.has_turns() {
            if let Some((_, lane)) = first {
                till.turn(lane);
            }
        }
        let bids = shop.compete(&members, till, &self.standing, &mut self.shares);
        let mut taken = taken;
        for (place, bid) in bids.iter().enumerate() {
            let Some(promotion) = shop.catalog.promotion(bid.index) else { continue };
            let amount = match contest::hand_out(&bids, place, &promotion.record, till, &mut self.shares) {
                Some(applied) => applied.amount.saturating_add(applied.promise),
                None if matches!(bid.fate, Fate::NoEffect) && plan::keeps(promotion, shop.facts) => 0,
                None => continue,
            };
            self.tries = self.tries.saturating_add(1);
            self.trail.push((bid.index, self.standing.before()));
            self.standing.applied(bid.index, &promotion.record);
            taken = taken.saturating_add(amount);
        }
        (from.saturating_add(members.len()), taken)
    }
}

/// What is known of the campaigns from one on to the last.
#[derive(Debug)]
struct Suffix {
    /// Whether one of them keeps others from applying, or is kept from it, by more than a set that is full.
    is_choosy: bool,
    /// Whether they leave no more of anything when less is there before them.
    is_monotone: bool,
    /// Whether all of them look at nothing but the total.
    is_of_orders: bool,
}

impl Default for Suffix {
    fn default() -> Suffix {
        Suffix { is_choosy: false, is_monotone: true, is_of_orders: true }
    }
}

impl Suffix {
    fn chooses(promotion: &Promotion) -> bool {
        let manners = &promotion.record.manners;
        let shares = promotion.record.limits.iter().any(|limit| is_budget(limit.what));
        manners.combines != Combines::Common || manners.last || shares
    }

    fn prepend(&mut self, promotion: &Promotion, cart: &Cart) {
        let record = &promotion.record;
        self.is_choosy |= Suffix::chooses(promotion);
        let footing = match record.footing {
            Footing::Taken => Footing::Taken,
            _ if record.manners.base == Base::Original => Footing::Line,
            _ if record.manners.base == Base::LineLevel => Footing::Other,
            footing => footing,
        };
        // lines first and orders after them: each step then leaves no more when less is there, to the minor unit
        self.is_monotone &= !promotion.waits_for_turn
            && record.manners.contest == 0
            && !record.manners.once
            && record.limits.is_empty()
            && record.discounts.iter().all(|discount| shrinks_with_the_cart(discount, cart))
            && match footing {
                Footing::Line | Footing::Shipping => true,
                Footing::Order => self.is_of_orders,
                Footing::Other | Footing::Taken => false,
            };
        self.is_of_orders &= matches!(footing, Footing::Order | Footing::Shipping);
    }
}

/// Whether the discount takes no more when less is left: its worth for the whole cart is then a ceiling.
pub(super) fn shrinks_with_the_cart(discount: &Discount, cart: &Cart) -> bool {
    // what is left of units decides which ones sets take, and these may bear more than those that they took before
    let has_floors = cart.has_floors || !cart.line_costs.is_empty();
    match discount {
        Discount::Lines(off) => off.shrinks_with_the_cart(),
        Discount::Sets(sets) => !has_floors && sets.shrink_with_the_cart(),
        Discount::Bundles(_) => !has_floors,
        Discount::Shipping(off) => off.shrinks_with_the_cart(),
        // units that were given already are passed over for others
        Discount::Gifts(_) => false,
    }
}
