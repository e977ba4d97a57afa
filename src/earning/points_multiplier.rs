//! More points for the same money.

use alloc::boxed::Box;
use alloc::string::String;
use serde::{Deserialize, Serialize};

use crate::packed::packed;
use super::Document;
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::money::Rate;
use crate::pointer::Pointer;
use crate::selector::Exclusion;
use crate::vocabulary::VocabularyBuilder;

/// Multiplies the points that the order earns otherwise. Several multipliers multiply; fractions of points are
/// dropped once, at the end.
///
/// "Double points": `{ "type": "points_multiplier", "factor": "2" }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PointsMultiplier {
    /// Above zero, up to nine decimals.
    pub factor: String,
}

packed! {
    /// The compiled form.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compiled {
        /// The factor.
        pub factor: Rate,
    }
}

impl Document for PointsMultiplier {
    type Compiled = Compiled;

    fn compile(&self, _: &Exclusion, _: &mut VocabularyBuilder, at: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        Ok(Compiled { factor: reading::factor(&self.factor, &at.key("factor"))? })
    }
}
