use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use serde::Deserialize;

use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Figure, Subject, VocabularyBuilder};
use super::number::{Compared, Number};
use super::bounds::counts;
use super::{Condition, Document};

/// How often the customer has redeemed a campaign, this one or another: `customer.redemptions` of the request.
///
/// "Who has used the welcome offer": `{ "type": "redemptions", "campaign": "welcome", "atLeast": 1 }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Redemptions {
    /// This many or more.
    pub at_least: Option<i64>,
    /// More than this.
    pub more_than: Option<i64>,
    /// This many or fewer.
    pub at_most: Option<i64>,
    /// Fewer than this.
    pub less_than: Option<i64>,
    /// The id of the campaign.
    pub campaign: String,
}

impl Document for Redemptions {
    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        let dimension = vocabulary.dimension(Subject::Redemptions.named(&self.campaign));
        let figures = vec![vocabulary.number(Figure::Attribute(dimension))];
        let [at_least, at_most] = counts(self.at_least, self.more_than, self.at_most, self.less_than, false, at)?;
        let of = Number::Figures(figures);
        let fact = vocabulary.fact(&["customer.redemptions.", &self.campaign].concat());
        Ok(Condition::Number(Compared { of, at_least, at_most, every: 0, fact }))
    }
}
