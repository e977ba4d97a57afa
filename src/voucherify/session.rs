//! Sessions: one redemption, credits or points of a voucher held for whoever has the key.

use alloc::string::{String, ToString};

use serde_json::{json, Value};

use super::call::Call;
use super::fields::{count, text, whole};
use super::moment;
use super::redeemable::Redeemable;
use crate::time::Timestamp;

/// What other sessions than that of the request hold of a voucher.
pub(super) fn locked(call: &Call, redeemable: &Redeemable, what: &str) -> i64 {
    let own = key(call);
    held(call, redeemable, what, |key| key != own.as_deref())
}

/// What the session that the request names holds of a voucher.
pub(super) fn own(call: &Call, redeemable: &Redeemable, what: &str) -> i64 {
    key(call).map_or(0, |own| held(call, redeemable, what, |key| key == Some(own.as_str())))
}

fn held(call: &Call, redeemable: &Redeemable, what: &str, is_asked: impl Fn(Option<&str>) -> bool) -> i64 {
    let zone = moment::zone(None);
    let sessions = call.project.find("session", &[("code", &redeemable.id)]);
    let is_open = |session: &&Value| {
        text(&session["expires_at"]).and_then(|end| moment::parse(end, &zone)).is_none_or(|end| call.now < end)
    };
    let open = sessions.iter().map(|(_, session)| session).filter(is_open);
    // a session holds one use even where its row does not say so
    let held = |session: &Value| match (&session[what], what) {
        (Value::Null, "quantity") => 1,
        (Value::Null, "credits") => count(&session["gift"]["credits"]),
        (Value::Null, _) => count(&session["reward"]["points"]),
        (held, _) => count(held),
    };
    open.filter(|session| is_asked(text(&session["key"]))).fold(0, |sum, session| sum.saturating_add(held(session)))
}

/// The key that the request names.
pub(super) fn key(call: &Call) -> Option<String> {
    text(&call.body["session"]["key"]).map(String::from)
}

/// How long the session that a request asks for holds, and how answers tell it.
pub(super) struct Asked {
    pub(super) key: String,
    pub(super) told: Value,
    until: Timestamp,
}

/// The session that a request asks for.
pub(super) fn asked(call: &Call) -> Option<Asked> {
    let session = &call.body["session"];
    text(&session["type"]).filter(|kind| kind.eq_ignore_ascii_case("LOCK"))?;
    let key = key(call).unwrap_or_else(|| call.id("ssn"));
    let unit = text(&session["ttl_unit"]).unwrap_or("DAYS").to_string();
    let ttl = whole(&session["ttl"]).unwrap_or(7).max(0);
    let length = match unit.as_str() {
        "HOURS" => ttl.saturating_mul(3_600_000),
        "MINUTES" => ttl.saturating_mul(60_000),
        "SECONDS" => ttl.saturating_mul(1_000),
        "MILLISECONDS" => ttl,
        "MICROSECONDS" => ttl.checked_div(1_000).unwrap_or(0),
        "NANOSECONDS" => ttl.checked_div(1_000_000).unwrap_or(0),
        _ => ttl.saturating_mul(86_400_000),
    };
    let told = json!({ "key": key, "type": "LOCK", "ttl": ttl, "ttl_unit": unit });
    Some(Asked { key, told, until: call.now.saturating_add(length) })
}

/// Holds a use of a voucher under a session; what the session held of it before is replaced.
pub(super) fn hold(call: &Call, asked: &Asked, redeemable: &Redeemable, used: i64) {
    let mut row = json!({
        "key": asked.key, "code": redeemable.id, "expires_at": moment::iso(asked.until), "created_at": call.today(),
        "quantity": 1,
    });
    if redeemable.is_gift() {
        row["credits"] = used.into();
    }
    if redeemable.is_loyalty() {
        row["points"] = used.into();
    }
    call.project.put("session", &id(&redeemable.id, &asked.key), row);
}

/// The id of the row of a session of a voucher.
pub(super) fn id(code: &str, key: &str) -> String {
    [code, key].join("|")
}
