//! How often a campaign may be used and what it may cost, as documents say it.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::vocabulary::Amounts;

/// How often a campaign may be used, and what it may cost. Only the central source can count: a quote takes the counts that
/// its request tells and lists what is open.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Limits {
    /// Redemptions in all.
    pub total: Option<u64>,
    /// Redemptions by one customer.
    pub per_customer: Option<u64>,
    /// In which period `perPeriod` and `perCustomerInPeriod` count.
    pub period: Option<Period>,
    /// Redemptions in a period.
    pub per_period: Option<u64>,
    /// Redemptions by one customer in a period.
    pub per_customer_in_period: Option<u64>,
    /// Units that its discounts may be taken off in all.
    pub units: Option<u64>,
    /// Units of one customer.
    pub units_per_customer: Option<u64>,
    /// How many of its codes count in one order, each of which brings its discounts once; one when absent.
    pub codes_per_order: Option<u64>,
    /// What its discounts may take in all, per currency.
    pub budget: Option<Amounts>,
    /// A budget of the document that it shares with others.
    pub shared_budget: Option<String>,
    /// What becomes of a discount that is more than its budgets have left; it is capped when absent.
    pub when_over_budget: Option<WhenOver>,
}

/// A period in which redemptions are counted, on the calendar of the campaign's schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// From midnight to midnight.
    Day,
    /// From Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
}

/// What becomes of a discount that is more than a budget has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WhenOver {
    /// It takes what is left.
    Cap,
    /// The campaign does not apply.
    Refuse,
    /// It takes the whole, as long as anything is left.
    Overdraw,
}

/// What several campaigns together may cost.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Budget {
    /// The name that campaigns give as `limits.sharedBudget`.
    pub id: String,
    /// What their discounts may take in all, per currency.
    pub amount: Amounts,
}

/// What a customer becomes by spending. A quote tells which level the customer has with this order.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Levels {
    /// What counts; what was spent before, with this order, when absent.
    pub counts: Option<LevelCount>,
    /// The levels, in any order.
    pub steps: Vec<Level>,
}

/// What counts for a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LevelCount {
    /// What was spent before, and what this order's lines cost after discounts.
    WithThisOrder,
    /// What was spent before.
    BeforeThisOrder,
}

/// A level.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Level {
    /// Its name.
    pub id: String,
    /// From which spend on, per currency.
    pub from: Amounts,
}
