//! Voucherify's refusals: their keys, texts and where they are told.

use alloc::boxed::Box;
use alloc::string::{String, ToString};

use serde_json::{json, Value};

use super::fields::{row, set, Row};

/// Why a request or a redeemable is refused.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    /// The HTTP status.
    pub(super) status: u16,
    /// Voucherify's key.
    pub(super) key: &'static str,
    /// For people.
    pub(super) message: String,
    /// Of which object, or why.
    pub(super) details: String,
    /// The merchant's own words, of the rule that failed.
    pub(super) own_words: Option<String>,
    /// The object it is about: its type and id.
    pub(super) resource: Option<Box<(&'static str, String)>>,
}

impl Fault {
    pub(super) fn new(status: u16, key: &'static str, message: &str, details: impl Into<String>) -> Fault {
        let details = details.into();
        Fault { status, key, message: message.to_string(), details, own_words: None, resource: None }
    }

    /// A request that makes no sense.
    pub(super) fn invalid(details: impl Into<String>) -> Fault {
        Fault::new(400, "invalid_payload", "Invalid payload", details)
    }

    /// Something that is not there.
    pub(super) fn not_found(what: &'static str, id: &str) -> Fault {
        let named = what.replace('_', " ");
        let details = alloc::format!("Cannot find {named} with id {id}");
        let fault = Fault::new(404, "not_found", "Resource not found", details);
        Fault { resource: Some(Box::new((what, id.to_string()))), ..fault }
    }

    /// A voucher that is there and cannot be used: the details are its code.
    pub(super) fn of_voucher(key: &'static str, message: &str, code: &str) -> Fault {
        let fault = Fault::new(400, key, message, code);
        Fault { resource: Some(Box::new(("voucher", code.to_string()))), ..fault }
    }

    /// The body of an answer, or the `error` of a redeemable.
    pub(super) fn body(&self, request: &str) -> Value {
        let mut body = self.bare(request);
        if let Some(words) = &self.own_words {
            set(&mut body, "error", json!({ "message": words }));
        }
        body.into()
    }

    /// The `error` of a single voucher's answer, where the merchant's own words stand as the message.
    pub(super) fn of_single(&self, request: &str) -> Value {
        let mut body = self.bare(request);
        if let Some(words) = &self.own_words {
            set(&mut body, "message", words.clone());
            set(&mut body, "error", json!({ "message": words }));
        }
        body.into()
    }

    fn bare(&self, request: &str) -> Row {
        let mut body = row(&json!({
            "code": self.status, "key": self.key, "message": self.message, "details": self.details,
            "request_id": request,
        }));
        if let Some((kind, id)) = self.resource.as_deref() {
            set(&mut body, "resource_type", *kind);
            set(&mut body, "resource_id", id.clone());
        }
        body
    }
}
