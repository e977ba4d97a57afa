//! Texts in, texts out: the door for hosts that hold JSON.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::command::{Command, Part, Share};
use super::growth::Figures;
use super::order::{book_of, Order, Step, Verdict};
use super::programme::Programme;
use super::refusal::{Code, Document, Refusal};
use super::state::State;
use super::{decide, Decision};
use crate::time::Timestamp;

/// Reads a document.
///
/// # Errors
/// `document_unreadable`.
pub fn read<T: DeserializeOwned>(text: &str, document: Document) -> Result<T, Refusal> {
    let unreadable = |why: &str| Refusal::new(Code::DocumentUnreadable, &[("why", why.into())]).of(document);
    // serde would take a list for an object whose members all have defaults
    if !text.trim_start().starts_with('{') {
        return Err(unreadable("an object is expected"));
    }
    serde_json::from_str(text).map_err(|error| unreadable(&format!("{error}")))
}

/// A decision with the state after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// What was decided.
    #[serde(flatten)]
    pub decision: Decision,
    /// The rows that were loaded, with the events applied.
    pub state: State,
    /// Which of them to store.
    pub touched: super::rows::Rows,
}

/// The rows that a command needs, or a refusal as `answer`: see [`rows::needed`](super::rows::needed).
pub fn rows(programme: &str, state: &str, command: &str) -> String {
    told(Programme::read(programme).and_then(|programme| {
        let state = State::read(state)?;
        let command: Command = read(command, Document::Command)?;
        Ok(super::rows::needed(&programme, &state, &command))
    }))
}

/// The rows that a statement needs: see [`rows::of_statement`](super::rows::of_statement).
pub fn statement_rows(programme: &str, state: &str, account: &str, now: Timestamp) -> String {
    told(Programme::read(programme).and_then(|programme| {
        let state = State::read(state)?;
        Ok(super::rows::of_statement(&programme, &state, account, now))
    }))
}

/// The statement of an account, or a refusal as `answer`: see [`statement`](super::statement::statement).
pub fn statement(programme: &str, state: &str, account: &str, now: Timestamp) -> String {
    told(Programme::read(programme).and_then(|programme| {
        let state = State::read(state)?;
        super::statement::statement(&programme, &state, account, now)
    }))
}

/// What the limits for everybody have left of an allowance, as a list, or a refusal as `answer`: see
/// [`remaining`](super::limits::remaining).
pub fn remaining(programme: &str, state: &str, allowance: &str, now: Timestamp) -> String {
    told(Programme::read(programme).and_then(|programme| {
        let state = State::read(state)?;
        super::limits::remaining(&programme, &state, allowance, now)
    }))
}

/// A referrer, and how many of their friends converted.
#[derive(Serialize)]
struct Place<'a> {
    referrer: &'a str,
    conversions: i64,
}

/// Who brought most friends, of the referrals that are loaded, or a refusal as `answer`: see [`State::leader_board`].
pub fn leader_board(state: &str) -> String {
    told(State::read(state).map(|state| {
        let places = state.leader_board().into_iter();
        let places = places.map(|(referrer, conversions)| Place { referrer, conversions });
        serde_json::to_value(places.collect::<Vec<_>>()).unwrap_or_default()
    }))
}

/// What inviting friends brings, or a refusal as `answer`: see [`Figures`].
pub fn growth(figures: &str) -> String {
    told(read::<Figures>(figures, Document::Command).and_then(|figures| figures.growth()))
}

/// What the quote of a request uses, or a refusal as `answer`: see [`charge`](super::charge::charge).
pub fn charge(programme: &str, request: &str, quote: &str) -> String {
    told(Programme::read(programme).and_then(|programme| super::charge::charge(&programme, request, quote)))
}

/// What becomes of an order that is kept in several books.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
enum Said {
    /// It begins.
    Begin {
        id: String,
        parts: Vec<Part>,
        until: Timestamp,
        #[serde(default)]
        customer: Option<String>,
        #[serde(default)]
        customer_zone: Option<String>,
    },
    /// It goes on, where it stands.
    Resume {},
    /// A book has answered.
    Heard { step: Step, answer: Answer },
    /// Everything is to be used.
    Confirm {
        #[serde(default)]
        shares: Vec<Share>,
    },
    /// Nothing is to be held or used.
    Undo {},
    /// Something comes back, after what earlier returns took.
    Refund {
        key: String,
        shares: Vec<Share>,
        #[serde(default)]
        before: Vec<Share>,
    },
}

/// An order as it stands now.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Standing {
    order: Order,
    verdict: Verdict,
    /// What to ask next.
    steps: Vec<Step>,
}

/// Takes note of what is said about an order that is kept in several books, and tells what to ask next; see
/// [`Order`]. `order` is empty for one that begins.
///
/// ```
/// use counterfoil::ledger::json;
/// let said = r#"{ "type": "begin", "id": "o1", "until": 1772360100000, "parts": [{ "type": "use", "allowance": "tea" }] }"#;
/// let told: serde_json::Value = serde_json::from_str(&json::order("", said, 1_772_359_200_000)).unwrap();
/// assert_eq!(told["verdict"], "open");
/// assert_eq!(told["steps"][0]["book"], "allowance:tea");
/// assert_eq!(told["steps"][0]["command"]["key"], "o1/allowance:tea/reserve");
/// ```
pub fn order(order: &str, said: &str, now: Timestamp) -> String {
    told(read(said, Document::Command).and_then(|said| order_after(order, said, now)))
}

fn order_after(order: &str, said: Said, now: Timestamp) -> Result<Standing, Refusal> {
    let mut order = match &said {
        Said::Begin { id, parts, until, customer, customer_zone } => Order {
            customer: customer.clone(),
            customer_zone: customer_zone.clone(),
            ..Order::new(id, parts.clone(), *until, book_of)
        },
        _ => read(order, Document::State)?,
    };
    let mut steps = Vec::new();
    match said {
        Said::Begin { .. } | Said::Resume {} => {}
        Said::Heard { step, answer } => order.heard(&step, &answer),
        Said::Confirm { shares } => order.confirm(shares)?,
        Said::Undo {} => order.undo(),
        Said::Refund { key, shares, before } => steps = order.refund(&key, &shares, &before, now)?,
    }
    steps.extend(order.next(now));
    let verdict = order.verdict();
    Ok(Standing { order, verdict, steps })
}

/// A document, or an object whose `answer` is a refusal.
fn told<T: Serialize>(outcome: Result<T, Refusal>) -> String {
    match outcome {
        Ok(outcome) => serde_json::to_string(&outcome).unwrap_or_default(),
        Err(refusal) => serde_json::json!({
            "answer": Answer::refused(refusal), "events": [], "repeated": false,
        })
        .to_string(),
    }
}

/// Decides a command and gives the state after it. Whatever the texts are, the answer is a JSON object with `answer`,
/// `events`, `repeated`, `state` and `touched`; what cannot be read is a refusal without a state.
///
/// ```
/// use counterfoil::ledger::json;
/// let programme = r#"{ "schemes": { "gift": { "unit": "EUR" } } }"#;
/// let command = r#"{ "key": "k1", "now": 1772359200000, "type": "refill",
///     "account": "card-1", "scheme": "gift", "lot": "sold", "amount": 2500 }"#;
/// let outcome = json::carry_out(programme, r#"{ "version": 1 }"#, command);
/// let outcome: serde_json::Value = serde_json::from_str(&outcome).unwrap();
/// assert_eq!(outcome["answer"]["accounts"][0]["available"], 2500);
/// assert_eq!(outcome["touched"]["accounts"], serde_json::json!(["card-1"]));
/// ```
pub fn carry_out(programme: &str, state: &str, command: &str) -> String {
    told(Programme::read(programme).and_then(|programme| {
        let state = State::read(state)?;
        let command: Command = read(command, Document::Command)?;
        carry_out_parsed(&programme, state, &command)
    }))
}

fn carry_out_parsed(programme: &Programme, mut state: State, command: &Command) -> Result<Outcome, Refusal> {
    let decision = decide(programme, &state, command);
    let touched = super::rows::touched(&state, &decision.events);
    state.replay(&decision.events)?;
    Ok(Outcome { decision, state, touched })
}
