//! Planning: which of the matching campaigns may apply, in which order. Campaigns are numbered in order of
//! application (priority, then id), so a set of numbers is a plan.

use crate::catalog::{Catalog, Promotion};
use crate::error::FixBy;
use crate::reason::{ParamKind, ReasonKind};
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

pub(crate) const REASONS: &[&ReasonKind] = &[&EXCLUDED_BY_STACKING, &ALREADY_ENTERED, &NO_EFFECT, &OTHERS_SAVE_MORE];

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

/// A [`Standing`] before a campaign applied, as far as that changes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    first: Option<u32>,
    exclusive: Option<u32>,
    group: Option<(u16, u32)>,
}

/// What has applied so far, as far as it keeps others from applying.
#[derive(Debug, Default)]
pub(super) struct Standing {
    first: Option<u32>,
    exclusive: Option<u32>,
    groups: Vec<(u16, u32)>,
}

impl Standing {
    pub(super) fn clear(&mut self, groups: usize) {
        self.first = None;
        self.exclusive = None;
        self.groups.clear();
        self.groups.resize(groups, (0, 0));
    }

    /// The campaign that keeps this one from applying, if one does.
    #[inline]
    pub(super) fn excluded_by(&self, promotion: &Promotion, catalog: &Catalog) -> Option<u32> {
        if self.exclusive.is_some() {
            return self.exclusive;
        }
        if promotion.record.exclusive && self.first.is_some() {
            return self.first;
        }
        let group = promotion.record.group?;
        let limit = catalog.group_limit(group)?;
        let (count, first) = self.groups.get(usize::from(group)).copied()?;
        (count >= limit).then_some(first)
    }

    /// What applying a campaign changes, as it was before.
    pub(super) fn before(&self, promotion: &Promotion) -> Before {
        let group = promotion.record.group.and_then(|group| self.groups.get(usize::from(group)).copied());
        Before { first: self.first, exclusive: self.exclusive, group }
    }

    /// Forgets that a campaign, the last one, applied.
    pub(super) fn back_to(&mut self, before: Before, promotion: &Promotion) {
        (self.first, self.exclusive) = (before.first, before.exclusive);
        let group = promotion.record.group.and_then(|group| self.groups.get_mut(usize::from(group)));
        if let (Some(group), Some(before)) = (group, before.group) {
            *group = before;
        }
    }

    /// Remembers that a campaign applied.
    #[inline]
    pub(super) fn applied(&mut self, index: u32, promotion: &Promotion) {
        self.first.get_or_insert(index);
        if promotion.record.exclusive {
            self.exclusive = Some(index);
        }
        if let Some((count, first)) = promotion.record.group.and_then(|g| self.groups.get_mut(usize::from(g))) {
            if *count == 0 {
                *first = index;
            }
            *count = count.saturating_add(1);
        }
    }
}
