//! What `Engine.open` is given besides the snapshot: a key ring and options, as JSON. Checking the ring is the snapshot
//! room's; here it is only read, and a member that nobody knows is refused.

use crate::engine::Disclosure;
use crate::error::{Diagnostic, Error};
use crate::host::Options;
use crate::json::read::{Reader, Scalar};
use crate::snapshot::{Expiry, KeyRing, Policy, Profile, RingKey, RoleKeys, Roles};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// What a JSON text is made of.
enum Plain {
    Nothing,
    Number(i64),
    Text(String),
    List(Vec<Plain>),
    Object(Vec<(String, Plain)>),
    Other,
}

impl Plain {
    fn parse(json: &[u8]) -> Result<Plain, Error> {
        let mut reader = Reader::new(json)?;
        let value = Plain::read(&mut reader)?;
        reader.finish()?;
        Ok(value)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Plain, Error> {
        if reader.is_object() {
            let mut members = Vec::new();
            reader.open_object()?;
            while let Some(name) = reader.member(members.is_empty())? {
                members.push((name.unescape().into_owned(), Plain::read(reader)?));
            }
            return Ok(Plain::Object(members));
        }
        if reader.is_array() {
            let mut list = Vec::new();
            reader.open_array()?;
            while reader.element(list.is_empty())? {
                list.push(Plain::read(reader)?);
            }
            return Ok(Plain::List(list));
        }
        Ok(match reader.scalar()? {
            Scalar::Null => Plain::Nothing,
            Scalar::Number(number) => Plain::Number(number),
            Scalar::Text(text) => Plain::Text(text.unescape().into_owned()),
            Scalar::Boolean(_) | Scalar::OtherNumber => Plain::Other,
        })
    }

    fn text(self) -> Option<String> {
        match self {
            Plain::Text(text) => Some(text),
            _ => None,
        }
    }

    fn whole(self) -> Option<i64> {
        match self {
            Plain::Number(number) => Some(number),
            _ => None,
        }
    }
}

/// The members of an object, taken one by one by name. What is wrong with it is said in words, with its place.
struct Members {
    place: String,
    members: Vec<(String, Plain)>,
}

impl Members {
    fn of(value: Plain, place: &str) -> Result<Members, String> {
        match value {
            Plain::Object(members) => Ok(Members { place: place.to_owned(), members }),
            _ => Err(fault("an object is expected", place)),
        }
    }

    /// The member `name`, if it is there.
    fn take(&mut self, name: &str) -> Option<Plain> {
        let at = self.members.iter().position(|(known, _)| known == name)?;
        let (_, value) = self.members.swap_remove(at);
        (!matches!(value, Plain::Nothing)).then_some(value)
    }

    fn read<T>(&mut self, name: &str, kind: &str, read: fn(Plain) -> Option<T>) -> Result<Option<T>, String> {
        let Some(value) = self.take(name) else { return Ok(None) };
        match read(value) {
            Some(value) => Ok(Some(value)),
            None => Err(fault(kind, &self.at(name))),
        }
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, String> {
        self.read(name, "a text is expected", Plain::text)
    }

    fn whole(&mut self, name: &str) -> Result<Option<i64>, String> {
        self.read(name, "a whole number is expected", Plain::whole)
    }

    fn required<T>(&self, value: Option<T>, name: &str) -> Result<T, String> {
        value.ok_or_else(|| fault("there is nothing", &self.at(name)))
    }

    /// Nothing may be left: a misspelt member must not pass for one that was left out.
    fn finish(self) -> Result<(), String> {
        match self.members.first() {
            None => Ok(()),
            Some((name, _)) => Err(fault("no such field is known", &self.at(name))),
        }
    }

    fn at(&self, name: &str) -> String {
        [self.place.as_str(), "/", name].concat()
    }
}

fn fault(what: &str, place: &str) -> String {
    [what, " at ", if place.is_empty() { "the top" } else { place }].concat()
}

fn ring(value: Plain) -> Result<KeyRing, String> {
    let mut ring = Members::of(value, "")?;
    let audience = ring.text("audience")?;
    let environment = ring.text("environment")?;
    let roles = ring.take("roles");
    let mut roles = Members::of(ring.required(roles, "roles")?, "/roles")?;
    let ring = KeyRing {
        audience: ring.required(audience, "audience")?,
        environment: ring.required(environment, "environment")?,
        roles: {
            let root = role(&mut roles, "root")?;
            let publisher = role(&mut roles, "publisher")?;
            let pulse = role(&mut roles, "pulse")?;
            ring.finish()?;
            Roles { root, publisher: roles.required(publisher, "publisher")?, pulse }
        },
    };
    roles.finish()?;
    Ok(ring)
}

fn role(roles: &mut Members, name: &str) -> Result<Option<RoleKeys>, String> {
    let Some(value) = roles.take(name) else { return Ok(None) };
    let place = roles.at(name);
    let mut role = Members::of(value, &place)?;
    let threshold = role.whole("threshold")?.map(u32::try_from).and_then(Result::ok);
    let threshold = role.required(threshold, "threshold")?;
    let Some(Plain::List(list)) = role.take("keys") else {
        return Err(fault("a list is expected", &role.at("keys")));
    };
    role.finish()?;
    let keys = list.into_iter().map(|key| ring_key(key, &place)).collect::<Result<Vec<_>, _>>()?;
    Ok(Some(RoleKeys { threshold, keys }))
}

fn ring_key(value: Plain, role: &str) -> Result<RingKey, String> {
    let mut key = Members::of(value, &[role, "/keys"].concat())?;
    let public_key = key.text("publicKey")?;
    let read = RingKey {
        name: key.text("name")?,
        public_key: key.required(public_key, "publicKey")?,
        valid_from: key.whole("validFrom")?,
        valid_until: key.whole("validUntil")?,
    };
    key.finish()?;
    Ok(read)
}

/// Reads a key ring.
///
/// # Errors
/// `key_ring_invalid`, which says where; what the ring itself has wrong is found when a snapshot is opened with it.
pub fn key_ring(json: &[u8]) -> Result<KeyRing, Error> {
    let value = Plain::parse(json).map_err(|error| KeyRing::unreadable(&error.first().message))?;
    ring(value).map_err(|why| KeyRing::unreadable(&why))
}

/// Reads the options of `Engine.open`.
///
/// # Errors
/// `option_invalid`.
pub fn options(json: &[u8]) -> Result<Options, Error> {
    let invalid = |message: &str, help: &str| Error::from(Diagnostic::new("option_invalid", message, help));
    let known = "use `now`, `minVersion`, `disclosure` and `profile`";
    let value = Plain::parse(json).map_err(|error| invalid(&error.first().message, known))?;
    let given = Given::read(value).map_err(|why| invalid(&why, known))?;
    let disclosure = match given.disclosure.as_deref() {
        None | Some("public") => Disclosure::Public,
        Some("full") => Disclosure::Full,
        Some(_) => return Err(invalid("there is no such disclosure", "use `public` or `full`")),
    };
    let profile = match given.profile.as_deref() {
        None | Some("storefront") => Profile::Storefront,
        Some("edge") => Profile::Edge,
        Some(_) => return Err(invalid("there is no such profile", "use `storefront` or `edge`")),
    };
    let now = given.now.ok_or_else(|| invalid("`now` is no time", "send UTC milliseconds"))?;
    let min_version = u64::try_from(given.min_version.unwrap_or(0))
        .map_err(|_| invalid("`minVersion` is no version", "send a whole number"))?;
    let policy = Policy { now, min_version, profile, expiry: Expiry::Enforce };
    Ok(Options { policy, disclosure })
}

/// The options as they stand in their JSON.
struct Given {
    now: Option<i64>,
    min_version: Option<i64>,
    disclosure: Option<String>,
    profile: Option<String>,
}

impl Given {
    fn read(value: Plain) -> Result<Given, String> {
        let mut members = Members::of(value, "")?;
        let given = Given {
            now: members.whole("now")?,
            min_version: members.whole("minVersion")?,
            disclosure: members.text("disclosure")?,
            profile: members.text("profile")?,
        };
        members.finish()?;
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    const KEY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    fn refused(what: &str, with: &str) -> String {
        let text = format!(
            r#"{{ "audience": "shop", "environment": "production", "roles": {{ "publisher": {{ "threshold": 1,
                "keys": [ {{ "name": "a", "publicKey": "{KEY}", "validUntil": 5 }} ] }} }} }}"#
        );
        assert!(text.contains(what));
        let error = key_ring(text.replace(what, with).as_bytes()).unwrap_err();
        assert_eq!(error.code(), "key_ring_invalid");
        error.first().message.clone()
    }

    #[test]
    fn a_ring_is_read_member_by_member() {
        let text = include_bytes!("../../tests/attacks/valid/key-ring.json");
        assert_eq!(key_ring(text).unwrap(), KeyRing::from_json(core::str::from_utf8(text).unwrap()).unwrap());
        assert!(refused("validUntil", "validUntill")
            .contains("no such field is known at /roles/publisher/keys/validUntill"));
        assert!(refused("\"threshold\": 1,", "").contains("there is nothing at /roles/publisher/threshold"));
        assert!(refused("\"threshold\": 1,", "\"threshold\": 1.5,").contains("a whole number is expected at /roles/"));
        assert!(refused("publisher", "owner").contains("/roles/publisher"));
        assert!(refused("\"audience\": \"shop\",", "\"x\": {},").contains("audience"));
        assert!(key_ring(b"null").unwrap_err().first().message.contains("an object is expected at the top"));
    }

    #[test]
    fn an_option_that_is_none_is_refused() {
        let read = |json: &str| options(json.as_bytes());
        let opened = read(r#"{"now":5,"minVersion":3,"disclosure":"full","profile":"edge"}"#).unwrap();
        assert_eq!((opened.policy.now, opened.policy.min_version, opened.policy.profile), (5, 3, Profile::Edge));
        assert_eq!(opened.disclosure, Disclosure::Full);
        for wrong in [
            "{}",
            "[]",
            r#"{"now":"NaN"}"#,
            r#"{"now":1,"minVersion":-1}"#,
            r#"{"now":1,"minVersion":"NaN"}"#,
            r#"{"now":1,"minversion":1}"#,
            r#"{"now":1,"disclosure":"all"}"#,
            r#"{"now":1,"profile":"both"}"#,
        ] {
            assert_eq!(read(wrong).unwrap_err().code(), "option_invalid", "{wrong}");
        }
    }
}
