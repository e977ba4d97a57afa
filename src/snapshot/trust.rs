//! A role of the key ring after it was checked: the only form in which keys are believed.

use alloc::vec::Vec;
use core::num::NonZeroUsize;

use crate::error::{Diagnostic, Error};
use crate::pointer::Pointer;

use super::key_ring::{KeyRing, RingKey, Role, RoleKeys};
use super::limits::{is_name, MAX_KEYS};
use super::public_key::{KeyId, PublicKey, PublicKeyFault};
use super::refusal;

/// A role with at least one key and a threshold that its keys can reach.
#[derive(Clone, Debug)]
pub(super) struct TrustedRole {
    pub(super) role: Role,
    pub(super) threshold: NonZeroUsize,
    keys: Vec<TrustedKey>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct TrustedKey {
    pub(super) id: KeyId,
    pub(super) key: PublicKey,
    pub(super) valid_from: Option<i64>,
    pub(super) valid_until: Option<i64>,
}

impl TrustedKey {
    /// The end is exclusive.
    pub(super) fn is_valid_at(&self, now: i64) -> bool {
        self.valid_from.is_none_or(|from| from <= now) && self.valid_until.is_none_or(|until| now < until)
    }
}

impl TrustedRole {
    pub(super) fn key(&self, id: KeyId) -> Option<&TrustedKey> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// Whether one of the keys, of which one is enough, has signed these bytes.
    pub(super) fn signs_alone(&self, signed: &[u8], signature: &[u8; 64], now: i64) -> bool {
        let mut valid = self.keys.iter().filter(|key| key.is_valid_at(now));
        self.threshold.get() == 1 && valid.any(|key| key.key.verifies(signed, signature))
    }
}

/// The roles of a ring without a fault.
#[derive(Debug)]
pub(super) struct Trusted(Vec<TrustedRole>);

impl Trusted {
    /// One of the roles.
    pub(super) fn role(&self, wanted: Role) -> Result<&TrustedRole, Error> {
        self.0.iter().find(|role| role.role == wanted).ok_or_else(|| refusal::role_missing(wanted))
    }

    /// The keys of pulses, if there are any.
    pub(super) fn into_pulse(self) -> Option<TrustedRole> {
        self.0.into_iter().find(|role| role.role == Role::Pulse)
    }
}

/// Checks the whole ring.
#[inline(never)]
pub(super) fn trust(ring: &KeyRing) -> Result<Trusted, Error> {
    let (roles, faults) = examine(ring);
    match Error::from_diagnostics(faults) {
        Some(error) => Err(error),
        None => Ok(Trusted(roles)),
    }
}

/// All faults of a ring, and its roles as far as they can be read; they are only good when there is no fault.
pub(super) fn examine(ring: &KeyRing) -> (Vec<TrustedRole>, Vec<Diagnostic>) {
    let mut faults = Vec::new();
    for (pointer, name) in [("/audience", &ring.audience), ("/environment", &ring.environment)] {
        if !is_name(name) {
            faults.push(refusal::name_length(pointer));
        }
    }
    let mut roles = Vec::new();
    for (role, keys) in ring.roles.iter() {
        roles.extend(examine_role(role, keys, &mut faults));
    }
    one_key_one_role(&roles, &mut faults);
    (roles, faults)
}

fn examine_role(role: Role, given: &RoleKeys, faults: &mut Vec<Diagnostic>) -> Option<TrustedRole> {
    let base = Pointer::root().key("roles").key(role.name());
    if given.keys.len() > MAX_KEYS {
        faults.push(refusal::too_many_keys(base.as_str(), MAX_KEYS, given.keys.len()));
        return None;
    }
    let mut keys: Vec<TrustedKey> = Vec::with_capacity(given.keys.len());
    for (index, key) in given.keys.iter().enumerate() {
        let at = base.key("keys").index(index);
        let Some(key) = examine_key(&at, key, faults) else { continue };
        // By id, so that no signature can ever be looked up under two keys; equal keys have equal ids.
        if keys.iter().any(|other| other.id == key.id) {
            faults.push(refusal::key_twice(at.as_str()));
            continue;
        }
        keys.push(key);
    }
    let threshold = usize::try_from(given.threshold).ok().and_then(NonZeroUsize::new);
    let threshold = threshold.filter(|threshold| threshold.get() <= given.keys.len());
    if threshold.is_none() {
        faults.push(refusal::threshold_out_of_reach(base.as_str(), given.threshold, given.keys.len()));
    }
    threshold.map(|threshold| TrustedRole { role, threshold, keys })
}

fn examine_key(at: &Pointer, given: &RingKey, faults: &mut Vec<Diagnostic>) -> Option<TrustedKey> {
    if given.name.as_ref().is_some_and(|name| !is_name(name)) {
        faults.push(refusal::name_length(at.key("name").as_str()));
    }
    if let (Some(from), Some(until)) = (given.valid_from, given.valid_until) {
        if from >= until {
            faults.push(refusal::validity_ends_early(at.as_str()));
        }
    }
    let (valid_from, valid_until) = (given.valid_from, given.valid_until);
    match PublicKey::parse(&given.public_key) {
        Ok(key) => Some(TrustedKey { id: key.id(), key, valid_from, valid_until }),
        Err(fault) => {
            let message = match fault {
                PublicKeyFault::NotHex => "a public key is 64 lower-case hexadecimal digits",
                PublicKeyFault::NotCanonical => "these digits are no Ed25519 public key in its canonical form",
                PublicKeyFault::Weak => "this is a point of small order: anyone could sign for it",
            };
            faults.push(refusal::public_key_fault(at.as_str(), message));
            None
        }
    }
}

/// The pulse key is online and the root keys are in a safe: a key in two roles gives the power of both to
/// whoever gets at the weaker place.
fn one_key_one_role(roles: &[TrustedRole], faults: &mut Vec<Diagnostic>) {
    for (at, role) in roles.iter().enumerate() {
        let earlier = roles.iter().take(at);
        for key in &role.keys {
            if let Some(other) = earlier.clone().find(|other| other.key(key.id).is_some()) {
                faults.push(refusal::key_in_two_roles(role.role, key.id, other.role));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::limits::MAX_NAME_BYTES;
    use crate::snapshot::SecretKey;
    use alloc::string::String;
    use alloc::vec;

    fn key(seed: usize) -> RingKey {
        RingKey::new(&SecretKey::from_seed(&[u8::try_from(seed).unwrap(); 32]).public_key())
    }

    fn role(threshold: u32, keys: Vec<RingKey>) -> RoleKeys {
        RoleKeys { threshold, keys }
    }

    fn ring(publisher: RoleKeys) -> KeyRing {
        let mut ring = KeyRing::with_publisher("shop", "production", &[]);
        ring.roles.publisher = publisher;
        ring
    }

    /// The places of all faults.
    fn faults(ring: &KeyRing) -> Vec<String> {
        let faults = ring.validate();
        assert!(faults.iter().all(|fault| fault.code == "key_ring_invalid" && !fault.help.is_empty()));
        faults.into_iter().map(|fault| fault.at.unwrap().pointer).collect()
    }

    #[test]
    fn a_threshold_is_between_one_and_the_number_of_keys() {
        for keys in 1..4 {
            for threshold in 0..6 {
                let found = faults(&ring(role(threshold, (1..=keys).map(key).collect())));
                let sound = threshold >= 1 && threshold as usize <= keys;
                assert_eq!(found.is_empty(), sound, "{threshold} of {keys}: {found:?}");
            }
        }
        assert_eq!(faults(&ring(role(1, vec![]))), ["/roles/publisher/threshold"]);
        assert_eq!(faults(&ring(role(u32::MAX, vec![key(1)]))), ["/roles/publisher/threshold"]);
    }

    #[test]
    fn keys_end_at_their_limit() {
        assert_eq!(faults(&ring(role(1, (1..=MAX_KEYS - 1).map(key).collect()))), [""; 0]);
        assert_eq!(faults(&ring(role(16, (1..=MAX_KEYS).map(key).collect()))), [""; 0]);
        assert_eq!(faults(&ring(role(1, (1..=MAX_KEYS + 1).map(key).collect()))), ["/roles/publisher/keys"]);
    }

    #[test]
    fn names_end_at_their_limit() {
        let named = |length: usize| {
            let name = "n".repeat(length);
            let mut ring = ring(role(1, vec![RingKey { name: Some(name.clone()), ..key(1) }]));
            (ring.audience, ring.environment) = (name.clone(), name);
            faults(&ring)
        };
        let everywhere = ["/audience", "/environment", "/roles/publisher/keys/0/name"];
        assert_eq!(named(0), everywhere);
        assert_eq!(named(1), [""; 0]);
        assert_eq!(named(MAX_NAME_BYTES), [""; 0]);
        assert_eq!(named(MAX_NAME_BYTES + 1), everywhere);
    }

    #[test]
    fn a_time_of_validity_has_a_length() {
        let valid = |from, until| {
            let key = RingKey { valid_from: Some(from), valid_until: Some(until), ..key(1) };
            faults(&ring(role(1, vec![key])))
        };
        assert_eq!(valid(5, 4), ["/roles/publisher/keys/0/validUntil"]);
        assert_eq!(valid(5, 5), ["/roles/publisher/keys/0/validUntil"]);
        assert_eq!(valid(5, 6), [""; 0]);
    }

    #[test]
    fn every_fault_is_reported_with_its_place() {
        let mut ring = ring(role(9, vec![key(1), key(2), key(1)]));
        ring.roles.root = Some(role(1, vec![RingKey { public_key: "01".repeat(31), ..key(1) }]));
        ring.roles.pulse = Some(role(1, vec![RingKey { public_key: "00".repeat(32), ..key(1) }, key(3)]));
        assert_eq!(
            faults(&ring),
            [
                "/roles/root/keys/0/publicKey",
                "/roles/publisher/keys/2/publicKey",
                "/roles/publisher/threshold",
                "/roles/pulse/keys/0/publicKey",
            ]
        );
    }

    #[test]
    fn a_key_has_one_role() {
        let mut ring = ring(role(1, vec![key(1), key(2)]));
        ring.roles.root = Some(role(1, vec![key(3)]));
        ring.roles.pulse = Some(role(1, vec![key(4)]));
        assert_eq!(faults(&ring), [""; 0]);
        assert_eq!(trust(&ring).unwrap().role(Role::Pulse).unwrap().role, Role::Pulse);
        ring.roles.pulse = Some(role(1, vec![key(2)]));
        assert_eq!(faults(&ring), ["/roles/pulse/keys"]);
        // A fault anywhere in the ring spoils every role of it.
        assert_eq!(trust(&ring).unwrap_err().code(), "key_ring_invalid");
    }

    #[test]
    fn a_role_that_is_not_there_is_not_trusted() {
        let refusal = trust(&ring(role(1, vec![key(1)]))).unwrap().role(Role::Root).unwrap_err();
        assert_eq!(
            (refusal.code(), refusal.first().at.as_ref().unwrap().pointer.as_str()),
            ("key_ring_invalid", "/roles")
        );
    }
}
