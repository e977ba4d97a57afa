//! Points in proportion to money.

use alloc::boxed::Box;
use serde::{Deserialize, Serialize};

use crate::packed::packed;
use super::Document;
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::money::Rounding;
use crate::pointer::Pointer;
use crate::selector::{self, Exclusion, LineSelector, Selector};
use crate::vocabulary::{AmountRow, Amounts, VocabularyBuilder};

/// Points for every amount spent on the selected lines, fractions dropped unless `rounding` says otherwise. Nothing is earned on shipping, nor
/// on the part of the order that is paid with points; nor on gift cards that are bought, unless it says `onGiftCards`.
///
/// "1 point per whole EUR, not on tobacco": `{ "type": "points_per_amount", "points": 1, "per": { "EUR": 100 },
/// "lines": { "except": { "categories": ["tobacco"] } } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PointsPerAmount {
    /// How many points.
    pub points: i64,
    /// For each of this amount, per currency, minor units.
    pub per: Amounts,
    /// On which lines; all when absent.
    pub lines: Option<LineSelector>,
    /// Whether gift cards that are bought earn too. Those are lines of the category `gift-cards`, or what `loyalty` says.
    #[serde(default)]
    pub on_gift_cards: bool,
    /// On what is left after discounts (the default), or on original prices.
    #[serde(default)]
    pub base: EarningBase,
    /// What becomes of a fraction of a point; dropped when absent.
    pub rounding: Option<Rounding>,
}

packed! {
    /// What points are measured on.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    #[serde(rename_all = "snake_case")]
    pub enum EarningBase {
        /// After discounts.
        #[default]
        Discounted,
        /// Before discounts.
        Original,
    }
}

packed! {
    /// The compiled form.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compiled {
        /// Points for each `per`.
        pub points: i64,
        /// The amount that earns them.
        pub per: AmountRow,
        /// On which lines.
        pub lines: Selector,
        /// Before or after discounts.
        pub base: EarningBase,
        /// What becomes of fractions.
        pub rounding: Rounding,
    }
}

impl Document for PointsPerAmount {
    type Compiled = Compiled;

    fn compile(
        &self,
        gift_cards: &Exclusion,
        vocabulary: &mut VocabularyBuilder,
        at: &Pointer,
    ) -> Result<Compiled, Box<Diagnostic>> {
        let points = reading::count(self.points, &at.key("points"))?;
        if let Some((code, _)) = self.per.0.iter().find(|(_, minor)| **minor == 0) {
            let help = "write the amount that earns the points, such as { \"EUR\": 100 }";
            return Err(reading::invalid("points for nothing have no end", help, &at.key("per").key(code)));
        }
        let per = reading::amounts(&self.per, vocabulary, &at.key("per"))?;
        let rounding = self.rounding.unwrap_or(Rounding::Down);
        let mut lines = self.lines.clone();
        if !self.on_gift_cards {
            selector::leave_out(&mut lines, gift_cards);
        }
        Ok(Compiled { points, per, lines: selector::compile(&lines, vocabulary), base: self.base, rounding })
    }
}
