//! Off shipping charges: every kind of discount on shipping alone is a document form of this one.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::formula::Formula;
use super::worth::Off;
use super::{Offer, Pricing};
use crate::campaign::reading;
use crate::condition::Want;
use crate::error::Diagnostic;
use crate::facts::Facts;
use crate::money::{Amount, Rate};
use crate::packed::packed;
use crate::pointer::Pointer;
use crate::selector::Selector;
use crate::vocabulary::{AmountRow, Spelling, Subject, VocabularyBuilder, Word};

packed! {
    /// A discount on shipping charges, compiled.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct OffShipping {
        /// The methods it is for; all when absent.
        pub(super) methods: Option<Vec<Word>>,
        /// What is taken off.
        pub(super) worth: ChargeWorth,
        /// The most it takes off.
        pub(super) cap: Option<AmountRow>,
        /// Whether an amount and the cap are for all charges together, and not for each.
        pub(super) together: bool,
    }

    /// What is taken off a charge.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub enum ChargeWorth {
        /// A rate of what is left of it.
        Rate(Rate),
        /// An amount.
        Amount(AmountRow),
        /// What is above a price.
        Price(AmountRow),
        /// What a formula works out about the order and the selected lines.
        Formula((Formula, Selector)),
    }
}

/// Reads the `methods` of a document.
pub(super) fn methods(
    methods: &Option<Vec<String>>,
    vocabulary: &mut VocabularyBuilder,
    at: &Pointer,
) -> Result<Option<Vec<Word>>, Box<Diagnostic>> {
    let Some(methods) = methods else { return Ok(None) };
    reading::some(methods, &at.key("methods"))?;
    let word = |name: &String| vocabulary.word(Subject::ShippingMethod.dimension(), Spelling::Text(name.clone()));
    Ok(Some(methods.iter().map(word).collect()))
}

impl OffShipping {
    /// Whether its amounts are given in the cart's currency.
    pub(super) fn covers(&self, facts: &Facts<'_>) -> bool {
        let of_worth = match &self.worth {
            ChargeWorth::Rate(_) => true,
            ChargeWorth::Amount(row) | ChargeWorth::Price(row) => facts.amount(*row).is_some(),
            ChargeWorth::Formula((formula, _)) => formula.covers(facts),
        };
        of_worth && self.cap.is_none_or(|cap| facts.amount(cap).is_some())
    }

    /// What is taken off a charge, or off all of them.
    fn off(&self, pricing: &Pricing<'_>, offer: &mut Offer) -> Option<Off> {
        let amount = |row: AmountRow| pricing.facts.amount(row);
        match &self.worth {
            ChargeWorth::Rate(rate) => Some(Off::Rate(*rate)),
            ChargeWorth::Amount(row) => amount(*row).map(Off::Amount),
            ChargeWorth::Price(row) => amount(*row).map(Off::Price),
            ChargeWorth::Formula((formula, lines)) => {
                formula.off(pricing, *lines, None).map_err(|reason| offer.fault = Some(reason)).ok()
            }
        }
    }

    /// Whether it takes no more when others have taken something before.
    pub(crate) fn shrinks_with_the_cart(&self) -> bool {
        !matches!(self.worth, ChargeWorth::Formula(_))
    }

    /// Another method, when none of the cart's is meant.
    pub(super) fn want<'a>(&'a self, facts: &Facts<'_>) -> Option<Want<'a>> {
        let methods = self.methods.as_deref()?;
        let is_meant = facts.cart.shipping.iter().any(|charge| methods.contains(&charge.method));
        (!is_meant).then_some(Want::Word(methods))
    }

    /// Offers shares of the charges.
    pub(super) fn offer(&self, pricing: &Pricing<'_>, offer: &mut Offer) {
        let facts = &pricing.facts;
        if !self.covers(facts) {
            return;
        }
        let Some(off) = self.off(pricing, offer) else { return };
        let cap = self.cap.and_then(|cap| facts.amount(cap)).unwrap_or(Amount::new(i64::MAX));
        for (index, (charge, left)) in facts.cart.shipping.iter().zip(pricing.shipping).enumerate() {
            let left = Amount::new(*left);
            let share = match off {
                Off::Rate(rate) => pricing.watch.round(rate, left, pricing.rounding).at_most(left),
                Off::Amount(amount) if !self.together => amount.at_most(left),
                Off::Price(price) => left - price,
                _ => left,
            };
            let share = if self.together { share } else { pricing.watch.at_most(share, cap) };
            let covered = self.methods.as_ref().is_none_or(|methods| methods.contains(&charge.method));
            if covered && share.is_positive() {
                offer.shipping.push((index, share));
            }
        }
        if self.together {
            offer.spread = Some(match off {
                Off::Amount(amount) => pricing.watch.at_most(amount, cap),
                _ => cap.at_most(offer.total()),
            });
        }
    }
}
