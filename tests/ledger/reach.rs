//! The random histories of members come to everything that can happen, so that the model is asked about all of it.

use std::collections::BTreeSet;

use counterfoil::ledger::decide;
use counterfoil::ledger::state::State;
use serde_json::{json, Value};

use crate::random_members::{commands, programme};

/// Bytes that are the same on every run.
fn bytes<const N: usize>(seed: &mut u64) -> [u8; N] {
    std::array::from_fn(|_| {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) as u8
    })
}

/// As many histories as it takes, up to 800, in the ledger alone: what the model says of such ones is the matter of
/// `random_members`. What the third friend brings is shown by P18.
#[test]
fn histories_come_to_everything_that_can_happen() {
    let wanted = [
        "level_changed joined",
        "level_changed upgraded",
        "level_changed prolonged",
        "level_changed downgraded",
        "level_changed left",
        "level_end_set",
        "level_awaited",
        "taken_back",
        "owed_paid",
        "transferred",
        "expired",
        "activated",
        "answered refused uses_limit_reached",
        "answered refused budget_limit_reached",
        "granted",
        "revoked",
        "suspended",
        "resumed",
        "answered refused cooldown_running",
        "answered refused spending_limit_reached",
        "answered refused account_suspended",
        "answered refused grant_unknown",
        "answered refused level_missing",
        "answered refused milestone_not_reached",
        "answered refused balance_insufficient",
        "answered refused units_exceeded",
        "answered refused referral_of_self",
        "answered refused referral_loop",
        "answered refused referral_taken",
        "answered refused referral_converted",
        "gives 10",
        "gives 25",
    ];
    let mut happened = BTreeSet::new();
    let mut seed = 20_261_122;
    for _ in 0..800 {
        let steps: Vec<[u8; 8]> = (0..50).map(|_| bytes(&mut seed)).collect();
        let [when_spent] = bytes(&mut seed);
        let programme = programme(when_spent, bytes(&mut seed));
        let mut state = State::default();
        for command in commands(&steps) {
            let decision = decide(&programme, &state, &command);
            state.replay(&decision.events).unwrap();
            for event in decision.events.iter().map(|event| json!(event)) {
                let answer = &event["answer"];
                let what = [&event["type"], &event["change"], &answer["status"], &answer["refusal"]["code"]];
                happened.insert(what.into_iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "));
            }
            let gives = &json!(decision.answer)["gives"]["gives"];
            happened.extend(gives.is_number().then(|| format!("gives {gives}")));
        }
        if wanted.iter().all(|what| happened.contains(*what)) {
            return;
        }
    }
    let missing: Vec<&str> = wanted.into_iter().filter(|what| !happened.contains(*what)).collect();
    panic!("no history comes to {missing:?}");
}
