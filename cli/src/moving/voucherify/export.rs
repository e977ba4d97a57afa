//! An import as Voucherify's objects: campaigns with tiers, what belongs to loyalty, and vouchers.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use counterfoil::voucherify::mapping::{loyalty, to_offer, Mapped};
use serde_json::{json, Value};

use super::super::{of_csv, without_list, Code, Summary, CODES, DOCUMENTS, REPORT};
use crate::fault::Fault;
use crate::files;

/// Writes an import as Voucherify's objects: `campaigns.json` with tiers, and `vouchers.jsonl`.
///
/// # Errors
/// `file_unavailable`, `file_malformed`, `file_exists`.
pub fn export(from: &Path, to: &Path, currency: &str) -> Result<Summary, Fault> {
    let path = from.join(DOCUMENTS);
    let text = std::fs::read_to_string(&path).map_err(|error| Fault::of_io("read", &path, &error))?;
    let read: Value = serde_json::from_str(&text).map_err(|error| {
        Fault::new("file_malformed", format!("the file is no JSON: {error}"), "import anew").of_file(path.display())
    })?;
    files::make_folder(to)?;
    let mut summary = Summary::default();
    let mut campaigns = Vec::new();
    let mut lost = Vec::new();
    for document in read["campaigns"].as_array().into_iter().flatten() {
        let id = document["id"].as_str().unwrap_or_default();
        let listed = without_list(document);
        let is_tier = listed.is_none() && document["codes"].is_null();
        let Mapped { value: offer, losses } = to_offer(listed.as_ref().unwrap_or(document), currency);
        for loss in losses {
            lost.push(json!({ "object": "campaign", "id": id, "member": loss.member, "why": loss.why }));
        }
        campaigns.push(campaign(id, offer, is_tier));
    }
    let mut belongings = Belongings::default();
    for programme in read["loyalty"]["programmes"].as_array().into_iter().flatten() {
        let Mapped { mut value, losses } = loyalty::to_campaign(programme, currency);
        for loss in losses {
            lost.push(json!({ "object": "campaign", "id": programme["id"], "member": loss.member, "why": loss.why }));
        }
        campaigns.push(value["campaign"].take());
        belongings.take(value);
    }
    let rewards: Vec<Value> =
        read["payments"].as_array().into_iter().flatten().filter_map(|payment| reward(payment, currency)).collect();
    summary.documents = campaigns.len();
    summary.lost = lost.len();
    let json = |value: &Value| format!("{}\n", serde_json::to_string_pretty(value).unwrap_or_default());
    files::create(
        &to.join("campaigns.json"),
        json(&belongings.beside(campaigns, rewards)).as_bytes(),
        files::Readers::Anyone,
    )?;
    let lines: String = lost.iter().map(|loss| format!("{loss}\n")).collect();
    files::create(&to.join(REPORT), lines.as_bytes(), files::Readers::Anyone)?;
    let path = to.join("vouchers.jsonl");
    let file = File::options()
        .write(true)
        .create_new(true)
        .open(&path)
        .map_err(|error| Fault::of_io("write", &path, &error))?;
    let mut out = BufWriter::new(file);
    let codes = from.join(CODES);
    let mut reader = csv::Reader::from_path(&codes).map_err(|error| of_csv("read", &codes, &error))?;
    for code in reader.deserialize() {
        let code: Code = code.map_err(|error| of_csv("read", &codes, &error))?;
        summary.codes = summary.codes.saturating_add(1);
        writeln!(out, "{}", voucher(&code)).map_err(|error| Fault::of_io("write", &path, &error))?;
    }
    out.flush().map_err(|error| Fault::of_io("write", &path, &error))?;
    Ok(summary)
}

/// What loyalty campaigns have beside themselves.
#[derive(Default)]
struct Belongings {
    lists: std::collections::BTreeMap<&'static str, Vec<Value>>,
}

impl Belongings {
    fn take(&mut self, mut of_campaign: Value) {
        for member in ["earning_rules", "loyalty_tiers", "rewards", "reward_assignments"] {
            if let Value::Array(rows) = of_campaign[member].take() {
                self.lists.entry(member).or_default().extend(rows);
            }
        }
    }

    fn beside(mut self, campaigns: Vec<Value>, coins: Vec<Value>) -> Value {
        self.lists.entry("rewards").or_default().extend(coins);
        let mut told = json!(self.lists);
        told["campaigns"] = campaigns.into();
        told
    }
}

fn campaign(id: &str, offer: Value, is_tier: bool) -> Value {
    let mut offer = offer.as_object().cloned().unwrap_or_default();
    let mut campaign =
        json!({ "id": id, "object": "campaign", "name": offer.remove("name").unwrap_or_else(|| id.into()) });
    if is_tier {
        if let Some(discount) = offer.remove("discount") {
            offer.insert("action".into(), json!({ "discount": discount }));
        }
        offer.insert("id".into(), id.into());
        offer.insert("object".into(), "promotion_tier".into());
        offer.insert("name".into(), campaign["name"].take());
        campaign = json!({ "id": format!("{id}-campaign"), "object": "campaign", "name": format!("{id}-campaign"),
            "campaign_type": "PROMOTION", "promotion": { "tiers": [offer] } });
        return campaign;
    }
    campaign["campaign_type"] = "DISCOUNT_COUPONS".into();
    if let Some(discount) = offer.remove("discount") {
        campaign["voucher"] = json!({ "type": "DISCOUNT_VOUCHER", "discount": discount });
    }
    for (member, value) in offer {
        campaign[member.as_str()] = value;
    }
    campaign
}

fn reward(payment: &Value, currency: &str) -> Option<Value> {
    let exchange = payment["exchange"].as_object()?;
    let worth = exchange.get("worth")?[currency].as_i64()?;
    let ratio: Value = match worth.checked_rem(100)? {
        0 => worth.checked_div(100)?.into(),
        cents => format!("{}.{cents:02}", worth.checked_div(100)?).into(),
    };
    let coin = json!({ "points_ratio": exchange.get("points")?, "exchange_ratio": ratio });
    Some(json!({ "id": payment["id"], "object": "reward", "type": "COIN", "parameters": { "coin": coin } }))
}

fn voucher(code: &Code) -> Value {
    let mut voucher = json!({
        "code": code.code, "object": "voucher", "campaign_id": code.campaign, "active": code.state != "revoked",
        "redemption": { "quantity": code.quantity, "redeemed_quantity": code.used },
    });
    match code.kind.as_str() {
        "gift_card" => {
            voucher["type"] = "GIFT_VOUCHER".into();
            voucher["gift"] = json!({ "amount": code.issued, "balance": code.balance });
        }
        "points" => {
            voucher["type"] = "LOYALTY_CARD".into();
            voucher["loyalty_card"] = json!({ "points": code.issued, "balance": code.balance });
        }
        _ => voucher["type"] = "DISCOUNT_VOUCHER".into(),
    }
    for (member, text) in [("start_date", &code.from), ("expiration_date", &code.until), ("holder_id", &code.holder)] {
        if !text.is_empty() {
            voucher[member] = text.as_str().into();
        }
    }
    if let Ok(metadata) = serde_json::from_str::<Value>(&code.metadata) {
        voucher["metadata"] = metadata;
    }
    voucher
}
