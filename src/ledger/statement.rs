//! What a member sees: points, what expires when, the level and what is missing to the next.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::account::{Account, Sums};
use super::answer::Remaining;
use super::calendar::LAST_MOMENT;
use super::draft::Draft;
use super::levels::Progress;
use super::programme::Programme;
use super::refusal::{Code, Refusal};
use super::state::State;
use crate::time::Timestamp;

/// An account at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Statement {
    /// Which.
    pub account: String,
    /// Of which scheme.
    pub scheme: String,
    /// `points`, or a currency.
    pub unit: String,
    /// What can be spent.
    pub available: i64,
    /// What is not active yet.
    pub pending: i64,
    /// What reservations hold.
    pub held: i64,
    /// What is owed.
    pub owed: i64,
    /// What came in and what became of it.
    pub sums: Sums,
    /// What expires, by its moment, the next first.
    pub expiring: Vec<Moment>,
    /// What becomes active, by its moment, the next first.
    pub activating: Vec<Moment>,
    /// The level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// What the ceilings of rules have left, by rule; that of all rules together has no name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earning: Vec<Remaining>,
}

/// An amount at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Moment {
    /// When.
    pub at: Timestamp,
    /// How much.
    pub amount: i64,
}

/// The statement of an account at `now`, with everything done that is due by then. One that is not there yet and is named
/// after its scheme, `stars:ann`, has nothing on it.
///
/// ```
/// use counterfoil::ledger::{decide, command::Command, programme::Programme, state::State, statement::statement};
/// let programme = Programme::read(r#"{ "schemes": { "stars": { "unit": "points",
///     "expiry": { "type": "after_months", "months": 12, "roundTo": "month" } } } }"#).unwrap();
/// let earn: Command = serde_json::from_str(r#"{ "key": "k1", "now": 1772359200000, "type": "earn",
///     "account": "c1", "scheme": "stars", "lot": "order-7", "amount": 45 }"#).unwrap();
/// let mut state = State::default();
/// state.replay(&decide(&programme, &state, &earn).events).unwrap();
/// let statement = statement(&programme, &state, "c1", 1772359200000).unwrap();
/// assert_eq!(statement.available, 45);
/// assert_eq!(statement.expiring[0].at, 1806537600000); // 2027-04-01: the last day is 31 March
/// ```
///
/// # Errors
/// `account_unknown`, and faults of the programme.
pub fn statement(programme: &Programme, state: &State, account: &str, now: Timestamp) -> Result<Statement, Refusal> {
    let now = now.clamp(0, LAST_MOMENT);
    let mut draft = Draft::new(programme, state, now);
    let scheme = match draft.scheme_of(account) {
        Err(unknown) if unknown.code == Code::AccountUnknown => {
            let (name, scheme) = programme.scheme_named(account).ok_or(unknown)?;
            let row = Account { scheme: name.into(), unit: scheme.unit.clone(), ..Account::default() };
            draft.state.accounts.insert(account.into(), row);
            scheme
        }
        scheme => scheme?,
    };
    draft.settle(account)?;
    let period = scheme.levels.as_ref().map(|levels| draft.first_day(levels.every, now)).transpose()?;
    let row = draft.state.accounts.remove(account).unwrap_or_default();
    let (mut expiring, mut activating) = (BTreeMap::new(), BTreeMap::new());
    for lot in row.lots.values().filter(|lot| lot.left > 0) {
        let (moments, at) = match lot.active_at {
            Some(at) => (&mut activating, Some(at)),
            None => (&mut expiring, lot.expires_at),
        };
        if let Some(at) = at {
            let sum: &mut i64 = moments.entry(at).or_default();
            *sum = sum.saturating_add(lot.left);
        }
    }
    let list =
        |moments: BTreeMap<Timestamp, i64>| moments.into_iter().map(|(at, amount)| Moment { at, amount }).collect();
    let progress = scheme.levels.as_ref().zip(period).map(|(levels, period)| levels.progress(&row, &period));
    let earning = draft.ceilings_left(&row.scheme, account)?;
    Ok(Statement {
        account: account.into(),
        scheme: row.scheme.clone(),
        unit: row.unit.clone(),
        available: row.available(),
        pending: row.pending(),
        held: row.held(),
        owed: row.owed,
        sums: row.sums(),
        expiring: list(expiring),
        activating: list(activating),
        progress,
        earning,
    })
}
