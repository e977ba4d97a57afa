//! Where campaigns are served: each, when its turn has come, is excluded, refused, or takes what it gives.

use super::answer::{Answer, Applied};
use super::apply::Till;
use super::contest::{self, Fate, Shop};
use super::plan::{self, Matching, Standing};
use super::screen;
use crate::catalog::Promotion;
use crate::reason::Reason;
use crate::watch::Note;
use alloc::vec;
use alloc::vec::Vec;

/// Where campaigns are served when their turn has come.
pub(super) struct Counter<'a> {
    pub(super) shop: Shop<'a>,
    pub(super) standing: &'a mut Standing,
    pub(super) till: &'a mut Till,
    pub(super) earners: &'a mut Vec<u32>,
    pub(super) entered: &'a [(u32, u32)],
    pub(super) answer: &'a mut Answer,
}

impl Counter<'_> {
    /// The code that brought a campaign, if one did.
    fn code(&self, index: u32) -> Option<u32> {
        self.entered.iter().find(|(promotion, _)| *promotion == index).map(|(_, code)| *code)
    }

    /// Steps 3 and 4 for one campaign, once for each code of it that counts.
    #[inline]
    pub(super) fn serve(&mut self, index: u32, promotion: &Promotion) {
        self.serve_once(index, promotion, self.code(index));
        // by far most have no limit at all, and then one code
        if !promotion.record.limits.is_empty() {
            let codes = self.entered.iter().filter(|(promotion, _)| *promotion == index);
            codes.skip(1).for_each(|(_, code)| self.serve_once(index, promotion, Some(*code)));
        }
    }

    fn serve_once(&mut self, index: u32, promotion: &Promotion, code: Option<u32>) {
        let Shop { catalog, facts } = self.shop;
        let record = &promotion.record;
        if !record.discounts.is_empty() {
            if let Some(reason) = self.standing.refusal(index, record, catalog) {
                return self.exclude(code, index, reason);
            }
        }
        if catalog.has_turns() {
            let turn = self.till.turn(record.lane);
            if promotion.waits_for_turn && !screen::qualifies_at(promotion, facts, &turn) {
                if let Some(code) = code {
                    self.answer.refuse_unqualified(code, index, promotion, facts, Some(&turn));
                }
                self.till.note_unqualified(index, promotion, facts);
                return;
            }
        }
        #[cfg(feature = "workshop")]
        {
            self.till.code = code;
        }
        let applied = self.till.take(index, promotion, facts, self.answer);
        if let Some(reason) = self.till.purse.refusal() {
            self.till.watch.note(|| Note::Lost { promotion: index, reasons: vec![reason] });
            return self.answer.refuse_for(code, index, reason);
        }
        self.note(index, promotion, applied, code);
    }

    /// Passes over a campaign for those that have applied.
    fn exclude(&mut self, code: Option<u32>, index: u32, reason: Reason) {
        let by =
            u32::try_from(reason.values[0]).ok().filter(|_| core::ptr::eq(reason.kind, &plan::EXCLUDED_BY_STACKING));
        if self.shop.facts.cart.wants_hints {
            self.answer.excluded.extend(by.map(|by| (index, by)));
        }
        self.lose(code, index, reason);
    }

    /// A campaign loses to others.
    fn lose(&mut self, code: Option<u32>, index: u32, reason: Reason) {
        self.till.watch.note(|| Note::Lost { promotion: index, reasons: vec![reason] });
        self.answer.skip(code, index, reason);
    }

    /// Notes what a campaign took, or that it took nothing.
    #[inline]
    fn note(&mut self, index: u32, promotion: &Promotion, applied: Option<Applied>, code: Option<u32>) {
        if !promotion.record.earning.is_empty() && self.earners.last() != Some(&index) {
            self.earners.push(index);
        }
        match applied {
            Some(applied) => {
                self.standing.applied(index, &promotion.record);
                self.answer.applied.push(Applied { code, ..applied });
            }
            None if plan::keeps(promotion, self.shop.facts) => {
                self.standing.applied(index, &promotion.record);
                self.answer.apply_without_discount(index, code);
            }
            None => self.answer.note_without_effect(index, promotion, self.shop.facts, code, self.till.fault),
        }
    }

    /// Steps 3 and 4 for the campaigns that compete for lines with one, itself included. Returns where they end.
    #[cold]
    pub(super) fn let_compete(&mut self, first: u32, matching: &Matching) -> u32 {
        let Shop { catalog, facts } = self.shop;
        let members = self.shop.rivals(first, matching);
        if catalog.has_turns() {
            if let Some(promotion) = catalog.promotion(first) {
                self.till.turn(promotion.record.lane);
            }
        }
        let bids = self.shop.compete(&members, self.till, self.standing, self.answer);
        // reasons are of the moment at which all of them were measured
        for bid in bids.iter().filter(|bid| matches!(bid.fate, Fate::Unqualified)) {
            let Some(promotion) = catalog.promotion(bid.index) else { continue };
            let code = self.code(bid.index);
            let turn = self.till.turn(promotion.record.lane);
            if let Some(code) = code {
                self.answer.refuse_unqualified(code, bid.index, promotion, facts, Some(&turn));
            }
            self.till.note_unqualified(bid.index, promotion, facts);
        }
        for (at, bid) in bids.iter().enumerate() {
            let Some(promotion) = catalog.promotion(bid.index) else { continue };
            let code = self.code(bid.index);
            let applied = match &bid.fate {
                Fate::Unqualified => continue,
                Fate::Refused(reason) => {
                    self.exclude(code, bid.index, *reason);
                    continue;
                }
                Fate::OverBudget(reason) => {
                    self.till.watch.note(|| Note::Lost { promotion: bid.index, reasons: vec![*reason] });
                    self.answer.refuse_for(code, bid.index, *reason);
                    continue;
                }
                Fate::NoEffect => {
                    self.till.watch.note(|| Note::Turn { promotion: bid.index });
                    self.till.fault = bid.fault;
                    None
                }
                Fate::Competes => match contest::hand_out(&bids, at, &promotion.record, self.till, self.answer) {
                    None => {
                        self.lose(code, bid.index, Reason::new(&plan::OTHERS_SAVE_MORE, [0; 3]));
                        self.till.watch.note(|| Note::Outbid { promotion: bid.index, by: contest::takers(&bids, bid) });
                        continue;
                    }
                    applied => applied,
                },
            };
            self.note(bid.index, promotion, applied, code);
        }
        members.last().map_or(first, |last| *last).saturating_add(1)
    }
}
