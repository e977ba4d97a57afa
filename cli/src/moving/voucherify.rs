//! Voucherify's exports: campaigns, tiers, rules, rewards and earning rules as JSON, vouchers as JSON or CSV.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use counterfoil::voucherify::mapping::collections::Collections;
use counterfoil::voucherify::mapping::loyalty::{to_programme, Parts};
use counterfoil::voucherify::mapping::members::{Members, Unread};
use counterfoil::voucherify::mapping::segments::to_rule;
use counterfoil::voucherify::mapping::stacking;
use counterfoil::voucherify::mapping::times::TIMES;
use counterfoil::voucherify::mapping::{to_document, Mapped, Shop};
use serde_json::{json, Map, Value};

use super::{elements, rows, slug, Carrier};
use crate::fault::Fault;

mod export;
mod numbers;
mod referred;
mod table;
mod vouchers;

pub use export::export;
use numbers::{major, whole};
use referred::{is_voucher, object_of, Referred};
use table::of_cells;
use vouchers::{as_discount, kind_of, Offer, Vouchers};

/// What is read, and of which shop.
pub struct Import<'a> {
    /// The files.
    pub files: &'a [PathBuf],
    /// The shop.
    pub shop: Shop<'a>,
}

type Offers = BTreeMap<String, Rc<Offer>>;

impl Import<'_> {
    /// Reads everything twice: what vouchers refer to, then the vouchers; products once more where collections ask for them. Gives how
    /// the documents combine.
    ///
    /// # Errors
    /// `file_unavailable`, `file_malformed`, `too_many_campaigns`.
    pub fn run(&self, carrier: &mut Carrier) -> Result<Value, Fault> {
        let mut referred = Referred::default();
        let mut members = Members::default();
        for file in self.files.iter().filter(|file| !is_table(file)) {
            elements::read(file, &[], &mut |member, element| {
                if !element.is_object() {
                    return tell_bare(member, &element, carrier);
                }
                if let Some(object) = object_of(member, &element) {
                    tell_unread(&mut members, object, &element, carrier)?;
                    referred.add(object, element);
                } else if !is_voucher(member, &element) {
                    let id = element["id"].as_str().unwrap_or_default();
                    let object = element["object"].as_str().unwrap_or(member);
                    carrier.lost(object, id, "", "objects of this kind are not campaigns; the shop keeps them")?;
                }
                Ok(())
            })?;
        }
        let collections = self.collections(&referred, carrier)?;
        referred.each_offer(|offer| collections.resolve(offer));
        let stacking = self.combining(&referred, carrier)?;
        let offers = self.campaigns(&referred, carrier)?;
        let mut vouchers = Vouchers::new(self.shop, &referred, offers);
        for file in self.files {
            if is_table(file) {
                rows(file, |cells| {
                    let base = vouchers.base(&cells);
                    let (voucher, unread) = of_cells(&cells, base.as_deref());
                    let code = voucher["code"].as_str().unwrap_or_default();
                    tell(&unread, "voucher", code, carrier)?;
                    vouchers.add(&voucher, carrier)
                })?;
            } else {
                elements::read(file, &[], &mut |member, mut element| {
                    if !element.is_object() || !is_voucher(member, &element) || object_of(member, &element).is_some() {
                        return Ok(());
                    }
                    tell_unread(&mut members, "voucher", &element, carrier)?;
                    collections.resolve(&mut element);
                    vouchers.add(&element, carrier)
                })?;
            }
        }
        for (object, id, member, why) in referred.astray(vouchers.met()) {
            carrier.lost(object, id, member, &why)?;
        }
        Ok(stacking)
    }

    /// The collections of the export, and which of its products they hold.
    fn collections(&self, referred: &Referred, carrier: &mut Carrier) -> Result<Collections, Fault> {
        let mut collections = Collections::default();
        referred.each("products_collection").for_each(|(_, row)| collections.add(row));
        if collections.asks_products() {
            for file in self.files.iter().filter(|file| !is_table(file)) {
                elements::read(file, &[], &mut |member, element| {
                    let kinds = [("product", "products"), ("sku", "skus")];
                    let is = |(object, list): &&(&str, &str)| {
                        element["object"].as_str().map_or(member == *list, |own| own == *object)
                    };
                    if let Some((object, _)) = kinds.iter().find(is) {
                        collections.consider(object, &element);
                    }
                    Ok(())
                })?;
            }
        }
        for (id, loss) in collections.losses() {
            carrier.lost("products_collection", &id, &loss.member, &loss.why)?;
        }
        Ok(collections)
    }

    /// Stacking rules and categories as the documents' `stacking`, segments as theirs.
    fn combining(&self, referred: &Referred, carrier: &mut Carrier) -> Result<Value, Fault> {
        let rules = referred.stacking_rules();
        let categories: Vec<&Value> = referred.each("category").map(|(_, category)| category).collect();
        let Mapped { value: stacking, losses, .. } = stacking::to_stacking(rules, &categories);
        for loss in losses {
            carrier.lost("stacking_rules", "", &loss.member, &loss.why)?;
        }
        for (id, category) in referred.each("category") {
            if let Some(why) = stacking::of_category(category, rules) {
                carrier.lost("category", id, "hierarchy", why)?;
            }
        }
        for (id, segment) in referred.each("segment") {
            let Mapped { value: rule, losses, .. } = to_rule(segment, self.shop.currency);
            for loss in losses {
                carrier.lost("segment", id, &loss.member, &loss.why)?;
            }
            if !rule.is_null() {
                carrier.segment(id, rule);
            }
        }
        Ok(stacking)
    }

    /// Campaigns and tiers as documents; gives what the vouchers of each campaign have of it, by its id and its name.
    fn campaigns(&self, referred: &Referred, carrier: &mut Carrier) -> Result<Offers, Fault> {
        let mut offers = Offers::new();
        for (id, reward) in referred.each("reward") {
            let coin = &reward["parameters"]["coin"];
            if reward["type"] == "COIN" && referred.is_of_what_is_off(id) {
                carrier.lost("reward", id, "type", "points of a campaign that is off pay nothing: it is left out")?;
                continue;
            }
            match (reward["type"] == "COIN").then(|| (whole(&coin["points_ratio"]), major(&coin["exchange_ratio"]))) {
                Some((Some(points), Some(worth))) => {
                    let exchange = json!({ "points": points, "worth": { self.shop.currency: worth } });
                    carrier.payment(id, json!({ "id": slug(id), "type": "points", "exchange": exchange }));
                    if !reward["name"].is_null() {
                        carrier.lost("reward", id, "name", "a way of paying has an id; the shop names it")?;
                    }
                }
                _ if referred.is_assigned(id) => {}
                _ => carrier.lost("reward", id, "type", "a reward that no campaign assigns")?,
            }
        }
        for (id, campaign) in referred.each("campaign") {
            for tier in tiers(campaign) {
                self.tier(tier, campaign, referred, carrier)?;
            }
            if campaign["campaign_type"] == "PROMOTION" {
                carrier.lost_everywhere(
                    "campaign",
                    "id",
                    "each tier is a campaign of its own; what they lay in is none",
                );
                continue;
            }
            if campaign["campaign_type"].as_str().is_some_and(|kind| !KINDS.contains(&kind)) {
                carrier.lost("campaign", id, "campaign_type", "this kind of campaign is not known")?;
            }
            let offer = match campaign["campaign_type"] == "LOYALTY_PROGRAM" {
                true => self.programme(id, campaign, referred, carrier)?,
                false => self.campaign(id, campaign, referred, carrier)?,
            };
            let offer = Rc::new(offer);
            for name in [Some(id), campaign["name"].as_str()].into_iter().flatten() {
                offers.insert(name.to_string(), offer.clone());
            }
        }
        for (id, tier) in referred.each("promotion_tier") {
            let campaign = tier["campaign_id"].as_str().or(tier["campaign"]["id"].as_str());
            let told = campaign.and_then(|id| referred.one("campaign", id));
            if let (Some(of), None) = (campaign, told) {
                let why = format!("the export lacks the campaign `{of}`: what it asks of its tiers is lost");
                carrier.lost("promotion_tier", id, "campaign_id", &why)?;
            }
            let campaign = told.unwrap_or(&tier["campaign"]);
            self.tier(tier, campaign, referred, carrier)?;
        }
        Ok(offers)
    }

    fn campaign(&self, id: &str, campaign: &Value, referred: &Referred, carrier: &mut Carrier) -> Result<Offer, Fault> {
        let kind = match campaign["campaign_type"].as_str() {
            Some("GIFT_VOUCHERS") => "gift_card",
            _ => kind_of(&campaign["voucher"]),
        };
        let mut offer = campaign["voucher"].as_object().cloned().unwrap_or_default();
        for member in INHERITED.iter().chain(&TIMES) {
            if !campaign[*member].is_null() {
                offer.insert((*member).into(), campaign[*member].clone());
            }
        }
        offer.extend(referred.categories_of(&[campaign]));
        if campaign["name"].as_str().is_some_and(|name| name != id) {
            offer.insert("name".into(), campaign["name"].clone());
        }
        as_discount(kind, &mut offer);
        let said = referred.with_rules(offer, &[id], &[campaign, &campaign["voucher"]]);
        let Mapped { value: mut document, losses, for_holders, .. } = to_document(&said, &self.shop);
        for loss in losses {
            carrier.lost("campaign", id, &loss.member, &loss.why)?;
        }
        if kind == "gift_card" && said["discount"]["effect"] == "APPLY_TO_ITEMS" {
            let why = "a balance is spread over lines in proportion, not in their order";
            carrier.lost("campaign", id, "voucher.gift.effect", why)?;
        }
        if campaign["campaign_type"] == "REFERRAL_PROGRAM" {
            document["status"] = "paused".into();
            let why =
                "no condition keeps those who invite from using their own codes; write `referrals` of a programme";
            carrier.lost("campaign", id, "campaign_type", why)?;
        }
        let gives = document["discounts"].is_array();
        let currency = (kind == "gift_card").then_some(self.shop.currency);
        let list = if gives { carrier.listed(id, document.clone(), currency)? } else { String::new() };
        Ok(Offer { campaign: slug(id), kind, said, document, list, for_holders })
    }

    /// What members of a loyalty campaign earn.
    fn programme(
        &self,
        id: &str,
        campaign: &Value,
        referred: &Referred,
        carrier: &mut Carrier,
    ) -> Result<Offer, Fault> {
        let own = |list: &str| campaign[list].as_array().cloned().unwrap_or_default();
        let mut earning_rules = referred.of_campaign("earning_rule", "campaign_id", id);
        earning_rules.extend(own("earning_rules"));
        for rule in &mut earning_rules {
            let name = rule["id"].as_str().unwrap_or_default().to_string();
            let offer = rule.as_object().cloned().unwrap_or_default();
            *rule = referred.with_rules(offer, &[name.as_str()], &[rule]);
            for missing in lacking(rule) {
                let why = format!(
                    "the export lacks the rule `{missing}`, without which it would earn too much: it is left out"
                );
                carrier.lost("earning_rule", &name, "validation_rule", &why)?;
            }
        }
        earning_rules.retain(|rule| lacking(rule).next().is_none());
        let mut tiers = referred.of_campaign("loyalty_tier", "campaign_id", id);
        tiers.extend(own("loyalty_tiers"));
        let mut rewards = referred.of_campaign("reward_assignment", "related_object_id", id);
        for assigned in &mut rewards {
            let reward = assigned["reward_id"].as_str().and_then(|id| referred.one("reward", id));
            if assigned["related_object_type"].as_str().is_some_and(|kind| kind != "campaign") {
                let own = assigned["id"].as_str().unwrap_or_default();
                carrier.lost("reward_assignment", own, "related_object_type", "rewards are of campaigns")?;
            }
            assigned["reward"] = reward.cloned().unwrap_or_default();
        }
        let parts = Parts { campaign, earning_rules: &earning_rules, tiers: &tiers, rewards: &rewards };
        let Mapped { value, losses, .. } = to_programme(&parts, &self.shop, &slug);
        for loss in losses {
            carrier.lost("campaign", id, &loss.member, &loss.why)?;
        }
        let campaign = carrier.programme(id, value);
        Ok(Offer { campaign, kind: "points", ..Offer::default() })
    }

    fn tier(&self, tier: &Value, campaign: &Value, referred: &Referred, carrier: &mut Carrier) -> Result<(), Fault> {
        let id = tier["id"].as_str().unwrap_or_default();
        let mut offer = tier.as_object().cloned().unwrap_or_default();
        for member in INHERITED.iter().chain(&TIMES) {
            if offer.get(*member).is_none_or(Value::is_null) && !campaign[*member].is_null() {
                offer.insert((*member).into(), campaign[*member].clone());
            }
        }
        offer.extend(referred.categories_of(&[tier, campaign]));
        if campaign["active"] == false {
            offer.insert("active".into(), false.into());
        }
        let own = [Some(id), campaign["id"].as_str()];
        let names: Vec<&str> = own.into_iter().flatten().collect();
        let offer = referred.with_rules(offer, &names, &[tier, campaign]);
        let Mapped { value, losses, .. } = to_document(&offer, &self.shop);
        if value["discounts"].is_null() && value["earning"].is_null() {
            return carrier.lost("promotion_tier", id, "action.discount", "a tier that gives nothing");
        }
        for loss in losses {
            carrier.lost("promotion_tier", id, &loss.member, &loss.why)?;
        }
        carrier.document(id, value);
        Ok(())
    }
}

/// What a list of Voucherify's interface says of itself.
const OF_LISTS: [&str; 5] = ["object", "total", "data_ref", "has_more", "more_starting_after"];

/// What stands in place of an object.
fn tell_bare(member: &str, value: &Value, carrier: &mut Carrier) -> Result<(), Fault> {
    if OF_LISTS.contains(&member) {
        carrier.lost_everywhere("list", member, "Voucherify gave it; nothing here goes by it");
        return Ok(());
    }
    carrier.lost(member, "", "", &format!("a bare value is no object of an export: {value}"))
}

/// Tells what of an object nothing reads.
fn tell_unread(members: &mut Members, object: &str, element: &Value, carrier: &mut Carrier) -> Result<(), Fault> {
    let id = ["code", "id", "name"].into_iter().find_map(|member| element[member].as_str()).unwrap_or_default();
    tell(&members.unread(object, element), object, id, carrier)
}

fn tell<T: AsRef<str>>(unread: &[(T, Unread)], object: &str, id: &str, carrier: &mut Carrier) -> Result<(), Fault> {
    for (member, unread) in unread {
        let member = member.as_ref();
        match unread {
            Unread::Bookkeeping => {
                carrier.lost_everywhere(object, member, "Voucherify gave it; nothing here goes by it");
            }
            Unread::OfCodesToCome => {
                carrier.lost_everywhere(
                    object,
                    member,
                    "it is for codes to come; those that there are have it themselves",
                );
            }
            Unread::Said => carrier.lost(object, id, member, "no member of a document says this")?,
        }
    }
    Ok(())
}

/// Kinds of campaigns that have codes.
const KINDS: [&str; 4] = ["DISCOUNT_COUPONS", "GIFT_VOUCHERS", "LOYALTY_PROGRAM", "REFERRAL_PROGRAM"];

/// What tiers and codes have of their campaign.
const INHERITED: &[&str] =
    &["active", "applicable_to", "inapplicable_to", "hierarchy", "activity_duration_after_publishing"];

/// The ids of rules of an offer that the export lacks.
fn lacking(offer: &Value) -> impl Iterator<Item = &str> {
    offer["validation_rule"].as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn tiers(campaign: &Value) -> impl Iterator<Item = &Value> {
    campaign["promotion"]["tiers"].as_array().into_iter().flatten()
}

fn is_table(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
}
