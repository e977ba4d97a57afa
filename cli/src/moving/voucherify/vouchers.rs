//! Vouchers: what each says itself, beside what it has of its campaign, decides in whose list its code stands.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use counterfoil::voucherify::mapping::offers::{as_discount, kind_of, Offer, Offers, Receiver};
use counterfoil::voucherify::mapping::referred::Referred;
use counterfoil::voucherify::mapping::times::{end_after, instant, to_schedule, TIMES};
use counterfoil::voucherify::mapping::{slug, to_document, Mapped, Shop};
use jiff::Timestamp;
use serde_json::{json, Map, Value};

use super::super::lists::last_day;
use super::super::{Carrier, Code};
use super::numbers::{balance_of, unreadable, whole};
use crate::fault::Fault;

/// So many different times of one campaign are kept exactly.
const MAX_EXACT: usize = 256;
const DAY: i64 = 86_400_000;

/// Kinds of vouchers.
const KINDS: [&str; 3] = ["DISCOUNT_VOUCHER", "GIFT_VOUCHER", "LOYALTY_CARD"];

/// The members of a voucher that say what it gives, and to whom.
const OWN: [&str; 4] = ["discount", "applicable_to", "inapplicable_to", "gift"];

/// Whether an element is a voucher.
pub fn is_voucher(member: &str, element: &Value) -> bool {
    element["object"] == "voucher" || member == "vouchers" || element["code"].is_string()
}

/// The vouchers of an import, one at a time.
pub struct Vouchers<'a> {
    pub shop: Shop<'a>,
    pub referred: &'a Referred,
    /// By the id and the name of each campaign.
    pub offers: Offers,
    /// Offers that vouchers have for themselves, by their campaign and what they say.
    own: Offers,
    /// The ids and codes of vouchers that rules are assigned to.
    met: BTreeSet<String>,
    /// Campaigns that vouchers name and the export lacks.
    lacking: BTreeSet<String>,
    /// How many lists each list has beside it for times of their own.
    times: BTreeMap<String, BTreeMap<String, String>>,
}

impl<'a> Vouchers<'a> {
    /// None read yet.
    pub fn new(shop: Shop<'a>, referred: &'a Referred, offers: Offers) -> Vouchers<'a> {
        let (own, met, lacking, times) = Default::default();
        Vouchers { shop, referred, offers, own, met, lacking, times }
    }

    /// The ids and codes of vouchers that rules are assigned to.
    pub fn met(&self) -> &BTreeSet<String> {
        &self.met
    }

    /// What the campaign of a table's row gives.
    pub fn base(&self, cells: &BTreeMap<String, String>) -> Option<Rc<Offer>> {
        let named = ["campaign_id", "campaign", "campaign_name"].into_iter().find_map(|name| cells.get(name))?;
        self.offers.get(named).cloned()
    }

    /// Adds a voucher.
    ///
    /// # Errors
    /// `file_unavailable`, `too_many_campaigns`.
    pub fn add(&mut self, voucher: &Value, carrier: &mut Carrier) -> Result<(), Fault> {
        let Some(code) = voucher["code"].as_str() else {
            let id = voucher["id"].as_str().unwrap_or_default();
            return carrier.lost("voucher", id, "code", "a voucher without a code");
        };
        let names = ["id", "code"].into_iter().filter_map(|member| voucher[member].as_str());
        self.met.extend(names.filter(|name| self.referred.is_named(name)).map(String::from));
        let kind = kind_of(voucher);
        if voucher["type"].as_str().is_some_and(|kind| !KINDS.contains(&kind)) {
            carrier.lost("voucher", code, "type", "this kind of voucher is not known")?;
        }
        let named = voucher["campaign_id"].as_str().or(voucher["campaign"].as_str()).unwrap_or_default();
        let base = self.offers.get(named).cloned();
        // told once for all of them
        if base.is_none() && !named.is_empty() && self.lacking.insert(named.to_owned()) {
            let why = format!("the export lacks the campaign `{named}`: what it asks of its vouchers is lost, of this one and of the others");
            carrier.lost("voucher", code, "campaign_id", &why)?;
        }
        if let (Some(base), Some(also), true) =
            (&base, voucher["campaign"].as_str(), voucher["campaign_id"].is_string())
        {
            if !self.offers.get(also).is_some_and(|of_name| Rc::ptr_eq(base, of_name)) {
                carrier.lost("voucher", code, "campaign", "another campaign than the one of its `campaign_id`")?;
            }
        }
        let own = self.own_of(voucher, base.as_deref(), kind);
        let offer = match (&base, kind) {
            (Some(base), "points") => base.clone(),
            (Some(base), _) if own.is_empty() && !base.list.is_empty() => base.clone(),
            (None, "points") => Rc::new(Offer { campaign: slug(named), kind, ..Offer::default() }),
            _ => match self.offer_of_own(base.as_deref(), (named, voucher), &own, (code, kind), carrier)? {
                Some(offer) => offer,
                None => return carrier.lost("voucher", code, "discount", "a voucher that gives nothing"),
            },
        };
        let mut times: Map<String, Value> = TIMES
            .iter()
            .filter(|member| !voucher[**member].is_null() && voucher[**member] != offer.said[**member])
            .map(|member| ((*member).to_string(), voucher[*member].clone()))
            .collect();
        self.after_publishing(voucher, &offer, &mut times, (code, carrier))?;
        let (list, expires) = match kind {
            "points" => (String::new(), 0),
            _ => self.list_for(&offer, &times, code, carrier)?,
        };
        let text =
            |member: &str| times.remove(member).and_then(|date| date.as_str().map(String::from)).unwrap_or_default();
        let [from, until] = ["start_date", "expiration_date"].map(text);
        let mut told_by_code: Map<String, Value> =
            if base.is_some() { own.into_iter().chain(times).collect() } else { times };
        let first: Map<String, Value> = ["next_expiration_date", "next_expiration_points"]
            .into_iter()
            .filter(|member| !voucher["loyalty_card"][*member].is_null())
            .map(|member| (member.into(), voucher["loyalty_card"][member].clone()))
            .collect();
        if !first.is_empty() {
            told_by_code.insert("loyalty_card".into(), first.into());
        }
        let unreadable = unreadable(voucher, kind);
        for member in &unreadable {
            carrier.lost("voucher", code, member, "it is missing or cannot be read: the code is off")?;
        }
        let is_off = voucher["active"] == false || !unreadable.is_empty();
        let card = &voucher[if kind == "points" { "loyalty_card" } else { "gift" }];
        let holder = ["holder_id", "customer_id"].into_iter().find_map(|member| voucher[member].as_str());
        let json_of = |members: &Map<String, Value>| match members.is_empty() {
            true => String::new(),
            false => Value::from(members.clone()).to_string(),
        };
        let row = Code {
            code: code.into(),
            campaign: offer.campaign.clone(),
            list,
            kind: kind.into(),
            state: if is_off { "revoked" } else { "active" }.into(),
            quantity: whole(&voucher["redemption"]["quantity"]),
            used: whole(&voucher["redemption"]["redeemed_quantity"]).unwrap_or(0),
            balance: whole(balance_of(card)),
            issued: whole(&card["amount"]).or(whole(&card["points"])),
            from,
            until,
            holder: holder.unwrap_or_default().into(),
            only: if offer.for_holders { "holder" } else { "" }.into(),
            note: voucher["additional_info"].as_str().unwrap_or_default().into(),
            offer: json_of(&told_by_code),
            metadata: voucher["metadata"].as_object().map_or_else(String::new, json_of),
        };
        if kind == "points" {
            self.account(voucher, &row, carrier)?;
        }
        carrier.code(&row, expires)
    }

    /// What a voucher says itself of what it gives, where its campaign says otherwise or nothing.
    fn own_of(&self, voucher: &Value, base: Option<&Offer>, kind: &str) -> Map<String, Value> {
        let said = base.map_or(&Value::Null, |base| &base.said);
        let mut own = Map::new();
        for member in OWN {
            let value = &voucher[member];
            match member {
                _ if value.is_null() => {}
                "gift" => {
                    let effect = &value["effect"];
                    if kind == "gift_card" && !effect.is_null() && *effect != said["gift"]["effect"] {
                        own.insert("gift".into(), json!({ "effect": effect }));
                    }
                }
                "discount" if kind != "discount" => {}
                _ if *value != said[member] => {
                    own.insert(member.into(), value.clone());
                }
                _ => {}
            }
        }
        let categories = self.referred.categories_of(&[voucher, said]);
        if categories.iter().any(|(member, value)| *value != said[member.as_str()]) {
            own.extend(categories);
        }
        let names: Vec<&str> = ["id", "code"].into_iter().filter_map(|member| voucher[member].as_str()).collect();
        let mut rules = self.referred.rules_of(&names, &[voucher]);
        rules.retain(|rule| !said["validation_rule"].as_array().is_some_and(|of_all| of_all.contains(rule)));
        if !rules.is_empty() {
            own.insert("validation_rule".into(), rules.into());
        }
        own
    }

    fn offer_of_own(
        &mut self,
        base: Option<&Offer>,
        (named, voucher): (&str, &Value),
        own: &Map<String, Value>,
        (code, kind): (&str, &'static str),
        carrier: &mut Carrier,
    ) -> Result<Option<Rc<Offer>>, Fault> {
        let key = format!("{kind}\n{named}\n{}", Value::from(own.clone()));
        if let Some(offer) = self.own.get(&key) {
            return Ok(Some(offer.clone()));
        }
        let mut said = base.and_then(|base| base.said.as_object()).cloned().unwrap_or_default();
        for (member, value) in own {
            // rules of the campaign hold beside those of the voucher
            match (member.as_str(), said.get_mut(member).and_then(Value::as_array_mut), value) {
                ("validation_rule", Some(of_all), Value::Array(rules)) => of_all.extend(rules.iter().cloned()),
                _ => drop(said.insert(member.clone(), value.clone())),
            }
        }
        as_discount(kind, &mut said);
        let mut label = base.map_or(named, |base| base.campaign.as_str());
        let mut mapped = to_document(&said.clone().into(), &self.shop);
        // limits of a voucher that is of no campaign are its own: it is one by itself, with its times
        let is_alone = base.is_none() && !mapped.value["limits"].is_null();
        if is_alone {
            let times = TIMES.iter().filter(|member| !voucher[**member].is_null());
            said.extend(times.map(|member| ((*member).to_string(), voucher[*member].clone())));
            mapped = to_document(&said.clone().into(), &self.shop);
            label = code;
        }
        let Mapped { value: mut document, losses, for_holders, .. } = mapped;
        if document["discounts"].is_null() {
            return Ok(None);
        }
        for loss in losses {
            carrier.lost("voucher", code, &loss.member, &loss.why)?;
        }
        if base.is_some_and(|base| !base.list.is_empty()) {
            counts_alone(&mut document, code, carrier)?;
        }
        let said = Value::from(said);
        let currency = (kind == "gift_card").then_some(self.shop.currency);
        let list = carrier.listed(label, document.clone(), currency)?;
        let campaign = base.map_or_else(|| list.clone(), |base| base.campaign.clone());
        let offer = Rc::new(Offer { campaign, kind, said, document, list, for_holders });
        if !is_alone {
            self.own.insert(key, offer.clone());
        }
        Ok(Some(offer))
    }

    /// A code that is valid for so long after it was published ends then.
    fn after_publishing(
        &self,
        voucher: &Value,
        offer: &Offer,
        times: &mut Map<String, Value>,
        (code, carrier): (&str, &mut Carrier),
    ) -> Result<(), Fault> {
        let member = "activity_duration_after_publishing";
        let duration = voucher[member].as_str().or_else(|| offer.said[member].as_str());
        let (Some(duration), published) = (duration, voucher["published_at"].as_str()) else { return Ok(()) };
        let is_published = whole(&voucher["publish"]["count"]).is_some_and(|count| count > 0);
        match published.and_then(|published| end_after(published, duration, &self.shop)) {
            Some(end) => drop(times.insert("expiration_date".into(), end.into())),
            None if published.is_some() || is_published => {
                carrier.lost("voucher", code, member, "when the code was published is not told")?;
            }
            None => {}
        }
        Ok(())
    }

    /// The list for a code that has times of its own, and the last day on which the list says that it is good.
    fn list_for(
        &mut self,
        offer: &Offer,
        times: &Map<String, Value>,
        code: &str,
        carrier: &mut Carrier,
    ) -> Result<(String, u16), Fault> {
        if times.is_empty() {
            return Ok((offer.list.clone(), 0));
        }
        let own_end = times.get("expiration_date");
        let end = own_end.and_then(|end| Timestamp::from_millisecond(instant(end, &self.shop)?).ok());
        let campaigns_end = instant(&offer.said["expiration_date"], &self.shop);
        let day = end.and_then(last_day);
        let is_within = end.is_some_and(|end| campaigns_end.is_none_or(|of_all| of_all >= end.as_millisecond()));
        if let (1, Some(day), true) = (times.len(), day, is_within) {
            return Ok((offer.list.clone(), day));
        }
        let mut said: Map<String, Value> = TIMES
            .iter()
            .filter(|member| !offer.said[**member].is_null())
            .map(|member| ((*member).to_string(), offer.said[*member].clone()))
            .collect();
        said.extend(times.clone());
        let mut expires = 0;
        let known = self.times.entry(offer.list.clone()).or_default();
        let exact = Value::from(said.clone()).to_string();
        if known.len() >= MAX_EXACT && !known.contains_key(&exact) {
            expires = self.rounded(&mut said, end, code, carrier)?;
        }
        let key = Value::from(said.clone()).to_string();
        if let Some(list) = self.times.get(&offer.list).and_then(|known| known.get(&key)) {
            return Ok((list.clone(), expires));
        }
        let Mapped { value: schedule, losses, is_held_back, .. } = to_schedule(&said.into(), &self.shop);
        for loss in losses {
            carrier.lost("voucher", code, &loss.member, &loss.why)?;
        }
        let mut document = offer.document.clone();
        match schedule {
            Value::Null => drop(document.as_object_mut().and_then(|document| document.remove("schedule"))),
            schedule => document["schedule"] = schedule,
        }
        if is_held_back {
            document["status"] = "paused".into();
        }
        counts_alone(&mut document, code, carrier)?;
        let currency = (offer.kind == "gift_card").then_some(self.shop.currency);
        let list = carrier.listed(&offer.list, document, currency)?;
        self.times.entry(offer.list.clone()).or_default().insert(key, list.clone());
        Ok((list, expires))
    }

    /// Times in whole days, never longer than the voucher says.
    fn rounded(
        &self,
        said: &mut Map<String, Value>,
        end: Option<Timestamp>,
        code: &str,
        carrier: &mut Carrier,
    ) -> Result<u16, Fault> {
        let why =
            "of more than 256 different times of one campaign the codes keep whole days, UTC, not longer than they say";
        let start = said.get("start_date").and_then(|start| instant(start, &self.shop));
        if let Some(start) = start.filter(|start| start.rem_euclid(DAY) != 0) {
            let midnight = start.div_euclid(DAY).saturating_add(1).saturating_mul(DAY);
            let midnight = Timestamp::from_millisecond(midnight).map(|moment| moment.to_string()).unwrap_or_default();
            said.insert("start_date".into(), midnight.into());
            carrier.lost("voucher", code, "start_date", why)?;
        }
        let Some(end) = end else { return Ok(0) };
        said.remove("expiration_date");
        if let Some(day) = last_day(end) {
            return Ok(day);
        }
        carrier.lost("voucher", code, "expiration_date", why)?;
        Ok(u16::try_from(end.as_millisecond().div_euclid(DAY).saturating_sub(1)).unwrap_or(1).max(1))
    }

    /// What is on a loyalty card, as postings to an account of the same name.
    fn account(&self, voucher: &Value, row: &Code, carrier: &mut Carrier) -> Result<(), Fault> {
        if row.campaign.is_empty() {
            return carrier.lost("voucher", &row.code, "campaign_id", "points belong to a programme");
        }
        if row.state == "revoked" {
            return carrier.lost("voucher", &row.code, "active", "the points of a card that is off are on no account");
        }
        let card = &voucher["loyalty_card"];
        let soon = whole(&card["next_expiration_points"]).unwrap_or(0).clamp(0, row.balance.unwrap_or(0));
        let day = card["next_expiration_date"].as_str().and_then(|date| date.get(..10)).filter(|_| soon > 0);
        let gone = day.and_then(|day| day.parse::<jiff::civil::Date>().ok()).and_then(|day| day.tomorrow().ok());
        let gone = gone.and_then(|day| day.in_tz(self.shop.time_zone).ok()).map(|day| day.timestamp().as_millisecond());
        let mut post = |lot: &str, amount: i64, expiry: Value| {
            let mut posting = json!({ "account": row.code, "scheme": row.campaign, "lot": lot, "amount": amount, "reason": "moved in" });
            if !expiry.is_null() {
                posting["expiry"] = expiry;
            }
            if amount > 0 {
                carrier.account(&posting)
            } else {
                Ok(())
            }
        };
        let all = row.balance.unwrap_or(0);
        match gone {
            Some(moment) => {
                post("moved-in-first", soon, json!({ "type": "at", "moment": moment }))?;
                post("moved-in", all.saturating_sub(soon), Value::Null)
            }
            None => post("moved-in", all, Value::Null),
        }
    }
}

/// Codes that say something of their own are a campaign of their own, which counts by itself: what its limits would have refused
/// is not given.
fn counts_alone(document: &mut Value, code: &str, carrier: &mut Carrier) -> Result<(), Fault> {
    if document["limits"].is_null() {
        return Ok(());
    }
    document["status"] = "paused".into();
    let why =
        "codes that say something of their own are a campaign of their own, whose limits would count by themselves";
    carrier.lost("voucher", code, "limits", why)
}
