//! What a preview says of levels is so: whoever takes the step that a hint tells reaches the level, a cent less does not, and
//! the ledger comes to the same level with the order.

use counterfoil::ledger::command::{Action, Command};
use counterfoil::ledger::programme::Programme;
use counterfoil::ledger::statement::{statement, Statement};
use counterfoil::Engine;
use proptest::prelude::*;
use serde_json::{json, Value};

use crate::book::Book;
use crate::random::{config, START};
use crate::shop::Shop;

const DAY: i64 = 86_400_000;
const ACCOUNT: &str = "stars:ann";

fn pick<T: Copy, const N: usize>(of: [T; N], byte: u8) -> T {
    of[usize::from(byte) % N]
}

fn maybe(wanted: bool, value: Value) -> Value {
    if wanted {
        value
    } else {
        Value::Null
    }
}

/// Members that are there only where they say something.
fn object(members: Value) -> Value {
    let Value::Object(members) = members else { return members };
    Value::Object(members.into_iter().filter(|(_, value)| !value.is_null()).collect())
}

fn levels(bytes: &[u8]) -> Value {
    let by_balance = bytes[0].is_multiple_of(2);
    object(json!({
        "by": if by_balance { "balance" } else { "points_in_period" },
        "every": pick(["month", "year"], bytes[1]),
        "keep": if by_balance && bytes[2].is_multiple_of(2) { "balance_drop" } else { "end_of_next_period" },
        "starts": maybe(!by_balance && bytes[2].is_multiple_of(4), json!("next_period")),
        "list": match bytes[3] % 3 {
            0 => json!([{ "id": "silver", "from": 20 }, { "id": "gold", "from": 60 }]),
            1 => json!([{ "id": "all", "from": 0 }, { "id": "gold", "from": 45 }]),
            _ => json!([{ "id": "silver", "from": 15, "to": 40 }, { "id": "gold", "from": 70 }]),
        },
    }))
}

fn document(bytes: &[u8; 20]) -> Value {
    let lines = match bytes[4] % 4 {
        0 => json!({ "categories": ["shoes"] }),
        1 => json!({ "except": { "categories": ["bags"] } }),
        _ => Value::Null,
    };
    let purchase = object(json!({
        "id": "purchase", "on": "order", "points": 1 + bytes[5] % 3, "every": { "EUR": pick([100, 250, 1_000], bytes[6]) },
        "of": maybe(bytes[7].is_multiple_of(4), json!("subtotal")), "rounding": maybe(bytes[7].is_multiple_of(5), json!("half_up")), "lines": lines,
        "pendingDays": maybe(bytes[8].is_multiple_of(4), json!(5)), "byLevel": maybe(bytes[8].is_multiple_of(3), json!({ "gold": { "factor": "1.5" } })),
        "boosts": maybe(bytes[9].is_multiple_of(4), json!([{ "factor": "1.25" }])),
        "limits": maybe(bytes[9].is_multiple_of(3), json!([{ "per": "customer", "every": "month", "budget": 12 + bytes[10] % 60 }])),
    }));
    let visit = json!({ "id": "order", "on": "order", "points": 3, "limits": [{ "per": "customer", "uses": 1 + bytes[10] % 2 }] });
    let raise = json!({ "id": "raise", "on": { "level": ["joined", "upgraded"] }, "points": 1 + bytes[16] % 45,
        "pendingDays": maybe(bytes[17].is_multiple_of(3), json!(3)), "limits": maybe(bytes[17].is_multiple_of(2), json!([{ "per": "customer", "uses": 1 }])) });
    let mut earning = if bytes[12].is_multiple_of(3) { vec![visit] } else { vec![purchase, visit] };
    earning.extend((bytes[16] % 2 == 1).then(|| object(raise)));
    let programme = object(json!({
        "id": "stars", "levels": levels(bytes), "pendingDays": pick([0, 0, 3, 20], bytes[11]),
        "campaignPoints": bytes[12].is_multiple_of(2), "earning": earning,
        "expiry": maybe(bytes[13].is_multiple_of(3), json!({ "type": "after_days", "days": 10 })),
        "limits": maybe(bytes[13].is_multiple_of(4), json!([{ "per": "all", "every": "year", "budget": 30 + bytes[14] % 70 }])),
    }));
    let mut campaigns = vec![];
    if bytes[14].is_multiple_of(2) {
        campaigns.push(json!({ "id": "tenth", "discounts": [{ "type": "percent_off", "percent": "10" }] }));
    }
    if bytes[14].is_multiple_of(3) {
        campaigns.push(json!({ "id": "five", "when": { "type": "min_subtotal", "amount": { "EUR": 3_000 } },
            "discounts": [{ "type": "amount_off", "amount": { "EUR": 500 } }] }));
    }
    if bytes[15].is_multiple_of(2) {
        campaigns.push(
            json!({ "id": "points", "earning": [{ "type": "points_per_amount", "points": 1, "per": { "EUR": 200 } }] }),
        );
    }
    if bytes[15].is_multiple_of(3) {
        campaigns.push(json!({ "id": "double", "when": { "type": "min_subtotal", "amount": { "EUR": 2_000 } },
            "earning": [{ "type": "points_multiplier", "factor": "2" }] }));
    }
    json!({ "campaigns": campaigns, "loyalty": { "timeZone": "Europe/Berlin", "programmes": [programme] } })
}

/// What a member has from before, as the ledger keeps it.
fn history(book: &mut Book, bytes: &[u8]) {
    for (place, byte) in bytes.iter().enumerate() {
        let at = START - DAY * i64::from(*byte % 13);
        let earn = json!({ "key": format!("h{place}"), "now": at, "type": "earn", "account": ACCOUNT, "scheme": "stars",
            "lot": format!("h{place}"), "amount": 1 + byte % 23, "rule": pick(["purchase", "points", "order"], place as u8) });
        book.carry_out(&serde_json::from_value(earn).unwrap());
    }
    // as a worker's alarms have done: what is due by then has happened, and has been followed
    let settled = json!({ "key": "settled", "now": START, "type": "resume", "account": ACCOUNT });
    book.carry_out(&serde_json::from_value(settled).unwrap());
}

fn request(bytes: &[u8]) -> Value {
    let line = |(place, byte): (usize, &u8)| {
        json!({ "id": format!("l{place}"), "unitPrice": 10 + i64::from(*byte) * 17, "quantity": 1 + byte % 2,
            "categories": [pick(["shoes", "bags", "hats"], *byte)] })
    };
    let lines: Vec<Value> = bytes.iter().filter(|byte| **byte % 4 != 3).enumerate().map(line).collect();
    json!({ "currency": "EUR", "now": START, "customer": { "id": "ann" }, "lines": lines })
}

/// The request with the product of a hint.
fn with_step(request: &Value, hint: &Value, price: i64) -> Value {
    let mut request = request.clone();
    let lines = request["lines"].as_array_mut().unwrap();
    let like = lines.iter().find(|line| line["id"] == hint["line"]).map(|line| line["categories"].clone());
    let mut line = json!({ "id": "step", "unitPrice": price, "quantity": 1 });
    if let Some(categories) = like {
        line["categories"] = categories;
    }
    lines.push(line);
    request
}

struct Member {
    engine: Engine,
    book: Book,
    levels: Vec<String>,
}

impl Member {
    fn preview(&mut self, request: &Value) -> Value {
        let told = json!(self.statement(START));
        let asked = json!({ "request": request, "accounts": [told] }).to_string();
        let told = self.engine.preview_bytes(asked.as_bytes(), Default::default()).unwrap();
        serde_json::from_slice::<Value>(&told).unwrap()["programmes"][0].clone()
    }

    fn statement(&self, at: i64) -> Statement {
        statement(&self.book.programme, &self.book.state, ACCOUNT, at).unwrap()
    }

    fn rank(&self, level: &Value) -> usize {
        self.levels.iter().position(|one| level == one).map_or(0, |place| place + 1)
    }

    /// The level that is held or comes.
    fn best(&self, progress: &Value) -> usize {
        self.rank(&progress["level"]).max(self.rank(&progress["coming"]))
    }

    /// The commands that earn, the last first.
    fn earning(&self, follows: &[u8]) -> Vec<Command> {
        let follows: Value = serde_json::from_slice(follows).unwrap();
        let commands = follows["commands"].as_array().unwrap().iter().rev();
        let commands = commands.map(|command| serde_json::from_value::<Command>(command.clone()).unwrap());
        commands.filter(|command| matches!(command.action, Action::Earn(_))).collect()
    }

    /// What the ledger comes to when the order earns, against what was foreseen.
    fn carried_out(&mut self, request: &Value, view: &Value) -> Vec<String> {
        let happened = json!({ "type": "order", "id": "o", "request": request, "accounts": [self.statement(START)] });
        let follows = self.engine.follow_bytes(happened.to_string().as_bytes(), Default::default()).unwrap();
        let before = self.book.clone();
        // what follows from an answer comes before the commands that wait
        let mut open = self.earning(&follows);
        while let Some(command) = open.pop() {
            let (decision, _) = self.book.carry_out_whole(&command);
            let answered = json!({ "type": "answered", "id": command.key, "now": START, "customer": { "id": "ann" },
                "answer": decision.answer, "events": decision.events, "accounts": [self.statement(START)] });
            let follows = self.engine.follow_bytes(answered.to_string().as_bytes(), Default::default()).unwrap();
            open.extend(self.earning(&follows));
        }
        let mut wrong = Vec::new();
        let later = view["later"]["at"].as_i64().map(|at| (at, &view["later"]["progress"]));
        for (at, foreseen) in [Some((START, &view["after"])), later].into_iter().flatten() {
            let came = json!(self.statement(at).progress);
            for member in ["points", "level", "coming", "next", "missing"] {
                if came.get(member) != foreseen.get(member) {
                    wrong.push(format!("{member} at {at}: foreseen {foreseen}, came {came}"));
                }
            }
        }
        self.book = before;
        wrong
    }
}

/// The progress with all that counts of an order.
fn last(view: &Value) -> &Value {
    view.get("later").map_or(&view["after"], |later| &later["progress"])
}

/// How often a hint named money, and how often that was put off.
fn look(shop: &[u8; 20], before: &[u8], cart: &[u8]) -> Result<(bool, bool), TestCaseError> {
    let document = document(shop);
    let engine = Shop::publish(&document, START).unwrap().open(Default::default()).unwrap();
    let programme = Programme::read(std::str::from_utf8(&engine.programme().unwrap()).unwrap()).unwrap();
    let list = document["loyalty"]["programmes"][0]["levels"]["list"].as_array().unwrap();
    let levels = list.iter().map(|level| level["id"].as_str().unwrap().to_owned()).collect();
    let mut member = Member { engine, book: Book::new(programme), levels };
    history(&mut member.book, before);
    let request = request(cart);
    let view = member.preview(&request);
    let shown = format!("{document}\n{request}\n{view}");
    prop_assert_eq!(member.carried_out(&request, &view), Vec::<String>::new(), "{}", shown);
    let Some(hint) = view["hints"].get(0) else { return Ok((false, false)) };
    let wanted = member.rank(&hint["level"]);
    prop_assert!(wanted > member.best(last(&view)), "it is reached already: {}", shown);
    let Some(amount) = hint["amount"].as_i64() else {
        // where no money is told, a great deal of it does not help either
        let rich = member.preview(&with_step(&request, hint, 500_000));
        prop_assert!(member.best(last(&rich)) < wanted, "{} with {}", shown, rich);
        return Ok((false, false));
    };
    let stepped = with_step(&request, hint, amount);
    let reached = member.preview(&stepped);
    prop_assert!(member.best(last(&reached)) >= wanted, "{} does not reach it: {}", shown, reached);
    prop_assert_eq!(&hint["at"], &reached["later"]["at"], "{}", shown);
    prop_assert_eq!(member.carried_out(&stepped, &reached), Vec::<String>::new(), "{}", shown);
    // where the order itself earns, what costs a cent is enough, and no less can be spent
    if amount > 1 {
        let short = member.preview(&with_step(&request, hint, amount - 1));
        prop_assert!(member.best(last(&short)) < wanted, "{} is reached by a cent less: {}", shown, short);
    }
    Ok((true, !hint["at"].is_null()))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whoever_takes_the_step_reaches_the_level(shop: [u8; 20], before: Vec<u8>, cart: [u8; 3]) {
        look(&shop, &before[..before.len().min(4)], &cart)?;
    }
}

/// Random cases that once failed: a balance that leaves a level by too many points, and comes back to it as others expire at the
/// same moment; a level from 0 for who has never been there.
#[test]
fn cases_that_failed() {
    let gap = [20, 0, 62, 8, 58, 1, 47, 0, 4, 0, 5, 108, 97, 135, 0, 0, 0, 0, 0, 0];
    look(&gap, &[201, 13], &[0, 0, 172]).unwrap();
    let everybodys = [0, 0, 0, 88, 0, 0, 0, 0, 0, 0, 0, 58, 0, 0, 0, 0, 0, 0, 0, 0];
    look(&everybodys, &[], &[0, 0, 0]).unwrap();
    let any_product = [0, 0, 0, 69, 0, 0, 0, 0, 0, 0, 125, 59, 0, 0, 12, 0, 0, 0, 0, 0];
    look(&any_product, &[3, 29, 0, 4], &[11, 3, 143]).unwrap();
    // this history and cart failed in a shop that was not kept: in all that differ from the plainest in one way
    for (place, value) in (0..20).flat_map(|place| [1, 2, 3, 4, 58].map(|value| (place, value))) {
        let mut shop = [0; 20];
        shop[place] = value;
        look(&shop, &[196, 201, 0, 0], &[81, 0, 0]).unwrap();
    }
}

/// The slice that runs with every test comes to what it is about.
#[test]
fn hints_name_money_and_moments() {
    let mut seed = 20_261_122_u64;
    let mut byte = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as u8
    };
    let (mut named, mut put_off) = (0, 0);
    for _ in 0..80 {
        let (shop, before, cart): ([u8; 20], [u8; 2], [u8; 3]) =
            (std::array::from_fn(|_| byte()), std::array::from_fn(|_| byte()), std::array::from_fn(|_| byte()));
        let (money, later) = look(&shop, &before, &cart).unwrap();
        named += usize::from(money);
        put_off += usize::from(later);
    }
    assert!(named > 15 && put_off > 3, "{named} hints named money, {put_off} of them a moment");
}
