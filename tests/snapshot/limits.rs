//! docs/limits.md names for every limit what tries it, and that is there.

use std::fs;
use std::path::Path;

const PAGE: &str = include_str!("../../docs/limits.md");

/// The sources and the cases: what could bear a name.
fn sources() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src"), root.join("tests")];
    let mut text = String::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_text = path.extension().is_some_and(|end| ["rs", "json", "mjs"].iter().any(|known| end == *known));
            if path.is_dir() && path.file_name().is_some_and(|name| name != "node_modules") {
                folders.push(path);
            } else if is_text && !path.ends_with("tests/snapshot/limits.rs") {
                text.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    text
}

#[test]
fn every_limit_is_tried_where_it_holds_and_one_above() {
    let sources = sources();
    let rows: Vec<Vec<&str>> = PAGE
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| what"))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    assert!(rows.len() > 25, "only {} limits were read", rows.len());
    for row in rows {
        let [_, _, holds, above] = row[..] else { panic!("{row:?} has not four columns") };
        for name in [holds, above] {
            let name = name.strip_prefix('`').and_then(|name| name.strip_suffix('`')).unwrap();
            let is_named =
                [format!("fn {name}("), format!("\"{name}\""), format!("'{name}"), format!("\"{name}.bin\"")];
            assert!(
                is_named.iter().any(|form| sources.contains(form.as_str())),
                "{row:?}: no test or case is called {name}"
            );
        }
    }
}
