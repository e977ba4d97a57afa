//! The key ring: which public keys a host trusts, for what, and for which shop.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde::de::Visitor;
use serde::{forward_to_deserialize_any, Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Diagnostic, Error};

use super::public_key::PublicKey;
use super::root::Ceilings;
use super::{refusal, trust};

/// What a key may sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Replaces keys and sets ceilings; kept offline.
    Root,
    /// Signs manifests.
    Publisher,
    /// Says that a manifest is still current; online and short-lived.
    Pulse,
    /// Signs what the edge hands to pages: quote tokens and grants; online.
    Edge,
}

impl Role {
    /// The word used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Role::Root => "root",
            Role::Publisher => "publisher",
            Role::Pulse => "pulse",
            Role::Edge => "edge",
        }
    }
}

/// The public keys a host trusts, as they stand in its configuration. A value of this type may hold faults:
/// [`validate`](KeyRing::validate) lists them, [`open`](super::open) refuses to work with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, remote = "Self")]
pub struct KeyRing {
    /// The shop whose snapshots are accepted.
    pub audience: String,
    /// The environment whose snapshots are accepted: production, staging.
    pub environment: String,
    /// Who may sign what.
    pub roles: Roles,
    /// The last root document that it stands behind: a host follows from the next one. 0 where it stands before the first, or
    /// there are none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub version: u64,
    /// From when it must not be used; said by a root document only.
    #[serde(skip)]
    pub expires_at: Option<i64>,
    /// What its publishers may give at most; said by a root document only.
    #[serde(skip)]
    pub ceilings: Ceilings,
}

/// The roles of a key ring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, remote = "Self")]
pub struct Roles {
    /// Root keys, where the ring itself is kept up to date by signed documents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<RoleKeys>,
    /// Keys that sign manifests.
    pub publisher: RoleKeys,
    /// Keys that sign pulses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pulse: Option<RoleKeys>,
    /// Keys that sign quote tokens and grants, each alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edge: Option<RoleKeys>,
}

impl Roles {
    /// The roles that are there, the most powerful first.
    pub fn iter(&self) -> impl Iterator<Item = (Role, &RoleKeys)> {
        let root = (Role::Root, self.root.as_ref());
        let publisher = (Role::Publisher, Some(&self.publisher));
        let (pulse, edge) = ((Role::Pulse, self.pulse.as_ref()), (Role::Edge, self.edge.as_ref()));
        let roles = [root, publisher, pulse, edge];
        roles.into_iter().filter_map(|(role, keys)| Some((role, keys?)))
    }
}

/// The keys of one role and how many of them must have signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, remote = "Self")]
pub struct RoleKeys {
    /// How many distinct keys must have signed: at least 1, at most all.
    pub threshold: u32,
    /// The keys, at most [`MAX_KEYS`](super::limits::MAX_KEYS).
    pub keys: Vec<RingKey>,
}

/// One key of a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, remote = "Self")]
pub struct RingKey {
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The Ed25519 public key as 64 lower-case hexadecimal digits.
    pub public_key: String,
    /// From when its signatures count, UTC milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<i64>,
    /// From when they no longer count, UTC milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<i64>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(version: &u64) -> bool {
    *version == 0
}

/// Asks the source for every field it has. Sources that look for known fields only, as the one for JavaScript
/// objects does, would let a misspelt `validUntil` pass as a key without an end.
struct EveryField<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for EveryField<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

macro_rules! with_every_field {
    ($($name:ident)*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                $name::deserialize(EveryField(deserializer))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $name::serialize(self, serializer)
            }
        }
    )*};
}

with_every_field!(KeyRing Roles RoleKeys RingKey);

impl RingKey {
    /// A key without name and without an end.
    pub fn new(key: &PublicKey) -> RingKey {
        RingKey { name: None, public_key: key.to_string(), valid_from: None, valid_until: None }
    }
}

impl KeyRing {
    /// A ring that trusts any one of `keys` to publish.
    pub fn with_publisher(audience: &str, environment: &str, keys: &[PublicKey]) -> KeyRing {
        let publisher = RoleKeys { threshold: 1, keys: keys.iter().map(RingKey::new).collect() };
        KeyRing {
            audience: audience.to_owned(),
            environment: environment.to_owned(),
            roles: Roles { root: None, publisher, pulse: None, edge: None },
            version: 0,
            expires_at: None,
            ceilings: Ceilings::default(),
        }
    }

    /// Reads and checks the JSON form.
    ///
    /// ```
    /// use counterfoil::snapshot::KeyRing;
    ///
    /// let text = r#"{ "audience": "demo-shop", "environment": "production", "roles": { "publisher":
    ///     { "threshold": 1, "keys": [ { "name": "2026-a", "publicKey":
    ///       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a" } ] } } }"#;
    /// assert_eq!(KeyRing::from_json(text)?.audience, "demo-shop");
    ///
    /// // A threshold of nothing would let anyone in.
    /// let refusal = KeyRing::from_json(&text.replace("\"threshold\": 1", "\"threshold\": 0")).unwrap_err();
    /// assert_eq!(refusal.code(), "key_ring_invalid");
    /// assert_eq!(refusal.first().at.as_ref().unwrap().pointer, "/roles/publisher/threshold");
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `key_ring_invalid`: not JSON, a field too many or too few, or what [`validate`](KeyRing::validate) finds.
    pub fn from_json(text: &str) -> Result<KeyRing, Error> {
        let ring: KeyRing = serde_json::from_str(text).map_err(|error| KeyRing::unreadable(&error.to_string()))?;
        Error::from_diagnostics(ring.validate()).map_or(Ok(ring), Err)
    }

    /// The error for a ring that did not even parse, for hosts with a parser of their own.
    pub fn unreadable(reason: &str) -> Error {
        refusal::key_ring_unreadable(reason)
    }

    /// Everything that is wrong with the ring, each with its place; all of code `key_ring_invalid`.
    ///
    /// Refused are: names that are empty or too long; no keys or too many; a threshold of 0 or above the number
    /// of keys; a key that is no canonical Ed25519 public key, or one of small order; a key that stands twice in
    /// a role or in two roles; a time of validity that ends before it begins.
    pub fn validate(&self) -> Vec<Diagnostic> {
        trust::examine(self).1
    }
}
