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
use super::limits::Counted;
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
    /// What the limits of rewards have left, by reward.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rewards: Vec<Remaining>,
}

/// An amount at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Moment {
    /// When.
    pub at: Timestamp,
    /// How much.
    pub amount: i64,
    /// Of what becomes active: when it expires then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
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
        let (moments, at, until) = match lot.active_at {
            Some(at) => (&mut activating, Some(at), draft.expires_at(&lot.expiry.unwrap_or(scheme.expiry), at)?),
            None => (&mut expiring, lot.expires_at, None),
        };
        if let Some(at) = at {
            let sum: &mut i64 = moments.entry((at, until)).or_default();
            *sum = sum.saturating_add(lot.left);
        }
    }
    let list = |moments: BTreeMap<(Timestamp, Option<Timestamp>), i64>| {
        let moment = |((at, expires_at), amount)| Moment { at, amount, expires_at };
        moments.into_iter().map(moment).collect()
    };
    let progress = scheme.levels.as_ref().zip(period).map(|(levels, period)| levels.progress(&row, &period));
    let earning = draft.ceilings_left(&row.scheme, account)?;
    let mut rewards = Vec::new();
    for (reward, counted) in stocks(programme, &row.scheme, account, now) {
        let left = counted?.remaining(&draft.state, false)?.into_iter();
        rewards.extend(left.map(|left| Remaining { allowance: reward.into(), ..left }));
    }
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
        rewards,
    })
}

/// The limits of the rewards that an account of a scheme may buy: stocks, and what each member may have.
pub(super) fn stocks<'p>(
    programme: &'p Programme,
    scheme: &'p str,
    account: &'p str,
    now: Timestamp,
) -> impl Iterator<Item = (&'p str, Result<Counted<'p>, Refusal>)> {
    let own =
        programme.rewards.iter().filter(move |(_, reward)| reward.scheme.as_deref().is_none_or(|of| of == scheme));
    own.filter_map(move |(id, reward)| {
        let (name, allowance) = programme.allowances.get_key_value(reward.stock.as_ref()?)?;
        Some((id.as_str(), Counted::of(programme, (name, allowance), Some(account), None, now)))
    })
}
