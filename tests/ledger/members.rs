//! A shop with members, as a worker runs it: what happens is told to the engine, the commands that follow are sent to the
//! ledger, and each answer is told again, until nothing follows.

use std::collections::BTreeMap;

use counterfoil::ledger::answer::Answer;
use counterfoil::ledger::command::{Action, Command};
use counterfoil::ledger::programme::Programme;
use counterfoil::ledger::statement::statement;
use counterfoil::ledger::Decision;
use counterfoil::Engine;
use serde_json::{json, Map, Value};

use crate::book::{word, Book};
use crate::shop::Shop;

/// An opened snapshot, and who the customers are.
pub struct Members {
    /// The snapshot file.
    pub snapshot: Vec<u8>,
    engine: Engine,
    customers: Map<String, Value>,
}

impl Members {
    /// Publishes campaigns, and opens the snapshot.
    pub fn open(campaigns: &Value, customers: Map<String, Value>, now: i64) -> Result<Members, String> {
        let shop = Shop::publish(campaigns, now).map_err(|error| format!("the campaigns are refused: {error}"))?;
        let engine = shop.open(Default::default()).map_err(|error| format!("the snapshot is refused: {error}"))?;
        Ok(Members { snapshot: shop.snapshot, engine, customers })
    }

    pub fn programme(&self) -> Programme {
        let text = String::from_utf8(self.engine.programme().unwrap()).unwrap();
        Programme::read(&text).expect("a programme of a snapshot is sound")
    }

    /// A customer by name, as far as they are known.
    fn customer(&self, told: &Value) -> Value {
        let Value::String(id) = told else { return told.clone() };
        let mut customer = self.customers.get(id).cloned().unwrap_or_else(|| json!({}));
        customer["id"] = json!(id);
        customer
    }

    /// The statements of a customer's accounts.
    fn accounts(&self, book: &Book, customer: &Value, now: i64) -> Value {
        let Some(id) = customer["id"].as_str() else { return json!([]) };
        let names = book.programme.schemes.keys().map(|scheme| format!("{scheme}:{id}"));
        let told = names.filter_map(|name| statement(&book.programme, &book.state, &name, now).ok());
        json!(told.collect::<Vec<_>>())
    }

    /// Puts in what the worker knows: who the customer is, and what the accounts hold.
    fn completed(&self, asked: &Value, book: &Book, now: i64) -> Value {
        let mut asked = asked.clone();
        let is_order = asked.get("request").is_some();
        let holder = if is_order { &mut asked["request"] } else { &mut asked };
        let customer = self.customer(holder.get("customer").unwrap_or(&Value::Null));
        if !customer.is_null() {
            holder["customer"] = customer.clone();
        }
        if holder.get("now").is_none() {
            holder["now"] = json!(now);
        }
        if asked.get("accounts").is_none() {
            asked["accounts"] = self.accounts(book, &customer, now);
        }
        asked
    }

    /// What a customer is shown beside a cart, as the text it is.
    pub fn preview(&mut self, asked: &Value, book: &Book, now: i64) -> Result<String, String> {
        let body = self.completed(asked, book, now).to_string();
        let told = self.engine.preview_bytes(body.as_bytes(), Default::default());
        told.map(|bytes| String::from_utf8(bytes).unwrap()).map_err(|error| error.to_string())
    }

    /// What the preview of an order says that each rule gives, and how many of each reward come; nothing of anything else, and
    /// for guests.
    fn foreseen(&mut self, happened: &Value) -> Option<BTreeMap<(String, String), i64>> {
        happened.pointer("/request/customer/id")?;
        let asked = json!({ "request": happened["request"], "accounts": happened["accounts"] });
        let told = self.engine.preview_bytes(asked.to_string().as_bytes(), Default::default()).ok()?;
        let told: Value = serde_json::from_slice(&told).unwrap();
        let programmes = told["programmes"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mut foreseen = BTreeMap::new();
        for programme in programmes {
            for rule in programme["earned"].as_array().unwrap() {
                *foreseen.entry((text(&rule["programme"]), text(&rule["rule"]))).or_default() +=
                    rule["points"].as_i64().unwrap();
            }
            for offer in programme["rewards"].as_array().unwrap() {
                let comes = offer["comes"].as_i64().unwrap_or(0);
                foreseen.extend((comes > 0).then(|| ((REWARD.to_owned(), text(&offer["reward"])), comes)));
            }
        }
        Some(foreseen)
    }

    /// Tells of a decision on a command that a worker sent by itself: a claim, an invitation.
    pub fn answered(&mut self, command: &Command, decision: &Decision, book: &mut Book) -> (Value, Vec<String>) {
        let customer = match &command.action {
            Action::Claim(claim) => claim.customer.clone(),
            Action::Refer(refer) => Some(refer.friend.clone()),
            _ => None,
        };
        let answered = json!({ "type": "answered", "id": command.key, "now": command.now, "customer": customer,
            "answer": decision.answer, "events": decision.events });
        self.happened(&answered, book, command.now)
    }

    /// Tells what has happened, and carries out what follows; the answers' words, what rules gave, and what is handed out.
    pub fn happened(&mut self, happened: &Value, book: &mut Book, now: i64) -> (Value, Vec<String>) {
        let (mut earned, mut answers, mut gives, mut broken) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let first = self.completed(happened, book, now);
        let mut foreseen = self.foreseen(&first);
        // the last is done first: what follows from an answer comes before the commands that wait
        let mut open = vec![Todo::Follow(first)];
        while let Some(todo) = open.pop() {
            let (command, one) = match todo {
                Todo::Follow(one) => {
                    let told = match self.engine.follow_bytes(one.to_string().as_bytes(), Default::default()) {
                        Ok(told) => told,
                        Err(error) => {
                            let at = error.first().at.as_ref().map(|place| &place.pointer);
                            return (json!({ "error": error.code(), "at": at }), broken);
                        }
                    };
                    let again = self.engine.follow_bytes(one.to_string().as_bytes(), Default::default()).unwrap();
                    if again != told {
                        broken.push("the same is followed by something else".to_owned());
                    }
                    let told: Value = serde_json::from_slice(&told).unwrap();
                    earned.extend(told["earned"].as_array().unwrap().iter().cloned());
                    gives.extend(told["gives"].as_array().unwrap().iter().cloned());
                    let commands = told["commands"].as_array().unwrap().iter().rev();
                    open.extend(commands.map(|command| Todo::CarryOut(command.clone(), one.clone())));
                    continue;
                }
                Todo::CarryOut(command, one) => (command, one),
            };
            let command: Command = serde_json::from_value(command).unwrap();
            let (decision, wrong) = book.carry_out_whole(&command);
            broken.extend(wrong);
            answers.push(json!(word(&decision.answer)));
            if decision.repeated || word(&decision.answer) == "key_reused" {
                // what was told before was foreseen before
                foreseen = None;
                continue;
            }
            if let (Some(foreseen), Action::Earn(earn)) = (&mut foreseen, &command.action) {
                let points = json!(decision.answer)["amount"].as_i64().unwrap_or(0);
                let rule = (earn.scheme.clone(), earn.rule.clone().unwrap_or_default());
                match foreseen.get_mut(&rule) {
                    // a rule may pay for several levels
                    Some(left) => *left -= points,
                    None if one["type"] == "order" && points > 0 => {
                        broken.push(format!("the preview says nothing of {rule:?}, the ledger {points}"));
                    }
                    None => {}
                }
            }
            if let (Some(foreseen), Action::Claim(claim), Answer::Accepted(_)) =
                (&mut foreseen, &command.action, &decision.answer)
            {
                let left = foreseen.entry((REWARD.to_owned(), claim.reward.clone())).or_default();
                *left -= claim.units;
                if *left < 0 {
                    broken.push(format!("{} more of `{}` came than the preview says", -*left, claim.reward));
                }
            }
            // a conversion is the referrer's, everything else the customer's
            let answer = json!(decision.answer);
            let is_conversion = answer.pointer("/gives/conversions").is_some();
            let referrer = answer.pointer("/gives/referrer").filter(|_| is_conversion).cloned();
            let own = one.get("customer").or(one.pointer("/request/customer")).cloned().unwrap_or(Value::Null);
            let customer = referrer.map_or(own, |referrer| self.customer(&referrer));
            let accounts = self.accounts(book, &customer, command.now);
            open.push(Todo::Follow(json!({ "type": "answered", "id": command.key, "now": command.now,
                "answer": decision.answer, "events": decision.events, "customer": customer, "accounts": accounts })));
        }
        for (rule, points) in foreseen.into_iter().flatten().filter(|(_, left)| *left != 0) {
            broken.push(format!("the preview says {points} more for {rule:?} than the ledger"));
        }
        (json!({ "earned": earned, "answers": answers, "gives": gives }), broken)
    }
}

/// Stands for the programme where a preview tells of rewards.
const REWARD: &str = "reward";

/// What is still to be done.
enum Todo {
    /// To ask what follows from what has happened.
    Follow(Value),
    /// To carry out a command that follows from something.
    CarryOut(Value, Value),
}
