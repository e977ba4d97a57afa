//! Orders whose parts are in several books: whatever is lost, sent twice or read again after a crash, all parts count or
//! none does.

use std::collections::BTreeMap;

use counterfoil::ledger::command::{Command, Part};
use counterfoil::ledger::decide;
use counterfoil::ledger::order::{book_of, Order, Step, Verdict};
use counterfoil::ledger::programme::Programme;
use counterfoil::ledger::refusal::Code;
use counterfoil::ledger::state::State;
use serde_json::json;

const START: i64 = 1_772_359_200_000;
const UNTIL: i64 = START + 900_000;

fn programme() -> Programme {
    let text = json!({
        "allowances": { "a": { "limits": [{ "uses": 2 }] }, "b": { "limits": [{ "uses": 1 }] } },
        "schemes": { "gift": { "unit": "EUR" } },
    });
    Programme::read(&text.to_string()).unwrap()
}

fn parts() -> Vec<Part> {
    serde_json::from_value(json!([
        { "type": "use", "allowance": "b" },
        { "type": "draw", "account": "card", "amount": 30 },
        { "type": "use", "allowance": "a" },
    ]))
    .unwrap()
}

/// What becomes of a step on its way.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Good,
    /// It never arrives.
    Lost,
    /// It is carried out, and its answer never arrives.
    AnswerLost,
    /// It arrives twice.
    Twice,
}

struct Shop {
    programme: Programme,
    books: BTreeMap<String, State>,
    now: i64,
}

impl Shop {
    fn new() -> Shop {
        let mut shop = Shop { programme: programme(), books: BTreeMap::new(), now: START };
        shop.tell(
            "account:card",
            json!({ "key": "sold", "now": START, "type": "refill", "account": "card",
            "scheme": "gift", "lot": "sold", "amount": 50 }),
        );
        shop
    }

    fn tell(&mut self, book: &str, command: serde_json::Value) {
        let command: Command = serde_json::from_value(command).unwrap();
        self.carry_out(&Step { book: book.to_owned(), command });
    }

    fn carry_out(&mut self, step: &Step) -> counterfoil::ledger::answer::Answer {
        let book = self.books.entry(step.book.clone()).or_default();
        let decision = decide(&self.programme, book, &step.command);
        book.replay(&decision.events).unwrap();
        decision.answer
    }

    /// Takes steps until there is none; the order is read anew from what was stored whenever something was lost.
    fn run(&mut self, order: &mut Order, ways: &mut impl Iterator<Item = Way>) {
        loop {
            let Some(step) = order.next(self.now) else { return };
            let stored = serde_json::to_string(order).unwrap();
            self.now += 1_000;
            let way = ways.next().unwrap_or(Way::Good);
            if way == Way::Lost {
                *order = serde_json::from_str(&stored).unwrap();
                continue;
            }
            let answer = self.carry_out(&step);
            match way {
                Way::AnswerLost => *order = serde_json::from_str(&stored).unwrap(),
                Way::Twice => {
                    assert_eq!(self.carry_out(&step), answer);
                    order.heard(&step, &answer);
                }
                _ => order.heard(&step, &answer),
            }
        }
    }

    /// Uses of `a`, uses of `b`, what the card has left, and everything that is held.
    fn counts(&self) -> [i64; 4] {
        let counter = |name: &str| {
            let book = self.books.get(&format!("allowance:{name}"));
            book.and_then(|book| book.counters.get(name)).copied().unwrap_or_default()
        };
        let card = &self.books["account:card"].accounts["card"];
        let held = counter("a").held_uses + counter("b").held_uses + card.held();
        [counter("a").uses, counter("b").uses, card.available(), held]
    }
}

/// Every way for each of the first four steps, and good ways after them.
fn every_way(run: impl Fn(&[Way])) {
    let kinds = [Way::Good, Way::Lost, Way::AnswerLost, Way::Twice];
    for number in 0..4_usize.pow(4) {
        let ways: Vec<Way> = (0..4).map(|place| kinds[number / 4_usize.pow(place) % 4]).collect();
        run(&ways);
    }
}

#[test]
fn all_parts_count() {
    every_way(|ways| {
        let mut shop = Shop::new();
        let mut order = Order::new("o", parts(), UNTIL, book_of);
        let mut ways_left = ways.iter().copied();
        shop.run(&mut order, &mut ways_left);
        assert_eq!((order.verdict(), shop.counts()), (Verdict::Held, [0, 0, 20, 32]), "{ways:?}");
        order.confirm(serde_json::from_value(json!([{ "part": 1, "amount": 25 }])).unwrap()).unwrap();
        shop.run(&mut order, &mut ways.iter().copied());
        assert_eq!((order.verdict(), shop.counts()), (Verdict::Confirmed, [1, 1, 25, 0]), "{ways:?}");
        order.undo();
        shop.run(&mut order, &mut ways.iter().copied());
        assert_eq!((order.verdict(), shop.counts()), (Verdict::Undone, [0, 0, 50, 0]), "{ways:?}");
        order.confirm(Vec::new()).unwrap();
        assert_eq!(order.next(shop.now), None, "what is undone stays undone");
    });
}

#[test]
fn one_refusal_undoes_all() {
    every_way(|ways| {
        let mut shop = Shop::new();
        shop.tell(
            "allowance:b",
            json!({ "key": "k", "now": START, "type": "redeem", "reservation": "first",
            "parts": [{ "type": "use", "allowance": "b" }] }),
        );
        let mut order = Order::new("o", parts(), UNTIL, book_of);
        order.confirm(Vec::new()).unwrap();
        shop.run(&mut order, &mut ways.iter().copied());
        assert_eq!((order.verdict(), shop.counts()), (Verdict::Undone, [0, 1, 50, 0]), "{ways:?}");
        assert_eq!(order.refusal.unwrap().params["allowance"], "b".into());
    });
}

#[test]
fn a_leg_that_lapsed_before_it_was_confirmed_undoes_all() {
    every_way(|ways| {
        let mut shop = Shop::new();
        let mut order = Order::new("o", parts(), UNTIL, book_of);
        shop.run(&mut order, &mut std::iter::empty());
        shop.now = UNTIL;
        shop.tell("allowance:b", json!({ "key": "alarm", "now": UNTIL, "type": "lapse" }));
        order.confirm(Vec::new()).unwrap();
        shop.run(&mut order, &mut ways.iter().copied());
        assert_eq!((order.verdict(), shop.counts()), (Verdict::Undone, [0, 0, 50, 0]), "{ways:?}");
    });
}

#[test]
fn an_order_that_is_given_up_half_way_holds_nothing() {
    for steps in 0..9 {
        every_way(|ways| {
            let mut shop = Shop::new();
            let mut order = Order::new("o", parts(), UNTIL, book_of);
            order.confirm(Vec::new()).unwrap();
            for way in ways.iter().cycle().take(steps) {
                let Some(step) = order.next(shop.now) else { break };
                let answer = (*way != Way::Lost).then(|| shop.carry_out(&step));
                if let (Some(answer), Way::Good | Way::Twice) = (answer, way) {
                    order.heard(&step, &answer);
                }
            }
            order.undo();
            shop.run(&mut order, &mut ways.iter().copied());
            assert_eq!((order.verdict(), shop.counts()), (Verdict::Undone, [0, 0, 50, 0]), "{steps} {ways:?}");
        });
    }
}

#[test]
fn a_part_of_a_confirmed_order_comes_back_once() {
    let mut shop = Shop::new();
    let mut order = Order::new("o", parts(), UNTIL, book_of);
    let shares =
        serde_json::from_value::<Vec<_>>(json!([{ "part": 1, "amount": 10 }, { "part": 2, "uses": 1 }])).unwrap();
    shop.run(&mut order, &mut std::iter::empty());
    assert_eq!(order.refund("r", &shares, &[], shop.now).unwrap_err().code, Code::ReservationNotConfirmed);
    order.confirm(Vec::new()).unwrap();
    shop.run(&mut order, &mut std::iter::empty());
    assert_eq!(shop.counts(), [1, 1, 20, 0]);
    for _ in 0..2 {
        let steps = order.refund("r", &shares, &[], shop.now).unwrap();
        assert_eq!(steps.iter().map(|step| step.book.as_str()).collect::<Vec<_>>(), ["account:card", "allowance:a"]);
        for step in steps {
            shop.carry_out(&step);
        }
        assert_eq!(shop.counts(), [0, 1, 30, 0], "the same return again changes nothing");
    }
    let unknown = serde_json::from_value::<Vec<_>>(json!([{ "part": 3, "amount": 1 }])).unwrap();
    assert_eq!(order.refund("s", &unknown, &[], shop.now).unwrap_err().code, Code::PartUnknown);
}

#[test]
fn no_book_hears_of_shares_that_another_one_would_refuse() {
    let shares = |named: serde_json::Value| serde_json::from_value::<Vec<_>>(named).unwrap();
    let mut shop = Shop::new();
    let mut order = Order::new("o", parts(), UNTIL, book_of);
    shop.run(&mut order, &mut std::iter::empty());
    // a confirmation of more than is held leaves it held
    let refusal = order.confirm(shares(json!([{ "part": 0, "uses": 1 }, { "part": 1, "amount": 31 }]))).unwrap_err();
    assert_eq!((refusal.code, refusal.at.pointer.as_str()), (Code::PartExceeded, "/parts/1/amount"));
    assert_eq!((refusal.params["part"].clone(), refusal.params["left"].clone()), (1.into(), 30.into()));
    assert_eq!(order.verdict(), Verdict::Held);
    order.confirm(shares(json!([{ "part": 1, "amount": 25 }]))).unwrap();
    shop.run(&mut order, &mut std::iter::empty());
    assert_eq!(shop.counts(), [1, 1, 25, 0]);
    let refused = |named: serde_json::Value, before: serde_json::Value| {
        let refusal = order.refund("r", &shares(named), &shares(before), shop.now).unwrap_err();
        (refusal.code, refusal.at.pointer)
    };
    let none = || json!([]);
    // what was confirmed is what can come back, once
    assert_eq!(
        refused(json!([{ "part": 1, "amount": 10 }, { "part": 0, "uses": 2 }]), none()),
        (Code::PartExceeded, "/parts/1/uses".into())
    );
    assert_eq!(refused(json!([{ "part": 1, "amount": 26 }]), none()), (Code::PartExceeded, "/parts/0/amount".into()));
    let before = json!([{ "part": 1, "amount": 10 }, { "part": 1, "amount": 10 }]);
    assert_eq!(
        refused(json!([{ "part": 1, "amount": 6 }]), before.clone()),
        (Code::PartExceeded, "/parts/0/amount".into())
    );
    assert_eq!(
        order.refund("r", &shares(json!([{ "part": 1, "amount": 5 }])), &shares(before), shop.now).unwrap().len(),
        1
    );
    assert_eq!(
        refused(json!([{ "part": 1, "amount": 1 }, { "part": 1, "amount": 1 }]), none()),
        (Code::MemberInvalid, "/parts/1/part".into())
    );
}

#[test]
fn a_campaign_and_its_budgets_are_one_book() {
    let books = |allowance: &str| {
        let part = json!({ "type": "use", "allowance": allowance });
        book_of(&serde_json::from_value(part).unwrap())
    };
    assert_eq!(books("spring"), "allowance:spring");
    assert_eq!(books("spring/EUR"), "allowance:spring");
    assert_eq!(books("budget/pot/EUR"), "allowance:budget/pot/EUR");
}
