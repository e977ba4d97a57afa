//! Every way in which a snapshot, a key ring or a secret key is refused, in one place: the codes are a contract
//! with the hosts, the words and remedies belong together.

use super::envelope::DocumentType;
use super::key_ring::Role;
use super::manifest::Profile;
use super::public_key::KeyId;
use crate::error::{Document, Error, Fault, FixBy, Value};

mod key;

pub(super) use key::{
    key_in_two_roles, key_ring_unreadable, key_twice, name_length, public_key_fault, role_missing,
    secret_key_unreadable, threshold_out_of_reach, too_many_keys, validity_ends_early,
};

const FETCH_AGAIN: &str = "fetch the file again; if it stays the same, publish it again";
const UPDATE: &str = "update counterfoil in this host, or publish with the version this host has";

/// A refusal of a snapshot.
const fn snapshot(
    code: &'static str,
    pointer: &'static str,
    message: &'static str,
    help: &'static str,
    values: &'static [&'static str],
) -> Fault {
    Fault { code, message, help, document: Document::Snapshot, pointer, values, fix_by: FixBy::Developer }
}

/// The largest whole number that every host can tell from its neighbours: JavaScript's are doubles.
const LARGEST: i64 = 9_007_199_254_740_991;

/// A length that a damaged file claims can be any; one beyond the largest is as good as the largest.
fn number(value: u64) -> Value<'static> {
    Value::Number(i64::try_from(value).unwrap_or(LARGEST).min(LARGEST))
}

/// How long, in the largest unit that fits, for people: a number and a word.
fn span(milliseconds: i64) -> (i64, &'static str) {
    const UNITS: [(i64, &str, &str); 4] = [
        (86_400_000, "day", "days"),
        (3_600_000, "hour", "hours"),
        (60_000, "minute", "minutes"),
        (1_000, "second", "seconds"),
    ];
    for (length, one, many) in UNITS {
        match milliseconds.checked_div(length) {
            Some(1) => return (1, one),
            Some(count) if count > 1 => return (count, many),
            _ => {}
        }
    }
    (milliseconds, "milliseconds")
}

// The envelope.

static TOO_LARGE: Fault = snapshot(
    "snapshot_too_large",
    "",
    "{what}: {actual}, where at most {limit} is allowed",
    "publish less in one snapshot, or use the edge profile where it is meant",
    &["what", "actual", "limit"],
);

pub(super) fn too_large(what: &'static str, actual: u64, limit: u64) -> Error {
    TOO_LARGE.error(&[Value::Text(what), number(actual), number(limit)])
}

static TRUNCATED: Fault = snapshot("snapshot_malformed", "", "the file ends inside its {part}", FETCH_AGAIN, &["part"]);

pub(super) fn truncated(part: &'static str) -> Error {
    TRUNCATED.error(&[Value::Text(part)])
}

static NOT_A_SNAPSHOT: Fault = snapshot(
    "snapshot_malformed",
    "",
    "the bytes do not begin like a counterfoil document",
    "check the address: a web page or an error text is often served in place of the file",
    &[],
);

pub(super) fn not_a_snapshot() -> Error {
    NOT_A_SNAPSHOT.error(&[])
}

static ENVELOPE_VERSION: Fault = snapshot(
    "format_unsupported",
    "",
    "the envelope has version {found}; this reader knows version 1",
    UPDATE,
    &["found"],
);

pub(super) fn envelope_version(found: u8) -> Error {
    ENVELOPE_VERSION.error(&[number(found.into())])
}

static UNKNOWN_DOCUMENT_TYPE: Fault =
    snapshot("snapshot_malformed", "", "there is no document type {type}", FETCH_AGAIN, &["type"]);

pub(super) fn unknown_document_type(byte: u8) -> Error {
    UNKNOWN_DOCUMENT_TYPE.error(&[number(byte.into())])
}

static WRONG_DOCUMENT_TYPE: Fault = snapshot(
    "snapshot_malformed",
    "",
    "the document is a {found}, where a {expected} is expected",
    "check the address: documents of each type have their own",
    &["found", "expected"],
);

pub(super) fn wrong_document_type(found: DocumentType, expected: DocumentType) -> Error {
    WRONG_DOCUMENT_TYPE.error(&[Value::Text(found.name()), Value::Text(expected.name())])
}

// The signatures.

static KEY_UNKNOWN: Fault = snapshot(
    "key_unknown",
    "",
    "signed by key {keyId}, which is not a {role} key of the key ring",
    "update the key ring of this host if the key is yours; otherwise distrust the source",
    &["keyId", "role"],
);

pub(super) fn key_unknown(role: Role, key: KeyId) -> Error {
    KEY_UNKNOWN.error(&[Value::Text(&key.to_hex()), Value::Text(role.name())])
}

static SIGNATURE_INVALID: Fault = snapshot(
    "signature_invalid",
    "",
    "the signature in the name of key {keyId} is not its signature of this document",
    "do not use the file: it was altered or damaged after it was signed; fetch it again",
    &["keyId", "role"],
);

pub(super) fn signature_invalid(role: Role, key: KeyId) -> Error {
    SIGNATURE_INVALID.error(&[Value::Text(&key.to_hex()), Value::Text(role.name())])
}

/// A key that would have counted at another time.
pub(super) struct OutOfSeason {
    pub(super) key: KeyId,
    pub(super) valid_from: Option<i64>,
    pub(super) valid_until: Option<i64>,
}

const SIGN_MORE: &str = "sign with as many distinct, currently valid keys of the role as the key ring asks for";

static THRESHOLD_NOT_MET: Fault = snapshot(
    "threshold_not_met",
    "",
    "{valid} of the {threshold} required {role} signatures count",
    SIGN_MORE,
    &["role", "valid", "threshold"],
);

static KEY_OUT_OF_SEASON: Fault = snapshot(
    "threshold_not_met",
    "",
    "{valid} of the {threshold} required {role} signatures count; key {keyId} is outside its time of validity",
    SIGN_MORE,
    &["role", "valid", "threshold", "keyId"],
);

pub(super) fn threshold_not_met(role: Role, valid: usize, threshold: usize, out: Option<OutOfSeason>) -> Error {
    let (role, valid, threshold) = (Value::Text(role.name()), number(valid as u64), number(threshold as u64));
    let Some(out) = out else { return THRESHOLD_NOT_MET.error(&[role, valid, threshold]) };
    let mut refusal = KEY_OUT_OF_SEASON.diagnostic(&[role, valid, threshold, Value::Text(&out.key.to_hex())]);
    for (name, time) in [("validFrom", out.valid_from), ("validUntil", out.valid_until)] {
        if let Some(time) = time {
            refusal = refusal.number(name, time);
        }
    }
    refusal.into()
}

// The manifest.

static MANIFEST_FORMAT: Fault = snapshot(
    "format_unsupported",
    "/format",
    "the manifest has format {found}; this reader knows format {_known}",
    UPDATE,
    &["found", "_known"],
);

pub(super) fn manifest_version(found: u8) -> Error {
    MANIFEST_FORMAT.error(&[number(found.into()), number(super::FORMAT_VERSION.into())])
}

static UNKNOWN_PROFILE: Fault =
    snapshot("format_unsupported", "/profile", "this reader knows no profile {found}", UPDATE, &["found"]);

pub(super) fn unknown_profile(byte: u8) -> Error {
    UNKNOWN_PROFILE.error(&[number(byte.into())])
}

static UNKNOWN_CRITICAL_SECTION: Fault = snapshot(
    "format_unsupported",
    "/sections/{section}/kind",
    "section {section} is of kind {kind}, which this reader does not know and must not skip",
    UPDATE,
    &["section", "kind"],
);

pub(super) fn unknown_critical_section(index: usize, kind: u8) -> Error {
    UNKNOWN_CRITICAL_SECTION.error(&[number(index as u64), number(kind.into())])
}

static DOCUMENT_FAULT: Fault = snapshot(
    "snapshot_malformed",
    "{_pointer}",
    "{_message}",
    "mend what is published; no reader accepts it",
    &["_pointer", "_message"],
);

pub(super) fn document_fault(pointer: &str, message: &'static str) -> Error {
    DOCUMENT_FAULT.error(&[Value::Text(pointer), Value::Text(message)])
}

// Whether it is meant for this host, now.

static AUDIENCE_MISMATCH: Fault = snapshot(
    "audience_mismatch",
    "/audience",
    "the snapshot is for \"{found}\"; this host serves \"{expected}\"",
    "fetch the snapshot of this shop, or use the key ring of the other",
    &["found", "expected"],
);

pub(super) fn audience_mismatch(found: &str, expected: &str) -> Error {
    AUDIENCE_MISMATCH.error(&[Value::Text(found), Value::Text(expected)])
}

static ENVIRONMENT_MISMATCH: Fault = snapshot(
    "environment_mismatch",
    "/environment",
    "the snapshot is for the environment \"{found}\"; this host runs in \"{expected}\"",
    "publish to this environment from its own campaigns",
    &["found", "expected"],
);

pub(super) fn environment_mismatch(found: &str, expected: &str) -> Error {
    ENVIRONMENT_MISMATCH.error(&[Value::Text(found), Value::Text(expected)])
}

static PROFILE_MISMATCH: Fault = snapshot(
    "profile_mismatch",
    "/profile",
    "the snapshot is made for the {found}; this host is the {expected}",
    "fetch the other half of the same publication; an edge snapshot must never reach a browser",
    &["found", "expected"],
);

pub(super) fn profile_mismatch(found: Profile, expected: Profile) -> Error {
    PROFILE_MISMATCH.error(&[Value::Text(found.name()), Value::Text(expected.name())])
}

static EXPIRED: Fault = Fault {
    fix_by: FixBy::Merchant,
    ..snapshot(
        "snapshot_expired",
        "/expiresAt",
        "the snapshot expired {_count} {_unit} ago",
        "publish again; if that was done, check why the new one does not arrive",
        &["expiresAt", "now", "_count", "_unit"],
    )
};

pub(super) fn expired(expires_at: i64, now: i64) -> Error {
    ended(&EXPIRED, expires_at, now)
}

fn ended(fault: &'static Fault, expires_at: i64, now: i64) -> Error {
    let (count, unit) = span(now.saturating_sub(expires_at));
    fault.error(&[Value::Number(expires_at), Value::Number(now), Value::Number(count), Value::Text(unit)])
}

const ROOT_AGAIN: &str = "sign and hand out the next root document; hosts follow it";

static ROOT_EXPIRED: Fault = snapshot(
    "root_expired",
    "/expiresAt",
    "the last root document expired {_count} {_unit} ago",
    ROOT_AGAIN,
    &["expiresAt", "now", "_count", "_unit"],
);

pub(super) fn root_expired(expires_at: i64, now: i64) -> Error {
    ended(&ROOT_EXPIRED, expires_at, now)
}

static ROOT_OUT_OF_ORDER: Fault = snapshot(
    "root_out_of_order",
    "/version",
    "a root document has version {version} where {expected} follows",
    ROOT_AGAIN,
    &["version", "expected"],
);

pub(super) fn root_out_of_order(version: u64, expected: u64) -> Error {
    ROOT_OUT_OF_ORDER.error(&[number(version), number(expected)])
}

static ROOT_OUTDATED: Fault = snapshot(
    "root_outdated",
    "/rootVersion",
    "the snapshot was published under root document {rootVersion}; this host knows {known}",
    "hand this host the newer root documents",
    &["rootVersion", "known"],
);

pub(super) fn root_outdated(root_version: u64, known: u64) -> Error {
    ROOT_OUTDATED.error(&[number(root_version), number(known)])
}

static CEILING_EXCEEDED: Fault = snapshot(
    "ceiling_exceeded",
    "/expiresAt",
    "the snapshot lives longer than the root document allows",
    "publish for a shorter time",
    &["actual", "limit"],
);

pub(super) fn ceiling_exceeded(actual: u64, limit: u64) -> Error {
    CEILING_EXCEEDED.error(&[number(actual), number(limit)])
}

static PULSE_EXPIRED: Fault = snapshot(
    "pulse_expired",
    "/expiresAt",
    "the pulse expired {_count} {_unit} ago",
    "find out why no newer one arrives",
    &["expiresAt", "now", "_count", "_unit"],
);

pub(super) fn pulse_expired(expires_at: i64, now: i64) -> Error {
    ended(&PULSE_EXPIRED, expires_at, now)
}

static GRANT_INVALID: Fault = snapshot(
    "grant_invalid",
    "",
    "the grant is not for this snapshot and this customer, or nobody has signed it who may",
    "ask the shop for another one",
    &[],
);

pub(super) fn grant_invalid() -> Error {
    GRANT_INVALID.error(&[])
}

static GRANT_EXPIRED: Fault = snapshot(
    "grant_expired",
    "/expiresAt",
    "the grant expired {_count} {_unit} ago",
    "ask the shop for another one",
    &["expiresAt", "now", "_count", "_unit"],
);

pub(super) fn grant_expired(expires_at: i64, now: i64) -> Error {
    ended(&GRANT_EXPIRED, expires_at, now)
}

static PULSE_MISSING: Fault = snapshot(
    "pulse_missing",
    "",
    "at the edge nothing is quoted without a pulse that is good now",
    "hand the engine a pulse; find out why no newer one arrives",
    &["now"],
);

pub(crate) fn pulse_missing(now: i64) -> Error {
    PULSE_MISSING.error(&[Value::Number(now)])
}

static PULSE_ROLLED_BACK: Fault = snapshot(
    "pulse_rolled_back",
    "/issuedAt",
    "the pulse is older than the one in use",
    FETCH_AGAIN,
    &["issuedAt", "last"],
);

pub(super) fn pulse_rolled_back(issued_at: i64, last: i64) -> Error {
    PULSE_ROLLED_BACK.error(&[Value::Number(issued_at), Value::Number(last)])
}

static PULSE_MISMATCH: Fault = snapshot(
    "pulse_mismatch",
    "/manifest",
    "the pulse confirms another snapshot of version {version}",
    "do not use the snapshot: two were made under one version; publish with a higher one",
    &["version"],
);

pub(super) fn pulse_mismatch(version: u64) -> Error {
    PULSE_MISMATCH.error(&[number(version)])
}

static NOT_YET_VALID: Fault = snapshot(
    "snapshot_not_yet_valid",
    "/issuedAt",
    "the snapshot is issued {_count} {_unit} in the future",
    "set the clock of this host, or of the one that publishes",
    &["issuedAt", "now", "_count", "_unit"],
);

pub(super) fn not_yet_valid(issued_at: i64, now: i64) -> Error {
    let (count, unit) = span(issued_at.saturating_sub(now));
    NOT_YET_VALID.error(&[Value::Number(issued_at), Value::Number(now), Value::Number(count), Value::Text(unit)])
}

static ROLLED_BACK: Fault = snapshot(
    "snapshot_rolled_back",
    "/version",
    "the snapshot has version {version}; version {minVersion} was already in use",
    "publish with a higher version; to return to old rules, publish them anew",
    &["version", "minVersion"],
);

static ROOT_ROLLED_BACK: Fault = snapshot(
    "snapshot_rolled_back",
    "/rootVersion",
    "the snapshot was published under root document {rootVersion}; one under {minRootVersion} was already in use",
    "publish under the last root document",
    &["rootVersion", "minRootVersion"],
);

pub(super) fn root_rolled_back(root_version: u64, floor: u64) -> Error {
    ROOT_ROLLED_BACK.error(&[number(root_version), number(floor)])
}

pub(super) fn rolled_back(version: u64, floor: u64) -> Error {
    ROLLED_BACK.error(&[number(version), number(floor)])
}

// The sections.

static ENDS_EARLY: Fault = snapshot(
    "snapshot_malformed",
    "/sections",
    "the file ends inside its sections: {actual} of {expected} bytes are there",
    FETCH_AGAIN,
    &["expected", "actual"],
);

static GOES_ON: Fault = snapshot(
    "snapshot_malformed",
    "/sections",
    "the file goes on after its sections: {actual} bytes, where {expected} are announced",
    FETCH_AGAIN,
    &["expected", "actual"],
);

pub(super) fn wrong_length(expected: u64, actual: u64) -> Error {
    let fault = if actual < expected { &ENDS_EARLY } else { &GOES_ON };
    fault.error(&[number(expected), number(actual)])
}

static SECTION_MISMATCH: Fault = snapshot(
    "section_mismatch",
    "/sections/{section}/sha256",
    "section {section} is not the one that the manifest names",
    "do not use the file: it was altered, damaged or put together from two; fetch it again",
    &["section", "kind"],
);

pub(super) fn section_mismatch(index: usize, kind: u8) -> Error {
    SECTION_MISMATCH.error(&[number(index as u64), number(kind.into())])
}
