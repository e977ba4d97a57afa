//! The rule of a campaign: conditions under `all`, `any` and `not`, flattened into postfix order, with the rules and
//! segments that have names put in their place.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::{json, Value as Json};

use super::declared::{listed, Declared, Names};
use crate::campaign::reading;
use crate::catalog::section::Node;
use crate::condition::Condition;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::VocabularyBuilder;

/// Most nodes in a rule, those of the rules it names included.
pub const MAX_NODES: usize = 256;
/// Deepest nesting of a rule.
pub const MAX_DEPTH: usize = 16;
/// Most members of one `all` or `any`.
pub const MAX_MEMBERS: usize = 48;
/// Most verdicts that may wait for the others of their lists: the engine's stack is one word.
const MAX_WAITING: usize = 64;

/// Conditions that look at what is left when they say so.
const WITH_BASE: &[&str] = &["min_subtotal", "subtotal"];

/// What rules are translated with.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    pub(super) declared: &'a Declared<'a>,
    /// Whether thresholds that name no base look at what is left.
    pub(super) rechecks: bool,
}

/// Translates a rule; faults are collected and the rest is looked at all the same.
pub(super) fn compile(
    rule: &Json,
    at: &Pointer,
    rules: Rules<'_>,
    vocabulary: &mut VocabularyBuilder,
    conditions: &mut Vec<Condition>,
    nodes: &mut Vec<Node>,
    faults: &mut Vec<Diagnostic>,
) {
    let open = Vec::new();
    let (seen, own, by_name) = (0, 0, None);
    let mut walk = Walk { rules, vocabulary, conditions, nodes, faults, open, waiting: 0, seen, own, by_name };
    walk.node(rule, at, 1);
}

/// Finds what is wrong with a rule that has a name.
pub(super) fn check(
    names: Names,
    name: &str,
    rule: &Json,
    at: &Pointer,
    declared: &Declared<'_>,
    vocabulary: &mut VocabularyBuilder,
    faults: &mut Vec<Diagnostic>,
) {
    let (conditions, nodes) = (&mut Vec::new(), &mut Vec::new());
    let open = [(names, name.to_owned())].to_vec();
    let (seen, own, by_name) = (0, 1, None);
    let rules = Rules { declared, rechecks: false };
    let mut walk = Walk { rules, vocabulary, conditions, nodes, faults, open, waiting: 0, seen, own, by_name };
    walk.node(rule, at, 1);
}

struct Walk<'a> {
    rules: Rules<'a>,
    vocabulary: &'a mut VocabularyBuilder,
    conditions: &'a mut Vec<Condition>,
    nodes: &'a mut Vec<Node>,
    faults: &'a mut Vec<Diagnostic>,
    /// The names that are being put in their place, outermost first.
    open: Vec<(Names, String)>,
    /// How many verdicts wait where the walk is.
    waiting: usize,
    /// How many nodes documents have written.
    seen: usize,
    /// How many names are open where faults are told: what is wrong inside others is told where they stand.
    own: usize,
    /// Where the document names what the walk is in; what a name stands for is written elsewhere.
    by_name: Option<Pointer>,
}

impl Walk<'_> {
    fn node(&mut self, rule: &Json, at: &Pointer, depth: usize) {
        self.seen = self.seen.saturating_add(1);
        if depth > MAX_DEPTH || self.seen > MAX_NODES {
            let message = format!("the rule has more than {MAX_NODES} nodes or is nested deeper than {MAX_DEPTH}");
            return self.too_large(message, "simplify the rule or use segments", at);
        }
        if self.waiting >= MAX_WAITING {
            let message = format!("more than {MAX_WAITING} conditions stand before this one in nested lists");
            return self.too_large(message, "put nested `all` and `any` first in their lists", at);
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
        } else if let Some(name) = member("rule") {
            self.reference(name, &at.key("rule"), depth);
        } else if !self.segments(rule, at, depth) {
            self.condition(rule, at);
        }
    }

    fn condition(&mut self, rule: &Json, at: &Pointer) {
        if let Some(of) =
            ["lines", "are"].into_iter().find(|of| rule.get(*of).and_then(|of| of.get("discounted")).is_some())
        {
            let help = "ask the condition `undiscounted`, or say it of the discount's own `lines`";
            let at = at.key(of).key("discounted");
            return self.fault(reading::invalid("conditions look at the cart before any discount", help, &at));
        }
        let rechecked = self.rules.rechecks.then(|| rechecked(rule)).flatten();
        match Condition::compile(rechecked.as_ref().unwrap_or(rule), self.vocabulary, at) {
            Ok(condition) => {
                self.nodes.push(Node::Condition(u16::try_from(self.conditions.len()).unwrap_or(u16::MAX)));
                self.conditions.push(condition);
            }
            Err(fault) => self.fault(fault),
        }
    }

    fn several(&mut self, list: &Json, at: &Pointer, depth: usize, join: fn(u16) -> Node) {
        let rules = list.as_array().map(Vec::as_slice).unwrap_or_default();
        if rules.is_empty() || rules.len() > MAX_MEMBERS {
            let help = format!("write a list of 1 to {MAX_MEMBERS} conditions");
            return self.fault(reading::invalid("this is no list of conditions", help, at));
        }
        let waiting = self.waiting;
        for (index, rule) in rules.iter().enumerate() {
            self.waiting = waiting.saturating_add(index);
            self.node(rule, &at.index(index), depth.saturating_add(1));
        }
        self.waiting = waiting;
        self.nodes.push(join(u16::try_from(rules.len()).unwrap_or(u16::MAX)));
    }

    /// A rule by its name.
    fn reference(&mut self, name: &Json, at: &Pointer, depth: usize) {
        let Some(name) = name.as_str() else {
            return self.fault(reading::invalid("the name of a rule is a text", "name one of `rules`", at));
        };
        if self.rules.declared.rule(Names::Rules, name).is_none() {
            let help = format!("declare it in `rules`; {}", listed(self.rules.declared.names(Names::Rules)));
            let message = format!("there is no rule `{name}`");
            return self.fault(reading::diagnostic("reference_unknown", message, help, at));
        }
        self.named(Names::Rules, name, at, depth);
    }

    /// A condition that asks for segments of which some are declared: those are asked by what they are. Returns
    /// whether it is one.
    fn segments(&mut self, rule: &Json, at: &Pointer, depth: usize) -> bool {
        let is_segment = rule.get("type").and_then(Json::as_str) == Some("segment");
        let asked = rule.get("anyOf").filter(|_| is_segment).and_then(Json::as_array);
        let names = asked.into_iter().flatten().filter_map(Json::as_str);
        let (known, told): (Vec<&str>, Vec<&str>) =
            names.partition(|name| self.rules.declared.rule(Names::Segments, name).is_some());
        if known.is_empty() {
            return false;
        }
        // its other members are checked as those of any condition
        if let Err(fault) = Condition::compile(rule, &mut VocabularyBuilder::default(), at) {
            self.fault(fault);
            return true;
        }
        let mut members = 0_u16;
        let waiting = self.waiting;
        if !told.is_empty() {
            // the request tells the others
            self.condition(&json!({ "type": "segment", "anyOf": told }), at);
            members = members.saturating_add(1);
        }
        for name in known {
            self.waiting = waiting.saturating_add(usize::from(members));
            self.named(Names::Segments, name, &at.key("anyOf"), depth);
            members = members.saturating_add(1);
        }
        self.waiting = waiting;
        if members > 1 {
            self.nodes.push(Node::Any(members));
            self.nodes.push(Node::Named);
        }
        true
    }

    /// Puts what a name stands for in its place.
    fn named(&mut self, names: Names, name: &str, at: &Pointer, depth: usize) {
        if self.open.iter().any(|open| *open == (names, name.to_owned())) {
            let path: Vec<String> = self.open.iter().map(|(_, name)| format!("`{name}`")).collect();
            let message = format!("a rule refers to itself: {} leads back to `{name}`", path.join(", "));
            let help = "take one of the references out";
            // told by each rule of the circle, at its own place
            if self.own == 1 && self.open.first().is_some_and(|first| *first == (names, name.to_owned())) {
                let at = self.by_name.as_ref().unwrap_or(at);
                self.faults.push(*reading::diagnostic("reference_circular", message, help, at));
            }
            return;
        }
        let Some(rule) = self.rules.declared.rule(names, name) else { return };
        self.open.push((names, name.to_owned()));
        let outer = self.by_name.clone();
        self.by_name.get_or_insert_with(|| at.clone());
        self.node(&rule.clone(), at, depth.saturating_add(1));
        self.by_name = outer;
        self.open.pop();
        self.nodes.push(Node::Named);
    }

    fn too_large(&mut self, message: String, help: &str, at: &Pointer) {
        let at = self.by_name.as_ref().unwrap_or(at);
        let fault = *reading::diagnostic("rule_too_large", message, help, at);
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// What is wrong inside a named rule is told once, where it stands.
    fn fault(&mut self, fault: impl Into<Diagnostic>) {
        if self.open.len() <= self.own {
            self.faults.push(fault.into());
        }
    }
}

/// A threshold that looks at what is left, where it does not say what it looks at.
fn rechecked(condition: &Json) -> Option<Json> {
    let kind = condition.get("type").and_then(Json::as_str)?;
    let mut rechecked = condition.as_object().filter(|_| WITH_BASE.contains(&kind))?.clone();
    rechecked.entry("base").or_insert_with(|| "running".into());
    Some(Json::Object(rechecked))
}
