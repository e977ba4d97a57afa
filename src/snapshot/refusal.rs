//! Every way in which a snapshot, a key ring or a secret key is refused, in one place: the codes are a contract
//! with the hosts, the words and remedies belong together.

use crate::error::{Diagnostic, Document, Error, FixBy};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};

use super::envelope::DocumentType;
use super::key_ring::Role;
use super::manifest::Profile;
use super::public_key::KeyId;

const FETCH_AGAIN: &str = "Fetch the file again; if it stays the same, publish it again.";
const UPDATE: &str = "Update counterfoil in this host, or publish with the version this host has.";

fn snapshot(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    Diagnostic::new(code, message, help).at(Document::Snapshot, "")
}

fn manifest(code: &'static str, pointer: &str, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    Diagnostic::new(code, message, help).at(Document::Snapshot, pointer)
}

/// The largest whole number that every host can tell from its neighbours: JavaScript's are doubles.
const LARGEST: i64 = 9_007_199_254_740_991;

/// A length that a damaged file claims can be any; one beyond the largest is as good as the largest.
fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(LARGEST).min(LARGEST)
}

/// The largest unit that fits, for people.
fn span(milliseconds: i64) -> String {
    let seconds = milliseconds.checked_div(1000).unwrap_or(0);
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let fitting = units.iter().find_map(|(length, unit)| match seconds.checked_div(*length) {
        Some(count) if count > 0 => Some((count, *unit)),
        _ => None,
    });
    match fitting {
        Some((1, unit)) => format!("1 {unit}"),
        Some((count, unit)) => format!("{count} {unit}s"),
        None => "less than a second".to_owned(),
    }
}

// The envelope.

pub(super) fn too_large(what: &'static str, actual: u64, limit: u64) -> Error {
    let message = format!("{what}: {actual}, where at most {limit} is allowed.");
    snapshot("snapshot_too_large", message, "Publish less in one snapshot, or use the edge profile where it is meant.")
        .text("what", what)
        .number("actual", number(actual))
        .number("limit", number(limit))
        .into()
}

pub(super) fn truncated(part: &'static str) -> Error {
    snapshot("snapshot_malformed", format!("The file ends inside its {part}."), FETCH_AGAIN).text("part", part).into()
}

pub(super) fn not_a_snapshot() -> Error {
    let help = "Check the address: a web page or an error text is often served in place of the file.";
    snapshot("snapshot_malformed", "The bytes do not begin like a counterfoil document.", help).into()
}

pub(super) fn envelope_version(found: u8) -> Error {
    snapshot("format_unsupported", format!("The envelope has version {found}; this reader knows version 1."), UPDATE)
        .number("found", i64::from(found))
        .into()
}

pub(super) fn unknown_document_type(byte: u8) -> Error {
    snapshot("snapshot_malformed", format!("There is no document type {byte}."), FETCH_AGAIN)
        .number("type", i64::from(byte))
        .into()
}

pub(super) fn wrong_document_type(found: DocumentType, expected: DocumentType) -> Error {
    let message = format!("The document is a {}, where a {} is expected.", found.name(), expected.name());
    snapshot("snapshot_malformed", message, "Check the address: documents of each type have their own.")
        .text("found", found.name())
        .text("expected", expected.name())
        .into()
}

// The signatures.

pub(super) fn key_unknown(role: Role, key: KeyId) -> Error {
    let message = format!("Signed by key {key}, which is not a {} key of the key ring.", role.name());
    snapshot(
        "key_unknown",
        message,
        "Update the key ring of this host if the key is yours; otherwise distrust the source.",
    )
    .text("keyId", key.to_string())
    .text("role", role.name())
    .into()
}

pub(super) fn signature_invalid(role: Role, key: KeyId) -> Error {
    let message = format!("The signature in the name of key {key} is not its signature of this document.");
    snapshot(
        "signature_invalid",
        message,
        "Do not use the file: it was altered or damaged after it was signed. Fetch it again.",
    )
    .text("keyId", key.to_string())
    .text("role", role.name())
    .into()
}

/// A key that would have counted at another time.
pub(super) struct OutOfSeason {
    pub(super) key: KeyId,
    pub(super) valid_from: Option<i64>,
    pub(super) valid_until: Option<i64>,
}

pub(super) fn threshold_not_met(role: Role, valid: usize, threshold: usize, out: Option<OutOfSeason>) -> Error {
    let mut message = format!("{valid} of the {threshold} required {} signatures count.", role.name());
    if let Some(out) = &out {
        message.push_str(&format!(" Key {} is outside its time of validity.", out.key));
    }
    let help = "Sign with as many distinct, currently valid keys of the role as the key ring asks for.";
    let mut refusal = snapshot("threshold_not_met", message, help)
        .text("role", role.name())
        .number("valid", number(valid as u64))
        .number("threshold", number(threshold as u64));
    if let Some(out) = out {
        refusal = refusal.text("keyId", out.key.to_string());
        for (name, time) in [("validFrom", out.valid_from), ("validUntil", out.valid_until)] {
            if let Some(time) = time {
                refusal = refusal.number(name, time);
            }
        }
    }
    refusal.into()
}

// The manifest.

pub(super) fn manifest_version(found: u8) -> Error {
    let message = format!("The manifest has format {found}; this reader knows format {}.", super::FORMAT_VERSION);
    manifest("format_unsupported", "/format", message, UPDATE).number("found", i64::from(found)).into()
}

pub(super) fn unknown_profile(byte: u8) -> Error {
    let message = format!("This reader knows no profile {byte}.");
    manifest("format_unsupported", "/profile", message, UPDATE).number("found", i64::from(byte)).into()
}

pub(super) fn unknown_critical_section(index: usize, kind: u8) -> Error {
    let message = format!("Section {index} is of kind {kind}, which this reader does not know and must not skip.");
    manifest("format_unsupported", &format!("/sections/{index}/kind"), message, UPDATE)
        .number("section", number(index as u64))
        .number("kind", i64::from(kind))
        .into()
}

pub(super) fn manifest_fault(pointer: &str, message: &'static str) -> Error {
    manifest("snapshot_malformed", pointer, message, "Mend what is published; no reader accepts it.").into()
}

// Whether it is meant for this host, now.

pub(super) fn audience_mismatch(found: &str, expected: &str) -> Error {
    let message = format!("The snapshot is for \"{found}\"; this host serves \"{expected}\".");
    manifest(
        "audience_mismatch",
        "/audience",
        message,
        "Fetch the snapshot of this shop, or use the key ring of the other.",
    )
    .text("found", found)
    .text("expected", expected)
    .into()
}

pub(super) fn environment_mismatch(found: &str, expected: &str) -> Error {
    let message = format!("The snapshot is for the environment \"{found}\"; this host runs in \"{expected}\".");
    manifest("environment_mismatch", "/environment", message, "Publish to this environment from its own campaigns.")
        .text("found", found)
        .text("expected", expected)
        .into()
}

pub(super) fn profile_mismatch(found: Profile, expected: Profile) -> Error {
    let message = format!("The snapshot is made for the {}; this host is the {}.", found.name(), expected.name());
    let help = "Fetch the other half of the same publication. An edge snapshot must never reach a browser.";
    manifest("profile_mismatch", "/profile", message, help)
        .text("found", found.name())
        .text("expected", expected.name())
        .into()
}

pub(super) fn expired(expires_at: i64, now: i64) -> Error {
    let message = match now.saturating_sub(expires_at) {
        0 => "The snapshot expires at this very moment.".to_owned(),
        late => format!("The snapshot expired {} ago.", span(late)),
    };
    manifest(
        "snapshot_expired",
        "/expiresAt",
        message,
        "Publish again; if that was done, check why the new one does not arrive.",
    )
    .number("expiresAt", expires_at)
    .number("now", now)
    .fix_by(FixBy::Merchant)
    .into()
}

pub(super) fn not_yet_valid(issued_at: i64, now: i64) -> Error {
    let message = format!("The snapshot is issued {} in the future.", span(issued_at.saturating_sub(now)));
    manifest(
        "snapshot_not_yet_valid",
        "/issuedAt",
        message,
        "Set the clock of this host, or of the one that publishes.",
    )
    .number("issuedAt", issued_at)
    .number("now", now)
    .into()
}

pub(super) fn rolled_back(version: u64, floor: u64) -> Error {
    let message = format!("The snapshot has version {version}; version {floor} was already in use.");
    manifest(
        "snapshot_rolled_back",
        "/version",
        message,
        "Publish with a higher version; to return to old rules, publish them anew.",
    )
    .number("version", number(version))
    .number("minVersion", number(floor))
    .into()
}

// The sections.

pub(super) fn wrong_length(expected: u64, actual: u64) -> Error {
    let message = if actual < expected {
        format!("The file ends inside its sections: {actual} of {expected} bytes are there.")
    } else {
        format!("The file goes on after its sections: {actual} bytes, where {expected} are announced.")
    };
    manifest("snapshot_malformed", "/sections", message, FETCH_AGAIN)
        .number("expected", number(expected))
        .number("actual", number(actual))
        .into()
}

pub(super) fn section_mismatch(index: usize, kind: u8) -> Error {
    let message = format!("Section {index} is not the one that the manifest names.");
    let help = "Do not use the file: it was altered, damaged or put together from two. Fetch it again.";
    manifest("section_mismatch", &format!("/sections/{index}/sha256"), message, help)
        .number("section", number(index as u64))
        .number("kind", i64::from(kind))
        .into()
}

// Keys.

pub(super) fn key_ring_unreadable(reason: &str) -> Error {
    let help = "Compare it with the example in docs/snapshot-format.md; every field name counts.";
    key_ring_fault("", format!("The key ring cannot be read: {reason}"), help).into()
}

pub(super) fn key_ring_fault(pointer: &str, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    Diagnostic::new("key_ring_invalid", message, help).at(Document::KeyRing, pointer)
}

/// Speaks of the place only: the parser's own words may quote the secret.
pub(super) fn secret_key_unreadable(line: usize, column: usize) -> Error {
    let message = format!("The secret key document cannot be read (line {line}, column {column}).");
    let help = "It holds role, name and secretKey (64 lower-case hexadecimal digits), as keygen writes it.";
    Diagnostic::new("secret_key_invalid", message, help)
        .number("line", number(line as u64))
        .number("column", number(column as u64))
        .into()
}
