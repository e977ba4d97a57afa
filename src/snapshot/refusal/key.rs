//! Refusals of key rings and of secret keys.

use super::super::key_ring::Role;
use super::super::public_key::KeyId;
use super::number;
use crate::error::{Diagnostic, Document, Error, Fault, FixBy, Value};

/// A refusal of a key ring, at `{_at}` unless another place is given.
const fn key_ring(
    pointer: &'static str,
    message: &'static str,
    help: &'static str,
    values: &'static [&'static str],
) -> Fault {
    let (code, document, fix_by) = ("key_ring_invalid", Document::KeyRing, FixBy::Developer);
    Fault { code, message, help, document, pointer, values, fix_by }
}

static KEY_RING_UNREADABLE: Fault = key_ring(
    "",
    "the key ring cannot be read: {_reason}",
    "compare it with the example in docs/snapshot-format.md; every field name counts",
    &["_reason"],
);

pub(in crate::snapshot) fn key_ring_unreadable(reason: &str) -> Error {
    KEY_RING_UNREADABLE.error(&[Value::Text(reason)])
}

static ROLE_MISSING: Fault =
    key_ring("/roles", "the key ring has no {_role} role", "add the role with its keys", &["_role"]);

pub(in crate::snapshot) fn role_missing(role: Role) -> Error {
    ROLE_MISSING.error(&[Value::Text(role.name())])
}

static NAME_LENGTH: Fault =
    key_ring("{_at}", "a name has 1 to 128 bytes", "use the short name that the publisher uses", &["_at"]);

pub(in crate::snapshot) fn name_length(at: &str) -> Diagnostic {
    NAME_LENGTH.diagnostic(&[Value::Text(at)])
}

static TOO_MANY_KEYS: Fault = key_ring(
    "{_at}/keys",
    "a role has at most {_most} keys, not {_count}",
    "drop the keys that are no longer used",
    &["_at", "_most", "_count"],
);

pub(in crate::snapshot) fn too_many_keys(at: &str, most: usize, count: usize) -> Diagnostic {
    TOO_MANY_KEYS.diagnostic(&[Value::Text(at), number(most as u64), number(count as u64)])
}

static KEY_TWICE: Fault = key_ring(
    "{_at}/publicKey",
    "the same key stands twice in one role",
    "list each key once; a threshold counts keys, not entries",
    &["_at"],
);

pub(in crate::snapshot) fn key_twice(at: &str) -> Diagnostic {
    KEY_TWICE.diagnostic(&[Value::Text(at)])
}

static THRESHOLD_OUT_OF_REACH: Fault = key_ring(
    "{_at}/threshold",
    "a threshold of {threshold} cannot stand over {_count} keys",
    "ask for at least one signature and for no more than there are keys",
    &["_at", "threshold", "_count"],
);

pub(in crate::snapshot) fn threshold_out_of_reach(at: &str, threshold: u32, count: usize) -> Diagnostic {
    THRESHOLD_OUT_OF_REACH.diagnostic(&[Value::Text(at), number(threshold.into()), number(count as u64)])
}

static VALIDITY_ENDS_EARLY: Fault = key_ring(
    "{_at}/validUntil",
    "the key's time of validity ends before it begins",
    "set `validUntil` after `validFrom`; both are UTC milliseconds",
    &["_at"],
);

pub(in crate::snapshot) fn validity_ends_early(at: &str) -> Diagnostic {
    VALIDITY_ENDS_EARLY.diagnostic(&[Value::Text(at)])
}

static PUBLIC_KEY_FAULT: Fault = key_ring(
    "{_at}/publicKey",
    "{_message}",
    "copy the public key that keygen wrote; do not type it",
    &["_at", "_message"],
);

pub(in crate::snapshot) fn public_key_fault(at: &str, message: &'static str) -> Diagnostic {
    PUBLIC_KEY_FAULT.diagnostic(&[Value::Text(at), Value::Text(message)])
}

static KEY_IN_TWO_ROLES: Fault = key_ring(
    "/roles/{_role}/keys",
    "key {_key} is also a {_other} key",
    "give each role its own keys",
    &["_role", "_key", "_other"],
);

pub(in crate::snapshot) fn key_in_two_roles(role: Role, key: KeyId, other: Role) -> Diagnostic {
    let values = [Value::Text(role.name()), Value::Text(&key.to_hex()), Value::Text(other.name())];
    KEY_IN_TWO_ROLES.diagnostic(&values)
}

static SECRET_KEY_UNREADABLE: Fault = Fault {
    code: "secret_key_invalid",
    ..key_ring(
        "",
        "the secret key document cannot be read (line {line}, column {column})",
        "it holds role, name and secretKey (64 lower-case hexadecimal digits), as keygen writes it",
        &["line", "column"],
    )
};

/// Speaks of the place only: the parser's own words may quote the secret.
pub(in crate::snapshot) fn secret_key_unreadable(line: usize, column: usize) -> Error {
    let mut refusal = SECRET_KEY_UNREADABLE.diagnostic(&[number(line as u64), number(column as u64)]);
    // the place is in another document than the engine knows
    refusal.at = None;
    refusal.into()
}
