//! The neutral form in which peers' cases are written down: one JSON array of cases per peer.
//!
//! Members that the form may have and this file does not name are kept in `unknown`, so that the translation can say
//! that it does not know them instead of passing them over.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::expect::{Alternative, Expect};

/// Members that are not named here.
pub type Unknown = BTreeMap<String, Value>;

#[derive(Deserialize)]
pub struct Case {
    #[serde(default)]
    pub promotions: Vec<Promotion>,
    #[serde(default)]
    pub stacking: Stacking,
    #[serde(default)]
    pub rounding: Rounding,
    pub cart: Cart,
    #[serde(default)]
    pub codes: Vec<String>,
    #[serde(default)]
    pub context: Context,
    #[serde(default)]
    pub loyalty: Loyalty,
    #[serde(default)]
    pub payments: Vec<Payment>,
    pub expect: Expect,
    #[serde(default)]
    pub strict: Vec<String>,
    #[serde(default)]
    pub alternatives: Vec<Alternative>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Deserialize)]
pub struct Promotion {
    pub id: String,
    pub trigger: Trigger,
    pub code: Option<String>,
    #[serde(default)]
    pub when: Vec<When>,
    pub scope: Scope,
    #[serde(default, rename = "where")]
    pub filter: Filter,
    #[serde(default)]
    pub exclude_already_discounted: bool,
    pub effect: Effect,
    #[serde(default)]
    pub exclusive: bool,
    /// Whether none applies after it.
    #[serde(default, alias = "stop_further_processing", alias = "discard_subsequent")]
    pub stop: bool,
    /// Of its amounts; the cart's when absent.
    pub currency: Option<String>,
    pub max_units: Option<i64>,
    pub max_units_per_line: Option<i64>,
    pub max_applications: Option<i64>,
    pub max_sets: Option<i64>,
    pub pick: Option<Value>,
    pub every_nth: Option<EveryNth>,
    pub group_size: Option<i64>,
    pub set: Option<Set>,
    pub lane: Option<String>,
    pub group: Option<String>,
    pub valid: Option<Valid>,
    #[serde(alias = "enabled")]
    pub active: Option<bool>,
    #[serde(default)]
    pub limits: Uses,
    #[serde(default)]
    pub used: Uses,
    pub budget: Option<Budget>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    Automatic,
    Code,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    Order,
    Lines,
    Units,
    Set,
    Shipping,
    OrderAndShipping,
}

/// One condition: one of the first members, and what refines it.
#[derive(Deserialize)]
pub struct When {
    pub cart_subtotal_at_least: Option<i64>,
    pub cart_quantity_at_least: Option<i64>,
    pub product_quantity_at_least: Option<ProductQuantity>,
    pub any_line_quantity_at_least: Option<i64>,
    pub has_category: Option<String>,
    pub has_any_category: Option<Vec<String>>,
    pub customer_group_in: Option<Vec<String>>,
    pub nth_order: Option<i64>,
    pub no_sale_items_in_cart: Option<bool>,
    pub line_has_no_discount: Option<bool>,
    pub base: Option<String>,
    pub tax_mode: Option<String>,
    #[serde(default, rename = "where")]
    pub filter: Filter,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductQuantity {
    pub product: String,
    pub quantity: i64,
}

/// Which lines, or which shipping methods.
#[derive(Default, Deserialize)]
pub struct Filter {
    pub product_in: Option<Vec<String>>,
    pub category_in: Option<Vec<String>>,
    pub brand_in: Option<Vec<String>>,
    pub brand_not_in: Option<Vec<String>>,
    pub tag_in: Option<Vec<String>>,
    pub not_on_sale: Option<bool>,
    pub unit_price_at_least: Option<i64>,
    pub unit_price_at_most: Option<i64>,
    pub unit_price_between: Option<[i64; 2]>,
    pub method_in: Option<Vec<String>>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Effect {
    Percent(Percent),
    Amount(AmountOff),
    FixedUnitPrice(Price),
    FixedOrderPrice(Price),
    FirstAndAdditional(FirstAndAdditional),
    FixedSetPrice(SetPrice),
    NthFree(NthFree),
    BuyXGetY(Box<BuyXGetY>),
    TieredPercent(Tiered),
    TieredAmount(Tiered),
    FreeShipping(FreeShipping),
    AddFreeItem(AddFreeItem),
    FixedShippingPrice(Price),
    #[serde(untagged)]
    Other(OtherEffect),
}

/// An effect that the engine has no kind for, or of a shape that the runner does not know.
#[derive(Deserialize)]
pub struct OtherEffect {
    #[serde(rename = "type")]
    kind: String,
}

impl OtherEffect {
    /// What is missing.
    pub fn mechanism(&self) -> String {
        let known = [
            "percent",
            "amount",
            "fixed_unit_price",
            "fixed_order_price",
            "first_and_additional",
            "fixed_set_price",
            "nth_free",
            "buy_x_get_y",
            "tiered_percent",
            "tiered_amount",
            "free_shipping",
            "add_free_item",
            "fixed_shipping_price",
        ];
        let shape = if known.contains(&self.kind.as_str()) { " in a shape that the runner does not know" } else { "" };
        format!("the effect `{}`{shape}", self.kind)
    }
}

#[derive(Deserialize)]
pub struct Percent {
    #[serde(deserialize_with = "decimal")]
    pub percent: String,
    pub max_amount: Option<i64>,
    pub cap_basis: Option<String>,
    pub cap_scope: Option<String>,
    pub distribution: Option<String>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Deserialize)]
pub struct AmountOff {
    pub amount: i64,
    #[serde(default)]
    pub per: Per,
    pub max_amount: Option<i64>,
    pub distribution: Option<String>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    #[default]
    Order,
    Line,
    Unit,
    Set,
}

#[derive(Deserialize)]
pub struct Price {
    pub amount: i64,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Deserialize)]
pub struct AddFreeItem {
    pub product: String,
    pub quantity: Option<i64>,
    /// For every so many units bought.
    pub per_bought: Option<i64>,
    #[serde(default, deserialize_with = "decimal_if_any")]
    pub percent: Option<String>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Deserialize)]
pub struct FirstAndAdditional {
    pub first: i64,
    pub additional: i64,
    pub max_units: Option<i64>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Deserialize)]
pub struct SetPrice {
    pub amount: i64,
    pub set_size: Option<i64>,
    pub pick: Option<Value>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Deserialize)]
pub struct NthFree {
    pub condition_units: Option<i64>,
    pub condition_value: Option<i64>,
    pub free_units: i64,
    pub pick: Option<Value>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Deserialize)]
pub struct BuyXGetY {
    pub buy: Buy,
    pub get: Get,
    pub repeat: Option<bool>,
    pub max_get_units: Option<i64>,
    pub get_pick: Option<Value>,
    pub reserve_buy_from: Option<Value>,
    pub partial: Option<bool>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Buy {
    pub quantity: i64,
    #[serde(rename = "where")]
    pub filter: Option<Filter>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Get {
    pub quantity: i64,
    #[serde(rename = "where")]
    pub filter: Option<Filter>,
    #[serde(default, deserialize_with = "decimal_if_any")]
    pub percent: Option<String>,
    pub amount_per_unit: Option<i64>,
}

#[derive(Deserialize)]
pub struct Tiered {
    pub tier_by: String,
    #[serde(default, deserialize_with = "decimal_if_any")]
    pub base_percent: Option<String>,
    pub base_amount: Option<i64>,
    pub max_amount: Option<i64>,
    pub tiers: Vec<Tier>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    pub from: i64,
    #[serde(default, deserialize_with = "decimal_if_any")]
    pub percent: Option<String>,
    pub amount: Option<i64>,
}

#[derive(Deserialize)]
pub struct FreeShipping {
    pub max_amount: Option<i64>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// `take` units of every `of`.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EveryNth {
    pub take: i64,
    pub of: i64,
}

/// A decimal as text; of one that is written as a number, the digits as they stand there.
fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    decimal_if_any(deserializer)?.ok_or_else(|| D::Error::custom("a decimal is missing"))
}

fn decimal_if_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        other => Err(D::Error::custom(format!("{other} is no decimal"))),
    }
}

#[derive(Deserialize)]
pub struct Set {
    pub size: Option<i64>,
    pub sort: Option<String>,
    /// The products of a named set, one unit of each.
    pub products: Option<Vec<String>>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Deserialize)]
pub struct Valid {
    /// Whole days, or moments: with an offset, or of the zone.
    #[serde(alias = "from", alias = "starts_at")]
    pub from_date: Option<String>,
    #[serde(alias = "to", alias = "until", alias = "ends_at")]
    pub to_date: Option<String>,
    pub timezone: Option<String>,
    pub inclusive_dates: Option<bool>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// How often something may be, or was, used.
#[derive(Default, Deserialize)]
pub struct Uses {
    pub total: Option<i64>,
    #[serde(alias = "customer")]
    pub per_customer: Option<i64>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// What something may cost, and has cost.
#[derive(Deserialize)]
pub struct Budget {
    pub kind: Option<String>,
    pub limit: i64,
    pub currency: Option<String>,
    pub used: Option<i64>,
    pub when_over: Option<String>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Default, Deserialize)]
pub struct Stacking {
    pub mode: Option<String>,
    pub base: Option<String>,
    #[serde(default)]
    pub lanes: Vec<String>,
    pub within_lane: Option<String>,
    pub within_group: Option<String>,
    #[serde(default)]
    pub recheck_conditions: bool,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Default, Deserialize)]
pub struct Rounding {
    pub mode: Option<String>,
    pub level: Option<String>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Deserialize)]
pub struct Cart {
    pub currency: String,
    pub minor_exponent: Option<i64>,
    pub prices_include_tax: Option<bool>,
    pub lines: Vec<Line>,
    #[serde(default)]
    pub shipping: Vec<Charge>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Deserialize)]
pub struct Line {
    pub id: String,
    pub unit_price: i64,
    pub quantity: Quantity,
    pub product: Option<String>,
    #[serde(default)]
    pub categories: Vec<String>,
    pub brand: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    pub regular_price: Option<i64>,
    pub discountable: Option<bool>,
    pub tax_rate_bp: Option<i64>,
    pub min_price: Option<i64>,
    pub catalog_discount_per_unit: Option<i64>,
    /// The promotion that gives the line, or some units of it.
    pub gift_of: Option<String>,
    /// How many of the units are gifts; all of a line with `gift_of` when absent.
    pub gift_units: Option<i64>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// A whole number, or a decimal as text.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Quantity {
    Whole(i64),
    Decimal(String),
}

#[derive(Deserialize)]
pub struct Charge {
    pub id: String,
    /// How it is shipped, where that is not the id.
    pub method: Option<String>,
    pub price: i64,
    pub tax_rate_bp: Option<i64>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// The situation.
#[derive(Default, Deserialize)]
pub struct Context {
    pub now: Option<String>,
    #[serde(default)]
    pub customer: Customer,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Default, Deserialize)]
pub struct Customer {
    pub order_count: Option<i64>,
    pub group: Option<Groups>,
    #[serde(default)]
    pub groups: Vec<String>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// One group, or several.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Groups {
    One(String),
    Several(Vec<String>),
}

impl Groups {
    pub fn all(&self) -> &[String] {
        match self {
            Groups::One(group) => std::slice::from_ref(group),
            Groups::Several(groups) => groups,
        }
    }
}

/// A member that is null is one that is absent.
pub fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, it)| (name, without_nulls(it)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

#[derive(Default, Deserialize)]
pub struct Loyalty {
    #[serde(default)]
    pub earn: Vec<Earn>,
    #[serde(default)]
    pub tiers: Vec<LoyaltyTier>,
    pub tier_basis: Option<String>,
    pub past_spend: Option<i64>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// What a customer becomes by spending.
#[derive(Deserialize)]
pub struct LoyaltyTier {
    pub id: String,
    pub min_spent: Option<i64>,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Deserialize)]
pub struct Earn {
    pub per_amount: Option<i64>,
    pub points: Option<i64>,
    pub rounding: Option<String>,
    #[serde(default, rename = "where")]
    pub filter: Filter,
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[derive(Deserialize)]
pub struct Payment {
    pub kind: String,
    pub amount: Option<i64>,
    pub balance: Option<i64>,
    #[serde(flatten)]
    pub unknown: Unknown,
}
