//! What `Engine.open` is given besides the snapshot: a key ring and options, as JSON. Checking the ring is the snapshot
//! room's; here it is only read, and a member that nobody knows is refused.

#[cfg(feature = "workshop")]
use crate::codes::Pepper;
use crate::engine::Disclosure;
use crate::error::{Diagnostic, Error};
use crate::host::Options;
use crate::json::path::Path;
use crate::json::read::{Reader, Scalar};
use crate::json::text::Text;
use crate::snapshot::{Ceilings, KeyRing, Policy, Profile, RingKey, RoleKeys, Roles};
use alloc::string::String;
use alloc::vec::Vec;

/// A JSON text whose faults are told in words. Only the words count: whoever asked gives them their code.
struct Form<'a>(Reader<'a>);

impl<'a> Form<'a> {
    fn new(json: &'a [u8]) -> Form<'a> {
        Form(Reader::new(json))
    }

    /// What is wrong, if anything is.
    fn end(mut self) -> Result<(), Error> {
        self.0.finish();
        self.0.end()
    }

    #[cold]
    #[inline(never)]
    fn wrong(&mut self, what: &str, path: &Path<'_>) {
        let mut message = String::from(what);
        let place = path.text();
        message.push_str(" at ");
        message.push_str(if place.is_empty() { "the top" } else { &place });
        self.0.fail(Diagnostic::new("", message, "").into());
    }

    /// Reads an object. `each` reads the value of a member by its number; one that is `null` is not there. The first
    /// `required` members must be.
    #[inline(never)]
    fn object(
        &mut self,
        path: &Path<'_>,
        members: &[&str],
        required: usize,
        each: &mut dyn FnMut(&mut Form<'a>, usize, &Path<'_>),
    ) {
        if !self.0.is_object() {
            return self.wrong("an object is expected", path);
        }
        self.0.open_object();
        let (mut named, mut given) = (0_u32, 0_u32);
        let mut unknown: Option<Text<'_>> = None;
        while let Some(name) = self.0.member(named == 0 && unknown.is_none()) {
            let member = members.iter().enumerate().find(|(index, member)| named >> index & 1 == 0 && name.is(member));
            let Some((index, member)) = member else {
                unknown.get_or_insert(name);
                self.0.skip();
                continue;
            };
            named |= 1 << index;
            if !self.0.null() {
                given |= 1 << index;
                each(self, index, &path.key(member));
            }
        }
        for (index, member) in members.iter().take(required).enumerate() {
            if given >> index & 1 == 0 {
                self.wrong("there is nothing", &path.key(member));
            }
        }
        // a misspelt member must not pass for one that was left out
        if let Some(name) = unknown {
            self.wrong("no such field is known", &path.key(&name.unescape()));
        }
    }

    fn text(&mut self, path: &Path<'_>) -> String {
        if self.0.is_text() {
            return self.0.string().unescape().into_owned();
        }
        self.wrong("a text is expected", path);
        String::new()
    }

    fn whole(&mut self, path: &Path<'_>) -> i64 {
        let is_list = self.0.is_array() || self.0.is_object();
        match if is_list { Scalar::Null } else { self.0.scalar() } {
            Scalar::Number(number) => number,
            _ => {
                self.wrong("a whole number is expected", path);
                0
            }
        }
    }

    /// A number that counts something, so that it is not below zero.
    fn count(&mut self, path: &Path<'_>) -> u64 {
        u64::try_from(self.whole(path)).unwrap_or_else(|_| {
            self.wrong("a whole number is expected", path);
            0
        })
    }

    /// Whether it is the second of these two words, or else the first.
    fn is_second(&mut self, words: [&str; 2], path: &Path<'_>) -> bool {
        let word = self.text(path);
        if !words.contains(&word.as_str()) {
            self.wrong("an unknown word stands", path);
        }
        words[1] == word
    }

    fn role(&mut self, path: &Path<'_>) -> RoleKeys {
        let mut role = RoleKeys { threshold: 0, keys: Vec::new() };
        self.object(path, &["threshold", "keys"], 2, &mut |form, member, path| match member {
            0 => role.threshold = u32::try_from(form.count(path)).unwrap_or(u32::MAX),
            _ if form.0.is_array() => {
                form.0.open_array();
                while form.0.element(role.keys.is_empty()) {
                    role.keys.push(form.key(path));
                }
            }
            _ => form.wrong("a list is expected", path),
        });
        role
    }

    fn key(&mut self, path: &Path<'_>) -> RingKey {
        let mut key = RingKey { name: None, public_key: String::new(), valid_from: None, valid_until: None };
        let members = ["publicKey", "name", "validFrom", "validUntil"];
        self.object(path, &members, 1, &mut |form, member, path| match member {
            0 => key.public_key = form.text(path),
            1 => key.name = Some(form.text(path)),
            2 => key.valid_from = Some(form.whole(path)),
            _ => key.valid_until = Some(form.whole(path)),
        });
        key
    }
}

/// Reads a key ring.
///
/// # Errors
/// `key_ring_invalid`, which says where; what the ring itself has wrong is found when a snapshot is opened with it.
pub fn key_ring(json: &[u8]) -> Result<KeyRing, Error> {
    let mut form = Form::new(json);
    let (mut root, mut pulse, mut edge) = (None, None, None);
    let mut publisher = RoleKeys { threshold: 0, keys: Vec::new() };
    let (mut audience, mut environment, mut version) = (String::new(), String::new(), 0);
    let members = ["audience", "environment", "roles", "version"];
    form.object(&Path::ROOT, &members, 3, &mut |form, member, path| match member {
        0 => audience = form.text(path),
        1 => environment = form.text(path),
        3 => version = form.count(path),
        _ => form.object(path, &["publisher", "root", "pulse", "edge"], 1, &mut |form, member, path| {
            let role = form.role(path);
            match member {
                0 => publisher = role,
                1 => root = Some(role),
                2 => pulse = Some(role),
                _ => edge = Some(role),
            }
        }),
    });
    form.end().map_err(|error| KeyRing::unreadable(&error.first().message))?;
    let (roles, ceilings) = (Roles { root, publisher, pulse, edge }, Ceilings::default());
    Ok(KeyRing { audience, environment, roles, version, expires_at: None, ceilings })
}

/// Reads the options of `Engine.open`, and the peppers of the codes of an edge's snapshot.
///
/// # Errors
/// `option_invalid`, which says where.
#[cfg(feature = "workshop")]
pub fn options_of_edge(json: &[u8]) -> Result<(Options, Vec<Pepper>), Error> {
    let mut peppers = Vec::new();
    let options = read_options(json, &mut |form, path| {
        if !form.0.is_array() {
            return form.wrong("a list is expected", path);
        }
        form.0.open_array();
        while form.0.element(peppers.is_empty()) {
            match Pepper::from_hex(&form.text(path)) {
                Some(pepper) => peppers.push(pepper),
                None => form.wrong("64 lower-case hexadecimal digits are expected", path),
            }
        }
    })?;
    Ok((options, peppers))
}

/// Reads the options of `Engine.open`.
///
/// # Errors
/// `option_invalid`, which says where.
#[cfg(any(test, not(feature = "workshop")))]
pub fn options(json: &[u8]) -> Result<Options, Error> {
    read_options(json, &mut |_, _| ())
}

#[cfg(feature = "workshop")]
const OPTIONS: [&str; 6] = ["now", "minVersion", "disclosure", "profile", "minRootVersion", "peppers"];
#[cfg(not(feature = "workshop"))]
const OPTIONS: [&str; 5] = ["now", "minVersion", "disclosure", "profile", "minRootVersion"];

#[inline]
fn read_options(json: &[u8], peppers: &mut dyn FnMut(&mut Form<'_>, &Path<'_>)) -> Result<Options, Error> {
    let mut form = Form::new(json);
    let mut policy = Policy::at(0, Profile::Storefront);
    let mut disclosure = Disclosure::Public;
    form.object(&Path::ROOT, &OPTIONS, 1, &mut |form, member, path| match member {
        0 => policy.now = form.whole(path),
        1 => policy.min_version = form.count(path),
        2 if form.is_second(["public", "full"], path) => disclosure = Disclosure::Full,
        3 if form.is_second(["storefront", "edge"], path) => policy.profile = Profile::Edge,
        4 => policy.min_root_version = form.count(path),
        5 => peppers(form, path),
        _ => {}
    });
    form.end().map_err(|error| {
        let help = "send `now` in UTC milliseconds; `minVersion` and `minRootVersion`, whole numbers; `disclosure`, `public` or `full`; \
                    `profile`, `storefront` or `edge`";
        Diagnostic::new("option_invalid", error.first().message.as_str(), help)
    })?;
    Ok(Options { policy, disclosure })
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
