//! Words of one dimension: the compiled form of every condition that asks what the customer or the situation is, of
//! which there may be a number or a moment to compare too.

use alloc::vec::Vec;
use serde::Serialize;

use super::moment::Ago;
use super::number::{Compared, FACT_MISSING};
use super::{Check, Indexed, Want};
use crate::error::FixBy;
use crate::facts::Facts;
use crate::packed::packed;
use crate::reason::{ParamKind, Reason, ReasonKind};
use crate::vocabulary::Word;

packed! {
    /// What is asked of a fact that is told in words. All that is said must hold.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Named {
        /// In which words it is refused.
        pub(super) told: Told,
        /// The dimension of the words.
        pub(super) dimension: u16,
        /// One of these.
        pub(super) any_of: Option<Vec<Word>>,
        /// None of these, of a fact that is known.
        pub(super) none_of: Vec<Word>,
        /// The word that the fact is known at all; zero when nobody asks.
        pub(super) there: Word,
        /// Whether it must be.
        pub(super) present: Option<bool>,
        /// Its number.
        pub(super) number: Option<Compared>,
        /// Its moment.
        pub(super) ago: Option<Ago>,
    }

    /// In which words a condition is refused.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub enum Told {
        /// As any fact.
        Fact,
        /// As a segment.
        Segment,
        /// As an attribute of the customer.
        CustomerAttribute,
        /// As the country of delivery.
        Country,
        /// As the sales channel.
        Channel,
        /// As a variant of an experiment.
        Variant,
    }
}

static SEGMENT_REQUIRED: ReasonKind = ReasonKind {
    code: "segment_required",
    message: "this campaign is for a group the customer is not in",
    help: "sign in with an account that is in the group `{segment}`",
    fix_by: FixBy::Shopper,
    params: &[("segment", ParamKind::Word)],
    waits_for_cart: false,
};

static ATTRIBUTE_NOT_MET: ReasonKind = ReasonKind {
    code: "customer_attribute_not_met",
    message: "this campaign is for customers with another value of an attribute",
    help: "the attribute `{attribute}` of the customer decides",
    fix_by: FixBy::Shopper,
    params: &[("attribute", ParamKind::Attribute)],
    waits_for_cart: false,
};

static ATTRIBUTE_MISSING: ReasonKind = ReasonKind {
    code: "customer_attribute_missing",
    message: "an attribute of the customer is not known",
    help: "sign in, or pass `customer.attributes.{attribute}` with the request",
    fix_by: FixBy::Shopper,
    params: &[("attribute", ParamKind::Attribute)],
    waits_for_cart: false,
};

static COUNTRY_NOT_COVERED: ReasonKind = ReasonKind {
    code: "country_not_covered",
    message: "this campaign does not cover the country of delivery",
    help: "choose a delivery address in a covered country, such as `{covered}`",
    fix_by: FixBy::Shopper,
    params: &[("covered", ParamKind::Word)],
    waits_for_cart: false,
};

static CHANNEL_NOT_COVERED: ReasonKind = ReasonKind {
    code: "channel_not_covered",
    message: "this campaign does not cover the channel",
    help: "order through a covered channel, such as `{covered}`",
    fix_by: FixBy::Shopper,
    params: &[("covered", ParamKind::Word)],
    waits_for_cart: false,
};

static VARIANT_UNKNOWN: ReasonKind = ReasonKind {
    code: "variant_unknown",
    message: "the customer's variant of an experiment is not known",
    help: "pass `customer.id` with the request; `{experiment}` is assigned by it",
    fix_by: FixBy::Developer,
    params: &[("experiment", ParamKind::Attribute)],
    waits_for_cart: false,
};

static NOT_COVERED: ReasonKind = ReasonKind {
    code: "fact_not_covered",
    message: "this campaign does not cover a fact of this order",
    help: "it is meant for another `{fact}`, such as `{covered}`",
    fix_by: FixBy::Shopper,
    params: &[("covered", ParamKind::Word), ("fact", ParamKind::Attribute)],
    waits_for_cart: false,
};

static EXCLUDED: ReasonKind = ReasonKind {
    code: "fact_excluded",
    message: "this campaign excludes a fact of this order",
    help: "it is meant for another `{fact}`",
    fix_by: FixBy::Shopper,
    params: &[("fact", ParamKind::Attribute)],
    waits_for_cart: false,
};

pub(super) const REASONS: &[&ReasonKind] = &[
    &SEGMENT_REQUIRED,
    &ATTRIBUTE_NOT_MET,
    &ATTRIBUTE_MISSING,
    &COUNTRY_NOT_COVERED,
    &CHANNEL_NOT_COVERED,
    &VARIANT_UNKNOWN,
    &NOT_COVERED,
    &EXCLUDED,
];

impl Named {
    /// One of some words.
    pub(super) fn one_of(told: Told, dimension: u16, any_of: Vec<Word>) -> Named {
        let any_of = Some(any_of);
        Named { told, dimension, any_of, none_of: Vec::new(), there: 0, present: None, number: None, ago: None }
    }

    fn is_one_of(&self, facts: &Facts<'_>) -> bool {
        self.any_of.as_ref().is_none_or(|words| words.iter().any(|word| facts.has(*word)))
    }

    fn holds_besides(&self, facts: &Facts<'_>) -> bool {
        let is_free =
            self.none_of.is_empty() || facts.has(self.there) && !self.none_of.iter().any(|word| facts.has(*word));
        is_free
            && self.present.is_none_or(|present| facts.has(self.there) == present)
            && self.number.as_ref().is_none_or(|number| number.holds(facts))
            && self.ago.as_ref().is_none_or(|ago| ago.holds(facts))
    }
}

impl Check for Named {
    #[inline(never)]
    fn holds(&self, facts: &Facts<'_>) -> bool {
        // most ask for words and for nothing else
        self.is_one_of(facts) && (self.there == 0 || self.holds_besides(facts))
    }

    fn refusal(&self, facts: &Facts<'_>) -> Reason {
        let is_unknown = self.there != 0 && !facts.has(self.there) && self.present != Some(false);
        let is_other = !self.is_one_of(facts);
        let first = i64::from(self.any_of.as_ref().and_then(|words| words.first()).copied().unwrap_or(0));
        let fact = i64::from(self.dimension);
        match self.told {
            Told::CustomerAttribute if is_unknown => Reason::new(&ATTRIBUTE_MISSING, [fact, 0, 0]),
            Told::CustomerAttribute => Reason::new(&ATTRIBUTE_NOT_MET, [fact, 0, 0]),
            Told::Segment => Reason::new(&SEGMENT_REQUIRED, [first, 0, 0]),
            Told::Country if is_other => Reason::new(&COUNTRY_NOT_COVERED, [first, 0, 0]),
            Told::Channel if is_other => Reason::new(&CHANNEL_NOT_COVERED, [first, 0, 0]),
            Told::Variant if is_unknown => Reason::new(&VARIANT_UNKNOWN, [fact, 0, 0]),
            _ if is_unknown => Reason::new(&FACT_MISSING, [fact, 0, 0]),
            _ if is_other => Reason::new(&NOT_COVERED, [first, fact, 0]),
            _ => match (&self.number, &self.ago) {
                (Some(number), _) if !number.holds(facts) => number.refusal(facts),
                (_, Some(ago)) if !ago.holds(facts) => ago.refusal(facts),
                _ => Reason::new(&EXCLUDED, [fact, 0, 0]),
            },
        }
    }

    fn want<'a>(&'a self, facts: &Facts<'_>) -> Option<Want<'a>> {
        // nobody chooses a variant
        let is_asked = self.told != Told::Variant && !self.is_one_of(facts);
        let another = self.any_of.as_deref().filter(|_| is_asked).map(Want::Word);
        another.or_else(|| self.ago.as_ref()?.want(facts))
    }

    fn index(&self) -> Option<Indexed<'_>> {
        match &self.any_of {
            Some(words) => Some(Indexed::Words(words)),
            None if self.present == Some(false) => None,
            None => Some(Indexed::Words(core::slice::from_ref(&self.there))),
        }
    }
}
