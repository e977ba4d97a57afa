//! Voucherify's interface, decided here: one pure function that takes a call as text and answers with text. Whoever calls
//! it loads the rows that it asks for, calls again, and stores what the answer says in one transaction.
//!
//! Voucherify's objects stand for themselves: the rows of a project are in its own field names. Money is worked out by the
//! engine (`till`): each step of an order becomes a campaign document and a cart.
//!
//! ```
//! use serde_json::{json, Value};
//! let mut call = json!({
//!     "endpoint": "vouchers/validate", "now": 1_772_359_200_000_i64, "random": "00ff", "path": { "code": "TEN" },
//!     "body": { "order": { "amount": 4990 } }, "project": { "settings": {} },
//! });
//! let answer: Value = serde_json::from_str(&counterfoil::voucherify::answer(&call.to_string())).unwrap();
//! // the rows are asked for …
//! assert!(answer["needs"].as_array().unwrap().contains(&json!({ "object": "voucher", "id": "TEN" })));
//! call["project"]["vouchers"]["TEN"] =
//!     json!({ "code": "TEN", "type": "DISCOUNT_VOUCHER", "discount": { "type": "PERCENT", "percent_off": 10 } });
//! // … some are looked up by a member: what was looked up is listed, whatever was found
//! call["project"]["loaded"] =
//!     json!([{ "object": "validation_rules_assignment", "where": { "related_object_id": "TEN" } }]);
//! let answer: Value = serde_json::from_str(&counterfoil::voucherify::answer(&call.to_string())).unwrap();
//! assert_eq!(answer["status"], 200);
//! assert_eq!(answer["body"]["order"]["total_amount"], 4491);
//! ```

#![allow(clippy::indexing_slicing, reason = "members of JSON values are read, and one that is not there is null")]

use alloc::format;
use alloc::string::{String, ToString};

use serde_json::{json, Value};

mod apply;
mod attribute;
mod balance;
mod bundle;
mod call;
mod campaign;
mod card;
mod code;
mod collection;
mod count;
mod customer;
mod definition;
mod documents;
mod earn;
mod fault;
mod fields;
mod formula;
mod line;
mod logic;
mod malformed;
pub mod mapping;
mod moment;
mod order;
mod pending;
mod points;
mod predicate;
mod project;
mod publish;
mod qualify;
mod questions;
mod redeem;
mod redeemable;
mod referral;
mod reward;
mod rollback;
mod rule;
mod schema;
mod session;
mod stacking;
mod target;
mod tier;
mod till;
mod units;
mod validate;
mod validity;
mod voucher;

use call::Call;
use fault::Fault;

/// What is answered.
struct Reply {
    status: u16,
    body: Value,
}

impl Reply {
    fn ok(body: impl Into<Value>) -> Reply {
        Reply { status: 200, body: body.into() }
    }
}

/// Answers a call. Whatever the text is, the answer is a JSON object: `needs`, or `status`, `body`, `store`, `delete`.
pub fn answer(call: &str) -> String {
    let call = match Call::read(call) {
        Ok(call) => call,
        Err(why) => {
            let body = Fault::new(500, "internal_error", "Internal error", why).body("");
            return json!({ "status": 500, "body": body, "store": [], "delete": [] }).to_string();
        }
    };
    let kept = call.project.written();
    let reply = endpoint(&call);
    let needs = call.project.needs();
    if !needs.is_empty() {
        return json!({ "needs": needs }).to_string();
    }
    let reply = reply.unwrap_or_else(|fault| {
        call.project.rewind(kept);
        Reply { status: fault.status, body: fault.body(&call.request()) }
    });
    let (store, delete) = call.project.changes();
    json!({ "status": reply.status, "body": reply.body, "store": store, "delete": delete }).to_string()
}

fn endpoint(call: &Call) -> Result<Reply, Fault> {
    malformed::check(call)?;
    schema::check(call)?;
    match call.endpoint.as_str() {
        "validations" => validate::stackable(call),
        "vouchers/validate" => validate::voucher(call),
        "promotions/validate" => validate::promotions(call),
        "tiers/validate" => validate::tier(call),
        "redemptions" => redeem::stackable(call),
        "vouchers/redeem" => redeem::voucher(call),
        "tiers/redeem" => redeem::tier(call),
        "loyalties/redeem-reward" => redeem::voucher(call),
        "redemptions/rollback" => rollback::single(call),
        "redemptions/rollback-stack" => rollback::stack(call),
        "qualifications" => qualify::qualifications(call),
        "vouchers/qualification" => qualify::older(call, "voucher"),
        "campaigns/qualification" => qualify::older(call, "campaign"),
        "products/qualification" => qualify::older(call, "product"),
        "tiers/available" => Ok(qualify::available_tiers(call)),
        "vouchers/create" => voucher::create(call),
        "vouchers/update" => voucher::update(call),
        "vouchers/balance" | "loyalties/balance" => balance::change(call),
        "vouchers/delete-session" => voucher::release(call),
        "campaigns/create" => campaign::create(call),
        "campaigns/update" => campaign::update(call),
        "campaigns/add-vouchers" => campaign::add_vouchers(call),
        "publications/create" => publish::create(call),
        "loyalties/create-member" => publish::member(call),
        "loyalties/transfer" => balance::transfer(call),
        "loyalties/tiers-of-member" => balance::tiers(call),
        "customers/changed" => earn::customer_changed(call),
        "rows/check" => malformed::kept(call),
        "rows/delete" => malformed::deleted(call),
        "loyalties/estimate" => earn::estimate(call),
        "loyalties/points-expiration" => balance::expiration(call),
        "loyalties/pending-points" => pending::list(call),
        "loyalties/activate-points" => pending::activate(call),
        "loyalties/cancel-points" => pending::cancel(call),
        "loyalties/correct-points" => pending::correct(call),
        "earning-rules/evaluate" => earn::named_rules(call),
        "customers/redeemables" => publish::redeemables(call),
        "customers/segments" => publish::segments(call),
        "collections/products" => collection::products(call),
        "orders/create" | "orders/update" => publish::order(call),
        "events/create" => earn::event(call),
        "documents" => documents::documents(call),
        "formulas/evaluate" => questions::formulas(call),
        "points/expiration" => Ok(questions::expirations(call)),
        other => {
            let details = format!("The endpoint `{other}` is not covered");
            Err(Fault::new(501, "not_implemented", "Not implemented", details))
        }
    }
}
