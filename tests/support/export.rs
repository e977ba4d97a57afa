//! What the native run leaves behind for the other hosts: signed snapshots, requests and exact answers.

use std::path::PathBuf;

use counterfoil::error::Error;
use serde_json::{json, Map, Value};

use crate::case::Case;
use crate::output::{is_wanted, snapshots, target};
use crate::shop::{self, Shop};

/// Collects answers, when `CORPUS_ANSWERS` asks for them.
pub struct Export {
    wanted: bool,
    answers: Map<String, Value>,
    cases: Vec<Value>,
}

/// A return as it was asked for, and what it was paid.
pub type Refunded = (String, Result<String, Error>);

/// The answers of one file.
pub struct Exported {
    snapshot: String,
    path: String,
    now: i64,
    bytes: Vec<u8>,
    answers: Vec<(String, String)>,
    cases: Vec<Value>,
}

impl Export {
    /// An export that writes when the environment says so.
    pub fn from_environment() -> Export {
        Export { wanted: is_wanted(), answers: Map::new(), cases: Vec::new() }
    }

    /// Begins with a file, the `number`th of the index.
    pub fn file(&self, number: usize, path: &str, shop: &Shop) -> Exported {
        Exported {
            snapshot: format!("{number}.cfs"),
            path: path.to_owned(),
            now: shop.now,
            bytes: if self.wanted { shop.snapshot.clone() } else { Vec::new() },
            answers: Vec::new(),
            cases: Vec::new(),
        }
    }

    /// Keeps what a file's cases answered.
    pub fn keep(&mut self, file: Exported) {
        if !self.wanted {
            return;
        }
        let folder = snapshots();
        std::fs::write(folder.join(&file.snapshot), &file.bytes).unwrap();
        self.answers.extend(file.answers.into_iter().map(|(name, text)| (name, Value::String(text))));
        self.cases.extend(file.cases);
    }

    /// Writes everything.
    pub fn write(self) {
        if !self.wanted {
            return;
        }
        let folder = snapshots();
        let write = |path: PathBuf, value: &Value| {
            std::fs::write(path, serde_json::to_string_pretty(value).unwrap()).unwrap();
        };
        write(folder.join("key-ring.json"), &json!(shop::key_ring()));
        write(folder.join("cases.json"), &json!({ "format": 1, "cases": self.cases }));
        write(target().join("corpus-answers.json"), &Value::Object(self.answers));
    }
}

impl Exported {
    /// Adds a case with what it answered.
    pub fn add(
        &mut self,
        case: &Case,
        body: &str,
        answer: &Result<String, Error>,
        trace: Option<&Result<String, Error>>,
        refunds: &[Refunded],
    ) {
        if let Ok(text) = answer {
            self.answers.push((case.name.clone(), text.clone()));
        }
        let mut exported = json!({
            "name": case.name,
            "file": self.path,
            "snapshot": self.snapshot,
            "openAt": self.now,
            "disclosure": case.disclosure_name(),
            "request": body,
        });
        tell(&mut exported, answer);
        if let Some(Ok(trace)) = trace {
            exported["trace"] = json!(trace);
        }
        if !refunds.is_empty() {
            let told = refunds.iter().map(|(body, answer)| {
                let mut told = json!({ "request": body });
                tell(&mut told, answer);
                told
            });
            exported["returns"] = told.collect();
        }
        self.cases.push(exported);
    }
}

/// Adds an `answer`, or the `error` in its place.
fn tell(exported: &mut Value, answer: &Result<String, Error>) {
    match answer {
        Ok(text) => exported["answer"] = json!(text),
        Err(error) => {
            let pointer = error.first().at.as_ref().map_or("", |place| place.pointer.as_str());
            exported["error"] = json!({ "code": error.code(), "pointer": pointer });
        }
    }
}
