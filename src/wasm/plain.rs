//! A plain JavaScript value: what crosses in the wide calls that are made once. One form for all of them, since
//! every type that [`serde_wasm_bindgen`] reads or writes by itself is code that a storefront downloads.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::flat;
use crate::error::{Diagnostic, Error, Param};
use crate::snapshot::{KeyRing, RingKey, RoleKeys, Roles};

/// What a plain object or list is made of.
pub enum Plain {
    /// `undefined` or `null`.
    Nothing,
    /// `true` or `false`.
    Boolean(bool),
    /// Any number.
    Number(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Plain>),
    /// An object, member by member.
    Object(Vec<(String, Plain)>),
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Plain, D::Error> {
        deserializer.deserialize_any(PlainVisitor)
    }
}

struct PlainVisitor;

#[expect(clippy::cast_precision_loss, reason = "JavaScript has no other number than the one it came from")]
impl<'de> Visitor<'de> for PlainVisitor {
    type Value = Plain;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plain value")
    }

    fn visit_unit<E>(self) -> Result<Plain, E> {
        Ok(Plain::Nothing)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Plain, E> {
        Ok(Plain::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Plain, E> {
        Ok(Plain::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Plain, E> {
        Ok(Plain::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Plain, E> {
        Ok(Plain::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Plain, E> {
        Ok(Plain::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Plain, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(Plain::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Plain, A::Error> {
        let mut object = Vec::new();
        while let Some((name, value)) = members.next_entry::<Plain, Plain>()? {
            object.push((name.text().unwrap_or_default(), value));
        }
        Ok(Plain::Object(object))
    }
}

impl Serialize for Plain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Plain::Nothing => serializer.serialize_unit(),
            Plain::Boolean(value) => serializer.serialize_bool(*value),
            Plain::Number(value) => serializer.serialize_f64(*value),
            Plain::Text(value) => serializer.serialize_str(value),
            Plain::List(elements) => serializer.collect_seq(elements),
            Plain::Object(members) => serializer.collect_map(members.iter().map(|(name, value)| (name, value))),
        }
    }
}

impl Plain {
    fn text(self) -> Option<String> {
        match self {
            Plain::Text(text) => Some(text),
            _ => None,
        }
    }

    fn whole(self) -> Option<i64> {
        match self {
            Plain::Number(number) => flat::whole(number),
            _ => None,
        }
    }

    fn named(text: &str) -> Plain {
        Plain::Text(text.to_owned())
    }
}

/// The members of an object, taken one by one by name. What is wrong with it is said in words, with its place.
pub struct Members {
    place: String,
    members: Vec<(String, Plain)>,
}

impl Members {
    /// The members of `value`.
    pub fn of(value: Plain, place: &str) -> Result<Members, String> {
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

    /// A text member, if it is there.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, String> {
        self.read(name, "a text is expected", Plain::text)
    }

    /// A member that is a whole number, if it is there.
    pub fn whole(&mut self, name: &str) -> Result<Option<i64>, String> {
        self.read(name, "a whole number is expected", Plain::whole)
    }

    fn required<T>(&self, value: Option<T>, name: &str) -> Result<T, String> {
        value.ok_or_else(|| fault("there is nothing", &self.at(name)))
    }

    /// Nothing may be left: a misspelt member must not pass for one that was left out.
    pub fn finish(self) -> Result<(), String> {
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

/// Reads a key ring; checking it is the snapshot room's.
pub fn key_ring(value: Plain) -> Result<KeyRing, String> {
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

/// An error as JavaScript sees it: its first diagnostic, and the list of all.
pub fn failure(error: &Error) -> Plain {
    let mut members = diagnostic(error.first());
    let all = error.diagnostics().map(|known| Plain::Object(diagnostic(known))).collect();
    members.push(("diagnostics".to_owned(), Plain::List(all)));
    Plain::Object(members)
}

fn diagnostic(of: &Diagnostic) -> Vec<(String, Plain)> {
    let mut members = Vec::new();
    let mut member = |name: &str, value| members.push((name.to_owned(), value));
    member("code", Plain::named(of.code));
    member("severity", Plain::named(of.severity.name()));
    member("message", Plain::named(&of.message));
    member("help", Plain::named(&of.help));
    if let Some(place) = &of.at {
        let mut at = vec![("document".to_owned(), Plain::named(place.document.name()))];
        at.extend(place.id.iter().map(|id| ("id".to_owned(), Plain::named(id))));
        at.push(("pointer".to_owned(), Plain::named(&place.pointer)));
        member("at", Plain::Object(at));
    }
    let params = of.params.iter().map(|(name, value)| {
        let value = match value {
            Param::Number(number) => Plain::Number(flat::slot(*number)),
            Param::Text(text) => Plain::named(text),
        };
        ((*name).to_owned(), value)
    });
    let params: Vec<_> = params.collect();
    if !params.is_empty() {
        member("params", Plain::Object(params));
    }
    member("fixBy", Plain::named(of.fix_by.name()));
    members
}
