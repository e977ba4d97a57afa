//! Why an outcome is what it is: a kind of reason, owned by the condition or step that gives it, and the
//! values that let a shop phrase it in its own words.

use crate::error::FixBy;

/// What a reason's value stands for, so that hosts can format it and the engine can write it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// Money in minor units of the request's currency.
    Money,
    /// A whole number.
    Count,
    /// UTC milliseconds.
    Time,
    /// An id of the snapshot's vocabulary, written out as the word it stands for.
    Word,
    /// An index of a dimension of the vocabulary, written out as the name of the attribute.
    Attribute,
    /// An index of a campaign, written out as its id.
    Campaign,
    /// An index of a line of the request, written out as its id.
    Line,
    /// An index of an entered code, written out as typed.
    Code,
    /// An index of a code of the snapshot, written out.
    KnownCode,
}

/// One kind of reason. Statics of this type live beside the condition, discount or engine step that gives them.
#[derive(Debug)]
pub struct ReasonKind {
    /// Stable snake_case code, never reused.
    pub code: &'static str,
    /// For people: what is the matter. Lower case, no full stop.
    pub message: &'static str,
    /// For people: what would change it, in the imperative; `{name}` stands for a parameter.
    pub help: &'static str,
    /// Who can change it.
    pub fix_by: FixBy,
    /// Names and kinds of the values, at most three.
    pub params: &'static [(&'static str, ParamKind)],
    /// Whether a change of the cart alone may take it away: an entered code with only such reasons is
    /// dormant, not refused.
    pub waits_for_cart: bool,
}

/// A reason with its values: what a condition says when it does not hold.
#[derive(Clone, Copy, Debug)]
pub struct Reason {
    /// Which kind.
    pub kind: &'static ReasonKind,
    /// The values, in the order of the kind's parameters.
    pub values: [i64; 3],
    /// The condition of the campaign that gave it, counted in document order; `None` for reasons that are
    /// not a condition's.
    pub condition: Option<u16>,
}

impl Reason {
    /// A reason without a condition.
    pub fn new(kind: &'static ReasonKind, values: [i64; 3]) -> Reason {
        Reason { kind, values, condition: None }
    }
}
