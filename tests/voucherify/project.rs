//! A project in memory: loads what a call asks for, calls again, stores what the answer says.

use std::collections::BTreeMap;

use serde_json::{json, Map, Value};

/// The rows by object and id.
#[derive(Default)]
pub struct Project {
    rows: BTreeMap<String, BTreeMap<String, Value>>,
    settings: Value,
    now: i64,
    calls: u64,
}

const OBJECTS: &[&str] = &[
    "products",
    "skus",
    "product_collections",
    "vouchers",
    "promotion_tiers",
    "promotion_stacks",
    "rewards",
    "earning_rules",
    "campaigns",
    "categories",
    "segments",
    "customers",
    "validation_rules",
    "sessions",
    "orders",
    "redemptions",
    "publications",
    "reward_assignments",
    "loyalty_tiers",
    "metadata_schemas",
    "validation_rules_assignments",
];

impl Project {
    /// What a case needs.
    pub fn of(case: &Value) -> Project {
        let mut project = Project { settings: case["settings"].clone(), now: 1_772_359_200_000, ..Project::default() };
        if project.settings.is_null() {
            project.settings = json!({});
        }
        // what a case does not say of stacking is that limits do not bind
        let said = project.settings["stacking_rules"].clone();
        let mut rules = json!({ "redeemables_application_mode": "ALL" });
        if said.is_null() {
            rules["applicable_redeemables_per_category_limit"] = Value::Null;
        }
        for (member, value) in said.as_object().cloned().unwrap_or_default() {
            rules[member] = value;
        }
        project.settings["stacking_rules"] = rules;
        if let Some(now) = case["now"].as_str().and_then(milliseconds) {
            project.now = now;
        }
        for object in OBJECTS {
            for row in case[*object].as_array().into_iter().flatten() {
                project.insert(object, row);
            }
        }
        // a programme that only an address names is there all the same
        let path = case["endpoint"]["path"].as_str().unwrap_or_default();
        let program = path.strip_prefix("/v1/loyalties/").and_then(|rest| rest.split('/').next());
        if let Some(id) = program.filter(|id| *id != "members" && case["campaigns"].is_null()) {
            project.insert("campaigns", &json!({ "id": id, "name": id, "campaign_type": "LOYALTY_PROGRAM" }));
            for mut rule in project.rows.get("earning_rules").cloned().unwrap_or_default().into_values() {
                rule["campaign_id"] = id.into();
                project.insert("earning_rules", &rule);
            }
        }
        for row in case["stored_orders"].as_array().into_iter().flatten() {
            project.insert("orders", row);
        }
        project
    }

    /// The time of what follows, where a step has one of its own.
    pub fn at(&mut self, now: &Value) {
        self.now = now.as_str().and_then(milliseconds).unwrap_or(self.now);
    }

    fn insert(&mut self, object: &str, row: &Value) {
        let of_voucher = row["code"].as_str().filter(|_| object == "vouchers");
        let id = of_voucher.or(row["id"].as_str()).or(row["source_id"].as_str()).unwrap_or("unnamed");
        let mut row = row.clone();
        if row["id"].is_null() && object != "vouchers" {
            row["id"] = id.into();
        }
        self.rows.entry(object.into()).or_default().insert(id.into(), row);
    }

    /// A row.
    pub fn row(&self, object: &str, id: &str) -> Value {
        self.rows.get(object).and_then(|rows| rows.get(id)).cloned().unwrap_or_default()
    }

    /// The only voucher of the case.
    pub fn first_voucher(&self) -> Value {
        self.rows.get("vouchers").and_then(|rows| rows.values().next()).cloned().unwrap_or_default()
    }

    /// Sends the request of a case.
    pub fn send(&mut self, case: &Value) -> (u64, Value) {
        let (endpoint, path, query) = endpoint(case);
        let mut body = Map::new();
        const SENT: &[&str] = &[
            "customer",
            "redeemables",
            "order",
            "gift",
            "reward",
            "session",
            "metadata",
            "scenario",
            "options",
            "event",
            "formulas",
            "table",
        ];
        for member in SENT {
            if !case[*member].is_null() && case[*member] != json!({}) {
                body.insert((*member).into(), case[*member].clone());
            }
        }
        for (member, value) in case["body"].as_object().cloned().unwrap_or_default() {
            body.insert(member, value);
        }
        // a formula may ask about the voucher or the tier that stands beside it
        for member in ["voucher", "promotion_tier"] {
            if case["formulas"].is_array() && !case[member].is_null() {
                body.insert(member.into(), case[member].clone());
            }
        }
        let body = if case["body"].is_array() { case["body"].clone() } else { body.into() };
        self.call(&endpoint, path, query, body)
    }

    /// Calls an endpoint until it needs nothing more, and stores what it says.
    pub fn call(&mut self, endpoint: &str, path: Value, query: Value, body: Value) -> (u64, Value) {
        self.calls += 1;
        let mut loaded = json!({ "settings": self.settings, "loaded": [] });
        for _ in 0..20 {
            let call = json!({
                "endpoint": endpoint, "now": self.now, "path": path, "query": query, "body": body,
                "random": format!("{:032x}", self.calls), "project": loaded,
            });
            let answer: Value = serde_json::from_str(&counterfoil::voucherify::answer(&call.to_string())).unwrap();
            let Some(needs) = answer["needs"].as_array() else {
                self.store(&answer);
                return (answer["status"].as_u64().unwrap(), answer["body"].clone());
            };
            for need in needs {
                self.load(need, &mut loaded);
            }
        }
        panic!("the call `{endpoint}` asks for ever more rows");
    }

    fn load(&self, need: &Value, loaded: &mut Value) {
        let object = plural(need["object"].as_str().unwrap());
        let rows = self.rows.get(&object);
        if let Some(id) = need["id"].as_str() {
            loaded[&object][id] = self.row(&object, id);
            return;
        }
        let wanted = need["where"].as_object().cloned().unwrap_or_default();
        for (id, row) in rows.into_iter().flatten() {
            let is = |(path, value): (&String, &Value)| path.split('.').fold(row, |row, member| &row[member]) == value;
            if wanted.iter().all(is) {
                loaded[&object][id] = row.clone();
            }
        }
        loaded["loaded"].as_array_mut().unwrap().push(need.clone());
    }

    fn store(&mut self, answer: &Value) {
        for row in answer["store"].as_array().unwrap() {
            let (object, id) = (plural(row["object"].as_str().unwrap()), row["id"].as_str().unwrap());
            self.rows.entry(object).or_default().insert(id.into(), row["value"].clone());
        }
        for row in answer["delete"].as_array().unwrap() {
            let object = plural(row["object"].as_str().unwrap());
            if let Some(rows) = self.rows.get_mut(&object) {
                rows.remove(row["id"].as_str().unwrap());
            }
        }
    }
}

fn plural(object: &str) -> String {
    object.strip_suffix('y').map_or_else(|| format!("{object}s"), |stem| format!("{stem}ies"))
}

fn milliseconds(text: &str) -> Option<i64> {
    Some(text.parse::<jiff::Timestamp>().ok()?.as_millisecond())
}

/// Which endpoint of the function a request of the interface is.
fn endpoint(case: &Value) -> (String, Value, Value) {
    for (member, endpoint) in [("formulas", "formulas/evaluate"), ("table", "points/expiration")] {
        if !case[member].is_null() {
            return (endpoint.into(), json!({}), json!({}));
        }
    }
    let (path, query) = {
        let path = case["endpoint"]["path"].as_str().unwrap_or_else(|| panic!("a case without an endpoint: {case}"));
        path.split_once('?').unwrap_or((path, ""))
    };
    let mut queried = Map::new();
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        queried.insert(name.into(), value.into());
    }
    let parts: Vec<&str> = path.trim_start_matches("/client/v1/").trim_start_matches("/v1/").split('/').collect();
    let is_client = path.starts_with("/client/");
    let named = |endpoint: &str, path: Value| (endpoint.to_string(), path);
    let (endpoint, path) = match parts.as_slice() {
        ["validate"] if is_client => named("vouchers/validate", json!({ "code": queried["code"] })),
        ["redeem"] if is_client => named("vouchers/redeem", json!({ "code": queried["code"] })),
        ["vouchers", code, "redemption"] => named("vouchers/redeem", json!({ "code": code })),
        ["vouchers", code, "sessions", key] => {
            named("vouchers/delete-session", json!({ "code": code, "session": key }))
        }
        ["vouchers", code, what] => named(&format!("vouchers/{what}"), json!({ "code": code })),
        ["redemptions", id, "rollback"] => named("redemptions/rollback", json!({ "redemption": id })),
        ["redemptions", id, "rollbacks"] => named("redemptions/rollback-stack", json!({ "redemption": id })),
        ["promotions", "validation"] => named("promotions/validate", json!({})),
        ["promotions", "tiers", id, "redemption"] => named("tiers/redeem", json!({ "tier": id })),
        ["promotions", "tiers", id, "validation"] => named("tiers/validate", json!({ "tier": id })),
        ["loyalties", campaign, "members", code, "redemption"] => {
            named("loyalties/redeem-reward", json!({ "campaign": campaign, "code": code }))
        }
        ["loyalties", campaign, "members", code, "balance"] => {
            named("loyalties/balance", json!({ "campaign": campaign, "code": code }))
        }
        ["loyalties", campaign, "members", code, "transfers"] => {
            named("loyalties/transfer", json!({ "campaign": campaign, "code": code }))
        }
        ["loyalties", campaign, "members", code, "pending-points"] => {
            named("loyalties/pending-points", json!({ "campaign": campaign, "code": code }))
        }
        ["loyalties", campaign, "members", code, "pending-points", points, verb] => {
            let verb = if *verb == "balance" { "correct" } else { verb };
            let path = json!({ "campaign": campaign, "code": code, "points": points });
            named(&format!("loyalties/{verb}-points"), path)
        }
        ["loyalties", campaign, "members", code, "tiers"] => {
            named("loyalties/tiers-of-member", json!({ "campaign": campaign, "code": code }))
        }
        ["loyalties", campaign, "members"] => named("loyalties/create-member", json!({ "campaign": campaign })),
        ["loyalties", campaign, "qualifications"] => named("loyalties/estimate", json!({ "campaign": campaign })),
        ["products", product, "qualification"] => named("products/qualification", json!({ "product": product })),
        ["product-collections", collection, "products"] => {
            named("collections/products", json!({ "collection": collection }))
        }
        ["customers", customer, "redeemables"] => named("customers/redeemables", json!({ "customer": customer })),
        ["publications" | "orders" | "events" | "campaigns" | "vouchers"] => {
            named(&format!("{}/create", parts[0]), json!({}))
        }
        _ => named(&parts.join("/"), json!({})),
    };
    (endpoint, path, queried.into())
}
