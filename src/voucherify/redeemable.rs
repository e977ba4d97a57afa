//! What can be redeemed: a voucher or a promotion tier, with its campaign, its categories and its rules.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::call::Call;
use super::definition::Definition;
use super::fault::Fault;
use super::fields::{count, list, owned, text, whole};
use super::target::Named;

/// A redeemable of a request.
#[derive(Clone, Debug)]
pub(super) struct Redeemable {
    /// `voucher` or `promotion_tier`.
    pub(super) object: &'static str,
    /// Its code, or its id.
    pub(super) id: String,
    /// As the request names it.
    pub(super) entry: Value,
    /// The row.
    pub(super) row: Value,
    /// Its campaign.
    pub(super) campaign: Value,
    /// Its categories.
    pub(super) categories: Vec<String>,
    /// Its rules and its campaign's.
    pub(super) rules: Vec<Value>,
    /// The products that they name.
    pub(super) named: Named,
}

impl Redeemable {
    /// Loads what an entry of a request names.
    pub(super) fn load(call: &Call, entry: &Value) -> Result<Redeemable, Fault> {
        let id = text(&entry["id"]).unwrap_or_default();
        if text(&entry["object"]) == Some("promotion_tier") {
            let row = call.project.row("promotion_tier", id).ok_or_else(|| Fault::not_found("promotion_tier", id))?;
            return Ok(Redeemable::of(call, "promotion_tier", id, entry, row));
        }
        let row = call.project.row("voucher", id);
        let row = row.or_else(|| call.project.one("voucher", "id", Some(id).filter(|id| id.starts_with("v_"))?));
        let row = row.or_else(|| {
            let ignores_case = call.project.settings()["case_sensitive_codes"] == false;
            let all = if ignores_case { call.project.all("voucher") } else { Vec::new() };
            all.into_iter().find(|(code, _)| code.eq_ignore_ascii_case(id)).map(|(_, row)| row)
        });
        let row = row.ok_or_else(|| Fault::not_found("voucher", id))?;
        let code = text(&row["code"]).unwrap_or(id).to_string();
        Ok(Redeemable::of(call, "voucher", &code, entry, row))
    }

    /// A redeemable of a row.
    pub(super) fn of(call: &Call, object: &'static str, id: &str, entry: &Value, row: Value) -> Redeemable {
        let named = &row["campaign"];
        let by_id = text(&row["campaign_id"]).or_else(|| text(&named["id"]));
        let campaign = by_id.and_then(|id| call.project.row("campaign", id));
        let campaign = campaign.or_else(|| call.project.one("campaign", "name", text(named)?)).unwrap_or_default();
        let mut categories: Vec<String> = Vec::new();
        for of in [&row, &campaign] {
            let listed = list(&of["categories"]).into_iter().filter_map(|one| text(one).or_else(|| text(&one["id"])));
            for id in text(&of["category_id"]).into_iter().chain(text(&of["category"]["id"])).chain(listed) {
                if !categories.iter().any(|known| known == id) {
                    categories.push(id.into());
                }
            }
        }
        let rules = rules(call, object, &row, &campaign);
        let mut named = Named::default();
        for of in [&row, &campaign] {
            named.add(&of["applicable_to"], &of["inapplicable_to"]);
        }
        for rule in &rules {
            named.add(&rule["applicable_to"], &Value::Null);
            super::rule::older_targets(&rule["rules"], &mut named);
        }
        named.once();
        Redeemable { object, id: id.into(), entry: entry.clone(), row, campaign, categories, rules, named }
    }

    pub(super) fn is_tier(&self) -> bool {
        self.object == "promotion_tier"
    }

    pub(super) fn is_gift(&self) -> bool {
        text(&self.row["type"]) == Some("GIFT_VOUCHER") || (self.row["type"].is_null() && self.row["gift"].is_object())
    }

    pub(super) fn is_loyalty(&self) -> bool {
        let card = &self.row["loyalty_card"];
        text(&self.row["type"]) == Some("LOYALTY_CARD") || (self.row["type"].is_null() && card.is_object())
    }

    /// Whether it is the code with which someone brings friends.
    pub(super) fn is_referral(&self) -> bool {
        let in_program = text(&self.campaign["campaign_type"]) == Some("REFERRAL_PROGRAM");
        !self.is_tier() && (in_program || self.row["is_referral_code"] == true)
    }

    /// What it is, for people.
    pub(super) fn kind_name(&self) -> &'static str {
        if self.is_tier() {
            "Promotion Tier"
        } else if self.is_gift() {
            "Gift Card"
        } else if self.is_loyalty() {
            "Loyalty Card"
        } else {
            "Voucher"
        }
    }

    /// Its discount, if it gives one.
    pub(super) fn discount(&self) -> Option<Definition> {
        let defined = if self.is_tier() { &self.row["action"]["discount"] } else { &self.row["discount"] };
        Definition::read(defined, self.named.is_any())
    }

    /// What is left on a gift card.
    pub(super) fn balance(&self) -> i64 {
        let gift = &self.row["gift"];
        whole(&gift["balance"])
            .unwrap_or_else(|| count(&gift["amount"]).saturating_sub(count(&self.row["redemption"]["redeemed_amount"])))
    }

    /// The points on a loyalty card.
    pub(super) fn points(&self) -> i64 {
        let card = &self.row["loyalty_card"];
        whole(&card["balance"])
            .unwrap_or_else(|| count(&card["points"]).saturating_sub(count(&self.row["redemption"]["redeemed_points"])))
    }

    /// Who holds it.
    pub(super) fn holder(&self) -> Option<String> {
        let holder = &self.row["holder"];
        owned(&self.row["holder_id"]).or_else(|| owned(&holder["id"])).or_else(|| owned(&holder["source_id"]))
    }

    /// The id of its campaign, or nothing.
    pub(super) fn campaign_id(&self) -> &str {
        text(&self.campaign["id"]).or_else(|| text(&self.row["campaign_id"])).unwrap_or_default()
    }

    /// What budgets of units of a campaign are counted under: the campaign, or what stands alone.
    pub(super) fn budget_scope(&self) -> &str {
        if self.campaign_id().is_empty() {
            &self.id
        } else {
            self.campaign_id()
        }
    }

    /// The id under which its uses are counted.
    pub(super) fn counted_as(&self) -> String {
        alloc::format!("{}:{}", self.object, self.id)
    }

    /// The metadata that answers tell.
    pub(super) fn metadata(&self) -> Value {
        if self.row["metadata"].is_null() {
            serde_json::json!({})
        } else {
            self.row["metadata"].clone()
        }
    }
}

/// The rules of a row and of its campaign: those it holds itself, and those assigned to it.
fn rules(call: &Call, object: &str, row: &Value, campaign: &Value) -> Vec<Value> {
    let mut rules: Vec<Value> = Vec::new();
    let mut add = |rule: Option<Value>| {
        if let Some(rule) = rule.filter(|rule| rule.is_object() && !rules.contains(rule)) {
            rules.push(rule);
        }
    };
    let by_id = |id: &str| call.project.row("validation_rule", id);
    for of in [row, campaign] {
        for inline in list(&of["validation_rule"]).into_iter().chain(list(&of["validation_rules"])) {
            add(text(inline).map_or_else(|| Some(inline.clone()), by_id));
        }
        add(text(&of["validation_rule_id"]).and_then(by_id));
        let assigned = ["validation_rules_assignments", "validation_rule_assignments"].map(|member| list(&of[member]));
        for assignment in assigned.into_iter().flatten() {
            add(text(&assignment["rule_id"]).and_then(by_id));
        }
    }
    let own = if object == "voucher" { [&row["code"], &row["id"]] } else { [&row["id"], &Value::Null] };
    for id in own.into_iter().chain([&campaign["id"]]).filter_map(text) {
        for (_, assignment) in call.project.find("validation_rules_assignment", &[("related_object_id", id)]) {
            add(text(&assignment["rule_id"]).and_then(by_id));
        }
    }
    rules
}
