//! Random histories of reservations beside the model: every answer, every sum.

use counterfoil::ledger::answer::Answer;
use counterfoil::ledger::command::Command;
use counterfoil::ledger::programme::Programme;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{json, Value};

use crate::book::Book;
use crate::model::Model;

pub const START: i64 = 1_772_359_200_000;
/// Days that begin before and after those of UTC, and are of 23 and 25 hours.
pub const ZONES: [&str; 5] = ["Europe/Berlin", "UTC", "America/New_York", "Pacific/Kiritimati", "America/Santiago"];
const HOUR: i64 = 3_600_000;

/// A slice that is the same on every run; `PROPERTY_CASES=100000` tries as many others, anew each time, unless
/// `PROPERTY_SEED` says which.
pub fn config() -> ProptestConfig {
    let wanted = std::env::var("PROPERTY_CASES").ok().and_then(|text| text.parse().ok());
    let seed = std::env::var("PROPERTY_SEED").ok().and_then(|text| text.parse().ok());
    let rng_seed = match (wanted, seed) {
        (_, Some(seed)) => RngSeed::Fixed(seed),
        (Some(_), None) => RngSeed::Random,
        (None, None) => RngSeed::Fixed(20_261_122),
    };
    let cases = wanted.unwrap_or(128);
    ProptestConfig { cases, max_shrink_iters: 4_096, failure_persistence: None, rng_seed, ..ProptestConfig::default() }
}

pub fn programme() -> Programme {
    let text = json!({
        "zone": "Europe/Berlin",
        "allowances": {
            "a": { "limits": [{ "uses": 5 }, { "per": "customer", "uses": 2 },
                { "per": "customer", "apartMinutes": 600 }, { "apartMinutes": 120 }] },
            "b": { "currency": "EUR", "limits": [
                { "budget": 60 }, { "per": "customer", "every": "day", "uses": 1 }, { "every": "week", "uses": 3 } ] },
            "c": { "currency": "EUR", "zone": "America/New_York",
                "limits": [{ "per": "customer", "every": "month", "budget": 30 }, { "every": "day", "budget": 35 }] },
        },
        "schemes": { "card": { "unit": "EUR",
            "expiry": { "type": "after_months", "months": 1, "roundTo": "month" } } },
    });
    Programme::read(&text.to_string()).unwrap()
}

/// A command out of a few bytes. Few names and small numbers, so that commands meet.
fn command(index: usize, now: i64, bytes: &[u8; 8]) -> Command {
    let [kind, who, what, size, more, flag, ..] = *bytes;
    let reservation = format!("r{}", who % 7);
    let customer = ["ann", "bob", "cid"].get(usize::from(more % 4)).map_or(Value::Null, |name| json!(name));
    let up_to = flag % 4 == 0;
    let part = |what: u8, size: u8| match what % 5 {
        0 => json!({ "type": "use", "allowance": "a", "uses": size % 3 + 1, "upTo": up_to }),
        1 => json!({ "type": "use", "allowance": "b", "amount": size % 30, "currency": "EUR", "upTo": up_to }),
        2 => json!({ "type": "use", "allowance": "c", "amount": size % 20, "currency": "EUR", "uses": size % 2 + 1 }),
        3 => json!({ "type": "draw", "account": "x", "amount": size % 9 + 1, "upTo": up_to }),
        _ => json!({ "type": "draw", "account": "y", "amount": size % 9 + 1 }),
    };
    let parts: Vec<Value> = match flag % 3 {
        0 => vec![part(what, size)],
        1 => vec![part(what, size), part(more, who)],
        _ => vec![part(what, size), part(what, more), part(who, size)],
    };
    let share = json!([{ "part": what % 3, "amount": size % 12, "uses": if flag % 2 == 0 { json!(size % 2) } else { Value::Null } }]);
    let mut value = match kind % 12 {
        0..=2 => json!({ "type": "reserve", "reservation": reservation, "customer": customer, "parts": parts,
            "until": now + 1 + i64::from(size % 5) * 7 * HOUR }),
        3 | 4 => json!({ "type": "redeem", "reservation": reservation, "customer": customer, "parts": parts }),
        5 => json!({ "type": "confirm", "reservation": reservation }),
        6 => json!({ "type": "confirm", "reservation": reservation, "parts": share }),
        7 => json!({ "type": "release", "reservation": reservation }),
        8 => json!({ "type": "rollback", "reservation": reservation }),
        9 => json!({ "type": "refund", "reservation": reservation, "parts": share }),
        10 => json!({ "type": "lapse" }),
        _ => json!({ "type": "refill", "account": if what % 2 == 0 { "x" } else { "y" }, "scheme": "card",
            "lot": format!("l{}", size % 5), "amount": more % 12 + 1 }),
    };
    value["key"] = json!(format!("k{index}"));
    value["now"] = json!(now);
    serde_json::from_value(value).unwrap()
}

/// Runs one command through both; gives what is wrong.
pub fn compare(book: &mut Book, model: &mut Model, command: &Command, accounts: &[&str]) -> Result<(), String> {
    let expected = model.step(command);
    let (answer, broken) = book.carry_out(command);
    let accepted = matches!(answer, Answer::Accepted(_));
    if accepted != expected {
        return Err(format!("the model says {expected}: {}\nto {}", json!(answer), json!(command)));
    }
    if !broken.is_empty() {
        return Err(format!("{}\nafter {}", broken.join("\n"), json!(command)));
    }
    for allowance in book.programme.allowances.keys() {
        let counter = book.state.counters.get(allowance).copied().unwrap_or_default();
        let counted = [counter.held_uses, counter.uses, counter.held_amount, counter.spent];
        if counted != model.counted(allowance) {
            return Err(format!("`{allowance}`: {counted:?}, the model has {:?}", model.counted(allowance)));
        }
    }
    for account in accounts {
        let told = counterfoil::ledger::statement::statement(&book.programme, &book.state, account, command.now).ok();
        let told = told.map(|told| [told.available, told.pending, told.held, told.owed]);
        let expected = model.clone().purse(account, command.now);
        if told != expected {
            return Err(format!("`{account}`: {told:?}, the model has {expected:?}\nafter {}", json!(command)));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn reservations_do_what_the_model_does(steps in prop::collection::vec(any::<[u8; 8]>(), 1..40)) {
        let mut book = Book::new(programme());
        let mut model = Model::new(&book.programme);
        let mut now = START;
        for (index, bytes) in steps.iter().enumerate() {
            now += i64::from(bytes[6] % 16) * i64::from(bytes[7] % 3) * HOUR;
            let command = command(index, now, bytes);
            let wrong = compare(&mut book, &mut model, &command, &["x", "y"]);
            prop_assert!(wrong.is_ok(), "{}", wrong.unwrap_err());
        }
        prop_assert_eq!(book.check_replay(), Vec::<String>::new());
    }
}
