//! Which lines are meant.

use serde_json::Value;

use super::numbers::{amount, members, whole};

/// Fields combine with and, values with or; a line with any excluded value is not selected.
pub(super) fn selects(selector: &Value, line: &Value, request: &Value) -> bool {
    let field = |selector: &Value, name: &str, of_line: &Value| {
        let wanted = members(selector, name);
        (!wanted.is_empty()).then(|| shares_a_value(&selector[name], of_line))
    };
    let verdicts = |selector: &Value| -> Vec<bool> {
        let mut verdicts: Vec<bool> = [("categories", "categories"), ("skus", "sku"), ("products", "product")]
            .into_iter()
            .filter_map(|(name, of_line)| field(selector, name, &line[of_line]))
            .collect();
        for (name, wanted) in selector["attributes"].as_object().into_iter().flatten() {
            verdicts.push(shares_a_value(wanted, &line["attributes"][name]));
        }
        verdicts
    };
    let price = |name: &str| match &selector["unitPrice"][name] {
        Value::Null => Some(None),
        bound => amount(bound, request).map(Some),
    };
    let (Some(least), Some(most)) = (price("atLeast"), price("atMost")) else { return false };
    let own = whole(&line["unitPrice"]);
    least.is_none_or(|least| own >= least)
        && most.is_none_or(|most| own <= most)
        && verdicts(selector).into_iter().all(|holds| holds)
        && !verdicts(&selector["except"]).into_iter().any(|holds| holds)
}

/// A value or a list of values; nothing for null.
pub(super) fn several(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().filter(|value| !value.is_null()).collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

pub(super) fn shares_a_value(wanted: &Value, there: &Value) -> bool {
    several(there).iter().any(|value| several(wanted).contains(value))
}
