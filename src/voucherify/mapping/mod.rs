//! Voucherify's offers as campaign documents, and back. What a document cannot say is told, member by member; an offer of which
//! a rule is lost is paused, so that nothing is ever given that the rule would have refused.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::fields::{count, list, row, set, text, whole, Row};

mod bundle;
mod discount;
pub mod loyalty;
mod rules;

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
}

#[derive(Default)]
struct Report {
    losses: Vec<Loss>,
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
/// to it as `validation_rule`. The discount may be that of a tier (`action.discount`).
///
/// ```
/// use counterfoil::voucherify::mapping::to_document;
/// use serde_json::json;
/// let offer = json!({ "discount": { "type": "PERCENT", "percent_off": 10, "amount_limit": 2000 },
///     "start_date": "2026-03-01T00:00:00Z",
///     "validation_rule": { "rules": { "1": { "name": "order.amount", "conditions": { "$more_than": [5000] } } } } });
/// let mapped = to_document(&offer, "EUR");
/// assert!(mapped.losses.is_empty());
/// assert_eq!(mapped.value["discounts"][0], json!({ "type": "percent_off", "percent": "10", "cap": { "EUR": 2000 } }));
/// assert_eq!(mapped.value["when"]["moreThan"], json!({ "EUR": 5000 }));
/// assert_eq!(mapped.value["schedule"]["from"], "2026-03-01T00:00:00");
/// ```
pub fn to_document(offer: &Value, currency: &str) -> Mapped {
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
    if let Some(schedule) = schedule(offer, &mut report) {
        set(&mut document, "schedule", schedule);
    }
    let mut stacking = Row::new();
    if let Some(hierarchy) = whole(&offer["hierarchy"]) {
        set(&mut stacking, "priority", hierarchy);
    }
    if let Some(category) = text(&offer["category_id"]).or_else(|| text(&offer["categories"][0]["id"])) {
        set(&mut stacking, "group", category);
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
    Mapped { value: document.into(), losses: report.losses }
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
    offered_times(&document["schedule"], &mut offer, &mut report);
    if let Some(priority) = whole(&document["stacking"]["priority"]) {
        set(&mut offer, "hierarchy", priority);
    }
    if let Some(group) = text(&document["stacking"]["group"]) {
        set(&mut offer, "category_id", group);
    }
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
    if text(&document["status"]) == Some("paused") {
        set(&mut offer, "active", false);
    }
    const KNOWN: &[&str] =
        &["id", "name", "codes", "discounts", "when", "schedule", "stacking", "limits", "status", "earning"];
    for member in row(document).keys().filter(|member| !KNOWN.contains(&member.as_str())) {
        report.lost(member, "an offer does not say this");
    }
    Mapped { value: offer.into(), losses: report.losses }
}

/// The times of a schedule as an offer tells them.
fn offered_times(schedule: &Value, offer: &mut Row, report: &mut Report) {
    for (member, date) in [("from", "start_date"), ("until", "expiration_date")] {
        if let Some(moment) = text(&schedule[member]) {
            set(offer, date, alloc::format!("{moment}Z"));
        }
    }
    if schedule["timeZone"].as_str().is_some_and(|zone| zone != "UTC") {
        report.lost("schedule.timeZone", "an offer's dates are told in UTC");
    }
    if let Some(days) = schedule["weekdays"].as_array() {
        let number = |day: &Value| DAYS.iter().position(|name| day.as_str() == Some(name));
        set(offer, "validity_day_of_week", days.iter().filter_map(number).collect::<Vec<_>>());
    }
    if schedule["hours"].is_object() {
        let until = text(&schedule["hours"]["until"]).filter(|until| *until != "24:00");
        let daily = json!([{ "start_time": schedule["hours"]["from"], "expiration_time": until }]);
        set(offer, "validity_hours", json!({ "daily": daily }));
    }
}

const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

fn schedule(offer: &Value, report: &mut Report) -> Option<Value> {
    let mut schedule = Row::new();
    for (member, date) in [("from", "start_date"), ("until", "expiration_date")] {
        let Some(text) = text(&offer[date]) else { continue };
        match super::moment::parse(text, &jiff::tz::TimeZone::UTC) {
            Some(moment) => {
                let iso = super::moment::iso(moment);
                set(&mut schedule, member, iso.get(..19).unwrap_or_default());
            }
            None => report.rule_lost(date, "the date cannot be read"),
        }
    }
    let days = list(&offer["validity_day_of_week"]);
    let names: Vec<&str> = days
        .iter()
        .filter_map(|day| usize::try_from(whole(day)?).ok())
        .filter_map(|day| DAYS.get(day).copied())
        .collect();
    if !names.is_empty() {
        set(&mut schedule, "weekdays", names);
    }
    let daily = list(&offer["validity_hours"]["daily"]);
    match daily.as_slice() {
        [] => {}
        [hours] if list(&hours["days_of_week"]).is_empty() || !schedule.contains_key("weekdays") => {
            let days = list(&hours["days_of_week"]);
            let named = days.iter().filter_map(|day| DAYS.get(usize::try_from(whole(day)?).ok()?)).copied();
            let named: Vec<&str> = named.collect();
            if !named.is_empty() {
                set(&mut schedule, "weekdays", named);
            }
            let until = text(&hours["expiration_time"]).unwrap_or("24:00");
            set(
                &mut schedule,
                "hours",
                json!({ "from": text(&hours["start_time"]).unwrap_or("00:00"), "until": until }),
            );
        }
        _ => report.rule_lost("validity_hours", "a schedule has one window of hours for all its days"),
    }
    let frame = &offer["validity_timeframe"];
    if frame.is_object() && !window(offer, frame, &mut schedule) {
        let why = "windows are at hours of each day, or on one day of each week; others are several campaigns";
        report.rule_lost("validity_timeframe", why);
    }
    if !offer["activity_duration_after_publishing"].is_null() {
        report.lost("activity_duration_after_publishing", "when a code was published is not in a document");
    }
    (!schedule.is_empty()).then(|| schedule.into())
}

/// Windows at intervals that are hours of each day, or one day of each week.
fn window(offer: &Value, frame: &Value, schedule: &mut Row) -> bool {
    let span = |member: &str| text(&frame[member]).and_then(super::moment::span);
    let hours_of = |span: jiff::Span| {
        let days = i64::from(span.get_weeks()).saturating_mul(7).saturating_add(i64::from(span.get_days()));
        let is_whole =
            span.get_years() == 0 && span.get_months() == 0 && span.get_minutes() == 0 && span.get_seconds() == 0;
        is_whole.then(|| days.saturating_mul(24).saturating_add(i64::from(span.get_hours())))
    };
    let zone = jiff::tz::TimeZone::UTC;
    let start = text(&offer["start_date"]).and_then(|start| super::moment::parse(start, &zone));
    let Some(start) = start.and_then(|start| super::moment::clock(start, &zone)) else { return false };
    let (every, long) = (span("interval").and_then(hours_of), span("duration").and_then(hours_of));
    let is_free = ["hours", "weekdays"].iter().all(|member| !schedule.contains_key(*member));
    let is_midnight = start.time() == jiff::civil::Time::midnight();
    match (every, long) {
        (Some(24), Some(hours)) if is_free && (1..24).contains(&hours) => {
            let until = start.time().wrapping_add(jiff::SignedDuration::from_hours(hours));
            let clock = |time: jiff::civil::Time| alloc::format!("{:02}:{:02}", time.hour(), time.minute());
            let until = if until == jiff::civil::Time::midnight() { "24:00".into() } else { clock(until) };
            set(schedule, "hours", json!({ "from": clock(start.time()), "until": until }));
        }
        (Some(168), Some(24)) if is_free && is_midnight => {
            let day = usize::try_from(start.weekday().to_sunday_zero_offset()).ok().and_then(|day| DAYS.get(day));
            set(schedule, "weekdays", json!([day]));
        }
        _ => return false,
    }
    true
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
