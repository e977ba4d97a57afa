//! Who buys: what the request says of the customer, and what the project knows.

use alloc::format;
use alloc::string::{String, ToString};

use serde_json::{json, Value};
use sha2::{Digest, Sha256};

use super::call::Call;
use super::fields::{holds, list, owned, row, set, text};
use super::{attribute, predicate};

/// A customer.
#[derive(Clone, Debug, Default)]
pub(super) struct Customer {
    /// Voucherify's id, once there is one.
    pub(super) id: Option<String>,
    /// The shop's own id.
    pub(super) source: Option<String>,
    /// Everything that is known.
    pub(super) row: Value,
    /// Whether the project knows the customer.
    pub(super) is_stored: bool,
}

impl Customer {
    /// Reads the customer of a request: an object, or an id alone.
    pub(super) fn read(call: &Call, sent: &Value) -> Customer {
        let alone = text(sent);
        let id = text(&sent["id"]).or_else(|| alone.filter(|id| id.starts_with("cust_")));
        let source = text(&sent["source_id"]).or_else(|| alone.filter(|id| !id.starts_with("cust_")));
        let stored = match (id, source) {
            (Some(id), _) => call.project.row("customer", id),
            (None, Some(source)) => call.project.one("customer", "source_id", source),
            (None, None) => None,
        };
        let is_stored = stored.is_some();
        // storage finds a row by any name that it has
        let own_id = stored.as_ref().map(|stored| stored["id"].clone()).filter(|id| !id.is_null());
        let mut merged = stored.map(|stored| row(&stored)).unwrap_or_default();
        let mut metadata = merged.get("metadata").map(row).unwrap_or_default();
        metadata.extend(row(&sent["metadata"]));
        merged.extend(row(sent));
        super::fields::set_if(&mut merged, "id", own_id);
        if !metadata.is_empty() {
            merged.insert("metadata".into(), metadata.into());
        }
        let id = merged.get("id").and_then(owned).or_else(|| id.map(String::from));
        let source = merged.get("source_id").and_then(owned).or_else(|| source.map(String::from));
        Customer { id, source, row: merged.into(), is_stored }
    }

    /// Whether the request tells who it is.
    pub(super) fn is_known(&self) -> bool {
        self.id.is_some() || self.source.is_some()
    }

    /// The name under which uses are counted.
    pub(super) fn counted_as(&self) -> String {
        self.id.clone().or_else(|| self.source.clone()).unwrap_or_default()
    }

    /// Whether an id or a source id is the customer's.
    pub(super) fn is(&self, name: &str) -> bool {
        self.id.as_deref() == Some(name) || self.source.as_deref() == Some(name)
    }

    /// An opaque name of the shop's id.
    pub(super) fn tracking(&self) -> Value {
        let Some(source) = self.source.as_deref().or(self.id.as_deref()) else { return Value::Null };
        tracking(source)
    }

    /// Whether the customer is in a segment.
    pub(super) fn is_in(&self, call: &Call, segment: &str) -> bool {
        let listed = list(&self.row["segments"]);
        if listed.iter().any(|listed| listed.as_str() == Some(segment) || text(&listed["id"]) == Some(segment)) {
            return true;
        }
        let Some(stored) = call.project.row("segment", segment) else { return false };
        let lists = [&stored["customers"], &stored["customer_ids"]];
        let is_listed = |name: &Option<String>| {
            name.as_deref().is_some_and(|name| {
                lists
                    .into_iter()
                    .any(|listed| holds(listed, name) || list(listed).iter().any(|one| text(&one["id"]) == Some(name)))
            })
        };
        if is_listed(&self.id) || is_listed(&self.source) {
            return true;
        }
        let filter = &stored["filter"];
        filter.is_object() && predicate::filter(filter, &attribute::asked(call, self, filter), call.now, &call.project)
    }

    /// Makes sure that the project knows the customer, and gives the row.
    pub(super) fn keep(&mut self, call: &Call) -> Value {
        if !self.is_known() {
            return Value::Null;
        }
        if !self.is_stored {
            let mut kept = row(&self.row);
            let id = self.id.clone().unwrap_or_else(|| call.id("cust"));
            set(&mut kept, "id", id.clone());
            set(&mut kept, "object", "customer");
            kept.entry("created_at").or_insert_with(|| call.today().into());
            kept.entry("metadata").or_insert_with(|| json!({}));
            self.id = Some(id.clone());
            self.row = kept.into();
            self.is_stored = true;
            call.project.put("customer", &id, self.row.clone());
        }
        self.row.clone()
    }

    /// What answers tell of the customer.
    pub(super) fn told(&self) -> Value {
        if !self.is_known() {
            return Value::Null;
        }
        let members = ["id", "source_id", "name", "email", "metadata"];
        let mut told = row(&json!({ "object": "customer" }));
        for member in members {
            if !self.row[member].is_null() {
                set(&mut told, member, self.row[member].clone());
            }
        }
        if let Some(id) = &self.id {
            set(&mut told, "id", id.clone());
        }
        told.into()
    }
}

/// An opaque name of a source id.
pub(super) fn tracking(source: &str) -> Value {
    let mut hash = Sha256::new();
    hash.update(b"track\n");
    hash.update(source.as_bytes());
    let digest: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("track_{digest}").to_string().into()
}
