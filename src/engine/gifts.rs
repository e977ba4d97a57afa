//! Gift lines: what became of each line that the request marks as a campaign's gift, and why units of it are charged.

use super::answer::{Answer, GiftLine};
use super::apply::Till;
use super::limits;
use super::plan::{Standing, OTHERS_SAVE_MORE};
use super::screen;
use super::search::Search;
use crate::cart::{Cart, EnteredCode};
use crate::catalog::Catalog;
use crate::discount::gifts::{GiftOffer, GiftState};
use crate::error::FixBy;
use crate::facts::Facts;
use crate::reason::{ParamKind, Reason, ReasonKind};
use alloc::vec::Vec;

pub(crate) static GIFT_NOT_OFFERED: ReasonKind = ReasonKind {
    code: "gift_not_offered",
    message: "this is no gift of a campaign that applies",
    help: "remove the line, or keep it at its ordinary price",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

pub(crate) static GIFT_UNITS_EXCEEDED: ReasonKind = ReasonKind {
    code: "gift_units_exceeded",
    message: "the campaign gives fewer units of this line",
    help: "units of it that are gifts: {given}",
    fix_by: FixBy::Shopper,
    params: &[("given", ParamKind::Count)],
    waits_for_cart: false,
};

pub(crate) static GIFT_OUT_OF_STOCK: ReasonKind = ReasonKind {
    code: "gift_out_of_stock",
    message: "there are no more of the gift",
    help: "try again when it is in stock",
    fix_by: FixBy::Merchant,
    params: &[],
    waits_for_cart: false,
};

pub(crate) static GIFT_DECLINED: ReasonKind = ReasonKind {
    code: "gift_declined",
    message: "the gift is declined",
    help: "accept the gift",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: true,
};

pub(crate) const REASONS: &[&ReasonKind] =
    &[&GIFT_NOT_OFFERED, &GIFT_UNITS_EXCEEDED, &GIFT_OUT_OF_STOCK, &GIFT_DECLINED];

/// Why a campaign that qualifies gives none of its gifts, if that is why it takes nothing.
pub(super) fn why_none(gifts: &[GiftOffer], promotion: u32) -> Option<&'static ReasonKind> {
    let own = gifts.iter().find(|gift| gift.promotion == promotion)?;
    Some(if own.state == GiftState::Declined { &GIFT_DECLINED } else { &GIFT_OUT_OF_STOCK })
}

/// What the plan came to.
pub(super) struct Outcome<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) facts: &'a Facts<'a>,
    pub(super) standing: &'a Standing,
    pub(super) search: &'a Search,
}

/// Writes what became of the gift lines.
#[cold]
#[inline(never)]
pub(super) fn tell(outcome: &Outcome<'_>, till: &mut Till, answer: &mut Answer) {
    let cart = outcome.facts.cart;
    let from = cart.bought_count();
    // a line that was split is given part by part
    let mut told: Vec<(u32, i64)> = Vec::new();
    for (index, given) in (0_u32..).zip(&cart.given) {
        let line = given.line as usize;
        let Some(named) = line.checked_sub(from).and_then(|at| cart.gifts.get(at)) else { continue };
        let promotion = outcome.catalog.promotion(*named).map(|_| *named);
        let before = told.iter().filter(|(other, _)| *other == given.line);
        let before = before.fold(0_i64, |sum, (_, units)| sum.saturating_add(*units));
        let units = till.balances.used_up(line).saturating_sub(before).min(given.quantity);
        told.push((given.line, units));
        let charged = given.quantity.saturating_sub(units);
        let reasons_from = answer.reasons.len();
        if charged > 0 {
            let applied = answer.applied.iter().any(|applied| applied.promotion == *named);
            outcome.explain(*named, applied, units, till, &mut answer.reasons);
        }
        let index32 = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let (reasons_from, reasons_until) = (index32(reasons_from), index32(answer.reasons.len()));
        answer.gift_lines.push(GiftLine { line: index, promotion, given: units, charged, reasons_from, reasons_until });
    }
}

impl Outcome<'_> {
    /// Why units of a gift line are charged. Of a campaign whose code was not entered nothing is told.
    fn explain(&self, index: u32, applied: bool, given: i64, till: &mut Till, reasons: &mut Vec<Reason>) {
        let Outcome { catalog, facts, standing, search } = self;
        let Some(promotion) =
            catalog.promotion(index).filter(|promotion| is_open(promotion.by_code, facts.cart, index))
        else {
            return reasons.push(Reason::new(&GIFT_NOT_OFFERED, [0; 3]));
        };
        let before = reasons.len();
        let mut used_up = Vec::new();
        limits::used_up(catalog, facts.cart, &mut used_up);
        if applied {
            reasons.push(Reason::new(&GIFT_UNITS_EXCEEDED, [given, 0, 0]));
        } else if !screen::runs(promotion, facts.cart.now) {
            // a code that does not run looks like one that there is not
            reasons.extend((!promotion.by_code).then(|| screen::why_not_running(promotion, facts.cart.now)));
        } else if let Some((_, reason)) = used_up.iter().find(|(used_up, _)| *used_up == index) {
            reasons.push(*reason);
        } else if !screen::qualifies(promotion, facts) {
            screen::why_not_qualified(promotion, facts, None, reasons);
        } else if search.left_out().contains(&index) {
            reasons.push(Reason::new(&OTHERS_SAVE_MORE, [0; 3]));
        } else if let Some(reason) = standing.refusal(index, &promotion.record, catalog) {
            reasons.push(reason);
        } else if promotion.waits_for_turn {
            let turn = till.turn(promotion.record.lane);
            screen::why_not_qualified(promotion, facts, Some(&turn), reasons);
        }
        if reasons.len() == before {
            reasons.push(Reason::new(&GIFT_NOT_OFFERED, [0; 3]));
        }
    }
}

fn is_open(by_code: bool, cart: &Cart, promotion: u32) -> bool {
    !by_code || cart.codes.contains(&EnteredCode::Campaign(promotion))
}
