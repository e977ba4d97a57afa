//! Loyalty cards: their points are lots of the ledger, which knows when each becomes active, when it expires, and which is spent
//! first.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::call::Call;
use super::fault::Fault;
use super::fields::{count, row, set, text, whole};
use super::moment;
use super::redeemable::Redeemable;
use super::tier::levels_of;
use crate::ledger::calendar::{self, Expiry};
use crate::ledger::json as ledger;
use crate::time::Timestamp;

const SCHEME: &str = "card";

/// Voucherify's expiration rules as the ledger has them.
pub(super) fn expiry(rules: &Value) -> Option<Value> {
    let value = whole(&rules["period_value"]).unwrap_or(0);
    Some(match text(&rules["period_type"])? {
        "MONTH" => {
            let round_to = match text(&rules["rounding_type"]) {
                Some("END_OF_MONTH") => json!("month"),
                Some("END_OF_QUARTER") => json!("quarter"),
                Some("END_OF_HALF_YEAR") => json!("half_year"),
                Some("END_OF_YEAR") => json!("year"),
                Some("PARTICULAR_MONTH") => json!({ "monthOfYear": count(&rules["rounding_value"]) }),
                _ => Value::Null,
            };
            json!({ "type": "after_months", "months": value, "roundTo": round_to })
        }
        "DAY" => json!({ "type": "after_days", "days": value }),
        "FIXED_DAY_OF_YEAR" => {
            json!({ "type": "fixed_day", "month": rules["fixed_month"], "day": rules["fixed_day"] })
        }
        _ => return None,
    })
}

/// The last day on which points can be used that became active at a moment.
pub(super) fn last_day(call: &Call, rules: &Value, active: Timestamp) -> Option<String> {
    let expiry: Expiry = serde_json::from_value(expiry(rules)?).ok()?;
    let zone = zone(call);
    let gone = expiry.of(active, &zone)?;
    Some(calendar::text(zone.date_at(gone.saturating_sub(1))))
}

/// The project's days.
pub(super) fn zone(call: &Call) -> calendar::Zone {
    let named = text(&call.project.settings()["timezone"]).and_then(calendar::Zone::parse);
    named.unwrap_or_default()
}

/// The rules by which a campaign's points expire.
pub(super) fn rules_of(campaign: &Value, voucher: &Value) -> Value {
    let places = [
        &voucher["loyalty_card"]["expiration_rules"],
        &campaign["voucher"]["loyalty_card"]["expiration_rules"],
        &campaign["loyalty_card"]["expiration_rules"],
        &campaign["expiration_rules"],
    ];
    places.into_iter().find(|rules| rules.is_object()).cloned().unwrap_or_default()
}

/// The tiers of a campaign as the ledger's levels.
fn levels(call: &Call, campaign: &Value) -> Option<Value> {
    let tiers = tiers(call, text(&campaign["id"])?);
    let list: Vec<Value> = tiers
        .iter()
        .map(|tier| json!({ "id": tier["id"], "from": count(&tier["points"]["from"]), "to": tier["points"]["to"] }))
        .collect();
    let mut levels = super::fields::row(&levels_of(&campaign["loyalty_tiers_expiration"]));
    set(&mut levels, "list", list);
    (!tiers.is_empty()).then(|| levels.into())
}

/// The tiers of a campaign, from the lowest.
fn tiers(call: &Call, campaign: &str) -> Vec<Value> {
    let tiers = call.project.find("loyalty_tier", &[("campaign_id", campaign)]);
    let mut tiers: Vec<Value> = tiers.into_iter().map(|(_, tier)| tier).collect();
    tiers.sort_by_key(|tier| count(&tier["points"]["from"]));
    tiers
}

fn programme(call: &Call, rules: &Value, campaign: &Value) -> String {
    let mut scheme = json!({ "unit": "points" });
    if let Some(expiry) = expiry(rules) {
        scheme["expiry"] = expiry;
    }
    if let Some(levels) = levels(call, campaign) {
        scheme["levels"] = levels;
    }
    let zone = text(&call.project.settings()["timezone"]).unwrap_or("UTC");
    json!({ "zone": zone, "schemes": { SCHEME: scheme } }).to_string()
}

/// A card and what the ledger knows of it.
pub(super) struct Card {
    code: String,
    voucher: Value,
    programme: String,
    state: Value,
}

impl Card {
    /// The card of a voucher; points that came without lots are one that never expires.
    pub(super) fn open(call: &Call, code: &str, voucher: &Value, campaign: &Value) -> Result<Card, Fault> {
        let programme = programme(call, &rules_of(campaign, voucher), campaign);
        let kept = call.project.row("account", code);
        let is_new = kept.is_none();
        let state = kept.map_or_else(|| json!({ "version": 1 }), |kept| kept["state"].clone());
        let mut card = Card { code: code.into(), voucher: voucher.clone(), programme, state };
        let loyalty = &voucher["loyalty_card"];
        let balance = whole(&loyalty["balance"]).unwrap_or_else(|| count(&loyalty["points"]));
        if is_new {
            // an account is opened by what comes in; an empty card takes nothing in
            if balance > 0 {
                card.command(
                    call,
                    json!({ "type": "refill", "account": code, "scheme": SCHEME, "lot": "opening",
                    "amount": balance, "expiry": { "type": "never" } }),
                )?;
            }
        }
        Ok(card)
    }

    fn command(&mut self, call: &Call, mut command: Value) -> Result<(), Fault> {
        command["key"] = call.id("key").into();
        command["now"] = call.now.into();
        let told = ledger::carry_out(&self.programme, &self.state.to_string(), &command.to_string());
        let told: Value = serde_json::from_str(&told).unwrap_or_default();
        if told["answer"]["status"] != "accepted" {
            let code = told["answer"]["refusal"]["code"].as_str().unwrap_or("unknown");
            let exceeded =
                Fault::of_voucher("loyalty_card_points_exceeded", "loyalty card points exceeded", &self.code);
            return Err(if matches!(code, "balance_too_low" | "account_unknown") {
                exceeded
            } else {
                Fault { details: told["answer"]["refusal"]["message"].as_str().unwrap_or(code).to_string(), ..exceeded }
            });
        }
        self.state = told["state"].clone();
        // a command is never repeated here: the project stores what it does in one transaction
        if let Some(state) = self.state.as_object_mut() {
            state.remove("answers");
        }
        Ok(())
    }

    /// The tier that the card is in, with since when and until when.
    pub(super) fn standing(&self, call: &Call) -> Value {
        let progress = &self.statement(call)["progress"];
        let held = &self.state["accounts"][self.code.as_str()]["level"];
        let until = progress["until"].as_i64().map(moment::iso);
        json!({ "id": progress["level"], "since": held["since"].as_i64().map(moment::iso), "until": until })
    }

    /// Earns points.
    pub(super) fn earn(
        &mut self,
        call: &Call,
        lot: &str,
        points: i64,
        pending_days: i64,
        rules: &Value,
    ) -> Result<(), Fault> {
        let mut command =
            json!({ "type": "earn", "account": self.code, "scheme": SCHEME, "lot": lot, "amount": points });
        if pending_days > 0 {
            command["pendingDays"] = pending_days.into();
        }
        if let Some(expiry) = expiry(rules) {
            command["expiry"] = expiry;
        }
        self.command(call, command)
    }

    /// Adds points by hand, with an expiry of their own or the programme's, or takes some.
    pub(super) fn adjust(&mut self, call: &Call, points: i64, expiry: Option<Value>) -> Result<(), Fault> {
        if points >= 0 {
            let mut command = json!({ "type": "refill", "account": self.code, "scheme": SCHEME, "lot": call.id("lot"), "amount": points });
            if let Some(expiry) = expiry {
                command["expiry"] = expiry;
            }
            return self.command(call, command);
        }
        self.command(call, json!({ "type": "adjust", "account": self.code, "scheme": SCHEME, "amount": points }))
    }

    /// Spends points, so that they can be given back under an id.
    pub(super) fn spend(&mut self, call: &Call, points: i64, id: &str) -> Result<(), Fault> {
        self.command(call, json!({ "type": "spend", "reservation": id, "account": self.code, "amount": points }))
    }

    /// The lots that are pending, by their ids, with how much each is and when it becomes active.
    pub(super) fn pending(&self, call: &Call) -> Vec<(String, i64, Timestamp)> {
        let lots = row(&self.state["accounts"][self.code.as_str()]["lots"]);
        let pending = lots.into_iter().filter_map(|(id, lot)| {
            let active = whole(&lot["activeAt"]).filter(|active| *active > call.now)?;
            Some((id, count(&lot["left"]), active))
        });
        pending.filter(|(_, points, _)| *points > 0).collect()
    }

    /// Makes a pending lot active before its day.
    pub(super) fn activate(&mut self, call: &Call, lot: &str) -> Result<(), Fault> {
        self.command(call, json!({ "type": "activate", "account": self.code, "lot": lot }))
    }

    /// Corrects a lot by so many points.
    pub(super) fn correct(&mut self, call: &Call, lot: &str, points: i64) -> Result<(), Fault> {
        self.command(
            call,
            json!({ "type": "adjust", "account": self.code, "scheme": SCHEME, "lot": lot, "amount": points }),
        )
    }

    /// Gives back what was spent under an id.
    pub(super) fn give_back(&mut self, call: &Call, id: &str) -> Result<(), Fault> {
        self.command(call, json!({ "type": "rollback", "reservation": id }))
    }

    /// What the card has now: what can be spent, what is pending, and what expires when.
    pub(super) fn statement(&self, call: &Call) -> Value {
        let told = ledger::statement(&self.programme, &self.state.to_string(), &self.code, call.now);
        serde_json::from_str(&told).unwrap_or_default()
    }

    /// Writes the card and its lots, and gives the voucher's row.
    pub(super) fn keep(self, call: &Call) -> Value {
        let statement = self.statement(call);
        let mut voucher = row(&self.voucher);
        let mut loyalty = row(&self.voucher["loyalty_card"]);
        let sums = &statement["sums"];
        let of = |member: &str| count(&sums[member]);
        let total = of("earned").saturating_add(of("adjusted"));
        set(&mut loyalty, "points", total);
        set(&mut loyalty, "balance", count(&statement["available"]));
        if of("expired") > 0 {
            set(&mut loyalty, "expired_points", of("expired"));
        }
        if count(&statement["pending"]) > 0 || loyalty.contains_key("pending_points") {
            set(&mut loyalty, "pending_points", count(&statement["pending"]));
        }
        match statement["expiring"].get(0) {
            Some(next) => {
                let last = calendar::text(zone(call).date_at(count(&next["at"]).saturating_sub(1)));
                set(&mut loyalty, "next_expiration_date", last);
                set(&mut loyalty, "next_expiration_points", next["amount"].clone());
            }
            None => {
                loyalty.remove("next_expiration_date");
                loyalty.remove("next_expiration_points");
            }
        }
        set(&mut voucher, "loyalty_card", loyalty);
        call.project.put("account", &self.code, json!({ "id": self.code, "state": self.state }));
        let voucher = Value::from(voucher);
        call.project.put("voucher", &self.code, voucher.clone());
        voucher
    }
}

/// The points that can be spent now.
pub(super) fn available(call: &Call, redeemable: &Redeemable) -> i64 {
    if call.project.row("account", &redeemable.id).is_none() {
        return redeemable.points();
    }
    Card::open(call, &redeemable.id, &redeemable.row, &redeemable.campaign)
        .map_or(0, |card| count(&card.statement(call)["available"]))
}

/// The tier that a card is in now.
pub(super) fn tier(call: &Call, redeemable: &Redeemable) -> Option<Value> {
    let tiers = tiers(call, redeemable.campaign_id());
    if tiers.is_empty() {
        return None;
    }
    let card = Card::open(call, &redeemable.id, &redeemable.row, &redeemable.campaign).ok()?;
    let standing = card.standing(call);
    // a card without an account yet has what its balance reaches
    let balance = redeemable.points();
    let reaches = |tier: &Value| {
        count(&tier["points"]["from"]) <= balance && whole(&tier["points"]["to"]).is_none_or(|to| balance <= to)
    };
    let is_it = |tier: &Value| match text(&standing["id"]) {
        Some(id) => text(&tier["id"]) == Some(id),
        None => call.project.row("account", &redeemable.id).is_none() && reaches(tier),
    };
    tiers.into_iter().find(is_it)
}

/// Spends points of a card under the id of a redemption.
pub(super) fn spend(call: &Call, redeemable: &Redeemable, points: i64, id: &str) -> Result<Value, Fault> {
    let mut card = Card::open(call, &redeemable.id, &redeemable.row, &redeemable.campaign)?;
    if points > 0 {
        card.spend(call, points, id)?;
    }
    Ok(card.keep(call))
}

/// The moment that a date of a request names.
pub(super) fn moment_of(call: &Call, date: &Value) -> Option<Timestamp> {
    let zone = moment::zone(text(&call.project.settings()["timezone"]));
    moment::parse(text(date)?, &zone)
}
