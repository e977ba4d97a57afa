//! Campaigns, their vouchers and their publication.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::call::Call;
use super::code::{self, Codes};
use super::customer::Customer;
use super::fault::Fault;
use super::fields::{count, list, row, set, text, whole};
use super::Reply;

/// The most vouchers of a campaign.
const MAX_VOUCHERS: i64 = 100_000;

/// A campaign by its id or its name.
pub(super) fn load(call: &Call, named: &str) -> Result<Value, Fault> {
    let by_id = call.project.row("campaign", named);
    by_id.or_else(|| call.project.one("campaign", "name", named)).ok_or_else(|| Fault::not_found("campaign", named))
}

/// `POST /campaigns`.
pub(super) fn create(call: &Call) -> Result<Reply, Fault> {
    let mut campaign = row(&call.body);
    let required = |member: &str| Fault::invalid(alloc::format!("should have required property '{member}'"));
    let name = text(&call.body["name"]).ok_or_else(|| required("name"))?.to_string();
    let id = text(&call.body["id"]).map_or_else(|| call.id("camp"), String::from);
    if call.project.one("campaign", "name", &name).is_some() {
        let details = alloc::format!("Campaign with name '{name}' already exists");
        return Err(Fault::new(409, "duplicate_found", "Duplicate resource found", details));
    }
    let voucher = &call.body["voucher"];
    let kind = text(&call.body["campaign_type"]).unwrap_or(match text(&voucher["type"]) {
        Some("GIFT_VOUCHER") => "GIFT_VOUCHERS",
        Some("LOYALTY_CARD") => "LOYALTY_PROGRAM",
        _ if call.body["promotion"].is_object() => "PROMOTION",
        _ => "DISCOUNT_COUPONS",
    });
    let wanted = whole(&call.body["vouchers_count"]).unwrap_or(0);
    if !(0..=MAX_VOUCHERS).contains(&wanted) {
        let details = alloc::format!("Property .vouchers_count should be <= {MAX_VOUCHERS}");
        return Err(Fault::new(400, "invalid_campaign_params", "Invalid campaign params", details));
    }
    set(&mut campaign, "id", id.clone());
    set(&mut campaign, "object", "campaign");
    set(&mut campaign, "campaign_type", kind);
    campaign.entry("type").or_insert_with(|| "STATIC".into());
    campaign.entry("active").or_insert_with(|| true.into());
    campaign.entry("auto_join").or_insert_with(|| (kind == "LOYALTY_PROGRAM").into());
    campaign.entry("join_once").or_insert_with(|| (kind == "LOYALTY_PROGRAM").into());
    campaign.entry("metadata").or_insert_with(|| json!({}));
    campaign.entry("created_at").or_insert_with(|| call.today().into());
    set(&mut campaign, "vouchers_generation_status", "DONE");
    set(&mut campaign, "vouchers_count", wanted);
    let is_generic = text(campaign.get("type").unwrap_or(&Value::Null)) == Some("STANDALONE");
    let tiers = campaign
        .remove("promotion")
        .map(|promotion| row(&promotion))
        .and_then(|mut promotion| promotion.remove("tiers"));
    let campaign = Value::from(campaign);
    call.project.put("campaign", &id, campaign.clone());
    let tiers: Vec<Value> = list(&tiers.unwrap_or_default())
        .into_iter()
        .enumerate()
        .map(|(index, tier)| put_tier(call, &campaign, tier, index))
        .collect();
    if kind != "PROMOTION" {
        let wanted = if is_generic { wanted.max(1) } else { wanted };
        // the one code of a generic campaign may be told with its voucher
        let code = match &call.body["code"] {
            Value::Null if is_generic => &voucher["code"],
            code => code,
        };
        add(call, &campaign, wanted, code, &json!({}))?;
        return Ok(Reply::ok(campaign));
    }
    // tiers are rows of their own, told with the campaign that came with them
    let mut told = row(&campaign);
    set(&mut told, "promotion", json!({ "tiers": tiers }));
    Ok(Reply::ok(told))
}

fn put_tier(call: &Call, campaign: &Value, tier: &Value, index: usize) -> Value {
    let mut kept = row(tier);
    let id = text(&tier["id"]).map_or_else(|| call.id("promo"), String::from);
    set(&mut kept, "id", id.clone());
    set(&mut kept, "object", "promotion_tier");
    set(&mut kept, "campaign_id", campaign["id"].clone());
    let told =
        json!({ "id": campaign["id"], "name": campaign["name"], "active": campaign["active"], "object": "campaign" });
    kept.entry("campaign").or_insert(told);
    kept.entry("hierarchy").or_insert_with(|| index.saturating_add(1).into());
    kept.entry("active").or_insert_with(|| true.into());
    kept.entry("metadata").or_insert_with(|| json!({}));
    kept.entry("created_at").or_insert_with(|| call.today().into());
    let kept = Value::from(kept);
    call.project.put("promotion_tier", &id, kept.clone());
    kept
}

/// `PUT /campaigns/{id}`: also enabling and disabling.
pub(super) fn update(call: &Call) -> Result<Reply, Fault> {
    let campaign = load(call, call.named("campaign"))?;
    let mut changed = row(&campaign);
    let metadata = changed.get("metadata").map(row).unwrap_or_default();
    changed.extend(row(&call.body));
    if call.body["metadata"].is_object() {
        let mut merged = metadata;
        merged.extend(row(&call.body["metadata"]));
        set(&mut changed, "metadata", merged);
    }
    for member in ["id", "name", "campaign_type", "type"] {
        set(&mut changed, member, campaign[member].clone());
    }
    set(&mut changed, "updated_at", call.today());
    let id = text(&campaign["id"]).unwrap_or_default();
    call.project.put("campaign", id, changed.clone().into());
    Ok(Reply::ok(changed))
}

/// `POST /campaigns/{id}/vouchers[/{code}]`.
pub(super) fn add_vouchers(call: &Call) -> Result<Reply, Fault> {
    let campaign = load(call, call.named("campaign"))?;
    let wanted = whole(&call.query["vouchers_count"]).unwrap_or(1).clamp(1, MAX_VOUCHERS);
    let mut added = add(call, &campaign, wanted, &call.body["code"], &call.body)?;
    let mut counted = row(&campaign);
    let before = count(&campaign["vouchers_count"]);
    set(&mut counted, "vouchers_count", before.saturating_add(i64::try_from(added.len()).unwrap_or(0)));
    call.project.put("campaign", text(&campaign["id"]).unwrap_or_default(), counted.into());
    if added.len() == 1 {
        return Ok(Reply::ok(added.pop().unwrap_or_default()));
    }
    Ok(Reply::ok(json!({ "object": "list", "data_ref": "vouchers", "vouchers": added, "total": added.len() })))
}

/// New vouchers of a campaign.
fn add(call: &Call, campaign: &Value, wanted: i64, given: &Value, over: &Value) -> Result<Vec<Value>, Fault> {
    let mut config = campaign["voucher"]["code_config"].clone();
    if over["code_config"].is_object() {
        config = over["code_config"].clone();
    }
    let codes = match text(given).filter(|_| wanted == 1) {
        Some(code) if call.project.row("voucher", code).is_some() => {
            let details = alloc::format!("Voucher with code '{code}' already exists");
            return Err(Fault::new(409, "duplicate_found", "Duplicate resource found", details));
        }
        Some(code) => alloc::vec![code.to_string()],
        None => {
            code::check(&config, wanted.max(count(&campaign["vouchers_count"])))?;
            Codes::of(call).all_fresh(&config, usize::try_from(wanted).unwrap_or(0))?
        }
    };
    let added = codes.iter().map(|code| put_voucher(call, campaign, code, over)).collect();
    Ok(added)
}

/// Writes a voucher of a campaign.
pub(super) fn put_voucher(call: &Call, campaign: &Value, code: &str, over: &Value) -> Value {
    let mut voucher = row(&campaign["voucher"]);
    voucher.remove("code_config");
    for member in [
        "start_date",
        "expiration_date",
        "validity_timeframe",
        "validity_day_of_week",
        "validity_hours",
        "activity_duration_after_publishing",
        "category_id",
    ] {
        if !campaign[member].is_null() {
            set(&mut voucher, member, campaign[member].clone());
        }
    }
    voucher.extend(
        row(over)
            .into_iter()
            .filter(|(member, _)| !["code", "code_config", "vouchers_count"].contains(&member.as_str())),
    );
    set(&mut voucher, "code", code);
    set(&mut voucher, "campaign", campaign["name"].clone());
    set(&mut voucher, "campaign_id", campaign["id"].clone());
    if text(&campaign["campaign_type"]) == Some("REFERRAL_PROGRAM") {
        set(&mut voucher, "is_referral_code", true);
    }
    let voucher = super::voucher::complete(call, voucher);
    call.project.put("voucher", code, voucher.clone());
    voucher
}

/// A voucher of a campaign for a customer: one that nobody has, or a new one where the campaign makes them.
pub(super) fn publish(call: &Call, campaign: &Value, customer: &Customer) -> Result<Value, Fault> {
    let id = text(&campaign["id"]).unwrap_or_default();
    let is_generic = text(&campaign["type"]) == Some("STANDALONE");
    let vouchers = call.project.find("voucher", &[("campaign_id", id)]);
    let is_free = |(_, voucher): &&(String, Value)| {
        is_generic || (voucher["active"] != false && voucher["holder_id"].is_null() && !voucher["holder"].is_object())
    };
    let free = vouchers.iter().find(is_free).map(|(_, voucher)| voucher.clone());
    let mints =
        text(&campaign["type"]) == Some("AUTO_UPDATE") || text(&campaign["campaign_type"]) == Some("LOYALTY_PROGRAM");
    let free = match free {
        None if mints => {
            let code = Codes::of(call).fresh(&campaign["voucher"]["code_config"])?;
            Some(put_voucher(call, campaign, &code, &json!({})))
        }
        free => free,
    };
    let Some(voucher) = free else {
        let details = "Couldn't find any voucher suitable for publication";
        return Err(Fault::new(
            400,
            "no_voucher_suitable_for_publication",
            "No voucher suitable for publication",
            details,
        ));
    };
    Ok(hold(call, &voucher, customer, is_generic))
}

/// Gives a voucher to a customer.
pub(super) fn hold(call: &Call, voucher: &Value, customer: &Customer, is_generic: bool) -> Value {
    let mut held = row(voucher);
    if !is_generic {
        set(&mut held, "holder_id", customer.id.clone().map_or(Value::Null, Value::from));
        set(&mut held, "holder", customer.told());
    }
    let mut publish = row(&voucher["publish"]);
    let published = publish.get("count").map_or(0, count).saturating_add(1);
    set(&mut publish, "object", "list");
    set(&mut publish, "count", published);
    set(&mut held, "publish", publish);
    set(&mut held, "published_at", call.today());
    let held = Value::from(held);
    call.project.put("voucher", text(&voucher["code"]).unwrap_or_default(), held.clone());
    held
}

/// What a request says of the campaign to publish from: its name or id, and how many codes.
pub(super) fn asked(body: &Value) -> (Option<String>, i64) {
    let campaign = &body["campaign"];
    let name = text(campaign).or_else(|| text(&campaign["name"])).or_else(|| text(&campaign["id"]));
    (name.map(String::from), whole(&campaign["count"]).unwrap_or(1).max(1))
}
