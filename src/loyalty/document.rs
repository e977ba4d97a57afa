//! The document.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::gives::{Gives, Reward};
use crate::campaign::Schedule;
use crate::ledger::calendar::{Expiry, WeekStart};
use crate::ledger::event::Change;
use crate::ledger::programme::{Levels, Limit, WhenSpent, POINTS};
use crate::money::Rounding;
use crate::selector::{Exclusion, LineSelector};
use crate::vocabulary::Amounts;

/// What members earn, keep and spend. Said in one document of those that are compiled together.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Loyalty {
    /// The zone whose civil days are meant: an IANA name or an offset; `UTC` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// On which day a week begins; Monday when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week_start: Option<WeekStart>,
    /// Which lines sell gift cards: nothing is earned on them, unless a rule says `onGiftCards`. Those of the category
    /// `gift-cards` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gift_cards: Option<Exclusion>,
    /// What is earned: points, punches, credit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programmes: Vec<Programme>,
    /// Inviting friends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referrals: Option<Referrals>,
}

/// A programme: what its accounts hold, who earns it for what, and what it buys.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyProgramme"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Programme {
    /// Stable id, as a campaign's. Campaigns know what a member has of it as the customer's attribute of this name, and
    /// the member's level as `<id>.level`.
    pub id: String,
    /// For people; not in the snapshot.
    #[serde(default, skip_serializing)]
    pub name: Option<String>,
    /// What its accounts hold: `points` (default), or a currency.
    #[serde(default = "points")]
    pub unit: String,
    /// Civil days until what is earned can be spent; at once when 0.
    #[serde(default)]
    pub pending_days: u32,
    /// When it expires.
    #[serde(default)]
    pub expiry: Expiry,
    /// What a return takes of what is spent already.
    #[serde(default)]
    pub when_spent: WhenSpent,
    /// The levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<Levels>,
    /// The most that all of its rules together pay; `customer` is the member.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// How often a member may spend of it, and how much; `per` is `customer`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spending: Vec<Limit>,
    /// Whether the points that campaigns' `earning` gives in a quote are earned here. One programme may say so.
    #[serde(default)]
    pub campaign_points: bool,
    /// What earns. All rules that fit pay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earning: Vec<Rule>,
    /// What it buys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rewards: Vec<Reward>,
}

fn points() -> String {
    POINTS.into()
}

/// What earns, and how much: `points`, or `points` for `every` so much, or what a `formula` works out.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyRule"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// Names it in what is earned; another one in each rule of the programme.
    pub id: String,
    /// What happens.
    pub on: On,
    /// Who earns, and when: a condition as of campaigns. What came with an event is the order's attributes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Json>,
    /// When it pays; always when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// How many; in minor units where the programme holds a currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<i64>,
    /// For each so much: an amount per currency, or a number. Only whole ones count, unless `rounding` is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Every>,
    /// Of what; the selected lines after discounts when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Of>,
    /// A formula, as of discounts, instead of `points`. Its number is rounded to the nearest whole one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::discount::Expression>"))]
    pub formula: Option<Json>,
    /// On which lines of an order; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<LineSelector>,
    /// Whether gift cards that are bought earn too.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub on_gift_cards: bool,
    /// What becomes of a fraction, where parts of `every` count too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Rounding>,
    /// What members of a level get instead.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_level: BTreeMap<String, ByLevel>,
    /// Factors for some members, or for some time. All that fit multiply; the product is rounded to the nearest whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boosts: Vec<Boost>,
    /// Days until it can be spent, if not as the programme says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_days: Option<u32>,
    /// When it expires, if not as the programme says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Expiry>,
    /// How often it pays (`uses`), and how much (`budget`); `customer` is the member.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
}

impl Rule {
    /// Its name among the rules of all programmes.
    pub fn key(&self, programme: &str) -> String {
        format!("{programme}/{}", self.id)
    }
}

/// What happens: `"order"`, `{ "event": "review_written" }`, `{ "segment": "runners" }`, `{ "level": ["upgraded"] }`,
/// `"referral"`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyOccasion"))]
#[serde(rename_all = "snake_case")]
pub enum On {
    /// An order is paid.
    Order,
    /// An event of the shop's own, by its name.
    Event(String),
    /// The customer enters a segment.
    Segment(String),
    /// The member's level in the programme changes so.
    Level(Vec<Change>),
    /// A friend whom the member has invited converts.
    Referral,
}

/// So much.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyEvery"))]
#[serde(untagged)]
pub enum Every {
    /// Of something that is counted.
    Number(i64),
    /// Of money, per currency, minor units.
    Money(Amounts),
}

/// Of what.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyMeasure"))]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// What the lines cost after discounts.
    Total,
    /// What they cost before.
    Subtotal,
    /// Their units, free ones aside.
    Units,
    /// An attribute of the order, or of what came with the event, that is a whole number.
    Attribute(String),
    /// An attribute of the customer that is a whole number.
    Customer(String),
}

/// What members of a level get: `{ "factor": "2" }` or `{ "points": 5 }`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyByLevel"))]
#[serde(rename_all = "snake_case")]
pub enum ByLevel {
    /// So many times as much, rounded to the nearest whole.
    Factor(String),
    /// This number in place of `points`.
    Points(i64),
}

/// A factor for some members, or for some time.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyBoost"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Boost {
    /// Above zero, up to nine decimals.
    pub factor: String,
    /// For whom; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Json>,
    /// When; always when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
}

/// Inviting friends.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyReferrals"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Referrals {
    /// What a friend has to do.
    pub conversion: Conversion,
    /// What the friend gets for coming.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friend: Option<Gives>,
    /// What the referrer gets, by the number of friends who converted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ladder: Vec<Step>,
    /// Ladders of referrers in a segment, in place of `ladder`; the first by name counts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ladders: BTreeMap<String, Vec<Step>>,
    /// How many conversions are rewarded; `customer` is the referrer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
}

/// What a friend has to do.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyConversion"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Conversion {
    /// `"order"`, or `{ "event": "contract_signed" }`.
    pub on: On,
    /// What must hold of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Json>,
    /// When it counts; always when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
}

/// A step of a ladder.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyStep"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// From the so-many-th converted friend on.
    pub from: i64,
    /// Whether only that friend is rewarded so, and not each one after.
    #[serde(default)]
    pub once: bool,
    /// What the referrer gets.
    pub gives: Gives,
}

/// Why a rule that says neither or several of its three ways to be worth something is refused.
pub const NOTHING_BUT: &str = "give `points`, or `points` for `every` so much, or a `formula`";
