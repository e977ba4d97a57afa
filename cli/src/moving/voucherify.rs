//! Voucherify's exports: campaigns, tiers, rules, rewards and earning rules as JSON, vouchers as JSON or CSV.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use counterfoil::voucherify::mapping::{to_document, to_offer, Mapped};
use serde_json::{json, Map, Value};

use super::{elements, minor, rows, slug, without_list, Carrier, Code, CODES, DOCUMENTS};
use crate::fault::Fault;
use crate::files;

/// What vouchers refer to, by object and id.
#[derive(Default)]
struct Referred {
    rows: BTreeMap<&'static str, BTreeMap<String, Value>>,
}

const REFERRED: &[(&str, &str)] = &[
    ("campaign", "campaigns"),
    ("promotion_tier", "tiers"),
    ("promotion_tier", "promotion_tiers"),
    ("validation_rules", "validation_rules"),
    ("validation_rules", "rules"),
    ("validation_rules_assignment", "validation_rules_assignments"),
    ("validation_rules_assignment", "assignments"),
    ("earning_rule", "earning_rules"),
    ("reward", "rewards"),
];

fn object_of(member: &str, element: &Value) -> Option<&'static str> {
    let own = element["object"].as_str();
    let found = REFERRED.iter().find(|(object, list)| own.map_or(*list == member, |own| own == *object));
    found.map(|(object, _)| *object)
}

fn is_voucher(member: &str, element: &Value) -> bool {
    element["object"] == "voucher" || member == "vouchers" || element["code"].is_string()
}

/// What is read, and in which currency.
pub struct Import<'a> {
    /// The files.
    pub files: &'a [PathBuf],
    /// The currency of amounts.
    pub currency: &'a str,
}

impl Import<'_> {
    /// Reads everything twice: what vouchers refer to, then the vouchers.
    ///
    /// # Errors
    /// `file_unavailable`, `file_malformed`, `too_many_campaigns`.
    pub fn run(&self, carrier: &mut Carrier) -> Result<(), Fault> {
        let mut referred = Referred::default();
        for file in self.files.iter().filter(|file| !is_table(file)) {
            elements::read(file, &mut |member, element| {
                if let Some(object) = object_of(member, &element) {
                    let id = element["id"].as_str().or(element["name"].as_str()).unwrap_or_default().to_string();
                    referred.rows.entry(object).or_default().insert(id, element);
                } else if !is_voucher(member, &element) {
                    let id = element["id"].as_str().unwrap_or_default();
                    let object = element["object"].as_str().unwrap_or(member);
                    carrier.lost(object, id, "", "objects of this kind are not campaigns; the shop keeps them")?;
                }
                Ok(())
            })?;
        }
        let campaigns = self.campaigns(&referred, carrier)?;
        for file in self.files {
            if is_table(file) {
                rows(file, |cells| self.voucher(&of_cells(&cells), &referred, &campaigns, carrier))?;
            } else {
                elements::read(file, &mut |member, element| match is_voucher(member, &element)
                    && object_of(member, &element).is_none()
                {
                    true => self.voucher(&element, &referred, &campaigns, carrier),
                    false => Ok(()),
                })?;
            }
        }
        Ok(())
    }

    /// Campaigns and tiers as documents; gives the document of each campaign by its id and its name.
    fn campaigns(&self, referred: &Referred, carrier: &mut Carrier) -> Result<BTreeMap<String, String>, Fault> {
        let mut documents = BTreeMap::new();
        for (id, reward) in referred.rows.get("reward").into_iter().flatten() {
            let coin = &reward["parameters"]["coin"];
            match (reward["type"] == "COIN").then(|| (whole(&coin["points_ratio"]), major(&coin["exchange_ratio"]))) {
                Some((Some(points), Some(worth))) => {
                    let exchange = json!({ "points": points, "worth": { self.currency: worth } });
                    carrier.payment(id, json!({ "id": slug(id), "type": "points", "exchange": exchange }));
                }
                _ => carrier.lost(
                    "reward",
                    id,
                    "type",
                    "rewards of this kind are written as `rewards` of the ledger's programme",
                )?,
            }
        }
        for (id, campaign) in referred.rows.get("campaign").into_iter().flatten() {
            for tier in tiers(campaign) {
                self.tier(tier, campaign, referred, carrier)?;
            }
            if campaign["campaign_type"] == "PROMOTION" {
                continue;
            }
            let mut offer = campaign["voucher"].as_object().cloned().unwrap_or_default();
            for member in INHERITED {
                if !campaign[*member].is_null() {
                    offer.insert((*member).into(), campaign[*member].clone());
                }
            }
            let earning: Vec<Value> = referred
                .rows
                .get("earning_rule")
                .into_iter()
                .flat_map(BTreeMap::values)
                .filter(|rule| rule["campaign_id"] == id.as_str() || rule["source"]["object_id"] == id.as_str())
                .cloned()
                .chain(campaign["earning_rules"].as_array().cloned().unwrap_or_default())
                .collect();
            if !earning.is_empty() {
                offer.insert("earning_rules".into(), earning.into());
            }
            let offer = referred.with_rules(offer, &[id]);
            let document = self.mapped("campaign", id, &offer, carrier)?;
            let gives = document["discounts"].is_array() || document["earning"].is_array();
            let document = if gives { carrier.shared(id, document)? } else { slug(id) };
            for name in [Some(id.as_str()), campaign["name"].as_str()].into_iter().flatten() {
                documents.insert(name.to_string(), document.clone());
            }
        }
        for tier in referred.rows.get("promotion_tier").into_iter().flat_map(BTreeMap::values) {
            let campaign = tier["campaign_id"].as_str().or(tier["campaign"]["id"].as_str());
            let campaign = campaign.and_then(|id| referred.rows.get("campaign")?.get(id)).unwrap_or(&Value::Null);
            self.tier(tier, campaign, referred, carrier)?;
        }
        Ok(documents)
    }

    fn tier(&self, tier: &Value, campaign: &Value, referred: &Referred, carrier: &mut Carrier) -> Result<(), Fault> {
        let id = tier["id"].as_str().unwrap_or_default();
        let mut offer = tier.as_object().cloned().unwrap_or_default();
        for member in INHERITED {
            if offer.get(*member).is_none_or(Value::is_null) && !campaign[*member].is_null() {
                offer.insert((*member).into(), campaign[*member].clone());
            }
        }
        if campaign["active"] == false {
            offer.insert("active".into(), false.into());
        }
        let own = [Some(id), campaign["id"].as_str()];
        let offer = referred.with_rules(offer, &own.into_iter().flatten().collect::<Vec<_>>());
        let document = self.mapped("promotion_tier", id, &offer, carrier)?;
        carrier.document(id, document);
        Ok(())
    }

    fn mapped(&self, object: &str, id: &str, offer: &Value, carrier: &mut Carrier) -> Result<Value, Fault> {
        let Mapped { value, losses } = to_document(offer, self.currency);
        for loss in losses {
            carrier.lost(object, id, &loss.member, &loss.why)?;
        }
        Ok(value)
    }

    fn voucher(
        &self,
        voucher: &Value,
        referred: &Referred,
        campaigns: &BTreeMap<String, String>,
        carrier: &mut Carrier,
    ) -> Result<(), Fault> {
        let Some(code) = voucher["code"].as_str() else {
            return carrier.lost(
                "voucher",
                voucher["id"].as_str().unwrap_or_default(),
                "code",
                "a voucher without a code",
            );
        };
        let kind = kind_of(voucher);
        let named = voucher["campaign_id"].as_str().or(voucher["campaign"].as_str()).unwrap_or_default();
        let campaign = match campaigns.get(named) {
            Some(campaign) => campaign.clone(),
            None if kind == "discount" => {
                let offer = voucher.as_object().cloned().unwrap_or_default();
                // what each voucher has for itself stands in the list of codes
                let own = ["start_date", "expiration_date", "active", "metadata", "name", "categories"];
                let offer = offer.into_iter().filter(|(member, _)| !own.contains(&member.as_str())).collect();
                let names: Vec<&str> = [voucher["id"].as_str(), Some(code)].into_iter().flatten().collect();
                let offer = referred.with_rules(offer, &names);
                let mapped = to_document(&offer, self.currency);
                if mapped.value["discounts"].is_null() {
                    return carrier.lost("voucher", code, "discount", "a voucher that gives nothing");
                }
                for loss in &mapped.losses {
                    carrier.lost("voucher", code, &loss.member, &loss.why)?;
                }
                carrier.shared(named, mapped.value)?
            }
            None => slug(named),
        };
        let card = &voucher[if kind == "points" { "loyalty_card" } else { "gift" }];
        let text = |member: &str| voucher[member].as_str().unwrap_or_default().to_string();
        let holder = ["holder_id", "customer_id"].into_iter().find_map(|member| voucher[member].as_str());
        let metadata = &voucher["metadata"];
        let is_empty = metadata.as_object().is_none_or(Map::is_empty);
        for member in ["additional_info", "validity_timeframe", "validity_day_of_week", "validity_hours"] {
            if !voucher[member].is_null() && campaigns.contains_key(named) {
                carrier.lost("voucher", code, member, "the list of codes has no place for it")?;
            }
        }
        carrier.code(&Code {
            code: code.into(),
            campaign,
            kind: kind.into(),
            state: if voucher["active"] == false { "revoked" } else { "active" }.into(),
            quantity: whole(&voucher["redemption"]["quantity"]),
            used: whole(&voucher["redemption"]["redeemed_quantity"]).unwrap_or(0),
            balance: whole(&card["balance"]),
            issued: whole(&card["amount"]).or(whole(&card["points"])),
            from: text("start_date"),
            until: text("expiration_date"),
            holder: holder.unwrap_or_default().into(),
            metadata: if is_empty { String::new() } else { metadata.to_string() },
        })
    }
}

const INHERITED: &[&str] = &[
    "start_date",
    "expiration_date",
    "validity_timeframe",
    "validity_day_of_week",
    "validity_hours",
    "category_id",
    "active",
    "validation_rule",
    "applicable_to",
    "hierarchy",
    "activity_duration_after_publishing",
];

impl Referred {
    /// An offer with the rules that are assigned to it.
    fn with_rules(&self, mut offer: Map<String, Value>, names: &[&str]) -> Value {
        let assigned = self.rows.get("validation_rules_assignment").into_iter().flat_map(BTreeMap::values);
        let of_names = assigned.filter(|row| names.iter().any(|name| row["related_object_id"] == *name));
        let rules =
            of_names.filter_map(|row| self.rows.get("validation_rules")?.get(row["rule_id"].as_str()?)).cloned();
        let own = offer.get("validation_rule").cloned().into_iter().filter(|own| !own.is_null());
        let rules: Vec<Value> = own.chain(rules).collect();
        if !rules.is_empty() {
            offer.insert("validation_rule".into(), rules.into());
        }
        offer.into()
    }
}

fn tiers(campaign: &Value) -> impl Iterator<Item = &Value> {
    campaign["promotion"]["tiers"].as_array().into_iter().flatten()
}

fn is_table(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
}

fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// Major units, as a number, in minor ones.
fn major(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => minor(&number.to_string()),
        Value::String(text) => minor(text),
        _ => None,
    }
}

fn kind_of(voucher: &Value) -> &'static str {
    match voucher["type"].as_str() {
        Some("GIFT_VOUCHER") => "gift_card",
        Some("LOYALTY_CARD") => "points",
        Some(_) => "discount",
        None if voucher["gift"].is_object() => "gift_card",
        None if voucher["loyalty_card"].is_object() => "points",
        None => "discount",
    }
}

/// A row of the table of vouchers as a voucher. Amounts stand there in major units.
fn of_cells(cells: &BTreeMap<String, String>) -> Value {
    let cell = |names: &[&str]| names.iter().find_map(|name| cells.get(*name));
    let mut voucher = Map::new();
    let mut set = |member: &str, value: Value| voucher.insert(member.into(), value);
    let mut used = vec!["value".to_string()];
    for (member, names) in [
        ("code", &["code"][..]),
        ("type", &["voucher_type", "type"]),
        ("campaign", &["campaign", "campaign_name"]),
        ("campaign_id", &["campaign_id"]),
        ("category_id", &["category_id"]),
        ("start_date", &["start_date"]),
        ("expiration_date", &["expiration_date"]),
        ("additional_info", &["additional_info"]),
        ("holder_id", &["customer_id", "customer_source_id"]),
    ] {
        if let Some(text) = cell(names) {
            set(member, text.as_str().into());
        }
        used.extend(names.iter().map(|name| (*name).to_string()));
    }
    let amount = |names: &[&str]| cell(names).and_then(|text| minor(text));
    let value = cell(&["value", "discount_value"]).cloned().unwrap_or_default();
    match cell(&["voucher_type", "type"]).map(String::as_str) {
        Some("GIFT_VOUCHER") => {
            let issued = amount(&["gift_amount", "value"]);
            set("gift", json!({ "amount": issued, "balance": amount(&["gift_balance"]).or(issued) }));
        }
        Some("LOYALTY_CARD") => {
            let points = cell(&["loyalty_points", "value"]).and_then(|text| text.parse::<i64>().ok());
            let balance = cell(&["loyalty_balance"]).and_then(|text| text.parse::<i64>().ok());
            set("loyalty_card", json!({ "points": points, "balance": balance.or(points) }));
        }
        _ => {
            let kind = cell(&["discount_type"]).map_or("AMOUNT", String::as_str);
            let mut discount = json!({ "type": kind });
            match kind {
                "PERCENT" => discount["percent_off"] = value.as_str().into(),
                "UNIT" => {
                    discount["unit_off"] = value.parse::<i64>().ok().into();
                    discount["unit_type"] = cell(&["discount_unit_type"]).cloned().into();
                    discount["effect"] = cell(&["discount_unit_effect"]).cloned().into();
                }
                "FIXED" => discount["fixed_amount"] = minor(&value).into(),
                _ => discount["amount_off"] = minor(&value).into(),
            }
            if let Some(limit) = amount(&["discount_amount_limit"]) {
                discount["amount_limit"] = limit.into();
            }
            if let Some(effect) = cell(&["discount_effect", "effect"]) {
                discount["effect"] = effect.as_str().into();
            }
            set("discount", discount);
        }
    }
    let number = |names: &[&str]| cell(names).and_then(|text| text.parse::<i64>().ok());
    let quantity = number(&["redemption_quantity", "redemption_limit"]);
    set(
        "redemption",
        json!({ "quantity": quantity, "redeemed_quantity": number(&["redemption_count", "redeemed_quantity"]) }),
    );
    if let Some(active) = cell(&["active"]) {
        set("active", (!active.eq_ignore_ascii_case("false")).into());
    }
    let metadata: Map<String, Value> = cells
        .iter()
        .filter_map(|(name, text)| Some((name.strip_prefix("metadata_")?.to_string(), text.as_str().into())))
        .collect();
    set("metadata", metadata.into());
    Value::from(voucher)
}

/// Writes an import as Voucherify's objects: `campaigns.json` with tiers, and `vouchers.jsonl`.
///
/// # Errors
/// `file_unavailable`, `file_malformed`, `file_exists`.
pub fn export(from: &Path, to: &Path, currency: &str) -> Result<super::Summary, Fault> {
    let path = from.join(DOCUMENTS);
    let text = std::fs::read_to_string(&path).map_err(|error| Fault::of_io("read", &path, &error))?;
    let read: Value = serde_json::from_str(&text).map_err(|error| {
        Fault::new("file_malformed", format!("the file is no JSON: {error}"), "import anew").of_file(path.display())
    })?;
    files::make_folder(to)?;
    let mut summary = super::Summary::default();
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
    let rewards: Vec<Value> =
        read["payments"].as_array().into_iter().flatten().filter_map(|payment| reward(payment, currency)).collect();
    summary.documents = campaigns.len();
    summary.lost = lost.len();
    let json = |value: &Value| format!("{}\n", serde_json::to_string_pretty(value).unwrap_or_default());
    files::create(
        &to.join("campaigns.json"),
        json(&json!({ "campaigns": campaigns, "rewards": rewards })).as_bytes(),
        files::Readers::Anyone,
    )?;
    let lines: String = lost.iter().map(|loss| format!("{loss}\n")).collect();
    files::create(&to.join(super::REPORT), lines.as_bytes(), files::Readers::Anyone)?;
    let path = to.join("vouchers.jsonl");
    let file = File::options()
        .write(true)
        .create_new(true)
        .open(&path)
        .map_err(|error| Fault::of_io("write", &path, &error))?;
    let mut out = BufWriter::new(file);
    let codes = from.join(CODES);
    let mut reader = csv::Reader::from_path(&codes).map_err(|error| super::of_csv("read", &codes, &error))?;
    for code in reader.deserialize() {
        let code: Code = code.map_err(|error| super::of_csv("read", &codes, &error))?;
        summary.codes = summary.codes.saturating_add(1);
        writeln!(out, "{}", voucher(&code)).map_err(|error| Fault::of_io("write", &path, &error))?;
    }
    out.flush().map_err(|error| Fault::of_io("write", &path, &error))?;
    Ok(summary)
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
    campaign["campaign_type"] =
        if offer.contains_key("earning_rules") { "LOYALTY_PROGRAM" } else { "DISCOUNT_COUPONS" }.into();
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

#[cfg(test)]
mod tests {
    use super::super::header;
    use super::*;

    #[test]
    fn a_row_of_the_table_is_a_voucher_in_minor_units() {
        let cells = [
            ("Code", "A"),
            ("Voucher Type", "DISCOUNT_VOUCHER"),
            ("Discount Type", "AMOUNT"),
            ("Value", "12.50"),
            ("Redemption Quantity", "3"),
        ];
        let cells = cells.into_iter().map(|(name, text)| (header(name), text.to_string())).collect();
        let voucher = of_cells(&cells);
        assert_eq!(voucher["discount"]["amount_off"], 1250);
        assert_eq!(voucher["redemption"]["quantity"], 3);
    }
}
