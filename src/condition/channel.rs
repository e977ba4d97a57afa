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

/// The cart is in one of the sales channels.
///
/// "In the app only": `{ "type": "channel", "in": ["app"] }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Channel {
    /// Names of channels, compared exactly with the request's `channel`.
    pub r#in: Vec<String>,
}

static NOT_COVERED: ReasonKind = ReasonKind {
    code: "channel_not_covered",
    message: "this campaign does not cover the channel",
    help: "order through a covered channel, such as `{covered}`",
    fix_by: FixBy::Shopper,
    params: &[("covered", ParamKind::Word)],
    waits_for_cart: false,
};

pub(super) const REASONS: &[&ReasonKind] = &[&NOT_COVERED];

packed! {
    /// The compiled form.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compiled {
        any_of: Vec<Word>,
    }
}

impl Document for Channel {
    type Compiled = Compiled;

    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        reading::some(&self.r#in, &at.key("in"))?;
        let words = self.r#in.iter().map(|name| vocabulary.word(Dimension::Channel, Spelling::Text(name.clone())));
        Ok(Compiled { any_of: words.collect() })
    }
}

impl Check for Compiled {
    #[inline]
    fn holds(&self, facts: &Facts<'_>) -> bool {
        self.any_of.iter().any(|word| facts.has(*word))
    }

    fn refusal(&self, _: &Facts<'_>) -> Reason {
        let first = self.any_of.first().copied().unwrap_or(0);
        Reason::new(&NOT_COVERED, [i64::from(first), 0, 0])
    }

    fn index(&self) -> Option<Indexed<'_>> {
        Some(Indexed::Words(&self.any_of))
    }
}
