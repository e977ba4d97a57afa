//! Validation rules as conditions and limits, and back.

use alloc::vec::Vec;

use serde_json::{json, Value};

use super::super::fields::{list, set, text, whole, Row};
use super::super::logic::Tree;
use super::Report;

mod as_rules;
mod condition;

pub(super) use as_rules::{rule_of, to_rules};
pub(super) use condition::{attribute, bounds};

/// Operators that bound a number, each with the member of a condition.
pub(super) const BOUNDS: [(&str, &str); 8] = [
    ("$more_than", "moreThan"),
    ("$more_than_or_equal", "atLeast"),
    ("$less_than", "lessThan"),
    ("$less_than_or_equal", "atMost"),
    ("$greater_than", "moreThan"),
    ("$greater_than_or_equal", "atLeast"),
    ("$is", "is"),
    ("$in", "is"),
];

/// The condition of a set of rules; what counts redemptions becomes a limit.
pub(super) fn when(set_of_rules: &Value, currency: &str, limits: &mut Row, report: &mut Report) -> Option<Value> {
    let rules = set_of_rules["rules"].as_object()?;
    let numbers: Vec<&str> =
        rules.iter().filter(|(_, rule)| rule.is_object()).map(|(number, _)| number.as_str()).collect();
    let tree = Tree::read(text(&set_of_rules["rules"]["logic"]).unwrap_or_default(), numbers.iter().copied());
    for number in numbers.iter().filter(|number| !tree.names(number)) {
        report.lost(text(&rules[*number]["name"]).unwrap_or(number.as_ref()), "the logic does not name this rule");
    }
    for number in &numbers {
        let words = &rules[*number]["error"]["message"];
        if !words.is_null() {
            report.lost("rules.error.message", "refusals have words of their own; a shop words them by `code`");
        }
    }
    if !set_of_rules["error"].is_null() {
        report.lost("error.message", "refusals have words of their own; a shop words them by `code`");
    }
    Asking { currency, limits, report }.tree(&tree, &set_of_rules["rules"], true)
}

/// Where the conditions of rules, and the limits among them, are written.
struct Asking<'a> {
    currency: &'a str,
    limits: &'a mut Row,
    report: &'a mut Report,
}

impl Asking<'_> {
    /// The condition of rules that hold together so; limits hold by themselves, where `is_all` of the rules must hold.
    fn tree(&mut self, tree: &Tree, rules: &Value, is_all: bool) -> Option<Value> {
        match tree {
            Tree::Rule(number) => self.rule(&rules[number.as_str()], is_all),
            Tree::All(trees) => self.joined(trees, "all", rules, is_all),
            Tree::Any(trees) => self.joined(trees, "any", rules, false),
            Tree::Not(tree) => Some(json!({ "not": self.tree(tree, rules, false)? })),
        }
    }

    fn joined(&mut self, trees: &[Tree], word: &str, rules: &Value, is_all: bool) -> Option<Value> {
        let conditions = trees.iter().filter_map(|tree| self.tree(tree, rules, is_all));
        join(word, conditions.collect())
    }

    fn rule(&mut self, rule: &Value, is_all: bool) -> Option<Value> {
        let name = text(&rule["name"]).unwrap_or_default();
        if condition::asks_lines(name) {
            let asked = condition::of_lines(name, rule, self.currency);
            return self.or_lost(name, asked);
        }
        let within = self.within(rule, is_all);
        let asked = if name == "publication.redeemable_by_linked_customer"
            && rule["conditions"] == json!({ "$is": [true] })
        {
            match is_all {
                true => self.report.for_holders = true,
                false => self.report.rule_lost(name, "whose a code is holds by itself, not as one of several choices"),
            }
            None
        } else if let Some(limit) = limit(name) {
            if !is_all {
                self.report.rule_lost(name, "a limit holds by itself, not as one of several choices");
            } else if !take_limit(limit, rule, self.currency, self.limits) {
                self.report.rule_lost(name, "a limit is told as the most there may be");
            }
            None
        } else {
            let asked = condition::condition(rule, self.currency);
            self.or_lost(name, asked)
        };
        join("all", asked.into_iter().chain(within).collect())
    }

    /// The rules within a rule, which must hold too.
    fn within(&mut self, rule: &Value, is_all: bool) -> Option<Value> {
        let inner = rule["rules"].as_object()?;
        let numbers = inner.iter().filter(|(_, rule)| rule.is_object()).map(|(number, _)| number.as_str());
        let tree = Tree::read(text(&rule["rules"]["logic"]).unwrap_or_default(), numbers);
        self.tree(&tree, &rule["rules"], is_all)
    }

    fn or_lost(&mut self, name: &str, asked: Option<Value>) -> Option<Value> {
        match &asked {
            None => self.report.rule_lost(name, "no condition of a document asks this"),
            Some(asked) if condition::asks_attributes(asked) => {
                self.report.lost(name, "lines tell the metadata of their products as `attributes`");
            }
            Some(_) => {}
        }
        asked
    }
}

/// One condition of several, where there are any.
fn join(word: &str, mut conditions: Vec<Value>) -> Option<Value> {
    if conditions.len() > 1 {
        Some(json!({ word: conditions }))
    } else {
        conditions.pop()
    }
}

fn limit(name: &str) -> Option<&'static str> {
    Some(match name {
        "campaign.redemptions.count.daily"
        | "campaign.redemptions.count.weekly"
        | "campaign.redemptions.count.monthly" => "perPeriod",
        "campaign.redemptions.customers_count.daily"
        | "campaign.redemptions.customers_count.weekly"
        | "campaign.redemptions.customers_count.monthly" => "perCustomerInPeriod",
        "campaign.redemptions.count" => "total",
        "redemption.count.per_customer" | "campaign.redemptions.customers_count" => "perCustomer",
        "campaign.orders.amount_discounted" => "budget",
        _ => return None,
    })
}

const PERIODS: [(&str, &str); 3] = [(".daily", "day"), (".weekly", "week"), (".monthly", "month")];

fn take_limit(limit: &str, rule: &Value, currency: &str, limits: &mut Row) -> bool {
    let conditions = &rule["conditions"];
    let first = |operator: &str| list(&conditions[operator]).first().and_then(|value| whole(value));
    let most = first("$less_than_or_equal").or_else(|| first("$less_than").map(|most| most.saturating_sub(1)));
    let Some(most) = most else { return false };
    let period = text(&rule["name"]).and_then(|name| PERIODS.iter().find(|(end, _)| name.ends_with(end)));
    if let Some((_, period)) = period {
        // one period is told for both limits of periods
        if limits.get("period").is_some_and(|told| told.as_str() != Some(period)) {
            return false;
        }
        set(limits, "period", *period);
    }
    let value = if limit == "budget" { json!({ currency: most }) } else { most.into() };
    set(limits, limit, value);
    true
}
