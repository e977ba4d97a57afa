//! A law of returns that knows nothing of how they are worked out: in whatever steps the units of an order go back, in the
//! end the account is the one that a return of the whole order leaves.

use counterfoil::ledger::account::Account;
use counterfoil::ledger::command::Command;
use proptest::prelude::*;
use serde_json::{json, Value};

use crate::book::Book;
use crate::random::{config, START};
use crate::random_points::programme;

/// Lots of one order, whose lines have up to three units: what each line of a lot has earned, and what no line has.
type Lots = Vec<([Option<u8>; 3], u8, bool)>;

fn tell(book: &mut Book, key: &str, mut command: Value) -> Result<(), String> {
    command["key"] = json!(key);
    command["now"] = json!(START);
    let command: Command = serde_json::from_value(command).unwrap();
    match book.carry_out(&command) {
        (answer, broken) if broken.is_empty() && crate::book::word(&answer) == "accepted" => Ok(()),
        (answer, broken) => Err(format!("{}: {} {broken:?}", json!(command), json!(answer))),
    }
}

fn bought(when_spent: &str, units: &[i64; 3], lots: &Lots, other: u8, spent: u8) -> Result<Book, String> {
    let mut book = Book::new(programme(when_spent, "UTC"));
    for (index, (by_line, beside, is_pending)) in lots.iter().enumerate() {
        let named = by_line.iter().enumerate().filter_map(|(line, points)| Some((line, i64::from((*points)? % 12))));
        let lines: Vec<Value> = named
            .map(|(line, points)| json!({ "line": format!("{line}"), "units": units[line], "amount": points }))
            .collect();
        let sum: i64 = lines.iter().map(|line| line["amount"].as_i64().unwrap()).sum();
        let amount = (sum + i64::from(beside % 6)).max(1);
        tell(
            &mut book,
            &format!("earn {index}"),
            json!({ "type": "earn", "account": "ann", "scheme": "stars", "lot": format!("l{index}"), "order": "o",
                "amount": amount, "lines": lines, "pendingDays": if *is_pending { 9 } else { 0 } }),
        )?;
    }
    let more = json!({ "type": "earn", "account": "ann", "scheme": "stars", "lot": "m", "amount": other % 20 + 1 });
    tell(&mut book, "more", more)?;
    let spend =
        json!({ "type": "spend", "reservation": "s", "account": "ann", "amount": spent % 40 + 1, "upTo": true });
    tell(&mut book, "spend", spend)?;
    Ok(book)
}

/// What is there, lot by lot, what is owed, and what was asked back of each.
fn left(account: &Account) -> (Vec<(&str, i64, i64)>, i64) {
    (account.lots.iter().map(|(id, lot)| (id.as_str(), lot.left, lot.asked_back)).collect(), account.owed)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_order_goes_back_in_any_steps(
        rule in 0..3_usize,
        units in prop::array::uniform3(1..4_i64),
        lots in prop::collection::vec((prop::array::uniform3(any::<Option<u8>>()), any::<u8>(), any::<bool>()), 1..4),
        (other, spent) in any::<(u8, u8)>(),
        order in any::<prop::sample::Index>(),
        steps in Just((0..3_usize).collect::<Vec<_>>()).prop_shuffle(),
        sizes in prop::collection::vec(1..3_i64, 9),
    ) {
        // some lot names every line, so that the ledger knows what was bought
        let mut lots = lots;
        let all = order.index(lots.len());
        lots[all].0.iter_mut().for_each(|points| *points = points.or(Some(0)));
        let mut book = bought(["forgive", "other_lots", "owe"][rule], &units, &lots, other, spent).unwrap();
        let mut at_once = book.clone();
        tell(&mut at_once, "back", json!({ "type": "take_back", "account": "ann", "order": "o" })).unwrap();
        let mut kept = units;
        for (step, size) in sizes.iter().enumerate() {
            let place = steps[step % 3];
            let many = if step < 6 { kept[place].min(*size) } else { kept[place] };
            if many > 0 {
                kept[place] -= many;
                let lines = json!([{ "line": format!("{place}"), "units": many }]);
                tell(&mut book, &format!("back {step}"),
                    json!({ "type": "take_back", "account": "ann", "order": "o", "lines": lines })).unwrap();
            }
        }
        prop_assert_eq!(kept, [0; 3]);
        let (account, whole) = (&book.state.accounts["ann"], &at_once.state.accounts["ann"]);
        prop_assert_eq!(left(account), left(whole));
        for (id, lot) in account.lots.iter().filter(|(_, lot)| lot.order.is_some()) {
            prop_assert_eq!(lot.asked_back, lot.sums.earned, "lot `{}`", id);
        }
    }
}
