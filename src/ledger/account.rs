//! Accounts: lots of one unit, points or a currency, each with its own dates. The lots are the balance.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::calendar::Expiry;
use super::command::EarnedLine;
use super::event::Take;
use super::state::zero;
use crate::time::Timestamp;

/// The most lots an account may have.
pub const MAX_LOTS: usize = 2_000;

/// Points, a gift card, or credit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Account {
    /// Its scheme.
    pub scheme: String,
    /// `points`, or a currency.
    pub unit: String,
    /// Its lots by id.
    #[serde(default)]
    pub lots: BTreeMap<String, Lot>,
    /// What became of lots that are forgotten.
    #[serde(default)]
    pub forgotten: Sums,
    /// What returns have left to be paid.
    #[serde(default, skip_serializing_if = "zero")]
    pub owed: i64,
    /// What was earned by the first day of the period of the levels, for levels that count it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub periods: BTreeMap<String, i64>,
    /// The level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<LevelStanding>,
    /// A period whose points have reached a level that begins with the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awaited: Option<Awaited>,
    /// What its member is entitled to, by the id of the grant.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grants: BTreeMap<String, Grant>,
    /// Since when nothing more comes onto it or is spent from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended: Option<Suspension>,
}

/// An entitlement for a time: a club membership, early access.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Grant {
    /// To what.
    pub entitlement: String,
    /// From when on.
    pub from: Timestamp,
    /// The first moment at which it is over; without, it does not end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// For how many months it was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
}

/// An account is suspended.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Suspension {
    /// Since when.
    pub since: Timestamp,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Which period decides of a level when it is over.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Awaited {
    /// When the next period begins.
    pub at: Timestamp,
    /// The first day of the one that decides.
    pub period: String,
}

/// The level of an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LevelStanding {
    /// Which.
    pub id: String,
    /// Since when.
    pub since: Timestamp,
    /// When it is looked at again; without, it does not end by time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The first day of the period that decides then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
}

/// Sums over lots. `earned` = `spent` + `expired` + what is left and held - `adjusted`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sums {
    /// What came in.
    #[serde(default, skip_serializing_if = "zero")]
    pub earned: i64,
    /// What was corrected, transferred or taken back: more or, when negative, less.
    #[serde(default, skip_serializing_if = "zero")]
    pub adjusted: i64,
    /// What was spent.
    #[serde(default, skip_serializing_if = "zero")]
    pub spent: i64,
    /// What expired.
    #[serde(default, skip_serializing_if = "zero")]
    pub expired: i64,
}

/// An amount that came at one time and goes at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Lot {
    /// When it came.
    pub at: Timestamp,
    /// When it last changed.
    pub touched: Timestamp,
    /// What is free, or will be when the lot is pending.
    #[serde(default, skip_serializing_if = "zero")]
    pub left: i64,
    /// What reservations hold.
    #[serde(default, skip_serializing_if = "zero")]
    pub held: i64,
    /// What became of it.
    #[serde(default)]
    pub sums: Sums,
    /// While it is pending: when it becomes active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_at: Option<Timestamp>,
    /// While it is pending: when it will expire, counted from then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Expiry>,
    /// The first moment at which it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// The order that earned it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// What each line of the order earned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<EarnedLine>,
    /// Returned units by line.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub returned: BTreeMap<String, i64>,
    /// What returns have asked back so far.
    #[serde(default, skip_serializing_if = "zero")]
    pub asked_back: i64,
    /// The period of the levels in which it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// What it counts there: what it was when it became active, less what returns have asked back since.
    #[serde(default, skip_serializing_if = "zero")]
    pub counted: i64,
}

impl Lot {
    /// Whether it cannot be spent yet.
    pub fn is_pending(&self) -> bool {
        self.active_at.is_some()
    }
}

impl Account {
    /// What can be spent.
    pub fn available(&self) -> i64 {
        self.active_lots().fold(0, |sum, (_, lot)| sum.saturating_add(lot.left))
    }

    /// What is not active yet.
    pub fn pending(&self) -> i64 {
        self.lots.values().filter(|lot| lot.is_pending()).fold(0, |sum, lot| sum.saturating_add(lot.left))
    }

    /// What reservations hold.
    pub fn held(&self) -> i64 {
        self.lots.values().fold(0, |sum, lot| sum.saturating_add(lot.held))
    }

    /// What counts for a level by balance: free and held.
    pub fn balance(&self) -> i64 {
        self.active_lots().fold(0, |sum, (_, lot)| sum.saturating_add(lot.left).saturating_add(lot.held))
    }

    /// The sums of all lots, forgotten ones included.
    pub fn sums(&self) -> Sums {
        self.lots.values().map(|lot| lot.sums).fold(self.forgotten, |sum, lot| Sums {
            earned: sum.earned.saturating_add(lot.earned),
            adjusted: sum.adjusted.saturating_add(lot.adjusted),
            spent: sum.spent.saturating_add(lot.spent),
            expired: sum.expired.saturating_add(lot.expired),
        })
    }

    /// Takes `amount` of the free lots, or what there is: first-expiring first, then the oldest, then by id.
    pub(super) fn take(&self, amount: i64) -> Vec<Take> {
        let mut lots: Vec<(&String, &Lot)> = self.active_lots().filter(|(_, lot)| lot.left > 0).collect();
        lots.sort_by_key(|(id, lot)| (lot.expires_at.unwrap_or(Timestamp::MAX), lot.at, *id));
        let mut rest = amount;
        let mut takes = Vec::new();
        for (id, lot) in lots {
            let part = lot.left.min(rest);
            if part <= 0 {
                break;
            }
            rest = rest.saturating_sub(part);
            takes.push(Take { lot: id.clone(), amount: part });
        }
        takes
    }

    fn active_lots(&self) -> impl Iterator<Item = (&String, &Lot)> {
        self.lots.iter().filter(|(_, lot)| !lot.is_pending())
    }
}

/// The sum of what was taken.
pub(super) fn taken(takes: &[Take]) -> i64 {
    takes.iter().fold(0, |sum, take| sum.saturating_add(take.amount))
}
