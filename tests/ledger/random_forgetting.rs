//! A law of forgetting: a ledger that forgets answers as one that never does, as long as nobody speaks of what is long over.

use counterfoil::ledger::command::Command;
use counterfoil::ledger::statement::statement;
use proptest::prelude::*;
use serde_json::{json, Value};

use crate::book::Book;
use crate::random::{config, START};
use crate::random_members::{command, programme, DAY, MEMBERS};

/// For so long commands speak of what was named first in that time.
const STRETCH: i64 = 20 * DAY;
/// What ended before so long ago is forgotten: it is of an older stretch.
const KEPT: i64 = 25 * DAY;

/// Names are those of a stretch, so that no command speaks of an older one.
fn renamed(value: &mut Value, stretch: i64) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let is_name = ["reservation", "lot", "order", "grant"].contains(&name.as_str());
                match value {
                    Value::String(text) if is_name => *text = format!("{text}-{stretch}"),
                    other => renamed(other, stretch),
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| renamed(element, stretch)),
        _ => {}
    }
}

fn read(value: Value) -> Command {
    serde_json::from_value(value).unwrap()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_forgotten_changes_nothing_of_what_is_there(
        when_spent in any::<u8>(),
        kind in any::<[u8; 6]>(),
        steps in prop::collection::vec(any::<[u8; 8]>(), 10..60),
    ) {
        let mut keeping = Book::new(programme(when_spent, kind));
        let mut forgetting = keeping.clone();
        let mut now = START;
        for (index, bytes) in steps.iter().enumerate() {
            now += i64::from(bytes[6] % 8) * i64::from(bytes[7] % 3) * DAY / 2;
            if bytes[3] % 4 == 0 {
                let forget = read(json!({ "key": format!("f{index}"), "now": now, "type": "forget", "before": now - KEPT }));
                let (_, broken) = forgetting.carry_out(&forget);
                prop_assert_eq!(broken, Vec::<String>::new());
            }
            let mut told = json!(command(index, now, bytes));
            renamed(&mut told, (now - START) / STRETCH);
            let command = read(told);
            let (kept, _) = keeping.carry_out(&command);
            let (answer, broken) = forgetting.carry_out(&command);
            prop_assert_eq!(broken, Vec::<String>::new());
            prop_assert_eq!(json!(answer), json!(kept), "to {}", json!(command));
            for account in MEMBERS {
                let of = |book: &Book| statement(&book.programme, &book.state, account, now).ok();
                prop_assert_eq!(json!(of(&forgetting)), json!(of(&keeping)), "after {}", json!(command));
            }
        }
        prop_assert_eq!(forgetting.check_replay(), Vec::<String>::new());
    }
}
