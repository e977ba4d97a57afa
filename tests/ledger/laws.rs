//! Laws of every ledger, after every command.

use std::collections::{BTreeMap, BTreeSet};

use counterfoil::ledger::account::{Account, Sums};
use counterfoil::ledger::answer::Answer;
use counterfoil::ledger::command::Command;
use counterfoil::ledger::event::{Event, Take};
use counterfoil::ledger::programme::{Per, Programme};
use counterfoil::ledger::rows::{needed, touched, Rows};
use counterfoil::ledger::state::{Standing, State};
use counterfoil::ledger::{decide, Decision};
use serde_json::json;

use crate::book::word;

/// Nothing is below zero, every lot and every account adds up, no limit without a calendar is passed, and what
/// counters hold is what reservations hold.
pub fn of_state(programme: &Programme, state: &State) -> Vec<String> {
    let mut broken = Vec::new();
    for (id, account) in &state.accounts {
        for (lot, row) in &account.lots {
            let sums = row.sums;
            if row.left < 0 || row.held < 0 || sums.spent < 0 || sums.expired < 0 {
                broken.push(format!("`{id}`: lot `{lot}` is below zero: {row:?}"));
            }
            let (active, pending) = match row.is_pending() {
                false => (row.left + row.held, 0),
                true => (row.held, row.left),
            };
            if sums.earned != sums.spent + sums.expired + active + pending - sums.adjusted {
                broken.push(format!("`{id}`: lot `{lot}` does not add up: {row:?}"));
            }
        }
        let sums = account.sums();
        let (active, pending) = (account.available() + account.held(), account.pending());
        if sums.earned != sums.spent + sums.expired + active + pending - sums.adjusted || account.owed < 0 {
            broken.push(format!("`{id}` does not add up: {sums:?}, {active} active, {pending} pending"));
        }
        broken.extend(held_by_reservations(state, id, account));
    }
    for (name, rules) in &programme.allowances {
        for limit in rules.limits.iter().filter(|limit| limit.every.is_none()) {
            let counters = state.counters.iter().filter(|(key, _)| match limit.per {
                Per::All => *key == name,
                Per::Customer => {
                    let rest = key.strip_prefix(&format!("{name}|customer|"));
                    rest.is_some_and(|customer| !customer.contains('|'))
                }
            });
            for (key, counter) in counters {
                if limit.uses.is_some_and(|most| counter.taken_uses() > most) {
                    broken.push(format!("`{key}` passes its limit: {counter:?}"));
                }
                if limit.budget.is_some_and(|most| counter.taken_amount() > most) {
                    broken.push(format!("`{key}` passes its budget: {counter:?}"));
                }
            }
        }
        let leased: i64 = state.leases.values().filter(|lease| lease.allowance == *name).map(|lease| lease.uses).sum();
        if state.counters.get(name).map_or(0, |counter| counter.leased_uses) != leased {
            broken.push(format!("`{name}` does not know what it has leased"));
        }
    }
    broken
}

/// In total, too, nothing comes from nowhere: what all accounts of a scheme have earned, expired and had adjusted is what
/// the log says of it, and a transfer leaves the sum as it was. What they have spent is what is there besides.
pub fn of_log(state: &State, log: &[Event]) -> Vec<String> {
    let mut told: BTreeMap<&str, Sums> = BTreeMap::new();
    let scheme_of = |account: &str| state.accounts.get(account).map_or("", |row| row.scheme.as_str());
    let sum = |lots: &[Take]| lots.iter().map(|take| take.amount).sum::<i64>();
    for event in log {
        let (account, earned, expired, adjusted) = match event {
            Event::LotAdded { account, added, .. } => (account, added.sums.earned, 0, added.sums.adjusted),
            Event::Expired { account, amount, .. } => (account, 0, *amount, 0),
            Event::Adjusted { account, lots, .. } => (account, 0, 0, sum(lots)),
            Event::OwedPaid { account, lots, .. } => (account, 0, 0, -sum(lots)),
            Event::TakenBack { account, asked, others, .. } => {
                let taken: i64 = asked.iter().map(|one| one.taken).sum();
                (account, 0, 0, -taken - sum(others))
            }
            _ => continue,
        };
        let sums = told.entry(scheme_of(account)).or_default();
        (sums.earned, sums.expired) = (sums.earned + earned, sums.expired + expired);
        sums.adjusted += adjusted;
    }
    let mut broken = Vec::new();
    let schemes: BTreeSet<&str> = state.accounts.values().map(|row| row.scheme.as_str()).collect();
    for scheme in schemes {
        let accounts = || state.accounts.values().filter(|row| row.scheme == scheme);
        let of_all = |part: fn(&Sums) -> i64| accounts().map(|row| part(&row.sums())).sum::<i64>();
        let there: i64 = accounts().map(|row| row.available() + row.held() + row.pending()).sum();
        let told = told.get(scheme).copied().unwrap_or_default();
        let is = [of_all(|sums| sums.earned), of_all(|sums| sums.expired), of_all(|sums| sums.adjusted)];
        if is != [told.earned, told.expired, told.adjusted] {
            broken.push(format!("`{scheme}`: all accounts together have {is:?}, the log tells {told:?}"));
        }
        if told.earned != of_all(|sums| sums.spent) + told.expired + there - told.adjusted {
            broken.push(format!("`{scheme}` does not add up: {told:?}, {there} there"));
        }
    }
    broken
}

fn held_by_reservations(state: &State, id: &str, account: &Account) -> Vec<String> {
    use counterfoil::ledger::event::Hold;
    let rows = state.reservations.values().filter(|row| row.standing == Standing::Held);
    let held: i64 = rows
        .flat_map(|row| &row.parts)
        .map(|part| match part {
            Hold::Draw { account, amount, .. } if account == id => *amount,
            _ => 0,
        })
        .sum();
    match held == account.held() {
        true => Vec::new(),
        false => vec![format!("`{id}` holds {}, its reservations {held}", account.held())],
    }
}

/// A repeat is answered as the first time and does nothing, whenever it comes; another command under the key is a
/// conflict.
pub fn of_repeats(programme: &Programme, state: &State, command: &Command, first: &Decision) -> Vec<String> {
    let mut broken = Vec::new();
    // what made no sense is not kept, and neither are answers that a `forget` has just dropped
    if !first.repeated && !state.answers.contains_key(&command.key) {
        return broken;
    }
    let later = Command { now: command.now + 86_400_000 * 400, ..command.clone() };
    let again = decide(programme, state, &later);
    if word(&first.answer) != "key_reused" && (again.answer != first.answer || !again.events.is_empty()) {
        broken.push(format!("a repeat is answered {:?}", again.answer));
    }
    let other: Command = serde_json::from_value(
        json!({ "key": command.key, "now": command.now, "type": "convert", "friend": "somebody who never came" }),
    )
    .unwrap();
    let conflict = decide(programme, state, &other);
    if word(&conflict.answer) != "key_reused" || !conflict.events.is_empty() {
        broken.push(format!("another command under the key is answered {:?}", conflict.answer));
    }
    broken
}

/// Only the rows that `touched` names are other ones afterwards. A refusal changes nothing.
pub fn of_rows(before: &State, after: &State, events: &[Event]) -> Vec<String> {
    let mut broken = Vec::new();
    let named = touched(before, events);
    macro_rules! look {
        ($($kind:ident),*) => {$(
            for key in before.$kind.keys().chain(after.$kind.keys()) {
                if !named.$kind.contains(key) && before.$kind.get(key) != after.$kind.get(key) {
                    broken.push(format!("`touched` does not name {}/{key}", stringify!($kind)));
                }
            }
        )*};
    }
    look!(answers, counters, reservations, accounts, leases, blocks, referrals, invitations);
    if let [Event::Answered { answer: Answer::Refused { .. }, .. }] = events {
        let without_answers = |state: &State| State { answers: Default::default(), ..state.clone() };
        if without_answers(before) != without_answers(after) {
            broken.push("a refusal changed something".to_owned());
        }
    }
    broken
}

/// What a worker would have loaded: asks for rows until no new ones are named.
pub fn needed_rows(programme: &Programme, whole: &State, command: &Command) -> State {
    let mut loaded = State::default();
    let mut known = Rows::default();
    loop {
        let wanted = needed(programme, &loaded, command);
        if wanted == known {
            return loaded;
        }
        macro_rules! load {
            ($($kind:ident),*) => {$(
                for key in &wanted.$kind {
                    if let Some(row) = whole.$kind.get(key) {
                        loaded.$kind.insert(key.clone(), row.clone());
                    }
                }
            )*};
        }
        load!(answers, counters, reservations, accounts, leases, blocks, referrals, invitations);
        if let Some(at) = wanted.lapsed_by {
            let due = whole.reservations.iter().filter(|(_, row)| row.is_due(at));
            loaded.reservations.extend(due.map(|(id, row)| (id.clone(), row.clone())));
        }
        known = wanted;
    }
}
