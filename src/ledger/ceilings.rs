//! Ceilings of what rules earn: the one place that says what they leave. The ledger asks it with what its counters have
//! left, a preview with what a statement tells of them.

use alloc::string::String;
use alloc::vec::Vec;

use super::answer::Remaining;
use super::draft::Draft;
use super::limits::Counted;
use super::programme::{Limit, Scheme};
use super::refusal::Refusal;

/// What the ceilings of rules have left, each under its rule; those of all rules together have no name.
#[derive(Clone, Debug, Default)]
pub struct Ceilings(Vec<Remaining>);

impl Ceilings {
    /// As a statement tells them.
    pub fn new(left: Vec<Remaining>) -> Ceilings {
        Ceilings(left)
    }

    /// What they leave of what a rule earns on one occasion, which is then used up: an occasion too many earns nothing,
    /// points too many are cut.
    pub fn take(&mut self, rule: Option<&str>, amount: i64) -> i64 {
        let is_asked = |left: &Remaining| left.allowance.is_empty() || rule == Some(left.allowance.as_str());
        let amount = self.0.iter().filter(|left| is_asked(left)).fold(amount, |amount, left| match left.uses {
            Some(0) => 0,
            _ => amount.min(left.budget.unwrap_or(i64::MAX)),
        });
        if amount <= 0 {
            return 0;
        }
        for left in self.0.iter_mut().filter(|left| is_asked(left)) {
            left.uses = left.uses.map(|uses| uses.saturating_sub(1));
            left.budget = left.budget.map(|budget| budget.saturating_sub(amount));
        }
        amount
    }
}

impl Scheme {
    /// The ceilings of what a rule earns, by the name of their counters: its own, and those of all rules together.
    pub(super) fn ceilings_of(&self, scheme: &str, rule: Option<&str>) -> Vec<(String, &[Limit])> {
        let own =
            rule.and_then(|rule| Some((alloc::format!("earn/{scheme}/{rule}"), self.ceilings.get(rule)?.as_slice())));
        let all = (!self.limits.is_empty()).then(|| (alloc::format!("earn/{scheme}"), self.limits.as_slice()));
        own.into_iter().chain(all).collect()
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
        let within = Ceilings::new(left).take(None, amount);
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

    fn counted<'c>(&self, name: &'c str, limits: &'c [Limit], account: &'c str) -> Result<Counted<'c>, Refusal> {
        let (today, week) = (self.zone()?.date_at(self.now), self.programme.week_start);
        Ok(Counted { name, limits, customer: Some(account), today, week })
    }
}
