//! What a case asks for and the documents of this engine cannot say.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::form::Unknown;

/// Mechanisms that are missing, each once.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Gaps(BTreeSet<String>);

impl Gaps {
    /// Notes a missing mechanism.
    pub fn add(&mut self, mechanism: impl Into<String>) {
        self.0.insert(mechanism.into());
    }

    /// Notes a missing mechanism if it is asked for.
    pub fn add_if(&mut self, asked: bool, mechanism: &str) {
        if asked {
            self.add(mechanism);
        }
    }

    /// Notes every member that the runner does not know, unless it only informs.
    pub fn add_unknown(&mut self, of: &str, unknown: &Unknown, informing: &[&str]) {
        for (name, value) in unknown {
            let says_something = !matches!(value, Value::Null | Value::Bool(false));
            self.add_if(says_something && !informing.contains(&name.as_str()), &format!("the member `{name}` of {of}"));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}
