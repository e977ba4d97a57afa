//! What documents say of payments, and of prices below which nothing is sold.

use alloc::format;
use alloc::vec::Vec;

use super::{check_id, named, policy};
use crate::campaign::{reading, CampaignDocument};
use crate::error::Diagnostic;
use crate::money::Rate;
use crate::payment::{Method, PaymentMethod};
use crate::pointer::Pointer;
use crate::vocabulary::VocabularyBuilder;

/// The terms of all documents.
#[derive(Default)]
pub(super) struct Terms<'a> {
    margin: Option<Rate>,
    /// Payment methods, each with where it stands.
    payments: Vec<(PaymentMethod, &'a str, Pointer)>,
}

impl<'a> Terms<'a> {
    /// Adds what one document says.
    pub(super) fn add(&mut self, document: &CampaignDocument, source: &'a str, faults: &mut Vec<Diagnostic>) {
        let root = Pointer::root();
        if let Some(text) = &document.min_margin {
            match reading::surcharge(text, &root.key("minMargin")) {
                Ok(margin) => policy::agree(&mut self.margin, &Some(margin), "minMargin", &root, faults),
                Err(fault) => faults.push(*fault),
            }
        }
        for (index, json) in document.payments.iter().enumerate() {
            let at = root.key("payments").index(index);
            let method = reading::value::<PaymentMethod>(json, &at)
                .and_then(|method| check_id(&method.id, &at.key("id")).map(|()| method));
            match method {
                Ok(method) => self.payments.push((method, source, at)),
                Err(fault) => faults.push(*fault),
            }
        }
    }

    /// Puts the payment methods in order of their ids, of which none may be there twice.
    pub(super) fn check(&mut self, faults: &mut Vec<Diagnostic>) {
        self.payments.sort_by(|(a, ..), (b, ..)| a.id.cmp(&b.id));
        for pair in self.payments.windows(2) {
            if let [(a, ..), (b, source, at)] = pair {
                if a.id == b.id {
                    let message = format!("the payment method `{}` is defined twice", b.id);
                    let help = "give each method its own id";
                    faults.push(named(reading::diagnostic("id_duplicated", message, help, &at.key("id")), source));
                }
            }
        }
    }

    /// What the snapshot carries.
    pub(super) fn finish(
        self,
        vocabulary: &mut VocabularyBuilder,
        faults: &mut Vec<Diagnostic>,
    ) -> (Option<Rate>, Vec<Method>) {
        let mut payments = Vec::with_capacity(self.payments.len());
        for (method, source, at) in self.payments {
            match method.compile(vocabulary, &at) {
                Ok(method) => payments.push(method),
                Err(fault) => faults.push(named(fault, source)),
            }
        }
        (self.margin, payments)
    }
}
