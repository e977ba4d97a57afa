//! Random histories of members beside the model: levels of all kinds, ceilings of rules, rewards with a stock, friends.

use counterfoil::ledger::answer::Answer;
use counterfoil::ledger::command::{Action, Command};
use counterfoil::ledger::programme::Programme;
use counterfoil::ledger::statement::{statement, Statement};
use proptest::prelude::*;
use serde_json::{json, Value};

use crate::book::Book;
use crate::model::Model;
use crate::random::{compare, config, START, ZONES};

pub const DAY: i64 = 86_400_000;
const MINUTE: i64 = 60_000;
pub const MEMBERS: [&str; 3] = ["ann", "bob", "cid"];
const WHEN_SPENT: [&str; 3] = ["forgive", "other_lots", "owe"];

fn pick<'a>(of: &[&'a str], byte: u8) -> &'a str {
    of[usize::from(byte) % of.len()]
}

fn levels(bytes: [u8; 6]) -> Value {
    let [by, every, keep, starts, extended, round_to] = bytes;
    let by_balance = by % 2 == 0;
    let keep = match keep % 3 {
        0 => "end_of_period",
        1 => "end_of_next_period",
        _ if by_balance => "balance_drop",
        _ => "end_of_period",
    };
    let round_to = match round_to % 8 {
        0 => json!("month"),
        1 => json!("quarter"),
        2 => json!("half_year"),
        3 => json!({ "monthOfYear": extended % 12 + 1 }),
        _ => Value::Null,
    };
    json!({
        "by": if by_balance { "balance" } else { "points_in_period" },
        "every": pick(&["month", "quarter"], every),
        "keep": keep,
        "starts": if !by_balance && starts % 2 == 0 { "next_period" } else { "at_once" },
        "extendMonths": if extended % 3 == 0 { 0 } else { extended % 4 },
        "extendDays": if extended % 5 == 0 { 10 } else { 0 },
        "roundTo": round_to,
        "list": match starts % 3 {
            0 => json!([{ "id": "all", "from": 0 }, { "id": "low", "from": 10 }, { "id": "high", "from": 20 }]),
            1 => json!([{ "id": "low", "from": 10, "to": 14 }, { "id": "high", "from": 20 }]),
            _ => json!([{ "id": "low", "from": 5 }, { "id": "high", "from": 15 }]),
        },
    })
}

pub fn programme(when_spent: u8, bytes: [u8; 6]) -> Programme {
    let text = json!({
        "zone": pick(&ZONES, when_spent / 3),
        "allowances": {
            "mugs": { "limits": [{ "uses": 5 }, { "per": "customer", "uses": 3 }, { "per": "customer", "apartMinutes": 720 }] },
            "once": { "limits": [{ "per": "customer", "uses": 1 }] },
        },
        "schemes": { "stars": { "unit": "points", "levels": levels(bytes),
            "whenSpent": pick(&WHEN_SPENT, when_spent),
            "expiry": { "type": "after_months", "months": 1, "roundTo": "month" },
            "ceilings": { "review": [{ "per": "customer", "every": "day", "uses": 2 }, { "every": "month", "budget": 40 }],
                "ride": [{ "per": "customer", "budget": 30 }, { "per": "customer", "apartMinutes": 2_880 }] },
            "spending": [{ "per": "customer", "every": "month", "budget": 20 },
                { "per": "customer", "every": "day", "uses": 3 }, { "per": "customer", "apartMinutes": 600 }],
            "limits": [{ "per": "customer", "every": "month", "budget": 60 }] } },
        "rewards": {
            "mug": { "points": 4, "pointsByLevel": { "high": 2 }, "stock": "mugs" },
            "lounge": { "points": 1, "levels": ["high"] },
            "club": { "points": 3, "entitles": { "entitlement": "club", "months": 1 } },
            "voucher": { "points": 0, "earned": 25, "stock": "once" },
        },
        "referrals": {
            "ladder": [{ "from": 1, "gives": 10 }, { "from": 2, "once": true, "gives": 25 }, { "from": 3, "gives": 15 }],
            "limits": [{ "per": "customer", "every": "month", "uses": 2 }],
        },
    });
    Programme::read(&text.to_string()).unwrap()
}

pub fn command(index: usize, now: i64, bytes: &[u8; 8]) -> Command {
    let [kind, who, what, size, more, flag, ..] = *bytes;
    let member = |byte: u8| pick(&MEMBERS, byte);
    let account = member(who);
    let amount = i64::from(size % 12) + 1;
    let reservation = format!("r{}", what % 8);
    let order = format!("o{}", more % 4);
    let friend = pick(&["dan", "eve", "fay", "gil", "ann", "bob"], what);
    let mut value = match kind % 27 {
        0..=4 => {
            json!({ "type": "earn", "account": account, "scheme": "stars", "lot": format!("l{index}"), "amount": amount,
            "rule": pick(&["review", "ride", "visit"], flag), "order": order,
            "lines": if flag % 2 == 0 { json!([]) } else { json!([{ "line": "p", "units": 3, "amount": amount }]) },
            "pendingDays": if flag % 5 == 0 { more % 40 } else { 0 } })
        }
        5 | 6 => {
            json!({ "type": "spend", "reservation": reservation, "account": account, "amount": amount, "upTo": true })
        }
        7 => json!({ "type": "reserve", "reservation": reservation, "until": now + 1 + i64::from(more % 4) * 9 * DAY,
            "parts": [{ "type": "draw", "account": account, "amount": amount }] }),
        8 => json!({ "type": "confirm", "reservation": reservation }),
        9 => json!({ "type": "release", "reservation": reservation }),
        10 => json!({ "type": "rollback", "reservation": reservation }),
        11 | 12 => json!({ "type": "claim", "reservation": reservation, "account": account, "customer": member(flag),
            "reward": pick(&["mug", "club", "mug", "lounge", "voucher"], more), "units": flag % 2 + 1 }),
        13 => json!({ "type": "take_back", "account": account, "order": order,
            "lines": if flag % 2 == 0 { Value::Null } else { json!([{ "line": "p", "units": size % 2 + 1 }]) } }),
        14 => json!({ "type": "adjust", "account": account, "scheme": "stars", "amount": -amount }),
        15 => json!({ "type": "expire", "account": account, "lot": format!("l{}", what % 30) }),
        16 => {
            json!({ "type": "transfer", "from": account, "to": member(more), "lot": format!("t{index}"), "amount": amount })
        }
        17 => json!({ "type": "activate", "account": account }),
        18 if flag % 2 == 0 => json!({ "type": "invite", "code": format!("C{}", size % 4), "holder": member(more) }),
        18 => json!({ "type": "refer", "friend": friend, "code": format!("C{}", size % 4) }),
        19 => json!({ "type": "refer", "friend": friend, "referrer": member(more) }),
        20 => json!({ "type": "grant", "account": account, "scheme": "stars", "grant": format!("g{}", what % 9),
            "entitlement": pick(&["club", "early"], more),
            "months": if flag % 4 == 0 { Value::Null } else { json!(size % 3 + 1) } }),
        21 => json!({ "type": "revoke", "account": account,
            "grant": if flag % 3 == 0 { reservation } else { format!("g{}", what % 9) } }),
        22 if flag % 2 == 0 => json!({ "type": "suspend", "account": account, "scheme": "stars" }),
        22 | 23 => json!({ "type": "resume", "account": account }),
        _ => json!({ "type": "convert", "friend": friend }),
    };
    value["key"] = json!(format!("k{index}"));
    value["now"] = json!(now);
    serde_json::from_value(value).unwrap()
}

/// What a conversion gives, and the levels of all members.
fn compare_members(book: &Book, model: &Model, command: &Command, answer: Option<&Answer>) -> Result<(), String> {
    if let (Action::Convert(_), Some(Answer::Accepted(accepted))) = (&command.action, answer) {
        let told = accepted.gives.as_ref().map(|gives| (gives.conversions.unwrap_or(-1), gives.gives.clone()));
        if told != model.told {
            return Err(format!("the conversion gives {told:?}, in the model {:?}", model.told));
        }
    }
    let mut model = model.clone();
    for account in MEMBERS {
        let told = statement(&book.programme, &book.state, account, command.now).ok();
        model.settle(account, command.now);
        let expected = model.progress(account, command.now);
        if told.as_ref().and_then(|told| told.progress.clone()) != expected {
            let told = told.and_then(|told| told.progress);
            return Err(format!("`{account}`: {told:?},\nthe model has {expected:?}\nafter {}", json!(command)));
        }
        let standing = |told: &Statement| (told.entitlements.clone(), told.suspended.is_some());
        let (told, expected) = (told.as_ref().map(standing), model.standing(account, command.now));
        if told.as_ref().is_some_and(|told| *told != expected) {
            return Err(format!("`{account}`: {told:?},\nthe model has {expected:?}\nafter {}", json!(command)));
        }
    }
    Ok(())
}

/// The commands of a history, each at its moment.
pub fn commands(steps: &[[u8; 8]]) -> Vec<Command> {
    let mut now = START;
    let at = |(index, bytes): (usize, &[u8; 8])| {
        now += i64::from(bytes[6] % 16) * i64::from(bytes[7] % 3) * DAY / 2 + i64::from(bytes[5] % 32) * 13 * MINUTE;
        command(index, now, bytes)
    };
    steps.iter().enumerate().map(at).collect()
}

/// Carries a history out in both; gives what is wrong.
fn history(when_spent: u8, kind: [u8; 6], steps: &[[u8; 8]]) -> Result<(), String> {
    let mut book = Book::new(programme(when_spent, kind));
    let mut model = Model::new(&book.programme);
    let mut done = Vec::new();
    for command in commands(steps) {
        let wrong = compare(&mut book, &mut model, &command, &MEMBERS).and_then(|()| {
            let answer = book.state.answers.get(&command.key).map(|answered| answered.answer.clone());
            compare_members(&book, &model, &command, answer.as_ref())
        });
        done.push(json!(command));
        if let Err(wrong) = wrong {
            let rules = (WHEN_SPENT[usize::from(when_spent % 3)], pick(&ZONES, when_spent / 3), levels(kind));
            return Err(format!("{wrong}\n{rules:?}\n{}", json!(done)));
        }
    }
    match book.check_replay() {
        broken if broken.is_empty() => Ok(()),
        broken => Err(broken.join("\n")),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn members_are_what_the_model_says(
        when_spent in any::<u8>(),
        kind in any::<[u8; 6]>(),
        steps in prop::collection::vec(any::<[u8; 8]>(), 1..50),
    ) {
        let wrong = history(when_spent, kind, &steps);
        prop_assert!(wrong.is_ok(), "{}", wrong.err().unwrap_or_default());
    }
}
