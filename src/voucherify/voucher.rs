//! Vouchers made, changed and given back.

use alloc::string::{String, ToString};

use serde_json::{json, Value};

use super::call::Call;
use super::code::Codes;
use super::fault::Fault;
use super::fields::{row, set, text, Row};
use super::{session, Reply};

/// What every voucher says of itself.
pub(super) fn complete(call: &Call, mut voucher: Row) -> Value {
    let given = |member: &str| voucher.get(member).is_some_and(Value::is_object);
    let kind = if given("gift") {
        "GIFT_VOUCHER"
    } else if given("loyalty_card") {
        "LOYALTY_CARD"
    } else {
        "DISCOUNT_VOUCHER"
    };
    let mut default = |member: &str, value: Value| {
        voucher.entry(member).or_insert(value);
    };
    default("type", kind.into());
    default("id", call.id("v").into());
    default("object", "voucher".into());
    default("active", true.into());
    default("created_at", call.today().into());
    default("metadata", json!({}));
    for member in [
        "campaign",
        "campaign_id",
        "category_id",
        "start_date",
        "expiration_date",
        "additional_info",
        "updated_at",
        "holder_id",
    ] {
        default(member, Value::Null);
    }
    default("is_referral_code", false.into());
    default("publish", json!({ "object": "list", "count": 0 }));
    let mut uses = voucher.get("redemption").map(row).unwrap_or_default();
    uses.entry("quantity").or_insert(Value::Null);
    uses.entry("redeemed_quantity").or_insert_with(|| 0.into());
    uses.entry("object").or_insert_with(|| "list".into());
    set(&mut voucher, "redemption", uses);
    for (member, part) in [("gift", "amount"), ("loyalty_card", "points")] {
        if let Some(Value::Object(card)) = voucher.get_mut(member) {
            let all = card.get(part).cloned().unwrap_or_else(|| 0.into());
            card.entry("balance").or_insert(all);
        }
    }
    voucher.into()
}

/// `POST /vouchers`, `POST /vouchers/{code}`.
pub(super) fn create(call: &Call) -> Result<Reply, Fault> {
    let mut voucher = row(&call.body);
    let code = match text(&call.body["code"]) {
        Some(code) => code.to_string(),
        None => Codes::of(call).fresh(&call.body["code_config"])?,
    };
    if call.project.row("voucher", &code).is_some() {
        let details = alloc::format!("Voucher with code '{code}' already exists");
        return Err(Fault::new(409, "duplicate_found", "Duplicate resource found", details));
    }
    let named = &call.body["campaign"];
    if let Some(name) = text(&call.body["campaign_id"]).or_else(|| text(named)) {
        let campaign = super::campaign::load(call, name)?;
        set(&mut voucher, "campaign", campaign["name"].clone());
        set(&mut voucher, "campaign_id", campaign["id"].clone());
    }
    set(&mut voucher, "code", code.clone());
    voucher.remove("code_config");
    let voucher = complete(call, voucher);
    call.project.put("voucher", &code, voucher.clone());
    Ok(Reply::ok(voucher))
}

/// `PUT /vouchers/{code}`: also enabling and disabling.
pub(super) fn update(call: &Call) -> Result<Reply, Fault> {
    let code = call.named("code");
    let voucher = call.project.row("voucher", code).ok_or_else(|| Fault::not_found("voucher", code))?;
    let mut changed = row(&voucher);
    for (member, value) in row(&call.body) {
        const KEPT: &[&str] = &["code", "id", "object", "type", "campaign", "campaign_id", "redemption", "created_at"];
        match (member.as_str(), value) {
            ("metadata" | "gift" | "loyalty_card", Value::Object(given)) => {
                let mut merged = row(&voucher[member.as_str()]);
                merged.extend(given);
                set(&mut changed, &member, merged);
            }
            ("redemption", Value::Object(given)) => {
                let mut uses = row(&voucher["redemption"]);
                set(&mut uses, "quantity", given.get("quantity").cloned().unwrap_or_default());
                set(&mut changed, "redemption", uses);
            }
            (name, _) if KEPT.contains(&name) => {}
            (_, value) => set(&mut changed, &member, value),
        }
    }
    set(&mut changed, "updated_at", call.today());
    let kept: String = text(&voucher["code"]).unwrap_or(code).into();
    call.project.put("voucher", &kept, changed.clone().into());
    Ok(Reply::ok(changed))
}

/// `DELETE /vouchers/{code}/sessions/{key}`.
pub(super) fn release(call: &Call) -> Result<Reply, Fault> {
    let (code, key) = (call.named("code"), call.named("session"));
    call.project.row("voucher", code).ok_or_else(|| Fault::not_found("voucher", code))?;
    let id = session::id(code, key);
    if call.project.row("session", &id).is_none() {
        return Err(Fault::not_found("session", key));
    }
    call.project.delete("session", &id);
    Ok(Reply { status: 204, body: Value::Null })
}
