//! An import as Voucherify's objects: campaigns with tiers, what belongs to loyalty, and vouchers.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use counterfoil::voucherify::mapping::{loyalty, segments, stacking, to_offer, Mapped};
use serde_json::{json, Value};

use super::super::{of_csv, Code, Summary, CODES, DOCUMENTS, REPORT};
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
    let named = Named::read(&from.join(CODES))?;
    for document in read["campaigns"].as_array().into_iter().flatten() {
        let id = document["id"].as_str().unwrap_or_default();
        if named.is_beside(id) {
            continue;
        }
        let kind = match (&document["codeList"], &document["codes"]) {
            (Value::Null, Value::Null) => Kind::Tier,
            (list, _) if list["currency"].is_string() => Kind::Cards,
            _ => Kind::Codes,
        };
        let Mapped { value: offer, losses, .. } = to_offer(document, currency);
        for loss in losses {
            lost.push(json!({ "object": "campaign", "id": id, "member": loss.member, "why": loss.why }));
        }
        campaigns.push(campaign(id, offer, kind, named.only_for_holders.contains(id)));
    }
    let mut belongings = Belongings::default();
    let Mapped { value: mut combining, losses, .. } = stacking::to_rules(&read["stacking"]);
    for loss in losses {
        lost.push(json!({ "object": "stacking_rules", "id": "", "member": loss.member, "why": loss.why }));
    }
    for (id, rule) in read["segments"].as_object().into_iter().flatten() {
        let Mapped { value, losses, .. } = segments::to_segment(id, rule, currency);
        for loss in losses {
            lost.push(json!({ "object": "segment", "id": id, "member": loss.member, "why": loss.why }));
        }
        if !value.is_null() {
            belongings.add("segments", value);
        }
    }
    if let Value::Array(categories) = combining["categories"].take() {
        categories.into_iter().for_each(|category| belongings.add("categories", category));
    }
    belongings.stacking_rules = combining["stacking_rules"].take();
    for programme in read["loyalty"]["programmes"].as_array().into_iter().flatten() {
        let Mapped { mut value, losses, .. } = loyalty::to_campaign(programme, currency);
        for loss in losses {
            lost.push(json!({ "object": "campaign", "id": programme["id"], "member": loss.member, "why": loss.why }));
        }
        campaigns.push(value["campaign"].take());
        belongings.take(value);
    }
    // campaigns that give nothing by themselves are named by their codes alone
    let known: BTreeSet<String> =
        campaigns.iter().filter_map(|campaign| campaign["id"].as_str().map(String::from)).collect();
    for id in named.campaigns.iter().filter(|id| !known.contains(*id)) {
        campaigns.push(json!({ "id": id, "object": "campaign", "name": id }));
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

/// What campaigns have beside themselves.
#[derive(Default)]
struct Belongings {
    stacking_rules: Value,
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

    fn add(&mut self, list: &'static str, row: Value) {
        self.lists.entry(list).or_default().push(row);
    }

    fn beside(mut self, campaigns: Vec<Value>, coins: Vec<Value>) -> Value {
        self.lists.entry("rewards").or_default().extend(coins);
        let mut told = json!(self.lists);
        told["campaigns"] = campaigns.into();
        if !self.stacking_rules.is_null() {
            told["stacking_rules"] = self.stacking_rules;
        }
        told
    }
}

/// What a document is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Tier,
    Codes,
    /// Gift cards.
    Cards,
}

/// What codes say of campaigns.
#[derive(Default)]
struct Named {
    /// Campaigns that have codes.
    campaigns: BTreeSet<String>,
    /// Lists beside that of their campaign, of codes that say something of their own.
    beside: BTreeSet<String>,
    only_for_holders: BTreeSet<String>,
}

impl Named {
    fn read(path: &Path) -> Result<Named, Fault> {
        let mut named = Named::default();
        let mut reader = csv::Reader::from_path(path).map_err(|error| of_csv("read", path, &error))?;
        for code in reader.deserialize() {
            let Code { campaign, list, only, .. } = code.map_err(|error| of_csv("read", path, &error))?;
            if only == "holder" {
                named.only_for_holders.insert(campaign.clone());
            }
            if !list.is_empty() && list != campaign {
                named.beside.insert(list);
            }
            if !campaign.is_empty() {
                named.campaigns.insert(campaign);
            }
        }
        Ok(named)
    }

    fn is_beside(&self, id: &str) -> bool {
        self.beside.contains(id) && !self.campaigns.contains(id)
    }
}

fn campaign(id: &str, offer: Value, kind: Kind, is_for_holders: bool) -> Value {
    let mut offer = offer.as_object().cloned().unwrap_or_default();
    let mut campaign =
        json!({ "id": id, "object": "campaign", "name": offer.remove("name").unwrap_or_else(|| id.into()) });
    if kind == Kind::Tier {
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
    let discount = offer.remove("discount");
    if kind == Kind::Cards {
        campaign["campaign_type"] = "GIFT_VOUCHERS".into();
        let effect = discount.map_or(Value::Null, |discount| discount["effect"].clone());
        campaign["voucher"] = json!({ "type": "GIFT_VOUCHER", "gift": { "effect": effect } });
    } else {
        campaign["campaign_type"] = "DISCOUNT_COUPONS".into();
        if let Some(discount) = discount {
            campaign["voucher"] = json!({ "type": "DISCOUNT_VOUCHER", "discount": discount });
        }
    }
    for (member, value) in offer {
        campaign[member.as_str()] = value;
    }
    if is_for_holders {
        only_for_holders(&mut campaign["validation_rule"]);
    }
    campaign
}

/// Adds the rule that only who holds a code may use it.
fn only_for_holders(rule: &mut Value) {
    let rules = &mut rule["rules"];
    let logic = rules["logic"].as_str().map(|logic| format!("({logic}) and holder"));
    rules["holder"] = json!({ "name": "publication.redeemable_by_linked_customer", "conditions": { "$is": [true] } });
    rules["logic"] = logic.unwrap_or_else(|| "holder".into()).into();
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
    if !code.note.is_empty() {
        voucher["additional_info"] = code.note.as_str().into();
    }
    if let Ok(metadata) = serde_json::from_str::<Value>(&code.metadata) {
        voucher["metadata"] = metadata;
    }
    // what the code says itself of the offer stands beside what it has for itself
    if let Ok(Value::Object(own)) = serde_json::from_str::<Value>(&code.offer) {
        for (member, value) in own {
            match (member.as_str(), value.as_object()) {
                ("gift" | "loyalty_card", Some(card)) => {
                    let of_card = &mut voucher[member.as_str()];
                    card.iter().for_each(|(member, value)| of_card[member.as_str()] = value.clone());
                }
                _ => voucher[member.as_str()] = value,
            }
        }
    }
    voucher
}
