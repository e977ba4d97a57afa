//! One call: what is asked, when, of which project.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::Cell;
use core::fmt::Write as _;

use serde_json::{json, Map, Value};
use sha2::{Digest, Sha256};

use super::fields::text;
use super::project::Project;
use crate::time::Timestamp;

/// What is asked.
#[derive(Debug)]
pub(super) struct Call {
    /// Which endpoint.
    pub(super) endpoint: String,
    /// The moment, UTC milliseconds.
    pub(super) now: Timestamp,
    /// The parts of the path that are named.
    pub(super) path: Value,
    /// The query, nested.
    pub(super) query: Value,
    /// The body.
    pub(super) body: Value,
    /// Whether the browser asks.
    pub(super) client_side: bool,
    /// The rows.
    pub(super) project: Project,
    request: Option<String>,
    random: String,
    drawn: Cell<u32>,
}

impl Call {
    pub(super) fn read(text: &str) -> Result<Call, String> {
        let mut call: Map<String, Value> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let mut take = |member: &str| call.remove(member).unwrap_or_default();
        let endpoint = take("endpoint").as_str().map(String::from).ok_or("`endpoint` is missing")?;
        Ok(Call {
            endpoint,
            now: take("now").as_i64().ok_or("`now` is no whole number of milliseconds")?,
            path: take("path"),
            query: nested(take("query")),
            body: take("body"),
            client_side: take("clientSide").as_bool().unwrap_or(false),
            project: Project::new(take("project")),
            request: take("requestId").as_str().map(String::from),
            random: take("random").as_str().unwrap_or_default().into(),
            drawn: Cell::new(0),
        })
    }

    /// A part of the path.
    pub(super) fn named(&self, part: &str) -> &str {
        text(&self.path[part]).unwrap_or_default()
    }

    /// A new id: `valid_0a1b…`. The same call draws the same ids.
    pub(super) fn id(&self, prefix: &str) -> String {
        let mut id = format!("{prefix}_");
        for byte in self.draw().iter().take(12) {
            let _ = write!(id, "{byte:02x}");
        }
        id
    }

    /// The id of the request, as refusals tell it.
    pub(super) fn request(&self) -> String {
        if let Some(request) = &self.request {
            return request.clone();
        }
        format!("v-{}", self.random.get(..16).unwrap_or(&self.random))
    }

    /// 32 bytes that no one can guess who does not know the call's random text.
    pub(super) fn draw(&self) -> Vec<u8> {
        let drawn = self.drawn.get();
        self.drawn.set(drawn.wrapping_add(1));
        let mut hash = Sha256::new();
        hash.update(b"counterfoil voucherify\n");
        hash.update(self.random.as_bytes());
        hash.update(drawn.to_be_bytes());
        hash.finalize().to_vec()
    }

    /// The moment as dates are written: `2026-03-01T12:00:00.000Z`.
    pub(super) fn today(&self) -> String {
        super::moment::iso(self.now)
    }
}

/// A query in bracket style, `item[0][quantity]=1`, as nested objects and lists.
fn nested(query: Value) -> Value {
    let Value::Object(flat) = query else { return query };
    let mut nested = Value::Object(Map::new());
    for (name, value) in flat {
        let mut parts = name.split('[').map(|part| part.trim_end_matches(']'));
        let first = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        place(&mut nested, first, &rest, value);
    }
    listed(nested)
}

fn place(into: &mut Value, name: &str, rest: &[&str], value: Value) {
    let Value::Object(members) = into else { return };
    match rest.split_first() {
        None => {
            members.insert(name.into(), value);
        }
        Some((next, rest)) => {
            let below = members.entry(name).or_insert_with(|| json!({}));
            place(below, next, rest, value);
        }
    }
}

/// Objects whose members are all numbers from 0 on are lists.
fn listed(value: Value) -> Value {
    let Value::Object(members) = value else { return value };
    let mut numbered: Vec<(usize, Value)> = Vec::new();
    let is_list = !members.is_empty() && members.keys().all(|name| name.parse::<usize>().is_ok());
    if !is_list {
        return members.into_iter().map(|(name, value)| (name, listed(value))).collect::<Map<_, _>>().into();
    }
    numbered.extend(members.into_iter().filter_map(|(name, value)| Some((name.parse().ok()?, listed(value)))));
    numbered.sort_by_key(|(index, _)| *index);
    numbered.into_iter().map(|(_, value)| value).collect::<Vec<_>>().into()
}
