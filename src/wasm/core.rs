//! What the wasm module exports. [`Core`] is not the package's API: TypeScript beside this file makes `Engine`,
//! `Quote` and `Session` of it.
//!
//! Hot calls take and return numbers only. Requests are written by JavaScript into a buffer that the core owns,
//! answers are read from one; the core hands out their addresses.

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::flat;
use super::plain::{self, Members, Plain};
use crate::cart::{Cart, MAX_LINES};
use crate::engine::Disclosure;
use crate::error::{Diagnostic, Error};
use crate::host::{Engine, Options};
use crate::json::write;
use crate::money::Currency;
use crate::reason::ReasonKind;
use crate::snapshot::{Expiry, KeyRing, Policy, Profile};
use crate::vocabulary::Spelling;
use crate::{quote, request, time};

fn failure(error: &Error) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    plain::failure(error).serialize(&serializer).unwrap_or_else(JsValue::from)
}

fn option_invalid(message: &str, help: &str) -> JsValue {
    failure(&Diagnostic::new("option_invalid", message, help).into())
}

fn plain(value: JsValue) -> Result<Plain, String> {
    serde_wasm_bindgen::from_value(value).map_err(|error| error.to_string())
}

/// Options of `Engine.open` as JavaScript gives them.
struct OpenOptions {
    now: Option<i64>,
    min_version: Option<i64>,
    disclosure: Option<String>,
    profile: Option<String>,
}

impl OpenOptions {
    fn read(value: JsValue) -> Result<OpenOptions, String> {
        let mut members = Members::of(plain(value)?, "")?;
        let options = OpenOptions {
            now: members.whole("now")?,
            min_version: members.whole("minVersion")?,
            disclosure: members.text("disclosure")?,
            profile: members.text("profile")?,
        };
        members.finish()?;
        Ok(options)
    }
}

/// The whole number that a JavaScript number holds; `None` for a fraction.
fn whole(number: f64) -> Option<i64> {
    flat::whole(number)
}

/// An opened snapshot in one instance of the module.
#[wasm_bindgen]
pub struct Core {
    engine: Engine,
    kinds: Vec<&'static ReasonKind>,
    slots: Vec<f64>,
    links: Vec<Option<usize>>,
    body: Vec<u8>,
    answer: Vec<f64>,
    cart: Cart,
    sessions: Vec<Option<Cart>>,
    current: Option<usize>,
    error: Option<Error>,
    quote_length: usize,
}

#[wasm_bindgen]
impl Core {
    /// Verifies a snapshot and makes its campaigns ready.
    pub fn open(bytes: &[u8], key_ring: JsValue, options: JsValue) -> Result<Core, JsValue> {
        let ring = plain(key_ring).and_then(plain::key_ring).map_err(|why| failure(&KeyRing::unreadable(&why)))?;
        let options = OpenOptions::read(options)
            .map_err(|why| option_invalid(&why, "use `now`, `minVersion`, `disclosure` and `profile`"))?;
        let now = options.now.ok_or_else(|| option_invalid("`now` is no time", "send UTC milliseconds"))?;
        let min_version = u64::try_from(options.min_version.unwrap_or(0))
            .map_err(|_| option_invalid("`minVersion` is no version", "send a whole number"))?;
        let disclosure = match options.disclosure.as_deref() {
            None | Some("public") => Disclosure::Public,
            Some("full") => Disclosure::Full,
            Some(_) => return Err(option_invalid("there is no such disclosure", "use `public` or `full`")),
        };
        let profile = match options.profile.as_deref() {
            None | Some("storefront") => Profile::Storefront,
            Some("edge") => Profile::Edge,
            Some(_) => return Err(option_invalid("there is no such profile", "use `storefront` or `edge`")),
        };
        let policy = Policy { now, min_version, profile, expiry: Expiry::Enforce };
        let engine = Engine::open(bytes, &ring, Options { policy, disclosure }).map_err(|error| failure(&error))?;
        Ok(Core {
            engine,
            kinds: crate::engine::reasons().collect(),
            slots: vec![0.0; flat::request_slots(2_048)],
            links: Vec::with_capacity(MAX_LINES),
            body: Vec::new(),
            answer: Vec::with_capacity(1_024),
            cart: Cart::default(),
            sessions: Vec::new(),
            current: None,
            error: None,
            quote_length: 0,
        })
    }

    /// The head of the snapshot and what the encoder needs to know of it, as JSON.
    pub fn describe(&self) -> String {
        let mut out = Vec::new();
        let manifest = self.engine.manifest();
        let vocabulary = self.engine.catalog().vocabulary();
        let texts = |out: &mut Vec<u8>, name: &str, texts: &mut dyn Iterator<Item = &str>| {
            write::raw(out, name);
            for (index, text) in texts.enumerate() {
                out.push(if index == 0 { b'[' } else { b',' });
                write::text(out, text);
            }
            if out.ends_with(b":") {
                out.push(b'[');
            }
            out.push(b']');
        };
        write::raw(&mut out, "{\"version\":");
        write::number(&mut out, i64::try_from(manifest.version).unwrap_or(i64::MAX));
        write::raw(&mut out, ",\"revision\":");
        write::text(&mut out, &manifest.revision.to_string());
        write::raw(&mut out, ",\"audience\":");
        write::text(&mut out, &manifest.audience);
        write::raw(&mut out, ",\"environment\":");
        write::text(&mut out, &manifest.environment);
        write::raw(&mut out, ",\"profile\":");
        write::text(&mut out, manifest.profile.name());
        write::raw(&mut out, ",\"issuedAt\":");
        write::number(&mut out, manifest.issued_at);
        write::raw(&mut out, ",\"expiresAt\":");
        write::number(&mut out, manifest.expires_at);
        let promotions = self.engine.catalog().promotions();
        texts(&mut out, ",\"campaigns\":", &mut promotions.iter().map(|promotion| promotion.record.id.as_str()));
        texts(&mut out, ",\"numbers\":", &mut vocabulary.numbers.iter().map(String::as_str));
        write::raw(&mut out, ",\"limited\":[");
        for (index, promotion) in promotions.iter().enumerate() {
            let (total, customer) = promotion.record.limited;
            let bits = i64::from(total) | (i64::from(customer) << 1);
            if index > 0 {
                out.push(b',');
            }
            write::number(&mut out, bits);
        }
        write::raw(&mut out, "],\"codes\":[");
        for (index, (code, campaign)) in self.engine.catalog().codes().iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            write::text(&mut out, code);
            out.push(b',');
            write::number(&mut out, i64::from(*campaign));
        }
        write::raw(&mut out, "],\"dimensions\":[");
        for (index, dimension) in vocabulary.dimensions.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            write::text(&mut out, dimension.kind());
            out.push(b',');
            write::text(&mut out, dimension.name());
        }
        write::raw(&mut out, "],\"words\":[");
        for (index, (dimension, spelling)) in vocabulary.words.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            write::number(&mut out, i64::from(*dimension));
            out.push(b',');
            match spelling {
                Spelling::Text(text) => write::text(&mut out, text),
                Spelling::Number(number) => write::number(&mut out, *number),
                Spelling::Boolean(boolean) => write::raw(&mut out, if *boolean { "true" } else { "false" }),
                Spelling::Present => write::raw(&mut out, "null"),
            }
        }
        write::raw(&mut out, "]}");
        String::from_utf8(out).unwrap_or_default()
    }

    /// The address of the buffer for flat requests, with room for `count` slots.
    pub fn slots(&mut self, count: usize) -> u32 {
        if self.slots.len() < count {
            self.slots.resize(count, 0.0);
        }
        address(self.slots.as_ptr())
    }

    /// How many slots the buffer has.
    pub fn slot_count(&self) -> usize {
        self.slots.len()
    }

    /// Evaluates the flat request in the buffer; returns the total, or not-a-number when the request is refused.
    pub fn evaluate(&mut self, count: usize) -> f64 {
        self.current = None;
        match flat::read(self.slots.get(..count).unwrap_or(&[]), self.engine.catalog(), &mut self.cart, &mut self.links)
        {
            Ok(()) => flat::slot(self.engine.evaluate(&self.cart).total),
            Err(error) => self.refuse(error),
        }
    }

    /// Writes the last answer; returns its address. [`Core::answer_count`] tells how long it is.
    pub fn answer(&mut self) -> u32 {
        let session = self.current.and_then(|id| self.sessions.get(id)).and_then(Option::as_ref);
        let cart = session.unwrap_or(&self.cart);
        flat::write(cart, self.engine.answer(), self.engine.balances(), &self.kinds, &mut self.answer);
        address(self.answer.as_ptr())
    }

    /// How many slots the last written answer has.
    pub fn answer_count(&self) -> usize {
        self.answer.len()
    }

    /// One number of the last answer, by its slot in the answer's head.
    pub fn head(&self, slot: usize) -> f64 {
        let answer = self.engine.answer();
        let head = [answer.subtotal, answer.discount, answer.shipping, answer.total, answer.due, answer.points];
        head.get(slot).map_or(f64::NAN, |number| flat::slot(*number))
    }

    /// Keeps the flat request in the buffer as a session; returns its number, or -1 when it is refused.
    pub fn session_open(&mut self, count: usize) -> i32 {
        let mut cart = Cart::default();
        let slots = self.slots.get(..count).unwrap_or(&[]);
        if let Err(error) = flat::read(slots, self.engine.catalog(), &mut cart, &mut self.links) {
            self.refuse(error);
            return -1;
        }
        let free = self.sessions.iter().position(Option::is_none).unwrap_or_else(|| {
            self.sessions.push(None);
            self.sessions.len().saturating_sub(1)
        });
        if let Some(place) = self.sessions.get_mut(free) {
            *place = Some(cart);
        }
        self.session_evaluate(free);
        i32::try_from(free).unwrap_or(-1)
    }

    /// Replaces a session's cart by the flat request in the buffer; returns the total, or not-a-number.
    pub fn session_replace(&mut self, session: usize, count: usize) -> f64 {
        let Some(Some(cart)) = self.sessions.get_mut(session) else { return f64::NAN };
        // a refused request leaves the session as it was
        match flat::read(self.slots.get(..count).unwrap_or(&[]), self.engine.catalog(), &mut self.cart, &mut self.links)
        {
            Ok(()) => core::mem::swap(cart, &mut self.cart),
            Err(error) => return self.refuse(error),
        }
        self.session_evaluate(session)
    }

    /// Sets the quantity of a line of a session; returns the total, or not-a-number when it is refused.
    pub fn session_set_quantity(&mut self, session: usize, line: usize, quantity: f64) -> f64 {
        let Some(Some(cart)) = self.sessions.get_mut(session) else { return f64::NAN };
        let before = cart.given_line(line).map_or(0, |line| line.quantity);
        let set = flat::quantity(quantity, line).and_then(|quantity| {
            cart.set_quantity(line, quantity);
            let checked = cart.check_total();
            if checked.is_err() {
                cart.set_quantity(line, before);
            }
            checked
        });
        match set {
            Ok(()) => self.session_evaluate(session),
            Err(error) => self.refuse(error),
        }
    }

    /// Makes a session's answer the last one, at the moment `now`, or at its own where that is not-a-number.
    pub fn session_at(&mut self, session: usize, now: f64) -> f64 {
        match (self.sessions.get_mut(session), whole(now)) {
            (Some(Some(cart)), Some(now)) => cart.now = now,
            // nothing has been evaluated since
            _ if self.current == Some(session) => return flat::slot(self.engine.answer().total),
            _ => {}
        }
        self.session_evaluate(session)
    }

    /// Forgets a session.
    pub fn session_close(&mut self, session: usize) {
        if let Some(place) = self.sessions.get_mut(session) {
            *place = None;
        }
    }

    fn session_evaluate(&mut self, session: usize) -> f64 {
        self.current = Some(session);
        match self.sessions.get(session) {
            Some(Some(cart)) => flat::slot(self.engine.evaluate(cart).total),
            _ => f64::NAN,
        }
    }

    /// The address of the buffer for bodies, with room for `length` bytes.
    pub fn body(&mut self, length: usize) -> u32 {
        if self.body.len() < length {
            self.body.resize(length, 0);
        }
        address(self.body.as_ptr())
    }

    /// Answers the body in the buffer; returns the address of the answer, 0 when the request is refused. `now`
    /// overrides the body's; not-a-number leaves it, and `fallback` is the moment where the body has none.
    pub fn quote_bytes(&mut self, length: usize, now: f64, fallback: f64) -> u32 {
        let body = self.body.get(..length).unwrap_or(&[]);
        let moment = request::Moment { given: whole(now), fallback: whole(fallback) };
        self.current = None;
        match self.engine.quote_bytes_at(body, moment) {
            Ok(quote) => {
                let (at, length) = (address(quote.as_ptr()), quote.len());
                self.quote_length = length;
                at
            }
            Err(error) => {
                self.refuse(error);
                0
            }
        }
    }

    /// How many bytes the last quote has.
    pub fn quote_length(&self) -> usize {
        self.quote_length
    }

    /// The campaign of the code whose UTF-8 bytes are in the body buffer, or -1.
    pub fn code(&self, length: usize) -> i32 {
        let typed = core::str::from_utf8(self.body.get(..length).unwrap_or(&[])).unwrap_or("");
        match request::entered(typed, self.engine.catalog()) {
            crate::cart::EnteredCode::Campaign(index) => i32::try_from(index).unwrap_or(-1),
            crate::cart::EnteredCode::Unknown => -1,
        }
    }

    /// The day whose text is in the body buffer, in days since 1970-01-01; infinite when it is no day.
    pub fn day(&self, length: usize) -> f64 {
        let text = core::str::from_utf8(self.body.get(..length).unwrap_or(&[])).unwrap_or("");
        time::CivilDate::parse(text).map_or(f64::INFINITY, |date| flat::slot(date.days()))
    }

    /// A reason of an answer as JSON, by its slots.
    pub fn reason(&self, currency: u32, promotion: i32, reason: &[f64]) -> String {
        let [_, x, y, z] = currency.to_be_bytes();
        let letters = [x, y, z];
        let currency = core::str::from_utf8(&letters).ok().and_then(Currency::parse).unwrap_or(Currency::NONE);
        let Some(reason) = flat::reason(reason, &self.kinds) else { return String::new() };
        let catalog = self.engine.catalog();
        let promotion = u32::try_from(promotion).ok().and_then(|index| catalog.promotion(index));
        let mut out = Vec::new();
        quote::reason_json(catalog, currency, promotion.map(|promotion| &promotion.record), &reason, &mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    /// Takes the error of the call that was refused.
    pub fn take_error(&mut self) -> JsValue {
        self.error.take().map_or(JsValue::NULL, |error| failure(&error))
    }

    fn refuse(&mut self, error: Error) -> f64 {
        self.error = Some(error);
        f64::NAN
    }
}

/// Random bytes from the host, for an idempotency key: 26 symbols of Crockford's base 32, 130 bits.
///
/// # Errors
/// `random_unavailable` when the host has no source of random bytes.
#[wasm_bindgen]
pub fn idempotency_key() -> Result<String, JsValue> {
    let mut bytes = [0_u8; 26];
    getrandom::fill(&mut bytes).map_err(|_| {
        let help = "call it where `crypto.getRandomValues` exists; not at the top level of a Worker";
        failure(&Diagnostic::new("random_unavailable", "the host gives no random bytes", help).into())
    })?;
    const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let symbol = |byte: &u8| SYMBOLS.get(usize::from(byte & 31)).copied().map_or('0', char::from);
    Ok(bytes.iter().map(symbol).collect())
}

fn address<T>(at: *const T) -> u32 {
    u32::try_from(at.addr()).unwrap_or(0)
}
