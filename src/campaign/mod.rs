//! Campaign documents as people write them: who, when, which lines, what, how much at most, with what it
//! combines. The compiler turns them into a snapshot; the engine never sees them.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::money::{Rounding, RoundingLevel};

mod limits;
pub mod reading;
pub mod schedule;
mod stacking;
mod windows;

pub use limits::{Budget, Level, LevelCount, Levels, Limits, Period, WhenOver};
pub use schedule::Schedule;
pub use stacking::{
    Base, CodesTogether, Combines, ExclusiveOrder, Group, GroupPick, JointOrder, NoEffect, PerLine, Pick, Preset,
    Stacking, StackingPolicy,
};
pub use windows::{Repeats, Window};

/// A document: campaigns and how they combine.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CampaignDocument {
    /// Where the schema of this document is, for editors: what `counterfoil schema` prints.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The campaigns, in any order: the order never decides anything.
    pub campaigns: Vec<Json>,
    /// Rules by name, for `{ "rule": "…" }` in place of a condition.
    #[serde(default)]
    pub rules: BTreeMap<String, Json>,
    /// Segments by name: rules about the customer, for the condition `segment`. Others are told by the request.
    #[serde(default)]
    pub segments: BTreeMap<String, Json>,
    /// How categories lie in one another.
    #[serde(default)]
    pub categories: Categories,
    /// Experiments, whose variants the condition `variant` asks for.
    #[serde(default)]
    pub experiments: Vec<Experiment>,
    /// How they combine.
    #[serde(default)]
    pub stacking: StackingPolicy,
    /// What payments may be used for.
    #[serde(default)]
    pub payments: Vec<Json>,
    /// How much above its cost, in percent, a unit is sold for at least: a decimal text. No discount takes a line that tells
    /// its `cost` below that.
    #[serde(default)]
    pub min_margin: Option<String>,
    /// What several campaigns together may cost.
    #[serde(default)]
    pub budgets: Vec<Budget>,
    /// What customers become by spending.
    pub levels: Option<Levels>,
    /// What the central source counts besides campaigns: schemes of points, gift cards and credit, rewards, referrals; see
    /// docs/ledger.md.
    #[serde(default)]
    pub programme: Option<Json>,
    /// What members earn, keep and spend: programmes, rewards, invitations.
    pub loyalty: Option<Json>,
}

/// How categories lie in one another. Who names a category means those within it too.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Categories {
    /// Each category by the one that it is in: `{ "running": "shoes", "shoes": "clothing" }`.
    #[serde(default)]
    pub within: BTreeMap<String, String>,
    /// Whether the categories of requests are paths: `shoes/running` is in `shoes`.
    #[serde(default)]
    pub paths: bool,
}

/// An experiment: customers are given one of its variants by their id, the same one on every device.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Experiment {
    /// Stable id, as a campaign's. Another id deals the customers anew.
    pub id: String,
    /// The variants, at most 20, in an order that is part of the experiment.
    pub variants: Vec<Variant>,
    /// The weight of the customers who are held out; default 0.
    #[serde(default)]
    pub hold_out: u32,
}

/// A variant of an experiment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Variant {
    /// Its name, as a campaign's id.
    pub id: String,
    /// Its share of all weights, a whole number from 1 on.
    pub weight: u32,
}

/// One campaign: a promotion that applies by itself, or vouchers when it has codes.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Campaign {
    /// Stable id: letters, digits, `-`, `_`, `.`; at most 64.
    pub id: String,
    /// What people call it; not part of the snapshot.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether it runs; default active.
    #[serde(default)]
    pub status: Status,
    /// When it runs; always when absent.
    #[serde(default)]
    pub schedule: Option<Schedule>,
    /// Shared codes; with any, the campaign applies only to who enters one.
    #[serde(default)]
    pub codes: Vec<String>,
    /// Many codes, each for one shopper or a few: a file beside this one, which `counterfoil publish` takes in. The campaign
    /// applies only to who enters one, and is in no snapshot that browsers see.
    #[serde(default)]
    pub code_list: Option<CodeList>,
    /// Who can read it in what browsers download; default `open`, and `edge` with a `codeList`.
    #[serde(default)]
    pub visibility: Option<Visibility>,
    /// The conditions: one condition, or `all`, `any`, `not` over more. Everyone when absent.
    #[serde(default)]
    pub when: Option<Json>,
    /// What is taken off, in order.
    #[serde(default)]
    pub discounts: Vec<Json>,
    /// What points are earned.
    #[serde(default)]
    pub earning: Vec<Json>,
    /// With what it combines.
    #[serde(default)]
    pub stacking: Stacking,
    /// What hints may tell of it.
    #[serde(default)]
    pub hints: Hints,
    /// How often it may be used and what it may cost; counted by the central source.
    #[serde(default)]
    pub limits: Limits,
    /// What becomes of fractions of a minor unit.
    #[serde(default)]
    pub rounding: RoundingRule,
    /// What becomes of its discounts and points when units are returned.
    #[serde(default)]
    pub refund: RefundPolicy,
    /// Its discounts leave of a line at least what its units cost the shop and this percentage more, where the line tells its
    /// `cost`; of picked units the same.
    pub min_margin: Option<String>,
}

impl Campaign {
    /// Whether it applies only to who enters a code.
    pub fn is_by_code(&self) -> bool {
        !self.codes.is_empty() || self.code_list.is_some()
    }

    /// Who can read it.
    pub fn visibility(&self) -> Visibility {
        let default = if self.code_list.is_some() { Visibility::Edge } else { Visibility::Open };
        self.visibility.unwrap_or(default)
    }
}

/// Who can read a campaign in what browsers download.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everyone: it is there in clear, with its codes.
    Open,
    /// Who knows one of its codes: it is there as ciphertext, which opens with the code alone. Codes that can be guessed are
    /// guessed: see docs/sealed-codes.md.
    Sealed,
    /// Nobody: only the edge has it. What a code opens is granted to who enters it.
    Edge,
}

/// Where the codes of a campaign are listed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CodeList {
    /// A CSV file whose first line names the columns: `code`, and as needed `balance`, `holder`, `uses`, `expires`, `state`; its
    /// path from this document. See docs/unique-codes.md.
    pub file: String,
    /// The currency of balances: its three letters. With it a code takes off at most what is on it.
    #[serde(default)]
    pub currency: Option<String>,
}

/// What becomes of what a campaign gave when units are returned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RefundPolicy {
    /// Units that are kept keep their share, whether or not the campaign would still apply. The default.
    #[default]
    Proportional,
    /// What is kept is evaluated again, and what the campaign would not give for it is taken off the refund.
    Reevaluate,
}

/// Whether a campaign runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It runs when its schedule says so.
    #[default]
    Active,
    /// It does not run.
    Paused,
}

/// What hints may tell of a campaign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Hints {
    /// How to reach it, to those whom it is for: not its code, its country, or a segment to a customer who is known. The
    /// default.
    #[default]
    Open,
    /// Those too: its first code is a secret no more.
    All,
    /// Nothing.
    None,
}

/// What becomes of fractions of a minor unit.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoundingRule {
    /// Default half up.
    #[serde(default)]
    pub mode: Rounding,
    /// Whether a percentage is rounded on each line, on each unit or once on the sum; default `line` for a discount with
    /// `lines`, `order` for one without.
    pub level: Option<RoundingLevel>,
}
