//! Payment methods as campaign documents define them: what a kind of card may be used for, what points are worth.

use alloc::boxed::Box;
use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::campaign::reading;
use crate::cart::PaymentKind;
use crate::error::Diagnostic;
use crate::money::Rate;
use crate::packed::packed;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector, Selector};
use crate::vocabulary::{AmountRow, Amounts, VocabularyBuilder};

/// A kind of payment, as a document defines it.
///
/// "Return credit, for care products only": `{ "id": "return-credit", "type": "gift_card",
/// "lines": { "categories": ["care"] } }`
/// "100 points pay 20.00, at most half of an order": `{ "id": "club", "type": "points",
/// "exchange": { "points": 100, "worth": { "EUR": 2000 } }, "atMostPercent": "50" }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PaymentMethod {
    /// The name that payments give as `method`: as the id of a campaign.
    pub id: String,
    /// What kind of payment it is.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Which lines may be paid so; all when absent.
    pub lines: Option<LineSelector>,
    /// Whether shipping may be paid so; default only where all lines may.
    pub shipping: Option<bool>,
    /// The most of one order that may be paid with one such payment.
    pub at_most: Option<Amounts>,
    /// The same as a percentage of what the order comes to after discounts.
    pub at_most_percent: Option<String>,
    /// Lower ones are used first; default 100.
    pub priority: Option<i32>,
    /// Whether points are earned on what is paid so; default for all but points.
    pub earns: Option<bool>,
    /// With `type: points`: what points are worth.
    pub exchange: Option<PointsExchange>,
}

/// A kind of payment that documents define.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Loyalty points.
    Points,
    /// A gift card.
    GiftCard,
    /// Credit with the shop.
    StoreCredit,
}

/// What points are worth, and how they are spent.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PointsExchange {
    /// So many points …
    pub points: i64,
    /// … pay this much.
    pub worth: Amounts,
    /// Points are spent in multiples of this; default 1.
    pub block: Option<i64>,
    /// The fewest points that can be spent.
    pub at_least: Option<i64>,
    /// The most points that can be spent on one order.
    pub at_most: Option<i64>,
    /// Whether a last block is spent that is worth more than what is left to pay; default yes. It then pays the rest.
    pub last_block: Option<bool>,
}

packed! {
    /// A payment method, compiled.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Method {
        /// Its id.
        pub id: String,
        /// Its place among [`PAYMENTS`](crate::request::shape::PAYMENTS).
        kind: u8,
        /// Which lines may be paid.
        pub lines: Selector,
        /// Whether shipping may be paid.
        pub shipping: bool,
        /// The most of one order.
        pub most: Option<AmountRow>,
        /// The same as a share of the order.
        pub share: Option<Rate>,
        /// Its rank.
        pub priority: i64,
        /// Whether points are earned on what is paid so, when it says.
        pub earns: Option<bool>,
        /// What points are worth.
        pub exchange: Option<Exchange>,
    }

    /// What points are worth, compiled.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Exchange {
        /// So many points …
        pub points: i64,
        /// … are worth this.
        pub worth: AmountRow,
        /// They are spent in multiples of this.
        pub block: i64,
        /// The fewest.
        pub least: i64,
        /// The most.
        pub most: Option<i64>,
        /// Whether a last block may be worth more than what is left to pay.
        pub fills_up: bool,
    }
}

impl Method {
    /// What kind of payment it is.
    pub fn kind(&self) -> PaymentKind {
        PaymentKind::at(i64::from(self.kind))
    }

    /// Whether it may be used for some parts of an order only.
    pub fn is_restricted(&self) -> bool {
        self.lines != Selector::All || !self.shipping
    }
}

impl PaymentMethod {
    /// Translates the method into the snapshot's vocabulary.
    ///
    /// # Errors
    /// A diagnostic at `at` when it makes no sense.
    pub fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Method, Box<Diagnostic>> {
        if self.exchange.is_some() != (self.kind == Kind::Points) {
            let help = "say `exchange` for `type`: `points`, and only there";
            return Err(reading::invalid("points, and nothing else, are exchanged", help, &at.key("exchange")));
        }
        let most =
            self.at_most.as_ref().map(|most| reading::amounts(most, vocabulary, &at.key("atMost"))).transpose()?;
        let share = self.at_most_percent.as_ref();
        let share = share.map(|percent| reading::percent(percent, &at.key("atMostPercent"))).transpose()?;
        let exchange = self.exchange.as_ref().map(|exchange| exchange.compile(vocabulary, &at.key("exchange")));
        let lines = selector::compile(&self.lines, vocabulary);
        Ok(Method {
            id: self.id.clone(),
            kind: match self.kind {
                Kind::Points => 0,
                Kind::GiftCard => 1,
                Kind::StoreCredit => 2,
            },
            lines,
            shipping: self.shipping.unwrap_or(lines == Selector::All),
            most,
            share,
            priority: i64::from(self.priority.unwrap_or(100)),
            earns: self.earns,
            exchange: exchange.transpose()?,
        })
    }
}

impl PointsExchange {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Exchange, Box<Diagnostic>> {
        let worth = reading::amounts(&self.worth, vocabulary, &at.key("worth"))?;
        if let Some((code, _)) = self.worth.0.iter().find(|(_, minor)| **minor == 0) {
            let help = "write what the points pay, above zero";
            return Err(reading::invalid("the points are worth nothing", help, &at.key("worth").key(code)));
        }
        let (least, most) = (self.at_least.unwrap_or(0), self.at_most);
        if least < 0 || most.is_some_and(|most| most < least.max(1)) {
            let help = "write `atMost` from 1 and from `atLeast` on, and `atLeast` from 0 on";
            return Err(reading::invalid("no number of points can be spent", help, &at.key("atMost")));
        }
        let count = |count: i64, name: &str| reading::count(count, &at.key(name));
        Ok(Exchange {
            points: count(self.points, "points")?,
            worth,
            block: count(self.block.unwrap_or(1), "block")?,
            least,
            most,
            fills_up: self.last_block.unwrap_or(true),
        })
    }
}
