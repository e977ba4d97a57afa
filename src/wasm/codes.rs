//! What an edge needs of codes that are one of many: to open a snapshot that has a million of them, and to ask for one.

#![allow(unsafe_code, reason = "an export needs a name of its own")]

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use super::exports::{address, instance, Instance};
use super::workshop::option_invalid;
use super::{flat, opening};
use crate::catalog::Opened;
use crate::code::{normalise, MAX_CODE_LENGTH};
use crate::codes::{build, list, name_of, Batch, Fingerprint, Issued, Pepper};
use crate::error::{Diagnostic, Error};
use crate::snapshot::{heavy, open_head, Ceilings, KeyRing, SectionEntry};
use crate::time::Interval;

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// What a head says of the sections that belong to it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    /// Bytes of the head itself.
    length: usize,
    version: u64,
    sections: Vec<SectionEntry>,
}

/// Where root documents lead.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Lead<'a> {
    key_ring: &'a KeyRing,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
    ceilings: &'a Ceilings,
}

/// Where the long sections stand of the snapshot in the buffer, which is as for `cf_open`: addresses and lengths. Who hashes
/// them there and puts the hashes where `cf_hashes` says saves `cf_open` the work.
#[unsafe(no_mangle)]
extern "C" fn cf_heavy(snapshot: usize, key_ring: usize, options: usize, root: usize) -> u32 {
    let instance = instance();
    match places(instance, [snapshot, key_ring, options, root]) {
        Ok(places) => instance.answer(&serde_json::to_vec(&places).unwrap_or_default()),
        Err(error) => instance.refuse(error),
    }
}

fn places(instance: &Instance, parts: [usize; 4]) -> Result<Vec<(usize, usize)>, Error> {
    let [snapshot, key_ring, options, _] = parts;
    let (options, _) = opening::options_of_edge(instance.input(snapshot.saturating_add(key_ring), options))?;
    let file = instance.input(0, snapshot);
    let from = file.as_ptr().addr();
    let places = heavy(file, &instance.ring(parts, options.policy.now)?, &options.policy)?;
    Ok(places.into_iter().map(|place| (from.saturating_add(place.start), place.len())).collect())
}

/// Where so many hashes are put, 32 bytes each.
#[unsafe(no_mangle)]
extern "C" fn cf_hashes(count: usize) -> u32 {
    let instance = instance();
    instance.hashes = alloc::vec![[0; 32]; count];
    address(instance.hashes.as_ptr())
}

/// Where the file stands that was opened, where it is kept; 0 where it is not.
#[unsafe(no_mangle)]
extern "C" fn cf_file() -> u32 {
    let instance = instance();
    let Some(file) = instance.register().map(|codes| (codes.file().as_ptr(), codes.file().len())) else { return 0 };
    instance.tell_length(file.1);
    address(file.0)
}

/// What the head in the buffer says of its sections, as JSON. What follows it there, the options among it, is as for
/// `cf_open`.
#[unsafe(no_mangle)]
extern "C" fn cf_head(head: usize, key_ring: usize, options: usize, root: usize) -> u32 {
    let instance = instance();
    let parts = [head, key_ring, options, root];
    let read = || {
        let (options, _) = opening::options_of_edge(instance.input(head.saturating_add(key_ring), options))?;
        open_head(instance.input(0, head), &instance.ring(parts, options.policy.now)?, &options.policy)
    };
    match read() {
        Ok((manifest, length)) => {
            let head = Head { length, version: manifest.version, sections: manifest.sections };
            instance.answer(&serde_json::to_vec(&head).unwrap_or_default())
        }
        Err(error) => instance.refuse(error),
    }
}

/// The key ring that root documents lead to from the one in the buffer, as JSON. They stand there as for `cf_open`, with
/// nothing in the place of the snapshot.
#[unsafe(no_mangle)]
extern "C" fn cf_root(key_ring: usize, options: usize, root: usize) -> u32 {
    let instance = instance();
    let parts = [0, key_ring, options, root];
    let follow = || {
        let (options, _) = opening::options_of_edge(instance.input(key_ring, options))?;
        instance.ring(parts, options.policy.now)
    };
    match follow() {
        Ok(ring) => {
            let KeyRing { expires_at, ceilings, .. } = &ring;
            let lead = Lead { key_ring: &ring, expires_at: *expires_at, ceilings };
            instance.answer(&serde_json::to_vec(&lead).unwrap_or_default())
        }
        Err(error) => instance.refuse(error),
    }
}

/// What is known of the code whose UTF-8 bytes are in the buffer: the address of its campaign, its state, what is on it, the
/// letters of its currency, how often it may be used, and when it ends. Of a code for one customer the state
/// is 4 more. 0 when there is no such code.
#[unsafe(no_mangle)]
extern "C" fn cf_find(length: usize) -> u32 {
    let instance = instance();
    if length > MAX_CODE_LENGTH.saturating_mul(4) {
        return 0;
    }
    let typed = core::str::from_utf8(instance.input(0, length)).unwrap_or("");
    let Some(found) = instance.register().and_then(|codes| codes.find(typed)) else { return 0 };
    let entry = found.entry;
    let letters = found.currency.map_or(0, |[a, b, c]| u32::from_be_bytes([0, a, b, c]));
    let ends = match entry.expires {
        0 => 0,
        day => i64::from(day).saturating_add(1).saturating_mul(DAY),
    };
    let numbers = [
        i64::from(found.campaign),
        i64::from(entry.state) | i64::from(entry.holder != 0) << 2,
        i64::try_from(entry.balance).unwrap_or(i64::MAX),
        i64::from(letters),
        i64::from(entry.uses),
        ends,
    ];
    instance.found = numbers.map(flat::slot);
    address(instance.found.as_ptr())
}

/// Codes that a customer has shown, and how long what they open is granted.
#[derive(Deserialize)]
struct Asked {
    codes: Vec<String>,
    customer: Option<String>,
    from: i64,
    until: i64,
}

/// What the codes in the buffer, which are JSON with their customer and a time, open: the campaign of each, a zero, and the
/// section for a grant.
#[unsafe(no_mangle)]
extern "C" fn cf_granting(length: usize) -> u32 {
    let instance = instance();
    let opened = instance.with_engine(length, |engine, body| {
        let asked: Asked = serde_json::from_slice(body).map_err(|error| option_invalid(&error))?;
        let codes: Vec<&str> = asked.codes.iter().map(String::as_str).collect();
        let life = Interval { from: asked.from, until: asked.until };
        let Opened { section, campaigns } = engine.granting(&codes, asked.customer.as_deref(), life);
        Ok([serde_json::to_vec(&campaigns).unwrap_or_default().as_slice(), &[0], &section].concat())
    });
    match opened {
        Ok(bytes) => instance.answer(&bytes),
        Err(error) => instance.refuse(error),
    }
}

/// What books name a code by whose UTF-8 bytes are in the buffer: the same for every spelling of it, whatever the pepper.
#[unsafe(no_mangle)]
extern "C" fn cf_code_name(length: usize) -> u32 {
    let instance = instance();
    let name = name_of(core::str::from_utf8(instance.input(0, length)).unwrap_or_default());
    instance.answer(name.as_bytes())
}

/// The code in the buffer in the form in which codes are compared.
#[unsafe(no_mangle)]
extern "C" fn cf_normalise(length: usize) -> u32 {
    let instance = instance();
    let code = normalise(core::str::from_utf8(instance.input(0, length)).unwrap_or_default());
    instance.answer(code.as_bytes())
}

/// Lines of a code list, whose first line is `head`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Lines {
    head: String,
    lines: String,
    /// The number of the first line.
    line: u64,
    pepper: String,
    has_currency: bool,
}

/// What is kept of a code, as hosts store it: fingerprint and holder in hexadecimal digits, balance, uses, last day, state.
#[derive(Deserialize, Serialize)]
struct Kept(String, u64, String, u16, u16, u8);

impl Kept {
    fn of(issued: &Issued) -> Kept {
        let Issued { fingerprint, balance, holder, uses, expires, state, .. } = *issued;
        let digits = |bits: u64| alloc::format!("{bits:016x}");
        Kept(digits(fingerprint.bits()), balance, digits(holder), uses, expires, state)
    }

    fn issued(self, campaign: u16) -> Option<Issued> {
        let Kept(fingerprint, balance, holder, uses, expires, state) = self;
        let bits = |digits: &str| u64::from_str_radix(digits, 16).ok();
        let (fingerprint, holder) = (Fingerprint::from_bits(bits(&fingerprint)?), bits(&holder)?);
        Some(Issued { fingerprint, campaign, balance, holder, uses, expires, state })
    }
}

/// What is kept of the codes of the lines in the buffer.
#[unsafe(no_mangle)]
extern "C" fn cf_code_rows(length: usize) -> u32 {
    let instance = instance();
    match kept_of(instance.input(0, length)) {
        Ok(kept) => instance.answer(&serde_json::to_vec(&kept).unwrap_or_default()),
        Err(error) => instance.refuse(error),
    }
}

fn kept_of(body: &[u8]) -> Result<Vec<Kept>, Error> {
    let Lines { head, lines, line, pepper, has_currency } =
        serde_json::from_slice(body).map_err(|error| option_invalid(&error))?;
    let pepper = pepper_of(&pepper)?;
    let rows = list::rows(&head, &lines, line, has_currency)?;
    Ok(rows.iter().map(|row| Kept::of(&row.issued(&pepper, 0))).collect())
}

fn pepper_of(digits: &str) -> Result<Pepper, Error> {
    let help = "give the 64 lower-case hexadecimal digits of the pepper's file";
    let refused = || Diagnostic::new("option_invalid", "this is no pepper", help).into();
    Pepper::from_hex(digits).ok_or_else(refused)
}

/// Codes of one campaign of a table that is being made.
#[derive(Deserialize)]
struct Added {
    campaign: u16,
    codes: Vec<Kept>,
}

/// Puts the codes in the buffer into the table that is being made.
#[unsafe(no_mangle)]
extern "C" fn cf_table_add(length: usize) -> u32 {
    let instance = instance();
    match serde_json::from_slice::<Added>(instance.input(0, length)) {
        Ok(Added { campaign, codes }) => {
            instance.issued.extend(codes.into_iter().filter_map(|kept| kept.issued(campaign)));
            instance.answer(&[])
        }
        Err(error) => instance.refuse(option_invalid(&error)),
    }
}

/// For whom a table is made.
#[derive(Deserialize)]
struct Table {
    /// Each with its currency, where its codes have balances.
    campaigns: Vec<String>,
    pepper: String,
}

/// Makes the table of the codes that were put into it.
#[unsafe(no_mangle)]
extern "C" fn cf_table_build(length: usize) -> u32 {
    let instance = instance();
    let issued = core::mem::take(&mut instance.issued);
    let table = serde_json::from_slice::<Table>(instance.input(0, length)).map_err(|error| option_invalid(&error));
    let built = table.and_then(|Table { campaigns, pepper }| {
        let batch = Batch { sequence: 1, pepper: pepper_of(&pepper)?.id(), campaigns };
        build(&batch, issued)
    });
    match built {
        Ok(segment) => instance.answer(&segment),
        Err(error) => instance.refuse(error),
    }
}
