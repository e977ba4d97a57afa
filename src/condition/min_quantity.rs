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

/// The selected lines have at least `quantity` units, in all or on one of them.
///
/// "From three shirts": `{ "type": "min_quantity", "quantity": 3, "lines": { "categories": ["shirts"] } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MinQuantity {
    /// How many units, at least 1.
    pub quantity: i64,
    /// Which lines count; all when absent.
    pub lines: Option<LineSelector>,
    /// What must have so many; the selected lines together when absent.
    #[serde(default)]
    pub measured: Measured,
}

/// What must have so many units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    /// The selected lines together; the default.
    #[default]
    Together,
    /// Some one of them: units of one product at one price are one line, wherever they stand.
    Line,
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
        by_line: bool,
    }
}

impl Document for MinQuantity {
    type Compiled = Compiled;

    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        let quantity = reading::count(self.quantity, &at.key("quantity"))?;
        let lines = selector::compile(&self.lines, vocabulary);
        Ok(Compiled { quantity, lines, by_line: self.measured == Measured::Line })
    }
}

impl Compiled {
    fn actual(&self, facts: &Facts<'_>) -> i64 {
        if self.by_line {
            return self.of_one_line(facts);
        }
        facts.quantity(self.lines)
    }

    /// The units of the selected line that has the most.
    fn of_one_line(&self, facts: &Facts<'_>) -> i64 {
        let mut most = 0;
        facts.each_line(self.lines, |_, line| most = line.quantity.max(most));
        most
    }
}

impl Check for Compiled {
    #[inline]
    fn holds(&self, facts: &Facts<'_>) -> bool {
        facts.quantity(self.lines) >= self.quantity && (!self.by_line || self.of_one_line(facts) >= self.quantity)
    }

    fn refusal(&self, facts: &Facts<'_>) -> Reason {
        let actual = self.actual(facts);
        Reason::new(&NOT_REACHED, [self.quantity, actual, self.quantity.saturating_sub(actual)])
    }

    fn index(&self) -> Option<Indexed<'_>> {
        Some(Indexed::Lines(self.lines))
    }

    fn shortfall(&self, facts: &Facts<'_>) -> Option<Shortfall> {
        let actual = self.actual(facts);
        Some(Shortfall { lines: self.lines, measure: Measure::Quantity, required: self.quantity, actual })
    }
}
