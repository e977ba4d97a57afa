//! What servers and shops' own programmes ask of an engine, and pages never do: private halves of publications, traces, what a
//! member would earn.

use super::{Engine, Options};
use crate::cart::Cart;
use crate::catalog::{Catalog, Opened, Promotion};
use crate::codes::{Pepper, Register};
use crate::engine::Desk;
use crate::error::{Diagnostic, Error};
use crate::member;
use crate::quote::Words;
use crate::request::{self, Moment, Names};
use crate::snapshot::{self, KeyRing, Pulse, SectionKind};
use crate::time::Interval;
use crate::trace::{self, Trace};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

impl Engine {
    /// The same for the private half of a publication, whose codes are found with one of the shop's peppers. The file is
    /// kept: codes are looked up where they stand.
    ///
    /// # Errors
    /// As [`Engine::open`]; `pepper_unknown` when the codes are of another pepper, and what [`Register::open`] refuses.
    pub fn open_edge(file: Vec<u8>, ring: &KeyRing, options: Options, peppers: &[Pepper]) -> Result<Engine, Error> {
        Engine::open_hashed(file, ring, options, peppers, &[])
    }

    /// The same with what the host has hashed, see [`snapshot::open_hashed`].
    ///
    /// # Errors
    /// As [`Engine::open_edge`].
    pub fn open_hashed(
        file: Vec<u8>,
        ring: &KeyRing,
        options: Options,
        peppers: &[Pepper],
        hashes: &[[u8; 32]],
    ) -> Result<Engine, Error> {
        let mut engine =
            Engine::read(snapshot::open_hashed(&file, ring, &options.policy, hashes)?, ring, options, None)?;
        let entries = &engine.manifest().sections;
        let places = entries.iter().zip(snapshot::places(entries, file.len()));
        let codes = places.filter(|(entry, _)| entry.kind == SectionKind::Codes.byte()).map(|(_, place)| place);
        let codes: Vec<_> = codes.collect();
        if !codes.is_empty() {
            let promotions = (0_u32..).zip(engine.catalog.promotions());
            let ids: BTreeMap<&str, u32> = promotions.map(|(at, it)| (it.record.id.as_str(), at)).collect();
            let register = Register::open(file, &codes, peppers, |id| ids.get(id).copied())?;
            engine.catalog.keep(register);
        }
        Ok(engine)
    }

    /// What a customer who has shown these codes may preview for the life of a grant.
    pub fn granting(&self, codes: &[&str], customer: Option<&str>, life: Interval) -> Opened {
        self.catalog.granting(codes, customer, life)
    }

    /// A pulse that confirms the open snapshot, not signed yet: from `issued_at` until `expires_at`, with the ids of campaigns
    /// that must not run.
    pub fn pulse(&self, issued_at: i64, expires_at: i64, stopped: Vec<String>) -> Pulse {
        self.current.pulse(issued_at, expires_at, stopped)
    }

    /// What the ledger counts by: the programme of the snapshot as JSON, with an allowance for every campaign that runs and
    /// for ceilings that count all accounts together.
    ///
    /// # Errors
    /// `snapshot_malformed` for a programme that no ledger reads.
    pub fn programme(&self) -> Result<Vec<u8>, Error> {
        let text = core::str::from_utf8(&self.programme).unwrap_or_default();
        let text = if text.is_empty() { "{}" } else { text };
        let mut programme = crate::ledger::programme::Programme::read(text).map_err(|refusal| {
            Diagnostic::new(
                "snapshot_malformed",
                refusal.message,
                "publish the snapshot with the same release as this host's",
            )
        })?;
        let stopped = |id: &str| self.stopped.iter().any(|stopped| stopped == id);
        let running = |promotion: &&Promotion| promotion.record.active || stopped(&promotion.record.id);
        for promotion in self.catalog.promotions().iter().filter(running) {
            let id = &promotion.record.id;
            programme.allowances.entry(id.clone()).or_default();
            if !self.budgets.is_empty() {
                let budgets = self.budgets.iter();
                programme.hold_to(id, budgets.map(|budget| (budget.currency.as_str(), budget.amount)));
            }
        }
        programme.stopped.extend(self.stopped.iter().cloned());
        self.rules.tell(&mut programme);
        programme.share_ceilings();
        // texts and numbers always have a form
        Ok(serde_json::to_vec(&programme).unwrap_or_default())
    }

    /// Answers a request as [`Engine::quote_bytes_at`] does, and tells how the answer came about.
    ///
    /// # Errors
    /// As [`Engine::quote_bytes`].
    pub fn trace(&mut self, body: &[u8], moment: Moment) -> Result<(&[u8], Trace), Error> {
        let mut names = Names::default();
        request::read(body, moment, &self.catalog, &mut self.cart, &mut names)?;
        let watched = self.desk.watch(&self.catalog, &self.cart, self.disclosure, &mut self.aside);
        let words = Words { catalog: &self.catalog, reasons: &self.reasons };
        let trace = trace::tell(words, &names, &self.cart, self.desk.answer(), self.desk.balances(), watched);
        let quote = self.quote_bytes_at(body, moment)?;
        Ok((quote, trace))
    }

    /// The same as UTF-8 JSON: `{ "quote": …, "trace": … }`, the quote as [`Engine::quote_bytes`] writes it.
    ///
    /// # Errors
    /// As [`Engine::quote_bytes`].
    pub fn trace_bytes(&mut self, body: &[u8], moment: Moment) -> Result<Vec<u8>, Error> {
        let (quote, trace) = self.trace(body, moment)?;
        // texts and numbers always have a form
        let trace = serde_json::to_vec(&trace).unwrap_or_default();
        Ok([br#"{"quote":"#, quote, br#","trace":"#, &trace, b"}"].concat())
    }

    /// Answers a request as [`Engine::quote_bytes_at`] does, with what its customer would earn and could have: `body` is
    /// `{ "request": …, "accounts": [ … ] }`, the answer `{ "quote": …, "programmes": [ … ] }`.
    ///
    /// # Errors
    /// `json_malformed`, and what is refused of the request.
    pub fn preview_bytes(&mut self, body: &[u8], moment: Moment) -> Result<Vec<u8>, Error> {
        let mut asked = member::Preview::read(body)?;
        asked.enrol(&self.rules);
        asked.keep_to_spending(moment);
        let quote = self.quote_bytes_at(&asked.request(moment), moment)?.to_vec();
        let Engine { catalog, cart, desk, rules, .. } = self;
        let mut till = member::Till { catalog, cart, desk, moment };
        let views = serde_json::to_vec(&rules.preview(&asked, &mut till)?).unwrap_or_default();
        Ok([br#"{"quote":"#, quote.as_slice(), br#","programmes":"#, &views, b"}"].concat())
    }

    /// What follows from what has happened to a member: commands for the ledger, and what the shop hands out. `body` is
    /// described in docs/loyalty.md.
    ///
    /// # Errors
    /// `json_malformed`, and what is refused of the request.
    pub fn follow_bytes(&mut self, body: &[u8], moment: Moment) -> Result<Vec<u8>, Error> {
        let mut happened = member::Happened::read(body)?;
        happened.enrol(&self.rules);
        if let Some(order) = happened.order(moment) {
            self.quote_bytes_at(&order, moment)?;
        }
        let quoted = quoted(&self.catalog, &self.cart, &self.desk);
        let follows = self.rules.follow(&happened, Some(quoted))?;
        Ok(serde_json::to_vec(&follows).unwrap_or_default())
    }

    /// The segments that a customer is in, as a list of names. `body` is described in docs/loyalty.md.
    ///
    /// # Errors
    /// `json_malformed`, and what is refused of the customer.
    pub fn segments_bytes(&mut self, body: &[u8]) -> Result<Vec<u8>, Error> {
        let segments = self.rules.segments(&member::Known::read(body)?)?;
        Ok(serde_json::to_vec(&segments).unwrap_or_default())
    }
}

/// What was evaluated last at a desk.
fn quoted<'a>(catalog: &'a Catalog, cart: &'a Cart, desk: &'a Desk) -> member::Quoted<'a> {
    member::Quoted { catalog, cart, answer: desk.answer(), balances: desk.balances() }
}
