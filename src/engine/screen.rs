//! Screening: may this campaign apply to this cart at this moment?

use crate::catalog::section::Node;
use crate::catalog::Promotion;
use crate::condition::{Condition, Turn};
use crate::error::FixBy;
use crate::facts::Facts;
use crate::reason::{ParamKind, Reason, ReasonKind};
use alloc::vec::Vec;

pub(crate) static CODE_UNKNOWN: ReasonKind = ReasonKind {
    code: "code_unknown",
    message: "this code is not accepted",
    help: "check the spelling and whether the code is still running",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

pub(crate) static CAMPAIGN_PAUSED: ReasonKind = ReasonKind {
    code: "campaign_paused",
    message: "this campaign is paused",
    help: "set its status to `active`",
    fix_by: FixBy::Merchant,
    params: &[],
    waits_for_cart: false,
};

pub(crate) static CAMPAIGN_NOT_STARTED: ReasonKind = ReasonKind {
    code: "campaign_not_started",
    message: "this campaign has not started yet",
    help: "it starts at {startsAt}",
    fix_by: FixBy::Shopper,
    params: &[("startsAt", ParamKind::Time)],
    waits_for_cart: false,
};

pub(crate) static CAMPAIGN_ENDED: ReasonKind = ReasonKind {
    code: "campaign_ended",
    message: "this campaign has ended",
    help: "it ended at {endedAt}",
    fix_by: FixBy::Shopper,
    params: &[("endedAt", ParamKind::Time)],
    waits_for_cart: false,
};

pub(crate) static OUTSIDE_SCHEDULE: ReasonKind = ReasonKind {
    code: "outside_schedule",
    message: "this campaign does not run at this time",
    help: "it runs at certain times only",
    fix_by: FixBy::Shopper,
    params: &[("nextAt", ParamKind::Time)],
    waits_for_cart: false,
};

pub(crate) static RULE_NOT_MET: ReasonKind = ReasonKind {
    code: "rule_not_met",
    message: "the campaign's conditions exclude this cart",
    help: "the campaign excludes what the cart, the customer or the moment has",
    fix_by: FixBy::Shopper,
    params: &[],
    waits_for_cart: false,
};

pub(crate) const REASONS: &[&ReasonKind] =
    &[&CODE_UNKNOWN, &CAMPAIGN_PAUSED, &CAMPAIGN_NOT_STARTED, &CAMPAIGN_ENDED, &OUTSIDE_SCHEDULE, &RULE_NOT_MET];

/// Whether the campaign runs at the moment of the quote.
#[inline]
pub(crate) fn runs(promotion: &Promotion, now: i64) -> bool {
    let record = &promotion.record;
    record.active
        && record.stretch.contains(now)
        && (record.intervals.is_empty() || record.intervals.iter().any(|interval| interval.contains(now)))
}

/// Why it does not run.
pub(super) fn why_not_running(promotion: &Promotion, now: i64) -> Reason {
    let record = &promotion.record;
    if !record.active {
        return Reason::new(&CAMPAIGN_PAUSED, [0; 3]);
    }
    if now < record.stretch.from {
        return Reason::new(&CAMPAIGN_NOT_STARTED, [record.stretch.from, 0, 0]);
    }
    if now >= record.stretch.until {
        return Reason::new(&CAMPAIGN_ENDED, [record.stretch.until, 0, 0]);
    }
    let next = record.intervals.iter().map(|interval| interval.from).find(|from| *from > now);
    Reason::new(&OUTSIDE_SCHEDULE, [next.unwrap_or(record.stretch.until), 0, 0])
}

/// Whether the rule holds.
#[inline]
pub(super) fn qualifies(promotion: &Promotion, facts: &Facts<'_>) -> bool {
    let record = &promotion.record;
    if promotion.is_conjunction {
        return record.conditions.iter().all(|condition| condition.holds(facts));
    }
    if promotion.waits_for_turn && record.rule.contains(&Node::Not) {
        // what does not hold of the whole cart may hold of what is left of it
        return true;
    }
    verdict(&record.rule, |index| record.conditions.get(index).is_some_and(|condition| condition.holds(facts)))
}

/// Whether the rule still holds when the campaign's turn comes.
pub(super) fn qualifies_at(promotion: &Promotion, facts: &Facts<'_>, turn: &Turn<'_>) -> bool {
    let record = &promotion.record;
    let holds = |condition: &Condition| condition.refusal_at(facts, turn).is_none();
    record.rule.is_empty() || verdict(&record.rule, |index| record.conditions.get(index).is_some_and(holds))
}

/// Evaluates a rule in postfix order; verdicts wait as bits of one word, the last one lowest.
fn verdict(rule: &[Node], mut holds: impl FnMut(usize) -> bool) -> bool {
    let mut stack = 0_u64;
    for node in rule {
        stack = match *node {
            Node::Condition(index) => (stack << 1) | u64::from(holds(usize::from(index))),
            Node::All(count) => {
                let (rest, last) = pop(stack, count);
                (rest << 1) | u64::from(last == mask(count))
            }
            Node::Any(count) => {
                let (rest, last) = pop(stack, count);
                (rest << 1) | u64::from(last != 0)
            }
            Node::Not => stack ^ 1,
            Node::Named => stack,
        };
    }
    stack & 1 == 1
}

fn mask(count: u16) -> u64 {
    1_u64.checked_shl(u32::from(count)).unwrap_or(0).wrapping_sub(1)
}

fn pop(stack: u64, count: u16) -> (u64, u64) {
    (stack.checked_shr(u32::from(count)).unwrap_or(0), stack & mask(count))
}

/// The verdict of a part of a rule.
#[derive(Clone, Copy)]
struct Verdict {
    holds: bool,
    /// Whether a change of the cart alone may make it hold.
    waits: bool,
    /// From where on the reasons are why it does not hold.
    reasons_from: usize,
}

/// Joins the verdicts from `at` on into one.
fn join(verdicts: &mut Vec<Verdict>, at: usize, all: bool, reasons: &mut Vec<Reason>) {
    let members = verdicts.get(at..).unwrap_or(&[]);
    let mut joined = Verdict { holds: all, waits: all, reasons_from: reasons.len() };
    for member in members.iter().rev() {
        (joined.holds, joined.waits) = match all {
            true => (joined.holds && member.holds, joined.waits && (member.holds || member.waits)),
            false => (joined.holds || member.holds, joined.waits || member.waits),
        };
        joined.reasons_from = member.reasons_from;
    }
    if joined.holds {
        reasons.truncate(joined.reasons_from);
    }
    verdicts.truncate(at);
    verdicts.push(joined);
}

/// Every condition whose failure keeps the rule from holding, in document order: those under `all` and `any`
/// that fail. Returns whether a change of the cart alone may make the rule hold.
///
/// What is under `not` cannot be named by the conditions that hold: it is told as the rule, once, and nothing that is
/// added to the cart takes it back.
///
/// With a `turn` it tells why the rule does not hold then, else why it does not hold of the cart as it came in.
pub(super) fn why_not_qualified(
    promotion: &Promotion,
    facts: &Facts<'_>,
    turn: Option<&Turn<'_>>,
    reasons: &mut Vec<Reason>,
) -> bool {
    let record = &promotion.record;
    let told_from = reasons.len();
    let mut verdicts: Vec<Verdict> = Vec::new();
    for node in &record.rule {
        let reasons_from = reasons.len();
        match *node {
            Node::Condition(index) => {
                let Some(condition) = record.conditions.get(usize::from(index)) else { continue };
                let refusal = match turn {
                    Some(turn) => condition.refusal_at(facts, turn),
                    None => (!condition.holds(facts)).then(|| condition.refusal(facts)),
                };
                let holds = refusal.is_none();
                let mut waits = false;
                if let Some(refusal) = refusal {
                    waits = refusal.kind.waits_for_cart;
                    reasons.push(Reason { condition: Some(index), ..refusal });
                }
                verdicts.push(Verdict { holds, waits, reasons_from });
            }
            Node::All(count) | Node::Any(count) => {
                let at = verdicts.len().saturating_sub(usize::from(count));
                join(&mut verdicts, at, matches!(node, Node::All(_)), reasons);
            }
            Node::Named => {}
            Node::Not => {
                let Some(verdict) = verdicts.last_mut() else { continue };
                reasons.truncate(verdict.reasons_from);
                if verdict.holds {
                    reasons.push(Reason::new(&RULE_NOT_MET, [0; 3]));
                }
                (verdict.holds, verdict.waits) = (!verdict.holds, false);
            }
        }
    }
    join(&mut verdicts, 0, true, reasons);
    let (mut at, mut told) = (0_usize, false);
    reasons.retain(|reason| {
        let is_rule = at >= told_from && core::ptr::eq(reason.kind, &RULE_NOT_MET);
        let again = is_rule && told;
        told |= is_rule;
        at = at.saturating_add(1);
        !again
    });
    verdicts.last().is_some_and(|rule| rule.waits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postfix_rules_keep_what_is_below_the_operator() {
        // c0 and (c1 or not c2)
        let rule = [Node::Condition(0), Node::Condition(1), Node::Condition(2), Node::Not, Node::Any(2), Node::All(2)];
        let of = |bits: [bool; 3]| verdict(&rule, |index| bits[index]);
        assert!(of([true, true, true]));
        assert!(of([true, false, false]));
        assert!(!of([true, false, true]));
        assert!(!of([false, true, false]));
    }
}
