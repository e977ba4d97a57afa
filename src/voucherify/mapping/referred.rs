//! What vouchers refer to: campaigns, tiers, rules and their assignments, and what belongs to loyalty.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{json, Map, Value};

/// The objects, by kind and id.
#[derive(Debug, Default)]
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

/// The kinds of objects that vouchers refer to, each once.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    let kinds: BTreeSet<&str> = KINDS.iter().map(|(object, _)| *object).collect();
    kinds.into_iter()
}

/// The kind of an element, by what it says or by the list it stands in.
pub fn object_of(member: &str, element: &Value) -> Option<&'static str> {
    let own = element["object"].as_str();
    let found = KINDS.iter().find(|(object, list)| own.map_or(*list == member, |own| own == *object));
    found.map(|(object, _)| *object)
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

    /// Whether a reward is one of campaigns that are all off.
    pub fn is_of_what_is_off(&self, reward: &str) -> bool {
        let of = self.each("reward_assignment").filter(|(_, assigned)| assigned["reward_id"] == reward);
        let mut campaigns = of.filter_map(|(_, assigned)| assigned["related_object_id"].as_str()).peekable();
        let is_off = |id: &str| self.each("campaign").any(|(own, campaign)| own == id && campaign["active"] == false);
        campaigns.peek().is_some() && campaigns.all(is_off)
    }

    /// Whether rules are assigned to this.
    pub fn is_named(&self, name: &str) -> bool {
        self.rules.contains_key(name)
    }

    /// The rules that these objects hold or name, and those that are assigned to any of these names, each once. One that the
    /// export lacks is its id alone.
    pub fn rules_of(&self, names: &[&str], objects: &[&Value]) -> Vec<Value> {
        let own = objects.iter().flat_map(|object| own_rules(object));
        let assigned = names.iter().filter_map(|name| self.rules.get(*name)).flatten();
        let mut rules: Vec<Value> = Vec::new();
        for rule in own.chain(assigned.map(|id| id.as_str().into())) {
            let stored = rule.as_str().and_then(|id| self.one("validation_rules", id)).cloned();
            let rule = stored.unwrap_or(rule);
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        rules
    }

    /// An offer with all of these rules.
    pub fn with_rules(&self, mut offer: Map<String, Value>, names: &[&str], objects: &[&Value]) -> Value {
        let rules = self.rules_of(names, objects);
        offer.retain(|member, _| !["validation_rule", "validation_rules"].contains(&member.as_str()));
        if !rules.is_empty() {
            offer.insert("validation_rule".into(), rules.into());
        }
        offer.into()
    }

    /// The categories of an offer and of what it lies in, each once: its first as `category_id`, and all where there are several.
    /// One that is told by its name alone is the category of that name, or has the name as its id where the export lacks it.
    pub fn categories_of(&self, rows: &[&Value]) -> Map<String, Value> {
        let mut ids: Vec<&str> = Vec::new();
        for row in rows {
            let listed = row["categories"].as_array().into_iter().flatten();
            let listed = listed.filter_map(|one| one.as_str().or(one["id"].as_str()));
            let own = row["category_id"].as_str().or(row["category"]["id"].as_str());
            let own = own.or_else(|| row["category"].as_str().map(|name| self.category_named(name)));
            for id in own.into_iter().chain(listed) {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        let mut told = Map::new();
        if let Some(first) = ids.first() {
            told.insert("category_id".into(), (*first).into());
        }
        if ids.len() > 1 {
            told.insert("categories".into(), ids.iter().map(|id| json!({ "id": id })).collect());
        }
        told
    }

    fn category_named<'a>(&'a self, name: &'a str) -> &'a str {
        self.each("category").find(|(_, category)| category["name"] == name).map_or(name, |(id, _)| id)
    }

    /// What belongs to something that is not there, each with the member that names it. `met` are the vouchers that rules are for.
    pub fn astray(&self, met: &BTreeSet<String>) -> Vec<(&'static str, &str, &'static str, String)> {
        let mut known: BTreeSet<&str> = met.iter().map(String::as_str).collect();
        for object in ["campaign", "promotion_tier", "earning_rule", "reward_assignment", "reward"] {
            for (id, row) in self.each(object) {
                known.insert(id);
                let within = [&row["promotion"]["tiers"], &row["earning_rules"]];
                let within = within.into_iter().filter_map(Value::as_array).flatten();
                known.extend(within.filter_map(|row| row["id"].as_str()));
            }
        }
        let is_programme =
            |id: &str| self.one("campaign", id).is_some_and(|campaign| campaign["campaign_type"] == "LOYALTY_PROGRAM");
        let mut astray = Vec::new();
        for (object, member) in [
            ("validation_rules_assignment", "related_object_id"),
            ("earning_rule", "campaign_id"),
            ("loyalty_tier", "campaign_id"),
            ("reward_assignment", "related_object_id"),
        ] {
            for (id, row) in self.each(object) {
                let of = row[member].as_str().unwrap_or_default();
                let (is_there, what) = match object {
                    "validation_rules_assignment" => (known.contains(of), "nothing"),
                    _ => (is_programme(of), "no loyalty campaign"),
                };
                if !is_there {
                    astray.push((object, id, member, format!("{what} of the export is `{of}`, to which it belongs")));
                }
            }
        }
        astray
    }
}

/// The rules that an object holds, and the ids of those that it names.
fn own_rules(object: &Value) -> Vec<Value> {
    let mut rules: Vec<Value> = Vec::new();
    for member in ["validation_rule", "validation_rules", "validation_rule_id"] {
        rules.extend(listed(&object[member]).iter().filter(|rule| rule.is_string() || rule.is_object()).cloned());
    }
    for member in ["validation_rules_assignments", "validation_rule_assignments"] {
        let assignments = listed(&object[member]);
        rules.extend(assignments.iter().map(|assignment| &assignment["rule_id"]).filter(|id| id.is_string()).cloned());
        let in_all = object[member]["total"].as_u64().unwrap_or(0);
        if u64::try_from(assignments.len()).is_ok_and(|told| told < in_all) {
            rules.push(format!("of {in_all} that are assigned").into());
        }
    }
    rules
}

/// The elements of a list, of the `data` of one, or a value alone.
fn listed(value: &Value) -> &[Value] {
    match value {
        Value::Null => &[],
        Value::Array(elements) => elements,
        Value::Object(list) if list.contains_key("data_ref") || list.get("data").is_some_and(Value::is_array) => {
            list.get("data").and_then(Value::as_array).map_or(&[], Vec::as_slice)
        }
        alone => core::slice::from_ref(alone),
    }
}
