//! An expectation against an answer: objects as subsets, arrays whole, `null` for a member that is not there.

use counterfoil::pointer::Pointer;
use serde_json::Value as Json;

/// A place where the answer is not what was expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch {
    /// Where in the answer.
    pub pointer: String,
    /// What was expected; nothing for an element too many.
    pub expected: Option<Json>,
    /// What is there; nothing for what is missing.
    pub actual: Option<Json>,
}

/// Every place where `actual` is not what `expected` says.
///
/// ```
/// use counterfoil_cli::corpus::compare;
/// use serde_json::json;
/// let quote = json!({ "total": 900, "lines": [ { "id": "a", "total": 900 } ] });
/// assert!(compare(&json!({ "lines": [ { "total": 900 } ] }), &quote).is_empty());
/// assert_eq!(compare(&json!({ "total": 899, "lines": [] }), &quote).len(), 2);
/// ```
pub fn compare(expected: &Json, actual: &Json) -> Vec<Mismatch> {
    let mut mismatches = Vec::new();
    walk(Some(expected), Some(actual), &Pointer::root(), &mut mismatches);
    mismatches
}

fn walk(expected: Option<&Json>, actual: Option<&Json>, at: &Pointer, mismatches: &mut Vec<Mismatch>) {
    match (expected, actual) {
        (Some(Json::Object(members)), Some(Json::Object(there))) => {
            for (name, member) in members {
                walk(Some(member), there.get(name), &at.key(name), mismatches);
            }
        }
        (Some(Json::Array(elements)), Some(Json::Array(there))) => {
            for index in 0..elements.len().max(there.len()) {
                walk(elements.get(index), there.get(index), &at.index(index), mismatches);
            }
        }
        (Some(Json::Null), None) => {}
        _ if expected == actual => {}
        _ => mismatches.push(Mismatch {
            pointer: at.as_str().to_owned(),
            expected: expected.cloned(),
            actual: actual.cloned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pointers(expected: Json, actual: Json) -> Vec<String> {
        compare(&expected, &actual).into_iter().map(|mismatch| mismatch.pointer).collect()
    }

    #[test]
    fn members_that_are_not_named_do_not_matter() {
        assert!(pointers(json!({}), json!({ "a": 1 })).is_empty());
        assert!(pointers(json!([{ "a": 1 }]), json!([{ "a": 1, "b": 2 }])).is_empty());
    }

    #[test]
    fn null_stands_for_a_member_that_is_not_there() {
        assert!(pointers(json!({ "a": null }), json!({})).is_empty());
        assert_eq!(pointers(json!({ "a": null }), json!({ "a": 1 })), ["/a"]);
        assert_eq!(pointers(json!([]), json!([null])), ["/0"]);
    }

    #[test]
    fn elements_too_many_and_too_few_are_named() {
        assert_eq!(pointers(json!({ "a": [1] }), json!({ "a": [1, 2] })), ["/a/1"]);
        assert_eq!(pointers(json!({ "a": [1, 2] }), json!({ "a": [1] })), ["/a/1"]);
        assert_eq!(pointers(json!({ "a": [] }), json!({ "a": [1] })), ["/a/0"]);
        assert_eq!(pointers(json!({ "a": [] }), json!({})), ["/a"]);
    }

    #[test]
    fn every_difference_is_told() {
        let expected = json!({ "a": 1, "b": { "c/d": "x" }, "e": [1, 2], "f": null });
        let actual = json!({ "a": 2, "b": { "c/d": "y" }, "e": 1, "f": null });
        assert_eq!(pointers(expected, actual), ["/a", "/b/c~1d", "/e"]);
    }
}
