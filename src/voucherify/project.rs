//! The rows of a project, as far as they are loaded: what is asked for and is not there is written down as needed, and what
//! is written is seen by what comes after it in the same call.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::RefCell;

use serde_json::{json, Value};

use super::fields::{at, whole};

/// The rows that a call brought, and what it asks for and writes.
#[derive(Debug)]
pub(super) struct Project {
    rows: Value,
    needs: RefCell<Vec<Value>>,
    written: RefCell<BTreeMap<(String, String), Option<Value>>>,
}

impl Project {
    pub(super) fn new(rows: Value) -> Project {
        Project { rows, needs: RefCell::default(), written: RefCell::default() }
    }

    /// The project's settings.
    pub(super) fn settings(&self) -> &Value {
        &self.rows["settings"]
    }

    /// A row by its id; vouchers by their code.
    pub(super) fn row(&self, object: &str, id: &str) -> Option<Value> {
        if let Some(written) = self.written.borrow().get(&(object.to_string(), id.to_string())) {
            return written.clone();
        }
        match self.rows[plural(object).as_str()].get(id) {
            Some(Value::Null) => None,
            Some(row) => Some(row.clone()),
            None => {
                if !self.has_all(object) {
                    self.need(json!({ "object": object, "id": id }));
                }
                None
            }
        }
    }

    /// The rows of which all these members are so, in the order of their ids.
    pub(super) fn find(&self, object: &str, members: &[(&str, &str)]) -> Vec<(String, Value)> {
        let members: serde_json::Map<String, Value> =
            members.iter().map(|(path, value)| (path.to_string(), Value::from(*value))).collect();
        let need = json!({ "object": object, "where": members });
        if !self.has_all(object) && !self.is_loaded(&need) {
            self.need(need);
            return Vec::new();
        }
        let is_so = |row: &Value| members.iter().all(|(path, value)| at(row, path) == value);
        self.loaded(object).into_iter().filter(|(_, row)| is_so(row)).collect()
    }

    /// The first of them.
    pub(super) fn one(&self, object: &str, member: &str, value: &str) -> Option<Value> {
        self.find(object, &[(member, value)]).into_iter().next().map(|(_, row)| row)
    }

    /// The rows that have not this member.
    pub(super) fn without(&self, object: &str, member: &str) -> Vec<(String, Value)> {
        let need = json!({ "object": object, "where": { member: null } });
        if !self.has_all(object) && !self.is_loaded(&need) {
            self.need(need);
            return Vec::new();
        }
        self.loaded(object).into_iter().filter(|(_, row)| at(row, member).is_null()).collect()
    }

    /// All rows of an object.
    pub(super) fn all(&self, object: &str) -> Vec<(String, Value)> {
        if !self.has_all(object) {
            self.need(json!({ "object": object, "all": true }));
            return Vec::new();
        }
        self.loaded(object)
    }

    fn loaded(&self, object: &str) -> Vec<(String, Value)> {
        let mut rows: BTreeMap<String, Value> = BTreeMap::new();
        if let Some(loaded) = self.rows[plural(object).as_str()].as_object() {
            rows.extend(loaded.iter().map(|(id, row)| (id.clone(), row.clone())));
        }
        for ((of, id), row) in self.written.borrow().iter().filter(|((of, _), _)| of == object) {
            debug_assert_eq!(of, object);
            rows.insert(id.clone(), row.clone().unwrap_or_default());
        }
        rows.into_iter().filter(|(_, row)| !row.is_null()).collect()
    }

    fn has_all(&self, object: &str) -> bool {
        self.is_loaded(&json!({ "object": object, "all": true }))
    }

    fn is_loaded(&self, need: &Value) -> bool {
        self.rows["loaded"].as_array().is_some_and(|loaded| loaded.contains(need))
    }

    fn need(&self, need: Value) {
        let mut needs = self.needs.borrow_mut();
        if !needs.contains(&need) {
            needs.push(need);
        }
    }

    /// What was asked for and is not loaded.
    pub(super) fn needs(&self) -> Vec<Value> {
        self.needs.borrow().clone()
    }

    /// Writes a row.
    pub(super) fn put(&self, object: &str, id: &str, row: Value) {
        self.written.borrow_mut().insert((object.to_string(), id.to_string()), Some(row));
    }

    /// Takes a row out.
    pub(super) fn delete(&self, object: &str, id: &str) {
        self.written.borrow_mut().insert((object.to_string(), id.to_string()), None);
    }

    /// What is written so far; kept aside while something is tried.
    pub(super) fn written(&self) -> BTreeMap<(String, String), Option<Value>> {
        self.written.borrow().clone()
    }

    /// Takes back what was written since.
    pub(super) fn rewind(&self, written: BTreeMap<(String, String), Option<Value>>) {
        *self.written.borrow_mut() = written;
    }

    /// The lists `store` and `delete` of an answer.
    pub(super) fn changes(&self) -> (Vec<Value>, Vec<Value>) {
        let mut store = Vec::new();
        let mut delete = Vec::new();
        for ((object, id), row) in self.written.borrow().iter() {
            match row {
                Some(row) => store.push(json!({ "object": object, "id": id, "value": row })),
                None => delete.push(json!({ "object": object, "id": id })),
            }
        }
        (store, delete)
    }

    /// A number that is counted up under a name.
    pub(super) fn counter(&self, id: &str) -> i64 {
        self.row("counter", id).and_then(|row| whole(&row["value"])).unwrap_or(0)
    }

    /// Adds to it.
    pub(super) fn add(&self, id: &str, amount: i64) {
        let value = self.counter(id).saturating_add(amount);
        self.put("counter", id, json!({ "id": id, "value": value }));
    }

    /// A setting of the stacking rules, or what a new project has. A limit that is null is none.
    pub(super) fn stacking(&self, member: &str) -> Value {
        match self.settings()["stacking_rules"].get(member) {
            Some(given) if !given.is_null() || member.ends_with("_limit") => given.clone(),
            _ => super::stacking::defaults()[member].clone(),
        }
    }
}

/// The member of `project` that holds the rows of an object.
pub(super) fn plural(object: &str) -> String {
    match object.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{object}s"),
    }
}
