use alloc::boxed::Box;
use serde::{Deserialize, Serialize};

use crate::packed::packed;
use super::{Check, Document, Indexed, Measure, Shortfall};
use crate::error::{Diagnostic, FixBy};
use crate::facts::Facts;
use crate::pointer::Pointer;
use crate::reason::{Reason, ReasonKind};
use crate::selector::{LineSelector, Selector};
use crate::vocabulary::VocabularyBuilder;

/// The cart has a line that the selector selects.
///
/// "With a bicycle in the cart": `{ "type": "contains", "lines": { "categories": ["bicycles"] } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Contains {
    /// Which lines.
    pub lines: LineSelector,
}

static NO_MATCHING_LINES: ReasonKind = ReasonKind {
    code: "no_matching_lines",
    message: "the cart has none of the products of this campaign",
    help: "add one of the campaign's products",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: true,
};

pub(super) const REASONS: &[&ReasonKind] = &[&NO_MATCHING_LINES];

packed! {
    /// The compiled form.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compiled {
        lines: Selector,
    }
}

impl Document for Contains {
    type Compiled = Compiled;

    fn compile(&self, vocabulary: &mut VocabularyBuilder, _: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        Ok(Compiled { lines: self.lines.compile(vocabulary) })
    }
}

impl Check for Compiled {
    fn holds(&self, facts: &Facts<'_>) -> bool {
        facts.quantity(self.lines) > 0
    }

    fn refusal(&self, _: &Facts<'_>) -> Reason {
        Reason::new(&NO_MATCHING_LINES, [0; 3])
    }

    fn index(&self) -> Option<Indexed<'_>> {
        Some(Indexed::Lines(self.lines))
    }

    fn shortfall(&self, _: &Facts<'_>) -> Option<Shortfall> {
        Some(Shortfall { lines: self.lines, measure: Measure::Quantity, required: 1, actual: 0 })
    }
}
