//! Codes that are one of many: looked up when they are read, settled when the whole request is known, since whose they are
//! and when it is may be told after them.

use alloc::vec::Vec;

use crate::cart::{Cart, EnteredCode, OwnStanding, OwnTerms, MISSING};
use crate::catalog::Catalog;
use crate::code::MAX_CODE_LENGTH;
use crate::codes::{state, Found};
use crate::money::{Currency, MAX_AMOUNT};

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// The codes of a request that are one of many: each with its place among the entered ones.
#[derive(Default)]
pub(super) struct Own<'c>(Vec<(u32, Found<'c>)>);

impl<'c> Own<'c> {
    /// What a code stands for that is none of the shared ones.
    pub(super) fn entered(&mut self, typed: &str, place: usize, catalog: &'c Catalog) -> EnteredCode {
        let register = catalog.register().filter(|_| typed.len() <= MAX_CODE_LENGTH.saturating_mul(4));
        let Some(found) = register.and_then(|register| register.find(typed)) else { return EnteredCode::Unknown };
        if self.0.iter().any(|(_, before)| before.fingerprint == found.fingerprint) {
            return EnteredCode::Again(found.campaign);
        }
        self.0.push((u32::try_from(place).unwrap_or(u32::MAX), found));
        EnteredCode::Campaign(found.campaign)
    }

    /// Puts into the cart what is known of the codes, now that the customer is.
    pub(super) fn settle(&self, customer: Option<&str>, catalog: &Catalog, cart: &mut Cart) {
        let Some(register) = catalog.register() else { return };
        for (code, Found { entry, campaign, currency, .. }) in &self.0 {
            let currency = currency.and_then(|letters| Currency::parse(core::str::from_utf8(&letters).ok()?));
            let balance = currency.map(|_| i64::try_from(entry.balance).unwrap_or(MAX_AMOUNT).min(MAX_AMOUNT));
            let standing = match entry.state {
                _ if !register.is_for(entry.holder, customer) => OwnStanding::Foreign,
                state::ACTIVE if balance == Some(0) => OwnStanding::Spent,
                state::ACTIVE => OwnStanding::Good,
                state::SPENT => OwnStanding::Spent,
                _ => OwnStanding::Revoked,
            };
            let until = match entry.expires {
                0 => MISSING,
                day => i64::from(day).saturating_add(1).saturating_mul(DAY),
            };
            let balance = balance.unwrap_or(MISSING);
            cart.own.push(OwnTerms { code: *code, campaign: *campaign, standing, until, balance, currency });
        }
    }
}
