use alloc::boxed::Box;
use serde::{Deserialize, Serialize};

use crate::packed::packed;
use super::{Check, Document};
use crate::campaign::reading;
use crate::cart;
use crate::error::{Diagnostic, FixBy};
use crate::facts::Facts;
use crate::pointer::Pointer;
use crate::reason::{ParamKind, Reason, ReasonKind};
use crate::vocabulary::VocabularyBuilder;

/// How many orders the customer placed before this one.
///
/// "First order": `{ "type": "order_count", "atMost": 0 }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrderCount {
    /// This many or more.
    pub at_least: Option<i64>,
    /// This many or fewer.
    pub at_most: Option<i64>,
}

static TOO_FEW: ReasonKind = ReasonKind {
    code: "too_few_orders",
    message: "this campaign is for customers who have ordered more often",
    help: "it becomes available after {required} orders",
    fix_by: FixBy::Shopper,
    params: &[("required", ParamKind::Count), ("actual", ParamKind::Count)],
    waits_for_cart: false,
};

static TOO_MANY: ReasonKind = ReasonKind {
    code: "too_many_orders",
    message: "this campaign is for customers who have ordered less often",
    help: "it is meant for customers with at most {allowed} orders",
    fix_by: FixBy::Shopper,
    params: &[("allowed", ParamKind::Count), ("actual", ParamKind::Count)],
    waits_for_cart: false,
};

static UNKNOWN: ReasonKind = ReasonKind {
    code: "order_history_unknown",
    message: "the customer's order history is not known",
    help: "sign in, or pass `customer.orders` with the request",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

pub(super) const REASONS: &[&ReasonKind] = &[&TOO_FEW, &TOO_MANY, &UNKNOWN];

packed! {
    /// The compiled form.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compiled {
        at_least: Option<i64>,
        at_most: Option<i64>,
    }
}

impl Document for OrderCount {
    type Compiled = Compiled;

    fn compile(&self, _: &mut VocabularyBuilder, at: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        match (self.at_least, self.at_most) {
            (None, None) => Err(reading::invalid("the condition asks nothing", "say `atLeast` or `atMost`", at)),
            (at_least, at_most) => Ok(Compiled { at_least, at_most }),
        }
    }
}

impl Check for Compiled {
    fn holds(&self, facts: &Facts<'_>) -> bool {
        let count = facts.cart.order_count;
        count != cart::MISSING
            && self.at_least.is_none_or(|bound| count >= bound)
            && self.at_most.is_none_or(|bound| count <= bound)
    }

    fn refusal(&self, facts: &Facts<'_>) -> Reason {
        let count = facts.cart.order_count;
        match (self.at_least, self.at_most) {
            _ if count == cart::MISSING => Reason::new(&UNKNOWN, [0; 3]),
            (Some(required), _) if count < required => Reason::new(&TOO_FEW, [required, count, 0]),
            (_, allowed) => Reason::new(&TOO_MANY, [allowed.unwrap_or(0), count, 0]),
        }
    }
}
