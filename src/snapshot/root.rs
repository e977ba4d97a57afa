//! Root documents: how the keys that a host trusts change without the host being set up anew, and what even a publisher's
//! key may not give away.
//!
//! The documents of a shop stand one behind the other in one file, the first of version 1. Each is signed by the root keys
//! of the one before it and by its own, so that a host that trusts one of them can follow to the last.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::packed::{self, packed};

use super::envelope::{sign, DocumentType, Envelope, Verified};
use super::hex;
use super::key_ring::{KeyRing, RingKey, Role, RoleKeys, Roles};
use super::limits::{MAX_ROOT_STEPS, MAX_STOREFRONT_BYTES, MAX_TIME};
use super::open::check_names;
use super::public_key::PublicKey;
use super::sign::SecretKey;
use super::{refusal, trust};

/// The version of the schema, the first byte of the body. That of documents without keys of the edge is 1, and these end where
/// those keys would be.
const FORMAT: u8 = 2;

/// All of something, in basis points.
pub const WHOLE: u16 = 10_000;

packed! {
    #[derive(Serialize)]
    struct Wire {
        format: u8,
        audience: String,
        environment: String,
        version: u64,
        expires_at: u64,
        root: WireRole,
        publisher: WireRole,
        pulse: Option<WireRole>,
        ceilings: Ceilings,
        edge: Option<WireRole>,
    }

    #[derive(Serialize)]
    struct WireRole {
        threshold: u32,
        keys: Vec<[u8; 32]>,
    }

    /// What the root allows publishers at most. Engine and ledger hold every campaign to it, so that a stolen publisher's
    /// key costs no more than this until it is replaced.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    pub struct Ceilings {
        /// The largest part of what an order's lines cost that discounts may take together, in basis points: 10000 is all.
        pub discount: u16,
        /// The longest life of a snapshot, milliseconds.
        pub life: u64,
        /// What a campaign may cost at most in all, by currency. In a currency that is not listed there are no discounts;
        /// without any, budgets are not bounded.
        #[serde(default)]
        pub budgets: Vec<CeilingBudget>,
    }

    /// The most that a campaign may cost in a currency.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    pub struct CeilingBudget {
        /// ISO 4217, upper case.
        pub currency: String,
        /// Minor units.
        pub amount: u64,
    }
}

impl Default for Ceilings {
    /// No ceiling at all.
    fn default() -> Ceilings {
        Ceilings { discount: WHOLE, life: MAX_TIME.unsigned_abs(), budgets: Vec::new() }
    }
}

/// A root document as people write it: the next key ring, until when it is good, and the ceilings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Root {
    /// The shop.
    pub audience: String,
    /// The environment.
    pub environment: String,
    /// 1 for the first, then one more each time.
    pub version: u64,
    /// From when hosts stop believing it unless another one follows, UTC milliseconds.
    pub expires_at: i64,
    /// Who may sign what from now on. Keys have no names and no times here: another document replaces them.
    pub roles: Roles,
    /// What publishers may give at most.
    #[serde(default)]
    pub ceilings: Ceilings,
}

impl Root {
    /// The key ring that a host has after this document.
    pub fn key_ring(&self) -> KeyRing {
        KeyRing {
            audience: self.audience.clone(),
            environment: self.environment.clone(),
            roles: self.roles.clone(),
            version: self.version,
            expires_at: Some(self.expires_at),
            ceilings: self.ceilings.clone(),
        }
    }

    /// The key ring that new hosts are set up with while this is the last document. It stands just before the document, so that
    /// they are handed the document too, and with it the ceilings.
    pub fn pinned(&self) -> KeyRing {
        let (version, expires_at, ceilings) = (self.version.saturating_sub(1), None, Ceilings::default());
        KeyRing { version, expires_at, ceilings, ..self.key_ring() }
    }

    /// Writes and signs the document. Where several people hold keys, each adds a signature with [`countersign`].
    ///
    /// # Errors
    ///
    /// `key_ring_invalid` for keys or thresholds that no host would trust; `snapshot_malformed` with a pointer to what no
    /// reader would accept; `snapshot_too_large`.
    pub fn seal(&self, keys: &[&SecretKey]) -> Result<Vec<u8>, Error> {
        let ring = self.key_ring();
        trust::trust(&ring)?.role(Role::Root)?;
        check(&ring)?;
        let role = |role: &RoleKeys| {
            let keys = role.keys.iter().map(|key| {
                if key.name.is_some() || key.valid_from.is_some() || key.valid_until.is_some() {
                    return Err(refusal::document_fault(
                        "/roles",
                        "keys of a root document have no names and no times",
                    ));
                }
                Ok(hex::decode(&key.public_key).unwrap_or_default())
            });
            Ok::<WireRole, Error>(WireRole { threshold: role.threshold, keys: keys.collect::<Result<_, _>>()? })
        };
        let missing = || refusal::role_missing(Role::Root);
        let wire = Wire {
            format: FORMAT,
            audience: self.audience.clone(),
            environment: self.environment.clone(),
            version: self.version,
            expires_at: self.expires_at.unsigned_abs(),
            root: role(self.roles.root.as_ref().ok_or_else(missing)?)?,
            publisher: role(&self.roles.publisher)?,
            pulse: self.roles.pulse.as_ref().map(role).transpose()?,
            ceilings: self.ceilings.clone(),
            edge: self.roles.edge.as_ref().map(role).transpose()?,
        };
        let mut body = postcard::to_allocvec(&wire).map_err(|_| refusal::document_fault("", "it cannot be written"))?;
        if let (None, Some(format)) = (&wire.edge, body.first_mut()) {
            *format = 1;
            body.pop();
        }
        sign(DocumentType::Root, &body, keys)
    }
}

impl KeyRing {
    /// The key ring that root documents lead to from this one: `chain` is the shop's file of them, from version 1 on. Those
    /// that this ring already stands for are passed over.
    ///
    /// Nothing is believed of a chain with a fault, not even the steps before it: a host goes on with the ring it has.
    ///
    /// ```
    /// use counterfoil::snapshot::{KeyRing, RingKey, RoleKeys, Roles, Root, SecretKey};
    ///
    /// let (old, new) = (SecretKey::from_seed(&[1; 32]), SecretKey::from_seed(&[2; 32]));
    /// let (publisher, root) = (SecretKey::from_seed(&[3; 32]), |key: &SecretKey| Some(role(key)));
    /// fn role(key: &SecretKey) -> RoleKeys {
    ///     RoleKeys { threshold: 1, keys: vec![RingKey::new(&key.public_key())] }
    /// }
    /// let first = Root {
    ///     audience: "demo-shop".into(), environment: "production".into(), version: 1, expires_at: 5_000,
    ///     roles: Roles { root: root(&old), publisher: role(&publisher), pulse: None, edge: None },
    ///     ceilings: Default::default(),
    /// };
    /// let second = Root { version: 2, roles: Roles { root: root(&new), ..first.roles.clone() }, ..first.clone() };
    ///
    /// // the host was set up under the first; both old and new root keys have signed the second
    /// let chain = [first.seal(&[&old])?, second.seal(&[&old, &new])?].concat();
    /// let ring = first.pinned().follow(&chain, 1_000)?;
    /// assert_eq!(ring, second.key_ring());
    ///
    /// let unsupported = [first.seal(&[&old])?, second.seal(&[&new])?].concat();
    /// assert_eq!(first.pinned().follow(&unsupported, 1_000).unwrap_err().code(), "key_unknown");
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `key_ring_invalid`: this ring, or one on the way, has a fault, or no root keys. `snapshot_malformed`,
    /// `format_unsupported`, `snapshot_too_large`, `key_unknown`, `signature_invalid`, `threshold_not_met`,
    /// `audience_mismatch`, `environment_mismatch` as for snapshots; `root_out_of_order`: the chain has a gap or goes back;
    /// `root_expired`: its last document is past its end.
    pub fn follow(&self, chain: &[u8], now: i64) -> Result<KeyRing, Error> {
        self.clone().followed(chain, now)
    }

    /// The same for who does not need the ring any more.
    ///
    /// # Errors
    ///
    /// As [`KeyRing::follow`].
    pub fn followed(self, chain: &[u8], now: i64) -> Result<KeyRing, Error> {
        if chain.len() > MAX_STOREFRONT_BYTES {
            return Err(refusal::too_large("bytes of the file", chain.len() as u64, MAX_STOREFRONT_BYTES as u64));
        }
        let pinned = self.version;
        let mut ring = self;
        let mut rest = chain;
        let mut place = 0_u64;
        while !rest.is_empty() {
            let envelope = Envelope::read(rest)?;
            rest = envelope.rest();
            place = place.saturating_add(1);
            let steps = place.saturating_sub(pinned);
            if steps > MAX_ROOT_STEPS {
                return Err(refusal::too_large("root documents", steps, MAX_ROOT_STEPS));
            }
            if steps > 0 {
                ring = step(&ring, &envelope, place, now)?;
            }
        }
        match ring.expires_at {
            Some(end) if now >= end => Err(refusal::root_expired(end, now)),
            _ => Ok(ring),
        }
    }
}

/// One step: the keys trusted so far have signed the document, and so have those that it names.
fn step(held: &KeyRing, envelope: &Envelope<'_>, place: u64, now: i64) -> Result<KeyRing, Error> {
    let verify = |ring| envelope.verify(DocumentType::Root, trust::trust(ring)?.role(Role::Root)?, now);
    let next = decode(&verify(held)?)?;
    verify(&next)?;
    check_names((&next.audience, &next.environment), (&held.audience, &held.environment))?;
    if next.version != place {
        return Err(refusal::root_out_of_order(next.version, place));
    }
    Ok(next)
}

fn decode(verified: &Verified<'_>) -> Result<KeyRing, Error> {
    let padded;
    let body = match verified.body {
        [1, ..] => {
            padded = [verified.body, &[0]].concat();
            &padded
        }
        body => body,
    };
    let Some(wire) = packed::unpack::<Wire>(body).filter(|wire| (1..=FORMAT).contains(&wire.format)) else {
        return Err(refusal::document_fault("", "the body is no root document"));
    };
    let role = |role: WireRole| {
        // a key of another form than `PublicKey` accepts is refused when the ring is examined
        let key = |bytes: &[u8; 32]| RingKey {
            name: None,
            public_key: hex::encode(bytes),
            valid_from: None,
            valid_until: None,
        };
        RoleKeys { threshold: role.threshold, keys: role.keys.iter().map(key).collect() }
    };
    let (publisher, pulse, edge) = (role(wire.publisher), wire.pulse.map(role), wire.edge.map(role));
    let roles = Roles { root: Some(role(wire.root)), publisher, pulse, edge };
    let Wire { audience, environment, version, ceilings, .. } = wire;
    let expires_at = Some(i64::try_from(wire.expires_at).unwrap_or(i64::MAX));
    let ring = KeyRing { audience, environment, roles, version, expires_at, ceilings };
    check(&ring)?;
    Ok(ring)
}

/// What the key ring's own examination does not ask; the same question for who writes and for who reads.
fn check(ring: &KeyRing) -> Result<(), Error> {
    if ring.expires_at.is_none_or(|end| !(1..=MAX_TIME).contains(&end)) || ring.ceilings.discount > WHOLE {
        return Err(refusal::document_fault("", "a time or a ceiling is out of range"));
    }
    Ok(())
}

/// Adds a signature to the last root document of a chain, for ceremonies of several people: each signs where their key is.
///
/// # Errors
///
/// `snapshot_malformed`: no chain, or it does not end with a root document; `snapshot_too_large`: more than 8 signatures.
pub fn countersign(chain: &[u8], key: &SecretKey) -> Result<Vec<u8>, Error> {
    let mut before = 0_usize;
    loop {
        let (done, rest) = chain.split_at_checked(before).unwrap_or_default();
        let envelope = Envelope::read(rest)?;
        if envelope.rest().is_empty() {
            let document = envelope.with_signature(key)?;
            return Ok([done, &document].concat());
        }
        before = chain.len().saturating_sub(envelope.rest().len());
    }
}

/// A chain taken apart for people: what each document says and who has signed it, **without** any of it being verified.
///
/// # Errors
///
/// `snapshot_malformed`: not root documents one behind the other.
pub fn inspect(chain: &[u8]) -> Result<Vec<(Root, Vec<String>)>, Error> {
    let mut documents = Vec::new();
    let mut rest = chain;
    while !rest.is_empty() {
        let envelope = Envelope::read(rest)?;
        rest = envelope.rest();
        let signers = envelope.signers().map(|id| id.to_string()).collect();
        let KeyRing { audience, environment, roles, version, expires_at, ceilings } = decode(&envelope.unverified())?;
        let expires_at = expires_at.unwrap_or_default();
        documents.push((Root { audience, environment, version, expires_at, roles, ceilings }, signers));
    }
    Ok(documents)
}

/// A role that any `threshold` of `keys` may fill.
pub fn role_of(threshold: u32, keys: &[PublicKey]) -> RoleKeys {
    RoleKeys { threshold, keys: keys.iter().map(RingKey::new).collect() }
}
