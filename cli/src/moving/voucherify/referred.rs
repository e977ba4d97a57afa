//! What vouchers refer to: campaigns, tiers, rules and their assignments, and what belongs to loyalty.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The objects, by kind and id.
#[derive(Default)]
pub struct Referred {
    rows: BTreeMap<&'static str, BTreeMap<String, Value>>,
    /// Ids of rules, by the id of what they are assigned to.
    rules: BTreeMap<String, Vec<String>>,
}

const KINDS: &[(&str, &str)] = &[
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
    ("category", "categories"),
    ("segment", "segments"),
    ("products_collection", "products_collections"),
    ("products_collection", "product_collections"),
    ("settings", "settings"),
    ("settings", "project"),
    ("stacking_rules", "stacking_rules"),
];

/// The kind of an element, by what it says or by the list it stands in.
pub fn object_of(member: &str, element: &Value) -> Option<&'static str> {
    let own = element["object"].as_str();
    let found = KINDS.iter().find(|(object, list)| own.map_or(*list == member, |own| own == *object));
    found.map(|(object, _)| *object)
}

/// Whether an element is a voucher.
pub fn is_voucher(member: &str, element: &Value) -> bool {
    element["object"] == "voucher" || member == "vouchers" || element["code"].is_string()
}

impl Referred {
    /// Adds an object.
    pub fn add(&mut self, object: &'static str, element: Value) {
        let id = element["id"].as_str().or(element["name"].as_str()).unwrap_or_default().to_string();
        if object == "validation_rules_assignment" {
            if let (Some(to), Some(rule)) = (element["related_object_id"].as_str(), element["rule_id"].as_str()) {
                self.rules.entry(to.into()).or_default().push(rule.into());
            }
        }
        self.rows.entry(object).or_default().insert(id, element);
    }

    /// All objects of a kind.
    pub fn each(&self, object: &str) -> impl Iterator<Item = (&str, &Value)> {
        self.rows.get(object).into_iter().flatten().map(|(id, row)| (id.as_str(), row))
    }

    /// Changes all campaigns, tiers, rules and what earns.
    pub fn each_offer(&mut self, change: impl Fn(&mut Value)) {
        for object in ["campaign", "promotion_tier", "validation_rules", "earning_rule"] {
            self.rows.get_mut(object).into_iter().flatten().for_each(|(_, row)| change(row));
        }
    }

    /// The stacking rules of the project, which may stand in its settings; null where they are not told.
    pub fn stacking_rules(&self) -> &Value {
        let own = self.each("stacking_rules").map(|(_, rules)| rules).next();
        let of_project =
            || self.each("settings").map(|(_, settings)| &settings["stacking_rules"]).find(|rules| rules.is_object());
        own.or_else(of_project).unwrap_or(&Value::Null)
    }

    /// An object.
    pub fn one(&self, object: &str, id: &str) -> Option<&Value> {
        self.rows.get(object)?.get(id)
    }

    /// Objects that belong to a campaign.
    pub fn of_campaign(&self, object: &str, member: &str, campaign: &str) -> Vec<Value> {
        self.each(object).map(|(_, row)| row).filter(|row| row[member] == campaign).cloned().collect()
    }

    /// Whether a campaign assigns a reward.
    pub fn is_assigned(&self, reward: &str) -> bool {
        self.each("reward_assignment").any(|(_, assigned)| assigned["reward_id"] == reward)
    }

    /// Whether rules are assigned to any of these.
    pub fn has_rules(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.rules.contains_key(*name))
    }

    /// An offer with the rules that are assigned to it.
    pub fn with_rules(&self, mut offer: Map<String, Value>, names: &[&str]) -> Value {
        let assigned = names.iter().filter_map(|name| self.rules.get(*name)).flatten();
        let rules = assigned.filter_map(|rule| self.one("validation_rules", rule)).cloned();
        let own = offer.get("validation_rule").cloned().into_iter().filter(|own| !own.is_null());
        let rules: Vec<Value> = own.chain(rules).collect();
        if !rules.is_empty() {
            offer.insert("validation_rule".into(), rules.into());
        }
        offer.into()
    }
}
