//! What the caller hears.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::account::Grant;
use super::calendar::Every;
use super::event::Hold;
use super::programme::Per;
use super::refusal::Refusal;
use super::state::zero;
use crate::time::Timestamp;

/// The answer to a command.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Answer {
    /// It was done.
    Accepted(Box<Accepted>),
    /// Nothing was done.
    Refused {
        /// Why.
        refusal: Box<Refusal>,
    },
}

impl Answer {
    /// A refusal.
    pub fn refused(refusal: Refusal) -> Answer {
        Answer::Refused { refusal: Box::new(refusal) }
    }
}

/// What was done. Only the members that the command concerns are there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Accepted {
    /// The reservation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation: Option<String>,
    /// Until when it is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// What is held or used, part by part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Hold>,
    /// What each limit has left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remaining: Vec<Remaining>,
    /// How much was earned, moved, taken back or expired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// How many uses were leased or given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<i64>,
    /// How many uses a shard has made, with what it gives back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<i64>,
    /// How much a shard has spent, with what it gives back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spent: Option<i64>,
    /// What of a return nobody pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forgiven: Option<i64>,
    /// The accounts that were concerned, as they are now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<Balance>,
    /// What a reward or a conversion gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gives: Option<Gives>,
    /// What was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted: Option<Grant>,
}

/// An account in short.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Balance {
    /// Which.
    pub account: String,
    /// `points`, or a currency.
    pub unit: String,
    /// What can be spent.
    pub available: i64,
    /// What is not active yet.
    #[serde(default, skip_serializing_if = "zero")]
    pub pending: i64,
    /// What reservations hold.
    #[serde(default, skip_serializing_if = "zero")]
    pub held: i64,
    /// What is owed.
    #[serde(default, skip_serializing_if = "zero")]
    pub owed: i64,
    /// The level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
}

/// What a limit has left.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Remaining {
    /// Of which allowance.
    pub allowance: String,
    /// Whose uses.
    pub per: Per,
    /// In which stretch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Every>,
    /// Uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<i64>,
    /// Money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<i64>,
    /// How many minutes lie between two uses, at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apart_minutes: Option<i64>,
    /// When the next use may be made, where the last one was too short a time ago.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<Timestamp>,
}

/// What the worker hands out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Gives {
    /// The reward that was claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reward: Option<String>,
    /// What the reward is.
    #[serde(default, skip_serializing_if = "Json::is_null")]
    pub gives: Json,
    /// What the friend gets.
    #[serde(default, skip_serializing_if = "Json::is_null")]
    pub friend: Json,
    /// Who invited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referrer: Option<String>,
    /// The how-manieth friend of the referrer this is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversions: Option<i64>,
}
