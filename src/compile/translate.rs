//! Campaigns translated into records, as the engine reads them.

use alloc::boxed::Box;
use alloc::vec::Vec;

use serde_json::Value as Json;

use super::declared::Declared;
use super::gather::Read;
use super::{footing, limits, policy, rule};
use crate::campaign::{reading, Hints, RefundPolicy, Status, Visibility};
use crate::catalog::section::{Hinted, Record};
use crate::discount::Discount;
use crate::earning::Earning;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::selector::Exclusion;
use crate::time::Interval;
use crate::vocabulary::VocabularyBuilder;

/// What all campaigns of a shop have in common.
pub(super) struct Parts<'p, 'a> {
    pub(super) policy: &'p policy::Policy,
    pub(super) declared: &'p Declared<'a>,
    pub(super) budgets: &'p mut limits::Budgets,
    pub(super) gift_cards: &'p Exclusion,
    pub(super) life: Interval,
}

/// Translates a campaign; what has a fault is left out of its record, and the faults collected.
pub(super) fn translate(
    read: &Read<'_>,
    parts: &mut Parts<'_, '_>,
    vocabulary: &mut VocabularyBuilder,
    faults: &mut Vec<Diagnostic>,
) -> Record {
    let Read { campaign, at, lane, .. } = read;
    let Parts { policy, declared, budgets, gift_cards, life } = parts;
    let mut conditions = Vec::new();
    let mut nodes = Vec::new();
    if let Some(when) = &campaign.when {
        let rules = rule::Rules { declared, rechecks: policy.rechecks() };
        rule::compile(when, &at.key("when"), rules, vocabulary, &mut conditions, &mut nodes, faults);
    }
    let discounts = each(&campaign.discounts, &at.key("discounts"), vocabulary, faults, Discount::compile).concat();
    let earning = |json: &Json, vocabulary: &mut VocabularyBuilder, at: &Pointer| {
        Earning::compile(json, gift_cards, vocabulary, at)
    };
    let earning = each(&campaign.earning, &at.key("earning"), vocabulary, faults, earning);
    if campaign.discounts.is_empty() && campaign.earning.is_empty() {
        let help = "add `discounts` or `earning`";
        faults.push(*reading::diagnostic("campaign_empty", "the campaign gives nothing", help, at));
    }
    let schedule = campaign.schedule.as_ref().map(|schedule| schedule.expand(*life, &at.key("schedule")));
    let (stretch, intervals) = match schedule {
        None => (Interval::ALWAYS, Vec::new()),
        Some(Ok(expanded)) => (expanded.stretch, expanded.intervals),
        Some(Err(fault)) => {
            faults.push(*fault);
            (Interval::ALWAYS, Vec::new())
        }
    };
    let margin = campaign.min_margin.as_ref().map(|text| reading::surcharge(text, &at.key("minMargin"))).transpose();
    let margin = margin.unwrap_or_else(|fault| {
        faults.push(*fault);
        None
    });
    Record {
        id: campaign.id.clone(),
        active: campaign.status == Status::Active,
        stretch,
        intervals,
        groups: policy.groups_of(campaign),
        manners: policy.manners(campaign),
        lane: *lane,
        footing: footing::of(campaign),
        conditions,
        rule: nodes,
        limits: limits::of(campaign, &discounts, budgets, vocabulary, &at.key("limits"), faults),
        discounts,
        earning,
        hinted: match campaign.hints {
            // nobody hears of it but who has a code
            _ if campaign.visibility() != Visibility::Open => Hinted::None,
            Hints::Open => Hinted::Open,
            Hints::All => Hinted::All,
            Hints::None => Hinted::None,
        },
        rounding: campaign.rounding.mode,
        level: campaign.rounding.level,
        reevaluates: campaign.refund == RefundPolicy::Reevaluate,
        margin,
    }
}

/// Translates a list member by member; those with a fault are left out and the faults collected.
fn each<T>(
    list: &[Json],
    at: &Pointer,
    vocabulary: &mut VocabularyBuilder,
    faults: &mut Vec<Diagnostic>,
    compile: impl Fn(&Json, &mut VocabularyBuilder, &Pointer) -> Result<T, Box<Diagnostic>>,
) -> Vec<T> {
    let mut compiled = Vec::with_capacity(list.len());
    for (index, json) in list.iter().enumerate() {
        match compile(json, vocabulary, &at.index(index)) {
            Ok(one) => compiled.push(one),
            Err(fault) => faults.push(*fault),
        }
    }
    compiled
}
