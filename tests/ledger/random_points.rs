//! Random histories of points beside the model, in which every point is a coin.

use counterfoil::ledger::command::Command;
use counterfoil::ledger::programme::Programme;
use proptest::prelude::*;
use serde_json::{json, Value};

use crate::book::Book;
use crate::model::Model;
use crate::random::{compare, config, START, ZONES};

const DAY: i64 = 86_400_000;
const MINUTE: i64 = 60_000;

pub fn programme(when_spent: &str, zone: &str) -> Programme {
    let text = json!({ "zone": zone, "schemes": { "stars": { "unit": "points", "whenSpent": when_spent,
        "expiry": { "type": "after_months", "months": 1, "roundTo": "month" } } } });
    Programme::read(&text.to_string()).unwrap()
}

fn command(index: usize, now: i64, bytes: &[u8; 8]) -> Command {
    let [kind, who, what, size, more, flag, ..] = *bytes;
    let account = ["ann", "bob"][usize::from(who % 2)];
    let other = ["ann", "bob"][usize::from(what % 2)];
    let lot = format!("l{}", what % 8);
    let amount = i64::from(size % 12) + 1;
    let reservation = format!("r{}", who % 6);
    let order = format!("o{}", more % 3);
    let lines = match flag % 3 {
        0 => json!([]),
        1 => json!([{ "line": "p", "units": more % 4 + 1, "amount": amount }]),
        _ => json!([{ "line": "p", "units": more % 3 + 1, "amount": amount / 2 },
            { "line": "q", "units": 2, "amount": amount / 3 }]),
    };
    let returned = match flag % 3 {
        0 => Value::Null,
        1 => json!([{ "line": "p", "units": size % 2 + 1 }]),
        _ => json!([{ "line": "p", "units": 1 }, { "line": "q", "units": size % 2 + 1 }]),
    };
    let lot_or_due = if flag % 2 == 0 { json!(lot) } else { Value::Null };
    let mut value = match kind % 16 {
        0..=3 => json!({ "type": "earn", "account": account, "scheme": "stars", "lot": lot, "amount": amount,
            "order": order, "lines": lines, "pendingDays": if flag % 4 == 0 { more % 20 } else { 0 } }),
        4 | 5 => json!({ "type": "spend", "reservation": reservation, "account": account, "amount": amount,
            "upTo": flag % 3 == 0 }),
        6 => json!({ "type": "reserve", "reservation": reservation, "until": now + 1 + i64::from(more % 4) * 9 * DAY,
            "parts": [{ "type": "draw", "account": account, "amount": amount }] }),
        7 => json!({ "type": "confirm", "reservation": reservation, "parts": [{ "part": 0, "amount": size % 5 }] }),
        8 => json!({ "type": "release", "reservation": reservation }),
        9 => json!({ "type": "rollback", "reservation": reservation }),
        10 => json!({ "type": "refund", "reservation": reservation, "parts": [{ "part": 0, "amount": size % 5 }] }),
        11 => json!({ "type": "transfer", "from": account, "to": other, "lot": lot, "amount": amount }),
        12 => json!({ "type": "adjust", "account": account, "scheme": "stars", "lot": lot, "amount": amount }),
        13 if flag % 2 == 0 => json!({ "type": "adjust", "account": account, "scheme": "stars", "amount": -amount }),
        13 => json!({ "type": "activate", "account": account, "lot": lot_or_due }),
        14 => json!({ "type": "take_back", "account": account, "order": order, "lines": returned }),
        _ => json!({ "type": "expire", "account": account, "lot": lot_or_due }),
    };
    value["key"] = json!(format!("k{index}"));
    value["now"] = json!(now);
    serde_json::from_value(value).unwrap()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn points_do_what_coins_do(rule in 0..3_usize, zone in 0..5_usize, steps in prop::collection::vec(any::<[u8; 8]>(), 1..40)) {
        let mut book = Book::new(programme(["forgive", "other_lots", "owe"][rule], ZONES[zone]));
        let mut model = Model::new(&book.programme);
        let mut now = START;
        for (index, bytes) in steps.iter().enumerate() {
            now += i64::from(bytes[6] % 8) * i64::from(bytes[7] % 3) * DAY / 2 + i64::from(bytes[5] % 32) * 13 * MINUTE;
            let command = command(index, now, bytes);
            let wrong = compare(&mut book, &mut model, &command, &["ann", "bob"]);
            prop_assert!(wrong.is_ok(), "{}", wrong.unwrap_err());
        }
        prop_assert_eq!(book.check_replay(), Vec::<String>::new());
    }
}
