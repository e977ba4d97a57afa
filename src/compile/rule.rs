//! The rule of a campaign: conditions under `all`, `any` and `not`, flattened into postfix order.

use alloc::format;
use alloc::vec::Vec;
use serde_json::Value as Json;

use crate::campaign::reading;
use crate::catalog::section::Node;
use crate::condition::Condition;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::VocabularyBuilder;

/// Most nodes in a rule.
pub const MAX_NODES: usize = 256;
/// Deepest nesting of a rule. With it, the verdicts that wait at any moment fit the engine's stack.
pub const MAX_DEPTH: usize = 16;
/// Most members of one `all` or `any`; as for depth.
pub const MAX_MEMBERS: usize = 48;

/// Translates a rule; faults are collected and the rest is looked at all the same.
pub(super) fn compile(
    rule: &Json,
    at: &Pointer,
    vocabulary: &mut VocabularyBuilder,
    conditions: &mut Vec<Condition>,
    nodes: &mut Vec<Node>,
    faults: &mut Vec<Diagnostic>,
) {
    Walk { vocabulary, conditions, nodes, faults }.node(rule, at, 1);
}

struct Walk<'a> {
    vocabulary: &'a mut VocabularyBuilder,
    conditions: &'a mut Vec<Condition>,
    nodes: &'a mut Vec<Node>,
    faults: &'a mut Vec<Diagnostic>,
}

impl Walk<'_> {
    fn node(&mut self, rule: &Json, at: &Pointer, depth: usize) {
        if depth > MAX_DEPTH || self.nodes.len() >= MAX_NODES {
            let message = format!("the rule has more than {MAX_NODES} nodes or is nested deeper than {MAX_DEPTH}");
            self.fault(reading::diagnostic("rule_too_large", message, "simplify the rule or use segments", at));
            return;
        }
        let member = |name: &str| match rule {
            Json::Object(members) if members.len() == 1 => members.get(name),
            _ => None,
        };
        if let Some(list) = member("all") {
            self.several(list, &at.key("all"), depth, Node::All);
        } else if let Some(list) = member("any") {
            self.several(list, &at.key("any"), depth, Node::Any);
        } else if let Some(inner) = member("not") {
            self.node(inner, &at.key("not"), depth.saturating_add(1));
            self.nodes.push(Node::Not);
        } else {
            match Condition::compile(rule, self.vocabulary, at) {
                Ok(condition) => {
                    self.nodes.push(Node::Condition(u16::try_from(self.conditions.len()).unwrap_or(u16::MAX)));
                    self.conditions.push(condition);
                }
                Err(fault) => self.fault(fault),
            }
        }
    }

    fn several(&mut self, list: &Json, at: &Pointer, depth: usize, join: fn(u16) -> Node) {
        let rules = list.as_array().map(Vec::as_slice).unwrap_or_default();
        if rules.is_empty() || rules.len() > MAX_MEMBERS {
            let help = format!("write a list of 1 to {MAX_MEMBERS} conditions");
            return self.fault(reading::invalid("this is no list of conditions", help, at));
        }
        for (index, rule) in rules.iter().enumerate() {
            self.node(rule, &at.index(index), depth.saturating_add(1));
        }
        self.nodes.push(join(u16::try_from(rules.len()).unwrap_or(u16::MAX)));
    }

    fn fault(&mut self, fault: impl Into<Diagnostic>) {
        self.faults.push(fault.into());
    }
}
