//! The engine as a host holds it: an opened snapshot and the space to evaluate in.

#[cfg(feature = "workshop")]
mod workshop;

use crate::cart::Cart;
use crate::catalog::Catalog;
use crate::engine::answer::Answer;
use crate::engine::{Desk, Disclosure};
use crate::error::{Diagnostic, Error};
#[cfg(feature = "workshop")]
use crate::member;
use crate::money::Currency;
use crate::quote::{self, Words};
use crate::reason::ReasonKind;
use crate::refund::{self, Refund, Return, ReturnedUnits};
use crate::request::{self, Moment, Names};
#[cfg(feature = "workshop")]
use crate::snapshot::Hidden;
use crate::snapshot::{self, Current, Grant, KeyRing, Manifest, Policy, Profile, SectionKind, Snapshot, WHOLE};
use alloc::vec::Vec;

/// How a snapshot is opened and quotes are answered.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What is demanded of the snapshot.
    pub policy: Policy,
    /// How much refusals tell.
    pub disclosure: Disclosure,
}

/// An opened snapshot that answers requests.
///
/// ```
/// use counterfoil::compile::{compile, Source};
/// use counterfoil::snapshot::{seal, KeyRing, ManifestFields, Policy, Profile, Section, SectionKind, SecretKey};
/// use counterfoil::time::Interval;
/// use counterfoil::{Engine, Options};
///
/// // the shop compiles and signs …
/// let document = serde_json::json!({ "campaigns": [ {
///     "id": "ten-off", "codes": ["TEN"],
///     "when": { "type": "min_subtotal", "amount": { "EUR": 5000 } },
///     "discounts": [ { "type": "percent_off", "percent": "10" } ] } ] });
/// let life = Interval { from: 0, until: 86_400_000 };
/// let compiled = compile(&[Source { name: "shop.json".into(), document }], life)?;
/// let key = SecretKey::from_seed(&[7; 32]);
/// let fields = ManifestFields {
///     audience: "demo-shop", environment: "production", profile: Profile::Storefront, revision: None,
///     version: 1, issued_at: life.from, expires_at: life.until, root_version: 0,
/// };
/// let section = Section { kind: SectionKind::Campaigns, bytes: &compiled.section };
/// let snapshot = seal(&fields, &[section], &[&key])?;
///
/// // … and every host answers alike
/// let ring = KeyRing::with_publisher("demo-shop", "production", &[key.public_key()]);
/// let options = Options { policy: Policy::at(1_000, Profile::Storefront), disclosure: Default::default() };
/// let mut engine = Engine::open(&snapshot, &ring, options)?;
/// let request = br#"{ "currency": "EUR", "codes": ["ten"],
///     "lines": [ { "id": "a", "unitPrice": 3000, "quantity": 2 } ] }"#;
/// let quote: serde_json::Value = serde_json::from_slice(engine.quote_bytes(request, Some(2_000))?).unwrap();
/// assert_eq!(quote["total"], 5400);
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
#[derive(Debug)]
pub struct Engine {
    catalog: Catalog,
    current: Current,
    /// From when nothing is quoted without another pulse.
    fresh_until: i64,
    /// Campaigns that were stopped by pulses for earlier snapshots.
    provisional: Vec<u32>,
    /// Ids of all that were stopped; those for good stand first, `settled` of them.
    #[cfg(feature = "workshop")]
    stopped: Vec<alloc::string::String>,
    #[cfg(feature = "workshop")]
    settled: usize,
    #[cfg(feature = "workshop")]
    budgets: Vec<snapshot::CeilingBudget>,
    #[cfg(feature = "workshop")]
    programme: Vec<u8>,
    disclosure: Disclosure,
    desk: Desk,
    aside: Desk,
    cart: Cart,
    reasons: Vec<&'static ReasonKind>,
    slots: Vec<i64>,
    out: quote::Out,
    #[cfg(feature = "workshop")]
    rules: member::Rules,
}

impl Engine {
    /// Verifies a snapshot and makes its campaigns ready. Nothing of it is used before the last check.
    ///
    /// # Errors
    /// What [`snapshot::open`] refuses; `snapshot_malformed` and `format_unsupported` when the campaigns
    /// cannot be read.
    pub fn open(bytes: &[u8], ring: &KeyRing, options: Options) -> Result<Engine, Error> {
        #[cfg(feature = "workshop")]
        if options.policy.profile == Profile::Edge {
            return Engine::open_edge(bytes.to_vec(), ring, options, &[]);
        }
        Engine::read(snapshot::open(bytes, ring, &options.policy)?, ring, options, None)
    }

    /// The same for a shopper who was granted campaigns of the edge: those of the grant take the place of the snapshot's until
    /// it ends.
    ///
    /// # Errors
    /// As [`Engine::open`]; what [`Grant::section`] refuses.
    pub fn open_granted(bytes: &[u8], ring: &KeyRing, options: Options, grant: Grant<'_>) -> Result<Engine, Error> {
        let snapshot = snapshot::open(bytes, ring, &options.policy)?;
        let section = grant.section(ring, snapshot.manifest(), options.policy.now)?;
        Engine::read(snapshot, ring, options, Some(section))
    }

    /// The same where codes have opened sealed campaigns: `section` is what `unseal` made of the snapshot's own.
    ///
    /// # Errors
    /// As [`Engine::open`].
    pub fn open_with(bytes: &[u8], ring: &KeyRing, options: Options, section: &[u8]) -> Result<Engine, Error> {
        Engine::read(snapshot::open(bytes, ring, &options.policy)?, ring, options, Some(section))
    }

    fn read(snapshot: Snapshot<'_>, ring: &KeyRing, options: Options, section: Option<&[u8]>) -> Result<Engine, Error> {
        let section = section.or(snapshot.section(SectionKind::Campaigns)).ok_or_else(|| {
            let help = "publish the snapshot with its campaigns";
            Diagnostic::new("snapshot_malformed", "the snapshot has no campaigns", help)
        })?;
        let mut catalog = Catalog::read(section)?;
        #[cfg(feature = "workshop")]
        if let Some(bytes) = snapshot.section(SectionKind::Sealed).filter(|_| options.policy.profile == Profile::Edge) {
            let hidden = Hidden::from_bytes(bytes).ok_or_else(|| {
                let help = "publish the snapshot again with a matching version of counterfoil";
                Diagnostic::new("snapshot_malformed", "what is hidden of the snapshot cannot be read", help)
            })?;
            catalog.hide(hidden.places);
        }
        let ceilings = &ring.ceilings;
        let currencies = ceilings.budgets.iter().filter_map(|budget| Currency::parse(&budget.currency));
        catalog.hold_to(WHOLE.saturating_sub(ceilings.discount), currencies.collect());
        #[cfg(feature = "workshop")]
        let programme = snapshot.section(SectionKind::Programme).unwrap_or_default().into();
        let current = snapshot.into_current();
        let needs_pulse = options.policy.profile == Profile::Edge && current.has_pulse();
        Ok(Engine {
            #[cfg(feature = "workshop")]
            rules: member::Rules::read(catalog.loyalty())?,
            catalog,
            current,
            fresh_until: if needs_pulse { 0 } else { i64::MAX },
            provisional: Vec::new(),
            #[cfg(feature = "workshop")]
            stopped: Vec::new(),
            #[cfg(feature = "workshop")]
            settled: 0,
            #[cfg(feature = "workshop")]
            budgets: ceilings.budgets.clone(),
            #[cfg(feature = "workshop")]
            programme,
            disclosure: options.disclosure,
            desk: desk(),
            aside: desk(),
            cart: Cart::default(),
            reasons: crate::engine::reasons().collect(),
            slots: Vec::new(),
            out: quote::Out::new(),
        })
    }

    /// Takes word that this snapshot is current, and of campaigns that were stopped. A stop holds for as long as this engine
    /// lives, whatever later pulses say: only another snapshot brings a campaign back. What the pulse of an earlier snapshot has
    /// stopped holds until one speaks of this snapshot. A pulse that is refused changes nothing.
    ///
    /// At the edge, where the key ring has pulse keys, nothing is quoted before the first pulse and after the end of the last.
    ///
    /// Answers until when the pulse is good, and how many campaigns it has stopped or brought back.
    ///
    /// # Errors
    /// What [`Current::take`] refuses.
    pub fn take_pulse(&mut self, bytes: &[u8], now: i64) -> Result<(i64, usize), Error> {
        let pulse = self.current.take(bytes, now)?;
        let is_ours = pulse.version >= self.manifest().version;
        let mut changes = 0_usize;
        if is_ours {
            changes = self.provisional.len();
            self.provisional.drain(..).for_each(|index| self.catalog.resume(index));
        }
        for index in pulse.stopped.iter().filter_map(|campaign| self.catalog.stop(campaign)) {
            changes = changes.saturating_add(1);
            if !is_ours {
                self.provisional.push(index);
            }
        }
        #[cfg(feature = "workshop")]
        {
            self.stopped.truncate(if is_ours { self.settled } else { usize::MAX });
            // pulses come as long as the engine lives and name the same campaigns again
            let new = pulse.stopped.into_iter().filter(|id| !self.stopped.contains(id)).collect::<Vec<_>>();
            self.stopped.extend(new);
            self.settled = if is_ours { self.stopped.len() } else { self.settled };
        }
        if self.fresh_until < i64::MAX {
            self.fresh_until = pulse.expires_at;
        }
        Ok((pulse.expires_at, changes))
    }

    /// Whether quotes may be given at a moment: always, except at the edge without a pulse.
    pub fn is_fresh(&self, now: i64) -> bool {
        now < self.fresh_until
    }

    /// The head of the snapshot: version, revision, whom it is for, until when.
    pub fn manifest(&self) -> &Manifest {
        self.current.manifest()
    }

    /// The campaigns.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Answers a request given as UTF-8 JSON with a quote as UTF-8 JSON. `now`, UTC milliseconds, overrides the
    /// request's own: a server must not believe its client's clock.
    ///
    /// # Errors
    /// What [`request::read`] refuses. A code or campaign that does not apply is an answer, never an error.
    pub fn quote_bytes(&mut self, body: &[u8], now: Option<i64>) -> Result<&[u8], Error> {
        self.quote_bytes_at(body, Moment { given: now, fallback: None })
    }

    /// The same with a moment for requests that have none.
    ///
    /// # Errors
    /// As [`Engine::quote_bytes`].
    pub fn quote_bytes_at(&mut self, body: &[u8], moment: Moment) -> Result<&[u8], Error> {
        let mut names = Names::default();
        request::read(body, moment, &self.catalog, &mut self.cart, &mut names)?;
        if !self.is_fresh(self.cart.now) {
            return Err(snapshot::refusal::pulse_missing(self.cart.now));
        }
        evaluate(&self.catalog, &self.cart, self.disclosure, &mut self.desk, &mut self.aside);
        self.out.clear();
        let (answer, balances) = (self.desk.answer(), self.desk.balances());
        let words = Words { catalog: &self.catalog, reasons: &self.reasons };
        quote::slots::write(words, &self.cart, answer, balances, &mut self.slots);
        quote::write(words, &names, &self.slots, &mut self.out);
        Ok(self.out.bytes())
    }

    /// What is paid back for the units of an order that come back now, after those that came back before. `order` is the
    /// request that was charged, as UTF-8 JSON, with its `now`.
    ///
    /// ```
    /// # use counterfoil::compile::{compile, Source};
    /// # use counterfoil::snapshot::{seal, KeyRing, ManifestFields, Policy, Profile, Section, SectionKind, SecretKey};
    /// # use counterfoil::time::Interval;
    /// # use counterfoil::{Engine, Options};
    /// use counterfoil::refund::ReturnedUnits;
    /// # let document = serde_json::json!({ "campaigns": [ { "id": "third", "discounts": [ {
    /// #     "type": "buy_x_get_y", "buy": { "quantity": 2 }, "get": { "quantity": 1, "percent": "100" } } ] } ] });
    /// # let life = Interval { from: 0, until: 86_400_000 };
    /// # let compiled = compile(&[Source { name: "shop.json".into(), document }], life)?;
    /// # let key = SecretKey::from_seed(&[7; 32]);
    /// # let fields = ManifestFields { audience: "shop", environment: "test", profile: Profile::Storefront,
    /// #     revision: None, version: 1, issued_at: 0, expires_at: life.until, root_version: 0 };
    /// # let section = Section { kind: SectionKind::Campaigns, bytes: &compiled.section };
    /// # let snapshot = seal(&fields, &[section], &[&key])?;
    /// # let ring = KeyRing::with_publisher("shop", "test", &[key.public_key()]);
    /// # let options = Options { policy: Policy::at(1_000, Profile::Storefront), disclosure: Default::default() };
    /// # let mut engine = Engine::open(&snapshot, &ring, options)?;
    /// // two of three are paid: the free one comes back first
    /// let order = br#"{ "currency": "EUR", "now": 1000, "lines": [ { "id": "a", "unitPrice": 500, "quantity": 3 } ] }"#;
    /// let one = [ReturnedUnits { line: "a".into(), quantity: 1 }];
    /// assert_eq!(engine.refund(order, Default::default(), &[], &one)?.amount, 0);
    /// assert_eq!(engine.refund(order, Default::default(), &one, &one)?.amount, 500);
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// What [`request::read`] refuses of the order; `line_unknown` and `return_too_large` for units that were not bought.
    pub fn refund(
        &mut self,
        order: &[u8],
        moment: Moment,
        before: &[ReturnedUnits],
        now: &[ReturnedUnits],
    ) -> Result<Refund, Error> {
        let shop = refund::Shop { catalog: &self.catalog, desk: &mut self.aside };
        refund::refund(shop, order, moment, before, now)
    }

    /// The same for a return as UTF-8 JSON, `{ "order": …, "before": [ … ], "now": [ { "line": …, "quantity": … } ] }`,
    /// with the refund as UTF-8 JSON.
    ///
    /// # Errors
    /// What [`Return::read`] and [`Engine::refund`] refuse.
    pub fn refund_bytes(&mut self, body: &[u8], moment: Moment) -> Result<Vec<u8>, Error> {
        let read = Return::read(body)?;
        let order = read.order();
        let shop = refund::Shop { catalog: &self.catalog, desk: &mut self.aside };
        let refund = refund::refund(shop, &order, moment, &read.before, &read.now)?;
        // a struct of texts and numbers always has a form
        Ok(serde_json::to_vec(&refund).unwrap_or_default())
    }

    /// Evaluates a cart that is already in the snapshot's vocabulary.
    pub fn evaluate(&mut self, cart: &Cart) -> &Answer {
        evaluate(&self.catalog, cart, self.disclosure, &mut self.desk, &mut self.aside);
        self.desk.answer()
    }

    /// The last answer.
    pub fn answer(&self) -> &Answer {
        self.desk.answer()
    }

    /// The last answer, which was that of `cart`, as numbers in the order of [`shape`](crate::quote::shape).
    pub fn answer_slots(&mut self, cart: &Cart) -> &mut [i64] {
        let (answer, balances) = (self.desk.answer(), self.desk.balances());
        let words = Words { catalog: &self.catalog, reasons: &self.reasons };
        quote::slots::write(words, cart, answer, balances, &mut self.slots);
        &mut self.slots
    }

    /// What answers are worded with.
    pub fn words(&self) -> Words<'_> {
        Words { catalog: &self.catalog, reasons: &self.reasons }
    }
}

/// Out of line: a desk is many empty lists.
#[inline(never)]
fn desk() -> Desk {
    Desk::default()
}

fn evaluate(catalog: &Catalog, cart: &Cart, disclosure: Disclosure, desk: &mut Desk, aside: &mut Desk) {
    if cart.wants_hints {
        desk.evaluate_with_hints(catalog, cart, disclosure, aside);
    } else {
        desk.evaluate(catalog, cart, disclosure);
    }
}
