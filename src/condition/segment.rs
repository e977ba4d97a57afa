use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::packed::packed;
use super::{Check, Document, Indexed};
use crate::campaign::reading;
use crate::error::{Diagnostic, FixBy};
use crate::facts::Facts;
use crate::pointer::Pointer;
use crate::reason::{ParamKind, Reason, ReasonKind};
use crate::vocabulary::{Dimension, Spelling, VocabularyBuilder, Word};

/// The customer is in at least one of the segments.
///
/// "For members": `{ "type": "segment", "anyOf": ["members"] }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Segment {
    /// Names of segments, as the request's `customer.segments` has them.
    pub any_of: Vec<String>,
}

static SEGMENT_REQUIRED: ReasonKind = ReasonKind {
    code: "segment_required",
    message: "this campaign is for a group the customer is not in",
    help: "sign in with an account that is in the group `{segment}`",
    fix_by: FixBy::Shopper,
    params: &[("segment", ParamKind::Word)],
    waits_for_cart: false,
};

pub(super) const REASONS: &[&ReasonKind] = &[&SEGMENT_REQUIRED];

packed! {
    /// The compiled form.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compiled {
        any_of: Vec<Word>,
    }
}

impl Document for Segment {
    type Compiled = Compiled;

    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        reading::some(&self.any_of, &at.key("anyOf"))?;
        let words = self.any_of.iter().map(|name| vocabulary.word(Dimension::Segment, Spelling::Text(name.clone())));
        Ok(Compiled { any_of: words.collect() })
    }
}

impl Check for Compiled {
    #[inline]
    fn holds(&self, facts: &Facts<'_>) -> bool {
        self.any_of.iter().any(|segment| facts.has(*segment))
    }

    fn refusal(&self, _: &Facts<'_>) -> Reason {
        let first = self.any_of.first().copied().unwrap_or(0);
        Reason::new(&SEGMENT_REQUIRED, [i64::from(first), 0, 0])
    }

    fn index(&self) -> Option<Indexed<'_>> {
        Some(Indexed::Words(&self.any_of))
    }
}
