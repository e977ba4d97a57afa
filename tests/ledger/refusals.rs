//! What no history can lead to: texts that cannot be read, states of other versions, events that do not fit, numbers
//! past the end.

use counterfoil::ledger::answer::Answer;
use counterfoil::ledger::command::Command;
use counterfoil::ledger::event::Event;
use counterfoil::ledger::json::carry_out;
use counterfoil::ledger::programme::Programme;
use counterfoil::ledger::state::State;
use counterfoil::ledger::{account::MAX_LOTS, decide};
use serde_json::{json, Value};

use crate::book::word;

const PROGRAMME: &str = r#"{ "allowances": { "a": { "currency": "EUR", "limits": [] } },
    "schemes": { "stars": { "unit": "points" } } }"#;
const EARN: &str =
    r#"{ "key": "k", "now": 0, "type": "earn", "account": "ann", "scheme": "stars", "lot": "l", "amount": 1 }"#;

fn refused(programme: &str, state: &str, command: &str) -> (String, String, String) {
    let outcome: Value = serde_json::from_str(&carry_out(programme, state, command)).unwrap();
    assert_eq!((&outcome["events"], &outcome["answer"]["status"]), (&json!([]), &json!("refused")), "{outcome}");
    let refusal = &outcome["answer"]["refusal"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&refusal["code"]), text(&refusal["at"]["document"]), text(&refusal["at"]["pointer"]))
}

fn expected(code: &str, document: &str, pointer: &str) -> (String, String, String) {
    (code.to_owned(), document.to_owned(), pointer.to_owned())
}

#[test]
fn texts_that_cannot_be_read() {
    let state = r#"{ "version": 1 }"#;
    assert_eq!(refused("[]", state, EARN), expected("document_unreadable", "programme", ""));
    assert_eq!(refused(PROGRAMME, "{", EARN), expected("document_unreadable", "state", ""));
    assert_eq!(
        refused(PROGRAMME, r#"{ "version": 1, "rows": {} }"#, EARN),
        expected("document_unreadable", "state", "")
    );
    let unreadable = expected("document_unreadable", "command", "");
    let with = |member: &str, value: Value| {
        let mut command: Value = serde_json::from_str(EARN).unwrap();
        command[member] = value;
        command.to_string()
    };
    assert_eq!(refused(PROGRAMME, state, &with("points", json!(1))), unreadable);
    assert_eq!(refused(PROGRAMME, state, &with("type", json!("steal"))), unreadable);
    assert_eq!(refused(PROGRAMME, state, &with("key", json!(7))), unreadable);
    assert_eq!(refused(PROGRAMME, state, &with("now", json!("today"))), unreadable);
    assert_eq!(refused(PROGRAMME, state, &with("amount", json!(1.5))), unreadable);
    assert_eq!(refused(PROGRAMME, state, r#"{ "key": "k", "now": 0 }"#), unreadable);
    assert_eq!(refused(PROGRAMME, state, &with("now", json!(-1))), expected("member_invalid", "command", "/now"));
    assert_eq!(
        refused(PROGRAMME, state, &with("now", json!(221_845_392_000_001_i64))),
        expected("member_invalid", "command", "/now")
    );
}

#[test]
fn states_of_other_versions() {
    assert_eq!(refused(PROGRAMME, r#"{ "version": 0 }"#, EARN), expected("version_unknown", "state", "/version"));
    assert_eq!(refused(PROGRAMME, r#"{ "version": 2 }"#, EARN), expected("version_unknown", "state", "/version"));
}

#[test]
fn programmes_that_cannot_be_meant() {
    let state = r#"{ "version": 1 }"#;
    let limit = |limit: Value| json!({ "allowances": { "a/b": { "limits": [limit] } } });
    let level = |levels: Value| json!({ "schemes": { "s": { "unit": "points", "levels": levels } } });
    let levels = |by: &str, keep: &str, every: &str, from: [i64; 2]| {
        let list = json!([{ "id": "a", "from": from[0] }, { "id": "b", "from": from[1] }]);
        level(json!({ "by": by, "keep": keep, "every": every, "list": list }))
    };
    for (programme, code, pointer) in [
        (json!({ "zone": "Europe/Atlantis" }), "zone_unknown", "/zone"),
        (json!({ "allowances": { "a": { "zone": "Nowhere" } } }), "zone_unknown", "/zone"),
        (json!({ "allowances": { "a": { "currency": "eur" } } }), "member_invalid", "/allowances/a/currency"),
        (limit(json!({})), "member_invalid", "/allowances/a~1b/limits"),
        (limit(json!({ "uses": -1 })), "member_invalid", "/allowances/a~1b/limits"),
        (limit(json!({ "budget": 5 })), "member_invalid", "/allowances/a~1b/currency"),
        (json!({ "schemes": { "s": { "unit": "stars" } } }), "member_invalid", "/schemes/s/unit"),
        (
            json!({ "schemes": { "s": { "unit": "points", "expiry": { "type": "fixed_day", "month": 4, "day": 31 } } } }),
            "member_invalid",
            "/schemes/s/expiry",
        ),
        (
            json!({ "schemes": { "s": { "unit": "points", "pendingDays": 3661 } } }),
            "member_invalid",
            "/schemes/s/pendingDays",
        ),
        (levels("balance", "end_of_period", "year", [5, 5]), "member_invalid", "/schemes/s/levels"),
        (levels("balance", "end_of_period", "week", [5, 6]), "member_invalid", "/schemes/s/levels"),
        (levels("points_in_period", "balance_drop", "year", [5, 6]), "member_invalid", "/schemes/s/levels"),
        (json!({ "rewards": { "r": { "points": -1 } } }), "member_invalid", "/rewards/r/points"),
        (json!({ "rewards": { "r": { "points": 1, "stock": "none" } } }), "member_invalid", "/rewards/r/stock"),
        (json!({ "referrals": { "limits": [{}] } }), "member_invalid", "/referrals/limits"),
    ] {
        assert_eq!(refused(&programme.to_string(), state, EARN), expected(code, "programme", pointer), "{programme}");
    }
    assert!(Programme::read(&levels("balance", "balance_drop", "month", [0, 6]).to_string()).is_ok());
}

#[test]
fn events_that_do_not_fit() {
    let events = [
        json!({ "type": "confirmed", "at": 0, "reservation": "r", "parts": [] }),
        json!({ "type": "expired", "at": 0, "account": "ann", "lot": "l", "amount": 1 }),
        json!({ "type": "expired", "at": 0, "account": "ann", "lot": "a", "amount": 6 }),
        json!({ "type": "activated", "at": 0, "account": "ann", "lot": "a" }),
        json!({ "type": "referred", "at": 0, "friend": "fay", "referrer": "ann" }),
        json!({ "type": "lease_returned", "at": 0, "lease": "l", "uses": 1, "amount": 0, "used": 0, "spent": 0 }),
        json!({ "type": "ended", "at": 0, "reservation": "r", "standing": "held" }),
    ];
    let state = json!({ "version": 1,
        "accounts": { "ann": { "scheme": "stars", "unit": "points",
            "lots": { "a": { "at": 0, "touched": 0, "left": 5, "sums": { "earned": 5 } } } } },
        "referrals": { "fay": { "referrer": "bob", "at": 0 } } });
    let state = State::read(&state.to_string()).unwrap();
    for event in events {
        let event: Event = serde_json::from_value(event).unwrap();
        let refusal = state.clone().apply(&event).unwrap_err();
        assert_eq!(json!(refusal.code), json!("event_unfit"), "{event:?}");
    }
}

/// What cannot be counted any more is refused, and may be tried again under its key.
#[test]
fn numbers_past_the_end() {
    let most = 9_007_199_254_740_991_i64;
    let programme = Programme::read(PROGRAMME).unwrap();
    let mut state = State::default();
    let mut tell = |key: &str, members: Value| {
        let mut command = json!({ "key": key, "now": 0 });
        command.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let command: Command = serde_json::from_value(command).unwrap();
        let decision = decide(&programme, &state, &command);
        state.replay(&decision.events).unwrap();
        decision
    };
    let spend = |amount: i64| {
        json!({ "type": "redeem", "reservation": format!("r{amount}"),
            "parts": [{ "type": "use", "allowance": "a", "amount": amount, "currency": "EUR" }] })
    };
    assert_eq!(word(&tell("a", spend(most)).answer), "accepted");
    let past = tell("b", spend(1));
    assert_eq!((word(&past.answer).as_str(), past.events.len()), ("number_too_large", 0));
    assert_eq!(word(&tell("b", spend(0)).answer), "accepted");
}

#[test]
fn an_account_has_so_many_lots() {
    let programme = Programme::read(PROGRAMME).unwrap();
    let mut state = State::default();
    let lot = json!({ "at": 0, "touched": 0, "left": 1, "sums": { "earned": 1 } });
    let lots: serde_json::Map<String, Value> = (1..MAX_LOTS).map(|number| (number.to_string(), lot.clone())).collect();
    let account = json!({ "scheme": "stars", "unit": "points", "lots": lots });
    state.accounts.insert("ann".to_owned(), serde_json::from_value(account).unwrap());
    let earn = |lot: &str| -> Command {
        let mut command: Value = serde_json::from_str(EARN).unwrap();
        (command["lot"], command["key"]) = (json!(lot), json!(lot));
        serde_json::from_value(command).unwrap()
    };
    let last = decide(&programme, &state, &earn("last"));
    assert_eq!(word(&last.answer), "accepted");
    state.replay(&last.events).unwrap();
    let Answer::Refused { refusal } = decide(&programme, &state, &earn("too many")).answer else { panic!() };
    assert_eq!(json!(refusal.code), json!("lots_too_many"));
    assert_eq!(json!(refusal.params), json!({ "account": "ann", "limit": 2_000 }));
}

#[test]
fn the_programme_that_is_shown_can_be_meant() {
    let page = include_str!("../../docs/ledger.md");
    let (_, shown) = page.split_once("```json programme\n").unwrap();
    Programme::read(shown.split("```").next().unwrap()).unwrap();
}

fn refer(state: &mut State, friend: &str, referrer: &str) -> String {
    let command = json!({ "key": format!("{friend} by {referrer}"), "now": 0, "type": "refer",
        "friend": friend, "referrer": referrer });
    let command: Command = serde_json::from_value(command).unwrap();
    let programme = Programme::default();
    // only what a worker would load
    let decision = decide(&programme, &crate::laws::needed_rows(&programme, state, &command), &command);
    state.replay(&decision.events).unwrap();
    word(&decision.answer)
}

#[test]
fn a_loop_is_found_however_many_friends_are_in_it() {
    let mut state = State::default();
    for number in 1..=1_000 {
        assert_eq!(refer(&mut state, &format!("p{number}"), &format!("p{}", number - 1)), "accepted");
    }
    assert_eq!(refer(&mut state, "p0", "p1000"), "referral_loop");
    assert_eq!(refer(&mut state, "p0", "p500"), "referral_loop");
    assert_eq!(refer(&mut state, "p0", "somebody"), "accepted");
    assert_eq!(refer(&mut state, "somebody", "p1000"), "referral_loop");
}

/// Where all are invited only after they have invited others, each step of the chain has to be walked.
#[test]
fn a_chain_from_the_bottom_up_has_an_end() {
    let mut state = State::default();
    let most = counterfoil::ledger::referrals::MAX_CHAIN;
    for number in 0..most {
        assert_eq!(refer(&mut state, &format!("p{number}"), &format!("p{}", number + 1)), "accepted");
    }
    let top = format!("p{most}");
    assert_eq!(refer(&mut state, &top, "p0"), "referral_loop");
    assert_eq!(refer(&mut state, "new", "p0"), "accepted");
    // one more above all of them, and the lowest can be followed no further; those above can
    assert_eq!(refer(&mut state, &top, "above"), "accepted");
    assert_eq!(refer(&mut state, "another", "p0"), "referral_chain_too_long");
    assert_eq!(refer(&mut state, "above", "p0"), "referral_chain_too_long");
    assert_eq!(refer(&mut state, "above", "p1"), "referral_loop");
    assert_eq!(refer(&mut state, "another", "p1"), "accepted");
}
