//! What a source says of one thing, cells of a row or members of an object, and which of it was read.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// What is said of one thing.
pub struct Record {
    said: Map<String, Value>,
    read: BTreeSet<String>,
}

impl Record {
    /// Nothing of it is read yet.
    pub fn of(said: Map<String, Value>) -> Record {
        Record { said, read: BTreeSet::new() }
    }

    /// The first of these members that says something, as it stands.
    fn value(&mut self, names: &[&str]) -> Option<&Value> {
        self.read.extend(names.iter().map(|name| (*name).to_string()));
        names.iter().find_map(|name| self.said.get(*name)).filter(|value| says_something(value))
    }

    /// A text, or a number as a text.
    pub fn text(&mut self, names: &[&str]) -> Option<String> {
        match self.value(names)? {
            Value::String(text) => Some(text.trim().into()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A whole number.
    pub fn whole(&mut self, names: &[&str]) -> Option<i64> {
        self.text(names)?.parse().ok()
    }

    /// The texts of a list, which a cell writes with commas or bars.
    pub fn list(&mut self, names: &[&str]) -> Vec<String> {
        let texts = match self.value(names) {
            Some(Value::Array(elements)) => elements.iter().map(spelled).collect(),
            Some(one) => spelled(one).split([',', '|']).map(|part| part.trim().to_string()).collect(),
            None => Vec::new(),
        };
        texts.into_iter().filter(|text| !text.is_empty()).collect()
    }

    /// Whether it says yes.
    pub fn yes(&mut self, names: &[&str]) -> bool {
        match self.value(names) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => ["yes", "true", "1"].contains(&text.to_ascii_lowercase().as_str()),
            _ => false,
        }
    }

    /// Takes members as read: nothing that is carried over goes by them.
    pub fn pass_over(&mut self, names: &[&str]) {
        self.read.extend(names.iter().map(|name| (*name).to_string()));
    }

    /// What says something and was not read.
    pub fn unread(&self) -> Vec<&str> {
        let unread = self.said.iter().filter(|(name, value)| says_something(value) && !self.read.contains(*name));
        unread.map(|(name, _)| name.as_str()).collect()
    }
}

fn spelled(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), String::from)
}

/// Whether a member says more than its absence would.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) | Value::Number(_) => true,
        Value::String(text) => !["", "no", "false", "[]", "a:0:{}"].contains(&text.trim()),
        Value::Array(elements) => !elements.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_stand_in_cells_and_in_arrays() {
        let said = json!({ "cell": "11|12, 13", "array": [14, "15"], "off": "no" });
        let mut record = Record::of(said.as_object().unwrap().clone());
        assert_eq!(record.unread(), ["array", "cell"]);
        assert_eq!(record.list(&["cell"]), ["11", "12", "13"]);
        assert_eq!(record.list(&["array"]), ["14", "15"]);
        assert!(record.unread().is_empty());
    }
}
