//! A programme as Voucherify's objects.

use alloc::vec::Vec;

use serde_json::{json, Value};

use super::super::super::fields::{count, list, row, set, text, whole, Row};
use super::super::super::tier;
use super::super::formula::Counts;
use super::super::{discount, dynamic, rules, times, Mapped, Report};
use super::earning::level_of;
use super::{CHANGES, PROPORTIONAL};

/// A programme as Voucherify has it: `campaign`, `earning_rules`, `loyalty_tiers`, `rewards` and `reward_assignments`.
pub fn to_campaign(programme: &Value, currency: &str) -> Mapped {
    let mut report = Report::default();
    let id = &programme["id"];
    let mut campaign = row(&json!({
        "id": id, "object": "campaign", "campaign_type": "LOYALTY_PROGRAM", "type": "AUTO_UPDATE",
        "name": if programme["name"].is_null() { id } else { &programme["name"] },
    }));
    let mut card = row(&json!({ "points": 0 }));
    if let Some(rules) = expiration_rules(&programme["expiry"], &mut report) {
        set(&mut card, "expiration_rules", rules);
    }
    set(&mut campaign, "voucher", json!({ "type": "LOYALTY_CARD", "loyalty_card": card }));
    let kept = &programme["levels"];
    let mut tiers: Vec<Row> = list(&kept["list"])
        .into_iter()
        .map(|level| {
            let points = json!({ "from": level["from"], "to": level["to"] });
            row(&json!({ "id": level["id"], "object": "loyalty_tier", "name": level["id"], "campaign_id": id, "points": points }))
        })
        .collect();
    if kept.is_object() {
        set(&mut campaign, "loyalty_tiers_expiration", tier::tiers_expiration(kept));
    }
    let mut map = |by_level: &Value, member: &str, name: &str| {
        for tier in &mut tiers {
            let mapped = &by_level[tier.get("id").and_then(text).unwrap_or_default()];
            if mapped.is_null() {
                continue;
            }
            let told = match super::super::super::fields::decimal(&mapped["factor"]) {
                Some(factor) => {
                    json!({ "type": "MULTIPLY", "multiplier": super::super::super::fields::number(factor) })
                }
                None => json!({ "type": "CUSTOM", "points": mapped["points"] }),
            };
            let mut all = tier.get(member).map(row).unwrap_or_default();
            set(&mut all, name, told);
            set(tier, member, all);
        }
    };
    let mut earning = Vec::new();
    for rule in list(&programme["earning"]) {
        map(&rule["byLevel"], "earning_rules", text(&rule["id"]).unwrap_or_default());
        earning.push(earned(rule, id, currency, &mut report));
    }
    let (mut rewards, mut assignments) = (Vec::new(), Vec::new());
    for reward in list(&programme["rewards"]) {
        map(&reward["byLevel"], "rewards", text(&reward["id"]).unwrap_or_default());
        let (stored, assigned) = given(reward, id, currency, &mut report);
        rewards.push(stored);
        assignments.push(assigned);
    }
    for member in ["limits", "pendingDays", "whenSpent", "campaignPoints"] {
        if !programme[member].is_null() {
            report.lost(member, "a loyalty campaign does not say this");
        }
    }
    let value = json!({
        "campaign": campaign, "earning_rules": earning, "loyalty_tiers": tiers, "rewards": rewards,
        "reward_assignments": assignments,
    });
    Mapped { value, losses: report.losses, ..Mapped::default() }
}

fn expiration_rules(expiry: &Value, report: &mut Report) -> Option<Value> {
    let round_to = &expiry["roundTo"];
    Some(match text(&expiry["type"])? {
        "after_months" => {
            let mut rules = row(&json!({ "period_type": "MONTH", "period_value": expiry["months"] }));
            let rounded = [
                ("month", "END_OF_MONTH"),
                ("quarter", "END_OF_QUARTER"),
                ("half_year", "END_OF_HALF_YEAR"),
                ("year", "END_OF_YEAR"),
            ];
            if let Some((_, name)) = rounded.iter().find(|(name, _)| round_to.as_str() == Some(name)) {
                set(&mut rules, "rounding_type", *name);
            } else if let Some(month) = whole(&round_to["monthOfYear"]) {
                set(&mut rules, "rounding_type", "PARTICULAR_MONTH");
                set(&mut rules, "rounding_value", month);
            }
            rules.into()
        }
        "after_days" => json!({ "period_type": "DAY", "period_value": expiry["days"] }),
        "fixed_day" => {
            json!({ "period_type": "FIXED_DAY_OF_YEAR", "fixed_month": expiry["month"], "fixed_day": expiry["day"] })
        }
        "never" => return None,
        _ => {
            report.lost("expiry", "points of Voucherify expire by months, days or on a day of the year");
            return None;
        }
    })
}

fn earned(rule: &Value, campaign: &Value, currency: &str, report: &mut Report) -> Value {
    let on = &rule["on"];
    let mut told = row(&json!({ "id": rule["id"], "object": "earning_rule", "campaign_id": campaign, "active": true }));
    let change = text(&on["level"][0]).and_then(|change| CHANGES.iter().find(|(_, name)| *name == change));
    let event = match (text(&on["event"]), change, text(&on["segment"])) {
        (Some(event), ..) => event,
        (_, Some((event, _)), _) => event,
        (.., Some(segment)) => {
            set(&mut told, "segment", json!({ "id": segment }));
            "customer.segment.entered"
        }
        _ => "order.paid",
    };
    set(&mut told, "event", event);
    let has_lines = rule["lines"].is_object();
    let of = &rule["of"];
    let measure = ["attribute", "customer"].into_iter().find(|member| !of[*member].is_null());
    let kind = match (measure, text(of)) {
        _ if rule["every"].is_null() => None,
        (Some("customer"), _) => Some("CUSTOMER_METADATA"),
        (Some(_), _) if event == "order.paid" => Some("ORDER_METADATA"),
        (Some(_), _) => Some("CUSTOM_EVENT_METADATA"),
        (_, Some("units")) => Some("ORDER_ITEMS_QUANTITY"),
        (_, Some("subtotal")) => Some(if has_lines { "ORDER_ITEMS_AMOUNT" } else { "ORDER_AMOUNT" }),
        _ => Some(if has_lines { "ORDER_ITEMS_SUBTOTAL_AMOUNT" } else { "ORDER_TOTAL_AMOUNT" }),
    };
    let loyalty = match PROPORTIONAL.iter().find(|(name, ..)| Some(*name) == kind) {
        Some((name, [object, member], _)) => {
            let every = if rule["every"].is_object() { &rule["every"][currency] } else { &rule["every"] };
            let mut per = row(&json!({ "every": every, "points": rule["points"] }));
            if let Some(measure) = measure {
                set(&mut per, "property", of[measure].clone());
            }
            if has_lines {
                set(&mut per, "applicable_to", json!(discount::entries(&rule["lines"])));
            }
            json!({ "type": "PROPORTIONAL", "calculation_type": name, *object: { *member: per } })
        }
        None if !rule["formula"].is_null() => {
            let (formula, number) = dynamic::parts(&rule["formula"], Counts::Number, currency);
            if let Err(why) = &formula {
                report.lost(&alloc::format!("{}.formula", text(&rule["id"]).unwrap_or_default()), why);
            }
            json!({ "type": "FIXED", "points": number, "points_formula": formula.ok() })
        }
        None => json!({ "type": "FIXED", "points": rule["points"] }),
    };
    set(&mut told, "loyalty", loyalty);
    let mut asked = Row::new();
    let (tier, when) = of_tier(&rule["when"], text(campaign).unwrap_or_default());
    if let Some(tier) = tier {
        set(&mut told, "loyalty_tier", json!({ "id": tier }));
    }
    rules::to_rules(&json!({ "when": when }), currency, &mut asked, report);
    if !asked.is_empty() {
        set(&mut told, "validation_rule", json!({ "rules": asked }));
    }
    if let Some(days) = whole(&rule["pendingDays"]) {
        set(&mut told, "pending_points", json!({ "period_type": "DAY", "period_value": days }));
    }
    if let Some(rules) = expiration_rules(&rule["expiry"], report) {
        set(&mut told, "expiration_rules", rules);
    }
    times::offered(&rule["schedule"], &mut told, report);
    for member in ["boosts", "limits", "rounding"] {
        if !rule[member].is_null() {
            report.lost(
                &alloc::format!("{}.{member}", text(&rule["id"]).unwrap_or_default()),
                "an earning rule does not say this",
            );
        }
    }
    told.into()
}

/// The one level of the programme whose members a condition is for, and what else it asks.
fn of_tier<'a>(when: &'a Value, programme: &str) -> (Option<&'a Value>, Value) {
    let level = level_of(programme);
    let tier = |asked: &'a Value| match asked["in"].as_array().map(Vec::as_slice) {
        Some([tier]) if asked["type"] == "customer_attribute" && asked["key"] == level.as_str() => Some(tier),
        _ => None,
    };
    let all = if when["all"].is_array() { list(&when["all"]) } else { Vec::from([when]) };
    let mut tiers = all.iter().filter_map(|asked| tier(asked));
    let (Some(found), None) = (tiers.next(), tiers.next()) else { return (None, when.clone()) };
    let mut rest: Vec<&Value> = all.into_iter().filter(|asked| tier(asked).is_none()).collect();
    match rest.len() {
        0 => (Some(found), Value::Null),
        1 => (Some(found), rest.pop().cloned().unwrap_or_default()),
        _ => (Some(found), json!({ "all": rest })),
    }
}

fn given(reward: &Value, campaign: &Value, currency: &str, report: &mut Report) -> (Value, Value) {
    let gives = &reward["gives"];
    let id = text(&reward["id"]).unwrap_or_default();
    let (kind, parameters) = match text(&gives["type"]) {
        Some("product") => ("MATERIAL", json!({ "product": { "id": gives["sku"] } })),
        Some("gift_card") => {
            ("CAMPAIGN", json!({ "campaign": { "type": "GIFT_VOUCHERS", "balance": gives["amount"][currency] } }))
        }
        Some("credit") => {
            let of = json!({ "id": gives["programme"], "type": "LOYALTY_PROGRAM", "balance": gives["amount"] });
            ("CAMPAIGN", json!({ "campaign": of }))
        }
        Some("coupon") => ("CAMPAIGN", json!({ "campaign": { "id": gives["campaign"], "type": "DISCOUNT_COUPONS" } })),
        _ => {
            report.lost(&alloc::format!("{id}.gives"), "a reward of Voucherify is a code, a card or a product");
            ("MATERIAL", json!({}))
        }
    };
    let stored_id = alloc::format!("rew-of-{id}");
    let mut stored = row(&json!({ "id": stored_id, "object": "reward", "type": kind, "parameters": parameters }));
    for member in ["name", "stock"] {
        if !reward[member].is_null() {
            set(&mut stored, member, reward[member].clone());
        }
    }
    let mut parameters = row(&json!({ "loyalty": { "points": count(&reward["points"]) } }));
    if !reward["automatic"].is_null() {
        set(&mut parameters, "auto_redeem", true);
    }
    let assigned = json!({
        "id": id, "object": "reward_assignment", "reward_id": stored_id, "related_object_id": campaign,
        "related_object_type": "campaign", "parameters": parameters,
    });
    (stored.into(), assigned)
}
