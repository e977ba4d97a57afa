//! Why a command is refused: a stable code, words for people, the place, the values, and who can mend it.

use alloc::collections::BTreeMap;
use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::error::{fill, FixBy};

/// A value of a refusal: a count, money in minor units or UTC milliseconds, or a name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Param {
    /// A number.
    Number(i64),
    /// A name.
    Text(String),
}

impl From<i64> for Param {
    fn from(number: i64) -> Param {
        Param::Number(number)
    }
}

impl From<&str> for Param {
    fn from(text: &str) -> Param {
        Param::Text(text.into())
    }
}

/// Which document a place is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Document {
    /// The command.
    Command,
    /// The programme.
    Programme,
    /// The state that was loaded.
    State,
    /// An event that is replayed.
    Event,
}

/// A document and a JSON Pointer into it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Place {
    /// The document.
    pub document: Document,
    /// Where in it, empty for the whole.
    pub pointer: String,
}

/// A command that is not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Refusal {
    /// Stable, never reused.
    pub code: Code,
    /// For people; may change in any release.
    pub message: String,
    /// The remedy, in the imperative.
    pub help: String,
    /// Where.
    pub at: Place,
    /// What the message speaks of, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, Param>,
    /// Who can mend it.
    pub fix_by: FixBy,
}

impl Refusal {
    /// A refusal of the whole command; its texts are filled from `params`.
    pub fn new(code: Code, params: &[(&str, Param)]) -> Refusal {
        let params: BTreeMap<String, Param> =
            params.iter().map(|(name, value)| (String::from(*name), value.clone())).collect();
        let (message, help, fix_by) = code.words();
        let text = |template: &str| {
            let mut out = String::new();
            fill(template, &mut out, &|name, out| match params.get(name) {
                Some(Param::Number(number)) => crate::digits::push(out, *number),
                Some(Param::Text(text)) => out.push_str(text),
                None => {}
            });
            out
        };
        let (message, help) = (text(message), text(help));
        Refusal {
            code,
            message,
            help,
            at: Place { document: Document::Command, pointer: String::new() },
            params,
            fix_by,
        }
    }

    /// The same at a place of the command.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>) -> Refusal {
        self.at.pointer = pointer.into();
        self
    }

    /// The same in another document.
    #[must_use]
    pub fn of(mut self, document: Document) -> Refusal {
        self.at.document = document;
        self
    }
}

macro_rules! codes {
    ($($(#[$docs:meta])* $Code:ident $fix_by:ident $message:literal $help:literal;)*) => {
        /// What is refused and why. In JSON in snake_case.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Code {
            $($(#[$docs])* $Code,)*
        }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Code] = &[$(Code::$Code),*];

            fn words(self) -> (&'static str, &'static str, FixBy) {
                match self {
                    $(Code::$Code => ($message, $help, FixBy::$fix_by),)*
                }
            }
        }
    };
}

codes! {
    /// The text is no JSON or not of the shape of the document.
    DocumentUnreadable Developer "{why}" "send what docs/ledger.md describes";
    /// A member has a value that it cannot have.
    MemberInvalid Developer "`{member}` {why}" "correct `{member}`";
    /// The state, or an event, is of a storage version that this build does not know.
    VersionUnknown Developer "storage version {version} is not known here; the newest one is {newest}" "update counterfoil before you open this state";
    /// An event does not fit the state that it is applied to.
    EventUnfit Developer "the event does not fit the state: {why}" "load every row that `rows` names, and replay all events in their order";
    /// The key stands for another command.
    KeyReused Developer "the key `{key}` stands for another command" "repeat a command unchanged, or give it a new key";
    /// A sum would pass what can be counted exactly.
    NumberTooLarge Developer "{what} would pass {largest}" "send smaller numbers";
    /// The id is already used.
    IdTaken Developer "there is already a {kind} `{id}`" "give each {kind} an id of its own";
    /// The programme has no such allowance.
    AllowanceUnknown Developer "the programme has no allowance `{allowance}`" "name an allowance of the programme";
    /// The programme has no such scheme.
    SchemeUnknown Developer "the programme has no scheme `{scheme}`" "name a scheme of the programme";
    /// The programme has no such reward.
    RewardUnknown Developer "the programme has no reward `{reward}`" "name a reward of the programme";
    /// The programme's zone does not exist.
    ZoneUnknown Merchant "there is no time zone `{zone}`" "use a name of the IANA time zone database or an offset such as `+02:00`";
    /// The allowance counts in the customer's zone, and the command has none.
    CustomerZoneMissing Developer "`{allowance}` counts days where the customer is" "send `customerZone`";
    /// The allowance counts by customer, and the command names none.
    CustomerMissing Shopper "`{allowance}` is limited per customer" "sign in or leave an e-mail address";
    /// The allowance has a budget, and the command does not say what it costs.
    AmountMissing Developer "`{allowance}` has a budget" "send `amount`, what the discount costs, in minor units";
    /// The money is of another currency.
    CurrencyMismatch Developer "`{found}` is not the currency of `{allowance}`, which is `{currency}`" "send the amount in `{currency}`";
    /// The campaign was stopped.
    CampaignStopped Shopper "`{allowance}` was stopped" "leave it out";
    /// No use is left.
    UsesLimitReached Shopper "`{allowance}` has {left} of {limit} uses left" "leave it out";
    /// No money is left in the budget.
    BudgetLimitReached Shopper "`{allowance}` has {left} of its budget of {limit} left" "leave it out, or ask for at most {left}";
    /// The last use was too short a time ago.
    CooldownRunning Shopper "`{allowance}` was used less than {minutes} minutes ago" "come back later";
    /// No more may be spent of the account for now.
    SpendingLimitReached Shopper "of `{account}` {left} of {limit} may still be spent" "use at most {left}, or come back later";
    /// The account was suspended.
    AccountSuspended Shopper "the account `{account}` is suspended" "ask the shop to look at it";
    /// There is no such reservation.
    ReservationUnknown Developer "there is no reservation `{reservation}`" "reserve first";
    /// The reservation is not held any more, or not yet.
    ReservationNotHeld Developer "the reservation `{reservation}` is {state}" "reserve anew";
    /// Only what was confirmed is given back.
    ReservationNotConfirmed Developer "the reservation `{reservation}` is {state}" "release what is held; roll back what is confirmed";
    /// More is confirmed or given back than there is.
    PartExceeded Developer "part {part} of `{reservation}` has {left}, not {wanted}" "name at most {left}";
    /// There is no such part.
    PartUnknown Developer "`{reservation}` has no part {part}" "count parts from 0";
    /// The reward is for members of other levels.
    LevelMissing Shopper "`{reward}` is for members of another level" "reach the level first";
    /// Too little was earned so far.
    MilestoneNotReached Shopper "`{reward}` is for who has earned {required}; {earned} so far" "earn more first";
    /// There is no such account.
    AccountUnknown Developer "there is no account `{account}`" "open it by earning or refilling";
    /// The account is of another scheme.
    SchemeMismatch Developer "the account `{account}` is of scheme `{scheme}`" "use an account of the scheme";
    /// The account has less.
    BalanceInsufficient Shopper "`{account}` has {available}, {wanted} are wanted" "use at most {available}";
    /// There is no such grant.
    GrantUnknown Developer "the account `{account}` has no grant `{grant}`" "name a grant that was not revoked";
    /// There is no such lot.
    LotUnknown Developer "the account `{account}` has no lot `{lot}`" "name a lot of the account";
    /// The lot is not pending.
    LotNotPending Developer "the lot `{lot}` is active already" "activate pending lots only";
    /// An account has as many lots as it may.
    LotsTooMany Developer "the account `{account}` has {limit} lots" "send `forget` for what is long used up";
    /// A line of the order is returned more often than it was bought.
    UnitsExceeded Developer "`{line}` of the order has {left} units that can still be returned, not {wanted}" "return at most {left}";
    /// There is no such lease.
    LeaseUnknown Developer "there is no lease `{lease}`" "lease first";
    /// The lease's time is over.
    LeaseOver Developer "the lease `{lease}` ended" "take a new lease";
    /// The lease's block has less.
    LeaseUsedUp Shopper "the lease `{lease}` has {left} left, {wanted} are wanted" "take a new lease";
    /// Nothing is left to lease, as a limit stands in the way that no shard can count.
    LeaseImpossible Merchant "`{allowance}` counts what no shard can: days where the customer is, or the time between uses" "lease allowances of one zone whose uses may follow each other at once";
    /// Who invites themselves.
    ReferralOfSelf Shopper "nobody can invite themselves" "invite somebody else";
    /// Who invites who invited them.
    ReferralLoop Shopper "`{referrer}` was invited by `{friend}`, directly or through others" "invite somebody else";
    /// Too many who had brought friends were invited later, one above the other.
    ReferralChainTooLong Shopper "more invitations lead to `{referrer}` than are looked at" "let somebody else invite";
    /// Nobody was issued such a referral code.
    InvitationUnknown Shopper "nobody invites by the code `{code}`" "look at how the code is written";
    /// The friend was invited before.
    ReferralTaken Shopper "`{friend}` was invited before" "invite somebody else";
    /// The friend was never invited.
    ReferralUnknown Developer "`{friend}` was not invited" "send `refer` first";
    /// The friend has converted before.
    ReferralConverted Developer "the invitation of `{friend}` has been rewarded" "convert an invitation once";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_filled_from_the_params() {
        let refusal = Refusal::new(
            Code::BalanceInsufficient,
            &[("account", "c1".into()), ("available", 5.into()), ("wanted", 6.into())],
        );
        assert_eq!(refusal.message, "`c1` has 5, 6 are wanted");
        assert_eq!(refusal.help, "use at most 5");
        let text = serde_json::to_string(&refusal).unwrap();
        assert_eq!(serde_json::from_str::<Refusal>(&text).unwrap(), refusal);
        assert!(text.contains(r#""code":"balance_insufficient""#) && text.contains(r#""fixBy":"shopper""#), "{text}");
    }
}
