//! Publications: codes given to customers, and members of loyalty campaigns.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::call::Call;
use super::customer::Customer;
use super::fault::Fault;
use super::fields::{row, set, text, whole};
use super::{campaign, earn, Reply};

/// The most codes of one publication.
const MAX_CODES: i64 = 20;

/// `POST /publications`.
pub(super) fn create(call: &Call) -> Result<Reply, Fault> {
    let mut customer = who(call)?;
    if let Some(source) = text(&call.body["source_id"]) {
        if let Some(publication) = call.project.one("publication", "source_id", source) {
            if text(&publication["customer_id"]).is_some_and(|of| !customer.is(of)) {
                let details = alloc::format!("Publication with source_id '{source}' is another customer's");
                return Err(Fault::new(400, "duplicate_source_id", "Duplicate source id", details));
            }
            return Ok(Reply::ok(publication));
        }
    }
    let vouchers: Vec<Value> =
        published(call, &mut customer)?.into_iter().map(|voucher| described(call, voucher)).collect();
    let id = call.id("pub");
    let first = vouchers.first().cloned().unwrap_or_default();
    let ids: Vec<Value> = vouchers.iter().map(|voucher| voucher["id"].clone()).collect();
    let mut publication = row(&json!({
        "id": id, "object": "publication", "created_at": call.today(), "customer_id": customer.id,
        "tracking_id": customer.tracking(), "channel": text(&call.body["channel"]).unwrap_or("API"),
        "source_id": call.body["source_id"], "result": "SUCCESS", "customer": customer.told(), "vouchers_id": ids,
        "voucher_id": first["id"], "campaign_id": first["campaign_id"],
        "metadata": if call.body["metadata"].is_object() { call.body["metadata"].clone() } else { json!({}) },
    }));
    if vouchers.len() == 1 {
        set(&mut publication, "voucher", first);
    } else {
        set(&mut publication, "vouchers", vouchers.iter().map(|voucher| voucher["code"].clone()).collect::<Vec<_>>());
    }
    call.project.put("publication", &id, publication.clone().into());
    Ok(Reply::ok(publication))
}

/// Formulas of a voucher ask for the metadata of its publication.
fn described(call: &Call, mut voucher: Value) -> Value {
    if call.body["metadata"].is_object() {
        let mut publish = row(&voucher["publish"]);
        set(&mut publish, "metadata", call.body["metadata"].clone());
        voucher["publish"] = publish.into();
        call.project.put("voucher", text(&voucher["code"]).unwrap_or_default(), voucher.clone());
    }
    voucher
}

fn who(call: &Call) -> Result<Customer, Fault> {
    let mut customer = Customer::read(call, &call.body["customer"]);
    if !customer.is_known() && call.body["customer"].is_object() {
        let members = ["email", "name", "phone"];
        if members.iter().any(|member| text(&call.body["customer"][*member]).is_some()) {
            customer.id = Some(call.id("cust"));
        }
    }
    if !customer.is_known() {
        return Err(Fault::new(400, "missing_customer", "Missing customer", "Customer is required to publish a code"));
    }
    customer.keep(call);
    Ok(customer)
}

fn published(call: &Call, customer: &mut Customer) -> Result<Vec<Value>, Fault> {
    let refused = |details: &str| Err(Fault::new(400, "invalid_publish_params", "Invalid publish params", details));
    let wanted = &call.body["campaign"]["count"];
    if !wanted.is_null() && whole(wanted).is_none_or(|wanted| wanted < 1) {
        return refused("Property .campaign.count should be >= 1");
    }
    if !call.body["campaign"].is_null() && !call.body["voucher"].is_null() {
        return refused("Either campaign or voucher is published");
    }
    if let Some(code) = text(&call.body["voucher"]).or_else(|| text(&call.body["voucher"]["code"])) {
        let voucher = call.project.row("voucher", code).ok_or_else(|| Fault::not_found("voucher", code))?;
        let holder = text(&voucher["holder_id"]).or_else(|| text(&voucher["holder"]["id"]));
        if voucher["active"] == false {
            let message = "voucher cannot be published";
            return Err(Fault::of_voucher("voucher_cannot_be_published", message, code));
        }
        if holder.is_some_and(|holder| !customer.is(holder)) {
            return Err(Fault::of_voucher("voucher_already_published", "voucher already published", code));
        }
        return Ok(alloc::vec![campaign::hold(call, &voucher, customer, false)]);
    }
    let (name, wanted) = campaign::asked(&call.body);
    let Some(name) = name else {
        let details = "Either campaign or voucher is required";
        return Err(Fault::new(400, "missing_vouchers", "Missing vouchers", details));
    };
    if wanted > MAX_CODES {
        let details = alloc::format!("At most {MAX_CODES} vouchers can be published at once");
        return Err(Fault::new(400, "too_many_vouchers_requested", "Too many vouchers requested", details));
    }
    let found = campaign::load(call, &name)?;
    if found["active"] == false {
        return Err(Fault::new(400, "campaign_not_active", "campaign is not active", name));
    }
    let once = call.query["join_once"].as_str() == Some("true")
        || call.query["join_once"] == true
        || found["join_once"] == true;
    if once {
        let id = text(&found["id"]).unwrap_or_default();
        let own = held(call, customer, id);
        if !own.is_empty() {
            return Ok(own);
        }
    }
    (0..wanted).map(|_| campaign::publish(call, &found, customer)).collect()
}

pub(super) fn held(call: &Call, customer: &Customer, campaign: &str) -> Vec<Value> {
    let Some(id) = &customer.id else { return Vec::new() };
    let own = call.project.find("voucher", &[("holder_id", id)]);
    own.into_iter()
        .map(|(_, voucher)| voucher)
        .filter(|voucher| text(&voucher["campaign_id"]) == Some(campaign))
        .collect()
}

/// `POST /loyalties/{campaign}/members`.
pub(super) fn member(call: &Call) -> Result<Reply, Fault> {
    let found = campaign::load(call, call.named("campaign"))?;
    let id = text(&found["id"]).unwrap_or_default().to_string();
    if let Some(code) = text(&call.body["voucher"]) {
        let mut customer = who(call)?;
        if call.project.row("voucher", code).is_none() {
            campaign::put_voucher(call, &found, code, &json!({}));
        }
        let voucher = published(call, &mut customer)?.pop().unwrap_or_default();
        return Ok(Reply::ok(voucher));
    }
    let mut customer = who(call)?;
    let voucher = match held(call, &customer, &id).into_iter().next() {
        Some(voucher) => voucher,
        None => campaign::publish(call, &found, &customer)?,
    };
    customer.keep(call);
    Ok(Reply::ok(voucher))
}

/// `GET /customers/{id}/redeemables`: what a customer holds.
pub(super) fn redeemables(call: &Call) -> Result<Reply, Fault> {
    let customer = stored(call)?;
    let data: Vec<Value> = super::qualify::vouchers(call, &customer, false)
        .iter()
        .map(|voucher| {
            json!({
                "id": alloc::format!("rdl_{}", voucher.id), "redeemable_id": voucher.row["id"], "redeemable_object": "voucher",
                "customer_id": customer.row["id"], "holder_role": "OWNER", "campaign_id": voucher.row["campaign_id"],
                "campaign_type": voucher.campaign["campaign_type"], "voucher_type": voucher.row["type"],
                "created_at": voucher.row["created_at"], "redeemable": { "type": "voucher", "voucher": voucher.row },
                "object": "redeemable_holder",
            })
        })
        .collect();
    Ok(Reply::ok(json!({ "object": "list", "data_ref": "data", "data": data, "total": data.len(), "has_more": false })))
}

/// `GET /customers/{id}/segments`.
pub(super) fn segments(call: &Call) -> Result<Reply, Fault> {
    let customer = stored(call)?;
    let is_in = |(id, _): &(String, Value)| customer.is_in(call, id);
    let data: Vec<Value> = call.project.all("segment").into_iter().filter(is_in).map(|(_, row)| row).collect();
    Ok(Reply::ok(json!({ "object": "list", "data_ref": "data", "data": data, "total": data.len() })))
}

fn stored(call: &Call) -> Result<Customer, Fault> {
    let name = call.named("customer");
    let customer = Customer::read(call, &json!({ "id": name }));
    if customer.is_stored {
        return Ok(customer);
    }
    let customer = Customer::read(call, &json!({ "source_id": name }));
    if customer.is_stored {
        Ok(customer)
    } else {
        Err(Fault::not_found("customer", name))
    }
}

/// `POST /orders`, `PUT /orders/{id}`: an order that is paid earns.
pub(super) fn order(call: &Call) -> Result<Reply, Fault> {
    let named = call.named("order");
    let mut sent = call.body.clone();
    if !named.is_empty() {
        let by_id = call.project.row("order", named);
        let stored = by_id.or_else(|| call.project.one("order", "source_id", named));
        let stored = stored.ok_or_else(|| Fault::not_found("order", named))?;
        if !sent.is_null() && !sent.is_object() {
            return Err(Fault::invalid("Property .order should be object"));
        }
        sent["id"] = stored["id"].clone();
    }
    let order = super::order::Order::read(call, &sent)?;
    let mut customer = Customer::read(call, order.sent.get("customer").unwrap_or(&Value::Null));
    customer.keep(call);
    let stored = order.sent.get("id").and_then(text).and_then(|id| call.project.row("order", id));
    let was_paid = stored.is_some_and(|stored| stored["status"] == "PAID");
    let mut kept = row(&super::validate::ordered(order.in_all(), &customer));
    let id = order.sent.get("id").and_then(text).map_or_else(|| call.id("ord"), String::from);
    set(&mut kept, "id", id.clone());
    kept.entry("status").or_insert_with(|| "CREATED".into());
    kept.entry("created_at").or_insert_with(|| call.today().into());
    kept.entry("metadata").or_insert_with(|| json!({}));
    set(&mut kept, "updated_at", call.today());
    call.project.put("order", &id, kept.clone().into());
    if kept["status"] == "PAID" && !was_paid {
        earn::order_paid(call, &customer, &order, &id)?;
    }
    Ok(Reply::ok(kept))
}
