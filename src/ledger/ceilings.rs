//! Ceilings of what rules earn and of what is spent: the one place that says what they leave. The ledger asks it with what
//! its counters have left, a preview with what a statement tells of them.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::answer::Remaining;
use super::draft::Draft;
use super::limits::Counted;
use super::programme::{minutes_after, Allowance, Limit, Per, Programme, Scheme};
use super::refusal::Refusal;
use crate::time::Timestamp;

/// What the ceilings of rules have left, each under its rule; those of all rules together have no name.
#[derive(Clone, Debug, Default)]
pub struct Ceilings {
    left: Vec<Remaining>,
    now: Timestamp,
}

impl Ceilings {
    /// As a statement tells them, at a moment.
    pub fn new(left: Vec<Remaining>, now: Timestamp) -> Ceilings {
        Ceilings { left, now }
    }

    /// What they leave of what a rule earns on one occasion, which is then used up: an occasion too many or too soon earns
    /// nothing, points too many are cut.
    pub fn take(&mut self, rule: Option<&str>, amount: i64) -> i64 {
        let amount = amount.min(self.room(rule));
        if amount <= 0 {
            return 0;
        }
        let now = self.now;
        for left in self.left.iter_mut().filter(|left| is_asked(left, rule)) {
            left.uses = left.uses.map(|uses| uses.saturating_sub(1));
            left.budget = left.budget.map(|budget| budget.saturating_sub(amount));
            left.again = left.apart_minutes.map(|minutes| minutes_after(now, minutes)).or(left.again);
        }
        amount
    }

    /// The most that they leave on one occasion.
    pub fn room(&self, rule: Option<&str>) -> i64 {
        let is_over = |left: &Remaining| left.uses == Some(0) || left.again.is_some_and(|again| self.now < again);
        let asked = self.left.iter().filter(|left| is_asked(left, rule));
        asked.fold(i64::MAX, |room, left| match is_over(left) {
            true => 0,
            false => room.min(left.budget.unwrap_or(i64::MAX)),
        })
    }

    /// How many uses the limits of one allowance leave, where they count uses.
    pub fn uses_left(&self, allowance: &str) -> Option<i64> {
        self.left.iter().filter(|left| left.allowance == allowance).filter_map(|left| left.uses).min()
    }

    /// So many uses of one allowance on one occasion.
    pub fn use_up(&mut self, allowance: &str, uses: i64) {
        let now = self.now;
        for left in self.left.iter_mut().filter(|left| left.allowance == allowance) {
            left.uses = left.uses.map(|had| had.saturating_sub(uses));
            left.again = left.apart_minutes.map(|minutes| minutes_after(now, minutes)).or(left.again);
        }
    }

    /// When the last of those that keep something waiting is over.
    pub fn again(&self, rule: Option<&str>) -> Option<Timestamp> {
        let asked = self.left.iter().filter(|left| is_asked(left, rule));
        asked.filter_map(|left| left.again).filter(|again| self.now < *again).max()
    }
}

fn is_asked(left: &Remaining, rule: Option<&str>) -> bool {
    left.allowance.is_empty() || rule == Some(left.allowance.as_str())
}

impl Scheme {
    /// The ceilings of what a rule earns, by the name of their counters: its own, and those of all rules together.
    pub(super) fn ceilings_of(&self, scheme: &str, rule: Option<&str>) -> Vec<(String, &[Limit])> {
        let own = rule.and_then(|rule| Some((format!("earn/{scheme}/{rule}"), self.ceilings.get(rule)?.as_slice())));
        let all = (!self.limits.is_empty()).then(|| (format!("earn/{scheme}"), self.limits.as_slice()));
        own.into_iter().chain(all).collect()
    }
}

impl Programme {
    /// Says again as allowances, `earn:<scheme>` and `earn:<scheme>/<rule>`, the ceilings that count all accounts together: a
    /// worker that keeps each account apart from the others has to count these in one place.
    pub fn share_ceilings(&mut self) {
        for (name, scheme) in &self.schemes {
            let all = format!("earn:{name}");
            let own = scheme.ceilings.iter().map(|(rule, limits)| (format!("{all}/{rule}"), limits));
            for (name, limits) in own.chain([(all.clone(), &scheme.limits)]) {
                let limits: Vec<Limit> = limits.iter().filter(|limit| limit.per == Per::All).copied().collect();
                if !limits.is_empty() {
                    let shared = Allowance { currency: Some(scheme.unit.clone()), limits, ..Allowance::default() };
                    self.allowances.insert(name, shared);
                }
            }
        }
    }
}

impl Draft<'_> {
    /// What the ceilings leave of what a rule earns an account, and the counters that then count it. Where they leave
    /// nothing, the first of them that is used up refuses.
    pub fn below_ceilings(
        &self,
        scheme: &str,
        account: &str,
        rule: Option<&str>,
        amount: i64,
    ) -> Result<(i64, Vec<String>), Refusal> {
        let ceilings = self.programme.scheme(scheme)?.ceilings_of(scheme, rule);
        let (mut left, mut counters) = (Vec::new(), Vec::new());
        for (name, limits) in &ceilings {
            let counted = self.counted(name, limits, account)?;
            left.extend(
                counted
                    .remaining(&self.state, false)?
                    .into_iter()
                    .map(|one| Remaining { allowance: String::new(), ..one }),
            );
            counters.extend(counted.counters(false)?);
        }
        let within = Ceilings::new(left, self.now).take(None, amount);
        for (name, limits) in ceilings.iter().filter(|_| within == 0) {
            let counted = self.counted(name, limits, account)?;
            counted.refuse_beyond(&self.state, false, 1, 1).map_err(|refusal| refusal.at("/rule"))?;
        }
        Ok((within, counters))
    }

    /// What the ceilings of the rules of a scheme have left for an account; of those for all of them, without a name.
    pub fn ceilings_left(&self, scheme: &str, account: &str) -> Result<Vec<Remaining>, Refusal> {
        let rules = self.programme.scheme(scheme)?;
        let mut left = Vec::new();
        for rule in rules.ceilings.keys().map(|rule| Some(rule.as_str())).chain([None]) {
            // those for all stand last in the list of each rule
            let ceilings = rules.ceilings_of(scheme, rule);
            let Some((name, limits)) = ceilings.first() else { continue };
            let own = self.counted(name, limits, account)?.remaining(&self.state, false)?.into_iter();
            left.extend(own.map(|one| Remaining { allowance: rule.unwrap_or_default().into(), ..one }));
        }
        Ok(left)
    }

    pub(super) fn counted<'c>(
        &self,
        name: &'c str,
        limits: &'c [Limit],
        account: &'c str,
    ) -> Result<Counted<'c>, Refusal> {
        let (today, week) = (self.zone()?.date_at(self.now), self.programme.week_start);
        Ok(Counted { name, limits, customer: Some(account), now: self.now, today, week })
    }
}
