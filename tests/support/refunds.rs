//! The laws that every refund obeys: checked on every return of the corpus and on generated ones.

use counterfoil::Engine;
use serde_json::{json, Value};

use crate::laws::{list, number, units_of, Broken};
use crate::shop;

/// Laws of one refund, and of it beside others of the same order.
pub fn laws(engine: &mut Engine, asked: &Value, refund: &Value) -> Broken {
    let mut broken = Vec::new();
    let mut law = |name: &str, holds: bool| {
        if !holds {
            broken.push(format!("{name}: {asked} was paid {refund}"));
        }
    };
    let (paid, before, amount) = (number(refund, "paid"), number(refund, "before"), number(refund, "amount"));
    let sum = |name: &str| list(refund, name).iter().map(|one| number(one, "amount")).sum::<i64>();
    law("nothing is paid back twice", amount >= 0 && before >= 0 && before + amount <= paid);
    law("parts sum to the refund", sum("lines") + sum("shipping") + number(refund, "released") == amount);
    law("what goes to payments sums to the refund", sum("payments") == amount);
    law("nothing negative is withheld", number(refund, "withheld") >= 0 && number(refund, "released") >= 0);
    for line in list(refund, "lines") {
        let units = list(line, "units");
        let count: i64 = units.iter().map(|run| number(run, "count")).sum();
        let back: i64 = units.iter().map(|run| number(run, "count") * number(run, "amount")).sum();
        law("units sum to their line", count == number(line, "quantity") && back == number(line, "amount"));
        let within = |run: &Value| (0..=number(run, "paid")).contains(&number(run, "amount"));
        law("no unit is paid back more than it cost", units.iter().all(within));
    }

    let all: Vec<Value> = list(asked, "before").iter().chain(list(asked, "now")).cloned().collect();
    let at_once = ask(engine, &json!({ "order": asked["order"], "now": all }));
    law("several returns are paid what one is", number(&at_once, "amount") == before + amount);
    law("as much is withheld then", at_once["withheld"] == refund["withheld"]);

    let quote: Value = serde_json::from_str(&shop::quote(engine, &asked["order"].to_string()).unwrap()).unwrap();
    law("what was paid is the order's total", quote["total"] == refund["paid"]);
    let units = |line: &Value| json!({ "line": line["id"], "quantity": units_of(line) });
    let whole: Vec<Value> = list(&asked["order"], "lines").iter().map(units).collect();
    let whole = ask(engine, &json!({ "order": asked["order"], "now": whole }));
    law("all units are paid all that was paid", whole["amount"] == quote["total"] && number(&whole, "withheld") == 0);
    law("all points go back with all units", whole["points"] == quote["points"]);
    broken
}

/// Asks for a refund.
pub fn ask(engine: &mut Engine, asked: &Value) -> Value {
    let text = shop::refund(engine, &asked.to_string()).unwrap_or_else(|error| panic!("{error}: {asked}"));
    serde_json::from_str(&text).expect("a refund is JSON")
}
