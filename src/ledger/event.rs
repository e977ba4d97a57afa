//! What happened. Events are facts: they carry every number and date that was decided, so that replaying them needs
//! no programme, no calendar and no clock.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::account::{Awaited, Grant, LevelStanding, Lot};
use super::answer::Answer;
use super::state::Standing;
use crate::time::Timestamp;

/// A part of a reservation as it is held or used.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Hold {
    /// Uses of an allowance.
    Use {
        /// Which.
        allowance: String,
        /// How many.
        uses: i64,
        /// What they cost.
        amount: i64,
        /// The counters that count them.
        counters: Vec<String>,
        /// The lease whose block they use.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lease: Option<String>,
    },
    /// An amount of an account.
    Draw {
        /// Which.
        account: String,
        /// How much.
        amount: i64,
        /// From which lots, in the order in which they were taken.
        lots: Vec<Take>,
        /// The counters of what may be spent.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        counters: Vec<String>,
    },
}

/// An amount of a lot.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Take {
    /// Which lot.
    pub lot: String,
    /// How much.
    pub amount: i64,
}

/// Why a level is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyChange"))]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// From none.
    Joined,
    /// To a higher one.
    Upgraded,
    /// Kept for another period.
    Prolonged,
    /// To a lower one.
    Downgraded,
    /// To none.
    Left,
}

/// What a return asks back of one lot.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AskedBack {
    /// Which lot.
    pub lot: String,
    /// What its returned units had earned.
    pub due: i64,
    /// What of it was still there and is taken.
    pub taken: i64,
    /// What of it was spent already.
    pub spent: i64,
    /// Which units, by line.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub units: BTreeMap<String, i64>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Event {
    /// Parts are held together.
    Reserved {
        /// When.
        at: Timestamp,
        /// The reservation.
        reservation: String,
        /// Who.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer: Option<String>,
        /// Which order.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<String>,
        /// Which reward.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reward: Option<String>,
        /// The account that is granted an entitlement by it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grantee: Option<String>,
        /// Until when; without, it is confirmed by the event that follows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// What.
        parts: Vec<Hold>,
    },
    /// What was held is used; the rest of it is free.
    Confirmed {
        /// When.
        at: Timestamp,
        /// The reservation.
        reservation: String,
        /// What is used, part by part.
        parts: Vec<Hold>,
    },
    /// A reservation is over: released or lapsed when it was held, rolled back when it was used.
    Ended {
        /// When.
        at: Timestamp,
        /// The reservation.
        reservation: String,
        /// How.
        standing: Standing,
    },
    /// A part of what was used is given back.
    Refunded {
        /// When.
        at: Timestamp,
        /// The reservation.
        reservation: String,
        /// What is still used, part by part.
        parts: Vec<Hold>,
    },
    /// A shard has a block.
    Leased {
        /// When.
        at: Timestamp,
        /// The lease.
        lease: String,
        /// Of which allowance.
        allowance: String,
        /// Which shard.
        shard: String,
        /// Uses.
        uses: i64,
        /// Money.
        amount: i64,
        /// The counters that it is taken from.
        counters: Vec<String>,
        /// When it ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// A block can be used on this shard.
    LeaseAccepted {
        /// When.
        at: Timestamp,
        /// The lease.
        lease: String,
        /// Of which allowance.
        allowance: String,
        /// Uses.
        uses: i64,
        /// Money.
        amount: i64,
        /// When it ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// A shard has made its block smaller.
    GivenBack {
        /// When.
        at: Timestamp,
        /// The lease.
        lease: String,
        /// Uses that left the block.
        uses: i64,
        /// Money that left it.
        amount: i64,
    },
    /// What a shard gave back is free.
    LeaseReturned {
        /// When.
        at: Timestamp,
        /// The lease.
        lease: String,
        /// Uses that are free.
        uses: i64,
        /// Money that is free.
        amount: i64,
        /// Uses that the shard has made.
        used: i64,
        /// Money that the shard has spent.
        spent: i64,
    },
    /// An account has a new lot.
    LotAdded {
        /// The account; new when it was not there.
        account: String,
        /// Its scheme.
        scheme: String,
        /// Its unit.
        unit: String,
        /// The lot's id.
        lot: String,
        /// The lot.
        added: Lot,
        /// The ceilings that it counts for.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        ceilings: Vec<String>,
    },
    /// A pending lot is active.
    Activated {
        /// When.
        at: Timestamp,
        /// The account.
        account: String,
        /// The lot.
        lot: String,
        /// When it expires.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires_at: Option<Timestamp>,
        /// The period of the levels in which it counts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        period: Option<String>,
    },
    /// What was left of a lot is gone.
    Expired {
        /// When.
        at: Timestamp,
        /// The account.
        account: String,
        /// The lot.
        lot: String,
        /// How much.
        amount: i64,
    },
    /// Points moved to another account.
    Transferred {
        /// When.
        at: Timestamp,
        /// From.
        from: String,
        /// Which lots.
        lots: Vec<Take>,
        /// To.
        to: String,
        /// The lot there.
        lot: String,
        /// When that expires.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires_at: Option<Timestamp>,
    },
    /// Lots were corrected.
    Adjusted {
        /// When.
        at: Timestamp,
        /// The account.
        account: String,
        /// By how much each; negative for less.
        lots: Vec<Take>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Points of returned units were taken back.
    TakenBack {
        /// When.
        at: Timestamp,
        /// The account.
        account: String,
        /// Which order.
        order: String,
        /// The order's own lots.
        asked: Vec<AskedBack>,
        /// Other lots that paid for what was spent.
        others: Vec<Take>,
        /// What is owed from now on.
        owed: i64,
    },
    /// What is owed was paid.
    OwedPaid {
        /// When.
        at: Timestamp,
        /// The account.
        account: String,
        /// From which lots.
        lots: Vec<Take>,
    },
    /// The level is another one, or kept for longer.
    LevelChanged {
        /// When.
        at: Timestamp,
        /// The account.
        account: String,
        /// How.
        change: Change,
        /// The level that was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// The level that is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        level: Option<LevelStanding>,
    },
    /// The balance no longer reaches the level, which ends later; or it does again, and the level does not end.
    LevelEndSet {
        /// When.
        at: Timestamp,
        /// The account.
        account: String,
        /// When the level ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// The points of a period have reached a level that begins with the next one; or that one begins.
    LevelAwaited {
        /// When.
        at: Timestamp,
        /// The account.
        account: String,
        /// What is awaited.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        awaited: Option<Awaited>,
    },
    /// An account has an entitlement, or has it at other times.
    Granted {
        /// When.
        at: Timestamp,
        /// The account; new when it was not there.
        account: String,
        /// Its scheme.
        scheme: String,
        /// Its unit.
        unit: String,
        /// The id of the grant.
        grant: String,
        /// What is granted, from when, and until when.
        granted: Grant,
    },
    /// A grant is taken back.
    Revoked {
        /// When.
        at: Timestamp,
        /// The account.
        account: String,
        /// The id of the grant.
        grant: String,
    },
    /// Nothing more comes onto an account or is spent from it.
    Suspended {
        /// When.
        at: Timestamp,
        /// The account; new when it was not there.
        account: String,
        /// Its scheme.
        scheme: String,
        /// Its unit.
        unit: String,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The account is open again.
    Resumed {
        /// When.
        at: Timestamp,
        /// The account.
        account: String,
    },
    /// A referral code was issued.
    Invited {
        /// When.
        at: Timestamp,
        /// The code, normalised.
        code: String,
        /// Whose it is.
        holder: String,
    },
    /// A friend came by an invitation.
    Referred {
        /// When.
        at: Timestamp,
        /// Who came.
        friend: String,
        /// Who invited.
        referrer: String,
        /// Who stands above all who invited the referrer, where somebody did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        top: Option<String>,
    },
    /// A friend did what the invitation is rewarded for.
    Converted {
        /// When.
        at: Timestamp,
        /// Who.
        friend: String,
        /// The counters of rewarded conversions; none when a limit stood in the way.
        counters: Vec<String>,
    },
    /// What ended before a moment is forgotten.
    Forgotten {
        /// When.
        at: Timestamp,
        /// What ended before.
        before: Timestamp,
    },
    /// A command was answered.
    Answered {
        /// When.
        at: Timestamp,
        /// Its key.
        key: String,
        /// Stands for the command without its moment.
        fingerprint: String,
        /// The answer.
        answer: Answer,
    },
}
