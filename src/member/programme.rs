//! The ledger's programme, from the snapshot: limits and budgets of campaigns, and what the loyalty document says.

use alloc::string::String;
use alloc::vec::Vec;

use super::Rules;
use crate::catalog::section::{Limit, Limited};
use crate::catalog::Catalog;
use crate::ledger::programme::{self as ledger, Per, Programme};
use crate::loyalty::{budget, budget_of};

impl Rules {
    /// What the ledger decides by. Every campaign is an allowance of its name; each budget is one for each currency,
    /// [`budget_of`] names it.
    pub fn programme(&self, catalog: &Catalog) -> Programme {
        let mut programme = Programme::default();
        for promotion in catalog.promotions().iter().filter(|promotion| !promotion.record.id.is_empty()) {
            let record = &promotion.record;
            let period = self.terms.periods.get(&record.id);
            let of = |limit: &Limit| {
                let plain = |per| ledger::Limit { per, uses: Some(limit.most), ..ledger::Limit::default() };
                match limit.what {
                    Limited::Total => Some(plain(Per::All)),
                    Limited::Customer => Some(plain(Per::Customer)),
                    Limited::Period => period.map(|period| period.limit(Per::All, limit.most)),
                    Limited::CustomerInPeriod => period.map(|period| period.limit(Per::Customer, limit.most)),
                    Limited::Budget | Limited::WholeBudget | Limited::OpenBudget => None,
                }
            };
            let limits = record.limits.iter().filter_map(of).collect();
            let zone = period.and_then(|period| period.zone.clone());
            programme.allowances.insert(record.id.clone(), ledger::Allowance { currency: None, limits, zone });
            for limit in &record.limits {
                for (name, currency, most) in budgets(catalog, limit, &record.id) {
                    programme.allowances.insert(budget_of(&name, &currency), budget(&currency, most));
                }
            }
        }
        self.terms.loyalty.tell(&mut programme);
        programme
    }
}

/// The budget that a limit is, in each of its currencies, by its own name or that of its campaign.
fn budgets(catalog: &Catalog, limit: &Limit, campaign: &str) -> Vec<(String, String, i64)> {
    let is_budget = matches!(limit.what, Limited::Budget | Limited::WholeBudget | Limited::OpenBudget);
    let budget = usize::try_from(limit.most).ok().filter(|_| is_budget).and_then(|at| catalog.budgets().get(at));
    let Some(budget) = budget else { return Vec::new() };
    let name = if budget.id.is_empty() { campaign } else { budget.id.as_str() };
    let vocabulary = catalog.vocabulary();
    let columns = vocabulary.currencies.iter().enumerate();
    let in_column = |(column, currency): (usize, &crate::money::Currency)| {
        let most = vocabulary.amount(budget.amount, column)?.minor();
        Some((name.into(), currency.code().into(), most))
    };
    columns.filter_map(in_column).collect()
}
