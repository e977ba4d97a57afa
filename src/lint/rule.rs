//! What a rule of a document asks for at once, what excludes what, and how much a discount takes.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::{Map, Value as Json};

use crate::digits::decimal;
use crate::pointer::Pointer;

/// Members that are lower bounds of a number.
const AT_LEAST: &[&str] = &["atLeast", "moreThan"];
/// Members that are upper bounds of a number.
const AT_MOST: &[&str] = &["atMost", "lessThan"];
/// Kinds whose fact has one value in a request, so that two lists without a common value exclude each other.
const SINGLE_VALUED: &[&str] = &["country", "channel"];

/// All there is, as a [`share`].
pub(super) const WHOLE: i64 = 1_000_000_000;

/// The share of a discount that takes one: a hundred percent is [`WHOLE`].
pub(super) fn share(discount: &Json) -> Option<i64> {
    decimal(discount.get("percent")?.as_str()?, 7)
}

/// One of the conditions that must all hold.
pub(super) struct Required<'a> {
    condition: &'a Json,
    holds: bool,
    pub(super) at: Pointer,
}

/// The conditions that must all hold: those that `all` joins at the top, and below it.
pub(super) fn required<'a>(rule: &'a Json, at: &Pointer) -> Vec<Required<'a>> {
    let mut found = Vec::new();
    gather(rule, true, at.clone(), &mut found);
    found
}

fn gather<'a>(rule: &'a Json, holds: bool, at: Pointer, found: &mut Vec<Required<'a>>) {
    // not any is all not
    let joined = if holds { "all" } else { "any" };
    if let Some(rules) = rule.get(joined).and_then(Json::as_array) {
        for (index, rule) in rules.iter().enumerate() {
            gather(rule, holds, at.key(joined).index(index), found);
        }
    } else if let Some(inner) = rule.get("not") {
        gather(inner, !holds, at.key("not"), found);
    } else if rule.get("type").is_some() {
        found.push(Required { condition: rule, holds, at });
    }
}

impl Required<'_> {
    /// Whether this one and another can never both hold.
    pub(super) fn excludes(&self, other: &Required<'_>) -> bool {
        match (self.holds, other.holds) {
            (true, true) => excludes(self.condition, other.condition),
            (false, false) => false,
            _ => self.condition == other.condition,
        }
    }

    /// The currencies in which it can hold, where it asks for an amount.
    pub(super) fn currencies(&self) -> Option<Vec<&String>> {
        let bounds = ["amount"].iter().chain(AT_LEAST).chain(AT_MOST).filter(|_| self.holds);
        let mut amounts = bounds.filter_map(|name| self.condition.get(*name)?.as_object());
        let first = amounts.next()?;
        let rest: Vec<_> = amounts.collect();
        Some(
            first
                .keys()
                .filter(|currency| rest.iter().all(|amounts| amounts.contains_key(currency.as_str())))
                .collect(),
        )
    }

    /// Whether it can never hold: its own bounds leave nothing.
    pub(super) fn is_impossible(&self) -> bool {
        self.holds && excludes(self.condition, self.condition)
    }
}

fn excludes(one: &Json, other: &Json) -> bool {
    let (Json::Object(one), Json::Object(other)) = (&in_bounds(one), &in_bounds(other)) else { return false };
    if one.get("type") != other.get("type") {
        return false;
    }
    let kind = one.get("type").and_then(Json::as_str).unwrap_or_default();
    if apart(one) != apart(other) {
        return false;
    }
    leaves_no_number(one, other)
        || leaves_no_number(other, one)
        || (SINGLE_VALUED.contains(&kind) && have_no_common_value(one, other))
}

/// A condition with a least number, as the one with bounds that says the same.
fn in_bounds(condition: &Json) -> Json {
    let mut same = condition.clone();
    let Some(members) = same.as_object_mut() else { return same };
    let (kind, least) = match members.get("type").and_then(Json::as_str) {
        Some("min_subtotal") => ("subtotal", "amount"),
        Some("min_quantity") => ("quantity", "quantity"),
        _ => return same,
    };
    if let Some(least) = members.remove(least) {
        members.insert("type".into(), kind.into());
        members.insert("atLeast".into(), least);
    }
    same
}

/// What a condition asks about, without what is asked.
fn apart(condition: &Map<String, Json>) -> BTreeMap<&str, &Json> {
    let asked = |name: &str| AT_LEAST.contains(&name) || AT_MOST.contains(&name) || name == "in";
    condition.iter().map(|(name, value)| (name.as_str(), value)).filter(|(name, _)| !asked(name)).collect()
}

/// Whether the lower bound of one is above the upper bound of the other; of amounts in every currency that both tell, since
/// a condition does not hold in one that it does not tell.
fn leaves_no_number(lower: &Map<String, Json>, upper: &Map<String, Json>) -> bool {
    let bound = |of: &Map<String, Json>, names: &[&str]| {
        names
            .iter()
            .find_map(|name| Some((of.get(*name).filter(|bound| !bound.is_null())?.clone(), name.ends_with("Than"))))
    };
    let (Some((least, above)), Some((most, below))) = (bound(lower, AT_LEAST), bound(upper, AT_MOST)) else {
        return false;
    };
    let are_apart = |least: &Json, most: &Json| match (least.as_i64(), most.as_i64()) {
        (Some(least), Some(most)) => least > most || (least == most && (above || below)),
        _ => false,
    };
    match (&least, &most) {
        (Json::Object(least), Json::Object(most)) => {
            let of_both = least.iter().filter_map(|(currency, least)| Some((least, most.get(currency)?)));
            of_both.into_iter().all(|(least, most)| are_apart(least, most))
        }
        (least, most) => are_apart(least, most),
    }
}

fn have_no_common_value(one: &Map<String, Json>, other: &Map<String, Json>) -> bool {
    match (one.get("in").and_then(Json::as_array), other.get("in").and_then(Json::as_array)) {
        (Some(one), Some(other)) => !one.iter().any(|value| other.contains(value)),
        _ => false,
    }
}

impl Required<'_> {
    /// The least that it asks of the whole cart in a currency, minor units.
    pub(super) fn min_subtotal(&self, currency: &str) -> Option<i64> {
        let condition = in_bounds(self.condition);
        let is_of_all = condition.get("lines").is_none_or(Json::is_null);
        let asks = self.holds && is_of_all && condition.get("type").and_then(Json::as_str) == Some("subtotal");
        let least = |name: &str| condition.get(name).filter(|_| asks)?.get(currency)?.as_i64();
        least("atLeast").or_else(|| least("moreThan").map(|least| least.saturating_add(1)))
    }
}
