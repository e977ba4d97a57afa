//! The offers of a project: campaigns, tiers and programmes with all that is assigned to them, each told to whoever receives
//! the documents.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::Decimal;
use serde_json::{json, Map, Value};

use super::super::fields::{decimal, whole};
use super::documents::Documents;
use super::loyalty::{to_programme, Parts};
use super::members::Unread;
use super::referred::Referred;
use super::segments::to_rule;
use super::times::TIMES;
use super::{slug, stacking, to_document, Loss, Mapped, Shop};

/// Who receives what a project becomes: a folder that is written, or an answer.
pub trait Receiver {
    /// Why it may take no more.
    type Fault;

    /// The documents so far.
    fn documents(&mut self) -> &mut Documents;

    /// Adds the document of codes that all say this, and stand in a list; they are cards where there is the currency of their
    /// balances. The id as documents spell it.
    ///
    /// # Errors
    /// Where there are too many of them.
    fn listed(&mut self, label: &str, document: Value, currency: Option<&str>) -> Result<String, Self::Fault>;

    /// Hears of what is lost.
    ///
    /// # Errors
    /// Where it cannot be written down.
    fn lost(&mut self, object: &str, id: &str, member: &str, why: &str) -> Result<(), Self::Fault>;

    /// Hears of a member that is lost of every object of a kind, to be told once.
    fn lost_everywhere(&mut self, object: &str, member: &str, why: &'static str);
}

/// What an object is called in a report.
pub fn name_of(object: &Value) -> &str {
    ["code", "id", "name"].into_iter().find_map(|member| object[member].as_str()).unwrap_or_default()
}

/// Tells which members of an object nothing reads; `id` is what it is called.
///
/// # Errors
/// Those of the receiver.
pub fn tell_unread<R: Receiver, T: AsRef<str>>(
    unread: &[(T, Unread)],
    object: &str,
    id: &str,
    to: &mut R,
) -> Result<(), R::Fault> {
    for (member, unread) in unread {
        let member = member.as_ref();
        match unread {
            Unread::Bookkeeping => to.lost_everywhere(object, member, "Voucherify gave it; nothing here goes by it"),
            Unread::OfCodesToCome => {
                let why = "it is for codes to come; those that there are have it themselves";
                to.lost_everywhere(object, member, why);
            }
            Unread::Said => to.lost(object, id, member, "no member of a document says this")?,
        }
    }
    Ok(())
}

/// What campaigns give, by the id and the name of each.
pub type Offers = BTreeMap<String, Rc<Offer>>;

/// What the codes of a campaign have in common.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// As documents name the campaign; empty where vouchers are of none.
    pub campaign: String,
    /// `discount`, `gift_card` or `points`.
    pub kind: &'static str,
    /// In Voucherify's words, with the rules that are assigned to it.
    pub said: Value,
    /// As a document; nothing where it gives nothing by itself.
    pub document: Value,
    /// Whose list has its codes.
    pub list: String,
    /// Whether only the holder of a code may use it.
    pub for_holders: bool,
}

/// The kind of a voucher, or of what a campaign says of its vouchers.
pub fn kind_of(voucher: &Value) -> &'static str {
    match voucher["type"].as_str() {
        Some("GIFT_VOUCHER") => "gift_card",
        Some("LOYALTY_CARD") => "points",
        Some(_) => "discount",
        None if voucher["gift"].is_object() => "gift_card",
        None if voucher["loyalty_card"].is_object() => "points",
        None => "discount",
    }
}

/// A gift card takes off all that is to pay, as far as its balance goes.
pub fn as_discount(kind: &str, offer: &mut Map<String, Value>) {
    if kind == "gift_card" {
        let effect = offer.get("gift").map_or(&Value::Null, |gift| &gift["effect"]).as_str();
        let effect = effect.unwrap_or("APPLY_TO_ORDER");
        offer.insert("discount".into(), json!({ "type": "PERCENT", "percent_off": 100, "effect": effect }));
    }
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

fn told<R: Receiver>(to: &mut R, object: &str, id: &str, losses: &[Loss]) -> Result<(), R::Fault> {
    losses.iter().try_for_each(|loss| to.lost(object, id, &loss.member, &loss.why))
}

/// Major units in minor ones.
fn major(value: &Value) -> Option<i64> {
    let minor = decimal(value)?.checked_mul(Decimal::ONE_HUNDRED)?;
    minor.to_i64().filter(|number| *number >= 0 && minor.is_integer())
}

impl Referred {
    /// Stacking rules and categories as the documents' `stacking`, segments as theirs.
    ///
    /// # Errors
    /// Those of the receiver.
    pub fn combining<R: Receiver>(&self, shop: &Shop<'_>, to: &mut R) -> Result<Value, R::Fault> {
        let rules = self.stacking_rules();
        let categories: Vec<&Value> = self.each("category").map(|(_, category)| category).collect();
        let Mapped { value: stacking, losses, .. } = stacking::to_stacking(rules, &categories);
        told(to, "stacking_rules", "", &losses)?;
        for (id, category) in self.each("category") {
            if let Some(why) = stacking::of_category(category, rules) {
                to.lost("category", id, "hierarchy", why)?;
            }
        }
        for (id, segment) in self.each("segment") {
            let Mapped { value: rule, losses, .. } = to_rule(segment, shop.currency);
            told(to, "segment", id, &losses)?;
            if !rule.is_null() {
                to.documents().segment(id, rule);
            }
        }
        Ok(stacking)
    }

    /// Campaigns and tiers as documents; gives what the vouchers of each campaign have of it, by its id and its name.
    ///
    /// # Errors
    /// Those of the receiver.
    pub fn campaigns<R: Receiver>(&self, shop: &Shop<'_>, to: &mut R) -> Result<Offers, R::Fault> {
        let mut offers = Offers::new();
        for (id, reward) in self.each("reward") {
            let coin = &reward["parameters"]["coin"];
            if reward["type"] == "COIN" && self.is_of_what_is_off(id) {
                to.lost("reward", id, "type", "points of a campaign that is off pay nothing: it is left out")?;
                continue;
            }
            match (reward["type"] == "COIN").then(|| (whole(&coin["points_ratio"]), major(&coin["exchange_ratio"]))) {
                Some((Some(points), Some(worth))) => {
                    let exchange = json!({ "points": points, "worth": { shop.currency: worth } });
                    to.documents().payment(id, json!({ "id": slug(id), "type": "points", "exchange": exchange }));
                    if !reward["name"].is_null() {
                        to.lost("reward", id, "name", "a way of paying has an id; the shop names it")?;
                    }
                }
                _ if self.is_assigned(id) => {}
                _ => to.lost("reward", id, "type", "a reward that no campaign assigns")?,
            }
        }
        for (id, campaign) in self.each("campaign") {
            for tier in tiers(campaign) {
                self.tier(tier, campaign, shop, to)?;
            }
            if campaign["campaign_type"] == "PROMOTION" {
                to.lost_everywhere("campaign", "id", "each tier is a campaign of its own; what they lay in is none");
                continue;
            }
            if campaign["campaign_type"].as_str().is_some_and(|kind| !KINDS.contains(&kind)) {
                to.lost("campaign", id, "campaign_type", "this kind of campaign is not known")?;
            }
            let offer = match campaign["campaign_type"] == "LOYALTY_PROGRAM" {
                true => self.programme(id, campaign, shop, to)?,
                false => self.campaign(id, campaign, shop, to)?,
            };
            let offer = Rc::new(offer);
            for name in [Some(id), campaign["name"].as_str()].into_iter().flatten() {
                offers.insert(name.to_string(), offer.clone());
            }
        }
        for (id, tier) in self.each("promotion_tier") {
            let campaign = tier["campaign_id"].as_str().or(tier["campaign"]["id"].as_str());
            let told = campaign.and_then(|id| self.one("campaign", id));
            if let (Some(of), None) = (campaign, told) {
                let why = format!("the export lacks the campaign `{of}`: what it asks of its tiers is lost");
                to.lost("promotion_tier", id, "campaign_id", &why)?;
            }
            // without its campaign nothing says when it is over, but for what the tier itself tells of it
            let off = json!({ "active": campaign.is_none() });
            let own = Some(&tier["campaign"]).filter(|own| !own["active"].is_null());
            self.tier(tier, told.or(own).unwrap_or(&off), shop, to)?;
        }
        Ok(offers)
    }

    fn campaign<R: Receiver>(
        &self,
        id: &str,
        campaign: &Value,
        shop: &Shop<'_>,
        to: &mut R,
    ) -> Result<Offer, R::Fault> {
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
        offer.extend(self.categories_of(&[campaign]));
        if campaign["name"].as_str().is_some_and(|name| name != id) {
            offer.insert("name".into(), campaign["name"].clone());
        }
        as_discount(kind, &mut offer);
        let said = self.with_rules(offer, &[id], &[campaign, &campaign["voucher"]]);
        let Mapped { value: mut document, losses, for_holders, .. } = to_document(&said, shop);
        told(to, "campaign", id, &losses)?;
        if kind == "gift_card" && said["discount"]["effect"] == "APPLY_TO_ITEMS" {
            let why = "a balance is spread over lines in proportion, not in their order";
            to.lost("campaign", id, "voucher.gift.effect", why)?;
        }
        if campaign["campaign_type"] == "REFERRAL_PROGRAM" {
            document["status"] = "paused".into();
            let why =
                "no condition keeps those who invite from using their own codes; write `referrals` of a programme";
            to.lost("campaign", id, "campaign_type", why)?;
        }
        let gives = document["discounts"].is_array();
        let currency = (kind == "gift_card").then_some(shop.currency);
        let list = if gives { to.listed(id, document.clone(), currency)? } else { String::new() };
        Ok(Offer { campaign: slug(id), kind, said, document, list, for_holders })
    }

    /// What members of a loyalty campaign earn.
    fn programme<R: Receiver>(
        &self,
        id: &str,
        campaign: &Value,
        shop: &Shop<'_>,
        to: &mut R,
    ) -> Result<Offer, R::Fault> {
        let own = |list: &str| campaign[list].as_array().cloned().unwrap_or_default();
        let mut earning_rules = self.of_campaign("earning_rule", "campaign_id", id);
        earning_rules.extend(own("earning_rules"));
        for rule in &mut earning_rules {
            let name = rule["id"].as_str().unwrap_or_default().to_string();
            let offer = rule.as_object().cloned().unwrap_or_default();
            *rule = self.with_rules(offer, &[name.as_str()], &[rule]);
            for missing in lacking(rule) {
                let why = format!(
                    "the export lacks the rule `{missing}`, without which it would earn too much: it is left out"
                );
                to.lost("earning_rule", &name, "validation_rule", &why)?;
            }
        }
        earning_rules.retain(|rule| lacking(rule).next().is_none());
        let mut tiers = self.of_campaign("loyalty_tier", "campaign_id", id);
        tiers.extend(own("loyalty_tiers"));
        let mut rewards = self.of_campaign("reward_assignment", "related_object_id", id);
        for assigned in &mut rewards {
            let reward = assigned["reward_id"].as_str().and_then(|id| self.one("reward", id));
            if assigned["related_object_type"].as_str().is_some_and(|kind| kind != "campaign") {
                let own = assigned["id"].as_str().unwrap_or_default();
                to.lost("reward_assignment", own, "related_object_type", "rewards are of campaigns")?;
            }
            assigned["reward"] = reward.cloned().unwrap_or_default();
        }
        let parts = Parts { campaign, earning_rules: &earning_rules, tiers: &tiers, rewards: &rewards };
        let Mapped { value, losses, .. } = to_programme(&parts, shop, &slug);
        told(to, "campaign", id, &losses)?;
        let campaign = to.documents().programme(id, value);
        Ok(Offer { campaign, kind: "points", ..Offer::default() })
    }

    fn tier<R: Receiver>(&self, tier: &Value, campaign: &Value, shop: &Shop<'_>, to: &mut R) -> Result<(), R::Fault> {
        let id = tier["id"].as_str().unwrap_or_default();
        let mut offer = tier.as_object().cloned().unwrap_or_default();
        for member in INHERITED.iter().chain(&TIMES) {
            if offer.get(*member).is_none_or(Value::is_null) && !campaign[*member].is_null() {
                offer.insert((*member).into(), campaign[*member].clone());
            }
        }
        offer.extend(self.categories_of(&[tier, campaign]));
        if campaign["active"] == false {
            offer.insert("active".into(), false.into());
        }
        let own = [Some(id), campaign["id"].as_str()];
        let names: Vec<&str> = own.into_iter().flatten().collect();
        let offer = self.with_rules(offer, &names, &[tier, campaign]);
        let Mapped { value, losses, .. } = to_document(&offer, shop);
        if value["discounts"].is_null() && value["earning"].is_null() {
            return to.lost("promotion_tier", id, "action.discount", "a tier that gives nothing");
        }
        told(to, "promotion_tier", id, &losses)?;
        to.documents().campaign(id, value);
        Ok(())
    }
}
