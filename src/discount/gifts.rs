//! Gifts: units that a campaign gives, whether they are in the cart or not.
//!
//! What is not there yet is a proposal, and no money is counted for it. What the host has added, on lines that are marked
//! as the campaign's gifts, is priced here. An upgrade is a gift for which units of the cart are given in exchange: their
//! money moves to it.

use alloc::vec::Vec;

use serde::Serialize;

use super::bundles::Bundle;
use super::formula::Formula;
use super::units::{self, Order};
use super::worth::Worth;
use super::{Offer, Pricing};
use crate::balance::{Bearing, Manner};
use crate::cart::{Line, MAX_QUANTITY};
use crate::condition::Shortfall;
use crate::facts::Facts;
use crate::money::{Amount, Rate};
use crate::order;
use crate::packed::packed;
use crate::selector::Selector;
use crate::vocabulary::{AmountRow, Word};

packed! {
    /// Gifts, compiled.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Gifts {
        /// What is given, or what there is to choose from.
        pub(super) options: Vec<Choice>,
        /// How many of the options may be taken.
        pub(super) choose: u32,
        /// Whether units that are in the cart anyhow count towards it, so that only missing ones are proposed.
        pub(super) missing: bool,
        /// What is taken off each unit.
        pub(super) charge: Worth,
        /// How many times, when not once.
        pub(super) times: Option<Bundle>,
        /// What is given in exchange.
        pub(super) replaces: Option<Replaced>,
    }

    /// One product of a gift.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Choice {
        /// The word of its sku or product.
        pub(super) gift: Word,
        pub(super) units: i64,
        /// What a unit costs otherwise.
        pub(super) value: Option<AmountRow>,
        /// How many units, where it has a number.
        pub(super) formula: Option<Formula>,
    }

    /// Units that an upgrade takes in exchange for one.
    #[derive(Clone, Copy, Debug, PartialEq, Serialize)]
    pub struct Replaced {
        pub(super) lines: Selector,
        pub(super) units: i64,
        pub(super) at_most: Option<i64>,
        /// Whether the upgrade costs what they cost.
        pub(super) at_their_price: bool,
    }
}

/// What became of units of a gift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GiftState {
    /// They can be added.
    Proposed,
    /// They are in the cart and priced.
    InCart,
    /// The shopper does not want them.
    Declined,
    /// There are none.
    OutOfStock,
}

impl GiftState {
    /// The words used in JSON, in order.
    #[cfg(test)]
    pub const NAMES: &[&str] = &["proposed", "in_cart", "declined", "out_of_stock"];
}

/// Units of one product of a gift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GiftOffer {
    /// Whose campaign.
    pub promotion: u32,
    /// Which gift of the campaign; those of one choice have the same number.
    pub choice: u32,
    /// How many products of the choice may be taken.
    pub choose: u32,
    /// The word of its sku or product.
    pub gift: Word,
    /// What became of them.
    pub state: GiftState,
    /// How many units.
    pub quantity: i64,
    /// What each costs with the campaign, minor units.
    pub price: i64,
    /// What they cost less with it, together; zero where that is not known.
    pub worth: i64,
    /// What is given in exchange: line and units.
    pub replaces: Option<(usize, i64)>,
}

/// Units that are given on the same terms.
struct Terms {
    units: i64,
    /// What each costs; by the charge when absent.
    price: Option<i64>,
    /// For each: this line gives so many units, which have so much left together.
    source: Option<(usize, i64, i64)>,
}

/// What is taken off a unit, in the cart's currency.
#[derive(Clone, Copy)]
enum Charge {
    Rate(Rate),
    Less(i64),
    Price(i64),
}

impl Charge {
    /// What a unit costs that cost `value`; `None` where that must be known and is not.
    fn of(self, value: Option<i64>, pricing: &Pricing<'_>) -> Option<i64> {
        match (self, value) {
            (Charge::Price(price), value) => Some(price.min(value.unwrap_or(price))),
            (Charge::Less(amount), value) => Some(value?.saturating_sub(amount).max(0)),
            (Charge::Rate(rate), _) if rate == Rate::ONE => Some(0),
            (Charge::Rate(rate), value) => {
                let value = Amount::new(value?);
                Some((value - pricing.watch.round(rate, value, pricing.rounding)).minor())
            }
        }
    }

    /// A share of `units` units of a line, those that have the most left.
    fn share(self, pricing: &Pricing<'_>, line: usize, units: i64, offer: &mut Offer) {
        let floor = pricing.facts.cart.floor(line, pricing.margin);
        let (bearing, off): (Bearing, &dyn Fn(i64) -> i64) = match self {
            // rounded on each unit, so that what one costs can be told
            Charge::Rate(rate) => (Bearing::InProportion, &move |left| {
                pricing.watch.round(rate, Amount::new(left), pricing.rounding).minor()
            }),
            Charge::Less(amount) => (Bearing::Each(amount), &move |_| amount),
            Charge::Price(price) => (Bearing::DownTo(price), &move |left| left.saturating_sub(price)),
        };
        let runs = units::left_of(pricing, line, units, Order::Dearest);
        let bears = |(count, left): &(i64, i64)| {
            let most = left.saturating_sub(floor).max(0);
            Amount::new(off(*left).clamp(0, most)).times(*count)
        };
        let share = runs.iter().map(bears).sum();
        offer.share_in(Manner::of(Order::Dearest.of(units), bearing), line, share);
    }
}

/// What all options of a gift look at.
struct Counter<'a, 'p> {
    pricing: &'a Pricing<'p>,
    charge: Charge,
    choice: u32,
    choose: u32,
}

impl Gifts {
    fn charge(&self, facts: &Facts<'_>) -> Option<Charge> {
        Some(match self.charge {
            Worth::Rate(rate) => Charge::Rate(rate),
            Worth::AmountPerUnit(row) => Charge::Less(facts.amount(row)?.minor()),
            Worth::UnitPrice(row) => Charge::Price(facts.amount(row)?.minor()),
            _ => return None,
        })
    }

    /// Whether the amounts it needs are given in the cart's currency.
    pub(super) fn covers(&self, facts: &Facts<'_>) -> bool {
        let known = |option: &Choice| option.value.is_none_or(|value| facts.amount(value).is_some());
        let covers = |option: &Choice| option.formula.as_ref().is_none_or(|formula| formula.covers(facts));
        self.charge(facts).is_some() && self.options.iter().all(|option| known(option) && covers(option))
    }

    /// What one set more needs, where it is given for each.
    pub(super) fn wants(&self, facts: &Facts<'_>) -> Vec<Shortfall> {
        self.times.as_ref().map_or_else(Vec::new, |bundle| bundle.next_set(facts))
    }

    /// Offers what units in the cart cost less, and proposes those that are not there.
    pub(super) fn offer(&self, pricing: &Pricing<'_>, offer: &mut Offer) {
        let facts = &pricing.facts;
        let Some(charge) = self.charge(facts).filter(|_| self.covers(facts)) else { return };
        let times = self.times.as_ref().map_or(1, |bundle| bundle.count(facts));
        let choice = offer.choice;
        let counter = Counter { pricing, charge, choice, choose: self.choose };
        let mut open = self.choose;
        // what is in the cart is chosen
        let (mut proposals, mut counted) = (Vec::new(), Vec::new());
        for option in &self.options {
            let mut terms = match &self.replaces {
                None => {
                    let worked_out = option.formula.as_ref().and_then(|formula| formula.units(pricing));
                    let units = worked_out.unwrap_or(option.units).saturating_mul(times);
                    [Terms { units, price: None, source: None }].into()
                }
                Some(replaced) => replaced.terms(pricing),
            };
            let mut is_chosen = false;
            if open > 0 {
                for terms in &mut terms {
                    is_chosen |= counter.grant(option, terms, offer);
                    is_chosen |= self.missing && counter.count(option, terms, &mut counted, offer);
                }
            }
            open = open.saturating_sub(u32::from(is_chosen));
            proposals.push((option, terms, is_chosen));
        }
        order::sort(&mut counted, |a: &(usize, i64), b| a.0 < b.0);
        for of_line in counted.chunk_by(|a, b| a.0 == b.0) {
            let units = of_line.iter().fold(0_i64, |sum, (_, units)| sum.saturating_add(*units));
            of_line.first().into_iter().for_each(|(line, _)| charge.share(pricing, *line, units, offer));
        }
        let mut worths = Vec::new();
        for (option, terms, is_chosen) in proposals {
            if is_chosen || open > 0 {
                let worth =
                    terms.iter().fold(0_i64, |sum, terms| sum.saturating_add(counter.propose(option, terms, offer)));
                match is_chosen {
                    true => offer.promise = offer.promise.saturating_add(worth),
                    false => worths.push(worth),
                }
            }
        }
        // of a choice the best counts
        order::sort(&mut worths, |a, b| b < a);
        let best = worths.iter().take(open as usize).fold(0_i64, |sum, worth| sum.saturating_add(*worth));
        offer.promise = offer.promise.saturating_add(best);
    }

    /// The most that proposals may be worth, whatever others took before, which promise so much now: later ones may count
    /// fewer units that are there, or replace units that cost less.
    pub(crate) fn most_promised(&self, promise: i64, facts: &Facts<'_>) -> i64 {
        let is_same = !self.missing && self.replaces.is_none() && self.options.iter().all(|it| it.formula.is_none());
        if is_same {
            return promise;
        }
        let times = self.times.as_ref().map_or(1, |bundle| bundle.count(facts));
        let most = |option: &Choice| {
            let units = match (&self.replaces, &option.formula) {
                (Some(replaced), _) => facts.quantity(replaced.lines),
                (None, Some(_)) => MAX_QUANTITY,
                (None, None) => option.units,
            };
            Amount::new(option.value(facts).unwrap_or(0)).times(units.saturating_mul(times)).minor()
        };
        self.options.iter().map(most).fold(0, i64::saturating_add)
    }
}

impl Choice {
    /// What a unit costs otherwise: as the campaign says, else as the cart does.
    fn value(&self, facts: &Facts<'_>) -> Option<i64> {
        let told = self.value.and_then(|value| facts.amount(value)).map(Amount::minor);
        told.or_else(|| {
            let mut price = None;
            facts.each_line(Selector::Word(self.gift), |_, line| price = price.max(Some(line.price)));
            price
        })
    }
}

impl Replaced {
    /// On what terms units are exchanged: those of the cheapest lines first, of a line those with the most left.
    fn terms(&self, pricing: &Pricing<'_>) -> Vec<Terms> {
        let mut lines: Vec<(usize, i64, i64)> = Vec::new();
        pricing.facts.each_line(self.lines, |line, given| {
            lines.push((line, given.price, given.quantity.saturating_sub(pricing.taken.used_up(line))));
        });
        order::sort(&mut lines, |a, b| (a.1, a.0) < (b.1, b.0));
        let mut open = self.at_most.unwrap_or(i64::MAX);
        let mut terms = Vec::new();
        for (line, _, quantity) in lines {
            for (count, left) in units::left_of(pricing, line, quantity, Order::Dearest) {
                let units = count.checked_div(self.units).unwrap_or(0).min(open);
                if units > 0 {
                    open = open.saturating_sub(units);
                    let left = Amount::new(left).times(self.units).minor();
                    let price = self.at_their_price.then_some(left);
                    terms.push(Terms { units, price, source: Some((line, self.units, left)) });
                }
            }
        }
        terms
    }
}

impl Counter<'_, '_> {
    fn charge(&self, terms: &Terms) -> Charge {
        terms.price.map_or(self.charge, Charge::Price)
    }

    fn gift(&self, option: &Choice, terms: &Terms, state: GiftState, quantity: i64, value: Option<i64>) -> GiftOffer {
        let price = self.charge(terms).of(value, self.pricing).unwrap_or(0);
        let each = value.map_or(0, |value| value.saturating_sub(price));
        let source = terms.source.map(|(line, units, _)| (line, units.saturating_mul(quantity)));
        GiftOffer {
            promotion: self.pricing.promotion,
            choice: self.choice,
            choose: self.choose,
            gift: option.gift,
            state,
            quantity,
            price,
            worth: Amount::new(each).times(quantity).minor(),
            replaces: source,
        }
    }

    /// Prices units of the campaign's own gift lines, dearest first.
    fn grant(&self, option: &Choice, terms: &mut Terms, offer: &mut Offer) -> bool {
        let cart = self.pricing.facts.cart;
        let mut lines: Vec<(usize, &Line)> = Vec::new();
        for (line, given, promotion) in cart.gift_lines() {
            if promotion == self.pricing.promotion && cart.words_of(given).contains(&option.gift) {
                lines.push((line, given));
            }
        }
        order::sort(&mut lines, |a, b| (b.1.price, a.0) < (a.1.price, b.0));
        let mut is_granted = false;
        for (line, given) in lines {
            let of_offer = offer.used.iter().filter(|(used, _)| *used == line);
            let used = of_offer.fold(self.pricing.taken.used_up(line), |sum, (_, units)| sum.saturating_add(*units));
            let units = given.quantity.saturating_sub(used).min(terms.units);
            if units <= 0 {
                continue;
            }
            is_granted = true;
            terms.units = terms.units.saturating_sub(units);
            self.charge(terms).share(self.pricing, line, units, offer);
            offer.used.push((line, units));
            if let Some((source, each, left)) = terms.source {
                let manner = Manner::of(Order::Dearest.of(each.saturating_mul(units)), Bearing::InProportion);
                offer.share_in(manner, source, Amount::new(left).times(units));
                offer.used.push((source, each.saturating_mul(units)));
            }
            let gift = self.gift(option, terms, GiftState::InCart, units, Some(given.price));
            offer.gifts.push(gift);
        }
        is_granted
    }

    /// Counts units that are in the cart anyhow, those with the most left first, and each but once.
    fn count(&self, option: &Choice, terms: &mut Terms, counted: &mut Vec<(usize, i64)>, offer: &mut Offer) -> bool {
        let mut runs = Vec::new();
        self.pricing.facts.each_line(Selector::Word(option.gift), |line, given| {
            let before = counted.iter().filter(|(known, _)| *known == line);
            let mut gone = before.fold(0_i64, |sum, (_, units)| sum.saturating_add(*units));
            for (count, left) in units::left_of(self.pricing, line, given.quantity, Order::Dearest) {
                let passed = count.min(gone);
                gone = gone.saturating_sub(passed);
                runs.push((line, count.saturating_sub(passed), left, given.price));
            }
        });
        order::sort(&mut runs, |a, b| (b.2, a.0) < (a.2, b.0));
        let mut taken: Vec<(usize, i64, i64)> = Vec::new();
        for (line, count, _, price) in runs {
            let units = count.min(terms.units);
            if units > 0 {
                terms.units = terms.units.saturating_sub(units);
                taken.push((line, units, price));
            }
        }
        order::sort(&mut taken, |a, b| a.0 < b.0);
        for of_line in taken.chunk_by(|a, b| a.0 == b.0) {
            let Some((line, _, price)) = of_line.first() else { continue };
            let units = of_line.iter().fold(0_i64, |sum, (_, units, _)| sum.saturating_add(*units));
            counted.push((*line, units));
            let gift = self.gift(option, terms, GiftState::InCart, units, Some(*price));
            offer.gifts.push(gift);
        }
        !taken.is_empty()
    }

    /// Proposes what is not in the cart, as far as there is any. Returns what it is worth.
    fn propose(&self, option: &Choice, terms: &Terms, offer: &mut Offer) -> i64 {
        let cart = self.pricing.facts.cart;
        let value = option.value(&self.pricing.facts);
        if terms.units <= 0 || self.charge(terms).of(value, self.pricing).is_none() {
            return 0;
        }
        let mut units = 0;
        if cart.declined.contains(&self.pricing.promotion) {
            offer.gifts.push(self.gift(option, terms, GiftState::Declined, terms.units, value));
            return 0;
        }
        let proposed = offer.gifts.iter().filter(|gift| gift.gift == option.gift && gift.state == GiftState::Proposed);
        let proposed = proposed.fold(0_i64, |sum, gift| sum.saturating_add(gift.quantity));
        if let Some(left) = cart.in_stock(option.gift).map(|left| left.saturating_sub(proposed).max(0)) {
            units = terms.units.saturating_sub(left).max(0);
        }
        let mut worth = 0;
        for (state, quantity) in
            [(GiftState::Proposed, terms.units.saturating_sub(units)), (GiftState::OutOfStock, units)]
        {
            if quantity > 0 {
                let gift = self.gift(option, terms, state, quantity, value);
                if state == GiftState::Proposed {
                    worth = gift.worth;
                }
                offer.gifts.push(gift);
            }
        }
        worth
    }
}
