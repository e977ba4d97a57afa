//! A ledger as a worker keeps it: rows, the log of events, and every law looked at after each command.

use counterfoil::ledger::answer::Answer;
use counterfoil::ledger::command::Command;
use counterfoil::ledger::event::Event;
use counterfoil::ledger::programme::Programme;
use counterfoil::ledger::state::State;
use counterfoil::ledger::{decide, Decision};

use crate::laws;

#[derive(Clone)]
pub struct Book {
    pub programme: Programme,
    pub state: State,
    pub log: Vec<Event>,
    /// Every command that was ever sent.
    sent: Vec<Command>,
}

impl Book {
    pub fn new(programme: Programme) -> Book {
        Book { programme, state: State::default(), log: Vec::new(), sent: Vec::new() }
    }

    /// Carries out a command; gives the answer and every law that is broken.
    pub fn carry_out(&mut self, command: &Command) -> (Answer, Vec<String>) {
        let (decision, broken) = self.carry_out_whole(command);
        (decision.answer, broken)
    }

    /// The same with all of the decision.
    pub fn carry_out_whole(&mut self, command: &Command) -> (Decision, Vec<String>) {
        let mut broken = Vec::new();
        self.sent.push(command.clone());
        let decision = self.decide(command, &mut broken);
        let before = self.state.clone();
        if let Err(refusal) = self.state.replay(&decision.events) {
            broken.push(format!("an event does not fit: {}", refusal.message));
        }
        self.log.extend(decision.events.iter().cloned());
        broken.extend(laws::of_rows(&before, &self.state, &decision.events));
        broken.extend(laws::of_state(&self.programme, &self.state));
        broken.extend(laws::of_repeats(&self.programme, &self.state, command, &decision));
        (decision, broken)
    }

    /// Decides on the rows that the command needs and on no others; they must be enough.
    fn decide(&self, command: &Command, broken: &mut Vec<String>) -> Decision {
        let whole = decide(&self.programme, &self.state, command);
        let needed = laws::needed_rows(&self.programme, &self.state, command);
        // a command that speaks of everything that is loaded depends on what is loaded
        let of_all = matches!(command.action, counterfoil::ledger::command::Action::Forget(_));
        if !of_all && decide(&self.programme, &needed, command) != whole {
            broken.push("the rows that `needed` names are not enough".to_owned());
        }
        whole
    }

    /// The log from the beginning gives the state, also through JSON; it says where every point came from and went; and
    /// whatever was sent does nothing when it comes again.
    pub fn check_replay(&self) -> Vec<String> {
        let text = serde_json::to_string(&self.log).unwrap();
        let log: Vec<Event> = serde_json::from_str(&text).unwrap();
        let mut fresh = State::default();
        if let Err(refusal) = fresh.replay(&log) {
            return vec![format!("the log does not replay: {}", refusal.message)];
        }
        let text = serde_json::to_string(&self.state).unwrap();
        let mut broken = Vec::new();
        if fresh != self.state {
            broken.push("the log gives another state".to_owned());
        }
        if State::read(&text).as_ref() != Ok(&self.state) {
            broken.push("the state as JSON is another one".to_owned());
        }
        broken.extend(laws::of_log(&self.state, &self.log));
        for command in self.sent.iter().filter(|command| self.state.answers.contains_key(&command.key)) {
            let again = decide(&self.programme, &self.state, command);
            if !again.events.is_empty() {
                broken.push(format!("`{}` once more is followed by {:?}", command.key, again.events));
            }
        }
        broken
    }
}

/// `accepted`, or the code of the refusal.
pub fn word(answer: &Answer) -> String {
    match answer {
        Answer::Accepted(_) => "accepted".to_owned(),
        Answer::Refused { refusal } => serde_json::to_value(refusal.code).unwrap().as_str().unwrap().to_owned(),
    }
}
