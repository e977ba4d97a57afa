//! What the wasm module exports: functions that take and return numbers only. They are not the package's API:
//! TypeScript beside this file makes `Engine`, `Quote` and `Session` of them.
//!
//! Bytes and flat requests are written by JavaScript into buffers of this module, answers are read from one; a function
//! that answers returns its address, and [`cf_length`] tells how long it is. An address of 0, or not-a-number instead of
//! a total, is a refusal.
//!
//! An instance of the module holds one engine. Whoever needs another one makes another instance, as after a trap.

#![allow(unsafe_code, reason = "an export needs a name of its own, and an instance one place for what it holds")]

use alloc::vec;
use alloc::vec::Vec;
use core::cell::UnsafeCell;

use super::{description, failure, flat, opening};
use crate::cart::{Cart, EnteredCode, MAX_LINES};
#[cfg(feature = "tools")]
use crate::codes::Issued;
#[cfg(feature = "workshop")]
use crate::codes::Register;
use crate::error::{Diagnostic, Error};
use crate::host::{Engine, Options};
#[cfg(feature = "workshop")]
use crate::json::write;
use crate::json::write::Out;
use crate::quote::shape::REASON_SLOTS;
use crate::quote::slots::TOTALS;
#[cfg(feature = "workshop")]
use crate::snapshot::Profile;
use crate::snapshot::{Grant, KeyRing};
use crate::{experiment, quote, request, time};

/// What an instance holds.
pub(super) struct Instance {
    body: Vec<u8>,
    out: Out,
    length: usize,
    error: Option<Error>,
    pub(super) core: Option<Core>,
    /// What the host has hashed of the snapshot in the buffer.
    #[cfg(feature = "workshop")]
    pub(super) hashes: Vec<[u8; 32]>,
    /// What is told of a code.
    #[cfg(feature = "tools")]
    pub(super) found: [f64; 6],
    /// The codes of a table that is being made.
    #[cfg(feature = "tools")]
    pub(super) issued: Vec<Issued>,
}

/// An opened snapshot and the space to answer in.
pub(super) struct Core {
    pub(super) engine: Engine,
    slots: Vec<f64>,
    links: Vec<Option<usize>>,
    pub(super) totals: [f64; TOTALS],
    pub(super) cart: Cart,
    pub(super) sessions: Vec<Option<Cart>>,
    pub(super) current: Option<usize>,
}

/// The length of what is not there: a file of no bytes is there, and is refused.
const ABSENT: usize = usize::MAX;

struct Place(UnsafeCell<Instance>);

// SAFETY: the module is built without threads, so nobody else can reach its memory.
unsafe impl Sync for Place {}

static INSTANCE: Place = Place(UnsafeCell::new(Instance {
    body: Vec::new(),
    out: Out::new(),
    length: 0,
    error: None,
    core: None,
    #[cfg(feature = "workshop")]
    hashes: Vec::new(),
    #[cfg(feature = "tools")]
    found: [0.0; 6],
    #[cfg(feature = "tools")]
    issued: Vec::new(),
}));

/// The instance. Each export takes it once and no export calls another; what is called from here calls JavaScript only
/// for random bytes, which does not call back.
pub(super) fn instance() -> &'static mut Instance {
    // SAFETY: so there is one reference at a time, and there is one thread.
    unsafe { &mut *INSTANCE.0.get() }
}

impl Instance {
    pub(super) fn input(&self, from: usize, length: usize) -> &[u8] {
        self.body.get(from..from.saturating_add(length)).unwrap_or(&[])
    }

    pub(super) fn refuse(&mut self, error: Error) -> u32 {
        self.error = Some(error);
        0
    }

    /// Asks the engine about the first `length` bytes of the buffer.
    #[cfg(feature = "workshop")]
    pub(super) fn with_engine(
        &mut self,
        length: usize,
        ask: impl FnOnce(&mut Engine, &[u8]) -> Result<Vec<u8>, Error>,
    ) -> Result<Vec<u8>, Error> {
        let body = self.body.get(..length).unwrap_or(&[]);
        match &mut self.core {
            Some(core) => ask(&mut core.engine, body),
            None => Err(Diagnostic::new("no_snapshot", "no snapshot is open", "open one first").into()),
        }
    }

    /// The codes of the open snapshot that are one of many.
    #[cfg(feature = "workshop")]
    pub(super) fn register(&self) -> Option<&Register> {
        self.core.as_ref().and_then(|core| core.engine.catalog().register())
    }

    /// Says how long an answer is that stands where it is.
    #[cfg(feature = "tools")]
    pub(super) fn tell_length(&mut self, length: usize) {
        self.length = length;
    }

    /// Hands over bytes.
    #[cfg(feature = "workshop")]
    pub(super) fn answer(&mut self, bytes: &[u8]) -> u32 {
        self.out.clear();
        write::bytes(&mut self.out, bytes);
        self.written()
    }

    /// Hands over what was written to `out`.
    fn written(&mut self) -> u32 {
        self.length = self.out.length();
        address(self.out.bytes().as_ptr())
    }

    /// The key ring that `root` documents lead to, from the one that follows a snapshot, and where options stand.
    pub(super) fn ring(&self, [snapshot, key_ring, options, root]: [usize; 4], now: i64) -> Result<KeyRing, Error> {
        let ring = opening::key_ring(self.input(snapshot, key_ring))?;
        let at = snapshot.saturating_add(key_ring).saturating_add(options);
        ring.followed(self.input(at, root), now)
    }

    #[cfg(not(feature = "workshop"))]
    fn engine(&mut self, parts: [usize; 4], grant: [usize; 2]) -> Result<Engine, Error> {
        let [snapshot, key_ring, options, _] = parts;
        let options = opening::options(self.input(snapshot.saturating_add(key_ring), options))?;
        self.public(parts, grant, options)
    }

    /// Opens what pages have, with the grant that was taken where there is one, or what codes have opened.
    fn public(&self, parts: [usize; 4], [grant, customer]: [usize; 2], options: Options) -> Result<Engine, Error> {
        let ring = self.ring(parts, options.policy.now)?;
        let [snapshot, ..] = parts;
        let bytes = self.input(0, snapshot);
        if grant == ABSENT {
            return Engine::open(bytes, &ring, options);
        }
        let at = parts.iter().fold(0_usize, |sum, length| sum.saturating_add(*length));
        if customer == ABSENT {
            return Engine::open_with(bytes, &ring, options, self.input(at, grant));
        }
        let customer = core::str::from_utf8(self.input(at.saturating_add(grant), customer)).unwrap_or_default();
        Engine::open_granted(bytes, &ring, options, Grant { file: self.input(at, grant), customer })
    }

    /// The file of an edge stays where it is: there may be a million codes in it.
    #[cfg(feature = "workshop")]
    fn engine(&mut self, parts: [usize; 4], grant: [usize; 2]) -> Result<Engine, Error> {
        let [snapshot, key_ring, options, _] = parts;
        let (options, peppers) = opening::options_of_edge(self.input(snapshot.saturating_add(key_ring), options))?;
        if options.policy.profile == Profile::Storefront {
            return self.public(parts, grant, options);
        }
        let ring = self.ring(parts, options.policy.now)?;
        let mut file = core::mem::take(&mut self.body);
        file.truncate(snapshot);
        Engine::open_hashed(file, &ring, options, &peppers, &core::mem::take(&mut self.hashes))
    }

    fn open(&mut self, parts: [usize; 4], grant: [usize; 2]) -> Result<(), Error> {
        self.core = Some(Core {
            engine: self.engine(parts, grant)?,
            slots: vec![0.0; flat::request_slots(2_048)],
            links: Vec::with_capacity(MAX_LINES),
            totals: [0.0; TOTALS],
            cart: Cart::default(),
            sessions: Vec::new(),
            current: None,
        });
        Ok(())
    }
}

/// The address of the buffer for bytes, with room for `length` of them.
#[unsafe(no_mangle)]
extern "C" fn cf_body(length: usize) -> u32 {
    let body = &mut instance().body;
    if body.len() < length {
        body.resize(length, 0);
    }
    address(body.as_ptr())
}

/// How many bytes or slots the last answer has.
#[unsafe(no_mangle)]
extern "C" fn cf_length() -> usize {
    instance().length
}

/// Why the last call was refused: a list of diagnostics as JSON.
#[unsafe(no_mangle)]
extern "C" fn cf_error() -> u32 {
    let instance = instance();
    instance.out.clear();
    if let Some(error) = instance.error.take() {
        failure::write(&error, &mut instance.out);
    }
    instance.written()
}

/// Verifies the snapshot in the buffer, which a key ring and options follow as JSON, then root documents, a grant and the id
/// of the customer who takes it, and makes its campaigns ready. A length of -1 says that there is no grant; that of the id, that
/// in place of a grant there is the section that sealed codes have opened. Answers with what the encoder needs to know of it, as JSON.
#[unsafe(no_mangle)]
extern "C" fn cf_open(
    snapshot: usize,
    key_ring: usize,
    options: usize,
    root: usize,
    grant: usize,
    customer: usize,
) -> u32 {
    let instance = instance();
    if let Err(error) = instance.open([snapshot, key_ring, options, root], [grant, customer]) {
        return instance.refuse(error);
    }
    // the package keeps the snapshot; the buffer is for bodies from now on
    instance.body = Vec::new();
    instance.out.clear();
    if let Some(core) = &instance.core {
        description::write(&core.engine, &mut instance.out);
    }
    instance.written()
}

/// Takes the pulse in the buffer. Returns until when it is good, or not-a-number; the length tells how many campaigns it has
/// stopped or brought back.
#[unsafe(no_mangle)]
extern "C" fn cf_pulse(length: usize, now: f64) -> f64 {
    let instance = instance();
    let Some(core) = &mut instance.core else { return f64::NAN };
    let pulse = instance.body.get(..length).unwrap_or(&[]);
    match core.engine.take_pulse(pulse, flat::whole(now).unwrap_or(0)) {
        Ok((expires_at, changes)) => {
            instance.length = changes;
            flat::slot(expires_at)
        }
        Err(error) => {
            instance.error = Some(error);
            f64::NAN
        }
    }
}

/// The address of the buffer for flat requests, with room for `count` slots.
#[unsafe(no_mangle)]
extern "C" fn cf_slots(count: usize) -> u32 {
    let Some(core) = &mut instance().core else { return 0 };
    if core.slots.len() < count {
        core.slots.resize(count, 0.0);
    }
    address(core.slots.as_ptr())
}

/// Reads the request that is in the buffer as JSON, for what a flat one cannot carry: calls that take a flat request of no
/// slots take this one. `fallback` is the moment where it has none. Returns 0 for a refusal.
#[unsafe(no_mangle)]
extern "C" fn cf_request(length: usize, fallback: f64) -> u32 {
    let instance = instance();
    let Some(core) = &mut instance.core else { return 0 };
    let body = instance.body.get(..length).unwrap_or(&[]);
    let moment = request::Moment { given: None, fallback: flat::whole(fallback) };
    let mut names = request::Names::default();
    core.current = None;
    match request::read(body, moment, core.engine.catalog(), &mut core.cart, &mut names) {
        Ok(()) => 1,
        Err(error) => instance.refuse(error),
    }
}

/// Evaluates the flat request in the buffer; returns the total.
#[unsafe(no_mangle)]
extern "C" fn cf_evaluate(count: usize) -> f64 {
    let Some(core) = &mut instance().core else { return f64::NAN };
    core.current = None;
    if core.read(count).is_none() {
        return f64::NAN;
    }
    tell_totals(&mut core.engine, &core.cart, &mut core.totals)
}

/// Writes the answer of the last evaluation as slots.
#[unsafe(no_mangle)]
extern "C" fn cf_answer() -> u32 {
    let instance = instance();
    let Some(core) = &mut instance.core else { return 0 };
    let session = core.current.and_then(|id| core.sessions.get(id)).and_then(Option::as_ref);
    let cart = session.unwrap_or(&core.cart);
    let slots = core.engine.answer_slots(cart);
    // where they stand: as long as a float is as wide as a number
    slots.iter_mut().for_each(|slot| *slot = flat::slot(*slot).to_bits().cast_signed());
    instance.length = slots.len();
    address(slots.as_ptr())
}

/// Where the totals of the last evaluation stand: the first slots of its answer.
#[unsafe(no_mangle)]
extern "C" fn cf_totals() -> u32 {
    instance().core.as_ref().map_or(0, |core| address(core.totals.as_ptr()))
}

/// Answers the body in the buffer with bytes. `now` overrides the body's; not-a-number leaves it, and `fallback` is the
/// moment where the body has none.
#[unsafe(no_mangle)]
extern "C" fn cf_quote_bytes(length: usize, now: f64, fallback: f64) -> u32 {
    let instance = instance();
    let Some(core) = &mut instance.core else { return 0 };
    let body = instance.body.get(..length).unwrap_or(&[]);
    let moment = request::Moment { given: flat::whole(now), fallback: flat::whole(fallback) };
    core.current = None;
    match core.engine.quote_bytes_at(body, moment) {
        Ok(quote) => {
            instance.length = quote.len();
            address(quote.as_ptr())
        }
        Err(error) => instance.refuse(error),
    }
}

/// The campaign of the code whose UTF-8 bytes are in the buffer, or -1; below that for one that a flat request cannot carry.
#[unsafe(no_mangle)]
extern "C" fn cf_code(length: usize) -> i32 {
    let instance = instance();
    let typed = core::str::from_utf8(instance.input(0, length)).unwrap_or("");
    match instance.core.as_ref().map(|core| request::entered(typed, core.engine.catalog())) {
        Some(EnteredCode::Campaign(index)) => i32::try_from(index).unwrap_or(-1),
        // one of many, of which the request must be read whole
        #[cfg(feature = "workshop")]
        Some(EnteredCode::Unknown) if instance.register().is_some_and(|codes| codes.find(typed).is_some()) => -2,
        _ => -1,
    }
}

/// The day whose text is in the buffer, in days since 1970-01-01; infinite when it is no day.
#[unsafe(no_mangle)]
extern "C" fn cf_day(length: usize) -> f64 {
    let text = core::str::from_utf8(instance().input(0, length)).unwrap_or("");
    time::CivilDate::parse(text).map_or(f64::INFINITY, |date| flat::slot(date.days()))
}

/// The variant of an experiment that is given to the customer whose id is in the buffer: its word, or 0.
#[unsafe(no_mangle)]
extern "C" fn cf_variant(length: usize, experiment: usize) -> u32 {
    let instance = instance();
    let customer = core::str::from_utf8(instance.input(0, length)).unwrap_or("");
    let Some(core) = &instance.core else { return 0 };
    let vocabulary = core.engine.catalog().vocabulary();
    vocabulary.experiments.get(experiment).map_or(0, |one| experiment::assign(one, vocabulary, customer))
}

/// A reason of an answer as JSON, by the slots it has there, which are in the buffer for requests.
#[unsafe(no_mangle)]
extern "C" fn cf_reason(currency: f64) -> u32 {
    let instance = instance();
    instance.out.clear();
    let Some(core) = &instance.core else { return 0 };
    let slots = core.slots.iter().take(REASON_SLOTS).filter_map(|slot| flat::whole(*slot));
    let slots: Vec<i64> = slots.collect();
    let currency = quote::slots::denomination(flat::whole(currency).unwrap_or(0));
    quote::reason::write(core.engine.words(), currency, &slots, None, &mut instance.out);
    instance.written()
}

/// Random bytes from the host, for an idempotency key: 26 symbols of Crockford's base 32, 130 bits.
#[unsafe(no_mangle)]
extern "C" fn cf_idempotency_key() -> u32 {
    const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let instance = instance();
    let mut bytes = [0_u8; 26];
    if getrandom::fill(&mut bytes).is_err() {
        let help = "call it where `crypto.getRandomValues` exists; not at the top level of a Worker";
        let refused = Diagnostic::new("random_unavailable", "the host gives no random bytes", help);
        return instance.refuse(refused.into());
    }
    instance.out.clear();
    for symbol in bytes.iter().filter_map(|byte| SYMBOLS.get(usize::from(byte & 31))) {
        instance.out.push(*symbol);
    }
    instance.written()
}

impl Core {
    /// Reads the flat request in the buffer; of no slots it is the one that was read before.
    pub(super) fn read(&mut self, count: usize) -> Option<()> {
        if count == 0 {
            return Some(());
        }
        flat::read(self.slots.get(..count).unwrap_or(&[]), self.engine.catalog(), &mut self.cart, &mut self.links)
    }
}

/// Evaluates a cart and puts the totals where the host reads them; returns the one to be paid.
#[inline(never)]
pub(super) fn tell_totals(engine: &mut Engine, cart: &Cart, totals: &mut [f64; TOTALS]) -> f64 {
    if !engine.is_fresh(cart.now) {
        *totals = [f64::NAN; TOTALS];
        return f64::NAN;
    }
    let answer = engine.evaluate(cart);
    *totals = quote::slots::totals(cart, answer).map(flat::slot);
    flat::slot(answer.total)
}

pub(super) fn address<T>(at: *const T) -> u32 {
    u32::try_from(at.addr()).unwrap_or(0)
}
