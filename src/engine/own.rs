//! Codes that are one of many: each has its own end, its own customer and its own balance.

use crate::cart::{Cart, OwnStanding, MISSING};
use crate::condition::CURRENCY_NOT_COVERED;
use crate::error::FixBy;
use crate::reason::{ParamKind, Reason, ReasonKind};

pub(crate) static CODE_ENDED: ReasonKind = ReasonKind {
    code: "code_ended",
    message: "this code has ended",
    help: "it ended at {endedAt}",
    fix_by: FixBy::Shopper,
    params: &[("endedAt", ParamKind::Time)],
    waits_for_cart: false,
};

pub(crate) static CODE_REVOKED: ReasonKind = ReasonKind {
    code: "code_revoked",
    message: "this code has been taken back",
    help: "issue another code",
    fix_by: FixBy::Merchant,
    params: &[],
    waits_for_cart: false,
};

pub(crate) static CODE_SPENT: ReasonKind = ReasonKind {
    code: "code_spent",
    message: "this code has been used up",
    help: "use another code",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

pub(crate) static CODE_FOREIGN: ReasonKind = ReasonKind {
    code: "code_foreign",
    message: "this code is for another customer",
    help: "sign in as the customer whom it is for",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

pub(crate) const REASONS: &[&ReasonKind] = &[&CODE_ENDED, &CODE_REVOKED, &CODE_SPENT, &CODE_FOREIGN];

/// Why a code does not apply whatever its campaign says, and whether whoever entered it may be told: who has not shown that
/// the code is theirs hears no more than of a code that there is not.
pub(super) fn refusal(cart: &Cart, code: u32) -> Option<(Reason, bool)> {
    let own = cart.own.iter().find(|own| own.code == code)?;
    let hidden = |kind: &'static ReasonKind, values| Some((Reason::new(kind, values), false));
    match own.standing {
        OwnStanding::Foreign => hidden(&CODE_FOREIGN, [0; 3]),
        OwnStanding::Revoked => hidden(&CODE_REVOKED, [0; 3]),
        OwnStanding::Spent => hidden(&CODE_SPENT, [0; 3]),
        OwnStanding::Good if own.until != MISSING && cart.now >= own.until => hidden(&CODE_ENDED, [own.until, 0, 0]),
        OwnStanding::Good if own.currency.is_some_and(|currency| currency != cart.currency) => {
            Some((Reason::new(&CURRENCY_NOT_COVERED, [0; 3]), true))
        }
        OwnStanding::Good => None,
    }
}

/// The most that a campaign may take by a code, or by its first one where none is named: what is on it.
pub(super) fn most(cart: &Cart, campaign: u32, code: Option<u32>) -> i64 {
    let mut known = cart.own.iter().filter(|own| own.campaign == campaign && own.balance != MISSING);
    let own = match code {
        Some(code) => known.find(|own| own.code == code),
        None => known.find(|own| refusal(cart, own.code).is_none()),
    };
    own.map_or(i64::MAX, |own| own.balance)
}
