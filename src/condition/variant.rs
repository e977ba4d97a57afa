use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Spelling, Subject, VocabularyBuilder};
use super::words::{Named, Told};
use super::{Condition, Document};

/// The customer was given one of some variants of an experiment.
///
/// "Who sees the ten percent": `{ "type": "variant", "experiment": "welcome", "in": ["ten-percent"] }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Variant {
    /// The id of the experiment.
    pub experiment: String,
    /// Its variants; `held_out` is who sees none.
    pub r#in: Vec<String>,
}

impl Document for Variant {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        reading::some(&self.r#in, &at.key("in"))?;
        let variants = vocabulary.variants(&self.experiment).ok_or_else(|| {
            let message = alloc::format!("there is no experiment `{}`", self.experiment);
            reading::diagnostic("reference_unknown", message, "declare it in `experiments`", &at.key("experiment"))
        })?;
        let mut any_of = Vec::new();
        for (index, name) in self.r#in.iter().enumerate() {
            let known = variants.iter().find(|(variant, _)| variant == name);
            any_of.push(known.map(|(_, word)| *word).ok_or_else(|| {
                let message = alloc::format!("the experiment `{}` has no variant `{name}`", self.experiment);
                reading::diagnostic("reference_unknown", message, "name one of its variants", &at.key("in").index(index))
            })?);
        }
        let dimension = Subject::Experiment.named(&self.experiment);
        let there = vocabulary.word(dimension.clone(), Spelling::Present);
        let dimension = vocabulary.dimension(dimension);
        Ok(Condition::Words(Named { there, ..Named::one_of(Told::Variant, dimension, any_of) }))
    }
}
