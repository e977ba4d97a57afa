use alloc::boxed::Box;
use serde::Deserialize;

use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Subject, VocabularyBuilder};
use super::texts::flag;
use super::{Condition, Document};

/// The customer is signed in, or a guest. Nobody is either while the request does not say.
///
/// "For guests": `{ "type": "account", "is": "guest" }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Account {
    /// Which of the two.
    pub is: Visitor,
}

/// Whether a shopper is known to the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Visitor {
    /// Signed in.
    SignedIn,
    /// Not signed in.
    Guest,
}

impl Document for Account {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, _: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        Ok(flag(Subject::SignedIn, self.is == Visitor::SignedIn, vocabulary))
    }
}
