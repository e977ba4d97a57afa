//! What changes for shoppers between two versions of the campaign documents, in words.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;
use jiff::{SpanRound, Unit};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::codes::segments::Told;
use crate::render::count;

/// One thing that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The campaign; nothing for what concerns the whole document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    /// `ends 3 days earlier: 2026-03-28T00:00 instead of 2026-03-31T00:00`
    pub text: String,
}

/// What a shopper meets differently under `new` than under `old`: campaigns by their ids, then what stands beside them. The
/// order in which campaigns are written decides nothing, so it is no change; neither are names, which shoppers never see.
/// `codes` is what became of unique codes, which stand in files of their own.
pub fn changes(old: &[&Json], new: &[&Json], codes: Option<&Told>) -> Vec<Change> {
    let (before, after) = (campaigns(old), campaigns(new));
    let ids: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    let mut told = Vec::new();
    for id in ids {
        let texts = match (before.get(id), after.get(id)) {
            (None, Some(campaign)) if runs(campaign) => vec![format!("is new{}", terms(campaign))],
            (Some(campaign), None) if runs(campaign) => vec!["is gone".to_owned()],
            (Some(before), Some(after)) => of_campaign(before, after),
            // what did not run is missed by nobody
            _ => Vec::new(),
        };
        // a campaign that does not run says so itself
        let codes = codes.filter(|_| after.get(id).is_some_and(|campaign| runs(campaign)));
        let texts = texts.into_iter().chain(codes.into_iter().flat_map(|codes| of_codes(codes, id)));
        told.extend(texts.map(|text| Change { campaign: Some(id.to_owned()), text }));
    }
    let mut texts = Vec::new();
    of_members(&beside(old), &beside(new), "", &mut texts);
    told.extend(texts.into_iter().map(|text| Change { campaign: None, text }));
    told
}

/// What becomes of unique codes alone.
pub fn changes_of_codes(codes: &Told) -> Vec<Change> {
    let of_campaign = |id: &String| {
        let campaign = id.clone();
        of_codes(codes, id).into_iter().map(move |text| Change { campaign: Some(campaign.clone()), text })
    };
    codes.of_campaigns.keys().flat_map(of_campaign).collect()
}

/// `500 unique codes are new`
fn of_codes(codes: &Told, id: &str) -> Vec<String> {
    let Some(moved) = codes.of_campaigns.get(id) else { return Vec::new() };
    let new = if codes.anew { "under another pepper, whether new or not" } else { "new" };
    let told = [(moved.added, new), (moved.changed, "changed"), (moved.removed, "taken back")];
    let told = told.into_iter().filter(|(codes, _)| *codes > 0);
    told.map(|(codes, what)| {
        let are = if codes == 1 { "is" } else { "are" };
        format!("{} {are} {what}", count(codes, "unique code"))
    })
    .collect()
}

type Campaign = Map<String, Json>;

fn campaigns<'a>(documents: &[&'a Json]) -> BTreeMap<&'a str, &'a Campaign> {
    let lists = documents.iter().filter_map(|document| document.get("campaigns")?.as_array());
    let campaigns = lists.flatten().filter_map(Json::as_object);
    campaigns.filter_map(|campaign| Some((campaign.get("id")?.as_str()?, campaign))).collect()
}

/// All that documents say besides their campaigns.
fn beside(documents: &[&Json]) -> Campaign {
    let members = documents.iter().filter_map(|document| document.as_object()).flatten();
    let members = members.filter(|(name, _)| *name != "campaigns" && *name != "$schema");
    members.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn runs(campaign: &Campaign) -> bool {
    campaign.get("status").is_none_or(|status| status == "active")
}

/// What a new campaign gives, and for what.
fn terms(campaign: &Campaign) -> String {
    let given = campaign.get("discounts").and_then(Json::as_array).into_iter().flatten().filter_map(kind);
    let given: Vec<&str> = given.collect();
    let codes = texts(campaign.get("codes"));
    let given = if given.is_empty() { String::new() } else { format!(": {}", given.join(", ")) };
    match codes.len() {
        0 => given,
        _ => format!("{given}, with {}", codes.into_iter().collect::<Vec<_>>().join(", ")),
    }
}

fn of_campaign(before: &Campaign, after: &Campaign) -> Vec<String> {
    match (runs(before), runs(after)) {
        (false, false) => return Vec::new(),
        (true, false) => return vec!["stops".to_owned()],
        (false, true) => return vec![format!("starts{}", terms(after))],
        (true, true) => {}
    }
    let mut told = Vec::new();
    for code in texts(before.get("codes")).difference(&texts(after.get("codes"))) {
        told.push(format!("the code {code} ends"));
    }
    for code in texts(after.get("codes")).difference(&texts(before.get("codes"))) {
        told.push(format!("the code {code} is new"));
    }
    of_schedule(before.get("schedule"), after.get("schedule"), &mut told);
    let kept = |campaign: &Campaign| -> Campaign {
        let told_already = ["id", "name", "status", "codes", "schedule"];
        let members = campaign.iter().filter(|(name, _)| !told_already.contains(&name.as_str()));
        members.map(|(name, value)| (name.clone(), value.clone())).collect()
    };
    of_members(&kept(before), &kept(after), "", &mut told);
    told
}

fn texts(list: Option<&Json>) -> BTreeSet<&str> {
    list.and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect()
}

fn of_schedule(before: Option<&Json>, after: Option<&Json>, told: &mut Vec<String>) {
    let nothing = Json::Object(Map::new());
    let (before, after) = (before.unwrap_or(&nothing), after.unwrap_or(&nothing));
    for (member, verb) in [("from", "starts"), ("until", "ends")] {
        let [was, is] = [before, after].map(|schedule| schedule.get(member).and_then(Json::as_str));
        match (was, is) {
            (Some(was), Some(is)) if was != is => match moved(was, is) {
                Some(by) => told.push(format!("{verb} {by}: {is} instead of {was}")),
                None => told.push(format!("{verb} {is} instead of {was}")),
            },
            (Some(was), None) => told.push(format!("no longer {verb} at a moment of its own: was {was}")),
            (None, Some(is)) => told.push(format!("{verb} {is}, had no moment for that")),
            _ => {}
        }
    }
    let [mut before, mut after] = [before, after].map(|schedule| schedule.as_object().cloned().unwrap_or_default());
    for members in [&mut before, &mut after] {
        members.retain(|name, _| name != "from" && name != "until");
    }
    of_members(&before, &after, "schedule", told);
}

/// `3 days earlier`
fn moved(was: &str, is: &str) -> Option<String> {
    let (was, is): (DateTime, DateTime) = (was.parse().ok()?, is.parse().ok()?);
    let largest = SpanRound::new().largest(Unit::Day).days_are_24_hours();
    let away = was.until(is).ok()?.round(largest).ok()?;
    let units = [(away.get_days().into(), "day"), (away.get_hours().into(), "hour"), (away.get_minutes(), "minute")];
    let parts = units.iter().filter(|(count, _)| *count != 0).map(|(count, unit): &(i64, &str)| {
        let plural = if count.unsigned_abs() == 1 { "" } else { "s" };
        format!("{} {unit}{plural}", count.unsigned_abs())
    });
    let parts: Vec<String> = parts.collect();
    let direction = if away.is_negative() { "earlier" } else { "later" };
    (!parts.is_empty()).then(|| format!("{} {direction}", parts.join(" ")))
}

fn of_members(before: &Map<String, Json>, after: &Map<String, Json>, path: &str, told: &mut Vec<String>) {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for name in names {
        let path = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        of_value(before.get(name), after.get(name), &path, told);
    }
}

fn of_value(before: Option<&Json>, after: Option<&Json>, path: &str, told: &mut Vec<String>) {
    match (before, after) {
        (None, Some(after)) => told.push(format!("{path} is new: {}", short(after))),
        (Some(before), None) => told.push(format!("{path} is gone, was {}", short(before))),
        (Some(Json::Object(was)), Some(Json::Object(is))) if kind_of(was) == kind_of(is) => {
            let path = kind_of(is).map_or_else(|| path.to_owned(), |kind| format!("{path} {kind}"));
            of_members(was, is, &path, told);
        }
        (Some(Json::Array(was)), Some(Json::Array(is))) => of_list(was, is, path, told),
        (Some(before), Some(after)) if before != after => {
            told.push(format!("{path} {} instead of {}", short(after), short(before)));
        }
        _ => {}
    }
}

fn of_list(was: &[Json], is: &[Json], path: &str, told: &mut Vec<String>) {
    let plain = |list: &[Json]| list.iter().all(|entry| !entry.is_object() && !entry.is_array());
    if plain(was) && plain(is) {
        let lacking = |of: &[Json], from: &[Json]| -> Vec<String> {
            of.iter().filter(|entry| !from.contains(entry)).map(short).collect()
        };
        let (gone, new) = (lacking(was, is), lacking(is, was));
        match (gone.is_empty(), new.is_empty()) {
            (false, false) => told.push(format!("{path} {} instead of {}", new.join(", "), gone.join(", "))),
            (false, true) => told.push(format!("{path} without {}", gone.join(", "))),
            (true, false) => told.push(format!("{path} with {}", new.join(", "))),
            (true, true) => {}
        }
        return;
    }
    for at in 0..was.len().max(is.len()) {
        let path =
            if was.len().max(is.len()) == 1 { path.to_owned() } else { format!("{path} {}", at.saturating_add(1)) };
        of_value(was.get(at), is.get(at), &path, told);
    }
}

fn kind(value: &Json) -> Option<&str> {
    kind_of(value.as_object()?)
}

fn kind_of(members: &Map<String, Json>) -> Option<&str> {
    members.get("type")?.as_str()
}

/// A value in a line: texts bare, the kind of an object before its members, whatever is long cut.
fn short(value: &Json) -> String {
    const MOST: usize = 80;
    let text = match (value, kind(value)) {
        (Json::String(text), _) => text.clone(),
        (Json::Object(members), Some(kind)) => {
            let members: Campaign = members
                .iter()
                .filter(|(name, _)| *name != "type")
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            if members.is_empty() {
                kind.to_owned()
            } else {
                format!("{kind} {}", Json::Object(members))
            }
        }
        _ => value.to_string(),
    };
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that stumbles stops")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::codes::segments::Moved;

    fn told(before: Json, after: Json) -> Vec<String> {
        told_with(before, after, None)
    }

    fn told_with(before: Json, after: Json, codes: Option<&Told>) -> Vec<String> {
        let document = |campaigns: Json| json!({ "campaigns": campaigns });
        let changes = changes(&[&document(before)], &[&document(after)], codes);
        changes.into_iter().map(|change| format!("{} {}", change.campaign.unwrap_or_default(), change.text)).collect()
    }

    fn welcome(more: Json) -> Json {
        let mut campaign = json!({ "id": "welcome", "codes": ["WELCOME10"],
            "schedule": { "from": "2026-03-01T00:00", "until": "2026-03-31T00:00" },
            "discounts": [{ "type": "percent_off", "percent": "10" }] });
        campaign.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([campaign])
    }

    #[test]
    fn an_end_that_moves_is_told_by_how_much() {
        let until = |until: &str| welcome(json!({ "schedule": { "from": "2026-03-01T00:00", "until": until } }));
        let earlier = "welcome ends 3 days earlier: 2026-03-28T00:00 instead of 2026-03-31T00:00";
        assert_eq!(told(welcome(json!({})), until("2026-03-28T00:00")), [earlier]);
        let later = "welcome ends 1 day 2 hours later: 2026-04-01T02:00 instead of 2026-03-31T00:00";
        assert_eq!(told(welcome(json!({})), until("2026-04-01T02:00")), [later]);
    }

    #[test]
    fn what_is_given_and_asked_for_is_told_member_by_member() {
        let after = welcome(json!({ "codes": ["WELCOME15"], "discounts": [{ "type": "percent_off", "percent": "15" }],
            "when": { "type": "min_subtotal", "amount": { "EUR": 5000 } } }));
        let wanted = [
            "welcome the code WELCOME10 ends",
            "welcome the code WELCOME15 is new",
            "welcome discounts percent_off percent 15 instead of 10",
            r#"welcome when is new: min_subtotal {"amount":{"EUR":5000}}"#,
        ];
        assert_eq!(told(welcome(json!({})), after), wanted);
    }

    #[test]
    fn campaigns_come_go_stop_and_start() {
        let paused = welcome(json!({ "status": "paused" }));
        assert_eq!(told(json!([]), welcome(json!({}))), ["welcome is new: percent_off, with WELCOME10"]);
        assert_eq!(told(welcome(json!({})), json!([])), ["welcome is gone"]);
        assert_eq!(told(welcome(json!({})), paused.clone()), ["welcome stops"]);
        assert_eq!(told(paused.clone(), welcome(json!({}))), ["welcome starts: percent_off, with WELCOME10"]);
        assert_eq!(told(paused, json!([])), [""; 0], "it was not running");
    }

    #[test]
    fn names_and_the_order_of_campaigns_change_nothing() {
        let (a, b) = (json!({ "id": "a", "name": "A" }), json!({ "id": "b" }));
        assert_eq!(told(json!([a, b]), json!([b, { "id": "a", "name": "Z" }])), [""; 0]);
    }

    #[test]
    fn unique_codes_are_counted_of_campaigns_that_run() {
        let moved = Moved { added: 1, changed: 2, removed: 1_001 };
        let codes = Told { of_campaigns: BTreeMap::from([("welcome".to_owned(), moved)]), ..Told::default() };
        let wanted = [
            "welcome 1 unique code is new",
            "welcome 2 unique codes are changed",
            "welcome 1001 unique codes are taken back",
        ];
        assert_eq!(told_with(welcome(json!({})), welcome(json!({})), Some(&codes)), wanted);
        let paused = welcome(json!({ "status": "paused" }));
        assert_eq!(told_with(paused.clone(), paused.clone(), Some(&codes)), [""; 0]);
        assert_eq!(told_with(welcome(json!({})), paused, Some(&codes)), ["welcome stops"]);
        assert_eq!(told_with(welcome(json!({})), json!([]), Some(&codes)), ["welcome is gone"]);
    }
}
