//! Texts in, texts out: the door for hosts that hold JSON.

use alloc::format;
use alloc::string::{String, ToString};

use serde::de::DeserializeOwned;
use serde::Serialize;

use super::answer::Answer;
use super::command::Command;
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

/// The statement of an account, or a refusal as `answer`: see [`statement`](super::statement::statement).
pub fn statement(programme: &str, state: &str, account: &str, now: Timestamp) -> String {
    told(Programme::read(programme).and_then(|programme| {
        let state = State::read(state)?;
        super::statement::statement(&programme, &state, account, now)
    }))
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
