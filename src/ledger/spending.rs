//! How often an account may be spent from, and how much of it in which time. Transfers and corrections are no spending.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::answer::Remaining;
use super::draft::Draft;
use super::limits::Counted;
use super::programme::{Limit, Scheme};
use super::refusal::{Code, Refusal};
use super::state::State;

/// The name of what is spent of the accounts of a scheme, in counters and refusals.
pub(super) fn spending_of(scheme: &str) -> String {
    format!("spend/{scheme}")
}

impl Scheme {
    /// The limits of what may be spent, where there are any.
    pub(super) fn spending_limits(&self) -> Option<&[Limit]> {
        (!self.spending.is_empty()).then_some(self.spending.as_slice())
    }
}

impl Draft<'_> {
    /// How much may still be spent of an account, however much there is.
    pub fn spending_room(&self, state: &State, account: &str) -> Result<i64, Refusal> {
        self.of_spending(state, account, |counted| counted.room(state, false).map(|room| room.amount))
            .map(|room| room.unwrap_or(i64::MAX))
    }

    /// The counters of what is spent of an account; refuses more than may be.
    pub fn below_spending_limits(&self, state: &State, account: &str, amount: i64) -> Result<Vec<String>, Refusal> {
        let counters = self.of_spending(state, account, |counted| {
            counted.refuse_beyond(state, false, 1, amount)?;
            counted.counters(false)
        });
        counters.map(Option::unwrap_or_default).map_err(|refusal| match refusal.code {
            Code::BudgetLimitReached => {
                let mut params = refusal.params;
                params.remove("allowance");
                params.insert("account".into(), account.into());
                let params: Vec<_> = params.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
                Refusal::new(Code::SpendingLimitReached, &params).at("/amount")
            }
            _ => refusal.at("/account"),
        })
    }

    /// What the limits have left, in the words of statements.
    pub fn spending_left(&self, account: &str) -> Result<Vec<Remaining>, Refusal> {
        let left = self.of_spending(&self.state, account, |counted| counted.remaining(&self.state, false))?;
        let unnamed = |one: Remaining| Remaining { allowance: String::new(), ..one };
        Ok(left.into_iter().flatten().map(unnamed).collect())
    }

    fn of_spending<T>(
        &self,
        state: &State,
        account: &str,
        ask: impl FnOnce(&Counted<'_>) -> Result<T, Refusal>,
    ) -> Result<Option<T>, Refusal> {
        let Some(row) = state.accounts.get(account) else { return Ok(None) };
        let Some(limits) = self.programme.scheme(&row.scheme)?.spending_limits() else { return Ok(None) };
        let name = spending_of(&row.scheme);
        self.counted(&name, limits, account).and_then(|counted| ask(&counted)).map(Some)
    }
}
