use alloc::boxed::Box;
use serde::{Deserialize, Serialize};

use crate::packed::packed;
use super::{Check, Document, Indexed, Measure, Shortfall};
use crate::campaign::reading;
use crate::error::{Diagnostic, FixBy};
use crate::facts::Facts;
use crate::pointer::Pointer;
use crate::reason::{ParamKind, Reason, ReasonKind};
use crate::selector::{self, LineSelector, Selector};
use crate::vocabulary::VocabularyBuilder;

/// The selected lines have at least `quantity` units in all.
///
/// "From three shirts": `{ "type": "min_quantity", "quantity": 3, "lines": { "categories": ["shirts"] } }`
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MinQuantity {
    /// How many units, at least 1.
    pub quantity: i64,
    /// Which lines count; all when absent.
    pub lines: Option<LineSelector>,
}

static NOT_REACHED: ReasonKind = ReasonKind {
    code: "min_quantity_not_reached",
    message: "the cart has fewer units than this campaign asks for",
    help: "add {missing} more",
    fix_by: FixBy::Shopper,
    params: &[("required", ParamKind::Count), ("actual", ParamKind::Count), ("missing", ParamKind::Count)],
    waits_for_cart: true,
};

pub(super) const REASONS: &[&ReasonKind] = &[&NOT_REACHED];

packed! {
    /// The compiled form.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compiled {
        quantity: i64,
        lines: Selector,
    }
}

impl Document for MinQuantity {
    type Compiled = Compiled;

    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        let quantity = reading::count(self.quantity, &at.key("quantity"))?;
        Ok(Compiled { quantity, lines: selector::compile(&self.lines, vocabulary) })
    }
}

impl Check for Compiled {
    #[inline]
    fn holds(&self, facts: &Facts<'_>) -> bool {
        facts.quantity(self.lines) >= self.quantity
    }

    fn refusal(&self, facts: &Facts<'_>) -> Reason {
        let actual = facts.quantity(self.lines);
        Reason::new(&NOT_REACHED, [self.quantity, actual, self.quantity.saturating_sub(actual)])
    }

    fn index(&self) -> Option<Indexed<'_>> {
        Some(Indexed::Lines(self.lines))
    }

    fn shortfall(&self, facts: &Facts<'_>) -> Option<Shortfall> {
        let actual = facts.quantity(self.lines);
        Some(Shortfall { lines: self.lines, measure: Measure::Quantity, required: self.quantity, actual })
    }
}
