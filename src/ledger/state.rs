//! What the ledger remembers: rows by kind and key. A worker loads the rows that a command needs and stores those that
//! its events touch.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::account::Account;
use super::answer::Answer;
use super::event::Hold;
use super::refusal::{Code, Document, Refusal};
use crate::time::Timestamp;

/// The storage version of states and events that this build writes.
pub const STORAGE_VERSION: u32 = 1;

/// The rows of a ledger, or those of them that were loaded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct State {
    /// The storage version.
    pub version: u32,
    /// First answers by the key of their command.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, Answered>,
    /// What was counted, by the name of the counter.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counters: BTreeMap<String, Counter>,
    /// Reservations by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reservations: BTreeMap<String, Reservation>,
    /// Accounts by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub accounts: BTreeMap<String, Account>,
    /// Blocks that shards hold of limits that are counted here, by the id of the lease.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub leases: BTreeMap<String, Lease>,
    /// Blocks that are used here, of limits that are counted elsewhere, by the id of the lease.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub blocks: BTreeMap<String, Block>,
    /// Invitations by the friend who came.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub referrals: BTreeMap<String, Referral>,
    /// Referral codes, normalised, and whose they are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub invitations: BTreeMap<String, Invitation>,
}

impl Default for State {
    fn default() -> State {
        State {
            version: STORAGE_VERSION,
            answers: BTreeMap::new(),
            counters: BTreeMap::new(),
            reservations: BTreeMap::new(),
            accounts: BTreeMap::new(),
            leases: BTreeMap::new(),
            blocks: BTreeMap::new(),
            referrals: BTreeMap::new(),
            invitations: BTreeMap::new(),
        }
    }
}

impl State {
    /// Reads a state of any storage version that is known.
    ///
    /// ```
    /// use counterfoil::ledger::state::State;
    /// assert_eq!(State::read(r#"{ "version": 1 }"#).unwrap(), State::default());
    /// let refusal = State::read(r#"{ "version": 2 }"#).unwrap_err();
    /// assert_eq!(refusal.message, "storage version 2 is not known here; the newest one is 1");
    /// ```
    ///
    /// # Errors
    /// `version_unknown`, `document_unreadable`.
    pub fn read(text: &str) -> Result<State, Refusal> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let versioned: Versioned = super::json::read(text, Document::State)?;
        known(versioned.version).map_err(|refusal| refusal.of(Document::State).at("/version"))?;
        super::json::read(text, Document::State)
    }

    /// Who brought most friends that converted: referrer and number, the most first.
    pub fn leader_board(&self) -> Vec<(&str, i64)> {
        let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
        for referral in self.referrals.values().filter(|referral| referral.converted_at.is_some()) {
            let count = counts.entry(&referral.referrer).or_default();
            *count = count.saturating_add(1);
        }
        let mut board: Vec<(&str, i64)> = counts.into_iter().collect();
        board.sort_by_key(|(referrer, count)| (core::cmp::Reverse(*count), *referrer));
        board
    }
}

/// Refuses a storage version that this build does not know.
pub(super) fn known(version: u32) -> Result<(), Refusal> {
    if version == STORAGE_VERSION {
        return Ok(());
    }
    let params = [("version", i64::from(version).into()), ("newest", i64::from(STORAGE_VERSION).into())];
    Err(Refusal::new(Code::VersionUnknown, &params))
}

/// The first answer to a command.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Answered {
    /// Stands for the command without its moment.
    pub fingerprint: String,
    /// When it was answered.
    pub at: Timestamp,
    /// What was answered.
    pub answer: Answer,
}

/// What was counted. Uses and money that are held, leased or done never pass a limit together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Counter {
    /// Uses that are done.
    #[serde(default, skip_serializing_if = "zero")]
    pub uses: i64,
    /// Uses that are held.
    #[serde(default, skip_serializing_if = "zero")]
    pub held_uses: i64,
    /// Uses that shards have.
    #[serde(default, skip_serializing_if = "zero")]
    pub leased_uses: i64,
    /// Money that is spent.
    #[serde(default, skip_serializing_if = "zero")]
    pub spent: i64,
    /// Money that is held.
    #[serde(default, skip_serializing_if = "zero")]
    pub held_amount: i64,
    /// Money that shards have.
    #[serde(default, skip_serializing_if = "zero")]
    pub leased_amount: i64,
    /// When the last use was made that was not undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
}

impl Counter {
    /// Uses that are not free any more.
    pub fn taken_uses(&self) -> i64 {
        self.uses.saturating_add(self.held_uses).saturating_add(self.leased_uses)
    }

    /// Money that is not free any more.
    pub fn taken_amount(&self) -> i64 {
        self.spent.saturating_add(self.held_amount).saturating_add(self.leased_amount)
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(super) fn zero(number: &i64) -> bool {
    *number == 0
}

/// Where a reservation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Held.
    Held,
    /// Used.
    Confirmed,
    /// Given up before it was used.
    Released,
    /// Given up by its time-out.
    Lapsed,
    /// Undone after it was used.
    RolledBack,
}

impl Standing {
    /// The word used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Held => "held",
            Standing::Confirmed => "confirmed",
            Standing::Released => "released",
            Standing::Lapsed => "lapsed",
            Standing::RolledBack => "rolled_back",
        }
    }
}

/// Parts that were decided together.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reservation {
    /// Where it stands.
    pub standing: Standing,
    /// When it came to stand there.
    pub since: Timestamp,
    /// When it was reserved.
    #[serde(default, skip_serializing_if = "zero")]
    pub at: Timestamp,
    /// Until when it is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// Which order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// The reward that was claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reward: Option<String>,
    /// The account that was granted an entitlement by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grantee: Option<String>,
    /// What is held or used now, after refunds.
    pub parts: Vec<Hold>,
}

impl Reservation {
    /// Whether its hold is over at `now` and nobody has released it.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.standing == Standing::Held && self.until.is_some_and(|until| until <= now)
    }
}

/// A block of shared limits that a shard has.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Lease {
    /// Of which allowance.
    pub allowance: String,
    /// Which shard.
    pub shard: String,
    /// The counters it was taken from.
    pub counters: Vec<String>,
    /// Uses that the shard has, done ones included.
    pub uses: i64,
    /// Money that the shard has, spent included.
    pub amount: i64,
    /// How many of them it has reported as done.
    pub used: i64,
    /// How much of it it has reported as spent.
    pub spent: i64,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// A leased block on its shard.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Block {
    /// Of which allowance.
    pub allowance: String,
    /// Uses of the block, done ones included.
    pub uses: i64,
    /// Money of the block, spent included.
    pub amount: i64,
    /// What has become of them.
    pub counter: Counter,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Block {
    /// Uses that are free.
    pub fn free_uses(&self) -> i64 {
        self.uses.saturating_sub(self.counter.taken_uses())
    }

    /// Money that is free.
    pub fn free_amount(&self) -> i64 {
        self.amount.saturating_sub(self.counter.taken_amount())
    }
}

/// A referral code that was issued.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Invitation {
    /// Whose it is.
    pub holder: String,
    /// Since when.
    pub at: Timestamp,
}

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Referral {
    /// Who invited.
    pub referrer: String,
    /// Who stood above all who invited the referrer when the friend came, where somebody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top: Option<String>,
    /// When the friend came.
    pub at: Timestamp,
    /// When the friend did what is rewarded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub converted_at: Option<Timestamp>,
}
