//! What points buy, and what friends bring.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::document::ByLevel;
use crate::ledger::programme::Limit;
use crate::vocabulary::Amounts;

/// What points buy.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyReward"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reward {
    /// Stable id, as a campaign's; another one in each reward of the shop.
    pub id: String,
    /// For people; not in the snapshot.
    #[serde(default, skip_serializing)]
    pub name: Option<String>,
    /// What one costs; nothing when absent.
    #[serde(default)]
    pub points: i64,
    /// What it costs members of a level instead.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_level: BTreeMap<String, ByLevel>,
    /// The levels whose members may have it; all members when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<String>,
    /// How many there are; no end when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<i64>,
    /// How many one member may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_customer: Option<i64>,
    /// How often it may be had besides, and how far apart: `uses` and `apartMinutes`; `customer` is the member.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// Whether a member gets it unasked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic: Option<Automatic>,
    /// What it is.
    pub gives: Gives,
}

/// When a member gets a reward unasked: `"affordable"`, `{ "earned": 1000 }`, or `{ "campaign": "tenth-coffee" }`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyAutomatic"))]
#[serde(rename_all = "snake_case")]
pub enum Automatic {
    /// As soon as there are points enough, each time.
    Affordable,
    /// Once, when so many points were earned in all, less what was taken back.
    Earned(i64),
    /// When an order is paid for which this campaign applied: what the campaign takes off is what the points buy.
    Campaign(String),
}

/// What is given. The shop hands it out, but for points and credit, which the ledger keeps.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyGives"))]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Gives {
    /// A code of a campaign.
    Coupon {
        /// Which campaign.
        campaign: String,
    },
    /// A gift card.
    GiftCard {
        /// Worth so much, per currency, minor units.
        amount: Amounts,
    },
    /// A product.
    Product {
        /// Which; where there are `variants`, the one for whoever none of them is for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sku: Option<String>,
        /// The variant follows the customer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        variants: Option<Variants>,
    },
    /// Points or credit of a programme: an exchange, when points pay for it.
    Credit {
        /// Which programme.
        programme: String,
        /// How much of its unit.
        amount: i64,
    },
    /// Membership, early access, a seat: the account keeps it, and its statement tells it until it is over.
    Entitlement {
        /// Which.
        entitlement: String,
        /// For so many months, from the end of what the member has of it already; without an end when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        months: Option<u32>,
        /// Of an invitation: in which programme's account it is kept; the shop keeps it itself when absent. A reward's is
        /// kept in the account that pays.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        programme: Option<String>,
    },
    /// A gift to others.
    Donation {
        /// To whom.
        to: String,
        /// Per currency, minor units.
        amount: Amounts,
    },
    /// Money, paid out.
    Cash {
        /// Per currency, minor units.
        amount: Amounts,
    },
}

/// A variant by an attribute of the customer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyVariants"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Variants {
    /// Which attribute.
    pub attribute: String,
    /// The sku by its value.
    pub skus: BTreeMap<String, String>,
}

impl Gives {
    /// What it is for a customer whose attribute is `of`: a product whose variant follows it is that variant.
    #[must_use]
    pub fn for_customer(&self, of: impl Fn(&str) -> Option<String>) -> Gives {
        match self {
            Gives::Product { sku, variants: Some(variants) } => {
                let own = of(&variants.attribute).and_then(|value| variants.skus.get(&value).cloned());
                Gives::Product { sku: own.or_else(|| sku.clone()), variants: None }
            }
            other => other.clone(),
        }
    }
}
