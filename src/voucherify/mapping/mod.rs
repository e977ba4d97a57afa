//! Voucherify's offers as campaign documents, and back. What a document cannot say is told, member by member; an offer of which
//! a rule is lost is paused, so that nothing is ever given that the rule would have refused.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::fields::{count, list, row, set, text, whole, Row};

mod bundle;
pub mod collections;
mod discount;
pub mod documents;
mod dynamic;
mod formula;
pub mod loyalty;
pub mod members;
pub mod offers;
pub mod referred;
mod rules;
pub mod segments;
mod spelling;
pub mod stacking;
pub mod times;

pub use spelling::{fingerprint, slug};

/// The shop whose offers these are: in which currency its amounts are, and on which clocks its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shop<'a> {
    /// The currency's three letters.
    pub currency: &'a str,
    /// The IANA name of the project's time zone.
    pub time_zone: &'a str,
}

/// What could not be carried over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The member it stands in, with dots.
    pub member: String,
    /// Why.
    pub why: String,
}

/// A document, and what it does not say.
#[derive(Clone, Debug, Default)]
pub struct Mapped {
    /// A campaign without `id` and `codes`, or an offer.
    pub value: Value,
    /// What is lost.
    pub losses: Vec<Loss>,
    /// Whether a rule or a limit is among what is lost.
    pub is_held_back: bool,
    /// Whether only the holder of a code may use it.
    pub for_holders: bool,
}

#[derive(Default)]
struct Report {
    losses: Vec<Loss>,
    /// Whether only the holder of a code may use it.
    for_holders: bool,
    /// Whether a rule is among them.
    is_unsafe: bool,
}

impl Report {
    fn lost(&mut self, member: &str, why: &str) {
        let loss = Loss { member: member.into(), why: why.into() };
        if !self.losses.contains(&loss) {
            self.losses.push(loss);
        }
    }

    fn rule_lost(&mut self, member: &str, why: &str) {
        self.is_unsafe = true;
        self.lost(member, why);
    }
}

/// The campaign document of an offer: a voucher, a promotion tier or a campaign's voucher, with the rules that are assigned
/// to it as `validation_rule`, a rule that is not known as its id alone. The discount may be that of a tier (`action.discount`).
///
/// ```
/// use counterfoil::voucherify::mapping::{to_document, Shop};
/// use serde_json::json;
/// let offer = json!({ "discount": { "type": "PERCENT", "percent_off": 10, "amount_limit": 2000 },
///     "start_date": "2026-03-01T00:00:00Z",
///     "validation_rule": { "rules": { "1": { "name": "order.amount", "conditions": { "$more_than": [5000] } } } } });
/// let mapped = to_document(&offer, &Shop { currency: "EUR", time_zone: "UTC" });
/// assert!(mapped.losses.is_empty());
/// assert_eq!(mapped.value["discounts"][0], json!({ "type": "percent_off", "percent": "10", "cap": { "EUR": 2000 } }));
/// assert_eq!(mapped.value["when"]["moreThan"], json!({ "EUR": 5000 }));
/// assert_eq!(mapped.value["schedule"]["from"], "2026-03-01T00:00:00");
/// ```
pub fn to_document(offer: &Value, shop: &Shop<'_>) -> Mapped {
    let currency = shop.currency;
    let mut report = Report::default();
    let mut document = Row::new();
    if let Some(name) = text(&offer["name"]) {
        set(&mut document, "name", name);
    }
    let mut limits = Row::new();
    let mut named = super::target::Named::default();
    named.add(&offer["applicable_to"], &offer["inapplicable_to"]);
    let mut conditions = Vec::new();
    let mut bundle = None;
    for rule in list(&offer["validation_rule"]).into_iter().chain(list(&offer["validation_rules"])) {
        if let Some(id) = text(rule) {
            report.rule_lost("validation_rule", &alloc::format!("the export lacks the rule `{id}`"));
        }
        named.add(&rule["applicable_to"], &Value::Null);
        super::rule::older_targets(&rule["rules"], &mut named);
        conditions.extend(rules::when(rule, currency, &mut limits, &mut report));
        if rule["bundle_rules"].is_object() {
            bundle = bundle::to_document(&rule["bundle_rules"], &mut report);
        }
    }
    let defined =
        if offer["action"]["discount"].is_object() { &offer["action"]["discount"] } else { &offer["discount"] };
    if defined.is_object() {
        let mut discounts = discount::to_document(defined, &named, currency, &mut report);
        if let Some(bundle) = bundle {
            bundle::give(bundle, &mut discounts, &mut report);
        }
        if discounts.is_empty() {
            // a document gives something: what cannot be said stands there as nothing off, and waits
            discounts.push(json!({ "type": "percent_off", "percent": "0" }));
        }
        set(&mut document, "discounts", discounts);
    }
    let earning = earning(offer, currency, &mut report);
    if !earning.is_empty() {
        set(&mut document, "earning", earning);
    }
    match conditions.len() {
        0 => {}
        1 => set(&mut document, "when", conditions.pop().unwrap_or_default()),
        _ => set(&mut document, "when", json!({ "all": conditions })),
    }
    if let Some(schedule) = times::schedule(offer, shop, &mut report) {
        set(&mut document, "schedule", schedule);
    }
    if !offer["activity_duration_after_publishing"].is_null() {
        let why = "codes that are published end at dates of their own; of codes to come a document says nothing";
        report.lost("activity_duration_after_publishing", why);
    }
    let mut stacking = stacking::to_groups(offer);
    if let Some(hierarchy) = whole(&offer["hierarchy"]) {
        set(&mut stacking, "priority", hierarchy);
    }
    if !stacking.is_empty() {
        set(&mut document, "stacking", stacking);
    }
    if !limits.is_empty() {
        set(&mut document, "limits", limits);
    }
    if offer["active"] == false || report.is_unsafe {
        set(&mut document, "status", "paused");
    }
    let Report { losses, is_unsafe, for_holders } = report;
    Mapped { value: document.into(), losses, is_held_back: is_unsafe, for_holders }
}

/// The offer of a campaign document: `discount`, `validation_rule`, dates, as [`to_document`] reads it.
pub fn to_offer(document: &Value, currency: &str) -> Mapped {
    let mut report = Report::default();
    let mut offer = Row::new();
    if let Some(name) = text(&document["name"]) {
        set(&mut offer, "name", name);
    }
    let mut rule = Row::new();
    let discounts = list(&document["discounts"]);
    if discounts.len() > 1 && !discount::are_entries(&discounts) {
        report.lost("discounts", "an offer has one discount; the others are left out");
    }
    if let Some((defined, applicable)) = discount::to_offer(&discounts, currency, &mut report) {
        set(&mut offer, "discount", defined);
        if let Some(applicable) = applicable {
            set(&mut offer, "applicable_to", applicable);
        }
    }
    rules::to_rules(document, currency, &mut rule, &mut report);
    let mut asked = Row::new();
    if !rule.is_empty() {
        set(&mut asked, "rules", rule);
    }
    if let Some(bundle) = bundle::to_rules(&discounts) {
        set(&mut asked, "bundle_rules", bundle);
    }
    if !asked.is_empty() {
        set(&mut offer, "validation_rule", asked);
    }
    times::offered(&document["schedule"], &mut offer, &mut report);
    if let Some(priority) = whole(&document["stacking"]["priority"]) {
        set(&mut offer, "hierarchy", priority);
    }
    stacking::to_categories(&document["stacking"], &mut offer);
    for rule in list(&document["earning"]) {
        let per = count(&rule["per"][currency]);
        let is_original = text(&rule["base"]) == Some("original");
        let (kind, member) =
            if is_original { ("ORDER_AMOUNT", "amount") } else { ("ORDER_TOTAL_AMOUNT", "total_amount") };
        let loyalty = json!({ "type": "PROPORTIONAL", "calculation_type": kind,
            "order": { member: { "every": per, "points": rule["points"] } } });
        let rules = offer.entry("earning_rules").or_insert_with(|| json!([]));
        if let Some(rules) = rules.as_array_mut() {
            rules.push(json!({ "event": "order.paid", "loyalty": loyalty }));
        }
    }
    // nothing is given there that a rule would have refused here
    if text(&document["status"]) == Some("paused") || report.is_unsafe {
        set(&mut offer, "active", false);
    }
    const KNOWN: &[&str] = &[
        "id",
        "name",
        "codes",
        "codeList",
        "discounts",
        "when",
        "schedule",
        "stacking",
        "limits",
        "status",
        "earning",
    ];
    for member in row(document).keys().filter(|member| !KNOWN.contains(&member.as_str())) {
        report.lost(member, "an offer does not say this");
    }
    let Report { losses, is_unsafe, .. } = report;
    Mapped { value: offer.into(), losses, is_held_back: is_unsafe, ..Mapped::default() }
}

fn earning(offer: &Value, currency: &str, report: &mut Report) -> Vec<Value> {
    let mut earning = Vec::new();
    for rule in list(&offer["earning_rules"]) {
        let loyalty = &rule["loyalty"];
        let name = text(&rule["id"]).unwrap_or("earning_rules").to_string();
        let base = match text(&loyalty["calculation_type"]) {
            Some("ORDER_AMOUNT") => Some(("original", &loyalty["order"]["amount"])),
            Some("ORDER_TOTAL_AMOUNT") => Some(("discounted", &loyalty["order"]["total_amount"])),
            _ => None,
        };
        let is_plain = text(&rule["event"]) == Some("order.paid") && loyalty["points_formula"].is_null();
        let (Some((base, per)), true) = (base, is_plain) else {
            report.lost(&name, "points are earned by amounts of orders; other rules are written by hand");
            continue;
        };
        let mut told =
            row(&json!({ "type": "points_per_amount", "points": per["points"], "per": { currency: per["every"] } }));
        if base == "original" {
            set(&mut told, "base", base);
        }
        for member in ["segment", "validation_rule_id", "loyalty_tier", "pending_points", "expiration_rules"] {
            if !rule[member].is_null() {
                report.lost(&alloc::format!("{name}.{member}"), "an earning rule of a document does not say this");
            }
        }
        earning.push(told.into());
    }
    earning
}
