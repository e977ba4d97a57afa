//! From the document to what the ledger decides by.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::document::{ByLevel, Loyalty, Programme, Step};
use super::gives::{Automatic, Gives, Reward};
use crate::ledger::programme as ledger;
use crate::money::{Amount, Rate, Rounding};

/// The name of the record that says when a friend converts.
pub const CONVERSION: &str = "/conversion";

/// What the names of records begin with that say who is in a segment.
const SEGMENT: &str = "/segment/";

/// The name of the record that says who is in a segment.
pub fn of_segment(name: &str) -> String {
    format!("{SEGMENT}{name}")
}

/// The segment that a record is about.
pub fn segment_in(record: &str) -> Option<&str> {
    record.strip_prefix(SEGMENT)
}

/// The account of a customer in a programme, where the shop names no other.
pub fn account_of(programme: &str, customer: &str) -> String {
    format!("{programme}:{customer}")
}

impl Loyalty {
    /// Writes into the ledger's programme what this document says. What it does not say stays as it is.
    pub fn tell(&self, programme: &mut ledger::Programme) {
        if let Some(zone) = &self.time_zone {
            programme.zone = Some(zone.clone());
        }
        if let Some(first) = self.week_start {
            programme.week_start = first;
        }
        for one in &self.programmes {
            programme.schemes.insert(one.id.clone(), one.scheme());
            for reward in &one.rewards {
                let stock = reward.allowance();
                let name = stock_of(&reward.id);
                if let Some(stock) = &stock {
                    programme.allowances.insert(name.clone(), stock.clone());
                }
                programme.rewards.insert(reward.id.clone(), reward.of(&one.id, stock.map(|_| name)));
            }
        }
        let Some(referrals) = &self.referrals else { return };
        let steps = |steps: &[Step]| steps.iter().map(Step::of).collect();
        programme.referrals = ledger::Referrals {
            friend: referrals.friend.as_ref().map(json).unwrap_or_default(),
            ladder: steps(&referrals.ladder),
            ladders: referrals.ladders.iter().map(|(name, ladder)| (name.clone(), steps(ladder))).collect(),
            limits: referrals.limits.clone(),
        };
    }
}

/// The allowance that is the stock of a reward.
pub fn stock_of(reward: &str) -> String {
    format!("reward:{reward}")
}

fn json(value: &impl Serialize) -> serde_json::Value {
    // texts, numbers and lists always have a form
    serde_json::to_value(value).unwrap_or_default()
}

impl Programme {
    fn scheme(&self) -> ledger::Scheme {
        let limited = self.earning.iter().filter(|rule| !rule.limits.is_empty());
        ledger::Scheme {
            unit: self.unit.clone(),
            pending_days: self.pending_days,
            expiry: self.expiry,
            when_spent: self.when_spent,
            ceilings: limited.map(|rule| (rule.id.clone(), rule.limits.clone())).collect(),
            limits: self.limits.clone(),
            spending: self.spending.clone(),
            levels: self.levels.clone(),
        }
    }
}

impl Reward {
    /// What it costs a member of a level.
    fn points_by_level(&self) -> BTreeMap<String, i64> {
        let of = |grade: &ByLevel| match grade {
            ByLevel::Points(points) => *points,
            ByLevel::Factor(factor) => {
                let rate = factor.parse().ok().and_then(Rate::factor).unwrap_or(Rate::ONE);
                rate.of(Amount::new(self.points), Rounding::HalfUp).minor()
            }
        };
        self.by_level.iter().map(|(level, grade)| (level.clone(), of(grade))).collect()
    }

    /// How many there are, in all and for each member.
    fn allowance(&self) -> Option<ledger::Allowance> {
        let in_all = self.stock.map(|uses| ledger::Limit { uses: Some(uses), ..ledger::Limit::default() });
        // a milestone is reached once, however long ago and however many one may have
        let once = matches!(self.automatic, Some(Automatic::Earned(_))).then_some(1);
        let of_each = once.or(self.per_customer).map(|uses| ledger::Limit {
            per: ledger::Per::Customer,
            uses: Some(uses),
            ..ledger::Limit::default()
        });
        let limits: Vec<ledger::Limit> = in_all.into_iter().chain(of_each).chain(self.limits.iter().copied()).collect();
        (!limits.is_empty()).then(|| ledger::Allowance { limits, ..ledger::Allowance::default() })
    }

    /// What the ledger decides its price and its levels by.
    pub(crate) fn decided(&self) -> ledger::Reward {
        self.of("", None)
    }

    fn of(&self, programme: &str, stock: Option<String>) -> ledger::Reward {
        ledger::Reward {
            points: self.points,
            points_by_level: self.points_by_level(),
            scheme: Some(programme.into()),
            levels: self.levels.clone(),
            earned: match self.automatic {
                Some(Automatic::Earned(points)) => Some(points),
                _ => None,
            },
            stock,
            entitles: match &self.gives {
                Gives::Entitlement { entitlement, months, .. } => {
                    Some(ledger::Entitlement { entitlement: entitlement.clone(), months: *months })
                }
                _ => None,
            },
            gives: json(&self.gives),
        }
    }
}

impl Step {
    fn of(&self) -> ledger::Step {
        ledger::Step { from: self.from, once: self.once, gives: json(&self.gives) }
    }
}
