//! The trace of a quote: who took what, in which order, from which balance to which, and why others did not. It is read
//! off the notes that the normal run makes when it is watched, so it cannot tell another story than the quote.

mod decimal;
mod story;

use serde::Serialize;
use serde_json::Value as Json;

use alloc::string::String;
use alloc::vec::Vec;

pub(crate) use story::tell;

/// How a quote came about. Amounts are in minor units of the request's currency.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Trace {
    /// The request's currency.
    pub currency: String,
    /// The campaigns, in order of application: those that applied and, each in its place, those that did not.
    pub campaigns: Vec<CampaignTrace>,
    /// The lines as sent, unit by unit.
    pub lines: Vec<LineTrace>,
    /// The charges for shipping as sent.
    pub shipping: Vec<ChargeTrace>,
}

/// What became of a campaign.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CampaignTrace {
    /// The campaign.
    pub redeemable: String,
    /// The code that brought it, as typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Whether it applied.
    pub applied: bool,
    /// What it took off in all.
    pub amount: i64,
    /// The points it gave.
    pub points: i64,
    /// Why it did not apply.
    pub reasons: Vec<Json>,
    /// Where the best combination left it out: what was saved without it, and at most with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deal: Option<Deal>,
    /// Where others save more: the campaigns that apply in its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lost_to: Vec<String>,
    /// What its discounts did, one after the other.
    pub discounts: Vec<DiscountTrace>,
}

/// Two combinations of campaigns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Deal {
    /// What the combination that applied saves.
    pub saved: i64,
    /// What the best combination with this campaign would save; absent where it fits into none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saved_with_it: Option<i64>,
}

/// What a discount did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DiscountTrace {
    /// Whether it was measured on original prices instead of what is left.
    pub on_original: bool,
    /// Units that earlier discounts had used up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<UnitCount>,
    /// Rates that were rounded, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rounded: Vec<RoundingTrace>,
    /// What cut it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cuts: Vec<CutTrace>,
    /// The amount that was spread over the shares, and the sum of their weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spread: Option<SpreadTrace>,
    /// What it took of lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<ShareTrace>,
    /// What it took of charges for shipping.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shipping: Vec<ChargeShareTrace>,
    /// Units that are used up for later discounts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub used_up: Vec<UnitCount>,
}

/// Units of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UnitCount {
    /// The lines of the request; several where they are the same product at the same price, and priced as one.
    pub lines: Vec<String>,
    /// How many units.
    pub units: i64,
}

/// A rate, rounded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoundingTrace {
    /// The rate in percent, as a decimal: `12.5`.
    pub percent: String,
    /// Of what.
    pub of: i64,
    /// The share as a decimal of minor units, up to six places: `124.875`.
    pub exact: String,
    /// `half_up`, `half_down`, `half_even`, `up` or `down`.
    pub mode: String,
    /// What it was rounded to.
    pub to: i64,
}

/// Something was cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CutTrace {
    /// `cap`: the most that the discount takes; `floor`: the lowest price of units.
    pub by: String,
    /// The lines of the request, where it was the share of a line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// What it was.
    pub from: i64,
    /// What it is.
    pub to: i64,
}

/// An amount that was spread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SpreadTrace {
    /// How much.
    pub amount: i64,
    /// The weights of the shares: what is left of them, or units.
    pub weights: Vec<i64>,
}

/// What a discount took of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ShareTrace {
    /// The lines of the request; several where they are the same product at the same price, and priced as one.
    pub lines: Vec<String>,
    /// From which units: `all`, `cheapest` or `dearest`.
    pub from: String,
    /// How many units, when not all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<i64>,
    /// How the units bear it: `in_proportion` to what is left of them, `each` so much, or `down_to` so much each.
    pub bearing: String,
    /// How much each, or down to how much, where not in proportion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub each: Option<i64>,
    /// Its weight, where an amount was spread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<i64>,
    /// The share of the spread amount before whole minor units were allotted, as a decimal up to six places.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<String>,
    /// What was left of the line.
    pub before: i64,
    /// What was offered; more than was taken where no more was left.
    pub offered: i64,
    /// What was taken.
    pub taken: i64,
    /// What is left of the line.
    pub after: i64,
}

/// What a discount took of a charge for shipping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChargeShareTrace {
    /// The charge of the request.
    pub shipping: String,
    /// What was left of it.
    pub before: i64,
    /// What was taken.
    pub taken: i64,
    /// What is left of it.
    pub after: i64,
}

/// A line, unit by unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LineTrace {
    /// The line of the request.
    pub id: String,
    /// Runs of units of which the same was taken, those that cost least first.
    pub units: Vec<UnitsTrace>,
}

/// Units of which the same was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UnitsTrace {
    /// How many.
    pub count: i64,
    /// What each of them cost before discounts.
    pub price: i64,
    /// Who took what of each, in order.
    pub steps: Vec<StepTrace>,
    /// What each of them costs.
    pub total: i64,
}

/// A charge for shipping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChargeTrace {
    /// The charge of the request.
    pub id: String,
    /// What it was before discounts.
    pub price: i64,
    /// Who took what of it, in order.
    pub steps: Vec<StepTrace>,
    /// What it is.
    pub total: i64,
}

/// What a campaign took of a unit, or of a charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct StepTrace {
    /// The campaign.
    pub redeemable: String,
    /// What was left before.
    pub before: i64,
    /// What it took.
    pub taken: i64,
    /// What is left.
    pub after: i64,
}
