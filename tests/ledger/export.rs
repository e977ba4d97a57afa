//! What the native run leaves behind of the histories: which snapshot decides, and what came of each.

use serde_json::{json, Value};

use crate::output::{is_wanted, snapshots};

/// What came of a history.
#[derive(Default)]
pub struct Told {
    /// The snapshot that decides, where there is one.
    pub snapshot: Option<Vec<u8>>,
    /// What was told of each command.
    pub answers: Vec<Value>,
    /// The previews among that, as JSON.
    pub previews: Vec<String>,
    /// The log at the end, as JSON.
    pub events: String,
    /// The state at the end, as JSON.
    pub state: String,
}

/// Collects what came of histories, when `CORPUS_ANSWERS` asks for it.
pub struct Export {
    wanted: bool,
    snapshots: Vec<Vec<u8>>,
    histories: Vec<Value>,
}

impl Export {
    /// An export that writes when the environment says so.
    pub fn from_environment() -> Export {
        Export { wanted: is_wanted(), snapshots: Vec::new(), histories: Vec::new() }
    }

    /// Keeps what came of a history.
    pub fn keep(&mut self, file: &str, name: &str, told: Told) {
        if !self.wanted {
            return;
        }
        let snapshot = told.snapshot.map(|bytes| format!("history-{}.cfs", self.place_of(bytes)));
        let Told { answers, previews, events, state, .. } = told;
        let one = json!({ "file": file, "name": name, "snapshot": snapshot, "answers": answers, "previews": previews,
            "events": events, "state": state });
        self.histories.push(one);
    }

    /// The number of a snapshot; many histories share one.
    fn place_of(&mut self, bytes: Vec<u8>) -> usize {
        let known = self.snapshots.iter().position(|snapshot| *snapshot == bytes);
        known.unwrap_or_else(|| {
            self.snapshots.push(bytes);
            self.snapshots.len() - 1
        })
    }

    /// Writes everything.
    pub fn write(self) {
        if !self.wanted {
            return;
        }
        let folder = snapshots();
        for (place, bytes) in self.snapshots.iter().enumerate() {
            std::fs::write(folder.join(format!("history-{place}.cfs")), bytes).unwrap();
        }
        let all = json!({ "format": 1, "histories": self.histories });
        std::fs::write(folder.join("histories.json"), serde_json::to_string_pretty(&all).unwrap()).unwrap();
    }
}
