//! What the host tells of a member: accounts as the ledger's statements show them.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use serde_json::{json, Map, Value as Json};

use crate::ledger::account::{Sums, Suspension};
use crate::ledger::answer::Remaining;
use crate::ledger::levels::Progress;
use crate::ledger::programme::Levels;
use crate::ledger::statement::{spendable, Entitled, Moment};
use crate::time::Timestamp;

/// An account of a programme. A statement of the ledger is one; what is not told is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Its programme.
    pub scheme: String,
    /// Its id in the ledger, where that is not `<programme>:<customer>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What can be spent.
    #[serde(default)]
    pub available: i64,
    /// What cannot be spent yet.
    #[serde(default)]
    pub pending: i64,
    /// What is owed: points that come pay it first.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub owed: i64,
    /// What came in and what became of it.
    #[serde(default)]
    pub sums: Sums,
    /// What expires, by its moment.
    #[serde(default)]
    pub expiring: Vec<Moment>,
    /// What becomes active, by its moment.
    #[serde(default)]
    pub activating: Vec<Moment>,
    /// The level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// What the ceilings of rules have left.
    #[serde(default)]
    pub earning: Vec<Remaining>,
    /// What the limits of spending have left.
    #[serde(default)]
    pub spending: Vec<Remaining>,
    /// What the member is entitled to, now or later.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entitlements: Vec<Entitled>,
    /// Whether nothing more comes onto it or is spent from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended: Option<Suspension>,
    /// What the limits of rewards have left, by reward.
    #[serde(default)]
    pub rewards: Vec<Remaining>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_nothing(number: &i64) -> bool {
    *number == 0
}

impl Account {
    pub(super) fn level(&self) -> Option<&str> {
        self.progress.as_ref().and_then(|progress| progress.level.as_deref())
    }

    /// Stands on the level that is everybody's, where the ledger has not put it onto one yet.
    pub(super) fn enrol(&mut self, levels: &Levels) {
        let none = Progress { level: None, until: None, points: 0, coming: None, next: None, missing: None };
        if self.level().is_none() && levels.looked_at(&none).level.is_some() {
            self.progress = Some(levels.looked_at(self.progress.as_ref().unwrap_or(&none)));
        }
    }

    /// What was earned in all, less what was taken back.
    pub(super) fn earned_in_all(&self) -> i64 {
        self.sums.earned.saturating_add(self.sums.adjusted)
    }

    /// What may be spent of it now.
    pub(super) fn spendable(&self, now: Timestamp) -> i64 {
        spendable(self.available, &self.spending, self.suspended.is_some(), now)
    }

    /// What the member is entitled to at a moment, each once, by name.
    fn entitled(&self, at: Timestamp) -> BTreeSet<&str> {
        let held = self.entitlements.iter().filter(|one| one.holds(at));
        held.map(|one| one.entitlement.as_str()).collect()
    }

    /// How many of a reward there still are for the member, if that is told.
    pub(super) fn left_of(&self, reward: &str) -> Option<i64> {
        self.rewards.iter().filter(|left| left.allowance == reward).filter_map(|left| left.uses).min()
    }
}

/// The request with what the accounts hold among the customer's attributes: `stars`, `stars.level` and
/// `stars.entitlements`. What is no customer at all is left as it is, for the request's reader to refuse.
pub(super) fn tell(request: &Json, accounts: &[Account], now: Timestamp) -> Json {
    let mut told = request.clone();
    let Some(mut customer) =
        told.as_object().filter(|_| !accounts.is_empty()).and_then(|told| members(told, "customer"))
    else {
        return told;
    };
    let Some(mut attributes) = members(&customer, "attributes") else { return told };
    for account in accounts {
        attributes.insert(account.scheme.clone(), json!(account.available));
        let mut said = |member: &str, value: Option<Json>| {
            let name = [account.scheme.as_str(), member].concat();
            match value {
                Some(value) => attributes.insert(name, value),
                // whatever the request says of it
                None => attributes.remove(&name),
            };
        };
        said(".level", account.level().map(|level| json!(level)));
        let entitled = account.entitled(now);
        said(".entitlements", (!entitled.is_empty()).then(|| json!(entitled)));
    }
    customer.insert("attributes".into(), Json::Object(attributes));
    if let Json::Object(members) = &mut told {
        members.insert("customer".into(), Json::Object(customer));
    }
    told
}

/// The members of an object in another one; none where it is not there, nothing where it is no object.
fn members(of: &Map<String, Json>, name: &str) -> Option<Map<String, Json>> {
    match of.get(name) {
        None | Some(Json::Null) => Some(Map::new()),
        Some(Json::Object(members)) => Some(members.clone()),
        Some(_) => None,
    }
}

/// An attribute of the customer as a text.
pub(super) fn attribute(customer: &Json, name: &str) -> Option<String> {
    match customer.get("attributes")?.get(name)? {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
