//! Every order in which up to four operations can come, of clients that know nothing of each other: reserved, confirmed,
//! released, rolled back, repeated and too late.

use counterfoil::ledger::command::Command;
use serde_json::{json, Value};

use crate::book::Book;
use crate::model::Model;
use crate::random::{compare, programme, START};
use crate::random_points;

/// A ledger and its model after a sequence of operations.
struct Tried<'a> {
    pool: &'a [Value],
    accounts: &'a [&'a str],
    sequences: usize,
}

impl Tried<'_> {
    /// Carries out one operation more in both.
    fn step(&self, book: &mut Book, model: &mut Model, sequence: &[&Value]) {
        let index = sequence.len() - 1;
        let mut value = sequence[index].clone();
        value["key"] = json!(format!("k{index}"));
        value["now"] = json!(START + index as i64 * 60_000);
        let command: Command = serde_json::from_value(value).unwrap();
        if let Err(wrong) = compare(book, model, &command, self.accounts) {
            panic!("{wrong}\nin {}", json!(sequence));
        }
    }

    /// Tries every sequence of up to so many more of the operations, with repetition.
    fn go_on(&mut self, book: &Book, model: &Model, sequence: &[&Value], more: usize) {
        if more == 0 {
            self.sequences += 1;
            return;
        }
        for operation in self.pool {
            let (mut book, mut model) = (book.clone(), model.clone());
            let longer = [sequence, &[operation]].concat();
            self.step(&mut book, &mut model, &longer);
            self.go_on(&book, &model, &longer, more - 1);
        }
    }
}

fn every_order(first: &[Value], pool: &[Value], mut book: Book, accounts: &[&str]) {
    let mut model = Model::new(&book.programme);
    let mut tried = Tried { pool, accounts, sequences: 0 };
    let mut sequence = Vec::new();
    for operation in first {
        sequence.push(operation);
        tried.step(&mut book, &mut model, &sequence);
    }
    tried.go_on(&book, &model, &sequence, 4);
    assert_eq!(tried.sequences, pool.len().pow(4));
}

#[test]
fn of_reservations_of_the_last_uses() {
    let both = json!([{ "type": "use", "allowance": "a", "uses": 2 }, { "type": "draw", "account": "x", "amount": 6 }]);
    let reserve = |who: &str, minutes: i64| {
        json!({ "type": "reserve", "reservation": who, "customer": who, "parts": both,
            "until": START + minutes * 60_000 })
    };
    let first = [
        json!({ "type": "refill", "account": "x", "scheme": "card", "lot": "l", "amount": 10 }),
        json!({ "type": "redeem", "reservation": "z", "customer": "zoe", "parts": [{ "type": "use", "allowance": "a" }] }),
    ];
    let pool = [
        reserve("ann", 3),
        reserve("bob", 60),
        json!({ "type": "confirm", "reservation": "ann" }),
        json!({ "type": "confirm", "reservation": "bob", "parts": [{ "part": 0, "uses": 1 }, { "part": 1, "amount": 4 }] }),
        json!({ "type": "release", "reservation": "ann" }),
        json!({ "type": "rollback", "reservation": "ann" }),
        json!({ "type": "redeem", "reservation": "cid", "customer": "cid", "parts": both }),
        json!({ "type": "lapse" }),
    ];
    every_order(&first, &pool, Book::new(programme()), &["x"]);
}

#[test]
fn of_points_of_one_member() {
    let first = [json!({ "type": "earn", "account": "ann", "scheme": "stars", "lot": "o", "amount": 9, "order": "o",
        "lines": [{ "line": "p", "units": 2, "amount": 9 }] })];
    let pool = [
        json!({ "type": "spend", "reservation": "s", "account": "ann", "amount": 7 }),
        json!({ "type": "rollback", "reservation": "s" }),
        json!({ "type": "take_back", "account": "ann", "order": "o", "lines": [{ "line": "p", "units": 1 }] }),
        json!({ "type": "transfer", "from": "ann", "to": "bob", "lot": "t", "amount": 3 }),
        json!({ "type": "earn", "account": "ann", "scheme": "stars", "lot": "e", "amount": 4 }),
        json!({ "type": "expire", "account": "ann", "lot": "o" }),
        json!({ "type": "adjust", "account": "ann", "scheme": "stars", "amount": -2 }),
    ];
    for rule in ["forgive", "other_lots", "owe"] {
        every_order(&first, &pool, Book::new(random_points::programme(rule, "UTC")), &["ann", "bob"]);
    }
}
