//! What becomes of a code or a campaign that takes nothing: refused, passed over, or applied all the same.

use alloc::vec::Vec;

use super::answer::{Answer, Applied, Refused, Status};
use super::plan::{self, Matching};
use super::search::Search;
use super::{gifts, screen};
use crate::cart::EnteredCode;
use crate::catalog::Promotion;
use crate::condition::{Turn, CURRENCY_NOT_COVERED};
use crate::facts::Facts;
use crate::reason::{Reason, ReasonKind};
use crate::watch::{Note, Watch};

impl Answer {
    pub(super) fn refuse(&mut self, code: u32, promotion: Option<u32>, status: Status, reason: Reason) {
        let from = self.reasons.len();
        self.reasons.push(reason);
        self.refuse_since(from, code, promotion, status);
    }

    /// Refuses all codes, those that fail for their own reasons.
    #[cold]
    pub(super) fn refuse_all(&mut self, facts: &Facts<'_>, failing: &[(Refused, Vec<Reason>)], watch: &Watch) {
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
    pub(super) fn leave_out(&mut self, search: &Search, entered: &[(u32, u32)], matching: &mut Matching) {
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
    pub(super) fn skip(&mut self, code: Option<u32>, index: u32, reason: Reason) {
        if let Some(code) = code {
            self.refuse(code, Some(index), Status::Skipped, reason);
        }
    }

    /// A campaign that is used up; a code that brought it hears of it.
    pub(super) fn refuse_for(&mut self, code: Option<u32>, index: u32, reason: Reason) {
        if let Some(code) = code {
            self.refuse(code, Some(index), Status::Inapplicable, reason);
        }
    }

    /// Refuses a code whose campaign's rule does not hold, of the cart or at its turn.
    pub(super) fn refuse_unqualified(
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

    /// Refuses a code with the reasons from `from` on.
    pub(super) fn refuse_since(&mut self, from: usize, code: u32, promotion: Option<u32>, status: Status) {
        let index32 = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let (reasons_from, reasons_until) = (index32(from), index32(self.reasons.len()));
        self.refused.push(Refused { code, promotion, status, reasons_from, reasons_until });
    }

    /// A campaign that takes nothing: an entered code hears of it, unless the campaign earns points instead.
    pub(super) fn note_without_effect(
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
    pub(super) fn apply_without_discount(&mut self, index: u32, code: Option<u32>) {
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
}
