//! Steps 1 and 2: which campaigns a cart brings, and what becomes of the codes that were entered.

use alloc::vec::Vec;

use super::answer::{Answer, Status};
#[cfg(feature = "workshop")]
use super::own;
use super::plan::{self, Matching};
use super::{limits, screen, Disclosure};
use crate::cart::EnteredCode;
use crate::catalog::Catalog;
use crate::facts::Facts;
use crate::reason::Reason;

/// Step 1 and 2 for promotions that need no code: by index, so that cost follows matches.
pub(super) fn resolve_automatic(catalog: &Catalog, facts: &Facts<'_>, column: Option<usize>, matching: &mut Matching) {
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
pub(super) fn resolve_codes(
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
        // what counts at the turn is told then
        if screen::qualifies(promotion, facts) || promotion.waits_for_turn {
            matching.insert(index);
            continue;
        }
        answer.refuse_unqualified(code, index, promotion, facts, None);
    }
}
