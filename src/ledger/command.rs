//! What the ledger can be told to do. Every command has a key of its own: a repeat is answered as the first time.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value as Json};

use super::calendar::Expiry;
use crate::time::Timestamp;

/// A command: its key, its moment and what is to be done. In JSON one object with `key`, `now`, `type` and the members
/// of that type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Command {
    /// The caller's key. A command that is repeated under its key changes nothing.
    pub key: String,
    /// When it is decided, UTC milliseconds. A repeat may come at another moment.
    pub now: Timestamp,
    /// What is to be done.
    #[serde(flatten)]
    pub action: Action,
}

impl<'de> Deserialize<'de> for Command {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Command, D::Error> {
        let mut members = Map::<String, Json>::deserialize(deserializer)?;
        let key = members.remove("key").ok_or_else(|| D::Error::missing_field("key"))?;
        let now = members.remove("now").ok_or_else(|| D::Error::missing_field("now"))?;
        let Json::String(key) = key else { return Err(D::Error::custom("`key` is a text")) };
        let now = now.as_i64().ok_or_else(|| D::Error::custom("`now` is UTC milliseconds"))?;
        let action = Action::deserialize(Json::Object(members)).map_err(|error| D::Error::custom(error.to_string()))?;
        Ok(Command { key, now, action })
    }
}

macro_rules! actions {
    ($($(#[$docs:meta])* $Action:ident { $($(#[$member:meta])* $name:ident: $Type:ty,)* })*) => {
        /// What is to be done; the `type` of a command.
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
        #[serde(tag = "type", rename_all = "snake_case")]
        pub enum Action {
            $($(#[$docs])* $Action($Action),)*
        }

        $(
            $(#[$docs])*
            #[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
            #[serde(rename_all = "camelCase", deny_unknown_fields)]
            pub struct $Action {
                $($(#[$member])* pub $name: $Type,)*
            }
        )*
    };
}

actions! {
    /// Holds all parts of an order together, or none. Holds that are past their time are released first.
    Reserve {
        /// The caller's id of the reservation.
        reservation: String,
        /// Who.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer: Option<String>,
        /// The zone of the customer's calendar.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer_zone: Option<String>,
        /// Which order.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<String>,
        /// Until when it is held.
        until: Timestamp,
        /// What is held, at most 100.
        parts: Vec<Part>,
    }
    /// Reserves and confirms at once.
    Redeem {
        /// The caller's id of the reservation.
        reservation: String,
        /// Who.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer: Option<String>,
        /// The zone of the customer's calendar.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer_zone: Option<String>,
        /// Which order.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<String>,
        /// What is used, at most 100.
        parts: Vec<Part>,
    }
    /// What is held is used; it may be less than was held. As long as nothing has released it, also after its time.
    Confirm {
        /// Which reservation.
        reservation: String,
        /// Parts that use less than was held.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        parts: Vec<Share>,
    }
    /// What is held is free again.
    Release {
        /// Which reservation.
        reservation: String,
    }
    /// Releases every hold whose time is over, at most 100 of those loaded.
    Lapse {}
    /// Undoes a confirmed reservation: uses, money, balances and points go back to where they came from.
    Rollback {
        /// Which reservation.
        reservation: String,
    }
    /// Gives back a part of what was confirmed.
    Refund {
        /// Which reservation.
        reservation: String,
        /// What of which part.
        parts: Vec<Share>,
    }
    /// Gives a shard a block of an allowance's shared limits.
    Lease {
        /// The caller's id of the lease.
        lease: String,
        /// Of which allowance.
        allowance: String,
        /// To which shard.
        shard: String,
        /// How many uses.
        #[serde(default)]
        uses: i64,
        /// How much of the budgets.
        #[serde(default)]
        amount: i64,
        /// Whether less is taken when there is less.
        #[serde(default)]
        up_to: bool,
    }
    /// On the shard: the block is there to be used.
    AcceptLease {
        /// The lease.
        lease: String,
        /// Of which allowance.
        allowance: String,
        /// How many uses.
        #[serde(default)]
        uses: i64,
        /// How much of the budgets.
        #[serde(default)]
        amount: i64,
        /// When it ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    }
    /// On the shard: what is not used leaves the block. Comes before `return_lease`.
    GiveBack {
        /// The lease.
        lease: String,
    }
    /// At home: what the shard gave back is free again, and what it has used is known.
    ReturnLease {
        /// The lease.
        lease: String,
        /// How many uses it gave back.
        #[serde(default)]
        uses: i64,
        /// How much money it gave back.
        #[serde(default)]
        amount: i64,
        /// How many uses it has made so far.
        #[serde(default)]
        used: i64,
        /// How much it has spent so far.
        #[serde(default)]
        spent: i64,
    }
    /// Puts an amount on an account: a gift card is issued or refilled, credit is granted.
    Refill {
        /// The account; opened when it is not there.
        account: String,
        /// Of which scheme.
        scheme: String,
        /// The caller's id of the lot.
        lot: String,
        /// How much.
        amount: i64,
        /// When it expires, if not as the scheme says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expiry: Option<Expiry>,
    }
    /// Earns points, or credit, for an order or an event.
    Earn {
        /// The account; opened when it is not there.
        account: String,
        /// Of which scheme.
        scheme: String,
        /// The caller's id of the lot.
        lot: String,
        /// How much.
        amount: i64,
        /// For which order.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<String>,
        /// By which rule; its ceilings are those of the scheme.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
        /// What each line of the order earned, so that a return takes back exactly that.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lines: Vec<EarnedLine>,
        /// Days until it is active, if not as the scheme says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pending_days: Option<u32>,
        /// When it expires, if not as the scheme says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expiry: Option<Expiry>,
    }
    /// Activates a pending lot before its day, or does all that is due on the account.
    Activate {
        /// The account.
        account: String,
        /// Which lot; all that are due when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lot: Option<String>,
    }
    /// Spends from an account, first-expiring first.
    Spend {
        /// The caller's id, by which it can be rolled back.
        reservation: String,
        /// The account.
        account: String,
        /// How much.
        amount: i64,
        /// Whether less is taken when there is less.
        #[serde(default)]
        up_to: bool,
        /// For which order.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<String>,
    }
    /// Ends a lot before its day, or does all that is due on the account.
    Expire {
        /// The account.
        account: String,
        /// Which lot; all that are due when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lot: Option<String>,
    }
    /// Moves active points to another account of the scheme, where they expire anew.
    Transfer {
        /// From.
        from: String,
        /// To; opened when it is not there.
        to: String,
        /// The caller's id of the lot there.
        lot: String,
        /// How much.
        amount: i64,
    }
    /// Corrects an account by hand.
    Adjust {
        /// The account; opened when it is not there and something is added.
        account: String,
        /// Of which scheme.
        scheme: String,
        /// More or, when negative, less.
        amount: i64,
        /// Which lot: needed to add, to one that is there or a new one; first-expiring first when less and absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lot: Option<String>,
        /// When a new lot expires, if not as the scheme says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expiry: Option<Expiry>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    }
    /// Takes back what an order earned, as far as it is returned.
    TakeBack {
        /// The account.
        account: String,
        /// The order.
        order: String,
        /// Which units are returned; the whole order when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lines: Option<Vec<ReturnedLine>>,
    }
    /// Buys a reward with points.
    Claim {
        /// The caller's id, by which it can be rolled back.
        reservation: String,
        /// The reward.
        reward: String,
        /// The account that pays.
        account: String,
        /// Who.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer: Option<String>,
        /// How many of it.
        #[serde(default = "one")]
        units: i64,
    }
    /// Entitles a member to something for a time, or without an end.
    Grant {
        /// The account that keeps it; opened when it is not there.
        account: String,
        /// Of which scheme.
        scheme: String,
        /// The caller's id of the grant.
        grant: String,
        /// To what.
        entitlement: String,
        /// For how many months, from the end of what the member has of it already; without an end when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        months: Option<u32>,
    }
    /// Takes a grant back, its reservation's or one by hand.
    Revoke {
        /// The account.
        account: String,
        /// Which grant; of a claimed reward, its reservation.
        grant: String,
    }
    /// Lets nothing more come onto an account or be spent from it. Returns, releases and what time does go on.
    Suspend {
        /// The account; opened when it is not there.
        account: String,
        /// Of which scheme.
        scheme: String,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    }
    /// Opens a suspended account again.
    Resume {
        /// The account.
        account: String,
    }
    /// Issues a referral code: whoever comes by it was invited by its holder.
    Invite {
        /// The code, compared as codes of campaigns are.
        code: String,
        /// Whose it is.
        holder: String,
    }
    /// A friend comes by somebody's invitation.
    Refer {
        /// Who comes.
        friend: String,
        /// By which code; its holder invited.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// Who invited, where no code was issued.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        referrer: Option<String>,
    }
    /// The friend did what the invitation is rewarded for.
    Convert {
        /// Who.
        friend: String,
        /// The ladder of the referrer, where it is not the usual one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ladder: Option<String>,
    }
    /// Forgets what ended before a moment: answers, reservations that are over, lots that are used up.
    Forget {
        /// What is older goes.
        before: Timestamp,
    }
}

/// What is held or used.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Part {
    /// Uses of an allowance.
    Use {
        /// Which.
        allowance: String,
        /// How many.
        #[serde(default = "one")]
        uses: i64,
        /// What it costs, where there is a budget.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<i64>,
        /// In which currency.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        currency: Option<String>,
        /// Whether fewer uses and less money are taken when there is less, at least one use.
        #[serde(default)]
        up_to: bool,
        /// On a shard: the lease whose block is used.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lease: Option<String>,
    },
    /// An amount of an account.
    Draw {
        /// Which.
        account: String,
        /// How much.
        amount: i64,
        /// Whether less is taken when there is less, at least 1.
        #[serde(default)]
        up_to: bool,
    },
}

impl Part {
    /// Whether less may be taken of it than was asked.
    pub fn is_up_to(&self) -> bool {
        match self {
            Part::Use { up_to, .. } | Part::Draw { up_to, .. } => *up_to,
        }
    }
}

fn one() -> i64 {
    1
}

/// How much of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Share {
    /// Which part, counted from 0.
    pub part: usize,
    /// How many uses; all when a confirmation does not say, none when a refund does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<i64>,
    /// How much money or points; likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
}

/// What a line of an order earned.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EarnedLine {
    /// The line's id.
    pub line: String,
    /// Its units.
    pub units: i64,
    /// The points of all of them.
    pub amount: i64,
}

/// Units of a line that come back.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReturnedLine {
    /// The line's id.
    pub line: String,
    /// How many.
    pub units: i64,
}
