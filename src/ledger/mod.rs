//! The ledger: what may be redeemed and spent, decided in one place. Pure: a command and the rows it needs go in, events
//! and an answer come out. No clock, no randomness, no storage; a worker loads, calls and stores.
//!
//! ```
//! use counterfoil::ledger::{answer::Answer, command::Command, decide, programme::Programme, state::State};
//!
//! let programme = Programme::read(r#"{ "allowances": { "spring": { "limits": [{ "uses": 1 }] } } }"#).unwrap();
//! let command = |key: &str, reservation: &str| -> Command {
//!     serde_json::from_value(serde_json::json!({
//!         "key": key, "now": 1_772_359_200_000_i64, "type": "redeem", "reservation": reservation,
//!         "parts": [{ "type": "use", "allowance": "spring" }],
//!     })).unwrap()
//! };
//! let mut state = State::default();
//! let first = decide(&programme, &state, &command("k1", "order-1"));
//! state.replay(&first.events).unwrap();
//! // the same key once more: the same answer, and nothing happens
//! let again = decide(&programme, &state, &command("k1", "order-1"));
//! assert_eq!((again.answer, again.events.len()), (first.answer, 0));
//! // the limit is used up
//! let Answer::Refused { refusal } = decide(&programme, &state, &command("k2", "order-2")).answer else { panic!() };
//! assert_eq!(refusal.message, "`spring` has 0 of 1 uses left");
//! ```
//!
//! docs/ledger.md says what to load and what to store, in which order.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub mod account;
pub mod answer;
pub mod calendar;
pub mod ceilings;
pub mod charge;
mod check;
pub mod command;
mod draft;
mod escrow;
pub mod event;
pub mod growth;
pub mod json;
mod level;
pub mod levels;
pub mod limits;
pub mod order;
mod points;
pub mod programme;
pub mod redemption;
pub mod referrals;
pub mod refusal;
mod replay;
mod returns;
pub mod rewards;
pub mod rows;
mod settle;
mod spending;
mod standing;
pub mod state;
pub mod statement;

use answer::{Accepted, Answer};
use command::{Action, Command};
use draft::Draft;
use event::Event;
use programme::Programme;
use refusal::{Code, Document, Refusal};
use state::State;

/// What a command leads to: store the events, then tell the answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Decision {
    /// What the caller hears.
    pub answer: Answer,
    /// What happened; nothing, when the command is a repeat or makes no sense.
    pub events: Vec<Event>,
    /// Whether the answer is the first one to this key once more.
    pub repeated: bool,
}

/// Decides a command on the rows that were loaded. Never fails: what cannot be done is a refusal.
pub fn decide(programme: &Programme, state: &State, command: &Command) -> Decision {
    let unrecorded = |answer| Decision { answer, events: Vec::new(), repeated: false };
    let fingerprint = fingerprint(&command.action);
    if let Some(first) = state.answers.get(&command.key) {
        if first.fingerprint == fingerprint {
            return Decision { answer: first.answer.clone(), events: Vec::new(), repeated: true };
        }
        let refusal = Refusal::new(Code::KeyReused, &[("key", command.key.as_str().into())]).at("/key");
        return unrecorded(Answer::refused(refusal));
    }
    if let Err(refusal) = state::known(state.version).map_err(|refusal| refusal.of(Document::State)) {
        return unrecorded(Answer::refused(refusal));
    }
    if let Err(refusal) = command.check() {
        return unrecorded(Answer::refused(refusal));
    }
    let mut draft = Draft::new(programme, state, command.now);
    let (answer, mut events) = match draft.carry_out(&command.action) {
        Ok(accepted) => (Answer::Accepted(alloc::boxed::Box::new(accepted)), draft.events),
        Err(refusal) if is_decision(&refusal) => (Answer::refused(refusal), Vec::new()),
        Err(refusal) => return unrecorded(Answer::refused(refusal)),
    };
    let (at, key) = (command.now, command.key.clone());
    events.push(Event::Answered { at, key, fingerprint, answer: answer.clone() });
    Decision { answer, events, repeated: false }
}

/// Whether a refusal is the answer to the command, to be given again, or speaks of documents that somebody may mend
/// before the same command is tried once more.
fn is_decision(refusal: &Refusal) -> bool {
    let mendable = [
        Code::MemberInvalid,
        Code::EventUnfit,
        Code::NumberTooLarge,
        Code::AllowanceUnknown,
        Code::SchemeUnknown,
        Code::RewardUnknown,
        Code::ZoneUnknown,
    ];
    !mendable.contains(&refusal.code)
}

/// 128 bits of a hash stand for a command without its key and its moment.
fn fingerprint(action: &Action) -> String {
    let text = serde_json::to_vec(action).unwrap_or_default();
    let hash = Sha256::digest(&text);
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

impl Draft<'_> {
    fn carry_out(&mut self, action: &Action) -> Result<Accepted, Refusal> {
        match action {
            Action::Reserve(command) => self.reserve(command),
            Action::Redeem(command) => self.redeem(command),
            Action::Confirm(command) => self.confirm(command),
            Action::Release(command) => self.release(&command.reservation),
            Action::Lapse(_) => self.lapse(),
            Action::Rollback(command) => self.rollback(&command.reservation),
            Action::Refund(command) => self.refund(command),
            Action::Lease(command) => self.lease(command),
            Action::AcceptLease(command) => self.accept_lease(command),
            Action::GiveBack(command) => self.give_back(&command.lease),
            Action::ReturnLease(command) => self.return_lease(command),
            Action::Refill(command) => self.refill(command),
            Action::Earn(command) => self.earn(command),
            Action::Activate(command) => self.activate(command),
            Action::Spend(command) => self.spend(command),
            Action::Expire(command) => self.expire(command),
            Action::Transfer(command) => self.transfer(command),
            Action::Adjust(command) => self.adjust(command),
            Action::TakeBack(command) => self.take_back(command),
            Action::Claim(command) => self.claim(command),
            Action::Grant(command) => self.grant(command),
            Action::Revoke(command) => self.revoke(command),
            Action::Suspend(command) => self.suspend(command),
            Action::Resume(command) => self.resume(command),
            Action::Invite(command) => self.invite(command),
            Action::Refer(command) => self.refer(command),
            Action::Convert(command) => self.convert(command),
            Action::Forget(command) => {
                self.emit(Event::Forgotten { at: self.now, before: command.before })?;
                Ok(Accepted::default())
            }
        }
    }
}

#[cfg(doctest)]
#[doc = include_str!("../../docs/ledger.md")]
struct Page;
