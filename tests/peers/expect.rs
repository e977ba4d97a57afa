//! What must come out of a case, and what else may.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Amounts in minor units, or counts, by name.
pub type Numbers = BTreeMap<String, i64>;

/// The expectation; which members count is said by `strict`. A member of another shape is read as not told, since
/// it may only inform.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Expect {
    #[serde(deserialize_with = "if_readable")]
    pub subtotal: Option<i64>,
    #[serde(deserialize_with = "if_readable")]
    pub shipping: Option<i64>,
    #[serde(deserialize_with = "if_readable")]
    pub discount_total: Option<i64>,
    #[serde(deserialize_with = "if_readable")]
    pub total: Option<i64>,
    #[serde(deserialize_with = "if_readable")]
    pub amount_due: Option<i64>,
    #[serde(deserialize_with = "if_readable")]
    pub points_earned: Option<i64>,
    /// Points that payments spend.
    #[serde(alias = "points_used", alias = "points_redeemed", deserialize_with = "if_readable")]
    pub points_spent: Option<i64>,
    /// Points that payments leave on their cards.
    #[serde(alias = "points_left", deserialize_with = "if_readable")]
    pub points_balance: Option<i64>,
    /// Laws that the answer keeps, by their names.
    #[serde(deserialize_with = "if_readable")]
    pub invariants: Option<Vec<String>>,
    #[serde(deserialize_with = "if_readable")]
    pub line_discounts: Option<Numbers>,
    #[serde(deserialize_with = "if_readable")]
    pub shipping_discounts: Option<Numbers>,
    #[serde(deserialize_with = "if_readable")]
    pub unit_discounts: Option<BTreeMap<String, Vec<i64>>>,
    #[serde(deserialize_with = "if_readable")]
    pub by_promotion: Option<BTreeMap<String, Numbers>>,
    #[serde(deserialize_with = "if_readable")]
    pub applied: Option<Vec<String>>,
    #[serde(deserialize_with = "if_readable")]
    pub not_applied: Option<Vec<String>>,
    #[serde(deserialize_with = "if_readable")]
    pub rejections: Option<BTreeMap<String, String>>,
    /// By promotion: what is missing; other members than numbers inform.
    #[serde(deserialize_with = "if_readable")]
    pub near_miss: Option<BTreeMap<String, BTreeMap<String, Value>>>,
    #[serde(deserialize_with = "if_readable")]
    pub free_items: Option<Numbers>,
    #[serde(deserialize_with = "if_readable")]
    pub error: Option<String>,
    #[serde(deserialize_with = "if_readable")]
    pub tier: Option<String>,
}

fn if_readable<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    Value::deserialize(deserializer).map(|value| serde_json::from_value(value).ok())
}

/// Another result that a documented policy may give.
#[derive(Deserialize)]
pub struct Alternative {
    #[serde(flatten)]
    pub expect: Expect,
}
