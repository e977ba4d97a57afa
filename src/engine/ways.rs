//! The ways to make a rule hold: which of its conditions must be made to hold.

use super::hint::MAX_STEPS;
use crate::catalog::section::Node;
use alloc::vec;
use alloc::vec::Vec;

/// Most ways that are kept in mind to make a part of a rule hold.
const MAX_WAYS: usize = 8;

/// How a condition stands.
pub(super) enum Verdict {
    /// It holds.
    Holds,
    /// It does not, and a step is known.
    Within,
    /// It does not, and no step is known.
    Beyond,
}

/// The conditions that must be made to hold for a part of a rule to hold.
pub(super) type Way = [Option<u16>; MAX_STEPS];

pub(super) const NO_STEP: Way = [None; MAX_STEPS];

/// The ways to make a rule hold, those of fewer steps first. What is under `not` and holds has no step that undoes it.
pub(super) fn ways(rule: &[Node], verdict: impl Fn(u16) -> Verdict) -> Vec<Way> {
    let mut stack: Vec<Vec<Way>> = Vec::new();
    for node in rule {
        let joined = match *node {
            Node::Condition(at) => match verdict(at) {
                Verdict::Holds => vec![NO_STEP],
                Verdict::Within => vec![[Some(at), None]],
                Verdict::Beyond => Vec::new(),
            },
            Node::Named => continue,
            Node::Not => match stack.pop() {
                Some(inner) if inner.first() == Some(&NO_STEP) => Vec::new(),
                _ => vec![NO_STEP],
            },
            Node::Any(count) => shortest(members(&mut stack, count).concat()),
            Node::All(count) => {
                let join = |ways: Vec<Way>, more: Vec<Way>| {
                    shortest(ways.iter().flat_map(|way| more.iter().filter_map(|other| both(way, other))).collect())
                };
                members(&mut stack, count).into_iter().fold(vec![NO_STEP], join)
            }
        };
        stack.push(joined);
    }
    stack.pop().unwrap_or_else(|| vec![NO_STEP])
}

fn members(stack: &mut Vec<Vec<Way>>, count: u16) -> Vec<Vec<Way>> {
    stack.split_off(stack.len().saturating_sub(usize::from(count)))
}

/// The ways of fewer steps first, each once, no more than are worth it. One that needs no step needs no other.
fn shortest(ways: Vec<Way>) -> Vec<Way> {
    let mut kept: Vec<Way> = Vec::new();
    for steps in 0..=MAX_STEPS {
        let so_long = ways.iter().filter(|way| way.iter().flatten().count() == steps);
        for way in so_long {
            if kept.first() != Some(&NO_STEP) && kept.len() < MAX_WAYS && !kept.contains(way) {
                kept.push(*way);
            }
        }
    }
    kept
}

/// Both ways together, if they are no more steps than a hint may have.
fn both(a: &Way, b: &Way) -> Option<Way> {
    let mut joined = *a;
    for condition in b.iter().flatten() {
        if !joined.contains(&Some(*condition)) {
            *joined.iter_mut().find(|place| place.is_none())? = Some(*condition);
        }
    }
    Some(joined)
}
