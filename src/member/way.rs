//! What else brings points: events, segments, levels and friends, with what the ceilings leave of them.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::account::Account;
use super::Rules;
use crate::engine::screen::runs;
use crate::ledger::ceilings::Ceilings;
use crate::loyalty::{Every, Grade, Of, On, Programme};
use crate::money::{Amount, Rounding};
use crate::time::Timestamp;

/// A rule that no order asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Way {
    /// Its name.
    pub rule: String,
    /// What has to happen.
    pub on: On,
    /// How many points that brings this member now, or for `every` so much; a formula tells none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<i64>,
    /// For each so much …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<Every>,
    /// … of this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<Of>,
    /// Whether it depends on who it is, or on what comes with the event.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub depends: bool,
    /// How often it pays until a ceiling is reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uses_left: Option<i64>,
    /// How much it pays until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points_left: Option<i64>,
    /// When it pays again, where it paid too short a time ago.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again: Option<Timestamp>,
}

impl Rules {
    /// The ways of a programme for who was asked about last.
    pub(super) fn ways(&self, programme: &Programme, own: &Account) -> Vec<Way> {
        let Some(asked) = &self.asked else { return Vec::new() };
        let others = programme.earning.iter().filter(|rule| rule.on != On::Order);
        let way = |rule: &crate::loyalty::Rule| {
            let key = rule.key(&programme.id);
            let earner = self.earners.iter().find(|earner| earner.key == key)?;
            let promotion = asked.catalog.promotions().iter().find(|promotion| promotion.record.id == key)?;
            let depends = !promotion.record.rule.is_empty();
            // what is out of its time pays nobody
            if !runs(promotion, asked.cart.now) {
                return None;
            }
            let (grade, factor) = asked.grade(earner, own.level());
            let written = match grade {
                Some(Grade::Points(points)) => Some(points),
                _ => rule.points,
            };
            let left = || own.earning.iter().filter(|left| left.allowance.is_empty() || left.allowance == rule.id);
            Some(Way {
                rule: rule.id.clone(),
                on: rule.on.clone(),
                points: written.map(|points| factor.of(Amount::new(points), Rounding::HalfUp).minor()),
                every: rule.every.clone(),
                of: rule.of.clone(),
                depends,
                uses_left: left().filter_map(|left| left.uses).min(),
                points_left: left().filter_map(|left| left.budget).min(),
                again: Ceilings::new(own.earning.clone(), asked.cart.now).again(Some(&rule.id)),
            })
        };
        others.filter_map(way).collect()
    }
}
