//! What tools need besides quotes: to check, compile and sign campaigns, to make keys, and to tell how a quote came about
//! and what a return is paid. Called seldom, by a console or a server, so all of it crosses as JSON bytes; no storefront
//! downloads it.
//!
//! Beside the exports that every build has, and in the same manner: what a call needs is in the buffer for bytes, what it
//! answers is at the address it returns.

#![allow(unsafe_code, reason = "an export needs a name of its own")]

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::exports::instance;
use super::flat;
use crate::compile::{compile, Compiled, EdgeHalf, ListedCodes, SealedCode, Source};
use crate::error::{Diagnostic, Error};
use crate::host::Engine;
use crate::money::Currency;
use crate::publication::seal_half;
use crate::request::Moment;
use crate::snapshot::{ManifestFields, NamedSecretKey, Profile, Pulse, RingKey, Role, SecretKey};
use crate::time::Interval;

/// Campaign documents by name, and the time for which they are compiled.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Documents {
    documents: BTreeMap<String, Value>,
    from: i64,
    until: i64,
}

/// What compiling says besides the section.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    campaigns: usize,
    /// The programme section, where there is one.
    #[serde(skip_serializing_if = "str::is_empty")]
    programme: &'a str,
    warnings: &'a [Diagnostic],
    /// What of them keeps campaigns from being published until somebody says that they mean it.
    grave: Vec<&'static str>,
    /// How long the section is; what the edge has besides follows it.
    section: usize,
    /// The campaigns whose codes are listed.
    code_lists: Vec<ListReport<'a>>,
}

/// A campaign whose codes are listed.
#[derive(Serialize)]
struct ListReport<'a> {
    campaign: &'a str,
    /// The currency of balances.
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'a str>,
}

impl<'a> ListReport<'a> {
    fn of(listed: &'a ListedCodes) -> ListReport<'a> {
        let ListedCodes { campaign, currency, .. } = listed;
        ListReport { campaign, currency: currency.as_ref().map(Currency::code) }
    }
}

/// What the edge has besides, where some campaign is not open: compiling gives it and signing takes it as it is, postcard.
#[derive(Serialize, Deserialize)]
struct Besides {
    section: Vec<u8>,
    programme: Vec<u8>,
    hidden: Vec<u32>,
    listed: Vec<u32>,
    sealed: usize,
    /// Of each code that opens a sealed campaign: the campaign, the code, and what it opens.
    codes: Vec<(String, String, Vec<u8>)>,
}

impl Besides {
    fn of(edge: EdgeHalf, codes: Vec<SealedCode>) -> Besides {
        let EdgeHalf { section, programme, hidden, listed, sealed } = edge;
        let codes = codes.into_iter().map(|SealedCode { campaign, code, part }| (campaign, code, part));
        Besides { section, programme, hidden, listed, sealed, codes: codes.collect() }
    }

    fn parts(self) -> (EdgeHalf, Vec<SealedCode>) {
        let Besides { section, programme, hidden, listed, sealed, codes } = self;
        let codes = codes.into_iter().map(|(campaign, code, part)| SealedCode { campaign, code, part });
        (EdgeHalf { section, programme, hidden, listed, sealed }, codes.collect())
    }
}

/// For whom a snapshot is signed, and with what.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Terms {
    audience: String,
    environment: String,
    version: u64,
    issued_at: i64,
    expires_at: i64,
    keys: Vec<Value>,
    #[serde(default)]
    programme: String,
    #[serde(default)]
    root_version: u64,
    /// How long what everyone may see is, which is first in the buffer.
    section: usize,
    /// How long what the edge has besides is, which follows; a table of codes is last.
    edge: usize,
    /// Whether the half of the edge is signed.
    is_private: bool,
}

/// What a pulse says of the open snapshot, and with what it is signed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PulseTerms {
    issued_at: i64,
    expires_at: i64,
    #[serde(default)]
    stopped: Vec<String>,
    #[serde(default)]
    min_version: Option<u64>,
    keys: Vec<Value>,
}

/// A new key: the file that signs, and what a key ring lists.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyPair {
    secret_key: NamedSecretKey,
    public_key: RingKey,
}

/// Tells how the quote of the body in the buffer came about: `{ "quote": …, "trace": … }`.
#[unsafe(no_mangle)]
extern "C" fn cf_trace(length: usize, now: f64, fallback: f64) -> u32 {
    let moment = Moment { given: flat::whole(now), fallback: flat::whole(fallback) };
    let instance = instance();
    match instance.with_engine(length, |engine, body| engine.trace_bytes(body, moment)) {
        Ok(told) => instance.answer(&told),
        Err(error) => instance.refuse(error),
    }
}

/// What the ledger counts by: the programme of the snapshot.
#[unsafe(no_mangle)]
extern "C" fn cf_programme() -> u32 {
    let instance = instance();
    match instance.with_engine(0, |engine, _| engine.programme()) {
        Ok(programme) => instance.answer(&programme),
        Err(error) => instance.refuse(error),
    }
}

/// What the return in the buffer is paid.
#[unsafe(no_mangle)]
extern "C" fn cf_refund(length: usize, fallback: f64) -> u32 {
    let moment = Moment { given: None, fallback: flat::whole(fallback) };
    let instance = instance();
    match instance.with_engine(length, |engine, body| engine.refund_bytes(body, moment)) {
        Ok(refund) => instance.answer(&refund),
        Err(error) => instance.refuse(error),
    }
}

/// What follows from what has happened, which is in the buffer.
#[unsafe(no_mangle)]
extern "C" fn cf_follow(length: usize, fallback: f64) -> u32 {
    let moment = Moment { given: None, fallback: flat::whole(fallback) };
    let instance = instance();
    match instance.with_engine(length, |engine, body| engine.follow_bytes(body, moment)) {
        Ok(told) => instance.answer(&told),
        Err(error) => instance.refuse(error),
    }
}

/// The segments that the customer in the buffer is in.
#[unsafe(no_mangle)]
extern "C" fn cf_segments(length: usize) -> u32 {
    let instance = instance();
    match instance.with_engine(length, |engine, body| engine.segments_bytes(body)) {
        Ok(told) => instance.answer(&told),
        Err(error) => instance.refuse(error),
    }
}

/// What is wrong with the documents in the buffer, were they published together: a list of diagnostics.
#[unsafe(no_mangle)]
extern "C" fn cf_check(length: usize) -> u32 {
    let instance = instance();
    let found = match documents(instance.input(0, length)) {
        Err(error) => return instance.refuse(error),
        Ok(compiled) => match compiled {
            Ok(compiled) => compiled.warnings,
            Err(error) => error.diagnostics().cloned().collect(),
        },
    };
    instance.answer(&json(&found))
}

/// Compiles the documents in the buffer: how many campaigns there are and what is odd about them as JSON, a zero, the section
/// of a snapshot, and what the edge has besides.
#[unsafe(no_mangle)]
extern "C" fn cf_compile(length: usize) -> u32 {
    let instance = instance();
    match documents(instance.input(0, length)).and_then(|compiled| compiled) {
        Ok(compiled) => {
            let grave = compiled.grave();
            let Compiled { section, programme, campaigns, warnings, edge, sealed, code_lists } = compiled;
            let report = json(&Report {
                campaigns,
                programme: core::str::from_utf8(&programme).unwrap_or_default(),
                warnings: &warnings,
                grave,
                section: section.len(),
                code_lists: code_lists.iter().map(ListReport::of).collect(),
            });
            let besides = edge.map(|edge| postcard::to_allocvec(&Besides::of(edge, sealed)).unwrap_or_default());
            instance.answer(&[report.as_slice(), &[0], &section, &besides.unwrap_or_default()].concat())
        }
        Err(error) => instance.refuse(error),
    }
}

/// Signs what is in the buffer, which its terms follow; answers with the snapshot.
#[unsafe(no_mangle)]
extern "C" fn cf_sign(section: usize, terms: usize) -> u32 {
    let instance = instance();
    match sign(instance.input(0, section), instance.input(section, terms)) {
        Ok(snapshot) => instance.answer(&snapshot),
        Err(error) => instance.refuse(error),
    }
}

/// Signs a pulse for the open snapshot by the terms in the buffer.
#[unsafe(no_mangle)]
extern "C" fn cf_pulse_sign(length: usize) -> u32 {
    let instance = instance();
    match instance.with_engine(length, |engine, terms| sign_pulse(engine, terms)) {
        Ok(pulse) => instance.answer(&pulse),
        Err(error) => instance.refuse(error),
    }
}

/// Makes a publisher's key whose name is in the buffer.
#[unsafe(no_mangle)]
extern "C" fn cf_keygen(length: usize) -> u32 {
    let instance = instance();
    let mut seed = [0_u8; 32];
    if getrandom::fill(&mut seed).is_err() {
        let help = "call it where `crypto.getRandomValues` exists; not at the top level of a Worker";
        let refused = Diagnostic::new("random_unavailable", "the host gives no random bytes", help);
        return instance.refuse(refused.into());
    }
    let name = core::str::from_utf8(instance.input(0, length)).unwrap_or_default();
    let secret_key =
        NamedSecretKey { role: Role::Publisher, name: name.into(), secret_key: SecretKey::from_seed(&seed) };
    let public_key = RingKey { name: Some(name.into()), ..RingKey::new(&secret_key.secret_key.public_key()) };
    instance.answer(&json(&KeyPair { secret_key, public_key }))
}

/// Reads documents and compiles them: the outer refusal is the call's, the inner one theirs.
fn documents(body: &[u8]) -> Result<Result<Compiled, Error>, Error> {
    let Documents { documents, from, until } = serde_json::from_slice(body).map_err(|error| option_invalid(&error))?;
    let sources = documents.into_iter().map(|(name, document)| Source { name, document });
    Ok(compile(&sources.collect::<Vec<_>>(), Interval { from, until }))
}

fn sign(bytes: &[u8], terms: &[u8]) -> Result<Vec<u8>, Error> {
    let terms: Terms = serde_json::from_slice(terms).map_err(|error| option_invalid(&error))?;
    let keys = secret_keys(&terms.keys, Role::Publisher)?;
    let cut = "the lengths are not those of what is signed";
    let (section, rest) = bytes.split_at_checked(terms.section).ok_or_else(|| option_invalid(&cut))?;
    let (besides, codes) = rest.split_at_checked(terms.edge).ok_or_else(|| option_invalid(&cut))?;
    let (edge, sealed) = if besides.is_empty() {
        (None, Vec::new())
    } else {
        let besides: Besides = postcard::from_bytes(besides).map_err(|error| option_invalid(&error))?;
        let (edge, sealed) = besides.parts();
        (Some(edge), sealed)
    };
    let (section, programme) = (section.to_vec(), terms.programme.into_bytes());
    let (code_lists, warnings) = (Vec::new(), Vec::new());
    let compiled = Compiled { section, programme, edge, sealed, code_lists, campaigns: 0, warnings };
    let fields = ManifestFields {
        audience: &terms.audience,
        environment: &terms.environment,
        profile: if terms.is_private { Profile::Edge } else { Profile::Storefront },
        revision: None,
        version: terms.version,
        issued_at: terms.issued_at,
        expires_at: terms.expires_at,
        root_version: terms.root_version,
    };
    let secrets: Vec<&SecretKey> = keys.iter().map(|key| &key.secret_key).collect();
    let codes: &[&[u8]] = if codes.is_empty() { &[] } else { &[codes] };
    seal_half(&compiled, codes, &fields, &secrets)
}

fn secret_keys(keys: &[Value], role: Role) -> Result<Vec<NamedSecretKey>, Error> {
    let keys = keys.iter().map(|key| {
        // a key may come as the file that it lies in
        let text = key.as_str().map_or_else(|| String::from_utf8(json(key)).unwrap_or_default(), String::from);
        NamedSecretKey::from_json(&text)
    });
    let keys: Vec<NamedSecretKey> = keys.collect::<Result<_, _>>()?;
    if let Some(key) = keys.iter().find(|key| key.role != role) {
        let (message, help) = match role {
            Role::Pulse => ("this key signs no pulses", "sign with a pulse key"),
            _ => ("this key signs no snapshots", "sign with a publisher's key"),
        };
        let refused = Diagnostic::new("key_role_mismatch", message, help);
        return Err(refused.text("role", key.role.name()).into());
    }
    Ok(keys)
}

fn sign_pulse(engine: &Engine, terms: &[u8]) -> Result<Vec<u8>, Error> {
    let terms: PulseTerms = serde_json::from_slice(terms).map_err(|error| option_invalid(&error))?;
    let keys = secret_keys(&terms.keys, Role::Pulse)?;
    let secrets: Vec<&SecretKey> = keys.iter().map(|key| &key.secret_key).collect();
    let pulse = engine.pulse(terms.issued_at, terms.expires_at, terms.stopped);
    let min_version = terms.min_version.unwrap_or(pulse.version);
    Pulse { min_version, ..pulse }.seal(&secrets)
}

pub(super) fn option_invalid(error: &dyn core::fmt::Display) -> Error {
    let help = "see the types of `counterfoil/workshop`; times are whole UTC milliseconds";
    Diagnostic::new("option_invalid", alloc::format!("{error}"), help).into()
}

fn json(value: &impl Serialize) -> Vec<u8> {
    // texts, numbers and lists always have a form
    serde_json::to_vec(value).unwrap_or_default()
}
