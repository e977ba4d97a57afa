//! What an expectation asks of an answer: objects may have more, lists may not, `null` is a member that is not
//! there.

use serde_json::Value;

/// Every place where the answer is not as expected.
pub fn differences(expected: &Value, actual: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(expected, actual, "", &mut found);
    found
}

fn compare(expected: &Value, actual: &Value, at: &str, found: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(wanted), Value::Object(there)) => {
            for (key, wanted) in wanted {
                let at = format!("{at}/{key}");
                match there.get(key) {
                    Some(there) => compare(wanted, there, &at, found),
                    None if wanted.is_null() => {}
                    None => found.push(format!("{at}: expected {wanted}, there is none")),
                }
            }
        }
        (Value::Array(wanted), Value::Array(there)) => {
            if wanted.len() != there.len() {
                let (wanted, there) = (wanted.len(), there.len());
                found.push(format!("{at}: expected {wanted} elements, there are {there}: {actual}"));
                return;
            }
            for (index, (wanted, there)) in wanted.iter().zip(there).enumerate() {
                compare(wanted, there, &format!("{at}/{index}"), found);
            }
        }
        _ if expected == actual => {}
        _ => found.push(format!("{at}: expected {expected}, got {actual}")),
    }
}
