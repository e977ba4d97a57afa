//! An order of which the host heard half before it died: the commands that it kept are sent again.

use counterfoil::ledger::command::Command;
use counterfoil::ledger::programme::Programme;
use counterfoil::ledger::statement::statement;
use serde_json::{json, Value};

use crate::book::Book;
use crate::random::START;
use crate::shop::Shop;

/// The first rule brings the level at which the second one counts double.
fn shop() -> Value {
    json!({ "campaigns": [], "loyalty": { "programmes": [{ "id": "stars",
        "levels": { "by": "points_in_period", "every": "year", "list": [{ "id": "low", "from": 10 }] },
        "earning": [{ "id": "a", "on": "order", "points": 10 },
            { "id": "b", "on": "order", "points": 5, "byLevel": { "low": { "factor": "2" } } }] }] } })
}

#[test]
fn the_commands_that_were_kept_pay_what_the_first_telling_said() {
    let mut engine = Shop::publish(&shop(), START).unwrap().open(Default::default()).unwrap();
    let programme = Programme::read(&String::from_utf8(engine.programme().unwrap()).unwrap()).unwrap();
    let mut book = Book::new(programme);
    let mut follow = |accounts: Value| -> Vec<Command> {
        let request = json!({ "currency": "EUR", "now": START, "customer": { "id": "ann" },
            "lines": [{ "id": "x", "unitPrice": 100, "quantity": 1 }] });
        let order = json!({ "type": "order", "id": "o", "request": request, "accounts": accounts });
        let told = engine.follow_bytes(order.to_string().as_bytes(), Default::default()).unwrap();
        let told: Value = serde_json::from_slice(&told).unwrap();
        serde_json::from_value(told["commands"].clone()).unwrap()
    };
    let kept = follow(json!([]));
    book.carry_out_whole(&kept[0]);
    // asked anew the rules know a member of the level
    let told = statement(&book.programme, &book.state, "stars:ann", START).unwrap();
    assert_ne!(follow(json!([told])), kept);
    let repeated: Vec<bool> = kept.iter().map(|command| book.carry_out_whole(command).0.repeated).collect();
    assert_eq!(repeated, [true, false]);
    assert_eq!(statement(&book.programme, &book.state, "stars:ann", START).unwrap().available, 15);
}
