use alloc::boxed::Box;
use serde::{Deserialize, Serialize};

use crate::packed::packed;
use super::{Check, Document, Indexed, Measure, Shortfall, Turn};
use crate::campaign::reading;
use crate::error::{Diagnostic, FixBy};
use crate::facts::Facts;
use crate::money::Amount;
use crate::pointer::Pointer;
use crate::reason::{ParamKind, Reason, ReasonKind};
use crate::selector::{self, LineSelector, Selector};
use crate::vocabulary::{AmountRow, Amounts, VocabularyBuilder};

/// The selected lines are worth at least `amount`. The threshold names its base, and none is met or missed by what
/// the campaign itself takes off: a discount never disqualifies itself.
///
/// "Carts from 50.00": `{ "type": "min_subtotal", "amount": { "EUR": 5000 } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MinSubtotal {
    /// The threshold per currency, minor units; reaching it exactly is enough.
    pub amount: Amounts,
    /// Which lines count; all when absent.
    pub lines: Option<LineSelector>,
    /// What of them counts; their original prices when absent.
    #[serde(default)]
    pub base: Base,
}

packed! {
    /// At what prices a threshold is measured.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    #[serde(rename_all = "snake_case")]
    pub enum Base {
        /// Before any discount; the default.
        #[default]
        Original,
        /// What the campaigns before this one have left.
        Running,
        /// What earlier lanes have left, whatever this campaign's own lane has taken.
        Lanes,
    }
}

static NOT_REACHED: ReasonKind = ReasonKind {
    code: "min_subtotal_not_reached",
    message: "the subtotal is below the minimum of this campaign",
    help: "add products worth {missing}",
    fix_by: FixBy::Shopper,
    params: &[("required", ParamKind::Money), ("actual", ParamKind::Money), ("missing", ParamKind::Money)],
    waits_for_cart: true,
};

/// A campaign has no amount in the cart's currency.
pub(crate) static CURRENCY_NOT_COVERED: ReasonKind = ReasonKind {
    code: "currency_not_covered",
    message: "this campaign has no amount in the currency of the cart",
    help: "add the currency to the campaign's amounts",
    fix_by: FixBy::Merchant,
    params: &[],
    waits_for_cart: false,
};

pub(super) const REASONS: &[&ReasonKind] = &[&NOT_REACHED, &CURRENCY_NOT_COVERED];

packed! {
    /// The compiled form.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compiled {
        amount: AmountRow,
        lines: Selector,
        base: Base,
    }
}

impl Document for MinSubtotal {
    type Compiled = Compiled;

    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        let amount = reading::amounts(&self.amount, vocabulary, &at.key("amount"))?;
        Ok(Compiled { amount, lines: selector::compile(&self.lines, vocabulary), base: self.base })
    }
}

impl Compiled {
    fn missed(&self, facts: &Facts<'_>, actual: Amount) -> Reason {
        match facts.amount(self.amount) {
            Some(required) => {
                Reason::new(&NOT_REACHED, [required.minor(), actual.minor(), (required - actual).minor()])
            }
            None => Reason::new(&CURRENCY_NOT_COVERED, [0; 3]),
        }
    }
}

impl Check for Compiled {
    #[inline]
    fn holds(&self, facts: &Facts<'_>) -> bool {
        facts.amount(self.amount).is_some_and(|required| facts.subtotal(self.lines) >= required)
    }

    fn refusal(&self, facts: &Facts<'_>) -> Reason {
        self.missed(facts, facts.subtotal(self.lines))
    }

    fn waits_for_turn(&self) -> bool {
        self.base != Base::Original
    }

    fn refusal_at(&self, facts: &Facts<'_>, turn: &Turn<'_>) -> Option<Reason> {
        let left = match self.base {
            Base::Original => facts.subtotal(self.lines),
            Base::Running => turn.sum(facts, self.lines, turn.running),
            Base::Lanes => turn.sum(facts, self.lines, turn.after_lanes),
        };
        let holds = facts.amount(self.amount).is_some_and(|required| left >= required);
        (!holds).then(|| self.missed(facts, left))
    }

    fn index(&self) -> Option<Indexed<'_>> {
        (self.lines != Selector::All).then_some(Indexed::Lines(self.lines))
    }

    fn least_subtotal(&self) -> Option<AmountRow> {
        Some(self.amount)
    }

    fn shortfall(&self, facts: &Facts<'_>) -> Option<Shortfall> {
        let required = facts.amount(self.amount)?.minor();
        let actual = facts.subtotal(self.lines).minor();
        Some(Shortfall { lines: self.lines, measure: Measure::Amount, required, actual })
    }
}
