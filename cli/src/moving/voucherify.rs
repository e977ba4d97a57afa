//! Voucherify's exports: campaigns, tiers, rules, rewards and earning rules as JSON, vouchers as JSON or CSV.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use counterfoil::voucherify::mapping::loyalty::{to_programme, Parts};
use counterfoil::voucherify::mapping::{to_document, Mapped};
use serde_json::{json, Map, Value};

use super::{elements, minor, rows, slug, Carrier, Code};
use crate::fault::Fault;

mod export;
mod table;

pub use export::export;
use table::of_cells;

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
    ("loyalty_tier", "loyalty_tiers"),
    ("reward_assignment", "reward_assignments"),
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
                _ if referred.is_assigned(id) => {}
                _ => carrier.lost("reward", id, "type", "a reward that no campaign assigns")?,
            }
        }
        for (id, campaign) in referred.rows.get("campaign").into_iter().flatten() {
            for tier in tiers(campaign) {
                self.tier(tier, campaign, referred, carrier)?;
            }
            if campaign["campaign_type"] == "PROMOTION" {
                continue;
            }
            if campaign["campaign_type"] == "LOYALTY_PROGRAM" {
                let programme = self.programme(id, campaign, referred, carrier)?;
                for name in [Some(id.as_str()), campaign["name"].as_str()].into_iter().flatten() {
                    documents.insert(name.to_string(), programme.clone());
                }
                continue;
            }
            let mut offer = campaign["voucher"].as_object().cloned().unwrap_or_default();
            for member in INHERITED {
                if !campaign[*member].is_null() {
                    offer.insert((*member).into(), campaign[*member].clone());
                }
            }
            let offer = referred.with_rules(offer, &[id]);
            let document = self.mapped("campaign", id, &offer, carrier)?;
            let gives = document["discounts"].is_array();
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

    /// A loyalty campaign as a programme; its id as documents spell it.
    fn programme(
        &self,
        id: &str,
        campaign: &Value,
        referred: &Referred,
        carrier: &mut Carrier,
    ) -> Result<String, Fault> {
        let of_campaign = |object: &'static str, member: &str| -> Vec<Value> {
            let rows = referred.rows.get(object).into_iter().flat_map(BTreeMap::values);
            rows.filter(|row| row[member] == id || row["source"]["object_id"] == id).cloned().collect()
        };
        let own = |member: &str| campaign[member].as_array().cloned().unwrap_or_default();
        let mut earning_rules = of_campaign("earning_rule", "campaign_id");
        earning_rules.extend(own("earning_rules"));
        for rule in &mut earning_rules {
            let name = rule["id"].as_str().unwrap_or_default().to_string();
            let asked = rule["validation_rule_id"].as_str().map(String::from);
            let mut offer = rule.as_object().cloned().unwrap_or_default();
            if let Some(set) = asked.and_then(|asked| referred.rows.get("validation_rules")?.get(&asked).cloned()) {
                offer.insert("validation_rule".into(), set);
            }
            *rule = referred.with_rules(offer, &[name.as_str()]);
        }
        let mut tiers = of_campaign("loyalty_tier", "campaign_id");
        tiers.extend(own("loyalty_tiers"));
        let mut rewards = of_campaign("reward_assignment", "related_object_id");
        for assigned in &mut rewards {
            let reward = assigned["reward_id"].as_str().and_then(|id| referred.rows.get("reward")?.get(id));
            assigned["reward"] = reward.cloned().unwrap_or_default();
        }
        let parts = Parts { campaign, earning_rules: &earning_rules, tiers: &tiers, rewards: &rewards };
        let Mapped { value, losses } = to_programme(&parts, self.currency, &slug);
        for loss in losses {
            carrier.lost("campaign", id, &loss.member, &loss.why)?;
        }
        Ok(carrier.programme(id, value))
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
    fn is_assigned(&self, reward: &str) -> bool {
        let assignments = self.rows.get("reward_assignment").into_iter().flat_map(BTreeMap::values);
        assignments.into_iter().any(|assigned| assigned["reward_id"] == reward)
    }

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
