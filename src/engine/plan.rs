//! Planning: which of the matching campaigns may apply, in which order. Campaigns are numbered in order of
//! application (priority, then id), so a set of numbers is a plan.

use crate::catalog::section::{Combines, Record};
use crate::catalog::{Catalog, Promotion};
use crate::error::FixBy;
use crate::facts::Facts;
use crate::reason::{ParamKind, Reason, ReasonKind};
use alloc::vec::Vec;

pub(crate) static EXCLUDED_BY_STACKING: ReasonKind = ReasonKind {
    code: "excluded_by_stacking",
    message: "another campaign that does not combine with this one applies",
    help: "it does not combine with `{by}`",
    fix_by: FixBy::Shopper,
    params: &[("by", ParamKind::Campaign)],
    waits_for_cart: false,
};

pub(crate) static ALREADY_ENTERED: ReasonKind = ReasonKind {
    code: "already_entered",
    message: "this code, or another one of the same campaign, is entered already",
    help: "remove the second code",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

pub(crate) static NO_EFFECT: ReasonKind = ReasonKind {
    code: "no_effect",
    message: "the campaign changes nothing in this cart",
    help: "add products that the campaign discounts",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: true,
};

pub(crate) static OTHERS_SAVE_MORE: ReasonKind = ReasonKind {
    code: "others_save_more",
    message: "the order saves more without this campaign",
    help: "the best combination of campaigns applies",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

pub(crate) static CAMPAIGN_LIMIT_REACHED: ReasonKind = ReasonKind {
    code: "campaign_limit_reached",
    message: "as many campaigns apply as may be combined",
    help: "remove another code: {limit} may be combined",
    fix_by: FixBy::Shopper,
    params: &[("limit", ParamKind::Count)],
    waits_for_cart: false,
};

pub(crate) static OTHER_CODE_FAILS: ReasonKind = ReasonKind {
    code: "other_code_fails",
    message: "another code does not apply, and codes are taken together or not at all",
    help: "remove the code that does not apply",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: true,
};

pub(crate) const REASONS: &[&ReasonKind] = &[
    &EXCLUDED_BY_STACKING,
    &ALREADY_ENTERED,
    &NO_EFFECT,
    &OTHERS_SAVE_MORE,
    &CAMPAIGN_LIMIT_REACHED,
    &OTHER_CODE_FAILS,
];

/// Whether a discount of a campaign has its amounts in the cart's currency.
pub(super) fn covers(promotion: &Promotion, facts: &Facts<'_>) -> bool {
    promotion.record.discounts.iter().any(|discount| discount.covers(facts))
}

/// Whether a campaign applies even when it takes nothing; not where it has no amounts in the cart's currency.
pub(super) fn keeps(promotion: &Promotion, facts: &Facts<'_>) -> bool {
    promotion.record.manners.keeps && covers(promotion, facts)
}

/// A set of campaigns by their numbers.
#[derive(Debug, Default)]
pub(super) struct Matching {
    bits: Vec<u64>,
}

impl Matching {
    pub(super) fn clear(&mut self, promotions: usize) {
        self.bits.clear();
        self.bits.resize(promotions.div_ceil(64), 0);
    }

    #[inline]
    pub(super) fn insert(&mut self, promotion: u32) {
        if let Some(word) = self.bits.get_mut((promotion >> 6) as usize) {
            *word |= 1 << (promotion & 63);
        }
    }

    /// The campaigns in order of application.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words().flat_map(|(base, bits)| {
            (0..64_u32).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| base.wrapping_add(bit))
        })
    }

    /// Takes a campaign out.
    pub(super) fn remove(&mut self, promotion: u32) {
        if let Some(word) = self.bits.get_mut((promotion >> 6) as usize) {
            *word &= !(1 << (promotion & 63));
        }
    }

    /// The campaigns in order of application, 64 at a time: the number of the first, and a bit for each.
    #[inline]
    pub(super) fn words(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        (0_u32..).step_by(64).zip(self.bits.iter().copied())
    }
}

/// The exclusive campaign that keeps others out before its turn, if one does.
pub(super) fn foreseen(catalog: &Catalog, matching: &Matching) -> Option<u32> {
    let is_foreseen = |index: &u32| {
        catalog.promotion(*index).is_some_and(|promotion| promotion.record.manners.combines == Combines::Foreseen)
    };
    if catalog.foresees() {
        matching.iter().find(is_foreseen)
    } else {
        None
    }
}

/// Who has applied first of those that may exclude others.
#[derive(Clone, Copy, Debug, Default)]
struct First {
    /// Of all but joint campaigns.
    of_all: Option<u32>,
    /// Of the common ones.
    common: Option<u32>,
    /// Of the exclusive ones.
    exclusive: Option<u32>,
    /// After whom only joint ones apply.
    closing: Option<u32>,
}

/// How many campaigns of a set applied, and which one first.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    applied: u16,
    first: u32,
}

/// A [`Standing`] before a campaign applied, as far as that changes it besides the counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before(First);

/// What has applied so far, as far as it keeps others from applying.
#[derive(Clone, Debug, Default)]
pub(super) struct Standing {
    first: First,
    groups: Vec<Count>,
}

impl Standing {
    /// Nothing has applied; an exclusive campaign may keep others out before its turn.
    pub(super) fn clear(&mut self, groups: usize, exclusive: Option<u32>) {
        self.first = First { exclusive, ..First::default() };
        self.groups.clear();
        self.groups.resize(groups, Count::default());
    }

    /// Why what has applied keeps this campaign from applying, if it does.
    #[inline]
    pub(super) fn refusal(&self, index: u32, record: &Record, catalog: &Catalog) -> Option<Reason> {
        let First { of_all, common, exclusive, closing } = self.first;
        let by = match record.manners.combines {
            Combines::Common => closing.or(exclusive),
            Combines::Alone => closing.or(of_all),
            Combines::Exclusive => closing.or(common),
            Combines::Foreseen => closing,
            Combines::Joint => None,
        };
        // a further code of a campaign is not kept out by the first one, it only counts
        if let Some(by) = by.filter(|by| *by != index) {
            return Some(Reason::new(&EXCLUDED_BY_STACKING, [i64::from(by), 0, 0]));
        }
        // of several sets that are full, the campaign that applied first is named
        let mut refusal: Option<Reason> = None;
        for number in &record.groups {
            let number = usize::from(*number);
            let (Some(set), Some(count)) = (catalog.groups().get(number), self.groups.get(number)) else { continue };
            if count.applied < set.limit {
                continue;
            }
            let by = i64::from(count.first);
            refusal = match refusal {
                Some(earlier) if set.of_all || earlier.values[0] <= by => Some(earlier),
                _ if set.of_all => Some(Reason::new(&CAMPAIGN_LIMIT_REACHED, [i64::from(set.limit), 0, 0])),
                _ => Some(Reason::new(&EXCLUDED_BY_STACKING, [by, 0, 0])),
            };
        }
        refusal
    }

    /// What applying a campaign changes, as it is now.
    pub(super) fn before(&self) -> Before {
        Before(self.first)
    }

    /// Forgets that a campaign, the last one, applied.
    pub(super) fn back_to(&mut self, before: Before, record: &Record) {
        self.first = before.0;
        for number in &record.groups {
            if let Some(count) = self.groups.get_mut(usize::from(*number)) {
                count.applied = count.applied.saturating_sub(1);
            }
        }
    }

    /// Remembers that a campaign applied.
    #[inline]
    pub(super) fn applied(&mut self, index: u32, record: &Record) {
        let first = &mut self.first;
        let combines = record.manners.combines;
        if combines != Combines::Joint {
            first.of_all.get_or_insert(index);
        }
        match combines {
            Combines::Common => {
                first.common.get_or_insert(index);
            }
            Combines::Exclusive | Combines::Foreseen => {
                first.exclusive.get_or_insert(index);
            }
            Combines::Alone | Combines::Joint => {}
        }
        if combines == Combines::Alone || record.manners.last {
            first.closing = Some(index);
        }
        for number in &record.groups {
            if let Some(count) = self.groups.get_mut(usize::from(*number)) {
                if count.applied == 0 {
                    count.first = index;
                }
                count.applied = count.applied.saturating_add(1);
            }
        }
    }
}
