//! A failure made small: whatever can be left out of the data while it still fails is left out.

use serde_json::Value;

/// Most attempts to leave something out.
const MAX_ATTEMPTS: usize = 6_000;

/// The smallest data found that still fails.
pub fn smallest(data: &Value, fails: &dyn Fn(&Value) -> bool) -> Value {
    let mut search = Search { best: data.clone(), fails, left: MAX_ATTEMPTS };
    while search.left > 0 && search.without_parts("") | search.with_less("") {}
    search.best
}

struct Search<'a> {
    best: Value,
    fails: &'a dyn Fn(&Value) -> bool,
    left: usize,
}

impl Search<'_> {
    /// Keeps a change that still fails; returns whether it does.
    fn attempt(&mut self, change: impl FnOnce(&mut Value)) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        let mut smaller = self.best.clone();
        change(&mut smaller);
        let still = (self.fails)(&smaller);
        if still {
            self.best = smaller;
        }
        still
    }

    fn at(&self, pointer: &str) -> &Value {
        self.best.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// Leaves out members and elements, the outer ones first.
    fn without_parts(&mut self, pointer: &str) -> bool {
        let mut found = false;
        // from the last on, so that the places of the others stay
        let names: Vec<String> = match self.at(pointer) {
            Value::Object(members) => members.keys().rev().cloned().collect(),
            Value::Array(elements) => (0..elements.len()).rev().map(|at| at.to_string()).collect(),
            _ => return false,
        };
        for name in names {
            let is_out = self.attempt(|data| match data.pointer_mut(pointer) {
                Some(Value::Object(members)) => drop(members.remove(&name)),
                Some(Value::Array(elements)) => drop(elements.remove(name.parse().expect("a place"))),
                _ => {}
            });
            found |= is_out || self.without_parts(&format!("{pointer}/{name}"));
        }
        found
    }

    /// Makes numbers smaller, and a rule of one what it is a rule of.
    fn with_less(&mut self, pointer: &str) -> bool {
        let less: Vec<Value> = match self.at(pointer) {
            Value::Number(number) => {
                let number = number.as_i64().unwrap_or(0);
                let less = [0, 1, number / 10, number / 2, number - number % 100, number - 1].into_iter();
                less.filter(|less| *less >= 0 && *less < number).map(Value::from).collect()
            }
            Value::Object(members) if members.len() == 1 => ["all", "any"]
                .iter()
                .filter_map(|name| members.get(*name)?.as_array().filter(|rules| rules.len() == 1)?.first().cloned())
                .collect(),
            _ => Vec::new(),
        };
        let put = |value: Value| {
            let pointer = pointer.to_owned();
            move |data: &mut Value| data.pointer_mut(&pointer).into_iter().for_each(|place| *place = value.clone())
        };
        let mut found = less.into_iter().any(|value| self.attempt(put(value)));
        let names: Vec<String> = match self.at(pointer) {
            Value::Object(members) => members.keys().cloned().collect(),
            Value::Array(elements) => (0..elements.len()).map(|at| at.to_string()).collect(),
            _ => Vec::new(),
        };
        for name in names {
            found |= self.with_less(&format!("{pointer}/{name}"));
        }
        found
    }
}
