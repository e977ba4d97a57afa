//! Who may know whom: reads every `crate::` and `super::` path in `src/` and refuses an edge between two rooms that the
//! table has not. A room is a top-level module of `src/`. ARCHITECTURE.md shows the same table; `lib.rs` is the public
//! face and may name every room; modules under `#[cfg(test)]` may look from anywhere.

#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod paths;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use paths::{paths_to_rooms, Room};

/// A room, and the rooms it may use. Those stand above it: arrows only go up this list, so there is no way round.
#[rustfmt::skip]
const ROOMS: &[(&str, &str)] = &[
    // foundation: knows nothing of promotions
    ("packed",     ""),
    ("digits",     ""),
    ("money",      "packed digits"),
    ("time",       "packed digits"),
    ("threshold",  ""),
    ("code",       ""),
    ("order",      ""),
    ("allocate",   "money"),
    ("pointer",    "digits"),
    ("error",      "digits pointer"),
    ("reason",     "money pointer error"),
    ("json",       "money pointer error"),
    ("vocabulary", "packed digits money"),
    ("selector",   "vocabulary"),
    ("experiment", "vocabulary"),
    // documents, and what rules may ask
    ("cart",       "money time error vocabulary"),
    ("balance",    "money order cart"),
    ("watch",      "money reason balance"),
    ("facts",      "money time selector vocabulary cart balance"),
    // state: decided where it is kept, not where the cart is
    ("ledger",     "digits money threshold time code pointer error"),
    ("campaign",   "digits money time code pointer error selector vocabulary"),
    ("payment",    "packed money time order allocate pointer error reason selector vocabulary cart campaign"),
    // kinds: one file each
    ("condition",  "packed money time code pointer error reason selector vocabulary cart facts campaign"),
    ("discount",   "packed digits money order pointer error reason selector vocabulary cart balance watch facts campaign condition"),
    ("earning",    "packed money pointer error selector vocabulary cart balance facts campaign"),
    // what members earn, keep and spend
    ("loyalty",    "packed money selector vocabulary balance facts campaign discount ledger"),
    // in
    ("codes",      "time code error"),
    ("sealed",     "code error"),
    ("snapshot",   "packed time pointer error"),
    ("catalog",    "packed money time code pointer error vocabulary codes payment condition discount earning"),
    ("lint",       "digits time code pointer error campaign catalog"),
    ("compile",    "money time code pointer error selector vocabulary ledger campaign payment condition discount earning loyalty catalog lint"),
    ("publication", "error sealed snapshot compile"),
    ("unsealing",  "code error sealed snapshot catalog"),
    ("schema",     "ledger campaign payment condition discount earning loyalty"),
    ("request",    "digits money time code pointer error json vocabulary experiment cart codes catalog"),
    // engine and out
    ("engine",     "money threshold time order allocate error reason vocabulary selector cart balance watch facts payment condition discount earning catalog"),
    ("quote",      "digits money time pointer error reason json cart balance payment catalog request engine"),
    ("refund",     "money allocate pointer error json campaign cart balance payment catalog request engine quote"),
    ("trace",      "reason json cart balance watch request engine quote"),
    ("member",     "packed money time pointer error allocate vocabulary selector cart balance facts payment earning ledger loyalty catalog request engine"),
    ("host",       "money time error reason cart balance codes snapshot catalog request engine quote refund trace ledger member"),
    // other people's interfaces
    ("voucherify", "money time cart catalog compile request engine ledger member"),
    // the edge
    ("wasm",       "money time code error reason json vocabulary experiment cart balance codes snapshot catalog compile publication request engine quote refund trace host ledger voucherify unsealing"),
];

#[test]
fn rooms_use_only_what_the_table_allows() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut refused = String::new();
    for file in rust_files(&src) {
        let shown = file.strip_prefix(&src).unwrap_or(&file);
        let Some(room) = Room::of(shown) else { continue };
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for path in paths_to_rooms(&text, &room) {
            if let Some(why) = refusal(&room.name, &path.target) {
                writeln!(refused, "src/{}:{}: {why}", shown.display(), path.line).ok();
            }
        }
    }
    assert!(refused.is_empty(), "\n\n{refused}\nWhere the edge is right, add it to ROOMS in tests/layers/main.rs and to the table in ARCHITECTURE.md.\n");
}

#[test]
fn arrows_only_go_up_the_table() {
    for (index, (room, uses)) in ROOMS.iter().enumerate() {
        let above: Vec<&str> = ROOMS.iter().take(index).map(|(room, _)| *room).collect();
        for used in uses.split_whitespace() {
            assert!(above.contains(&used), "`{room}` may use `{used}`, which does not stand above it");
        }
    }
}

#[test]
fn architecture_page_shows_the_table() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md");
    let page = fs::read_to_string(&page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
    let mut table = "| room | may use |\n| --- | --- |\n".to_owned();
    for (room, uses) in ROOMS {
        let uses = if uses.is_empty() { "nothing" } else { uses };
        writeln!(table, "| {room} | {uses} |").ok();
    }
    assert!(
        page.contains(&table),
        "\n\nARCHITECTURE.md must hold this table, as ROOMS in tests/layers/main.rs has it:\n\n{table}"
    );
}

/// Why `room` must not have a path that begins with `target`, if so.
fn refusal(room: &str, target: &str) -> Option<String> {
    let uses = |name: &str| ROOMS.iter().find(|(room, _)| *room == name).map(|(_, uses)| *uses);
    let Some(allowed) = uses(room) else {
        return Some(format!("`{room}` is not in the table of rooms"));
    };
    if uses(target).is_none() {
        return Some(format!("`{target}` is not a room: name the module that has it, as in `crate::money::Amount`"));
    }
    let fits = room == target || allowed.split_whitespace().any(|used| used == target);
    (!fits).then(|| format!("`{room}` must not use `{target}`"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())).flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}
