//! What a member sees: points, what expires when, the level and what is missing to the next.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::account::{Account, Grant, Sums, Suspension};
use super::answer::Remaining;
use super::calendar::LAST_MOMENT;
use super::ceilings::Ceilings;
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
    /// What there is to spend.
    pub available: i64,
    /// What of it may be spent now: as much as limits of spending leave, and nothing of a suspended account.
    pub spendable: i64,
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
    /// What the limits of spending have left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spending: Vec<Remaining>,
    /// What the member is entitled to, now or later, by the beginning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entitlements: Vec<Entitled>,
    /// Since when nothing more comes onto the account or is spent from it, where that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended: Option<Suspension>,
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

/// An entitlement of a member.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entitled {
    /// From when on.
    #[serde(default)]
    pub from: Timestamp,
    /// To what.
    pub entitlement: String,
    /// The first moment at which it is over; without, it does not end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The id of the grant.
    #[serde(default)]
    pub grant: String,
}

impl Entitled {
    /// Whether it holds at a moment.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
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
    let row = draft.state.accounts.get(account).cloned().unwrap_or_default();
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
    let spending = draft.spending_left(account)?;
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
        spendable: spendable(row.available(), &spending, row.suspended.is_some(), now),
        pending: row.pending(),
        held: row.held(),
        owed: row.owed,
        sums: row.sums(),
        expiring: list(expiring),
        activating: list(activating),
        progress,
        earning,
        spending,
        entitlements: entitlements(&row, now),
        suspended: row.suspended,
        rewards,
    })
}

/// What of so much may be spent at a moment.
pub fn spendable(available: i64, spending: &[Remaining], is_suspended: bool, now: Timestamp) -> i64 {
    match is_suspended {
        true => 0,
        false => available.min(Ceilings::new(spending.to_vec(), now).room(None)),
    }
}

/// The grants of an account that are not over.
fn entitlements(row: &Account, now: Timestamp) -> Vec<Entitled> {
    let open = row.grants.iter().filter(|(_, grant)| grant.until.is_none_or(|until| now < until));
    let told = |(id, grant): (&String, &Grant)| {
        let (entitlement, grant_id) = (grant.entitlement.clone(), id.clone());
        Entitled { from: grant.from, entitlement, until: grant.until, grant: grant_id }
    };
    let mut all: Vec<Entitled> = open.map(told).collect();
    all.sort();
    all
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
