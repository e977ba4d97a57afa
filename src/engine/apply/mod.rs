//! Applying: each campaign of the plan takes what its discounts offer from the running balances.

mod bids;
mod bounds;
mod mark;

use bounds::{limit_to_floors, room};

use super::answer::{Answer, Applied};
use super::limits::Purse;
#[cfg(feature = "workshop")]
use super::own;
use super::screen;
use super::search::shrinks_with_the_cart;
use crate::allocate::Allocation;
use crate::balance::{Balances, Share};
use crate::cart::Cart;
use crate::catalog::section::{Base, Footing, Limited, Record};
use crate::catalog::Promotion;
use crate::condition::Turn;
use crate::discount::gifts::{GiftOffer, GiftState};
use crate::discount::{Discount, Offer, Pricing};
use crate::facts::Facts;
use crate::money::{Amount, Rate};
use crate::order;
use crate::reason::ReasonKind;
use crate::watch::{Note, Watch};
use alloc::vec::Vec;

/// The balances while campaigns apply, and the scratch space for it.
#[derive(Debug, Default)]
pub(super) struct Till {
    pub(super) balances: Balances,
    pub(super) shipping: Vec<i64>,
    pub(super) allocation: Allocation,
    /// What earlier lanes have left of the lines; kept only where a campaign may ask.
    after_lanes: Vec<i64>,
    lane: Option<i64>,
    offer: Offer,
    /// Why a formula of the last campaign has no number.
    pub(super) fault: Option<&'static ReasonKind>,
    /// Where some discounts are measured on something else than what is left.
    bases: Option<Bases>,
    /// Whether the discount that is asked is on lines, and whether others bear what its lines have no more of.
    of_lines: (bool, bool),
    /// Which campaign's discounts on lines took something of which line, where that keeps others from it.
    claims: Vec<(u32, u32)>,
    pub(super) purse: Purse,
    /// What earlier campaigns have left of the lines, for one that asks which they took something of.
    untouched: Vec<i64>,
    /// How many basis points of what lines cost no discount may take.
    pub(super) kept: u16,
    /// How many times its cost the discount that is asked leaves of a unit, where costs are told.
    margin: Option<Rate>,
    /// Who writes down what is done here.
    pub(super) watch: Watch,
    /// The code by which the next campaign takes, where it is one of several.
    #[cfg(feature = "workshop")]
    pub(super) code: Option<u32>,
}

/// What discounts may be measured on beside what is left.
#[derive(Debug, Default)]
struct Bases {
    /// The cart as it came in, that nothing is taken from.
    opening: Balances,
    shipping: Vec<i64>,
    /// What discounts on lines have left, whatever those of the whole order took.
    lines: Balances,
}

/// What a campaign took and promises.
struct Amounts {
    amount: i64,
    promise: i64,
    /// Whether there may be several shares of a line, which are then summed up.
    several: bool,
}

impl Till {
    pub(super) fn open(&mut self, facts: &Facts<'_>) {
        self.balances.start(facts.cart);
        self.balances.keep(self.kept);
        self.shipping.clear();
        self.shipping.extend(facts.cart.shipping.iter().map(|charge| charge.price));
        self.lane = None;
        self.watch.restart();
        self.claims.clear();
        self.purse.rewind(0);
    }

    /// Keeps what discounts are measured on beside what is left, if there are such.
    pub(super) fn keep_bases(&mut self, facts: &Facts<'_>, has_bases: bool) {
        if !has_bases {
            self.bases = None;
            return;
        }
        let bases = self.bases.get_or_insert_default();
        for balances in [&mut bases.opening, &mut bases.lines] {
            balances.start(facts.cart);
        }
        bases.shipping.clone_from(&self.shipping);
    }

    /// What is left of lines and shipping.
    pub(super) fn left(&self) -> i64 {
        self.shipping.iter().fold(self.balances.total().minor(), |sum, left| sum.saturating_add(*left))
    }

    /// The most that a campaign can take of this cart, after whatever others. The till has taken nothing yet.
    /// So is what it promises.
    pub(super) fn ceiling(&mut self, index: u32, promotion: &Promotion, facts: &Facts<'_>) -> (i64, i64) {
        let record = &promotion.record;
        let (mut sum, mut promise) = (0_i64, 0_i64);
        for discount in &record.discounts {
            self.offer(index, discount, record, facts);
            if let Discount::Gifts(gifts) = discount {
                promise = promise.saturating_add(gifts.most_promised(self.offer.promise, facts));
            }
            if !shrinks_with_the_cart(discount, facts.cart) || record.footing == Footing::Taken {
                sum = self.left();
                continue;
            }
            // where the weights are no money, the limits are
            let offered = match self.offer.limits.is_empty() {
                true => self.offer.total(),
                false => {
                    self.offer.limits.iter().map(|limit| Amount::new(*limit)).sum::<Amount>() + self.offer.of_shipping()
                }
            };
            sum = sum.saturating_add(self.offer.spread.map_or(offered, |spread| spread.at_most(offered)).minor());
        }
        (sum.min(self.left()), promise)
    }

    /// Asks a discount of a campaign what it would take.
    fn offer(&mut self, promotion: u32, discount: &Discount, record: &Record, facts: &Facts<'_>) {
        self.offer.clear();
        let of_lines = discount.is_of_lines();
        self.of_lines = (of_lines, false);
        let (balances, shipping) = match (&self.bases, record.manners.base) {
            (Some(bases), Base::Original) => (&bases.opening, &bases.shipping),
            (Some(bases), Base::LineLevel) if of_lines => {
                self.of_lines.1 = true;
                (&bases.lines, &self.shipping)
            }
            _ => (&self.balances, &self.shipping),
        };
        let unclaimed = (record.manners.once && of_lines && !self.claims.is_empty())
            .then(|| self.unclaimed(promotion, balances, facts.cart));
        let balances = unclaimed.as_ref().unwrap_or(balances);
        let (rounding, level) = (record.rounding, record.level);
        let margin = record.margin;
        let units = if record.limits.is_empty() { i64::MAX } else { self.purse.units(promotion, record, facts.cart) };
        let watch = self.watch.lend();
        let left = (record.footing == Footing::Taken).then_some(self.untouched.as_slice());
        let pricing = Pricing {
            facts: Facts { left, ..*facts },
            balances,
            taken: &self.balances,
            shipping,
            promotion,
            units,
            margin,
            rounding,
            level,
            watch,
        };
        discount.offer(&pricing, &mut self.offer);
        self.margin = margin.filter(|_| !facts.cart.line_costs.is_empty());
        if facts.cart.has_floors || self.margin.is_some() {
            limit_to_floors(&mut self.offer, balances, facts.cart, self.margin, &self.watch);
        }
        // what is off the order as a whole is borne by what is left, whatever it is measured on
        if record.manners.base == Base::Original && self.offer.spread.is_some() {
            limit_to_floors(&mut self.offer, &self.balances, facts.cart, self.margin, &self.watch);
        }
    }

    /// Balances with nothing left of the lines that have a discount of another campaign.
    #[cold]
    fn unclaimed(&self, promotion: u32, balances: &Balances, cart: &Cart) -> Balances {
        let mut unclaimed = balances.clone();
        for (_, line) in self.claims.iter().filter(|(by, _)| *by != promotion) {
            let amount = room(&unclaimed, cart, *line, None);
            unclaimed.take(Share::new(promotion, *line, amount, 0));
        }
        unclaimed
    }

    /// What is left of the lines when a campaign's turn comes. Campaigns come lane by lane.
    pub(super) fn turn(&mut self, lane: i64) -> Turn<'_> {
        if self.lane != Some(lane) {
            self.lane = Some(lane);
            self.after_lanes.clear();
            self.after_lanes.extend_from_slice(self.balances.lines());
        }
        Turn { running: self.balances.lines(), after_lanes: &self.after_lanes }
    }

    /// Notes why a campaign does not qualify at its turn.
    #[inline(always)]
    pub(super) fn note_unqualified(&mut self, index: u32, promotion: &Promotion, facts: &Facts<'_>) {
        if self.watch.is_asked() {
            let mut reasons = Vec::new();
            let turn = self.turn(promotion.record.lane);
            screen::why_not_qualified(promotion, facts, Some(&turn), &mut reasons);
            self.watch.note(|| Note::Lost { promotion: index, reasons });
        }
    }

    /// Lets a campaign take its discounts, one after the other; `None` when they take nothing.
    pub(super) fn take(
        &mut self,
        index: u32,
        promotion: &Promotion,
        facts: &Facts<'_>,
        answer: &mut Answer,
    ) -> Option<Applied> {
        let journal_from = self.balances.journal().len();
        let shipping_from = answer.shipping_shares.len();
        let record = &promotion.record;
        // by far most have no limit at all
        let most = if record.limits.is_empty() { i64::MAX } else { self.purse.most(record)? };
        #[cfg(feature = "workshop")]
        let most = most.min(own::most(facts.cart, index, self.code.take()));
        let mark = (!record.limits.is_empty()).then(|| self.mark(answer, false));
        let whole = record.limits.iter().any(|limit| limit.what == Limited::WholeBudget);
        let (mut amount, mut promise, gifts_from) = (0_i64, 0_i64, answer.gifts.len());
        self.watch.note(|| Note::Turn { promotion: index });
        if record.footing == Footing::Taken {
            self.untouched.clear();
            self.untouched.extend_from_slice(self.balances.lines());
        }
        self.fault = None;
        for (choice, discount) in (0_u32..).zip(&record.discounts) {
            self.watch.note(|| Note::Asked { on_original: record.manners.base == Base::Original });
            self.offer.choice = choice;
            self.offer(index, discount, record, facts);
            self.fault = self.fault.or(self.offer.fault);
            if mark.is_some() {
                self.purse.draw_units(index, self.offer.units);
            }
            promise = promise.saturating_add(self.offer.promise);
            let of_discount = self.balances.journal().len();
            let most = if whole || most == i64::MAX { i64::MAX } else { most.saturating_sub(amount) };
            amount = amount.saturating_add(self.settle(index, most, facts.cart, answer));
            if record.manners.once && self.of_lines.0 {
                let shares = self.balances.journal().get(of_discount..).unwrap_or(&[]);
                self.claims.extend(shares.iter().map(|share| (index, share.line)));
            }
        }
        if let Some(mark) = mark {
            if self.purse.refuses(record, amount) {
                self.rewind(mark, answer);
                return None;
            }
            self.purse.draw(record, amount);
        }
        if amount == 0 && !gives(answer.gifts.get(gifts_from..)) {
            return None;
        }
        // of one gift line units may be given on several terms
        let is_gift = matches!(record.discounts.first(), Some(Discount::Gifts(_)));
        let taken = Amounts { amount, promise, several: is_gift || record.discounts.len() > 1 };
        Some(self.told(index, taken, journal_from, shipping_from, answer))
    }

    /// What a campaign took of lines and shipping, as the answer tells it; `several` shares of a line summed up.
    fn told(
        &self,
        index: u32,
        taken: Amounts,
        journal_from: usize,
        shipping_from: usize,
        answer: &mut Answer,
    ) -> Applied {
        let Amounts { amount, promise, several } = taken;
        let shares_from = answer.shares.len();
        let shares = self.balances.journal().get(journal_from..).unwrap_or(&[]);
        answer.shares.extend(shares.iter().map(|share| (share.line, share.amount)));
        if several {
            sum_up(&mut answer.shares, shares_from);
            sum_up(&mut answer.shipping_shares, shipping_from);
        }
        let index32 = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        Applied {
            promotion: index,
            code: None,
            amount,
            promise,
            shares_from: index32(shares_from),
            shares_until: index32(answer.shares.len()),
            shipping_from: index32(shipping_from),
            shipping_until: index32(answer.shipping_shares.len()),
        }
    }

    /// Allocates an offer and takes it, or `most` of it.
    fn settle(&mut self, promotion: u32, most: i64, cart: &Cart, answer: &mut Answer) -> i64 {
        let before = self.balances.total();
        if let Some(total) = self.offer.spread {
            self.watch.note(|| {
                let of_shipping = self.offer.shipping.iter().map(|(_, share)| share.minor());
                let weights = self.offer.amounts.iter().copied().chain(of_shipping).collect();
                Note::Spread { amount: total.minor(), weights }
            });
            let Offer { amounts, limits, shipping, .. } = &mut self.offer;
            let lines = amounts.len();
            let of_shipping = shipping.iter().map(|(_, share)| share.minor());
            if limits.is_empty() {
                amounts.extend(of_shipping);
                self.allocation.split(total.minor(), amounts);
            } else {
                limits.extend(of_shipping.clone());
                amounts.extend(of_shipping);
                self.allocation.fill(total.minor(), amounts, limits);
            }
            let spread = amounts.iter().skip(lines);
            shipping.iter_mut().zip(spread).for_each(|((_, share), part)| *share = Amount::new(*part));
        }
        if most < i64::MAX {
            self.cut_to(most, cart);
        }
        if self.margin.is_some() {
            self.keep_margin(cart);
        }
        self.take_shares(promotion, cart);
        if self.of_lines.1 {
            self.take_of_others(promotion, (before - self.balances.total()).minor(), cart);
        }
        let mut taken = (before - self.balances.total()).minor();
        if taken > 0 || !self.offer.gifts.is_empty() {
            self.balances.use_up(&self.offer.used);
            self.offer.used.iter().for_each(|(line, units)| self.watch.note(|| used_up(*line, *units)));
            answer.gifts.append(&mut self.offer.gifts);
        }
        for (charge, share) in &self.offer.shipping {
            if let Some(left) = self.shipping.get_mut(*charge) {
                let share = share.minor().min(*left);
                if share == 0 {
                    continue;
                }
                let charge = u32::try_from(*charge).unwrap_or(u32::MAX);
                self.watch.note(|| Note::Charge { charge, before: *left, taken: share });
                *left = left.saturating_sub(share);
                taken = taken.saturating_add(share);
                answer.shipping_shares.push((charge, share));
            }
        }
        taken
    }

    /// Takes the shares that were offered of lines.
    fn take_shares(&mut self, promotion: u32, cart: &Cart) {
        let Offer { shares, amounts, manners, .. } = &mut self.offer;
        let kept = self.balances.keep_manners(manners);
        if kept > 0 {
            // those of the offer come after those that are kept
            shares.iter_mut().filter(|(_, own)| *own > 0).for_each(|(_, own)| *own = own.saturating_add(kept));
        }
        if let Some(bases) = &mut self.bases {
            // places of manners stay the same in both
            bases.lines.keep_manners(manners);
            if self.of_lines.0 {
                bases.lines.take_all(promotion, shares, amounts);
            }
        }
        // what is offered on another base may be more than is left above the floor
        let has_floor = cart.has_floors || self.margin.is_some();
        if !has_floor && !self.watch.is_asked() {
            return self.balances.take_all(promotion, shares, amounts);
        }
        for ((line, manner), amount) in self.offer.shares.iter().zip(&self.offer.amounts) {
            let above = || room(&self.balances, cart, *line, self.margin);
            let amount = if has_floor { (*amount).min(above()) } else { *amount };
            let taken = self.balances.take(Share::new(promotion, *line, amount, *manner));
            self.watch.note(|| {
                let before = self.balances.left(*line as usize).minor().saturating_add(taken);
                let manner = self.balances.manner_at(*manner);
                Note::Share { line: *line, manner, before, offered: amount, taken }
            });
        }
    }
}

/// Whether of some gift there are units in the cart, or could be.
pub(super) fn gives(gifts: Option<&[GiftOffer]>) -> bool {
    let is_given = |gift: &GiftOffer| matches!(gift.state, GiftState::Proposed | GiftState::InCart);
    gifts.unwrap_or(&[]).iter().any(is_given)
}

fn used_up(line: usize, units: i64) -> Note {
    Note::UsedUp { line: u32::try_from(line).unwrap_or(u32::MAX), units }
}

/// Sums up several shares of the same line from `from` on.
fn sum_up(shares: &mut Vec<(u32, i64)>, from: usize) {
    if let Some(fresh) = shares.get_mut(from..) {
        order::sort(fresh, |a, b| a.0 < b.0);
    }
    let mut fresh = shares.split_off(from.min(shares.len()));
    fresh.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 = kept.1.saturating_add(next.1);
        }
        same
    });
    shares.append(&mut fresh);
}
